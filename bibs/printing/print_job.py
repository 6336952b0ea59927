"""Printing bibs: numbers, spares and marks are recorded, then each firm's packet is drawn and proved."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date as Date
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path

from bibs.design.symbol import LONGEST_V2, modules
from bibs.drawing.imposition import Output, sheet_for
from bibs.drawing.layout import DEFAULT_NAME, layout_named
from bibs.drawing.layout_checks import advice, checked
from bibs.drawing.lists import draw_index, index_csv
from bibs.drawing.nearest import nearest
from bibs.drawing.sheet import BibFace, FirmPacket, Progress, RaceHeader, silent
from bibs.printing.firm_cards import dressed, looks_of, on_the_way
from bibs.printing.manifest import Proved
from bibs.printing.numbers import assign_numbers
from bibs.printing.packet import (
    SPARE,
    PrintJob,
    add_to_packet,
    firms_of,
    folder_name,
    print_single,
    refuse_unprintable,
    spares_of,
    write_packet,
)
from bibs.printing.proof import DecoderFactory
from bibs.printing.spare_bibs import draw_spares, unworn
from timing.errors import RaceError, WrongUse
from timing.folder import OpenRace
from timing.language import Text, _, ngettext
from timing.log import Moved
from timing.private import FOLDER, for_group
from timing.race.chance import system_bits
from timing.race.codes import Code, bib_url, for_practice, new_code
from timing.race.events import BibAssigned, BibsPrinted, MarkDrawn, Role, SpareDrawn
from timing.race.firms import FirmCard
from timing.race.fold import Race
from timing.race.known_names import Names
from timing.race.lookup import wore
from timing.race.marks import draw_marks

INDEX_FILE = "index.pdf"
SHOWN = 20
EACH_FACT = 10_000
"""Codes that one fact takes."""
INDEX_TABLE = "index.csv"


@dataclass(frozen=True, slots=True)
class PrintOrder:
    """How somebody wants the bibs printed; an empty layout is the one that `race.toml` names.

    `firms` are the ids of those whose packets are printed, `SPARE` for the spares'; none chosen means all. Whoever orders it is `by`, in
    this `role`.
    """

    layout: str | None = None
    output: Output = "plain"
    marks: bool = False
    only_new: bool = False
    reprint: tuple[int, ...] = ()
    firms: tuple[str, ...] = ()
    spares: int = 0
    proof: bool = True
    by: str = ""
    role: Role = "director"


ALL = PrintOrder()

Keep = Callable[[Iterable[BibFace]], None]
"""Hears of bibs whose file stands."""

Begin = Callable[[int, Sequence[Text]], Progress]
"""Hears at the beginning how many steps there will be at most, and what the organiser should know before paper is used; gives
what is told of each step."""


class PrintingAlready(RaceError):
    """One print of a race at a time: two would write over each other's packets."""


@dataclass(frozen=True, slots=True)
class PrintResult:
    """The packets' folders, or of a reprint the file; what to say of them, what was remarked before, how it was proved, and how many bibs
    were drawn."""

    paths: tuple[Path, ...]
    summary: Text
    remarks: tuple[Text, ...]
    proved: Proved
    bibs: int


