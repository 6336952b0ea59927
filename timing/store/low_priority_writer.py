"""Combines small writes of many people into few transactions, so that they do not delay the stations'.

SQLite has one writer at a time. Writes that arrive during a transaction, or in the short pause after it, go into the next ones, up to
a hundred in each. On PostgreSQL these transactions take turns, across all servers: they count in the same rows, and two
transactions that lock those in different orders would deadlock.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine

from timing.store.database import writing
from timing.store.group_commit import GroupCommit

R = TypeVar("R")
Work = Callable[[Connection], Any]
WAITING_MOST: Final = 2_000
TOGETHER_MOST: Final = 100
"""Works in one transaction: about a tenth of a second, which is how long a station's write may have to wait for the crowd's."""
PAUSE_S: Final = 0.1
"""After each transaction, for the stations: five hundred works a second are enough for writes that time nobody."""
CROWD_LOCK: Final = 0x6D617263  # any number of our own, another one than the tables' and the log's


@contextmanager
def low_priority_writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes what spectators and the desk write beside the log; on every database one after the other."""
    with writing(engine) as connection:
        take_turn(connection)
        yield connection


def take_turn(connection: Connection) -> None:
    """Within a transaction: from here to its end nobody else writes beside the log."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({CROWD_LOCK})")


class LowPriorityWriter(GroupCommit[Work, Any]):
    """Does works that each need a transaction, many in one; a work that fails undoes itself and no other."""

    def __init__(self, engine: Engine, pause_s: float = PAUSE_S) -> None:
        super().__init__(partial(_done, engine), TOGETHER_MOST, WAITING_MOST, pause_s)

    def put(self, work: Callable[[Connection], R]) -> Future[R]:
        """As `GroupCommit.submit`, with the type of the result."""
        return self.submit(work)


def _done(engine: Engine, works: list[Work]) -> list[Any]:
    with low_priority_writing(engine) as connection:
        return [_attempt(work, connection) for work in works]


def _attempt(work: Callable[[Connection], R], connection: Connection) -> R | Exception:
    try:
        with connection.begin_nested():
            return work(connection)
    except Exception as failure:  # noqa: BLE001  (whoever waits for it is told)
        return failure
