"""Tells what kind of file an office sent, and reads it into sheets of text. Runs in the child process of `isolated`. Pure."""

import csv
import io
import zipfile

from bibs.roster.rows import Sheet, Unreadable, filled

TOP = 15  # lines that tell the delimiter
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_TOP = 100_000  # characters of it


def parse(data: bytes) -> list[Sheet]:
    """The sheets of the file, whatever its name says it is.

    Raises:
        Unreadable: it is neither a text file nor a workbook, or larger than a roster can be.
    """
    if data.startswith(OLD_OFFICE) or zipfile.is_zipfile(io.BytesIO(data)):
        from bibs.roster.workbook import sheets_of

        return sheets_of(data)
    text = _decoded(data)
    if text.lstrip().startswith("<"):
        raise Unreadable(
            "이름만 엑셀인 웹 페이지(HTML, XML)입니다. 엑셀에서 열어 .xlsx로 저장하세요",
            "a web page (HTML, XML) under a spreadsheet's name; open it in Excel and save it as .xlsx",
        )
    return [Sheet(filled(_records(text)))]


def _records(text: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True))
    except csv.Error as failure:
        raise Unreadable(
            "CSV가 아닙니다: 따옴표가 닫히지 않았거나 어긋났습니다",
            "not a CSV file: a quote is not closed or misplaced",
        ) from failure


def _delimiter(text: str) -> str:
    """What stands in most of the first lines: a title above the header has none, and a cell may hold another."""
    top = text[:MOST_TOP].splitlines()[:TOP]
    return max(",;\t", key=lambda sign: (sum(sign in line for line in top), sum(line.count(sign) for line in top)))


def _decoded(data: bytes) -> str:
    """BOM first, then strict UTF-8, then CP949, which is what Korean Excel writes; never `euc_kr`, which lacks syllables.

    A BOM inside the text comes from files that were joined, and means nothing.
    """
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text.replace("\ufeff", "")
    raise Unreadable("CSV나 XLSX가 아니거나 글자 코드를 알 수 없습니다", "neither CSV (UTF-8, UTF-16, CP949) nor XLSX")


def _encodings(data: bytes) -> list[str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ["utf-16"]
    if b"\x00" in data:  # UTF-16 without a BOM: commas and line ends have a zero byte, on one side or the other
        little = data[1::2].count(0) >= data[::2].count(0)
        return ["utf-16-le" if little else "utf-16-be"]
    return ["utf-8-sig", "cp949"]
