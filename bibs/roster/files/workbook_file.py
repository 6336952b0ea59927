"""Reads the sheets of a workbook (.xlsx .xls .xlsb .ods); the only place that knows calamine. Runs in the child process of `isolated`."""

import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from typing import Any
from xml.etree.ElementTree import ParseError

from bibs.roster.files.appearance import Appearance, Place, dressed
from bibs.roster.files.formats import Value, shown
from bibs.roster.files.opendocument import CONTENT, opendocument_sheets
from bibs.roster.files.xls_records import xls_appearances
from bibs.roster.files.xlsx_parts import WORKBOOK, appearances
from bibs.roster.table_rows import MAX_UNPACKED_BYTES, SourceSheet, Unreadable, filled, locked
from timing.language import _

ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # where Excel keeps a workbook under a password
ESCAPED = re.compile(r"_x((?!00|D[89A-F])[0-9A-F]{4})_", re.IGNORECASE)
"""XLSX's escapes of characters; the library decodes those below U+0100 only."""
BROKEN = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    ParseError,
    RuntimeError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What reading raises on files that are cut, encrypted or mangled."""


def sheets_of(data: bytes) -> list[SourceSheet]:
    """The sheets of a workbook, hidden ones too; charts are none.

    Raises:
        Unreadable: it is no workbook, is protected, unpacks to too much, or its rows cannot be told apart.
    """
    try:
        return _read(data)
    except BROKEN as failure:
        raise broken(failure) from failure


def broken(failure: BaseException) -> Unreadable:
    """The error for a workbook that could not be read."""
    return Unreadable(
        _("a broken or unusual workbook ({name}); open it in Excel and save it as .xlsx", name=type(failure).__name__),
    )


def _read(data: bytes) -> list[SourceSheet]:
    if not zipfile.is_zipfile(io.BytesIO(data)):
        if ENCRYPTED in data:
            raise locked()
        return _valued(data, xls_appearances(data))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        _refuse_bomb(archive)
        parts = {name.replace("\\", "/").lower().lstrip("/") for name in archive.namelist()}
        if CONTENT in parts:
            return opendocument_sheets(archive)
        if WORKBOOK in parts:
            return _valued(data, appearances(archive))
        if "xl/workbook.bin" in parts:
            return _valued(data, [])
    raise Unreadable(
        _("an archive that is no workbook (zip, numbers); open it in Excel and save it as .xlsx"),
    )


def _refuse_bomb(archive: zipfile.ZipFile) -> None:
    if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED_BYTES:
        raise Unreadable(_("it unpacks to more than 50 MB"))


def _valued(data: bytes, looks: Sequence[Appearance]) -> list[SourceSheet]:
    """The sheets with their values; `looks` are those of all sheets in order, none where the format does not tell us."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        found = []
        for at, about in enumerate(book.sheets_metadata):
            if about.typ in (SheetTypeEnum.WorkSheet, SheetTypeEnum.DialogSheet):
                look = looks[at] if at < len(looks) else Appearance()
                sheet = _sheet(book.get_sheet_by_index(at), look)
                sheet.name, sheet.plain = about.name, not looks
                sheet.hidden = about.visible != SheetVisibleEnum.Visible
                found.append(sheet)
        return found
    except PasswordError as protected:
        raise locked() from protected
    except CalamineError as failure:
        raise broken(failure) from failure
    except BaseException as panic:
        if type(panic).__name__ != "PanicException":  # the library's, which is no Exception
            raise
        raise broken(panic) from panic


def _sheet(sheet: Any, look: Appearance) -> SourceSheet:
    rows = sheet.to_python(skip_empty_area=False) if sheet.start else []
    texts = (
        [_text(value, look, (row, column)) for column, value in enumerate(cells)] for row, cells in enumerate(rows, 1)
    )
    if not look.merged:
        blocks = sheet.merged_cell_ranges or []
        look.merged += [(top + 1, bottom + 1, left) for (top, left), (bottom, _) in blocks if bottom > top]
    return dressed(filled(texts), look)


def _text(value: Value, look: Appearance, place: Place) -> str:
    if isinstance(value, str):
        value = ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
    return look.errors.get(place) or shown(value, look.formats.get(place, ""))
