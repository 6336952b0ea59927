"""Detects the encoding of a text file, and names the cells that are broken in it. Pure."""

import codecs
import csv
import io
import re
from collections.abc import Sequence

from bibs.roster.table_rows import Unreadable
from timing.language import Text, _, listed

KOREAN = "cp949"  # what Korean Excel writes; never `euc_kr`, which lacks syllables
OTHERS = ("gbk", "big5", "shift_jis", "euc_jp", "cp1252", "cp1250", "cp1251")
ESCAPED = re.compile("[\udc80-\udcff]")  # a byte that is no letter, as Python keeps it
FEW = 0.3  # of the bytes beyond ASCII; with more broken ones it is another encoding
PLACES_SHOWN = 5
NEITHER = _("neither CSV (UTF-8, UTF-16, CP949) nor a workbook")
HOW = _("save it as `CSV UTF-8` in the program that made it, or say `--encoding`")


def decoded(data: bytes, named: str = "") -> tuple[str, str]:
    """The text, and the encoding if it was guessed from the bytes alone: CP949.

    BOM first, then strict UTF-8, then CP949. A BOM inside the text comes from files that were joined, and means nothing.

    Raises:
        Unreadable: in no encoding that we know all of it is text; names the broken cells where they are few.
    """
    for encoding in [named] if named else _encodings(data):
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, UnicodeError):
            continue
        if "\x00" not in text:
            return text.replace("\ufeff", ""), encoding if encoding == KOREAN and not named else ""
    raise _unreadable(data, named)


def known(name: str) -> bool:
    """Whether this is the name of a text encoding."""
    try:
        return isinstance(codecs.decode(b"", name), str)
    except (LookupError, ValueError, TypeError):
        return False


def _encodings(data: bytes) -> list[str]:
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return ["utf-32"]
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ["utf-16"]
    if b"\x00" in data:  # UTF-16 without a BOM: commas and line ends have a zero byte, on one side or the other
        little = data[1::2].count(0) >= data[::2].count(0)
        return ["utf-16-le" if little else "utf-16-be"]
    return ["utf-8-sig"] if _is_mostly_utf8(data) else ["utf-8-sig", KOREAN]


def _is_mostly_utf8(data: bytes) -> bool:
    """Whether most of what is not ASCII are letters of three bytes in UTF-8, as Hangul is; pairs of CP949 hardly ever make one."""
    beyond = sum(byte > 127 for byte in data)
    threes = sum("\u0800" <= letter < "\ud800" for letter in data.decode("utf-8", "surrogateescape"))
    return 2 * 3 * threes > beyond


def _broken_share(data: bytes, encoding: str) -> float:
    """How much of what is not ASCII is no letter of the encoding: 0 to 1."""
    beyond = sum(byte > 127 for byte in data)
    return len(ESCAPED.findall(data.decode(encoding, "surrogateescape"))) / beyond if beyond else 0.0


def _unreadable(data: bytes, named: str) -> Unreadable:
    if b"\x00" in data:
        return Unreadable(NEITHER)
    encoding = named or min(("utf-8", KOREAN), key=lambda name: _broken_share(data, name))
    if _broken_share(data, encoding) <= FEW:
        return _broken_cells(data.decode(encoding, "surrogateescape"), encoding.upper())
    if named:
        return Unreadable(_("no text in {named}; {how}", named=named, how=HOW))
    maybe = ", ".join(name for name in OTHERS if _broken_share(data, name) == 0.0)
    if not maybe:
        return Unreadable(NEITHER)
    return Unreadable(_("{neither}; it may be {maybe}; {how}", neither=NEITHER, maybe=maybe, how=HOW))


def _broken_cells(text: str, encoding: str) -> Unreadable:
    from bibs.roster.files.delimited import delimiter_of

    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
    places = [
        (row, at) for row, cells in enumerate(rows, 1) for at, cell in enumerate(cells, 1) if ESCAPED.search(cell)
    ]
    return Unreadable(
        _(
            "{places}: not {encoding} (a letter cut in half, or another encoding); correct it, or say `--encoding` if all of it is another",
            places=_shown(places),
            encoding=encoding,
        ),
    )


def _shown(places: Sequence[tuple[int, int]]) -> Text:
    """Where they stand, the first few."""
    found = [_("row {row}, column {column}", row=row, column=column) for row, column in places[:PLACES_SHOWN]]
    more = len(places) - PLACES_SHOWN
    return listed([*found, _("+{more} more", more=more)] if more > 0 else found, "; ")


def garbled(text: str) -> bool:
    """Whether a program decoded a text wrongly before we got it, or replaced letters that it lost.

    >>> garbled("김\ufffd나"), garbled("ê¹€í•˜ë‚˜"), garbled("±èÇÏ³ª"), garbled("José Peña"), garbled("Åse"), garbled("김하나")
    (True, True, True, False, False, False)
    """
    if "\ufffd" in text:
        return True
    if text.isascii() or any("가" <= letter <= "힣" for letter in text):
        return False
    as_bytes = b"".join(map(_western_byte, text))
    if len(as_bytes) != len(text):
        return False
    runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", as_bytes)]
    in_pairs = all(run % 2 == 0 for run in runs) and not re.search("[a-z]", text)
    return _is_all_hangul(as_bytes, "utf-8") or (in_pairs and _is_all_hangul(as_bytes, KOREAN))


def _western_byte(letter: str) -> bytes:
    return bytes([ord(letter)]) if ord(letter) < 256 else letter.encode("cp1252", "ignore")


def _is_all_hangul(written: bytes, encoding: str) -> bool:
    try:
        letters = written.decode(encoding)
    except UnicodeDecodeError:
        return False
    return all(letter.isascii() or "가" <= letter <= "힣" for letter in letters)
