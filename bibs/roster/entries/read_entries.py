"""Reads the sheets of a file as one roster, in which every row becomes an entry or is reported. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bibs.roster.entries.cancelled import cancelled, sheet_of_cancelled
from bibs.roster.entries.copies import copied
from bibs.roster.entries.ditto import without_dittos
from bibs.roster.entries.doubts import doubt
from bibs.roster.entries.entry import Entries, Entry, Fault, SkippedRow, entry_of, repeated_bibs, where_of
from bibs.roster.entries.firms_above import firms_from_above
from bibs.roster.entries.forms import firm_of_form, without_counter
from bibs.roster.entries.header_faults import no_roster
from bibs.roster.entries.ragged import ragged
from bibs.roster.entries.remarks import odd_rows, read_past, seen, taken_all_the_same, unread_sheet
from bibs.roster.entries.replaced import changed_elsewhere, merged_names
from bibs.roster.entries.resident import resident_numbers
from bibs.roster.entries.rivals import named_elsewhere, settled
from bibs.roster.entries.sheet_names import told_by_sheet
from bibs.roster.entries.skipped_rows import LAST, begins_another_list, why_skipped
from bibs.roster.entries.split_names import joined_names
from bibs.roster.entries.ticks import ticked
from bibs.roster.entries.wishes import NOTHING, Wishes
from bibs.roster.headings import columns_of, header_of, mapped, unread
from bibs.roster.table_rows import SourceSheet, TableRow
from timing.language import Text, _
from timing.race.spelling import clean

Gone = Mapping[Text, Sequence[int]]
"""The numbers of rows that look cancelled, by what says so."""


def read_book(file: str, sheets: Sequence[SourceSheet], wishes: Wishes = NOTHING) -> Entries:
    """All sheets of a file; those without a roster are reported, if at least one has one."""
    shown = [sheet for sheet in sheets if sheet.lines and not sheet.hidden]
    listing = [sheet for sheet in shown if lists_people(sheet.lines, wishes)] or shown[:1] or [SourceSheet([])]
    read, people = Entries(), list[tuple[str, Sequence[Entry]]]()
    for sheet in listing:
        place = _place(file, sheet) if len(listing) > 1 else file
        one = read_roster(place, sheet, wishes)
        people.append((place, one.entries))
        read += one + Entries(remarks=tuple(seen(place, sheet)))
    for sheet in sheets:
        if sheet.lines and sheet not in listing:
            place = _place(file, sheet)
            read += Entries(faults=tuple(resident_numbers(place, sheet.lines)), remarks=(unread_sheet(place, sheet),))
    return replace(read, faults=(*read.faults, *(repeated_bibs(read.entries) or copied(people))))


def read_roster(file: str, sheet: SourceSheet, wishes: Wishes = NOTHING) -> Entries:
    """Turn a sheet's rows into entries; every row below the header becomes an entry, a fault or an aside."""
    raw = {line.number: line for line in sheet.lines}
    lines, remarks, half = prepared(file, sheet.lines, wishes)
    lines, named = told_by_sheet(file, sheet.name, lines)
    remarks = [*remarks, *named]
    header = header_of(lines)
    resident = {fault.where: fault for fault in resident_numbers(file, lines, header)}
    if wrong := no_roster(file, lines, header, wishes, raw) or half:
        return Entries(faults=(*resident.values(), wrong))
    assert header is not None
    rows = [line for line in lines if line.number > header.number]
    columns, counting = without_counter(file, rows, header)
    told = _List(file, header, rows, columns, raw, sheet)
    return Entries(faults=tuple(resident.values()), remarks=(*remarks, *read_past(file, header), *counting)) + _people(
        told, resident, wishes
    )


@dataclass(frozen=True, slots=True)
class _List:
    """A sheet whose header is known."""

    file: str
    header: TableRow
    rows: Sequence[TableRow]
    columns: dict[str, int]
    """Those that are read."""
    raw: Mapping[int, TableRow]
    """The rows of the file by number."""
    sheet: SourceSheet


