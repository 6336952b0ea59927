"""The station's outbox: every scan is committed here before anybody is told, and stays until the race is archived."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Lock

from timing.chance import Bits, new_lineage, system_bits
from timing.codes import Code
from timing.errors import Unreachable, WrongUse
from timing.events import StationFact
from timing.log.chain import Batch, Head, link
from timing.log.encoding import encode

SCHEMA = """
CREATE TABLE IF NOT EXISTS lineage (id TEXT NOT NULL, race TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS item (seq INTEGER PRIMARY KEY, data BLOB NOT NULL, hash BLOB NOT NULL, text TEXT);
CREATE TABLE IF NOT EXISTS roster (code TEXT PRIMARY KEY, bib INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS firm (code TEXT PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS mark (at INTEGER PRIMARY KEY, mark TEXT NOT NULL, code TEXT NOT NULL);
"""


class Outbox:
    """One lineage in a SQLite file, numbered without gaps and chained by hashes.

    Who keeps (the camera's thread, the heart, a hand at the keyboard) does so through one connection, one after the other; the
    courier reads through another: it never sees, and so never sends, what is not yet committed.
    """

    def __init__(self, path: Path, bits: Bits = system_bits) -> None:
        self._path, self._keeping = path, Lock()
        with self._told_plainly():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._writer, self._reader = _connect(path), _connect(path)
            self._writer.executescript(SCHEMA)
            self.lineage = self._lineage(bits)

    def keep(self, fact: StationFact, text: str | None = None) -> int:
        """Commit a fact and return its number; `text` is what the camera read and never leaves the station.

        Raises:
            Unreachable: the disk is full or read-only; nothing was kept.
        """
        data = encode(fact)
        with self._keeping, self._told_plainly(), _transaction(self._writer):
            head = _head(self._writer, "1")
            row = head.seq + 1, data, link(head.hash, data), text
            self._writer.execute("INSERT INTO item VALUES (?, ?, ?, ?)", row)
        return head.seq + 1

    def head(self) -> Head:
        with self._told_plainly():
            return _head(self._reader, "1")

    def head_at(self, seq: int) -> Head:
        """The chain's state after item `seq`; the empty head if there is no such item."""
        with self._told_plainly():
            return _head(self._reader, "seq = ?", seq)

    def batch(self, after: int, items_most: int, bytes_most: int) -> Batch:
        """The items that follow `after`, as many as fit; empty when there are none."""
        query = "SELECT data FROM item WHERE seq > ? ORDER BY seq LIMIT ?"
        items: list[bytes] = []
        size = 0
        with self._told_plainly():
            for (data,) in self._reader.execute(query, (after, items_most)):
                size += len(data)
                if items and size > bytes_most:
                    break
                items.append(data)
        return Batch(self.lineage, after + 1, self.head_at(after).hash, items)

    @property
    def path(self) -> Path:
        return self._path

    @property
    def race(self) -> str:
        """The race it belongs to; empty while it has not heard of one."""
        with self._told_plainly():
            return str(self._reader.execute("SELECT race FROM lineage").fetchone()[0])

    def belong_to(self, race: str) -> None:
        with self._keeping, self._told_plainly(), _transaction(self._writer):
            self._writer.execute("UPDATE lineage SET race = ?", (race,))

    def keep_roster(
        self,
        roster: Mapping[str, int],
        marks: Mapping[str, str] | None = None,
        firms: Mapping[str, str] | None = None,
    ) -> None:
        """Remember which bib carries which code, the marks, and the firms by code, for when no server can be asked."""
        with self._keeping, self._told_plainly(), _transaction(self._writer):
            self._writer.execute("DELETE FROM roster")
            self._writer.executemany("INSERT INTO roster VALUES (?, ?)", roster.items())
            self._writer.execute("DELETE FROM mark")
            self._writer.executemany("INSERT INTO mark (mark, code) VALUES (?, ?)", (marks or {}).items())
            self._writer.execute("DELETE FROM firm")
            self._writer.executemany("INSERT INTO firm VALUES (?, ?)", (firms or {}).items())

    def roster(self) -> dict[str, int]:
        with self._told_plainly():
            return dict(self._reader.execute("SELECT code, bib FROM roster").fetchall())

    def marks(self) -> dict[str, Code]:
        """Which code's bib bears which mark, in the order in which they were drawn."""
        with self._told_plainly():
            rows = self._reader.execute("SELECT mark, code FROM mark ORDER BY at").fetchall()
        return {mark: Code(code) for mark, code in rows}

    def firms(self) -> dict[str, str]:
        """The name of the firm for which the bearer of each code runs."""
        with self._told_plainly():
            return dict(self._reader.execute("SELECT code, name FROM firm").fetchall())

    def close(self) -> None:
        self._reader.close()
        self._writer.close()

    def _lineage(self, bits: Bits) -> str:
        with _transaction(self._writer):
            row = self._writer.execute("SELECT id FROM lineage").fetchone()
            if row:
                return str(row[0])
            lineage = new_lineage(bits)
            self._writer.execute("INSERT INTO lineage (id) VALUES (?)", (lineage,))
        return lineage

    @contextmanager
    def _told_plainly(self) -> Iterator[None]:
        """A disk that is full, read-only or damaged is told in one line."""
        try:
            yield
        except (OSError, sqlite3.Error, TypeError) as failure:  # the last from values that a damaged file may hold
            raise Unreachable(
                f"{self._path}: 보관함을 쓸 수 없습니다: {failure}", f"the outbox cannot be used: {failure}"
            ) from failure


def saved_outbox(path: Path) -> Outbox:
    """An outbox that is there already, as a file.

    Raises:
        WrongUse: it is none, so that nothing is written into it.
        Unreachable: it cannot be opened.
    """
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as looked_at:
            tables = {name for (name,) in looked_at.execute("SELECT name FROM sqlite_master")}
    except sqlite3.DatabaseError:
        tables = set()
    if not {"lineage", "item"} <= tables:
        raise WrongUse(
            f"{path}: 보관함이 아닙니다(비었거나 상했거나 다른 파일). 스테이션의 .db를 다시 복사하세요",
            f"{path} is no outbox (empty, damaged, or another file); copy the station's .db again",
        )
    return Outbox(path)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    for pragma, wanted in (("journal_mode", "wal"), ("synchronous", 2)):
        connection.execute(f"PRAGMA {pragma}={wanted}")
        if connection.execute(f"PRAGMA {pragma}").fetchone()[0] != wanted:
            raise sqlite3.OperationalError(f"PRAGMA {pragma} is not {wanted}")
    return connection


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _head(connection: sqlite3.Connection, condition: str, *values: int) -> Head:
    query = f"SELECT seq, hash FROM item WHERE {condition} ORDER BY seq DESC LIMIT 1"
    row = connection.execute(query, values).fetchone()
    return Head(*row) if row else Head()


def outbox_for(path: Path, race: str) -> Outbox:
    """The station's outbox for this race; one that belongs to another race is moved aside and begun anew.

    An empty `race` is one not known yet: then the outbox stays with whatever race it has.
    """
    outbox = Outbox(path)
    if race and outbox.race not in ("", race):
        aside = path.with_name(f"{path.stem}.{outbox.race}{path.suffix}")
        outbox.close()
        path.rename(aside)
        outbox = Outbox(path)
    if race:
        outbox.belong_to(race)
    return outbox
