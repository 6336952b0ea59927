"""What the office asks of the bibs' room about a firm's colour and logo, which the server hands to it."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from timing.folder import OpenRace
from timing.language import Text
from timing.race.firms import Design, FirmCard


class NewLook(NamedTuple):
    """What is asked for; of `kept` a look that the firm had before, with all of it."""

    colour: str = ""
    """As `#RRGGBB`; empty leaves it as it is."""
    logo: tuple[str, bytes] | None = None
    """The name and the bytes of a file that was uploaded."""
    without_logo: bool = False
    in_code: bool = False
    """Whether the logo stands in the middle of the QR too, and not beside the firm's name alone."""
    kept: Design | None = None


class ChangedLook(NamedTuple):
    """The look of before, which may be asked for again, what to know of the new one, and how many bibs lie printed in the old one."""

    before: Design
    notes: Sequence[Text]
    printed: int


class FirmLooks(NamedTuple):
    """The doors."""

    change: Callable[[OpenRace, str, NewLook, Callable[[Connection], object]], ChangedLook]
    """Tries the look of a company with the race's decoders and keeps it; RaceError where it cannot be or would not be read."""
    draw: Callable[[FirmCard, str], str]
    """As `results.view.view.Drawing`: a text's QR in the firm's look, of the empty text its badge; an `<svg>`."""
