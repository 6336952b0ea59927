"""A firm's card: the address of its packet, its link and text on result pages, and the design of its QR. Pure."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal
from urllib.parse import urlsplit

from msgspec import Struct

from timing.errors import WrongUse
from timing.language import Text, _

BLURB_MOST: Final = 200
LINK_MOST: Final = 300
PLACE_MOST: Final = 60
BLACK: Final = "#000000"
WHITE: Final = "#FFFFFF"
LOGO_PERCENT: Final = 20

Shape = Literal["square", "rounded", "circle"]
"""Of the QR's modules; the three finder patterns stay square."""


class Design(Struct, frozen=True, omit_defaults=True):
    """The look of a firm's QR; colours as `#RRGGBB`."""

    colour: str = BLACK
    ground: str = WHITE
    shape: Shape = "square"
    logo: str = ""
    """The file's name in the race folder's `logos`."""
    logo_percent: int = LOGO_PERCENT
    """Of the symbol's width; 0 where it stands beside the firm's name alone."""
    accepted: str = ""
    """The digest of what was tried and may be printed: this design, its logo's bytes, the symbol's size."""

    @property
    def plain(self) -> bool:
        """Whether this is the plain black code, which needs no readability test."""
        plain = (self.colour, self.ground, self.shape) == (BLACK, WHITE, "square")
        return plain and not (self.logo and self.logo_percent)


PLAIN: Final = Design()


@dataclass(frozen=True, slots=True)
class FirmCard:
    """One firm's card; the log holds none of it."""

    company: str
    building: str = ""
    floor: str = ""
    link: str = ""
    blurb: str = ""
    approved: bool = False
    """Whether the organiser looked at link and blurb; until then nobody else sees them."""
    design: Design = PLAIN

    @property
    def place(self) -> str:
        """The address of the packet."""
        return f"{self.building} {self.floor}".strip()

    @property
    def way(self) -> tuple[bool, str, int, str]:
        """A sort key by building and floor (numeric, basements first); cards without a place come last."""
        told = re.search(r"(지하|B|-)?\s*(\d+)", self.floor, re.IGNORECASE)
        level = int(told[2]) * (-1 if told[1] else 1) if told else 0
        return not self.place, self.building, level, self.floor

    @property
    def public_link(self) -> str:
        """The approved link; empty if it does not pass the checks of an entry."""
        return self.link if self.approved and _stands(checked_link, self.link) else ""

    @property
    def public_blurb(self) -> str:
        return self.blurb if self.approved and _stands(checked_blurb, self.blurb) else ""

    def changed(self, link: str | None = None, blurb: str | None = None) -> "FirmCard":
        """The card with another link or blurb; an approval holds only for what was approved.

        Raises:
            WrongUse: it is no https link, or longer than may be, or holds characters that do not print.
        """
        new = replace(
            self,
            link=self.link if link is None else checked_link(link),
            blurb=self.blurb if blurb is None else checked_blurb(blurb),
        )
        same = (new.link, new.blurb) == (self.link, self.blurb)
        return replace(new, approved=self.approved and same)

    def judged(self, approved: bool) -> "FirmCard":
        """The card after the organiser looked at link and blurb."""
        return replace(self, approved=approved)


def checked_text(what: Text, text: str, most: int) -> str:
    """One line of text, composed and trimmed.

    Raises:
        WrongUse: longer than `most` characters, or with characters that steer the output instead of printing.
    """
    text = " ".join(unicodedata.normalize("NFC", text).split())
    if len(text) > most:
        raise WrongUse(
            _("the {what} has {count} characters, at most {most} are allowed", what=what, count=len(text), most=most),
        )
    # Besides control characters these are marks of writing direction, which turn the words around them, and half surrogates.
    steering = [
        letter for letter in text if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co") and letter != "\u200d"
    ]
    if steering:
        shown = " ".join(sorted({f"U+{ord(letter):04X}" for letter in steering}))
        raise WrongUse(
            _("the {what} holds invisible characters ({shown}); take them out", what=what, shown=shown),
        )
    return text


def checked_blurb(text: str) -> str:
    """A firm's few words.

    Raises:
        WrongUse: as `checked_text`.
    """
    return checked_text(_("blurb"), text, BLURB_MOST)


def _stands(check: Callable[[str], str], text: str) -> bool:
    try:
        return check(text) == text
    except WrongUse:
        return False


def checked_link(text: str) -> str:
    """A link that a stranger's phone may open: https, a host with a name, no credentials. Empty stays empty.

    Raises:
        WrongUse: it is anything else.
    """
    text = checked_text(_("link"), text, LINK_MOST)
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        parts.port  # noqa: B018  (reading it checks it)
    except ValueError:
        parts, host = urlsplit(""), ""
    named = "." in host.strip(".") and not any(letter in host for letter in "%_[]")
    if parts.scheme != "https" or not named or "@" in parts.netloc or any(letter in text for letter in " \\<>\"'`"):
        raise WrongUse(
            _(
                "{text!r} is no link we can show; write https://firm.example/page, without a user name or spaces",
                text=text,
            ),
        )
    return text
