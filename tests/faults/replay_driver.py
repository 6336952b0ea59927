"""A station without a camera for the replay: keeps the facts on its input and prints what it kept only after the commit.

Each line of the input is a fact in hexadecimal. Outbox, courier, heart and uplink are the product's; of its clock nothing is
kept, for the day it replays is not today.
"""

import os
import sys
from contextlib import closing, suppress
from pathlib import Path

from scanners.outbox import Outbox
from scanners.outbox.courier import Courier, start
from scanners.outbox.heart import Heart
from scanners.outbox.uplink import HttpUplink
from tests.builders import station_fact
from timing.clock import SteadyClock
from timing.errors import RaceError
from timing.events import StationFact


def keep(outbox: Outbox, fact: StationFact, data: str) -> None:
    os.write(1, f"{outbox.lineage} {outbox.keep(fact)} {data}\n".encode())


def main(path: str, server: str, token: str) -> None:
    parent = os.getppid()
    with closing(Outbox(Path(path))) as outbox:
        http = HttpUplink(server, token)
        courier = Courier(outbox, http, lambda _: 0, Heart(outbox, http, SteadyClock(), keep_every=None))
        thread, stop = start(courier, lambda _: None)
        for line in sys.stdin:
            keep(outbox, station_fact(bytes.fromhex(line)), line.strip())
        stop.set()
        thread.join()
        while courier.unsent() and os.getppid() == parent:  # a test that died leaves nobody sending for ever
            with suppress(RaceError):
                courier.drain()


if __name__ == "__main__":
    main(*sys.argv[1:])
