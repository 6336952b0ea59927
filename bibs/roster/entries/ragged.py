"""Finds rows with more or fewer cells than the header: an unquoted comma, a line broken in two. Pure."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from bibs.roster.entries.entry import Fault, where_of
from bibs.roster.table_rows import TableRow
from timing.language import _
from timing.race.spelling import clean, company_key

LONGER = _("more cells than columns; put cells with a comma into quotes")
TORN = _("a line that seems torn in two; put a cell with a line break into quotes")


def ragged(file: str, header: TableRow, rows: Sequence[TableRow], company: int) -> list[Fault]:
    """A fault for each row of a text file whose cells are not under their headings.

    `rows` are those below the header that should be people, `company` is the index of their firms.
    """
    if not header.width:
        return []
    long = [line for line in rows if len(line.cells) > header.width or _shifted(line, header, rows)]
    faults = [Fault(where_of(file, line), LONGER) for line in long]
    return faults + [Fault(where_of(file, line), TORN) for line in _torn(header, rows, company)]


def without_heading(header: TableRow, rows: Iterable[TableRow]) -> list[int]:
    """The numbers of rows with a cell under no heading."""
    return [
        line.number for line in rows if any(line.cells[at : at + 1] and line.cells[at] for at in _unnamed(header, line))
    ]


def short(header: TableRow, rows: Sequence[TableRow]) -> list[int]:
    """The numbers of rows with fewer cells than the header, where most rows have as many."""
    fewer = [line.number for line in rows if line.width < header.width]
    return fewer if 2 * len(fewer) <= len(rows) else []


def _unnamed(header: TableRow, line: TableRow) -> list[int]:
    return [
        at for at in range(len(line.cells)) if at not in line.merged and not clean("".join(header.cells[at : at + 1]))
    ]


def _shifted(line: TableRow, header: TableRow, rows: Sequence[TableRow]) -> bool:
    """Whether a row is shifted by one: a cell without a heading has a value that other rows have in the last column."""
    last = len(header.cells) - 1
    beyond = [cell for cell in line.cells[last + 1 :] if cell]
    return bool(beyond) and any(row.cells[last] == beyond[-1] for row in rows if len(row.cells) == last + 1)


def _torn(header: TableRow, rows: Sequence[TableRow], company: int) -> list[TableRow]:
    """The two halves of each broken line, if all other rows are complete."""
    whole = [line for line in rows if line.width >= header.width]
    firms = {company_key(line.cells[company]) for line in whole if company < len(line.cells)}
    halves: list[TableRow] = []
    for one, other in pairwise(rows):
        fits = one.number + 1 == other.number and one.width + other.width - 1 == header.width
        known = company < len(other.cells) and company_key(other.cells[company]) in firms
        if fits and not known and max(one.width, other.width) < header.width:
            halves += [one, other]
    fewer = [line for line in rows if line.width < header.width]
    return halves if whole and len(halves) == len(fewer) and header.width > 2 else []
