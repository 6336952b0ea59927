"""One program a station: two with one outbox would count everybody twice, and take each other's film for a leftover."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from timing.errors import WrongUse
from timing.language import _


@contextmanager
def alone(lock: Path, name: str) -> Iterator[None]:
    """Hold this file until the end, or until the program's end, however that comes. It is a database, since those can be locked everywhere.

    A disk that takes no lock stops no station.

    Raises:
        WrongUse: another program holds it.
    """
    held = _opened(lock)
    if held is None:
        yield
        return
    with closing(held):
        try:
            held.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as failure:
            if failure.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                text = _(
                    "the station {name} is at work here already: stop it first, or call this one otherwise", name=name
                )
                raise WrongUse(text) from failure
        yield


def _opened(lock: Path) -> sqlite3.Connection | None:
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        return sqlite3.connect(lock, timeout=0, isolation_level=None, check_same_thread=False)
    except (OSError, sqlite3.Error):
        return None
