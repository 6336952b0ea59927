"""The station's outbox: every scan is committed here before anybody is told, and stays until the race is archived."""

import sqlite3
from collections.abc import Mapping
from pathlib import Path

from timing.chain import Batch, Head, link
from timing.chance import Bits, new_lineage, system_bits
from timing.encoding import encode
from timing.errors import Unreachable
from timing.events import StationFact

SCHEMA = """
CREATE TABLE IF NOT EXISTS lineage (id TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS item (seq INTEGER PRIMARY KEY, data BLOB NOT NULL, hash BLOB NOT NULL, text TEXT);
CREATE TABLE IF NOT EXISTS roster (code TEXT PRIMARY KEY, bib INTEGER NOT NULL);
"""


class Outbox:
    """One lineage in a SQLite file, numbered without gaps and chained by hashes."""

    def __init__(self, path: Path, bits: Bits = system_bits) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            for pragma, wanted in (("journal_mode", "wal"), ("synchronous", 2)):
                self._db.execute(f"PRAGMA {pragma}={wanted}")
                if self._db.execute(f"PRAGMA {pragma}").fetchone()[0] != wanted:
                    raise sqlite3.OperationalError(f"PRAGMA {pragma} is not {wanted}")
            self._db.executescript(SCHEMA)
            self.lineage = self._lineage(bits)
        except (OSError, sqlite3.Error) as failure:
            raise Unreachable(
                f"{path}: 보관함을 열 수 없습니다: {failure}", f"cannot open the outbox: {failure}"
            ) from failure

    def keep(self, fact: StationFact, text: str | None = None) -> int:
        """Commit a fact and return its number; `text` is what the camera read and never leaves the station."""
        data = encode(fact)
        self._db.execute("BEGIN IMMEDIATE")
        head = self.head()
        self._db.execute("INSERT INTO item VALUES (?, ?, ?, ?)", (head.seq + 1, data, link(head.hash, data), text))
        self._db.execute("COMMIT")
        return head.seq + 1

    def head(self) -> Head:
        return self._head_where("1")

    def head_at(self, seq: int) -> Head:
        """The chain's state after item `seq`; the empty head if there is no such item."""
        return self._head_where("seq = ?", seq)

    def batch(self, after: int, items_most: int, bytes_most: int) -> Batch:
        """The items that follow `after`, as many as fit; empty when there are none."""
        items: list[bytes] = []
        for (data,) in self._db.execute(
            "SELECT data FROM item WHERE seq > ? ORDER BY seq LIMIT ?", (after, items_most)
        ):
            if items and sum(map(len, items)) + len(data) > bytes_most:
                break
            items.append(data)
        return Batch(self.lineage, after + 1, self.head_at(after).hash, items)

    def keep_roster(self, roster: Mapping[str, int]) -> None:
        """Remember which bib carries which code, for when no server can be asked."""
        self._db.execute("BEGIN IMMEDIATE")
        self._db.execute("DELETE FROM roster")
        self._db.executemany("INSERT INTO roster VALUES (?, ?)", roster.items())
        self._db.execute("COMMIT")

    def roster(self) -> dict[str, int]:
        return dict(self._db.execute("SELECT code, bib FROM roster").fetchall())

    def _head_where(self, condition: str, *values: int) -> Head:
        query = f"SELECT seq, hash FROM item WHERE {condition} ORDER BY seq DESC LIMIT 1"
        row = self._db.execute(query, values).fetchone()
        return Head(*row) if row else Head()

    def _lineage(self, bits: Bits) -> str:
        row = self._db.execute("SELECT id FROM lineage").fetchone()
        if row:
            return str(row[0])
        lineage = new_lineage(bits)
        self._db.execute("INSERT INTO lineage VALUES (?)", (lineage,))
        return lineage
