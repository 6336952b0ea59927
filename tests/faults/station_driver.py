"""A station without a camera: keeps a scan for each line on its input and beeps (prints what it kept) only after the commit.

Outbox, uploader and uplink are the product's. When the input ends it sends the rest and goes. With the fault planted it beeps
first, and stands still between one beep and its commit until it is killed.
"""

import os
import signal
import sys
from contextlib import closing, suppress
from pathlib import Path

from scanners.outbox import Outbox
from scanners.outbox.uplink import HttpUplink
from scanners.outbox.uploader import Uploader, start
from tests.builders import GUN, scan
from timing.errors import RaceError
from timing.race.encoding import encode
from timing.race.events import StationFact, StationOpened

LAST_BEEP = 20
"""The beep that has no commit behind it, where the fault is planted."""


class Camera:
    """Keeps, then beeps; the other way round where that fault is planted."""

    def __init__(self, outbox: Outbox, too_early: bool) -> None:
        self._outbox, self._too_early, self._next = outbox, too_early, outbox.head().seq + 1

    def sees(self, fact: StationFact) -> None:
        if self._too_early:
            self._beep(self._next, fact)
            if self._next == LAST_BEEP:
                signal.pause()
            self._next = self._outbox.keep(fact) + 1
        else:
            self._beep(self._outbox.keep(fact), fact)

    def _beep(self, seq: int, fact: StationFact) -> None:
        os.write(1, f"{self._outbox.lineage} {seq} {encode(fact).hex()}\n".encode())


def main(path: str, name: str, server: str, token: str, *planted: str) -> None:
    parent = os.getppid()
    with closing(Outbox(Path(path))) as outbox:
        camera = Camera(outbox, "beeps too early" in planted)
        uploader = Uploader(
            outbox, HttpUplink(server, token), lambda _: 0
        )  # waits 50 ms and no longer: more meets the road
        thread, stop = start(uploader, lambda _: None)
        camera.sees(StationOpened(name, "finish", GUN))
        for line in sys.stdin.buffer:
            camera.sees(scan(417, "17:05", frame=int(line)))
        stop.set()
        thread.join()
        while uploader.unsent() and os.getppid() == parent:  # a test that died leaves nobody sending for ever
            with suppress(RaceError):
                uploader.drain()


if __name__ == "__main__":
    main(*sys.argv[1:])
