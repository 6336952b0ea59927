"""Sends the outbox to the log: in order, again after every loss; an acknowledgement counts only where the hashes agree."""

from collections.abc import Callable, Sequence
from threading import Event, Thread
from typing import Protocol

from scanners.outbox import Outbox
from scanners.outbox.uplink import NEAR_MS, Refused, Uplink
from scanners.protocol import BYTES_MOST, ITEMS_MOST
from timing.errors import RaceError
from timing.language import _
from timing.log import Outcome, Receipt
from timing.race.chain import Batch, Head
from timing.race.chance import Bits, system_bits

WAIT_FIRST_MS = 50
LOOK_AGAIN_TURNS = 40
"""The number of turns (about 3 s) after which the last acknowledged item is sent again, to notice a server that lost it."""


class Forked(Refused):
    """The server knows another history of this outbox: its disk was copied or rolled back."""

    def __init__(self, lineage: str) -> None:
        super().__init__(
            _(
                "this outbox ({lineage}) differs from what the server holds; scans are safe in quarantine; tell the desk",
                lineage=lineage[:8],
            ),
        )


class PeriodicTask(Protocol):
    """Work that the uploader does beside sending, when it is due."""

    def run_if_due(self) -> None:
        """Do it if it is due.

        Raises:
            Unreachable, Refused: it could not be done now.
        """
        ...

    def flush(self) -> None:
        """Called before the station closes."""
        ...


class Uploader:
    """Sends the items that are not acknowledged; `acked` advances only if the server's hash equals ours.

    If the server has another history of this outbox, all items are sent again from the first one, and the server keeps them in
    quarantine.
    """

    def __init__(
        self,
        outbox: Outbox,
        uplink: Uplink,
        bits: Bits = system_bits,
        heartbeats: PeriodicTask | None = None,
        patience_ms: int = NEAR_MS,
        set_aside: Callable[[Sequence[int]], object] = lambda _: None,
    ) -> None:
        """`patience_ms`: how long to wait at most between two tries; `set_aside` is called with the items that the log does not count."""
        self._outbox, self._uplink, self._bits, self._heartbeats = outbox, uplink, bits, heartbeats
        self._patience_ms, self._on_set_aside = patience_ms, set_aside
        self.set_aside: set[int] = set()
        """The items that the log keeps and does not count."""
        self.acked = 0
        self.trouble: RaceError | None = None
        self._sent = 0  # the last item that was sent, whether it went into the log or into quarantine
        self._forked = False

    def unsent(self) -> int:
        """How many items the server has not provably stored."""
        return self._outbox.head().seq - self.acked

    def drain(self) -> None:
        """Send until nothing is left.

        Raises:
            Unreachable: the server is away.
            Refused: the server will not take it.
            Forked: all was sent, but the server knows another history; a person must look.
        """
        self._outbox.save()
        while self._sent < self._outbox.head().seq:
            batch = self._outbox.batch(self._sent, ITEMS_MOST, BYTES_MOST)
            receipt = self._uplink.send(batch)
            self._adopt(receipt, batch)
            self._report_set_aside(receipt)
        if self._forked:
            raise Forked(self._outbox.lineage)

    def flush(self) -> None:
        """Record what the heartbeats have learnt, before the station closes."""
        if self._heartbeats:
            self._heartbeats.flush()

    def look_again(self) -> None:
        """Have the next drain send the last item once more, or a forked history whole.

        A server that was restored from a backup holds less than it acknowledged, and nobody else would tell a station that has
        nothing new to say.
        """
        if self._forked:
            self._forked, self._sent = False, 0
        else:
            self._sent = max(0, min(self._sent, self._outbox.head().seq - 1))

    def keep_draining(self, stop: Event, on_trouble: Callable[[RaceError | None], None]) -> None:
        """Drain and run the periodic work until `stop` is set, with exponential backoff and full jitter on errors.

        `on_trouble` is called with each new trouble, and with None when it is over. The uploader never gives up: a wrong proxy or a
        voided token may be repaired while the race goes on.
        """
        wait_ms, turn = WAIT_FIRST_MS, 0
        while not stop.is_set():
            turn += 1
            try:
                if turn % LOOK_AGAIN_TURNS == 0:
                    self.look_again()
                self.drain()
                if self._heartbeats:
                    self._heartbeats.run_if_due()
                self._report(None, on_trouble)
                wait_ms = WAIT_FIRST_MS
            except RaceError as trouble:
                self._report(trouble, on_trouble)
                wait_ms = min(2 * wait_ms, self._patience_ms)
            stop.wait((WAIT_FIRST_MS + self._bits(16) % wait_ms) / 1_000)

    def _report(self, trouble: RaceError | None, on_trouble: Callable[[RaceError | None], None]) -> None:
        if str(trouble) != str(self.trouble):
            on_trouble(trouble)
        self.trouble = trouble

    def _adopt(self, receipt: Receipt, batch: Batch) -> None:
        """Advance `acked` by what the receipt proves; a watermark with another hash than ours proves nothing."""
        last = batch.first + len(batch.items) - 1
        if receipt.outcome is Outcome.FORK:
            self._forked, self._sent = True, last
        elif self._proved(receipt.head):
            self.acked = self._sent = receipt.head.seq
            self._outbox.acknowledged(self.acked)
        elif receipt.outcome is Outcome.STORED and (batch.first == 1 or self._forked):
            self._forked, self._sent = (
                True,
                last,
            )  # the server holds all this and goes on otherwise: we were rolled back
        else:
            self._sent = 0  # from the first item on, so that our whole branch reaches the quarantine

    def _report_set_aside(self, receipt: Receipt) -> None:
        news = sorted({*receipt.set_aside} - self.set_aside)
        if news:
            self.set_aside |= {*news}
            self._on_set_aside(news)

    def _proved(self, head: Head) -> bool:
        return self._outbox.head_at(head.seq) == head


def start(uploader: Uploader, on_trouble: Callable[[RaceError | None], None]) -> tuple[Thread, Event]:
    """Run the uploader in a thread; the event stops it."""
    stop = Event()
    thread = Thread(target=uploader.keep_draining, args=(stop, on_trouble), name="uploader", daemon=True)
    thread.start()
    return thread, stop
