"""Python's `sqlite3`, as far as the outbox and SQLAlchemy use it, with its files on a crashing disk.

The product's own code runs on it, pragmas, statements and all; nothing is replayed or imitated. What differs from race day:
the SQLite inside is the one that apsw brings, the write-ahead index lies in memory (such a disk has no shared memory), all who
open a file share one connection, and checkpoints come every few pages instead of every thousand.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import apsw

Row = tuple[Any, ...]


class Cursor:
    """The rows of a statement, fetched at once."""

    def __init__(self, connection: "Connection") -> None:
        self._connection, self._rows = connection, iter(list[Row]())
        self.description: Sequence[Row] | None = None
        self.rowcount, self.lastrowid, self.arraysize = -1, 0, 1

    def execute(self, sql: str, values: Sequence[Any] = ()) -> "Cursor":
        rows, self.description, self.rowcount = self._connection.run(sql, values)
        self._rows = iter(rows)
        self.lastrowid = self._connection.inner.last_insert_rowid()
        return self

    def executemany(self, sql: str, many: Iterable[Sequence[Any]]) -> "Cursor":
        changed = [self.execute(sql, values).rowcount for values in many]
        self.rowcount = sum(changed)
        return self

    def fetchone(self) -> Row | None:
        return next(self._rows, None)

    def fetchall(self) -> list[Row]:
        return list(self._rows)

    def fetchmany(self, size: int = 1) -> list[Row]:
        return [row for _, row in zip(range(size), self._rows, strict=False)]

    def __iter__(self) -> Iterator[Row]:
        return self._rows

    def close(self) -> None: ...


class Connection:
    """A connection; `synchronous` other than None is a build that says 2 and does otherwise."""

    def __init__(self, path: str, disk: str, checkpoint_pages: int, synchronous: int | None) -> None:
        self.inner = apsw.Connection(path, vfs=disk)
        self._synchronous = synchronous
        self.isolation_level, self.text_factory = None, str
        self.run("PRAGMA locking_mode=EXCLUSIVE")
        self.run(f"PRAGMA wal_autocheckpoint={checkpoint_pages}")

    @property
    def in_transaction(self) -> bool:
        return self.inner.in_transaction

    def run(self, sql: str, values: Sequence[Any] = ()) -> tuple[list[Row], Sequence[Row] | None, int]:
        if self._synchronous is not None and sql.startswith("PRAGMA synchronous"):
            sql = f"PRAGMA synchronous={self._synchronous}" if "=" in sql else "SELECT 2"
        described: list[Row] = []

        def describe(cursor: apsw.Cursor, _sql: str, _values: object) -> bool:
            described[:] = [(name, *[None] * 6) for name, *_ in cursor.get_description()]
            return True

        cursor = self.inner.cursor()
        cursor.exec_trace = describe
        try:
            rows = list(cursor.execute(sql, tuple(values)))
        except apsw.Error as failure:
            raise sqlite3.OperationalError(str(failure)) from failure
        return rows, described or None, self.inner.changes()

    def cursor(self) -> Cursor:
        return Cursor(self)

    def execute(self, sql: str, values: Sequence[Any] = ()) -> Cursor:
        return Cursor(self).execute(sql, values)

    def executemany(self, sql: str, many: Iterable[Sequence[Any]]) -> Cursor:
        return Cursor(self).executemany(sql, many)

    def executescript(self, script: str) -> Cursor:
        return Cursor(self).execute(script)

    def create_function(self, name: str, narg: int, func: Any, **_: object) -> None:
        self.inner.create_scalar_function(name, func, narg)

    def commit(self) -> None:
        if self.in_transaction:
            self.run("COMMIT")

    def rollback(self) -> None:
        if self.in_transaction:
            self.run("ROLLBACK")

    def close(self) -> None:
        self.inner.close()


def crashing_driver(disk: str, checkpoint_pages: int, synchronous: int | None = None) -> SimpleNamespace:
    """A stand-in for the module `sqlite3` whose files lie on the disk of that name."""
    opened: dict[str, Connection] = {}

    def connect(path: object, **_: object) -> Connection:
        name = str(path)
        if name not in opened:
            opened[name] = Connection(name, disk, checkpoint_pages, synchronous)
        return opened[name]

    return SimpleNamespace(**{**vars(sqlite3), "connect": connect})
