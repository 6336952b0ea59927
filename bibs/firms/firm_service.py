"""Changes of a firm: its name, and its card, whose texts are checked and whose design is tried before it is kept."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from bibs.design.colours import colour_of
from bibs.design.logo import Logo, read_logo
from bibs.design.qr_style import LOGOS, QrStyle, look_of
from bibs.design.symbol import modules
from bibs.drawing.canvas import missing_glyphs
from bibs.firms.qr_acceptance import Decoders, DesignRefused, advice, refusals, trial_texts, unreadable, write_preview
from bibs.printing.manifest import packets
from timing.errors import Unreachable, WrongUse
from timing.folder import OpenRace
from timing.language import Text, _
from timing.race.firms import PLACE_MOST, PLAIN, Design, FirmCard, Shape, checked_text
from timing.race.known_names import Names
from timing.race.spelling import company_key
from timing.replacing import must_write


@dataclass(frozen=True, slots=True)
class DesignRequest:
    """A requested change of a card; None leaves a field as it is."""

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


@dataclass(frozen=True, slots=True)
class CardChange:
    """A card before and after a change, and what its organiser should know."""

    name: str
    """The firm's."""
    before: FirmCard
    card: FirmCard
    trial: "DesignTrial | None"
    """None where no design was tried."""
    printed: Sequence[int]
    """Bibs on paper in the design of before, where it is another now."""


@dataclass(frozen=True, slots=True)
class DesignTrial:
    """A design that both decoders have read."""

    advice: Sequence[Text]
    modules: int
    """Modules a side: a logo asks for a stronger code, and that for more and smaller modules."""
    usual_modules: int
    """Modules a side of the code without a logo."""


def trial_lines(trial: DesignTrial) -> Iterator[Text]:
    """What a trial told."""
    yield _("both decoders read the design")
    yield from trial.advice
    if trial.modules > trial.usual_modules:
        yield _(
            "for its logo the code needs {ours} modules a side instead of {usual} and reads from {value} percent of the distance",
            ours=trial.modules,
            usual=trial.usual_modules,
            value=100 * trial.usual_modules // trial.modules,
        )


def rename_firm(opened: OpenRace, company: str, name: str) -> str:
    """Give a firm another name, and return the former one, under which lists still come in for it.

    Raises:
        WrongUse: the name is empty, or another firm's, now or formerly.
    """
    names = opened.directory.names()
    if not name:
        raise WrongUse(_("the name is empty"))
    _refuse_another_firm_s(names, company, name)
    before = names.companies[company]
    opened.directory.keep(Names(companies={company: name}, former={before: company}))
    return before


def _refuse_another_firm_s(names: Names, company: str, name: str) -> None:
    called = [*((called, one) for one, called in names.companies.items()), *names.former.items()]
    other = next(
        (one for before, one in called if company_key(before) == company_key(name) and one != company), company
    )
    if other != company and company_key(names.companies.get(other, "")) != company_key(name):
        now = names.companies.get(other, other)
        raise WrongUse(
            _(
                "{name} was the name of {now}, and lists under it come in for {now}; choose another name",
                name=name,
                now=now,
            ),
        )
    if other != company:
        raise WrongUse(
            _(
                "there is a firm {name} already; if they are one, `marathon rule merge {company} {other}`",
                name=name,
                company=company,
                other=other,
            ),
        )


def preview_design(opened: OpenRace, company: str, asked: DesignRequest, path: Path) -> None:
    """Write a picture of the firm's QR in the design asked for, accepted or not.

    Raises:
        WrongUse, Unreachable: the design cannot be drawn, or the file not be written.
    """
    look = _look(opened.root, _card(opened, company).design, asked)
    with must_write(path):
        write_preview(path, look, trial_texts(opened.settings.host)[0])


def change_card(
    opened: OpenRace,
    company: str,
    asked: DesignRequest,
    decoders: Callable[[], Decoders],
    beside: Callable[[Connection], object] | None = None,
) -> CardChange:
    """Check the texts, try the design where needed, and keep the card; `beside` writes in the same transaction.

    Raises:
        WrongUse, Unreachable: something asked for cannot be.
        DesignRefused: the design would not be read at the line; the card stays as it was.
    """
    look = _look(opened.root, _card(opened, company).design, asked)
    tried = asked.design or not (asked.texts or asked.preview)
    design, trial = _accepted(look, opened.settings.host, decoders) if tried else (look.design, None)
    before = _card(opened, company)  # a captain may have written while the design was tried
    card = _with_texts(before, asked)
    if tried:
        card = _with_logo(opened.root, replace(card, design=design), look.logo)
    if card != before:
        opened.directory.keep_card(card, beside)
    name = opened.directory.names().companies.get(company, company)
    redrawn = _drawn(card.design) != _drawn(before.design)
    return CardChange(name, before, card, trial, _printed(opened.root, company) if redrawn else ())


def _card(opened: OpenRace, company: str) -> FirmCard:
    return opened.directory.cards().get(company, FirmCard(company))


def _drawn(design: Design) -> Design:
    """A design as it is drawn, accepted or not."""
    return msgspec.structs.replace(design, accepted="")


def _printed(root: Path, company: str) -> list[int]:
    """The firm's bibs on paper, which keep the look they were printed in."""
    return [bib.number for _, printed in packets(root / "bibs") if printed.firm == company for bib in printed.bibs]


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
    missing = missing_glyphs(text)
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


def _accepted(look: QrStyle, host: str, decoders: Callable[[], Decoders]) -> tuple[Design, DesignTrial | None]:
    """The design once it has been read, with its trial; one that was accepted already is not tried again."""
    text = trial_texts(host)[0]
    if look.accepted(text):
        return look.design, None
    if found := list(refusals(look.design)) or list(unreadable(look, host, decoders())):
        raise DesignRefused(found)
    trial = DesignTrial(list(advice(look.design)), len(look.modules(text)), len(modules(text)))
    return msgspec.structs.replace(look.design, accepted=look.digest(text)), trial


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
