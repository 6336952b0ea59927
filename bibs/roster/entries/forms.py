"""Reads what office forms have besides the list: running numbers, and a line with the firm. Pure."""

import re
from collections.abc import Sequence

from bibs.roster.entries.entry import Fault
from bibs.roster.headings import COLUMN_OF, HEADER_WITHIN, WEAKLY, bare, columns_of, rank
from bibs.roster.table_rows import TableRow
from timing.language import _
from timing.race.spelling import clean


def counter(rows: Sequence[TableRow], header: TableRow, columns: dict[str, int]) -> bool:
    """Whether the column taken for bibs only numbers the rows: 1, 2, 3 under a weak heading such as `번호`."""
    at = columns.get("bib")
    if at is None or "name" not in columns or rank(header.cells[at]) != WEAKLY:
        return False
    cells = [clean(line.cells[at]) for line in rows if at < len(line.cells)]
    numbers = [int(cell) for cell in cells if re.fullmatch(r"\d{1,6}", cell, re.ASCII)]
    return bool(numbers) and numbers == list(range(1, len(numbers) + 1))


def without_counter(file: str, rows: Sequence[TableRow], header: TableRow) -> tuple[dict[str, int], list[Fault]]:
    """The columns without a bib column that only numbers the rows."""
    columns = columns_of(header)
    if not counter(rows, header, columns):
        return columns, []
    del columns["bib"]
    text = _("the numbers count the rows from 1 and are not taken for bibs (for bibs call the column `bib`)")
    return columns, [Fault(file, text)]


def firm_of_form(file: str, lines: Sequence[TableRow], said: str = "") -> tuple[Sequence[TableRow], list[Fault]]:
    """The firm of a list without that column: as the importer said, or from a line above the list (`회사명: 가산정밀`)."""
    top = [(len(columns_of(line)), at) for at, line in enumerate(lines[:HEADER_WITHIN]) if "name" in columns_of(line)]
    if not top or any("company" in columns_of(lines[at]) for _, at in top):
        return lines, []
    at = max(top, key=lambda found: (found[0], -found[1]))[1]
    firm = said or next((told for line in lines[:at] if (told := _firm_in_form(line))), "")
    if not firm:
        return lines, []
    place = max(len(line.cells) for line in lines)
    below = [line.saying(place, firm) for line in lines[at + 1 :]]
    text = _("no column `company`: everybody is of {firm}", firm=firm)
    return [*lines[:at], lines[at].saying(place, "=company"), *below], [Fault(file, text)]


def _firm_in_form(line: TableRow) -> str:
    cells = [clean(cell) for cell in line.cells]
    for at, cell in enumerate(cells):
        label, colon, value = cell.partition(":")
        if colon and value and COLUMN_OF.get(bare(label)) == "company":
            return value.strip()
        if COLUMN_OF.get(bare(cell)) == "company":
            return next((other for other in cells[at + 1 :] if other), "")
    return ""