def _people(told: _List, resident: Mapping[str, Fault], wishes: Wishes) -> Entries:
    """The content of the rows below the header; those with resident numbers are faults already."""
    file, columns = told.file, told.columns
    skipped_rows, people = _without_skipped(told, resident)
    people, dittos = without_dittos(file, people, columns)
    people, contradictions = settled(file, told.header, people)
    people, elsewhere = named_elsewhere(file, told.header, people)
    gone = sheet_of_cancelled(clean(told.sheet.name), people) or cancelled(people, columns, _statuses(told))
    if wishes.skip_cancelled:
        left_out, people = _without_cancelled(file, people, gone)
        skipped_rows, gone = [*skipped_rows, *left_out], {}
    misplaced = _misplaced(told, people)
    certain, doubted = _doubts(told, people)
    people, inherited = firms_from_above(file, people, columns)
    named = {*resident, *(fault.where for fault in misplaced)}
    read = [entry_of(file, columns, line, wishes.keep_dates) for line in people if where_of(file, line) not in named]
    raw = [told.raw[line.number] for line in people]
    odd = odd_rows(file, told.raw[told.header.number], raw, columns, told.sheet.encoding)
    return Entries(
        tuple(row for row in read if isinstance(row, Entry)),
        (*contradictions, *misplaced, *certain, *(row for row in read if isinstance(row, Fault))),
        tuple(skipped_rows),
        (*dittos, *elsewhere, *inherited, *taken_all_the_same(file, gone), *doubted, *odd),
    )


def prepared(
    file: str, lines: Sequence[TableRow], wishes: Wishes
) -> tuple[Sequence[TableRow], list[Fault], Fault | None]:
    """The rows after mapping headings, joining names and filling in the firm."""
    lines, joined, half = joined_names(file, mapped(lines, wishes.columns))
    lines, marks = ticked(file, lines)
    lines, remarks = firm_of_form(file, lines, wishes.firm)
    return lines, [*joined, *marks, *remarks], half


def _without_skipped(told: _List, resident: Mapping[str, Fault]) -> tuple[list[SkippedRow], Sequence[TableRow]]:
    """The skipped rows, each with its reason, and the others. An end mark counts only if no person follows: 이상 is a name too."""
    heads = columns_of(told.header)
    why = {
        line.number: reason
        for line in told.rows
        if where_of(told.file, line) not in resident and (reason := why_skipped(line, told.columns, heads))
    }
    last = max((line.number for line in told.rows if line.number not in why), default=0)
    why = {number: reason for number, reason in why.items() if reason != LAST or number > last}
    skipped_rows = [SkippedRow(told.file, line.number, why[line.number]) for line in told.rows if line.number in why]
    return skipped_rows, [line for line in told.rows if line.number not in why]


def _without_cancelled(
    file: str, people: Sequence[TableRow], gone: Gone
) -> tuple[list[SkippedRow], Sequence[TableRow]]:
    """The rows that look cancelled, each with its reason, and the others."""
    why = {number: said for said, numbers in gone.items() for number in numbers}
    left = [(line, why[line.number]) for line in people if line.number in why]
    told = [SkippedRow(file, line.number, _("cancelled ({text})", text=text)) for line, text in left]
    return told, [line for line in people if line.number not in why]


def _statuses(told: _List) -> dict[int, str]:
    """The columns that may contain a cancellation: those that are not read otherwise, and those that group people."""
    mine = [told.columns[column] for column in ("category", "wave") if column in told.columns]
    widest = max((len(line.cells) for line in told.rows), default=0)
    headless = [at for at in range(widest) if not clean("".join(told.header.cells[at : at + 1]))]
    return {
        at: clean("".join(told.header.cells[at : at + 1])) for at in sorted({*unread(told.header), *mine, *headless})
    }


def _misplaced(told: _List, people: Sequence[TableRow]) -> list[Fault]:
    """Rows whose cells do not stand under their headings."""
    raw = [told.raw[line.number] for line in people]
    return [
        *ragged(told.file, told.raw[told.header.number], raw, told.columns["company"]),
        *_other_lists(told.file, people),
        *merged_names(told.file, told.columns.get("name"), raw),
        *changed_elsewhere(told.file, told.header, people),
    ]


def _doubts(told: _List, people: Sequence[TableRow]) -> tuple[list[Fault], list[Fault]]:
    """A fault where the text is surely in another encoding, a remark where it may be."""
    doubted = doubt(told.header, people, told.columns) if told.sheet.encoding else None
    if not doubted:
        return [], []
    certain, text = doubted
    fault = Fault(told.file, text)
    return ([fault], []) if certain else ([], [fault])


def _other_lists(file: str, people: Sequence[TableRow]) -> Iterable[Fault]:
    for line in people:
        if begins_another_list(line):
            text = _("another list with other columns begins here; put it on a sheet or into a file of its own")
            yield Fault(where_of(file, line), text)


def lists_people(lines: Sequence[TableRow], wishes: Wishes) -> bool:
    """Whether a sheet has the columns of a roster."""
    header = header_of(prepared("", lines, wishes)[0])
    return header is not None and bool(columns_of(header).keys() & {"name", "bib"})


def _place(file: str, sheet: SourceSheet) -> str:
    return f"{file} [{clean(sheet.name)}]"
