"""Reads the formatting of an old Excel file (.xls): number formats, strike-through, errors, hidden rows.

The file is a compound file ([MS-CFB]), whose stream `Workbook` is a row of records ([MS-XLS], version 8).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from bibs.roster.files.appearance import Appearance, Place
from bibs.roster.files.formats import BUILT_IN
from bibs.roster.table_rows import locked

END = 0xFFFFFFFA  # sector numbers from here on name no sector
DIRECTORY_ENTRY = 128
SMALL = 4096  # a shorter stream lies in the small sectors
STREAM = "Workbook"
VERSION_8 = 0x0600
BOF, FILEPASS, BOUNDSHEET, FONT, FORMAT, XF, ROW = 0x809, 0x2F, 0x85, 0x31, 0x41E, 0xE0, 0x208
NUMBER, RK, LABEL, SHARED, FORMULA, TRUTH, MANY = 0x203, 0x27E, 0x204, 0xFD, 0x06, 0x205, 0xBD
CELLS = (NUMBER, RK, LABEL, SHARED, FORMULA, TRUTH)
ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
STRUCK, HIDDEN = 0x08, 0x20
NO_FONT = 4  # is never written, so later ones count one less
Record = tuple[int, bytes]


@dataclass(slots=True)
class _Styles:
    fonts: list[bool] = field(default_factory=list)
    """Whether each strikes through."""
    codes: dict[int, str] = field(default_factory=BUILT_IN.copy)
    cells: list[tuple[int, int]] = field(default_factory=list)
    """Font and format of each style."""

    def struck(self, style: int) -> bool:
        font = self.cells[style][0]
        return self.fonts[font - (font > NO_FONT)]


def xls_appearances(data: bytes) -> list[Appearance]:
    """Each sheet's, charts included, in the order of the workbook; none where the file is older or unusual.

    Raises:
        Unreadable: it is protected by a password.
    """
    try:
        stream = _stream(data)
        return _sheets(stream) if stream else []
    except (struct.error, LookupError, ValueError):
        return []


def _sheets(stream: bytes) -> list[Appearance]:
    styles, starts = _Styles(), []
    for kind, record in _records(stream, 0):
        if kind == BOF and struct.unpack_from("<H", record)[0] != VERSION_8:
            return []
        if kind == FILEPASS:
            raise locked()
        if kind == BOUNDSHEET:
            starts.append(struct.unpack_from("<I", record)[0])
        _learn(kind, record, styles)
    return [_sheet(stream, start, styles) for start in starts]


def _learn(kind: int, record: bytes, styles: _Styles) -> None:
    if kind == FONT:
        styles.fonts.append(bool(struct.unpack_from("<H", record, 2)[0] & STRUCK))
    elif kind == XF:
        styles.cells.append(struct.unpack_from("<HH", record))
    elif kind == FORMAT:
        number, length, wide = struct.unpack_from("<HHB", record)
        text = record[5 : 5 + length * (2 if wide else 1)]
        styles.codes[number] = text.decode("utf-16-le" if wide else "latin-1")


def _sheet(stream: bytes, start: int, styles: _Styles) -> Appearance:
    look = Appearance()
    for kind, record in _records(stream, start):
        if kind == ROW and struct.unpack_from("<I", record, 12)[0] & HIDDEN:
            look.hidden_rows.add(struct.unpack_from("<H", record)[0] + 1)
        elif kind in CELLS:
            row, column, style = struct.unpack_from("<HHH", record)
            _style(look, (row + 1, column), style, styles)
            if (error := _error(kind, record)) is not None:
                look.errors[row + 1, column] = ERRORS.get(error, "#N/A")
        elif kind == MANY:
            row, first = struct.unpack_from("<HH", record)
            for at, offset in enumerate(range(4, len(record) - 2, 6)):
                _style(look, (row + 1, first + at), struct.unpack_from("<H", record, offset)[0], styles)
    return look


def _style(look: Appearance, place: Place, style: int, styles: _Styles) -> None:
    if code := styles.codes.get(styles.cells[style][1]):
        look.formats[place] = code
    if styles.struck(style):
        look.struck.add(place)


def _error(kind: int, record: bytes) -> int | None:
    """The number of the error that a cell shows."""
    if kind == TRUTH and record[7]:
        return record[6]
    return record[8] if kind == FORMULA and record[12:14] == b"\xff\xff" and record[6] == 2 else None


def _records(stream: bytes, at: int) -> Iterator[Record]:
    """The records of one part of the stream, up to its end."""
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind == 0x0A:
            return
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _stream(data: bytes) -> bytes:
    """The stream `Workbook` of a compound file; empty where there is none."""
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    small_size = 1 << struct.unpack_from("<H", data, 32)[0]
    directory_at, small_table_at = struct.unpack_from("<I", data, 48)[0], struct.unpack_from("<I", data, 60)[0]
    table = _table(data, size)
    directory = _chain(data[size:], table, directory_at, size)
    entries = [directory[at : at + DIRECTORY_ENTRY] for at in range(0, len(directory), DIRECTORY_ENTRY)]
    for entry in entries:
        length = struct.unpack_from("<H", entry, 64)[0]
        if entry[: max(length - 2, 0)].decode("utf-16-le") == STREAM:
            start, count = struct.unpack_from("<II", entry, 116)
            if count >= SMALL:
                return _chain(data[size:], table, start, size)[:count]
            inside = _chain(data[size:], table, struct.unpack_from("<I", entries[0], 116)[0], size)
            small_table = _numbers(_chain(data[size:], table, small_table_at, size))
            return _chain(inside, small_table, start, small_size)[:count]
    return b""


def _table(data: bytes, size: int) -> list[int]:
    """By sector the number of the next one of its stream."""
    places = list(struct.unpack_from("<109I", data, 76))
    more, left = struct.unpack_from("<II", data, 68)
    left = min(left, len(data) // size)
    while more < END and left:
        sector = _numbers(data[(more + 1) * size : (more + 2) * size])
        places += sector[:-1]
        more, left = sector[-1], left - 1
    return [
        number for place in places if place < END for number in _numbers(data[(place + 1) * size : (place + 2) * size])
    ]


def _chain(sectors: bytes, table: list[int], start: int, size: int) -> bytes:
    """A stream's sectors, one after the other; a chain that runs in a circle ends."""
    found, seen = [], set()
    while start < END and start not in seen:
        seen.add(start)
        found.append(sectors[start * size : (start + 1) * size])
        start = table[start]
    return b"".join(found)


def _numbers(sector: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(sector) // 4}I", sector[: len(sector) // 4 * 4]))
