"""Tampering with a race's database: an SQL shell from which the triggers that guard the log were removed first."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


@contextmanager
def unguarded(path: Path) -> Iterator[sqlite3.Connection]:
    """A shell on the race's database in which everything may be changed."""
    with closing(sqlite3.connect(path)) as shell, shell:
        for (guard,) in shell.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            shell.execute(f"DROP TRIGGER {guard}")
        yield shell
