"""Resolves ditto marks, which repeat the cell above. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence

from bibs.roster.entries.entry import Fault
from bibs.roster.table_rows import TableRow, ranges
from timing.language import _
from timing.race.spelling import clean

DITTO = re.compile(
    r"[〃″\"'’”“`´,]{1,2}|:?(?:상동|위와 ?(?:같음|동일)|위 ?동일|〃동일|동상)|ditto|do\.|same(?: as above)?",
    re.IGNORECASE,
)
SHARED = ("company", "team", "joint_team", "category", "sex", "wave", "building", "floor")


def without_dittos(
    file: str, people: Sequence[TableRow], columns: Mapping[str, int]
) -> tuple[Sequence[TableRow], list[Fault]]:
    """The rows with ditto marks replaced by the cell above, in columns whose values people share; and the numbers of these rows."""
    above: dict[int, str] = {}
    read, given = [], []
    for line in people:
        filled = _filled(line, [columns[column] for column in SHARED if column in columns], above)
        given += [line.number] if filled is not line else []
        read.append(filled)
    if not given:
        return people, []
    rows = ranges(given)
    return read, [Fault(file, _("rows {rows}: a ditto mark is the cell above", rows=rows))]


def _filled(line: TableRow, places: Iterable[int], above: dict[int, str]) -> TableRow:
    for at in places:
        cell = clean(line.cells[at]) if at < len(line.cells) else ""
        if above.get(at) and DITTO.fullmatch(cell):
            line = line.saying(at, above[at])
        elif cell:
            above[at] = cell
    return line
