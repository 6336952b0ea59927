"""Draws the results on A4 across: every list with its headings on each page, its state, its page numbers and its signed checkpoint."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from typing import NamedTuple

from bibs.drawing.canvas import BLACK, BOLD, GREY, HEAVY, REGULAR, Canvas, halves, missing_glyphs
from bibs.drawing.layout import Area
from timing.language import LANGUAGES, Text, _, bilingual, english_beside, listed, pair
from timing.printed.sheets import Cell, Clocked, Column, Sheets, Table

WIDTH, HEIGHT, MARGIN = 297.0, 210.0, 12.0
ACROSS = WIDTH - 2 * MARGIN
ROW, HEAD, GAP = 5.4, 9.0, 2.0
BOTTOM = 194.0
TEXT_HEIGHT, TWO_LINES_HEIGHT = 3.5, 2.45
SMALLEST_PT = 6.5  # smaller than this a long text is set in two lines
NOTE = 28.0  # the side of its symbol: 57 modules of half a millimetre
STAND_IN = "〓"  # for what the fonts cannot draw; it is told, and never an empty box


class Slot(NamedTuple):
    """A column on the sheet: where it begins and how wide it is, in millimetres."""

    column: Column
    x: float
    width: float


def draw_results(sheets: Sheets) -> tuple[bytes, set[str]]:
    """The sheets as a PDF, and the characters that the fonts cannot draw; the same sheets make the same bytes.

    Raises:
        NoKoreanFont: there is no font to draw them with.
    """
    missing = missing_glyphs("".join(_texts(sheets)))
    sheets = _drawable(sheets, missing)
    file = BytesIO()
    canvas = Canvas(file, WIDTH, HEIGHT, bilingual(sheets.race))
    pages = [(table, rows) for table in sheets.tables for rows in _pages(table, sheets)]
    for number, (table, rows) in enumerate(pages, 1):
        first = number == 1 or pages[number - 2][0] is not table
        _draw_page(canvas, sheets, table, rows, first)
        canvas.text(Area(WIDTH - MARGIN - 40, 200, 40, 3.4), f"{number} / {len(pages)}", REGULAR, GREY, align="right")
        canvas.next_page()
    canvas.save()
    return file.getvalue(), missing


def _pages(table: Table, sheets: Sheets) -> Iterator[Sequence[tuple[Cell, ...]]]:
    """The rows of each page; the first of a list leaves room for the note."""
    rows = table.rows
    room = _room(_top(sheets, first=True))
    yield rows[:room]
    later = _room(_top(sheets, first=False))
    yield from (rows[at : at + later] for at in range(room, len(rows), later))


def _room(top: float) -> int:
    return int((BOTTOM - top - HEAD) // ROW)


def _top(sheets: Sheets, first: bool) -> float:
    """Where a page's table begins."""
    return 47.0 if first and sheets.note else 36.0


def _draw_page(canvas: Canvas, sheets: Sheets, table: Table, rows: Sequence[tuple[Cell, ...]], first: bool) -> None:
    top = _top(sheets, first)
    _draw_title(canvas, sheets, first)
    _draw_pair(canvas, Area(MARGIN, top - 8, ACROSS - 60, 5.4), table.title)
    slots = list(_slots(table))
    for slot in slots:
        title = slot.column.title
        canvas.text(Area(slot.x, top + 0.6, slot.width, 3.6), title.to("ko"), BOLD, BLACK, slot.column.align)
        canvas.text(Area(slot.x, top + 4.6, slot.width, 2.8), title.to("en"), REGULAR, GREY, slot.column.align)
    canvas.fill(Area(MARGIN, top + HEAD - 0.9, ACROSS, 0.4), GREY)
    for at, row in enumerate(rows):
        y = top + HEAD + at * ROW
        for slot, cell in zip(slots, row, strict=True):
            _draw_cell(canvas, slot, y, cell)
        canvas.line(MARGIN, y + ROW - 0.5, ACROSS)
    _draw_foot(canvas, sheets)


def _draw_title(canvas: Canvas, sheets: Sheets, first: bool) -> None:
    """The race, how final its results are and what they rest on; the first page of a list bears the note as a code."""
    noted = bool(first and sheets.note)
    right = WIDTH - MARGIN - (NOTE + 8 if noted else 0)
    across = right - MARGIN
    _draw_pair(canvas, Area(MARGIN, 8.5, across - 86, 7), sheets.race, HEAVY)
    canvas.text(Area(right - 80, 9.5, 80, 5), bilingual(sheets.state), BOLD, BLACK, align="right")
    for at, language in enumerate(LANGUAGES):
        canvas.text(Area(MARGIN, 17.5 + 3.9 * at, across, 3.2), listed(sheets.facts, " · ").to(language), REGULAR, GREY)
    if noted:
        _draw_note(canvas, sheets, right)


