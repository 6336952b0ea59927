"""A station without a camera for the replay: keeps the facts on its input and prints what it kept only after the commit.

Each line of the input is a fact in hexadecimal. Outbox, uploader, heartbeats and uplink are the product's. The day it replays is not
today, so what its clock learns of the server's goes into a file beside the outbox; the clock is `AHEAD` of the machine's.
"""

import os
import sys
from contextlib import closing, suppress
from pathlib import Path
from threading import Event
from time import perf_counter

from scanners.outbox import Outbox
from scanners.outbox.heartbeat_sender import HeartbeatSender
from scanners.outbox.uplink import HttpUplink
from scanners.outbox.uploader import Uploader, start
from tests.builders import station_fact
from tests.outboxes import status_of
from timing.errors import RaceError
from timing.log import Receipt
from timing.race.chain import Batch
from timing.race.clock import SteadyClock, SystemClock
from timing.race.encoding import encode
from timing.race.events import ClockSampled, StationFact
from timing.race.instants import MILLISECOND, SECOND, Instant, Span, later

AHEAD = Span(7 * SECOND + 300 * MILLISECOND)
"""So far the station's clock is wrong."""
HANGS_S = 0.2
TRUSTED = ".trusted"
"""Ends the name of the file that a station with the planted fault leaves when it has beeped for nothing."""


class WrongClock:
    """The machine's clock, set wrongly."""

    def now(self) -> Instant:
        return later(SystemClock().now(), AHEAD)


class ReplayOutbox(Outbox):
    """Keeps the day's facts; exchanges of the time of day go into a file, a line each, after a line for each start."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._exchanges = path.with_suffix(".clock").open("ab", buffering=0)
        self._exchanges.write(b"started\n")

    def keep(self, fact: StationFact, text: str | None = None) -> int:
        if isinstance(fact, ClockSampled):
            self._exchanges.write(encode(fact).hex().encode() + b"\n")
            return self.head().seq
        return super().keep(fact, text)

    def close(self) -> None:
        self._exchanges.close()
        super().close()


class Timed(HttpUplink):
    """Knows for how long an answer has been due."""

    asked_at: float | None = None

    def send(self, batch: Batch) -> Receipt:
        self.asked_at = perf_counter()
        try:
            return super().send(batch)
        finally:
            self.asked_at = None

    def hangs(self) -> bool:
        return self.asked_at is not None and perf_counter() - self.asked_at > HANGS_S


def keep(outbox: Outbox, fact: StationFact, data: str) -> None:
    os.write(1, f"{outbox.lineage} {outbox.keep(fact)} {data}\n".encode())


def main(path: str, server: str, token: str, *planted: str) -> None:
    parent, pause = os.getppid(), Event()
    with closing(ReplayOutbox(Path(path))) as outbox:
        http = Timed(server, token)
        heartbeats = HeartbeatSender(
            outbox, http, SteadyClock(WrongClock()), status_of(outbox), keep_every=Span(SECOND)
        )
        uploader = Uploader(outbox, http, lambda _: 0, heartbeats)
        thread, stop = start(uploader, lambda _: None)
        for line in sys.stdin:
            if planted:
                while uploader.unsent() and not http.hangs():
                    pause.wait(0.01)
            if planted and http.hangs():  # the planted fault: beeps and counts on the server to come back
                os.write(1, f"{outbox.lineage} {outbox.head().seq + 1} {line.strip()}\n".encode())
                Path(path).with_suffix(TRUSTED).touch()
            else:
                keep(outbox, station_fact(bytes.fromhex(line)), line.strip())
        stop.set()
        thread.join()
        while uploader.unsent() and os.getppid() == parent:  # a test that died leaves nobody sending for ever
            with suppress(RaceError):
                uploader.drain()
        for _ in range(20):  # a quick day may have been too short for one: the server's clock is asked once for certain
            with suppress(RaceError):
                HeartbeatSender(
                    outbox, http, SteadyClock(WrongClock()), status_of(outbox), keep_every=Span(SECOND)
                ).run_if_due()
                break


if __name__ == "__main__":
    main(*sys.argv[1:])
