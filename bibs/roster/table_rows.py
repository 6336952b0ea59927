"""A spreadsheet of any format as sheets of rows of text, with limits to its size. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from timing.language import Text, _
from timing.race.spelling import unwrapped

MAX_BYTES = 5_000_000
MAX_UNPACKED_BYTES = 50_000_000
MAX_ROWS = 20_000
MAX_COLUMNS = 64
LAST_ROW = 1_048_576  # that a spreadsheet has; rows that only bear a format may go so far


class Unreadable(Exception):
    """A file is no spreadsheet that we read; says why, and never holds anything of the file's content."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


def too_large() -> Unreadable:
    return Unreadable(_("more than {max_rows} rows, {max_columns} columns", max_rows=MAX_ROWS, max_columns=MAX_COLUMNS))


def locked() -> Unreadable:
    return Unreadable(_("a workbook protected by a password; save it without"))


@dataclass(slots=True)
class TableRow:
    """One row: its number in the file, counted from 1, and its cells as text."""

    number: int
    cells: list[str]
    merged: list[int] = field(default_factory=list)
    """The indices of cells that are empty themselves and show the cell above, with which they are merged."""
    uncalculated: list[int] = field(default_factory=list)
    """The indices of formulas without a calculated value."""
    struck: list[int] = field(default_factory=list)
    """The indices of cells that are struck through."""
    partly: list[int] = field(default_factory=list)
    """The indices of cells of which a part is."""
    width: int = field(default=0, compare=False)
    """How many cells the row has in a text file, empty ones at its end too; 0 where rows are as wide as the sheet."""

    def saying(self, at: int, text: str) -> "TableRow":
        """The same row with values that a cell shows and does not hold."""
        cells = [*self.cells, *[""] * (at + 1 - len(self.cells))]
        cells[at] = text
        return replace(self, cells=cells, merged=[*self.merged, at])

    def rewritten(self, texts: Mapping[int, str]) -> "TableRow":
        """The same row with other texts in cells that it has."""
        return replace(self, cells=[texts.get(at, cell) for at, cell in enumerate(self.cells)]) if texts else self


@dataclass(slots=True)
class SourceSheet:
    """Every row of a sheet that holds anything; a CSV file is one sheet without a name."""

    lines: list[TableRow]
    name: str = ""
    hidden: bool = False
    hidden_rows: list[int] = field(default_factory=list)
    encoding: str = ""
    """By which a text file was read where nothing but its bytes told it."""
    plain: bool = False
    """A kind of file that tells us only values: not what is hidden, struck through or shown by a number format."""


def filled(rows: Iterable[Iterable[str]]) -> list[TableRow]:
    """Number the rows and leave the empty ones out.

    Raises:
        Unreadable: there are more rows or columns than a roster has.
    """
    found = []
    for line in _numbered(rows):
        too_far = line.number > (MAX_ROWS if line.cells else LAST_ROW)
        if too_far or len(line.cells) > MAX_COLUMNS:
            raise too_large()
        if line.cells:
            found.append(line)
    return found


def _numbered(rows: Iterable[Iterable[str]]) -> Iterator[TableRow]:
    for number, row in enumerate(rows, 1):
        cells = [unwrapped(cell.strip()) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        yield TableRow(number, cells)


def ranges(numbers: Iterable[int]) -> str:
    """Rows in few words.

    >>> ranges([3, 4, 5, 9])
    '3-5, 9'
    """
    spans: list[list[int]] = []
    for number in sorted(numbers):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(f"{first}-{last}" if last > first else f"{first}" for first, last in spans)
