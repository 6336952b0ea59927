"""Durable appends on SQLite: over HTTP to a real server, the naive way, another library's recorder, and the chain's share."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from random import Random
from statistics import median
from unittest import mock
from uuid import UUID

from eventsourcing.persistence import StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore

from benchmarks.field import GUN, RACE, Camera, code_of, desk_facts, field, seen
from benchmarks.measure import Line, alternate, ratios, spread, taken_s
from scanners.outbox.uplink import HttpUplink
from timing.folder import create_race
from timing.log import Outcome
from timing.log.sql import SqlLog
from timing.race.chain import Batch
from timing.race.clock import SystemClock
from timing.race.encoding import encode
from timing.race.events import (
    Scanned,
)
from timing.race.instants import Instant
from timing.store.database import open_database, sqlite_file

ROUNDS = 9
SCANS = 2_000
"""Of the batching contenders in a round; the naive one sends a tenth of that."""
BATCH = 20
APPENDS = 40
"""Appends of each kind, in turn, whose median is one round of the chain's share."""
TOKEN = "0" * 64
HASHING = ("benchmarks.field.link", "timing.race.chain.link", "timing.log.sql_append.race_link")


def visits() -> Iterator[Scanned]:
    """Scans without end."""
    codes = [code_of(number) for number in range(500)]
    for number in count():
        yield seen(codes[number % 500], Instant(GUN + number * 1_000))


class Outbox:
    """A camera that has ever more to say."""

    def __init__(self, number: int) -> None:
        self.camera, self._visits = Camera("finish", number), visits()

    def batches(self, how_many: int, size: int) -> list[Batch]:
        return [self.camera.batch([next(self._visits) for _ in range(size)]) for _ in range(how_many)]

    def opening(self) -> Batch:
        return self.camera.batch([self.camera.opened()])


@contextmanager
def served(folder: Path, way: str, runners: int) -> Iterator[HttpUplink]:
    """A server process over a new race with so many runners, and a station's way to it."""
    with create_race(folder, "경주", "race", "GV.TEST", 4_500) as race:
        race.log.record(list(desk_facts(field(runners, Random(1))))[1:])
        race.directory.enrol("finish-1", TOKEN)
    server = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.server", str(folder), way], stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout
        yield HttpUplink(f"http://127.0.0.1:{server.stdout.readline().strip()}", TOKEN)
    finally:
        server.terminate()
        server.wait()


class Station:
    """One station that sends batch after batch, each after the answer to the one before, as the uploader does."""

    def __init__(self, uplink: HttpUplink, outbox: Outbox, size: int, scans: int) -> None:
        self._send, self._outbox, self._size, self._scans = uplink.send, outbox, size, scans
        self._send(outbox.opening())

    def rate(self) -> float:
        """Scans a second, each acknowledged."""
        batches = self._outbox.batches(self._scans // self._size, self._size)
        return self._scans / taken_s(lambda: self._deliver(batches))

    def _deliver(self, batches: Sequence[Batch]) -> None:
        for batch in batches:
            receipt = self._send(batch)
            assert receipt.outcome is Outcome.STORED and receipt.head.seq == batch.first + len(batch.items) - 1


class Recorder:
    """The eventsourcing library's SQLite recorder, called directly, with the same bytes."""

    topic = "timing.race.events:Scanned"

    def __init__(self, path: Path) -> None:
        datastore = SQLiteDatastore(str(path))
        self._recorder = SQLiteApplicationRecorder(datastore)
        self._recorder.create_table()
        self._visits, self._version = visits(), count(1)
        with datastore.transaction(commit=False) as cursor:
            cursor.execute("PRAGMA synchronous")
            self.synchronous = int(cursor.fetchone()[0])

    def rate(self) -> float:
        calls = [[self._stored(next(self._visits)) for _ in range(BATCH)] for _ in range(SCANS // BATCH)]
        return SCANS / taken_s(lambda: [self._recorder.insert_events(call) for call in calls])

    def _stored(self, visit: Scanned) -> StoredEvent:
        return StoredEvent(UUID(int=1), next(self._version), self.topic, encode(visit))


def over_http(folder: Path, runners: int = 0) -> list[Line]:
    """Rows 1 and 2."""
    with ExitStack() as stack:
        ours = Station(stack.enter_context(served(folder / "ours", "ours", runners)), Outbox(1), BATCH, SCANS)
        naive = Station(stack.enter_context(served(folder / "naive", "naive", runners)), Outbox(1), 1, SCANS // 10)
        library = Recorder(folder / "library.db")
        rates = alternate({"ours": ours.rate, "naive": naive.rate, "library": library.rate}, ROUNDS)
    won, level = ratios(rates["ours"], rates["naive"]), ratios(rates["ours"], rates["library"])
    said = {name: spread(found).said(" scans/s") for name, found in rates.items()}
    mode = {0: "OFF", 1: "NORMAL", 2: "FULL", 3: "EXTRA"}[library.synchronous]
    return [
        Line(
            f"durable append, 1 station, batches of {BATCH}, HTTP, SQLite FULL; beside it one scan a request, one commit a request",
            said["ours"],
            said["naive"],
            f"{won.said()} x",
            "at least 10x",
            won.middle >= 10,
        ),
        Line(
            f"the same; beside it eventsourcing's SQLite recorder, called directly, no HTTP (synchronous={mode})",
            said["ours"],
            said["library"],
            f"{level.said()} x",
            "at least 1x",
            level.middle >= 1,
        ),
    ]


def chain_shares(folder: Path) -> list[Line]:
    """Row 6: batches appended with the real chain, and with hashes that cost nothing."""
    return [_chain_share(folder, size) for size in (20, 100)]


def _chain_share(folder: Path, size: int) -> Line:
    ways = {way: _one_append(folder / f"{way}-{size}.db", size, way) for way in ("real", "constant")}
    rounds = [alternate(ways, APPENDS) for _ in range(ROUNDS)]
    real, constant = ([median(found[way]) for found in rounds] for way in ways)
    shares = spread([1 - without / whole for whole, without in zip(real, constant, strict=True)])
    return Line(
        f"the chain's share of a direct append of {size}; beside it the same with hashing taken out",
        spread(real).said(" us", 1e6),
        spread(constant).said(" us", 1e6),
        shares.said(" %", 100),
        "under 10 %",
        shares.middle < 0.1,
    )


def _one_append(path: Path, size: int, way: str) -> Callable[[], float]:
    log, outbox = SqlLog(open_database(sqlite_file(path)), RACE, SystemClock()), Outbox(1)

    def append() -> float:
        with ExitStack() as stack:
            for name in HASHING if way == "constant" else ():
                stack.enter_context(mock.patch(name, lambda *_: bytes(32)))
            (batch,) = outbox.batches(1, size)
            return taken_s(lambda: log.receive(batch))

    return append
