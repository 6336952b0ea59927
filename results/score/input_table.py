"""One CSV file of a race timed elsewhere: cells by the name of their column, and errors that name file, row and column."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import islice, zip_longest
from pathlib import Path
from unicodedata import normalize

from timing.errors import Unreachable, WrongUse
from timing.language import Text, _
from timing.race.instants import MILLISECOND, Instant, Span, instant
from timing.race.spelling import clean, unwrapped

MOST_MS = 4 * 10**12  # longer than any race, and short enough to stay an instant of the log beside any gun
MOST_DIGITS = 18
SHOWN = 40
SEPARATORS = ",;\t"


@dataclass(frozen=True, slots=True)
class InputRow:
    """One row; `row` counts as spreadsheets do, the header being row 1."""

    file: Path
    row: int
    cells: dict[str, str]

    def wrong(self, column: str, text: Text) -> WrongUse:
        return wrong_cell(self.file, self.row, column, text)

    def text(self, column: str) -> str:
        """The cell without invisible characters; empty where the column or the cell is missing."""
        return self.cells.get(column, "")

    def bib(self, column: str = "bib") -> int:
        """A bib: a whole number; leading zeros mean nothing.

        Raises:
            WrongUse: it is none.
        """
        return self.bib_in(column, self.text(column))

    def bib_in(self, column: str, text: str) -> int:
        """As `bib`, for one of several in a cell."""
        if not _is_whole(text):
            raise self.wrong(column, _("{text} is no bib (a whole number)", text=shown(text)))
        return int(text)

    def span(self, column: str) -> Span:
        """A number of milliseconds, to the nearest microsecond.

        Raises:
            WrongUse: it is no number, or beyond any race.
        """
        text = self.text(column)
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_nan() or "_" in text or not -MOST_MS <= number <= MOST_MS:
            raise self.wrong(column, _("{text} is no number of milliseconds", text=shown(text)))
        return Span(int((number * MILLISECOND).to_integral_value()))

    def instant(self, column: str) -> Instant:
        """An instant in ISO 8601.

        Raises:
            WrongUse: it is none, or has no UTC offset.
        """
        text = self.text(column)
        try:
            return instant(text)
        except ValueError as wrong:
            raise self.wrong(
                column,
                _(
                    "{text} is no ISO 8601 instant with a UTC offset (such as 2026-09-03T14:00:00+09:00)",
                    text=shown(text),
                ),
            ) from wrong

    def people(self, column: str) -> int:
        """A number of people; 0 where the cell is empty. Spreadsheets write it as 320.0 when other cells are empty.

        Raises:
            WrongUse: it is none.
        """
        text = self.text(column)
        whole = text.removesuffix(".0") or "0"
        if not _is_whole(whole):
            raise self.wrong(column, _("{text} is no number of people", text=shown(text)))
        return int(whole)


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS


def shown(text: str) -> str:
    """A cell in an error message: quoted, on one line, shortened."""
    return repr(text if len(text) <= SHOWN else f"{text[:SHOWN]}…")


def wrong_cell(file: Path, row: int, column: str, text: Text) -> WrongUse:
    """The error that names file, row and column."""
    return WrongUse(_("{file} row {row}, column {column}: {text}", file=file, row=row, column=column, text=text))


def text_of(file: Path) -> str:
    """The file's text: UTF-8 with or without a BOM, Hangul composed (macOS takes it apart), so that equal names are equal.

    Raises:
        Unreachable: it cannot be opened, or is no UTF-8.
    """
    try:
        return normalize("NFC", file.read_bytes().decode("utf-8-sig"))
    except OSError as failure:
        reason = failure.strerror or str(failure)
        raise Unreachable(_("cannot read {file}: {reason}", file=file, reason=reason)) from failure
    except UnicodeDecodeError as failure:
        raise Unreachable(
            _("{file} is no UTF-8 text; save it as UTF-8 (in Excel: CSV UTF-8)", file=file),
        ) from failure


def lines(file: Path, needed: Sequence[str]) -> Iterator[InputRow]:
    """The rows below the header, blank ones left out; columns nobody needs are there too. `t_ms|at`: one of the two is needed.

    Cells may be parted by semicolons or tabs too, as spreadsheets of many countries write them.

    Raises:
        Unreachable: as `text_of`.
        WrongUse: a needed column is missing or there twice, a row has cells beyond the header, or it is no CSV.
    """
    text = text_of(file)
    first = 1 + text.startswith("sep=")  # a line by which spreadsheets tell each other the separator
    rows = islice(_rows(file, text, _separator(text.split("\n", first)[first - 1], needed)), first - 1, None)
    columns = _columns(file, next(rows, []), needed)
    for number, row in enumerate(rows, first + 1):
        cells = [unwrapped(clean(cell)) for cell in row]
        if any(cells[len(columns) :]):
            raise WrongUse(
                _(
                    "{file} row {number}: more cells than columns; put cells with a comma into quotes",
                    file=file,
                    number=number,
                ),
            )
        if any(cells):
            yield InputRow(file, number, dict(zip_longest(columns, cells[: len(columns)], fillvalue="")))


def _separator(header: str, needed: Sequence[str]) -> str:
    """The separator by which the header has most of the needed columns; the comma where all have as many."""
    return min(SEPARATORS, key=lambda one: len(_missing([_name(cell) for cell in header.split(one)], needed)))


def _name(cell: str) -> str:
    return clean(cell.strip().strip('"')).casefold()


def _missing(columns: Sequence[str], needed: Sequence[str]) -> list[str]:
    """The needed columns that are not there."""
    return [column for column in needed if not any(name in columns for name in column.split("|"))]


def _rows(file: Path, text: str, separator: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        yield from reader
    except csv.Error as failure:
        at = reader.line_num
        raise WrongUse(_("{file} line {at} is no CSV: {failure}", file=file, at=at, failure=failure)) from failure


def _columns(file: Path, header: Sequence[str], needed: Sequence[str]) -> list[str]:
    """The columns' names; empty for a column without one."""
    columns = [_name(cell) for cell in header]
    for column in _missing(columns, needed):
        raise wrong_cell(file, 1, column.partition("|")[0], _("this column is missing"))
    for column in filter(None, columns):
        if columns.count(column) > 1:
            raise wrong_cell(file, 1, column, _("this column is there twice"))
    return columns
