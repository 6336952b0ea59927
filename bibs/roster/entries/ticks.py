"""Reads columns whose heading is a value and whose cells are marks: `남` and `여`, `10K` and `5K`, with an `O` per person. Pure."""

import re
from collections.abc import Sequence

from bibs.roster.entries.entry import Fault
from bibs.roster.headings import columns_of, header_of
from bibs.roster.table_rows import TableRow
from timing.language import _
from timing.race.spelling import SEXES, clean, group_key, sex_of

MARK = re.compile(r"[oOvVxX0ㅇ○●◯◎✓✔√☑■1]|yes|y|예", re.IGNORECASE)
NO = re.compile(r"[xX0]")
DISTANCE = re.compile(r"\d+(?:\.\d+)?km|(?:하프|풀|half|full)(?:코스|마라톤|marathon)?|\d+(?:\.\d+)?k?마일")


def ticked(file: str, lines: Sequence[TableRow]) -> tuple[Sequence[TableRow], list[Fault]]:
    """The rows with an additional column for each property that is marked so, if the list has no such column."""
    header, remarks = header_of(lines), []
    for column, word, fits in (("sex", _("sex"), is_sex), ("category", _("category"), is_distance)):
        if header is None or column in columns_of(header):
            continue
        below = [line for line in lines if line.number > header.number]
        places = [at for at, cell in enumerate(header.cells) if fits(cell) and _marks(below, at)]
        if len(places) < 2:
            continue
        headings = ", ".join(clean(header.cells[at]) for at in places)
        lines = _with_column(lines, header, column, places)
        header = header_of(lines)
        remarks.append(Fault(file, _("marks under {headings} were read as {word}", headings=headings, word=word)))
    return lines, remarks


def _with_column(lines: Sequence[TableRow], header: TableRow, column: str, places: Sequence[int]) -> list[TableRow]:
    end = max(len(line.cells) for line in lines)
    named = header.rewritten(dict.fromkeys(places, "=-")).saying(end, f"={column}")
    return [
        named if line is header else _marked(line, header, places, end) if line.number > header.number else line
        for line in lines
    ]


def _marked(line: TableRow, header: TableRow, places: Sequence[int], end: int) -> TableRow:
    said = [clean(header.cells[at]) for at in places if _marked_at(line, at)]
    return line.saying(end, ", ".join(said)) if said else line


def _marked_at(line: TableRow, at: int) -> bool:
    cell = clean(line.cells[at]) if at < len(line.cells) else ""
    return bool(MARK.fullmatch(cell)) and not NO.fullmatch(cell)


def _marks(below: Sequence[TableRow], at: int) -> bool:
    """Whether a column holds marks and nothing else."""
    cells = [clean(line.cells[at]) for line in below if at < len(line.cells)]
    return any(_marked_at(line, at) for line in below) and all(MARK.fullmatch(cell) for cell in cells if cell)


def is_sex(cell: str) -> bool:
    """Whether a text names a sex."""
    return sex_of(cell) in SEXES


def is_distance(cell: str) -> bool:
    """Whether a text is a distance."""
    return bool(DISTANCE.fullmatch(group_key(cell)))
