"""Fills in a firm that is written once above its people. Pure."""

from collections.abc import Sequence
from itertools import pairwise

from bibs.roster.entries.entry import Fault
from bibs.roster.entries.resident import holds_resident_number, is_resident_number
from bibs.roster.table_rows import TableRow, ranges
from timing.language import _
from timing.race.spelling import clean


def firms_from_above(
    file: str, people: Sequence[TableRow], columns: dict[str, int]
) -> tuple[Sequence[TableRow], Sequence[Fault]]:
    """The rows with the firm that is written once above them.

    Where it is written row by row an empty cell is a mistake; then nothing is filled in.
    """
    at = columns["company"]
    alone = _alone(people, at)
    written = [clean(line.cells[at]) if at < len(line.cells) else "" for line in people]
    own = [firm if at not in line.merged else "" for firm, line in zip(written, people, strict=True)]
    if any(one and one == other for one, other in pairwise(own)):
        return people, []
    above, filled, given = "", [], []
    named = ["" if is_resident_number(firm) or holds_resident_number(firm) else firm for firm in written]
    for firm, line in zip(named, people, strict=True):
        above = firm or above
        empty = not line.cells[at:] or not clean(line.cells[at])
        takes = bool(above) and empty and line.number not in alone
        filled.append(line.saying(at, above) if takes else line)
        given += [line.number] if takes else []
    rows = ranges(given)
    text = _("rows {rows}: an empty firm is the one above", rows=rows)
    return filled, [Fault(file, text)] if given else []


def _alone(people: Sequence[TableRow], at: int) -> set[int]:
    """The numbers of rows with a single cell where those with a firm have three and more: no people of the firm above, but the end of a file."""
    own = {
        line.number: [place for place, cell in enumerate(line.cells) if cell and place not in line.merged]
        for line in people
    }
    heads = [len(places) for places in own.values() if at in places]
    return {number for number, places in own.items() if len(places) == 1} if heads and min(heads) >= 3 else set()
