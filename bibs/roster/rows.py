"""What a spreadsheet comes down to, whatever its format: sheets of rows of text, and how much of it is taken. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

MAX_BYTES = 5_000_000
MAX_UNPACKED_BYTES = 50_000_000
MAX_ROWS = 20_000
MAX_COLUMNS = 64
LAST_ROW = 1_048_576  # that a spreadsheet has; rows that only bear a format may go so far


class Unreadable(Exception):
    """A file is no spreadsheet that we read; says why, and never holds anything of the file's content."""

    def __init__(self, korean: str, english: str) -> None:
        super().__init__(english)
        self.korean, self.english = korean, english


@dataclass(slots=True)
class Line:
    """One row: its number in the file, counted from 1, and its cells as text."""

    number: int
    cells: list[str]
    merged: list[int] = field(default_factory=list)
    """The indices of cells that are empty themselves and show the cell above, with which they are merged."""
    uncalculated: list[int] = field(default_factory=list)
    """The indices of formulas whose value nobody ever calculated."""

    def saying(self, at: int, text: str) -> "Line":
        """The same row with what a cell shows that is not its own."""
        cells = [*self.cells, *[""] * (at + 1 - len(self.cells))]
        cells[at] = text
        return replace(self, cells=cells, merged=[*self.merged, at])


@dataclass(slots=True)
class Sheet:
    """Every row of a sheet that holds anything; a CSV file is one sheet without a name."""

    lines: list[Line]
    name: str = ""
    hidden: bool = False
    hidden_rows: list[int] = field(default_factory=list)


def filled(rows: Iterable[Iterable[str]]) -> list[Line]:
    """Number the rows and leave the empty ones out.

    Raises:
        Unreadable: there are more rows or columns than a roster has.
    """
    found = []
    for line in _numbered(rows):
        too_far = line.number > (MAX_ROWS if line.cells else LAST_ROW)
        if too_far or len(line.cells) > MAX_COLUMNS:
            raise Unreadable(
                f"{MAX_ROWS}행 {MAX_COLUMNS}열까지만 읽습니다", f"more than {MAX_ROWS} rows, {MAX_COLUMNS} columns"
            )
        if line.cells:
            found.append(line)
    return found


def _numbered(rows: Iterable[Iterable[str]]) -> Iterator[Line]:
    for number, row in enumerate(rows, 1):
        cells = [cell.strip() for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        yield Line(number, cells)
