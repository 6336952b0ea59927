"""The one writer of a process: requests that come at once share one commit, and each is answered after it."""

from concurrent.futures import Future
from contextlib import suppress
from queue import Empty, Full, Queue
from threading import Thread

from timing.errors import Unreachable
from timing.language import _
from timing.log import Log, Receipt
from timing.race.chain import Batch

WAITING_MOST = 1_024
"""Requests that may wait; the next one is told to come again."""
SHARE_MOST = 512
"""Requests that share one commit."""
CLOSING_S = 12
"""Longer than a locked database may take to say so."""


class Busy(Unreachable):
    """Too many requests wait; the station keeps its scans and comes again."""

    def __init__(self) -> None:
        super().__init__(_("the intake is busy; send again in a moment"))


class Writer:
    """A thread that drains the waiting batches into the log, one commit for all that wait."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._waiting: Queue[tuple[Batch, Future[Receipt]] | None] = Queue(WAITING_MOST)
        self._thread = Thread(target=self._write, name="writer", daemon=True)
        self._thread.start()

    def submit(self, batch: Batch) -> "Future[Receipt]":
        """Hand in a batch; the future resolves after the commit, or fails with what the log raised.

        Raises:
            Busy: too many wait already.
        """
        answer: Future[Receipt] = Future()
        try:
            self._waiting.put_nowait((batch, answer))
        except Full:
            raise Busy from None
        return answer

    def close(self) -> None:
        """Write what waits, then stop; a database that hangs is not waited for: nothing of it was acknowledged."""
        with suppress(Full):
            self._waiting.put(None, timeout=CLOSING_S)
        self._thread.join(CLOSING_S)

    def __enter__(self) -> "Writer":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _write(self) -> None:
        while (first := self._waiting.get()) is not None:
            group, closing = [first], False
            while len(group) < SHARE_MOST and not closing:
                try:
                    another = self._waiting.get_nowait()
                except Empty:
                    break
                if another is None:
                    closing = True
                else:
                    group.append(another)
            self._commit(group)
            if closing:
                return

    def _commit(self, waited: list[tuple[Batch, "Future[Receipt]"]]) -> None:
        group = [(batch, answer) for batch, answer in waited if answer.set_running_or_notify_cancel()]  # some have left
        try:
            receipts = self._log.receive_all([batch for batch, _ in group])
        except Exception as failure:  # noqa: BLE001  (whatever it is, each sender hears it, and nobody an acknowledgement)
            for _, answer in group:
                answer.set_exception(failure)
            return
        for (_, answer), receipt in zip(group, receipts, strict=True):
            answer.set_result(receipt)
