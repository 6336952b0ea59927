"""Reads a text whose cells stand between commas, semicolons, tabs or bars. Pure."""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence

from bibs.roster.headings import column_of
from bibs.roster.table_rows import TableRow, Unreadable, filled
from timing.language import _

TOP = 15  # lines that tell the delimiter
MOST_TOP = 100_000  # characters of it
SIGNS = ",;\t|"
SAID = re.compile(r'"?sep=(.)"?\s*(?:\n|\r)', re.IGNORECASE)
"""The first line that Excel writes and understands; not a row."""


def delimited(text: str) -> list[TableRow]:
    """The rows of the text, with their numbers of cells.

    Raises:
        Unreadable: a quote is misplaced, or swallows rows; names row and column.
    """
    delimiter = delimiter_of(text)
    records = _records(text, delimiter)
    if SAID.match(text):
        records[0] = []
    _refuse_swallowed(records, delimiter)
    lines = filled(records)
    for line in lines:
        line.width = len(records[line.number - 1])
    return lines


def delimiter_of(text: str) -> str:
    """The delimiter by which most headings are known; else the one in most of the first lines."""
    if said := SAID.match(text):
        return said[1]
    top = text[:MOST_TOP].splitlines()[:TOP]

    def score(sign: str) -> tuple[int, int, int]:
        headings = max((sum(bool(column_of(cell.strip('" '))) for cell in line.split(sign)) for line in top), default=0)
        return headings, sum(sign in line for line in top), sum(line.count(sign) for line in top)

    return max(SIGNS, key=score)


def _records(text: str, delimiter: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records: list[list[str]] = []
    begun = 0
    try:
        for record in reader:
            records.append(record)
            begun = reader.line_num
    except csv.Error as failure:
        rest = "".join(io.StringIO(text, newline="").readlines()[begun:])
        row, column = len(records) + 1, _open_quote(rest, delimiter)
        raise Unreadable(
            _("row {row}, column {column}: a quote is not closed or misplaced", row=row, column=column),
        ) from failure
    return records


def _open_quote(text: str, delimiter: str) -> int:
    """The cell of the first record in which a quote is misplaced, counted from 1."""
    column, quoted, at = 1, False, 0
    while at < len(text):
        sign, following = text[at], text[at + 1 : at + 2]
        if quoted and sign == '"' and following == '"':
            at += 1
        elif quoted and sign == '"' and following not in ("", delimiter, "\r", "\n"):
            return column
        elif sign == '"':
            quoted = not quoted and (at == 0 or text[at - 1] == delimiter)
        elif sign == delimiter and not quoted:
            column += 1
        at += 1
    return column


def _refuse_swallowed(records: Sequence[Sequence[str]], delimiter: str) -> None:
    """Refuse a cell that swallowed whole rows because of a stray quote."""
    usual = Counter(map(len, records)).most_common(1)[0][0] if records else 0
    if usual < 3:
        return
    for row, record in enumerate(records, 1):
        for column, cell in enumerate(record, 1):
            if "\n" in cell and any(part.count(delimiter) >= usual - 1 for part in cell.splitlines()):
                raise Unreadable(
                    _(
                        "row {row}, column {column}: a quote swallows the rows that follow; correct it",
                        row=row,
                        column=column,
                    ),
                )
