"""Writes that come at once share one commit, and each is answered after it."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from queue import Empty, Queue
from threading import Event, Thread
from typing import Generic, Self, TypeVar

W = TypeVar("W")
R = TypeVar("R")


class GroupCommit(Generic[W, R]):
    """A thread of its own that commits all the works that wait as one, the earliest first.

    `commit` writes some works and gives for each its result or why it failed; what it raises is the answer to all of them. `together_most`
    works share a commit; `full` tells that `waiting_most` wait. After each commit the thread pauses for `pause_s`; a commit that hangs
    holds up `close` for `closing_s` (None: as long as it takes).
    """

    def __init__(
        self,
        commit: Callable[[list[W]], Sequence[R | Exception]],
        together_most: int,
        waiting_most: int,
        pause_s: float = 0,
        closing_s: float | None = None,
    ) -> None:
        self._commit, self._together_most, self._waiting_most = commit, together_most, waiting_most
        self._pause_s, self._closing_s, self._closing = pause_s, closing_s, Event()
        self._waiting: Queue[tuple[W, Future[R]] | None] = Queue()
        self._thread = Thread(target=self._run, name="group_commit", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def full(self) -> bool:
        """Whether the queue is so long that callers should retry later."""
        return self._waiting.qsize() >= self._waiting_most

    def submit(self, work: W) -> Future[R]:
        """Hand in a work; the future resolves after its commit."""
        answer: Future[R] = Future()
        self._waiting.put((work, answer))
        return answer

    def close(self) -> None:
        """Commit what waits, without further pauses, and stop."""
        self._closing.set()
        self._waiting.put(None)
        self._thread.join(self._closing_s)

    def _run(self) -> None:
        last = False
        while not last:
            group, last = self._next()
            self._answer([one for one in group if one[1].set_running_or_notify_cancel()])  # some have left
            self._closing.wait(self._pause_s)

    def _next(self) -> tuple[list[tuple[W, Future[R]]], bool]:
        """Wait for a work, and take those that wait behind it; whether these are the last."""
        group, one = list[tuple[W, Future[R]]](), self._waiting.get()
        while one is not None:
            group.append(one)
            if len(group) == self._together_most:
                return group, False
            try:
                one = self._waiting.get_nowait()
            except Empty:
                return group, False
        return group, True

    def _answer(self, group: list[tuple[W, Future[R]]]) -> None:
        try:
            results = self._commit([work for work, _ in group]) if group else []
        except Exception as failure:  # noqa: BLE001  (whatever it is, each who waits hears it)
            results = [failure] * len(group)
        for (_, answer), result in zip(group, results, strict=True):
            if isinstance(result, Exception):
                answer.set_exception(result)
            else:
                answer.set_result(result)
