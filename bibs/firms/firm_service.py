"""What happens when a firm's card is changed: its texts are checked, its design is tried, and only then it is kept."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from bibs.design.colours import colour_of
from bibs.design.logo import Logo, read_logo
from bibs.design.qr_style import LOGOS, QrStyle, look_of
from bibs.design.symbol import modules
from bibs.drawing.canvas import lacking
from bibs.firms.qr_acceptance import Decoders, DesignRefused, advice, refusals, trial_texts, unreadable, write_preview
from bibs.printing.manifest import packets
from timing.errors import Unreachable, WrongUse
from timing.folder import OpenRace
from timing.language import _, ngettext
from timing.race.firms import PLACE_MOST, PLAIN, Design, FirmCard, Shape, checked_text
from timing.terminal.output import say

NEAR_SHOWN = 5


@dataclass(frozen=True, slots=True)
class DesignRequest:
    """What somebody wants changed on a card; None leaves it as it is."""

    building: str | None = None
    floor: str | None = None
    link: str | None = None
    blurb: str | None = None
    approve: bool = False
    colour: str | None = None
    ground: str | None = None
    shape: Shape | None = None
    logo: Path | None = None
    logo_percent: int | None = None
    no_logo: bool = False
    plain: bool = False
    preview: Path | None = None

    @property
    def texts(self) -> bool:
        return self.approve or any(text is not None for text in (self.building, self.floor, self.link, self.blurb))

    @property
    def design(self) -> bool:
        looks = (self.colour, self.ground, self.shape, self.logo, self.logo_percent)
        return self.plain or self.no_logo or any(look is not None for look in looks)


def change_card(opened: OpenRace, company: str, asked: DesignRequest, decoders: Callable[[], Decoders]) -> FirmCard:
    """Check, try the design where needed, and keep.

    Raises:
        WrongUse, Unreachable: something asked for cannot be.
        DesignRefused: the design would not be read at the line; the card stays as it was.
    """
    before = opened.directory.cards().get(company, FirmCard(company))
    card = _with_texts(before, asked)
    look = _look(opened.root, before.design, asked)
    host = opened.settings.host
    if asked.preview:
        _preview(asked.preview, look, trial_texts(host)[0])
    if asked.design or not (asked.texts or asked.preview):
        card = replace(card, design=_accepted(look, host, decoders))
        card = _with_logo(opened.root, card, look.logo)
    if card != before:
        opened.directory.keep_card(card)
        name = opened.directory.names().companies.get(company, company)
        say(_("the card of {name} was changed", name=name))
    if _drawn(card.design) != _drawn(before.design):
        _tell_printed(opened.root, company)
    if asked.texts:
        _tell_approval(before, card)
    return card


def _drawn(design: Design) -> Design:
    """A design as it is drawn, accepted or not."""
    return msgspec.structs.replace(design, accepted="")


def _tell_printed(root: Path, company: str) -> None:
    """Bibs on paper keep the look they were printed in."""
    bibs = [bib.number for _, printed in packets(root / "bibs") if printed.firm == company for bib in printed.bibs]
    if not bibs:
        return
    some = ",".join(map(str, bibs[:NEAR_SHOWN])) + (",..." if len(bibs) > NEAR_SHOWN else "")
    say(
        ngettext(
            "⚠ {n} bib is printed in the old design; `marathon bibs`, with the options of then, prints all again, `marathon bibs --reprint {some}` these",
            "⚠ {n} bibs are printed in the old design; `marathon bibs`, with the options of then, prints all again, `marathon bibs --reprint {some}` these",
            len(bibs),
            some=some,
        ),
    )


def _with_texts(card: FirmCard, asked: DesignRequest) -> FirmCard:
    new = card.changed(asked.link, asked.blurb)
    if asked.building is not None:
        new = replace(new, building=_printable(checked_text(_("building"), asked.building, PLACE_MOST)))
    if asked.floor is not None:
        new = replace(new, floor=_printable(checked_text(_("floor"), asked.floor, PLACE_MOST)))
    if asked.approve and not (new.link or new.blurb):
        raise WrongUse(_("nothing to approve; add --link or --blurb"))
    return replace(new, approved=new.approved or asked.approve)


def _printable(text: str) -> str:
    missing = lacking(text)
    if missing:
        shown = " ".join(f"{character!r}" for character in sorted(missing))
        raise WrongUse(_("the fonts cannot draw {shown} in {text!r}", shown=shown, text=text))
    return text


def _look(root: Path, before: Design, asked: DesignRequest) -> QrStyle:
    """The look asked for, with the logo's file read."""
    if not asked.design:
        return look_of(before, root)
    design = PLAIN if asked.plain else _drawn(before)
    told_new = {
        "colour": asked.colour and colour_of(asked.colour),
        "ground": asked.ground and colour_of(asked.ground),
        "shape": asked.shape,
        "logo_percent": asked.logo_percent,
        "logo": "" if asked.no_logo else asked.logo and asked.logo.name,
    }
    design = msgspec.structs.replace(design, **{key: told for key, told in told_new.items() if told is not None})
    logo = read_logo(asked.logo) if asked.logo and not asked.no_logo else look_of(design, root).logo
    return QrStyle(design, logo)


