"""Reads a CSV or XLSX file into rows of text, whatever office wrote it; the only place that knows these formats."""

import csv
import io
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from xml.etree.ElementTree import ParseError

from timing.errors import Unreachable

HEADER_WITHIN = 15  # titles and merged rows may stand above the header
MAX_BYTES = 5_000_000
MAX_UNPACKED_BYTES = 50_000_000
MAX_ROWS = 20_000
MAX_COLUMNS = 64
LAST_ROW = 1_048_576  # that a spreadsheet has; rows that only bear a format may go so far
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


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its number in the file, counted from 1, and its cells as text."""

    number: int
    cells: list[str]


def read_rows(path: Path) -> list[Line]:
    """Every row of the file that holds anything.

    Raises:
        Unreachable: the file is missing, too large, or neither CSV nor XLSX.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _unreadable(path, "5 MB보다 큽니다", "it is larger than 5 MB")
        data = path.read_bytes()
    except OSError as failure:
        raise _unreadable(path, failure.strerror or str(failure), failure.strerror or str(failure)) from failure
    lines = _numbered(_xlsx(path, data) if zipfile.is_zipfile(io.BytesIO(data)) else _csv(path, data))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the XLSX library tells of styles and drop-down lists that no roster needs
        return _filled(path, lines)


def _filled(path: Path, lines: Iterable[Line]) -> list[Line]:
    found = []
    for line in lines:
        too_far = line.number > (MAX_ROWS if line.cells else LAST_ROW)
        if too_far or len(line.cells) > MAX_COLUMNS:
            raise _unreadable(
                path, f"{MAX_ROWS}행 {MAX_COLUMNS}열까지만", f"more than {MAX_ROWS} rows, {MAX_COLUMNS} columns"
            )
        if line.cells:
            found.append(line)
    return found


def _numbered(rows: Iterable[list[str]]) -> Iterator[Line]:
    for number, row in enumerate(rows, 1):
        cells = [cell.strip() for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        yield Line(number, cells)


def _csv(path: Path, data: bytes) -> Iterator[list[str]]:
    text = _decoded(path, data)
    top = "\n".join(text.split("\n", HEADER_WITHIN)[:HEADER_WITHIN])  # a title above the header holds no delimiter
    delimiter = max(",;\t", key=top.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as failure:
        raise _unreadable(path, f"CSV가 아닙니다: {failure}", f"not a CSV file: {failure}") from failure


def _decoded(path: Path, data: bytes) -> str:
    """BOM first, then strict UTF-8, then CP949, which is what Korean Excel writes; never `euc_kr`, which lacks syllables."""
    encodings = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp949"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise _unreadable(path, "CSV나 XLSX가 아니거나 글자 코드를 알 수 없습니다", "neither CSV (UTF-8, CP949) nor XLSX")


def _xlsx(path: Path, data: bytes) -> Iterator[list[str]]:
    import openpyxl  # heavy, and only needed for this format

    try:
        unpacked = sum(entry.file_size for entry in zipfile.ZipFile(io.BytesIO(data)).infolist())
        if unpacked > MAX_UNPACKED_BYTES:
            raise _unreadable(path, "압축을 풀면 너무 큽니다", "it unpacks to more than 50 MB")
        sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True).worksheets[0]
        sheet.reset_dimensions()  # the range a file declares is often wrong, and rows outside it would be lost in silence
        for row in sheet.iter_rows(values_only=True):
            yield [_text(value) for value in row]
    except BROKEN as failure:
        raise _unreadable(path, "XLSX 파일이 깨졌습니다", f"a broken XLSX file ({failure})") from failure


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return str(value)


def _unreadable(path: Path, korean: str, english: str) -> Unreachable:
    return Unreachable(f"{path}: {korean}", f"cannot be read: {english}")
