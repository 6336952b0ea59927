"""Small writes of many people as few transactions: a crowd with phones must not stand in the stations' way.

SQLite has one writer at a time. Whatever comes while a transaction is going on, or in the short pause after it, goes into the next
ones, up to a hundred in each. On PostgreSQL the crowd's transactions take turns, whichever server they come from: they count in the
same rows, and two that take them in another order would wait for each other for ever.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from threading import Event, Lock
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine

from timing.store.database import writing

R = TypeVar("R")
Waiting = tuple[Callable[[Connection], Any], Future[Any]]
WAITING_MOST: Final = 2_000
TOGETHER_MOST: Final = 100
"""Works in one transaction: about a tenth of a second, which is how long a station's write may have to wait for the crowd's."""
PAUSE_S: Final = 0.1
"""After each transaction, for the stations; five hundred works a second are still enough for what is no timing."""
CROWD_LOCK: Final = 0x6D617263  # any number of our own, another one than the tables' and the log's


@contextmanager
def crowd_writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes what spectators and the desk write beside the log; on every database one after the other."""
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({CROWD_LOCK})")
        yield connection


class GroupCommit:
    """Collects works that each need a transaction; a thread of its own does them, the earliest first."""

    def __init__(self, engine: Engine, pause_s: float = PAUSE_S) -> None:
        self._engine, self._pause_s = engine, pause_s
        self._waiting: list[Waiting] = []
        self._lock = Lock()
        self._thread = ThreadPoolExecutor(1, "group_commit")
        self._pause = Event()

    def __enter__(self) -> "GroupCommit":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def full(self) -> bool:
        """Whether so many wait that it is better to come again later."""
        return len(self._waiting) >= WAITING_MOST

    def put(self, work: Callable[[Connection], R]) -> Future[R]:
        """Have a work done soon; the answer comes after the commit. A work that fails undoes itself and nobody else's."""
        answer: Future[R] = Future()
        with self._lock:
            self._waiting.append((work, answer))
            first = len(self._waiting) == 1
        if first:
            self._thread.submit(self._work)
        return answer

    def close(self) -> None:
        """Do what waits, without further pauses."""
        self._pause.set()
        self._thread.shutdown()

    def _work(self) -> None:
        while taken := self._next():
            self._do([one for one in taken if one[1].set_running_or_notify_cancel()])
            self._pause.wait(self._pause_s)

    def _next(self) -> list[Waiting]:
        with self._lock:
            taken, self._waiting = self._waiting[:TOGETHER_MOST], self._waiting[TOGETHER_MOST:]
        return taken

    def _do(self, taken: Sequence[Waiting]) -> None:
        try:
            with crowd_writing(self._engine) as connection:
                told = [_done(work, answer, connection) for work, answer in taken]
        except Exception as failure:  # noqa: BLE001  (each of those who wait is told)
            told = [partial(answer.set_exception, failure) for _, answer in taken]
        for tell in told:
            tell()


def _done(work: Callable[[Connection], R], answer: Future[R], connection: Connection) -> Callable[[], None]:
    """Do a work within the transaction; gives what tells its answer, once that is committed."""
    try:
        with connection.begin_nested():
            return partial(answer.set_result, work(connection))
    except Exception as failure:  # noqa: BLE001  (whoever waits for it is told)
        return partial(answer.set_exception, failure)
