"""Reads the sheets of an XLSX file; the only place that knows the format. Runs in the child process of `isolated`."""

import io
import sys
import warnings
import zipfile
import zlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError, iterparse

from bibs.roster.rows import MAX_ROWS, MAX_UNPACKED_BYTES, Line, Sheet, Unreadable, filled

BROKEN = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    ParseError,
    RuntimeError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What the XLSX library raises on files that are cut, encrypted or mangled."""


def sheets_of(data: bytes) -> list[Sheet]:
    """The sheets of an XLSX file, hidden ones too; charts are none.

    Raises:
        Unreadable: it is no XLSX file, or unpacks to too much, or its rows cannot be told apart.
    """
    _library_alone()
    import openpyxl  # heavy, and only needed for this format

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library tells of styles and drop-down lists that no roster needs
        try:
            _refuse_another_archive(data)
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            return [_sheet(sheet) for sheet in book.worksheets]
        except BROKEN as failure:
            raise Unreadable(
                "XLSX 파일이 깨졌거나 모르는 종류입니다. 엑셀에서 열어 'Excel 통합 문서(*.xlsx)'로 저장하세요",
                f"a broken or unusual XLSX file ({type(failure).__name__}); open it in Excel and save it as .xlsx",
            ) from failure


def _library_alone() -> None:
    """The library would load numpy where it is installed: 0.2 s, and threads that a small address space does not bear."""
    if "numpy" not in sys.modules:
        sys.modules["numpy"] = None  # type: ignore[assignment]


def _refuse_another_archive(data: bytes) -> None:
    entries = zipfile.ZipFile(io.BytesIO(data)).infolist()
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise Unreadable("압축을 풀면 너무 큽니다", "it unpacks to more than 50 MB")
    if "[Content_Types].xml" not in {entry.filename for entry in entries} or any(
        entry.filename.endswith("workbook.bin") for entry in entries
    ):
        raise Unreadable(
            "XLSX가 아닌 압축 파일입니다(zip, ods, xlsb, numbers). 엑셀에서 열어 .xlsx로 저장하세요",
            "an archive that is no XLSX (zip, ods, xlsb, numbers); open it in Excel and save it as .xlsx",
        )


def _sheet(sheet: Any) -> Sheet:
    with sheet.parent._archive.open(
        sheet._worksheet_path
    ) as part:  # the library's reader tells nothing of what follows
        shape = _Shape()
        shape.read(part)
    sheet.reset_dimensions()  # the range a file declares is often wrong, and rows outside it would be lost in silence
    lines = filled([_text(value) for value in row] for row in sheet.iter_rows(values_only=True))
    by_number = {line.number: line for line in lines}
    for row, column in shape.uncalculated:
        line = by_number.setdefault(row, Line(row, []))
        line.uncalculated.append(column)
    for first, last, column in shape.merged:
        _fill(by_number, first, last, column)
    if len(by_number) > MAX_ROWS:
        raise Unreadable(f"{MAX_ROWS}행까지만 읽습니다", f"more than {MAX_ROWS} rows")
    kept = [by_number[number] for number in sorted(by_number)]
    hidden_rows = [line.number for line in kept if line.number in shape.hidden_rows]
    return Sheet(kept, sheet.title, sheet.sheet_state != "visible", hidden_rows)


def _fill(lines: dict[int, Line], first: int, last: int, column: int) -> None:
    """Say in the rows below what a cell that is merged downwards says."""
    above = lines.get(first)
    if above is None or column >= len(above.cells) or not above.cells[column]:
        return
    for number in range(first + 1, min(last, max(lines)) + 1):
        line = lines.get(number)
        if line is not None and (column >= len(line.cells) or not line.cells[column]):
            lines[number] = line.saying(column, above.cells[column])


@dataclass(slots=True)
class _Shape:
    """What a sheet's file says beside the values."""

    merged: list[tuple[int, int, int]] = field(default_factory=list)
    """First row, last row and column (from 0) of each block of cells merged downwards."""
    uncalculated: list[tuple[int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    _row: int = 0

    def read(self, part: IO[bytes]) -> None:
        """Walk through the sheet's XML once, keeping none of it."""
        from openpyxl.utils.cell import range_boundaries

        for _, element in iterparse(part):
            if _local(element) == "row":
                self._take(element)
                element.clear()
            elif _local(element) == "mergeCell":
                left, top, _, bottom = range_boundaries(element.get("ref", ""))
                if bottom > top:
                    self.merged.append((top, bottom, left - 1))

    def _take(self, row: Element) -> None:
        before, self._row = self._row, int(row.get("r", self._row + 1))
        _refuse_disorder(before, self._row)
        if row.get("hidden") in ("1", "true"):
            self.hidden_rows.add(self._row)
        column = 0
        for cell in row:
            before, column = column, _column_of(cell, column + 1)
            _refuse_disorder(before, column)
            if _is_uncalculated(cell):
                self.uncalculated.append((self._row, column - 1))


def _refuse_disorder(before: int, after: int) -> None:
    """The library passes over rows and cells that come out of order; nobody may be lost in silence."""
    if after <= before:
        raise Unreadable(
            "행이나 칸의 차례가 뒤섞인 XLSX입니다. 엑셀에서 열어 다시 저장하세요",
            "rows or cells stand out of order in the file; open it in Excel and save it again",
        )


def _column_of(cell: Element, expected: int) -> int:
    from openpyxl.utils.cell import coordinate_to_tuple

    place = cell.get("r")
    return int(coordinate_to_tuple(place)[1]) if place else expected


def _is_uncalculated(cell: Element) -> bool:
    """A formula without a value; one that gave an empty text has the type of a text."""
    parts = {_local(part): part for part in cell}
    return "f" in parts and cell.get("t") != "str" and not (parts["v"].text if "v" in parts else None)


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return str(value)
