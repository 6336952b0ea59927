"""Tells what kind of file an office sent, and reads it into sheets of text. Runs in the child process of `isolated`. Pure."""

import io
import zipfile

from bibs.roster.files.delimited import delimited
from bibs.roster.files.encodings import decoded
from bibs.roster.files.webpage import page_sheets
from bibs.roster.table_rows import SourceSheet, Unreadable
from timing.language import _

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
WORKBOOKS = "Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"), b"xl/workbook"
DOCUMENTS = {
    "한글(HWP)": b"HWP Document File",
    "한글(HWPX)": b"application/hwp+zip",
    "Word": b"word/document.xml",
    "Word(.doc)": "WordDocument".encode("utf-16-le"),
}
"""Documents that are sent in place of a list, by ending, and a file name found in each."""
MAILED_PAGE = "mime-version:"


def parse(data: bytes, encoding: str = "") -> list[SourceSheet]:
    """The sheets of the file, independent of its name; `encoding` is that of a text file, if known.

    Raises:
        Unreadable: it is neither a text file nor a workbook, or larger than a roster can be.
    """
    if not data.strip():
        raise Unreadable(_("an empty file; ask for it again, or copy it again"))
    if told := _document(data):
        raise Unreadable(
            _("a document ({told}); put its table into a workbook", told=told),
        )
    if data.startswith(OLD_OFFICE) or zipfile.is_zipfile(io.BytesIO(data)):
        from bibs.roster.files.workbook_file import sheets_of

        return sheets_of(data)
    text, guessed = decoded(data, encoding)
    begin = text[:100].lstrip().lower()
    if begin.startswith("<"):
        if sheets := page_sheets(text):
            return sheets
        raise _web_page()
    if begin.startswith(MAILED_PAGE):
        raise _web_page()
    return [SourceSheet(delimited(text), encoding=guessed)]


def _document(data: bytes) -> str:
    """The name of a document type that is no list; a workbook may hold one."""
    if data.lstrip().startswith(b"%PDF-"):
        return "PDF"
    archive = data.startswith((OLD_OFFICE, b"PK"))
    if not archive or any(mark in data for mark in WORKBOOKS):
        return ""
    return next((called for called, mark in DOCUMENTS.items() if mark in data), "")


def _web_page() -> Unreadable:
    return Unreadable(
        _("a web page under a spreadsheet's name, and no table in it; open it in Excel and save it as .xlsx"),
    )
