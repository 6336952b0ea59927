"""Tells what kind of file an office sent, and reads it into sheets of text. Runs in the child process of `isolated`. Pure."""

import io
import zipfile

from bibs.roster.delimited import delimited
from bibs.roster.encodings import decoded
from bibs.roster.rows import Sheet, Unreadable
from bibs.roster.webpage import page_sheets

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAILED_PAGE = "mime-version:"


def parse(data: bytes, encoding: str = "") -> list[Sheet]:
    """The sheets of the file, whatever its name says it is; `encoding` is that of a text file where somebody knows it.

    Raises:
        Unreadable: it is neither a text file nor a workbook, or larger than a roster can be.
    """
    if data.startswith(OLD_OFFICE) or zipfile.is_zipfile(io.BytesIO(data)):
        from bibs.roster.workbook import sheets_of

        return sheets_of(data)
    text, guessed = decoded(data, encoding)
    begin = text[:100].lstrip().lower()
    if begin.startswith("<"):
        if sheets := page_sheets(text):
            return sheets
        raise _web_page()
    if begin.startswith(MAILED_PAGE):
        raise _web_page()
    return [Sheet(delimited(text), encoding=guessed)]


def _web_page() -> Unreadable:
    return Unreadable(
        "이름만 엑셀인 웹 페이지이고 표가 없습니다. 엑셀에서 열어 .xlsx로 저장하세요",
        "a web page under a spreadsheet's name, and no table in it; open it in Excel and save it as .xlsx",
    )
