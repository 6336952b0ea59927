"""The station's outbox: every scan is committed here before anybody is told, and stays until the race is archived."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from scanners.outbox.file import begin, connect, make_tables, transaction
from scanners.outbox.mending import Mended, mend
from timing.chance import Bits, new_lineage, system_bits
from timing.codes import Code
from timing.errors import Unreachable
from timing.events import StationFact
from timing.log.chain import Batch, Head, link
from timing.log.encoding import encode


class Outbox:
    """One lineage in a SQLite file, numbered without gaps and chained by hashes.

    Who keeps (the camera's thread, the heart, a hand at the keyboard) does so through one connection, one after the other; the
    courier reads through another: it never sees, and so never sends, what is not yet committed.
    """

    mended: Mended | None
    """What was done when it was opened, because the disk had damaged it."""

    def __init__(self, path: Path, bits: Bits = system_bits) -> None:
        self._path, self._keeping = path, Lock()
        with self._told_plainly():
            path.parent.mkdir(parents=True, exist_ok=True)
            self.mended = mend(path, bits)
            self._writer, self._reader = connect(path), connect(path)
            make_tables(self._writer)
            self.lineage = self._lineage(bits)

    def keep(self, fact: StationFact, text: str | None = None) -> int:
        """Commit a fact and return its number; `text` is what the camera read and never leaves the station.

        Raises:
            Unreachable: the disk is full or read-only; nothing was kept.
        """
        data = encode(fact)
        with self._keeping, self._told_plainly(), transaction(self._writer):
            head = _head(self._writer, "1")
            row = head.seq + 1, data, link(head.hash, data), text
            self._writer.execute("INSERT INTO item VALUES (?, ?, ?, ?)", row)
            self._writer.execute("UPDATE lineage SET kept = ?", (head.seq + 1,))
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
        with self._keeping, self._told_plainly(), transaction(self._writer):
            begin(self._writer, self.lineage, race, _head(self._writer, "1").seq)

    def keep_roster(
        self,
        roster: Mapping[str, int],
        marks: Mapping[str, str] | None = None,
        firms: Mapping[str, str] | None = None,
    ) -> None:
        """Remember which bib carries which code, the marks, and the firms by code, for when no server can be asked."""
        with self._keeping, self._told_plainly(), transaction(self._writer):
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
        with transaction(self._writer):
            row = self._writer.execute("SELECT id, race FROM lineage").fetchone()
            lineage, race = (str(row[0]), str(row[1])) if row else (new_lineage(bits), "")
            begin(self._writer, lineage, race, _head(self._writer, "1").seq)
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