def _draw_note(canvas: Canvas, sheets: Sheets, right: float) -> None:
    canvas.note_qr(Area(WIDTH - MARGIN - NOTE, 9, NOTE, NOTE), sheets.note)
    told = _("signed checkpoint: proves that {covered} facts stand unchanged", covered=sheets.covered)
    for at, language in enumerate(LANGUAGES):
        canvas.text(Area(right - 120, 29.4 + 3.6 * at, 120, 3), told.to(language), REGULAR, GREY, align="right")


def _draw_pair(canvas: Canvas, box: Area, text: Text, font: str = BOLD) -> None:
    """A heading, and its English beside it, smaller."""
    korean = text.to("ko")
    used = min(box.width, canvas.width_of(box, korean, font)) if korean else 0
    canvas.text(box, korean, font)
    beside = Area(box.x + used + 2.5, box.y + box.height * 0.3, box.width - used - 2.5, box.height * 0.6)
    if beside.width > 0:
        canvas.text(beside, english_beside(text), REGULAR, GREY)


def _draw_foot(canvas: Canvas, sheets: Sheets) -> None:
    for at, language in enumerate(LANGUAGES):
        canvas.text(
            Area(MARGIN, 197 + 3.6 * at, ACROSS - 44, 2.9), listed(sheets.legend, " · ").to(language), REGULAR, GREY
        )


def _slots(table: Table) -> Iterator[Slot]:
    """The columns beside each other, as wide as their shares say."""
    whole = sum(column.share for column in table.columns)
    room = ACROSS - GAP * (len(table.columns) - 1)
    x = MARGIN
    for column in table.columns:
        width = room * column.share / whole
        yield Slot(column, x, width)
        x += width + GAP


def _draw_cell(canvas: Canvas, slot: Slot, y: float, cell: Cell) -> None:
    box = Area(slot.x, y + 0.5, slot.width, TEXT_HEIGHT)
    match cell:
        case None | "":
            return
        case Clocked():
            _draw_time(canvas, slot, y, cell)
        case str() if canvas.fitting_size(box, cell, REGULAR) < SMALLEST_PT:
            for at, line in enumerate(halves(cell)):
                lower = Area(slot.x, y - 0.4 + at * TWO_LINES_HEIGHT, slot.width, TWO_LINES_HEIGHT)
                canvas.text(lower, line, REGULAR, BLACK, slot.column.align)
        case _:
            canvas.text(box, str(cell), REGULAR, BLACK, slot.column.align)


def _draw_time(canvas: Canvas, slot: Slot, y: float, time: Clocked) -> None:
    """The published time; the exact one small before it, so that published times stand under each other."""
    box = Area(slot.x, y + 0.5, slot.width, TEXT_HEIGHT)
    canvas.text(box, time.text, BOLD, BLACK, "right")
    if time.exact:
        room = slot.width - canvas.width_of(box, time.text, BOLD) - 1.2
        canvas.text(Area(slot.x, y + 1.1, room, 2.6), time.exact, REGULAR, GREY, "right")


def _texts(sheets: Sheets) -> Iterator[str]:
    """Every text that comes from people; our own words the fonts have."""
    yield from map(sheets.race.to, LANGUAGES)
    for table in sheets.tables:
        yield from map(table.title.to, LANGUAGES)
        yield from (cell for row in table.rows for cell in row if isinstance(cell, str))


def _drawable(sheets: Sheets, missing: set[str]) -> Sheets:
    """The same sheets in single lines, with a sign instead of each character without a glyph."""
    instead = str.maketrans(dict.fromkeys(missing, STAND_IN))

    def line(text: str) -> str:
        return " ".join(text.translate(instead).split())

    def both(text: Text) -> Text:
        return pair(line(text.to("ko")), line(text.to("en")))

    tables = (
        Table(
            both(table.title),
            table.columns,
            tuple(tuple(line(cell) if isinstance(cell, str) else cell for cell in row) for row in table.rows),
        )
        for table in sheets.tables
    )
    return replace(sheets, race=both(sheets.race), tables=tuple(tables))
