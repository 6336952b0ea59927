"""Reads the tables of a web page, or of XML, that bears a spreadsheet's name, as groupware writes them. Pure."""

import re
from html.parser import HTMLParser

from bibs.roster.files.appearance import Appearance, dressed
from bibs.roster.table_rows import MAX_COLUMNS, MAX_ROWS, SourceSheet, Unreadable, filled, too_large
from timing.language import _

ROWS, CELLS = ("tr", "row"), ("td", "th", "cell")
BREAKS = ("br", "p", "div", "li")
STROKES = ("s", "strike", "del")
LINE_THROUGH = re.compile(r"text-decoration[^;]*line-through")
UNSEEN = re.compile(r"display\s*:\s*none")
INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)?(?:\.\d+)?")
Attributes = list[tuple[str, str | None]]


def page_sheets(text: str) -> list[SourceSheet]:
    """The tables that are not empty; a table inside another is a sheet of its own.

    Raises:
        Unreadable: one is larger than a roster can be.
    """
    parser = _Tables()
    try:
        parser.feed(text)
        parser.close()
    except (ValueError, AssertionError) as failure:
        raise Unreadable(
            _("a web page whose tables cannot be read; open it in Excel and save it as .xlsx"),
        ) from failure
    sheets = [sheet for table in parser.tables if (sheet := table.sheet()).lines]
    for number, sheet in enumerate(sheets, 1):
        sheet.name = sheet.name or (f"표 {number}" if len(sheets) > 1 else "")
    return sheets


class _Table:
    def __init__(self, name: str, values: bool) -> None:
        self.name, self.values = name, values
        self.rows: list[list[str]] = []
        self.look = Appearance()
        self._spans: dict[int, int] = {}
        """By column in how many more rows a cell from above stands."""

    def sheet(self) -> SourceSheet:
        sheet = dressed(filled(self.rows), self.look)
        sheet.name, sheet.plain = self.name, self.values
        return sheet

    def new_row(self, about: dict[str, str]) -> None:
        number = int(about.get("index") or len(self.rows) + 1)
        if number > MAX_ROWS:
            raise too_large()
        while len(self.rows) < number:
            self.rows.append([])
        self._spans = {column: left - 1 for column, left in self._spans.items() if left > 1}
        if UNSEEN.search(about.get("style", "")) or about.get("hidden") == "1":
            self.look.hidden_rows.add(number)

    def new_cell(self, about: dict[str, str]) -> None:
        if not self.rows:
            self.new_row({})
        row = self.rows[-1]
        if int(about.get("index") or 1) > MAX_COLUMNS:
            raise too_large()
        row += [""] * (int(about.get("index") or 1) - 1 - len(row))
        while len(row) in self._spans:
            row.append("")
        column, number = len(row), len(self.rows)
        wide = int(about.get("colspan") or 0) or int(about.get("mergeacross") or 0) + 1
        down = int(about.get("rowspan") or 0) or int(about.get("mergedown") or 0) + 1
        if column + wide > MAX_COLUMNS:
            raise too_large()
        row += [""] * wide
        self.at = column
        if down > 1:
            self._spans |= dict.fromkeys(range(column, column + wide), down)
            self.look.merged.append((number, number + down - 1, column))
        if LINE_THROUGH.search(about.get("style", "")):
            self.strike()

    def say(self, text: str) -> None:
        self.rows[-1][self.at] += text

    def strike(self) -> None:
        self.look.struck.add((len(self.rows), self.at))


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Table] = []
        self._open: list[_Table] = []
        self._in_cell: list[bool] = []
        self._name = ""

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        kind = tag.rpartition(":")[2]
        about = {name.rpartition(":")[2]: value or "" for name, value in attrs}
        if kind == "worksheet":
            self._name = about.get("name", "")
        elif kind == "table":
            self.tables.append(_Table(self._name, bool(self._name)))
            self._open.append(self.tables[-1])
            self._in_cell.append(False)
        elif self._open and kind in ROWS:
            self._open[-1].new_row(about)
            self._in_cell[-1] = False
        elif self._open and kind in CELLS:
            self._open[-1].new_cell(about)
            self._in_cell[-1] = True
        elif self._open and self._in_cell[-1]:
            self._inside(kind, about)

    def _inside(self, kind: str, about: dict[str, str]) -> None:
        if kind in BREAKS:
            self._open[-1].say(" ")
        if kind in STROKES or LINE_THROUGH.search(about.get("style", "")):
            self._open[-1].strike()

    def handle_endtag(self, tag: str) -> None:
        kind = tag.rpartition(":")[2]
        if self._open and kind == "table":
            self._open.pop()
            self._in_cell.pop()
        elif self._open and kind in (*CELLS, *ROWS):
            self._in_cell[-1] = False

    def handle_data(self, data: str) -> None:
        if self._open and self._in_cell[-1]:
            self._open[-1].say(INSTANT.sub(_instant, " ".join(data.split()) if data.strip() else " "))


def _instant(found: re.Match[str]) -> str:
    """A date or time in the same form as a workbook's; a time of day without a date."""
    day, clock, seconds = found[1], found[2], found[3] or ""
    clock += "" if seconds == ":00" else seconds
    return clock if day < "1900-01-01" else day if clock == "00:00" else f"{day} {clock}"
