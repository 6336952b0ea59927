"""CSV for spreadsheets: UTF-8 with a BOM, or CP949 for older programs, without a cell that a spreadsheet would run as a formula.

A character that CP949 lacks is replaced by the nearest one, and reported.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from timing.language import NOTHING, Text, _
from timing.printed.spreadsheet_text import BOM, csv_table

Encoding = Literal["utf-8", "cp949"]
Rows = Sequence[Mapping[str, str]]
STAND_IN = "?"


class Misfit(NamedTuple):
    """A character that CP949 lacks: in which line of the file (the header is line 1) and column, and what stands instead."""

    character: str
    instead: str
    line: int
    column: str
    text: str


def csv_text(columns: Sequence[str], rows: Rows) -> str:
    """The file with a BOM; a cell that a spreadsheet would take for a formula becomes text."""
    return BOM + _written(columns, rows)


def records_csv(columns: Sequence[str], records: Iterable[object]) -> bytes:
    """The attributes of records as a UTF-8 file, a column each; None is empty, of a list the items are parted by spaces."""
    rows = [{column: _cell(getattr(record, column)) for column in columns} for record in records]
    return csv_text(columns, rows).encode("utf-8", "replace")


def _cell(value: object) -> str:
    if isinstance(value, list):
        return " ".join(_cell(one) or "*" for one in value)
    return "" if value is None else str(value)


def csv_bytes(columns: Sequence[str], rows: Rows, encoding: Encoding) -> tuple[bytes, list[Misfit]]:
    """The file's bytes, and the characters that its encoding lacks."""
    if encoding == "utf-8":
        return csv_text(columns, rows).encode("utf-8", "replace"), []
    misfits = list(_misfits(columns, rows))
    fitting = [{column: fitted(cell) for column, cell in row.items()} for row in rows]
    return _written([fitted(column) for column in columns], fitting).encode("cp949"), misfits


def misfit_lines(file: str, misfits: Sequence[Misfit]) -> Iterator[Text]:
    """Each character that CP949 lacks in a text, with where it stands first and what stands instead."""
    found: dict[tuple[str, str], list[Misfit]] = {}
    for misfit in misfits:
        found.setdefault((misfit.text, misfit.character), []).append(misfit)
    for (text, character), places in found.items():
        first, lines = places[0], len({misfit.line for misfit in places})
        sign = f"{character} (U+{ord(character):04X})"
        more = _(", and {lines} more", lines=lines - 1) if lines > 1 else NOTHING
        yield _(
            "{file} line {line}{more}, {column} {text!r}: {sign} is not in CP949; written as {instead!r}",
            line=first.line,
            more=more,
            text=text,
            instead=first.instead,
            file=file,
            column=first.column,
            sign=sign,
        )


def fitted(text: str) -> str:
    """The text in characters that CP949 has.

    >>> fitted("김하늘"), fitted("Café 똠방"), fitted("한빛 🏃")
    ('김하늘', 'Cafe 똠방', '한빛 ?')
    """
    text = unicodedata.normalize("NFC", text)
    return text if _fits(text) else "".join(map(_nearest, text))


def _written(columns: Sequence[str], rows: Rows) -> str:
    return csv_table(columns, ([row[column] for column in columns] for row in rows))


def _misfits(columns: Sequence[str], rows: Rows) -> Iterator[Misfit]:
    for line, row in enumerate(rows, 2):
        for column in columns:
            text = unicodedata.normalize("NFC", row[column])
            if not _fits(text):
                yield from (Misfit(one, _nearest(one), line, column, text) for one in text if not _fits(one))


def _nearest(character: str) -> str:
    """The character itself, else its plain letters, else a question mark."""
    if _fits(character):
        return character
    plain = "".join(one for one in unicodedata.normalize("NFKD", character) if not unicodedata.combining(one))
    return plain if plain and _fits(plain) else STAND_IN


def _fits(text: str) -> bool:
    try:
        text.encode("cp949")
    except UnicodeEncodeError:
        return False
    return True
