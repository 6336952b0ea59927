"""Tables for spreadsheets as CSV with a BOM, without a cell that a spreadsheet would run as a formula. Pure."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Final

BOM: Final = "\ufeff"
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def harmless(cell: str) -> str:
    """A cell that starts as a formula does begins with an apostrophe instead; numbers stay as they are.

    >>> harmless("=1+1"), harmless("-3.5"), harmless("가산")
    ("'=1+1", '-3.5', '가산')
    """
    return "'" + cell if cell.startswith(FORMULA_STARTS) and not NUMBER.fullmatch(cell) else cell


def csv_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A head and rows of cells, without the BOM."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(head)
    writer.writerows(map(harmless, row) for row in rows)
    return file.getvalue()
