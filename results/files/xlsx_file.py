"""The results as an XLSX workbook, a sheet for each list; openpyxl is written with here alone.

Every text is stored as a text, whatever it begins with; times and places are numbers that sort.
"""

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence, Set
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from timing.language import LANGUAGES, _, bilingual, english_beside, listed
from timing.printed.sheets import Cell, Clocked, Sheets, Table, text_of
from timing.printed.spreadsheet_text import FORMULA_STARTS
from timing.race.instants import SECOND, Span, clock_face

Sheet = Any
"""A sheet being written; openpyxl ships no types."""
DAY = 24 * 60 * 60 * SECOND
A4 = 9  # of a spreadsheet's list of paper sizes
WIDEST = 60  # characters; longer texts are wrapped
TWO_LINES_PT = 32
FILTER_ARROW = 3  # characters that its button covers in a heading
WHOLE = "[<0.0416666]m:ss;[h]:mm:ss"  # an hour is 1/24 of a day
EXACT = "[<0.0416666]m:ss.000;[h]:mm:ss.000"
TITLE_LONGEST = 31
TITLE_NEVER = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
MADE = b"2000-01-01T00:00:00Z"
LARGE, BOLD, GREY, NOTE = Font(bold=True, size=16), Font(bold=True), Font(color="56606B"), Font(name="Consolas")
WRAPPED = Alignment(vertical="top", wrap_text=True)
HEAD = {"font": BOLD, "fill": PatternFill("solid", start_color="E8EDF2"), "border": Border(bottom=Side("thin"))}


def workbook(sheets: Sheets) -> bytes:
    """The file; the same sheets make the same bytes."""
    book = Workbook(write_only=True)
    titles: list[str] = []
    for table in sheets.tables:
        titles.append(sheet_title(table.title.to("ko"), titles))
        _write_table(book.create_sheet(titles[-1]), sheets, table)
    notes = " ".join(_("Notes").to(language) for language in LANGUAGES)
    _write_words(book.create_sheet(sheet_title(notes, titles)), sheets)
    book.properties.creator = "marathon"
    file = io.BytesIO()
    book.save(file)
    return _timeless(file.getvalue())


def sheet_title(wanted: str, taken: Sequence[str]) -> str:
    """A name that spreadsheets take: at most 31 characters, without the signs of references, unlike the others."""
    title = TITLE_NEVER.sub(" ", wanted)[:TITLE_LONGEST].strip(" '") or "–"
    others = {other.casefold() for other in taken} | {"history"}
    number = 2
    unique = title
    while unique.casefold() in others:
        unique = f"{title[: TITLE_LONGEST - len(str(number)) - 1]} {number}"
        number += 1
    return unique


def _write_table(sheet: Sheet, sheets: Sheets, table: Table) -> None:
    exact = {at for at in range(len(table.columns)) if any(_hides_an_order(row[at]) for row in table.rows)}
    heads = list(_heads(table, exact))
    about = [listed(sheets.facts, " · ").to(language) for language in LANGUAGES]
    above = [bilingual(sheets.race), f"{bilingual(table.title)}   {bilingual(sheets.state)}", *about]
    head = len(above) + 1
    _set_up(sheet, sheets)
    for at, (__, wide) in enumerate(heads, 1):
        sheet.column_dimensions[get_column_letter(at)].width = wide
    sheet.row_dimensions[head].height = TWO_LINES_PT
    sheet.freeze_panes = f"A{head + 1}"
    sheet.auto_filter.ref = f"A{head}:{get_column_letter(len(heads))}{head + len(table.rows)}"
    sheet.print_title_rows = f"{head}:{head}"
    for line, font in zip(above, (LARGE, BOLD, *[GREY] * len(about)), strict=True):
        sheet.append([_text(sheet, line, font=font)])
    sheet.append([_text(sheet, title, alignment=WRAPPED, **HEAD) for title, __ in heads])
    for row in table.rows:
        sheet.append([written for at, cell in enumerate(row) for written in _written(sheet, cell, at in exact)])


def _set_up(sheet: Sheet, sheets: Sheets) -> None:
    """The page on which the sheet prints."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToHeight = 0
    for part, text in (("left", bilingual(sheets.race)), ("center", bilingual(sheets.state)), ("right", "&P / &N")):
        getattr(sheet.oddFooter, part).text = text if part == "right" else text.replace("&", "&&")


def _heads(table: Table, exact: Set[int]) -> Iterator[tuple[str, float]]:
    """Each column's heading and its width in characters; beside times that hide an order stands a column of exact ones."""
    for at, column in enumerate(table.columns):
        cells = max((_width(text_of(row[at])) for row in table.rows), default=0)
        wide = min(max(cells, *(_width(column.title.to(language)) for language in LANGUAGES)), WIDEST) + FILTER_ARROW
        yield "\n".join(filter(None, (column.title.to("ko"), english_beside(column.title)))), wide
        if at in exact:
            yield "\n".join(_("to the millisecond").to(language) for language in LANGUAGES), wide + FILTER_ARROW


def _hides_an_order(cell: Cell) -> bool:
    return isinstance(cell, Clocked) and bool(cell.exact)


def _written(sheet: Sheet, cell: Cell, exactly: bool) -> Iterator[Any]:
    """A cell, and a second one where the column also shows exact times."""
    match cell:
        case Clocked(text=text, shown=shown, measured=measured):
            yield _time(sheet, shown, text)
            if exactly:
                yield _time(sheet, measured, clock_face(measured, "none"))
            return
        case "":
            yield None
        case str():
            yield _text(sheet, cell, alignment=WRAPPED) if _width(cell) > WIDEST else _text(sheet, cell)
        case _:
            yield cell
    if exactly:
        yield None


def _time(sheet: Sheet, time: Span, text: str) -> Any:
    """A time as a part of a day, shown as it is published; a spreadsheet has no times before zero."""
    if time < 0:
        return _text(sheet, text)
    cell = WriteOnlyCell(sheet, time / DAY)
    cell.number_format = EXACT if "." in text else WHOLE
    return cell


def _text(sheet: Sheet, text: str, **style: Any) -> Any:
    """A cell that holds this text and never a formula, also after it was edited."""
    cell = WriteOnlyCell(sheet)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("�", text.encode("utf-8", "replace").decode())
    cell.data_type = "s"
    for name, value in style.items():
        setattr(cell, name, value)
    cell.quotePrefix = text.startswith(FORMULA_STARTS)
    return cell


def _write_words(sheet: Sheet, sheets: Sheets) -> None:
    """The notes: the state, the facts about the results, the legend, the signed checkpoint."""
    sheet.column_dimensions["A"].width = 100
    for words in (sheets.race, sheets.state, *sheets.facts, *sheets.legend):
        sheet.append([_text(sheet, bilingual(words))])
    if sheets.note:
        sheet.append([])
        for line in sheets.note.splitlines():
            sheet.append([_text(sheet, line, font=NOTE)])


def _width(text: str) -> int:
    """In characters of a fixed pitch: Hangul and hanja take two."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def _timeless(data: bytes) -> bytes:
    """The same workbook with a fixed time in place of that of its making."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as made, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as kept:
        for entry in made.infolist():
            content = made.read(entry)
            if entry.filename == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:\w+[^>]*>)[^<]*", rb"\g<1>" + MADE, content)
            kept.writestr(zipfile.ZipInfo(entry.filename), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()