def print_bibs(
    opened: OpenRace, readers: DecoderFactory, order: PrintOrder = ALL, begin: Begin = lambda steps, remarks: silent
) -> PrintResult:
    """Give everybody a number, a code and a mark (a reprint gives no numbers), then draw and prove, packet by packet.

    The log says which bibs are printed as soon as their file stands.

    Raises:
        PrintingAlready: another print of this race is under way.
        NotPrintable: the race's name cannot be drawn, or a text of a bib.
        NotProved: a firm's file would not say what it should; the files of the firms before it stand.
        WrongUse: there is nobody to print for, the layout cannot be used, or a bib to reprint is nobody's.
    """
    root = opened.root / "bibs"
    with _alone(root):
        run = _prepared(opened, readers, order)
        count = sum(len(firm.bibs) for firm in run.firms)
        steps = (len(order.reprint) or count) * (2 if run.job.decoders else 1)
        progress, drawn = begin(steps, run.remarks), 0

        def count_up(more: int) -> None:
            nonlocal drawn
            drawn += more
            progress(more)

        def keep(bibs: Iterable[BibFace]) -> None:
            _keep_printed(opened, run.race, order, bibs)

        paths, summary = run.print(root, order, count_up, keep)
    return PrintResult(paths, summary, run.remarks, run.job.told("").proved, drawn // (2 if run.job.decoders else 1))


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """A lock between threads and processes, on the folder of the packets."""
    root.mkdir(exist_ok=True, mode=FOLDER)
    lock = os.open(root, os.O_RDONLY)
    try:
        flock(lock, LOCK_EX | LOCK_NB)
        yield
    except BlockingIOError as held:
        raise PrintingAlready(_("bibs are being printed just now; wait until that is done")) from held
    finally:
        os.close(lock)


@dataclass(frozen=True, slots=True)
class _PrintRun:
    """Everything numbered and laid out, ready to be drawn and proved; `firms` are those to print, `everybody` those that there are."""

    job: PrintJob
    firms: Sequence[FirmPacket]
    everybody: Sequence[FirmPacket]
    cards: Mapping[str, FirmCard]
    race: Race
    remarks: tuple[Text, ...]

    def print(self, root: Path, order: PrintOrder, progress: Progress, keep: Keep) -> tuple[tuple[Path, ...], Text]:
        """The folders, or of a reprint the file, and what to say of them; `keep` hears what stands."""
        job = replace(self.job, progress=progress)
        if order.reprint:
            bibs = _wanted(self.everybody, order.reprint, self.race)
            again = any(bib.code in self.race.office.printed for _firm, bib in bibs)
            file = print_single(root, bibs, job, again)
            keep(bib for _firm, bib in bibs)
            return (file,), _("the reprint: {file}", file=file) if again else _("the bibs: {file}", file=file)
        folders = []
        for firm in self.firms:
            folder = add_to_packet(root, firm, job, self.race.office.printed) if order.only_new else write_packet(root, firm, job)  # fmt: skip
            keep(firm.bibs)
            folders += [folder] if folder else []
        there = [firm for firm in self.everybody if (root / folder_name(firm)).is_dir()]
        _write_index(root, there, self.cards, job.occasion)
        if order.only_new and not folders:
            return (), _("nobody is new; nothing was printed")
        return tuple(folders), _summary(root, self.firms)


def _prepared(opened: OpenRace, readers: DecoderFactory, order: PrintOrder) -> _PrintRun:
    names, cards = opened.names(opened.fold()), opened.directory.cards()
    refuse_unprintable(opened.settings.name)
    text = bib_url(opened.settings.host, new_code())
    looks = looks_of(cards.values(), opened.root, text)
    job, hints = _job(opened, order, text)
    race = _numbered(opened, order)
    everybody = dressed(firms_of(race, names), cards, looks)
    everybody += [spares] if (spares := spares_of(race)) else []
    firms = [firm for firm in everybody if not order.firms or firm.id in order.firms or (order.spares and firm.spare)]
    if not firms:
        raise WrongUse(
            _("nobody of these firms is registered")
            if everybody
            else _("no entrants yet; first `marathon import FILE`")
        )
    job = replace(job, decoders=readers.decoders(race.office.marks) if order.proof else None)
    remarks = (
        *hints,
        *_other_letters(race, names),
        *_withdrawn(race, names),
        *_host_remarks(opened.settings.host),
        *_proof_remarks(job),
    )
    return _PrintRun(job, firms, everybody, cards, race, remarks)


def _other_letters(race: Race, names: Names) -> Iterator[Text]:
    """Whose name, firm or team stands on the bib in other letters than its own, because the fonts lack those."""
    runners = [one for one in race.running() if one.bib is not None]
    told = [f"{one.bib} {shown}" for one in runners if (shown := _other(names.people.get(one.id, "")))]
    firms = {one.company: names.companies.get(one.company, "") for one in runners}
    teams = {one.team: names.own_team(one.team) for one in runners if one.team}
    told += [shown for text in (*firms.values(), *teams.values()) if (shown := _other(text))]
    for one in told[:SHOWN]:
        yield _("printed in other letters: {one}", one=one)
    if len(told) > SHOWN:
        yield _("… {count} in all", count=len(told))


def _other(text: str) -> str:
    """A text and what is printed for it; empty where that is the same."""
    shown = nearest(text)
    return f"{text} → {shown}" if shown != text else ""


def _withdrawn(race: Race, names: Names) -> Iterator[Text]:
    """Who withdrew after the bib was numbered: it may lie printed in a packet."""
    gone = [one for one in race.entrants.values() if one.bib is not None and race.ruled(one.id).status == "withdrawn"]
    if gone:
        shown = ", ".join(f"{one.bib} {names.people.get(one.id, '')}".strip() for one in gone[:SHOWN])
        more = f" … +{len(gone) - SHOWN}" if len(gone) > SHOWN else ""
        yield ngettext(
            "{n} person withdrew and is not printed; take bibs printed before aside: {shown}{more}",
            "{n} people withdrew and are not printed; take bibs printed before aside: {shown}{more}",
            len(gone),
            shown=shown,
            more=more,
        )


def _job(opened: OpenRace, order: PrintOrder, text: str) -> tuple[PrintJob, list[Text]]:
    """The layout and the sheet that were asked for, checked before anything is numbered, with what is advised about them."""
    name = order.layout or opened.settings.layout or DEFAULT_NAME
    side = len(modules(text))
    layout = checked(layout_named(name, opened.root), side)
    hints = [finding.text for finding in advice(layout, side)]
    sheet = sheet_for(layout, order.output, order.marks)
    occasion = RaceHeader(opened.settings.name, opened.settings.host, opened.fold().course_m)
    return PrintJob(occasion, None, layout, name, sheet), hints


def _numbered(opened: OpenRace, order: PrintOrder) -> Race:
    """The race in which everybody has a number, a code and a mark, and so many spares lie ready; made again if others were quicker.

    A reprint gives no numbers, but a mark to whoever was numbered at the counter and never printed.
    """
    while True:
        desk = opened.log.lineage_head(opened.log.desk)
        before = opened.fold()
        numbers = [] if order.reprint else assign_numbers(before, system_bits)
        supposed, _ = before.supposing(numbers)
        made = draw_spares(supposed, order.spares, system_bits) if order.spares and not order.reprint else []
        facts: list[BibAssigned | SpareDrawn | MarkDrawn] = [
            *numbers,
            *made,
            *_marks(supposed, made, opened.settings.date, order),
        ]
        with suppress(Moved):
            if facts:
                opened.log.record(facts, after=desk.seq)
            return opened.fold()


def _marks(race: Race, spares: Sequence[SpareDrawn], date: Date | None, order: PrintOrder) -> list[MarkDrawn]:
    """A mark for every code that will be printed and has none, and for no other.

    `date` is the race's.
    """

    def wanted(bib: int | None, firm: str) -> bool:
        return bib in order.reprint if order.reprint else not order.firms or firm in order.firms

    codes = [one.code for one in race.running() if one.code and wanted(one.bib, one.company)]
    lying = (number for number in unworn(race) if order.spares or wanted(number, SPARE))
    codes += [*(race.office.spares[number] for number in lying), *(Code(fact.code) for fact in spares)]
    marked = set(race.office.marks.values())
    return draw_marks(
        [code for code in codes if code not in marked], race.office.marks, system_bits, date.year if date else None
    )


def _summary(root: Path, firms: Sequence[FirmPacket]) -> Text:
    runners = [firm for firm in firms if firm.id != SPARE]
    people, spares = sum(len(firm.bibs) for firm in runners), sum(len(firm.bibs) for firm in firms if firm.id == SPARE)
    return _(
        "bibs of {people} people in {count} firms{spares}: {root}",
        people=people,
        count=len(runners),
        spares=ngettext(" and {n} spare", " and {n} spares", spares) if spares else "",
        root=root,
    )


def _write_index(root: Path, firms: Sequence[FirmPacket], cards: Mapping[str, FirmCard], occasion: RaceHeader) -> None:
    ordered = on_the_way([firm for firm in firms if firm.id != SPARE], cards)
    ordered += [firm for firm in firms if firm.id == SPARE]
    draw_index(root / INDEX_FILE, ordered, occasion)
    table = index_csv(ordered, [folder_name(firm) for firm in ordered])
    (root / INDEX_TABLE).write_text(table, encoding="utf-8", newline="")
    for_group(root / INDEX_FILE)
    for_group(root / INDEX_TABLE)


def _wanted(firms: Sequence[FirmPacket], numbers: Sequence[int], race: Race) -> list[tuple[FirmPacket, BibFace]]:
    """The bibs with these numbers.

    Raises:
        WrongUse: one is nobody's.
    """
    known = {bib.number: (firm, bib) for firm in firms for bib in firm.bibs}
    _refuse_nobodys([number for number in numbers if number not in known], race)
    return [known[number] for number in numbers]


def _keep_printed(opened: OpenRace, race: Race, order: PrintOrder, bibs: Iterable[BibFace]) -> None:
    """Say in the log which of these bibs are on paper now and were not before."""
    new = [bib.code for bib in bibs if bib.code not in race.office.printed]
    parts = [new[at : at + EACH_FACT] for at in range(0, len(new), EACH_FACT)]
    if parts:
        opened.log.record([BibsPrinted(tuple(part), order.by, role=order.role) for part in parts])


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


def _proof_remarks(job: PrintJob) -> Iterator[Text]:
    if job.decoders is None:
        yield _(
            "!! PRINTING WITHOUT PROOF (--no-proof): a wrong QR or name goes unseen; run `marathon bibs proof FILE` !!"
        )
    elif job.decoders.second is None:
        yield _("the second decoder (zbar) is missing: proved with one only; install libzbar0 and pyzbar")


def _host_remarks(host: str) -> Iterator[Text]:
    length = len(bib_url(host, new_code()))
    if length > LONGEST_V2:
        yield _(
            "the QR's text has {length} characters; with at most {longest_v2} it reads from farther (host in race.toml)",
            length=length,
            longest_v2=LONGEST_V2,
        )
    if for_practice(host):
        yield _("{host} is a practice host that no phone can open; set host in race.toml before printing", host=host)
