"""What happens when bibs are printed: numbers, spares and marks are recorded, then packet by packet drawn and proved."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date as Date
from pathlib import Path

from bibs.design.symbol import LONGEST_V2, modules
from bibs.drawing.imposition import Output, sheet_for
from bibs.drawing.layout import DEFAULT_NAME, layout_named
from bibs.drawing.layout_checks import advice, checked
from bibs.drawing.lists import draw_index, index_csv
from bibs.drawing.nearest import nearest
from bibs.drawing.sheet import BibFace, FirmPacket, RaceHeader
from bibs.printing.firm_cards import dressed, looks_of, on_the_way
from bibs.printing.numbers import assign_numbers
from bibs.printing.packet import (
    SPARE,
    PrintJob,
    add_to_packet,
    firms_of,
    folder_name,
    refuse_unprintable,
    reprint,
    spares_of,
    write_packet,
)
from bibs.printing.proof import DecoderFactory
from bibs.printing.spare_bibs import draw_spares
from timing.commands.command_line import progress_bar, say
from timing.commands.lookup import wore
from timing.errors import WrongUse
from timing.folder import OpenRace
from timing.language import _, ngettext
from timing.private import for_group
from timing.race.chance import system_bits
from timing.race.codes import Code, bib_url, for_practice, new_code
from timing.race.events import BibAssigned, MarkDrawn, SpareDrawn
from timing.race.firms import FirmCard
from timing.race.fold import Race
from timing.race.known_names import Names
from timing.race.marks import draw_marks

INDEX_FILE = "index.pdf"
SHOWN = 20
INDEX_TABLE = "index.csv"


@dataclass(frozen=True, slots=True)
class PrintOrder:
    """How somebody wants the bibs printed; an empty layout is the one that `race.toml` names."""

    layout: str | None = None
    output: Output = "plain"
    marks: bool = False
    only_new: bool = False
    reprint: tuple[int, ...] = ()
    spares: int = 0
    proof: bool = True


ALL = PrintOrder()


def print_bibs(opened: OpenRace, readers: DecoderFactory, wish: PrintOrder = ALL) -> list[Path]:
    """Number, mark, draw and prove; return the packets' folders, or of a reprint the file.

    Raises:
        NotProved, NotPrintable: a firm's file would not say what it should; the files of the firms before it stand.
        WrongUse: there is nobody to print for, or the layout cannot be used.
    """
    names, cards = opened.names(opened.fold()), opened.directory.cards()
    refuse_unprintable(opened.settings.name)
    text = bib_url(opened.settings.host, new_code())
    looks = looks_of(cards.values(), opened.root, text)
    press = _press(opened, wish, text)
    race = opened.fold() if wish.reprint else _numbered(opened, wish.spares)
    firms = dressed(firms_of(race, names), cards, looks)
    firms += [spares] if (spares := spares_of(race)) else []
    _tell_letters(race, names)
    _tell_withdrawn(race, names)
    if not firms:
        raise WrongUse(_("no entrants yet; first `marathon import FILE`"))
    _advise(opened.settings.host)
    press = replace(press, decoders=readers.decoders(race.office.marks) if wish.proof else None)
    _tell_proof(press)
    root = opened.root / "bibs"
    if wish.reprint:
        return [_reprint(root, firms, press, wish.reprint, race)]
    return _print_packets(root, firms, cards, press, wish.only_new)


def _tell_letters(race: Race, names: Names) -> None:
    """Whose name, firm or team stands on the bib in other letters than its own, because the fonts lack those."""
    runners = [one for one in race.running() if one.bib is not None]
    told = [f"{one.bib} {shown}" for one in runners if (shown := _other(names.people.get(one.id, "")))]
    firms = {one.company: names.companies.get(one.company, "") for one in runners}
    teams = {one.team: names.own_team(one.team) for one in runners if one.team}
    told += [shown for text in (*firms.values(), *teams.values()) if (shown := _other(text))]
    for one in told[:SHOWN]:
        say(_("printed in other letters: {one}", one=one))
    if len(told) > SHOWN:
        say(_("… {count} in all", count=len(told)))


def _other(text: str) -> str:
    """A text and what is printed for it; empty where that is the same."""
    shown = nearest(text)
    return f"{text} → {shown}" if shown != text else ""


def _tell_withdrawn(race: Race, names: Names) -> None:
    """Who withdrew after the bib was numbered: it may lie printed in a packet."""
    gone = [one for one in race.entrants.values() if one.bib is not None and race.ruled(one.id).status == "withdrawn"]
    if gone:
        shown = ", ".join(f"{one.bib} {names.people.get(one.id, '')}".strip() for one in gone[:SHOWN])
        more = f" … +{len(gone) - SHOWN}" if len(gone) > SHOWN else ""
        say(
            ngettext(
                "{n} person withdrew and is not printed; take bibs printed before aside: {shown}{more}",
                "{n} people withdrew and are not printed; take bibs printed before aside: {shown}{more}",
                len(gone),
                shown=shown,
                more=more,
            ),
        )


def _press(opened: OpenRace, wish: PrintOrder, text: str) -> PrintJob:
    """The layout and the sheet that were asked for, looked over before anything is numbered."""
    name = wish.layout or opened.settings.layout or DEFAULT_NAME
    side = len(modules(text))
    layout = checked(layout_named(name, opened.root), side)
    for finding in advice(layout, side):
        say(finding.text)
    sheet = sheet_for(layout, wish.output, wish.marks)
    occasion = RaceHeader(opened.settings.name, opened.settings.host, opened.fold().course_m)
    return PrintJob(occasion, None, layout, name, sheet)


def _numbered(opened: OpenRace, spares: int) -> Race:
    """The race in which everybody has a number, a code and a mark, and so many spares lie ready."""
    desk = opened.log.lineage_head(opened.log.desk)
    before = opened.fold()
    numbers = assign_numbers(before, system_bits)
    supposed, _ = before.supposing(numbers)
    made = draw_spares(supposed, spares, system_bits) if spares else []
    facts: list[BibAssigned | SpareDrawn | MarkDrawn] = [
        *numbers,
        *made,
        *_marks(before, [*numbers, *made], opened.settings.date),
    ]
    if facts:
        opened.log.record(facts, after=desk.seq)
    return opened.fold()


def _marks(race: Race, numbers: Sequence[BibAssigned | SpareDrawn], date: Date | None) -> list[MarkDrawn]:
    """A mark for every code that will be printed and has none; `date` is the race's."""
    codes = [entrant.code for entrant in race.running() if entrant.code]
    codes += [Code(fact.code) for fact in numbers]
    marked = set(race.office.marks.values())
    return draw_marks(
        [code for code in codes if code not in marked], race.office.marks, system_bits, date.year if date else None
    )


