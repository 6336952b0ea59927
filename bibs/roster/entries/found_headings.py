"""How each heading of a file was understood, so that the importer can correct it. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bibs.roster.entries.name_parts import part_of
from bibs.roster.entries.read_entries import lists_people, prepared
from bibs.roster.entries.resident import holds_resident_number
from bibs.roster.entries.wishes import NOTHING, Wishes
from bibs.roster.headings import HEADER_WITHIN, bare, column_of, columns_of, header_of, personal
from bibs.roster.table_rows import SourceSheet, TableRow
from timing.race.spelling import clean


@dataclass(frozen=True, slots=True)
class FoundHeading:
    """A heading of a file: the column read from it (empty: none), and the column that the importer said it is."""

    text: str
    column: str
    said: str = ""
    example: str = ""
    """The first value below it; empty for personal data that is not needed."""


def found_headings(sheets: Sequence[SourceSheet], wishes: Wishes = NOTHING) -> list[FoundHeading]:
    """The headings of the sheets that hold a roster, else of the first one; each once."""
    shown = [sheet for sheet in sheets if sheet.lines and not sheet.hidden]
    listing = [sheet for sheet in shown if lists_people(sheet.lines, wishes)] or shown[:1]
    found: dict[str, FoundHeading] = {}
    for sheet in listing:
        for heading in _headings(sheet, wishes):
            found.setdefault(bare(heading.text), heading)
    return [*found.values()]


def _headings(sheet: SourceSheet, wishes: Wishes) -> Iterator[FoundHeading]:
    lines = prepared("", sheet.lines, wishes)[0]
    top = [line for line in lines[:HEADER_WITHIN] if line.number in {one.number for one in sheet.lines}]
    header = header_of(lines) or max(top, key=_likeness)
    raw = next((line for line in sheet.lines if line.number == header.number), header)
    below = next((line.cells for line in sheet.lines if line.number > raw.number), [])
    read = set(columns_of(header).values())
    said = {bare(heading): column for heading, column in wishes.columns.items()}
    for at, cell in enumerate(raw.cells):
        text = clean(cell)
        if not text or holds_resident_number(text):
            continue
        part = bool(part_of(cell)) and header.cells[at] == "=-"
        column = "name" if part else column_of(header.cells[at]) if at in read else ""
        private = column == "born" or text in personal(header) or (at < len(below) and holds_resident_number(below[at]))
        example = clean(below[at]) if at < len(below) and not private else ""
        yield FoundHeading(text, column, said.get(bare(text), ""), example)


def _likeness(line: TableRow) -> tuple[int, int, int]:
    """How much a row looks like a header: by the columns that it names, then by how many texts it holds; the upper one first."""
    return len(columns_of(line)), sum(any(sign.isalpha() for sign in cell) for cell in line.cells), -line.number
