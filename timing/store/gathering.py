"""Small writes of many people as few transactions: a crowd with phones must not stand in the stations' way.

SQLite has one writer at a time. Whatever comes while a transaction is going on, or in the short pause after it, goes into the next
one together.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event, Lock
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine

from timing.store.database import writing

R = TypeVar("R")
WAITING_MOST: Final = 2_000
PAUSE_S: Final = 0.1
"""After each transaction: ten a second are enough for what is no timing."""


class Gathering:
    """Collects works that each need a transaction; a thread of its own does them, the earliest first."""

    def __init__(self, engine: Engine, pause_s: float = PAUSE_S) -> None:
        self._engine, self._pause_s = engine, pause_s
        self._waiting: list[tuple[Callable[[Connection], Any], Future[Any]]] = []
        self._lock = Lock()
        self._thread = ThreadPoolExecutor(1, "gathering")
        self._pause = Event()

    @property
    def full(self) -> bool:
        """Whether so many wait that it is better to come again later."""
        return len(self._waiting) >= WAITING_MOST

    def put(self, work: Callable[[Connection], R]) -> Future[R]:
        """Have a work done soon; the answer comes after the commit."""
        answer: Future[R] = Future()
        with self._lock:
            self._waiting.append((work, answer))
            first = len(self._waiting) == 1
        if first:
            self._thread.submit(self._work)
        return answer

    def _work(self) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, []
        taken = [(work, answer) for work, answer in waiting if answer.set_running_or_notify_cancel()]
        try:
            with writing(self._engine) as connection:
                done = [work(connection) for work, _ in taken]
        except Exception as failure:  # noqa: BLE001  (each of those who wait is told)
            for _, answer in taken:
                answer.set_exception(failure)
        else:
            for (_, answer), result in zip(taken, done, strict=True):
                answer.set_result(result)
        self._pause.wait(self._pause_s)

    def close(self) -> None:
        """Do what waits, without further pauses."""
        self._pause.set()
        self._thread.shutdown()