def _preview(path: Path, look: QrStyle, text: str) -> None:
    try:
        write_preview(path, look, text)
    except OSError as failure:
        raise Unreachable(_("cannot write {path}: {failure}", path=path, failure=failure)) from failure
    say(_("preview: {path}", path=path))


def _accepted(look: QrStyle, host: str, decoders: Callable[[], Decoders]) -> Design:
    """The design, once it has been read; one that was accepted already is not tried again."""
    text = trial_texts(host)[0]
    if look.accepted(text):
        return look.design
    if found := list(refusals(look.design)) or list(unreadable(look, host, decoders())):
        raise DesignRefused(found)
    say(_("both decoders read the design"))
    for one in advice(look.design):
        say(one)
    _tell_distance(look, text)
    return msgspec.structs.replace(look.design, accepted=look.digest(text))


def _tell_distance(look: QrStyle, text: str) -> None:
    """A logo asks for a stronger code, a stronger code for more modules, and those are smaller."""
    ours, usual = len(look.modules(text)), len(modules(text))
    if ours > usual:
        say(
            _(
                "for its logo the code needs {ours} modules a side instead of {usual} and reads from {value} percent of the distance",
                ours=ours,
                usual=usual,
                value=100 * usual // ours,
            ),
        )


def _with_logo(root: Path, card: FirmCard, logo: Logo | None) -> FirmCard:
    """Keep the logo's file beside the race, under a name of its own, so that the one before stays until the card is kept."""
    if not logo:
        return card
    name = f"{card.company}-{logo.sha256[:12]}{logo.suffix}"
    try:
        (root / LOGOS).mkdir(exist_ok=True)
        (root / LOGOS / name).write_bytes(logo.data)
    except OSError as failure:
        raise Unreachable(_("cannot keep the logo: {failure}", failure=failure)) from failure
    return replace(card, design=msgspec.structs.replace(card.design, logo=name))


def _tell_approval(before: FirmCard, card: FirmCard) -> None:
    if not (card.link or card.blurb):
        return
    if card.approved:
        shown = "  ".join(filter(None, (card.link, card.blurb)))  # a captain may have changed them a moment ago
        say(_("link and blurb are approved and shown: {shown}", shown=shown))
        return
    if before.approved:
        say(
            _(
                "link and blurb are shown only once they are approved again: marathon firm set {company} --approve",
                company=card.company,
            )
        )
    else:
        say(
            _(
                "link and blurb are shown only once they are approved: marathon firm set {company} --approve",
                company=card.company,
            )
        )
