"""The formatting of a sheet's cells, from any file format, and its application to the rows. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from bibs.roster.table_rows import MAX_ROWS, SourceSheet, TableRow, too_large

Place = tuple[int, int]
"""Row from 1 and column from 0."""


@dataclass(slots=True)
class Appearance:
    """The formatting of one sheet's cells."""

    formats: dict[Place, str] = field(default_factory=dict)
    """The code of every number format that is the file's own."""
    errors: dict[Place, str] = field(default_factory=dict)
    struck: set[Place] = field(default_factory=set)
    partly: set[Place] = field(default_factory=set)
    """Where only a part of the text is struck through."""
    uncalculated: list[Place] = field(default_factory=list)
    merged: list[tuple[int, int, int]] = field(default_factory=list)
    """First row, last row and column of each block of cells merged downwards."""
    hidden_rows: set[int] = field(default_factory=set)


def dressed(lines: list[TableRow], look: Appearance) -> SourceSheet:
    """The rows with their formatting applied."""
    by_number = {line.number: line for line in lines}
    for row, columns in _by_row(look.uncalculated).items():
        by_number.setdefault(row, TableRow(row, [])).uncalculated += columns
    for row, columns in _by_row(look.struck).items():
        if row in by_number:
            by_number[row].struck += columns
    for row, columns in _by_row(look.partly - look.struck).items():
        if row in by_number:
            by_number[row].partly += columns
    for first, last, column in look.merged:
        _fill(by_number, first, last, column)
    if len(by_number) > MAX_ROWS:
        raise too_large()
    kept = [by_number[number] for number in sorted(by_number)]
    return SourceSheet(kept, hidden_rows=[line.number for line in kept if line.number in look.hidden_rows])


def _by_row(places: Iterable[Place]) -> dict[int, list[int]]:
    found = defaultdict(list)
    for row, column in sorted(places):
        found[row].append(column)
    return found


def _fill(lines: dict[int, TableRow], first: int, last: int, column: int) -> None:
    """Copy the value of a cell that is merged downwards into the rows below."""
    above = lines.get(first)
    if above is None or column >= len(above.cells) or not above.cells[column]:
        return
    for number in range(first + 1, min(last, max(lines)) + 1):
        line = lines.get(number)
        if line is not None and (column >= len(line.cells) or not line.cells[column]):
            lines[number] = line.saying(column, above.cells[column])
