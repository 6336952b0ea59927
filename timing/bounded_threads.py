"""Runs work that may hang (a database, a disk) on threads beside an event loop, with a limit on the time to an answer."""

from asyncio import get_running_loop, wait_for, wrap_future
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from functools import partial
from queue import Full, Queue
from threading import Lock, Thread
from typing import Any, Final, TypeVar

from timing.errors import Unreachable
from timing.language import _

R = TypeVar("R")
PATIENCE_S: Final = 2.0
WAITING_MOST: Final = 200
SAY_AGAIN_AFTER_S: Final = 60.0
HANGS: Final = _("the database does not answer; requests are put off (503)")


class NoAnswerInTime(Unreachable):
    """There is no answer in time, or too many wait for one; the work may still be done."""

    def __init__(self) -> None:
        super().__init__(_("no answer just now; try again in a moment"))


class BoundedThreads:
    """Threads with a limit to the number of waiting calls and to the time until an answer; calls cancelled before their turn are dropped.

    `complain` is called at most once a minute while work hangs.
    """

    def __init__(
        self,
        name: str,
        threads: int,
        patience_s: float = PATIENCE_S,
        waiting_most: int = WAITING_MOST,
        complain: Callable[[str], object] = lambda _: None,
    ) -> None:
        self._name, self._threads, self._lock = name, threads, Lock()
        self._queue: Queue[tuple[Future[Any], Callable[[], Any]]] = Queue(waiting_most)
        self.patience_s, self._complain = patience_s, complain
        self._said_at = float("-inf")

    async def __call__(self, work: Callable[..., R], *given: Any) -> R:
        """The result of `work`.

        Raises:
            NoAnswerInTime: there is none in time.
            Exception: whatever the work raises.
        """
        try:
            coming = self.begin(work, *given)
        except NoAnswerInTime:
            self._say()
            raise
        return await self.answer(coming)

    def begin(self, work: Callable[..., R], *given: Any) -> "Future[R]":
        """Start work without waiting for its result; needs no event loop.

        Raises:
            NoAnswerInTime: too many wait.
        """
        coming: Future[R] = Future()
        try:
            self._queue.put_nowait((coming, partial(work, *given)))
        except Full:
            raise NoAnswerInTime from None
        self._start()
        return coming

    async def answer(self, coming: "Future[R]") -> R:
        """The result of another thread's work, within the time limit.

        Raises:
            NoAnswerInTime: as above.
        """
        return await self.in_time(_come(coming))

    async def in_time(self, coming: Coroutine[Any, Any, R]) -> R:
        """The result of an awaitable, within the time limit.

        Raises:
            NoAnswerInTime: as above.
        """
        try:
            return await wait_for(coming, self.patience_s)
        except TimeoutError as late:
            self._say()
            raise NoAnswerInTime from late

    def _start(self) -> None:
        """Start the threads with the first work. They are daemon threads: one that hangs must not keep the program from ending."""
        with self._lock:
            while self._threads:
                self._threads -= 1
                Thread(target=_work, args=(self._queue,), name=self._name, daemon=True).start()

    def _say(self) -> None:
        now = get_running_loop().time()
        if now - self._said_at >= SAY_AGAIN_AFTER_S:
            self._said_at = now
            self._complain(str(HANGS))


async def _come(coming: "Future[R]") -> R:
    return await wrap_future(coming)


def _work(queue: "Queue[tuple[Future[Any], Callable[[], Any]]]") -> None:
    while True:
        answer, work = queue.get()
        if answer.set_running_or_notify_cancel():
            try:
                found = work()
            except BaseException as failure:  # noqa: BLE001  (whoever asked hears it)
                answer.set_exception(failure)
            else:
                answer.set_result(found)
