"""The station's outbox: every scan is committed here before it is reported, and stays until the race is archived."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from threading import Lock

from scanners.outbox.file import begin, connect, make_tables, transaction
from scanners.outbox.history import OutboxRow
from scanners.outbox.mending import Mended, mend
from scanners.outbox.room import Room, is_full, no_room
from scanners.outbox.waiting import Waiting
from timing.errors import Unreachable
from timing.language import _
from timing.race.chain import Batch, Head, link
from timing.race.chance import Bits, new_lineage, system_bits
from timing.race.codes import Code
from timing.race.encoding import encode
from timing.race.events import StationFact


class Outbox:
    """One lineage in a SQLite file, numbered without gaps and chained by hashes.

    All writers (the camera's thread, the heartbeats, the operator) share one connection and take turns. The uploader reads through
    another one, so that it never sees, and never sends, what is not committed.

    A disk that takes nothing stops no station: items are held in memory then, sent from there, and written when there is room.
    Such items are `safe`, and may be reported, once they are on the disk or the server provably has them. Where
    even the file cannot be made, roster and lineage are in memory as well, and move into it with the items.
    """

    mended: Mended | None
    """The repair made when it was opened, if the disk had damaged it."""

    def __init__(self, path: Path, bits: Bits = system_bits, reserve_bytes: int = 0) -> None:
        """`reserve_bytes` of the disk are taken, freed when nothing else is left, and taken again when there is room."""
        self._path, self._keeping = path, Lock()
        self._held: tuple[OutboxRow, ...] = ()
        self._acked = 0
        self.trouble: str | None = None
        """Why nothing can be written to the disk at the moment."""
        self.on_change: Callable[[], object] = lambda: None
        """Called when `trouble` changes."""
        self._waiting: Waiting | None = None
        """While there is no file."""
        with self._told_plainly():
            try:
                self._open(bits)
            except (OSError, sqlite3.Error) as failure:
                if not (is_full(failure) or no_room(path)):
                    raise
                self._open_in_memory(bits, str(failure))
        self._room = Room(path, reserve_bytes)

    def _open(self, bits: Bits) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self.mended = mend(self._path, bits)
        self._writer, self._reader = connect(self._path), connect(self._path)
        make_tables(self._writer)
        self.lineage = self._lineage(bits)
        self._saved = _head(self._writer, "1")

    def _open_in_memory(self, bits: Bits, reason: str) -> None:
        self._waiting, self.mended, self.trouble = Waiting(self._path), None, reason
        self._writer = self._reader = self._waiting.memory
        make_tables(self._writer)
        self.lineage, self._saved = self._lineage(bits), Head()

    def keep(self, fact: StationFact, text: str | None = None) -> int:
        """Commit a fact and return its number; `text` is what the camera read and never leaves the station.

        It is on the disk, or, while the disk takes nothing, in memory: `safe` tells.
        """
        data = encode(fact)
        with self._keeping:
            head = Head(self._held[-1].seq, self._held[-1].hash) if self._held else self._saved
            row = OutboxRow(head.seq + 1, data, link(head.hash, data), text)
            return self._save((*self._held, row))

    @property
    def safe(self) -> int:
        """The last number up to which all is on the disk, or provably at the server."""
        held = self._held  # what is written meanwhile is no longer held, and was so before
        return max(held[0].seq - 1, self._acked) if held else self._saved.seq

    @property
    def unsaved(self) -> int:
        """How many items are in memory alone."""
        return len(self._held)

    def acknowledged(self, seq: int) -> None:
        """Called when the server provably has the items up to this number."""
        self._acked = seq

    def save(self) -> None:
        """Write what is held in memory, if the disk takes it by now; then the reserve may be taken again."""
        if self._held:
            with self._keeping:
                if self._held:
                    self._save(self._held)
        if not self._held:
            self._room.take()

    def head(self) -> Head:
        if held := self._held:
            return Head(held[-1].seq, held[-1].hash)
        with self._told_plainly():
            return _head(self._reader, "1")

    def head_at(self, seq: int) -> Head:
        """The chain's state after item `seq`; the empty head if there is no such item."""
        for row in self._held:
            if row.seq == seq:
                return Head(seq, row.hash)
        with self._told_plainly():
            return _head(self._reader, "seq = ?", seq)

    def batch(self, after: int, items_most: int, bytes_most: int) -> Batch:
        """The items that follow `after`, as many as fit; empty when there are none."""
        query = "SELECT data FROM item WHERE seq > ? ORDER BY seq LIMIT ?"
        held = self._held  # before the disk is asked: what is written meanwhile is found there
        items: list[bytes] = []
        size = 0
        with self._told_plainly():
            saved = (data for (data,) in self._reader.execute(query, (after, items_most)))
            for data in chain(saved, (row.data for row in held if row.seq > after + len(items))):
                size += len(data)
                if len(items) == items_most or (items and size > bytes_most):
                    break
                items.append(data)
        return Batch(self.lineage, after + 1, self.head_at(after).hash, items)

    @property
    def path(self) -> Path:
        return self._path

    @property
    def race(self) -> str:
        """The id of the race that it belongs to; empty while that is not known."""
        with self._told_plainly():
            return str(self._reader.execute("SELECT race FROM lineage").fetchone()[0])

    def belong_to(self, race: str) -> None:
        """Assign the outbox to this race.

        Raises:
            Unreachable: the disk takes nothing.
        """
        if self.race == race:
            return
        with self._keeping, self._told_plainly(), transaction(self._writer):
            begin(self._writer, self.lineage, race, _head(self._writer, "1").seq)

    def keep_roster(
        self,
        roster: Mapping[str, int],
        marks: Mapping[str, str] | None = None,
        firms: Mapping[str, str] | None = None,
    ) -> None:
        """Store the roster (bibs, marks and firms by code) for a start without a server."""
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
        self.save()
        self._room.close()
        self._reader.close()
        self._writer.close()
        if self._waiting:
            self._waiting.close()

    def _save(self, rows: tuple[OutboxRow, ...]) -> int:
        """Commit these rows, which follow what is saved, or hold them; the number of the last."""
        try:
            try:
                last = self._insert(rows)
            except (sqlite3.Error, OSError) as failure:
                if not (is_full(failure) and self._room.free()):
                    raise
                last = self._insert(rows)
        except (sqlite3.Error, OSError) as failure:
            self._hold(rows, failure)
            return rows[-1].seq
        else:
            self._saved = Head(last.seq, last.hash)
            if self._held:
                self._held, self.trouble = (), None
                self._room.clear()
                self.on_change()
            return last.seq

    def _insert(self, rows: Sequence[OutboxRow]) -> OutboxRow:
        if self._waiting and self._writer is self._waiting.memory:
            self._writer, self._reader = self._waiting.moved()
        with transaction(self._writer):
            head = _head(self._writer, "1")
            if head != self._saved and not self._held:  # a second process keeps in the same file: we come after it
                rows = [OutboxRow(head.seq + 1, row.data, link(head.hash, row.data), row.text) for row in rows[:1]]
            self._writer.executemany("INSERT INTO item VALUES (?, ?, ?, ?)", rows)
            self._writer.execute("UPDATE lineage SET kept = ?", (rows[-1].seq,))
        return rows[-1]

    def _hold(self, rows: tuple[OutboxRow, ...], failure: Exception) -> None:
        """Keep these rows in memory only; the marker file exists before any of them can be sent."""
        new, reason = not self._held, str(failure)
        if new:
            self._room.sign()
        self._held = rows
        if new or self.trouble != reason:
            self.trouble = reason
            self.on_change()

    def _lineage(self, bits: Bits) -> str:
        """The lineage of the file, created if there is none. A complete file is not written to, so that it opens on a full disk."""
        row = self._writer.execute("SELECT id, race, kept, proof FROM lineage").fetchone()
        if row and row[2] is not None and row[3] is not None:
            return str(row[0])
        with transaction(self._writer):
            lineage, race = (str(row[0]), str(row[1])) if row else (new_lineage(bits), "")
            begin(self._writer, lineage, race, _head(self._writer, "1").seq)
        return lineage

    @contextmanager
    def _told_plainly(self) -> Iterator[None]:
        """Turns errors of a full, read-only or damaged disk into Unreachable."""
        try:
            yield
        except (OSError, sqlite3.Error, TypeError) as failure:  # the last from values that a damaged file may hold
            raise Unreachable(
                _("{path}: the outbox cannot be used: {failure}", path=self._path, failure=failure)
            ) from failure


def _head(connection: sqlite3.Connection, condition: str, *values: int) -> Head:
    query = f"SELECT seq, hash FROM item WHERE {condition} ORDER BY seq DESC LIMIT 1"
    row = connection.execute(query, values).fetchone()
    return Head(*row) if row else Head()


def outbox_for(path: Path, race: str, reserve_bytes: int = 0) -> Outbox:
    """The station's outbox for this race; one that belongs to another race is moved aside and begun anew.

    `race` is empty while it is not known: then the outbox keeps the race that it has.
    """
    outbox = Outbox(path, reserve_bytes=reserve_bytes)
    if race and outbox.race not in ("", race):
        aside = path.with_name(f"{path.stem}.{outbox.race}{path.suffix}")
        outbox.close()
        path.rename(aside)
        outbox = Outbox(path, reserve_bytes=reserve_bytes)
    if race:
        outbox.belong_to(race)
    return outbox