def _print_packets(
    root: Path, firms: Sequence[FirmPacket], cards: Mapping[str, FirmCard], press: PrintJob, only_new: bool
) -> list[Path]:
    work = add_to_packet if only_new else write_packet
    with _progress(press, sum(len(firm.bibs) for firm in firms)) as shown:
        done = [(firm, work(root, firm, shown)) for firm in firms]
    folders = [folder for _, folder in done if folder]
    _write_index(root, firms, cards, press.occasion)
    if only_new and not folders:
        say(_("nobody is new; nothing was printed"))
        return []
    runners = [firm for firm in firms if firm.id != SPARE]
    people, spares = sum(len(firm.bibs) for firm in runners), sum(len(firm.bibs) for firm in firms if firm.id == SPARE)
    say(
        _(
            "bibs of {people} people in {count} firms{spares}: {root}",
            people=people,
            count=len(runners),
            spares=ngettext(" and {n} spare", " and {n} spares", spares) if spares else "",
            root=root,
        ),
    )
    return folders


def _write_index(root: Path, firms: Sequence[FirmPacket], cards: Mapping[str, FirmCard], occasion: RaceHeader) -> None:
    ordered = on_the_way([firm for firm in firms if firm.id != SPARE], cards)
    ordered += [firm for firm in firms if firm.id == SPARE]
    draw_index(root / INDEX_FILE, ordered, occasion)
    table = index_csv(ordered, [folder_name(firm) for firm in ordered])
    (root / INDEX_TABLE).write_text(table, encoding="utf-8", newline="")
    for_group(root / INDEX_FILE)
    for_group(root / INDEX_TABLE)


def _reprint(root: Path, firms: Sequence[FirmPacket], press: PrintJob, numbers: Sequence[int], race: Race) -> Path:
    known = {bib.number: (firm, bib) for firm in firms for bib in firm.bibs}
    _refuse_nobodys([number for number in numbers if number not in known], race)
    bibs: list[tuple[FirmPacket, BibFace]] = [known[number] for number in numbers]
    file = reprint(root, bibs, press)
    say(_("the reprint: {file}", file=file))
    return file


def _refuse_nobodys(numbers: Sequence[int], race: Race) -> None:
    """A bib that was replaced has no wearer any more; whoever lost it is named by the bib worn now."""
    now = {number: former.bib for number in numbers if (former := wore(race, number))}
    if now:
        told = ", ".join(f"{old} → {new}" for old, new in now.items())
        raise WrongUse(
            _(
                "these bibs were replaced: {told}; reprint the current ones instead: --reprint {str}",
                told=told,
                str=",".join(map(str, now.values())),
            ),
        )
    withdrawn = [number for number in numbers if race.by_bib(number)]
    if withdrawn:
        told = ", ".join(map(str, withdrawn))
        raise WrongUse(_("bib {told}: who wore it withdrew", told=told))
    if numbers:
        told = ", ".join(map(str, numbers))
        raise WrongUse(_("bib {told} is not assigned yet", told=told))


@contextmanager
def _progress(press: PrintJob, bibs: int) -> Iterator[PrintJob]:
    """The press with a bar that moves with every bib, drawn and proved."""
    passes = 2 if press.decoders else 1
    with progress_bar(length=bibs * passes, label=str(_("bibs")), update_min_steps=20) as bar:
        yield replace(press, progress=bar.update)
        bar.update(bar.length or 0)


def _tell_proof(press: PrintJob) -> None:
    if press.decoders is None:
        say(
            _(
                "!! PRINTING WITHOUT PROOF (--no-proof): a wrong QR or name goes unseen; run `marathon bibs proof FILE` !!"
            ),
        )
    elif press.decoders.second is None:
        say(
            _("the second decoder (zbar) is missing: proved with one only; install libzbar0 and pyzbar"),
        )


def _advise(host: str) -> None:
    length = len(bib_url(host, new_code()))
    if length > LONGEST_V2:
        say(
            _(
                "the QR's text has {length} characters; with at most {longest_v2} it reads from farther (host in race.toml)",
                length=length,
                longest_v2=LONGEST_V2,
            ),
        )
    if for_practice(host):
        say(
            _("{host} is a practice host that no phone can open; set host in race.toml before printing", host=host),
        )
