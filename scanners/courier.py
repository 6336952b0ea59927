"""Carries the outbox to the log: in order, again after every loss, never believing an acknowledgement it cannot prove."""

from threading import Event, Thread

from scanners.outbox import Outbox
from scanners.protocol import BYTES_MOST, ITEMS_MOST
from scanners.uplink import Refused, Uplink
from timing.chain import Head
from timing.chance import Bits, system_bits
from timing.errors import RaceError, Unreachable
from timing.log import Outcome, Receipt

WAIT_FIRST_MS = 50
WAIT_MOST_MS = 2_000


class Forked(Refused):
    """The server knows another history of this outbox: its disk was copied or rolled back."""

    def __init__(self, lineage: str) -> None:
        super().__init__(
            f"이 스테이션의 보관함({lineage[:8]})이 서버의 기록과 다릅니다. 스캔은 격리되어 안전합니다. 본부에 알리세요",
            f"this outbox ({lineage[:8]}) differs from what the server holds; scans are safe in quarantine; tell the desk",
        )


class Courier:
    """Sends what is not yet acknowledged; `acked` only moves where the server's hash equals our own."""

    def __init__(self, outbox: Outbox, uplink: Uplink, bits: Bits = system_bits) -> None:
        self._outbox, self._uplink, self._bits = outbox, uplink, bits
        self.acked = 0
        self.trouble: RaceError | None = None

    def unsent(self) -> int:
        return self._outbox.head().seq - self.acked

    def drain(self) -> None:
        """Send until nothing is left.

        Raises:
            Unreachable: the server is away.
            Refused: the server will not take it; `Forked` if it knows another history.
        """
        while self.unsent():
            batch = self._outbox.batch(self.acked, ITEMS_MOST, BYTES_MOST)
            self._adopt(self._uplink.send(batch), sent_from=batch.first)

    def keep_draining(self, stop: Event) -> None:
        """Drain again and again until told to stop, waiting longer, with full jitter, while the server is away."""
        wait_ms = WAIT_FIRST_MS
        while not stop.is_set():
            try:
                self.drain()
                self.trouble, wait_ms = None, WAIT_FIRST_MS
            except Unreachable as away:
                self.trouble, wait_ms = away, min(2 * wait_ms, WAIT_MOST_MS)
            except Refused as refused:
                self.trouble = refused
                return
            stop.wait((WAIT_FIRST_MS + self._bits(16) % wait_ms) / 1_000)

    def _adopt(self, receipt: Receipt, sent_from: int) -> None:
        ours = self._proved(receipt.head)
        if receipt.outcome is Outcome.FORK or (not ours and sent_from == 1):
            raise Forked(self._outbox.lineage)
        # A watermark with a foreign hash proves nothing: send all again, so that our whole branch reaches the quarantine.
        self.acked = receipt.head.seq if ours else 0

    def _proved(self, head: Head) -> bool:
        return self._outbox.head_at(head.seq) == head


def start(courier: Courier) -> tuple[Thread, Event]:
    """Run the courier beside the camera."""
    stop = Event()
    thread = Thread(target=courier.keep_draining, args=(stop,), name="courier", daemon=True)
    thread.start()
    return thread, stop
