"""Reads sex or category from the name of a sheet: `남` and `여`, `10K` and `5K`. Pure."""

import re
from collections.abc import Sequence

from bibs.roster.entries.entry import Fault
from bibs.roster.entries.ticks import is_distance, is_sex
from bibs.roster.headings import columns_of, header_of
from bibs.roster.table_rows import TableRow
from timing.language import _
from timing.race.spelling import clean, sex_of

AROUND = re.compile(r"[\s_()\-]|참가자|참가|신청|명단|목록|리스트|부문|코스|list|entries", re.IGNORECASE)


def told_by_sheet(file: str, name: str, lines: Sequence[TableRow]) -> tuple[Sequence[TableRow], list[Fault]]:
    """The rows with an additional column for sex or category, if the sheet's name is one and it has no such column."""
    header, word = header_of(lines), AROUND.sub("", clean(name))
    if header is None:
        return lines, []
    for column, fits in (("sex", is_sex), ("category", is_distance)):
        if fits(word) and column not in columns_of(header):
            text = sex_of(word) if column == "sex" else word
            told = Fault(
                file,
                _("the sheet name `{name}` was read as {text}", name=clean(name), text=text),
            )
            return _with_column(lines, header, column, text), [told]
    return lines, []


def _with_column(lines: Sequence[TableRow], header: TableRow, column: str, text: str) -> list[TableRow]:
    end = max(len(line.cells) for line in lines)
    return [
        line.saying(end, f"={column}")
        if line is header
        else line.saying(end, text)
        if line.number > header.number
        else line
        for line in lines
    ]
