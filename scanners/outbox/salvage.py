"""Reads an outbox's file as far as it can be read, and says what of it is sound. Nothing is written into the file."""

import hashlib
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

from scanners.outbox.history import GAP_MOST, KeptItem, OutboxRow, hashes, mended
from scanners.outbox.room import was_unsaved
from timing.errors import Unreachable, WrongUse
from timing.language import _

BESIDE: Final = ("-wal", "-shm")
"""SQLite's companion files."""
DAMAGE: Final = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR)
TABLES: Final = {
    "roster": "SELECT code, bib FROM roster",
    "firm": "SELECT code, name FROM firm",
    "mark": "SELECT at, mark, code FROM mark",
}


class Salvaged(NamedTuple):
    """The content of an outbox's file; `lineage` is the lineage of its items from here on, `was` the one in the file.

    `torn` says that the file itself cannot be read to its end, `rehashed` that hashes beside sound items were damaged.
    """

    was: str
    lineage: str
    race: str
    items: Sequence[KeptItem]
    beside: dict[str, list[tuple[Any, ...]]]
    torn: bool
    rehashed: bool

    @property
    def damaged(self) -> list[int]:
        """The numbers of the damaged items."""
        return [seq for seq, item in enumerate(self.items, 1) if item.damaged is not None]

    @property
    def sound(self) -> bool:
        return not (self.damaged or self.torn or self.rehashed or self.was != self.lineage)

    @property
    def roster(self) -> dict[str, int]:
        return {_text(code): int(bib) for code, bib in self.beside["roster"]}


def proof_of(lineage: str, race: str) -> bytes:
    """Checksum of a lineage's name and race."""
    return hashlib.sha256(f"{lineage},{race}".encode()).digest()


def read_outbox(path: Path) -> Salvaged:
    """Read all readable items of an outbox file, also on a read-only medium.

    Raises:
        WrongUse: it is no outbox.
        Unreachable: the file cannot be read.
    """
    try:
        with suppress(sqlite3.OperationalError), closing(_for_reading(path)) as connection:
            return _whole(connection, path, was_unsaved(path))  # else it stands where nothing may be written beside it
        with TemporaryDirectory() as folder:
            for beside in ("", *BESIDE):
                with suppress(FileNotFoundError):
                    shutil.copyfile(f"{path}{beside}", Path(folder) / f"copy.db{beside}")
            with closing(_for_reading(Path(folder) / "copy.db")) as connection:
                return _whole(connection, path, was_unsaved(path))
    except sqlite3.DatabaseError as failure:
        if is_damage(failure):
            raise _none(path) from failure
        raise Unreachable(_("{path} cannot be read: {failure}", path=path, failure=failure)) from failure
    except OSError as failure:
        raise Unreachable(_("{path} cannot be read: {failure}", path=path, failure=failure)) from failure


def salvage(connection: sqlite3.Connection, unsaved: bool = False) -> Salvaged:
    """Everything readable of an open outbox; `unsaved` says that its last run held more than the file.

    Raises:
        sqlite3.DatabaseError: not even its tables can be told.
    """
    connection.text_factory = bytes
    tables = {_text(name) for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    was, race, kept, torn = _lineage(connection) if "lineage" in tables else ("", "", 0, False)
    rows, holes = _rows(connection) if "item" in tables else ([], False)
    beside, gaps = _beside(connection, tables)
    if not rows and not was and not torn:  # just made, nothing is in it
        return Salvaged("", "", race, [], beside, torn or gaps, False)
    lineage, items = mended(rows, max(kept, rows[-1].seq if rows else 0) + 1 if unsaved else kept, was)
    rehashed = len(rows) == len(items) and any(
        row.hash != new for row, (_, _, new) in zip(rows, hashes(items), strict=True)
    )
    return Salvaged(was, lineage, race, items, beside, torn or holes or gaps, rehashed)


def is_damage(failure: sqlite3.Error) -> bool:
    """Whether the file is to blame: not its place, nor somebody who has it locked."""
    return getattr(failure, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF in DAMAGE


def _unless_damage(failure: sqlite3.Error) -> None:
    if not is_damage(failure):
        raise failure


def _whole(connection: sqlite3.Connection, path: Path, unsaved: bool) -> Salvaged:
    found = salvage(connection, unsaved)
    if not found.items and not found.was:
        raise _none(path)
    return found


def _none(path: Path) -> WrongUse:
    return WrongUse(
        _("{path} is no outbox (empty, damaged, or another file); copy the station's .db again", path=path),
    )


def _for_reading(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def _lineage(connection: sqlite3.Connection) -> tuple[str, str, int, bool]:
    """Lineage, race, how many items there should be (0: not said), and whether this could not be read.

    Names whose proof does not fit are not believed.
    """
    try:
        columns = [_text(column[1]) for column in connection.execute("PRAGMA table_info(lineage)")]
        row = connection.execute("SELECT * FROM lineage").fetchone()
    except sqlite3.DatabaseError as failure:
        _unless_damage(failure)
        return "", "", 0, True
    if row is None:
        return "", "", 0, False
    said = dict(zip(columns, row, strict=True))
    lineage, race, kept, proof = _text(said.get("id")), _text(said.get("race")), said.get("kept"), said.get("proof")
    if proof is not None and proof != proof_of(lineage, race):
        lineage = race = ""
    return lineage, race, kept if isinstance(kept, int) else 0, False


def _rows(connection: sqlite3.Connection) -> tuple[list[OutboxRow], bool]:
    """The items in order, and whether some could not be read: then those from both ends, and any in between."""
    found, whole = _until_torn(connection, "ASC")
    if whole:
        return found, False
    later, _ = _until_torn(connection, "DESC")
    first, last = (found[-1].seq if found else 0), (later[-1].seq if later else 0)
    between = [row for seq in range(first + 1, min(last, first + GAP_MOST)) for row in _one(connection, seq)]
    rows = {row.seq: row for row in (*found, *between, *later)}
    return [rows[seq] for seq in sorted(rows)], True


def _until_torn(connection: sqlite3.Connection, order: str) -> tuple[list[OutboxRow], bool]:
    rows = list[OutboxRow]()
    try:
        for row in connection.execute(f"SELECT seq, data, hash, text FROM item ORDER BY seq {order}"):
            rows.append(_row(row))
    except sqlite3.DatabaseError as failure:
        _unless_damage(failure)
        return rows, False
    return rows, True


def _one(connection: sqlite3.Connection, seq: int) -> Iterator[OutboxRow]:
    with suppress(sqlite3.DatabaseError):
        yield from map(_row, connection.execute("SELECT seq, data, hash, text FROM item WHERE seq = ?", (seq,)))


def _row(row: tuple[Any, ...]) -> OutboxRow:
    seq, data, hashed, text = row
    return OutboxRow(int(seq), _bytes(data), _bytes(hashed), None if text is None else _text(text))


def _beside(connection: sqlite3.Connection, tables: set[str]) -> tuple[dict[str, list[tuple[Any, ...]]], bool]:
    """The stored roster, and whether some of it could not be read; the server or the next run provides it again."""
    found, torn = dict[str, list[tuple[Any, ...]]](), False
    for name, query in TABLES.items():
        found[name] = []
        if name in tables:
            try:
                found[name] = connection.execute(query).fetchall()
            except sqlite3.DatabaseError as failure:
                _unless_damage(failure)
                torn = True
    return found, torn


def _bytes(value: object) -> bytes:
    """A damaged file may hold values of any kind."""
    return value if isinstance(value, bytes) else b"" if value is None else str(value).encode()


def _text(value: object) -> str:
    return _bytes(value).decode("utf-8", "replace")
