"""The SQLite file of an outbox: its tables, how it is opened, and a transaction on it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from scanners.outbox.salvage import proof_of
from timing.private import begin_private

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS lineage (id TEXT NOT NULL, race TEXT NOT NULL DEFAULT '', kept INTEGER, proof BLOB);
CREATE TABLE IF NOT EXISTS item (seq INTEGER PRIMARY KEY, data BLOB NOT NULL, hash BLOB NOT NULL, text TEXT);
CREATE TABLE IF NOT EXISTS damaged (seq INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS roster (code TEXT PRIMARY KEY, bib INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS firm (code TEXT PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS mark (at INTEGER PRIMARY KEY, mark TEXT NOT NULL, code TEXT NOT NULL);
"""
"""`kept` says how many items there are and `proof` what the lineage is: a row or a name that was damaged is found by them."""


def connect(path: Path) -> sqlite3.Connection:
    """Open the file so that a commit is on the disk.

    Raises:
        sqlite3.Error: it cannot be opened, or not in this way.
    """
    begin_private(path)  # it holds the roster's codes
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    for pragma, wanted in (("journal_mode", "wal"), ("synchronous", 2)):
        connection.execute(f"PRAGMA {pragma}={wanted}")
        if connection.execute(f"PRAGMA {pragma}").fetchone()[0] != wanted:
            raise sqlite3.OperationalError(f"PRAGMA {pragma} is not {wanted}")
    return connection


def make_tables(connection: sqlite3.Connection) -> None:
    """Make the tables, and what those of an older version lack."""
    connection.executescript(SCHEMA)
    there = {column[1] for column in connection.execute("PRAGMA table_info(lineage)")}
    for column in ("kept INTEGER", "proof BLOB"):
        if column.split()[0] not in there:
            connection.execute(f"ALTER TABLE lineage ADD COLUMN {column}")


def begin(connection: sqlite3.Connection, lineage: str, race: str, kept: int) -> None:
    """Write down whose items these are, and how many."""
    connection.execute("DELETE FROM lineage")
    row = lineage, race, kept, proof_of(lineage, race)
    connection.execute("INSERT INTO lineage (id, race, kept, proof) VALUES (?, ?, ?, ?)", row)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Commit what is done inside, or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
