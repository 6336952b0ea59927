"""The power goes at any moment: what a station beeped for and what the server acknowledged is there at the next start.

Covered: the outbox's and the log's own code, every pragma and statement of them, on a disk that keeps only what was synced and
any torn part of the rest; each image is then opened by the product on Python's own SQLite, as after a power cut.
Not covered: a real disk, file system or power cut; two connections at once and the shared-memory file (`test_kills` has
both); the SQLite that wrote is apsw's, newer than the one that reads; PostgreSQL.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import create_engine

import scanners.outbox.file
import timing.store.database
from scanners.outbox import Outbox
from tests.builders import GUN, RACE, Station, gun, race, scan
from tests.clock_and_chance import ManualClock, seeded_bits
from tests.faults.crashing_disk import CrashingDisk
from tests.faults.crashing_driver import crashing_driver
from tests.faults.soak import SEED, scaled
from tests.memory_log import MemoryLog
from timing.errors import RaceError
from timing.log import Log, Outcome
from timing.log.sql import SqlLog
from timing.log.verify import verify
from timing.race.chain import ROOT, Batch, Head, Item, link
from timing.race.encoding import encode
from timing.race.events import (
    Scanned,
)
from timing.race.instants import SECOND, Span
from timing.race.records import Recorded
from timing.store.database import open_database, sqlite_file

IMAGES = scaled(60, 10_000)
"""Of each, the outbox and the log."""
IMAGES_OF_FAULTS = 150
ONE_STEP_IN = 9
PLENTY = 10**9
SHM = Path("/dev/shm")


@dataclass(slots=True)
class Tally:
    """What was found in the images."""

    images: int = 0
    promises: int = 0
    steps: int = 0
    lost: int = 0
    altered: int = 0
    unreadable: int = 0

    def harm(self) -> tuple[int, int, int]:
        return self.lost, self.altered, self.unreadable


@dataclass(frozen=True, slots=True)
class Fault:
    """What is planted: a disk that lies, or a `synchronous` below FULL."""

    lies: bool = False
    synchronous: int | None = None

    def found(self, tally: Tally) -> bool:
        """Whether the images show it: promises are lost, and but for NORMAL, whose files stay whole, some cannot be read."""
        if self == SOUND:
            return False
        return bool(tally.lost and (tally.unreadable or self.synchronous == 1))


SOUND = Fault()


@contextmanager
def crashing(
    fault: Fault, chance: Random, monkeypatch: pytest.MonkeyPatch, look: Callable[[CrashingDisk], None]
) -> Iterator[CrashingDisk]:
    """While inside, outbox and log write to a disk whose image may be taken at any step."""
    disk = CrashingDisk(chance, lies=fault.lies)
    disk.look = lambda: look(disk) if chance.randrange(ONE_STEP_IN) == 0 else None
    with disk.mounted() as name, monkeypatch.context() as patched:
        driver = crashing_driver(name, chance.choice((4, 30, 1_000)), fault.synchronous)
        patched.setattr(scanners.outbox.file, "sqlite3", driver)
        patched.setattr(timing.store.database, "create_engine", partial(create_engine, module=driver))
        yield disk


@contextmanager
def restarted(image: dict[str, bytes]) -> Iterator[Path]:
    """A folder that holds what the power cut left."""
    with TemporaryDirectory(dir=SHM if SHM.is_dir() else None) as folder:
        for name, content in image.items():
            (Path(folder) / name).write_bytes(content)
        yield Path(folder)


def sound(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as shell:
        return shell.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


# The station's outbox.


@dataclass(slots=True)
class Beeps:
    """What a station told people, and what it tried to keep."""

    lineage: str = ""
    told: int = 0
    tried: list[Scanned] = field(default_factory=list)


def judge_outbox(image: dict[str, bytes], lineage: str, told: int, tried: list[bytes], tally: Tally) -> None:
    with restarted(image) as folder:
        path = folder / "finish-1.db"
        try:
            with closing(Outbox(path, seeded_bits(99))) as outbox:
                found = list(outbox.batch(0, PLENTY, PLENTY).items)
                hashed = ROOT
                for item in found:
                    hashed = link(hashed, item)
                tally.lost += max(0, told - len(found)) + (bool(lineage) and outbox.lineage != lineage)
                tally.altered += found != tried[: len(found)] or outbox.head() != Head(len(found), hashed)
                tally.unreadable += not sound(path) or outbox.keep(scan(1, "1:00:00")) != len(found) + 1
        except (RaceError, sqlite3.Error):
            tally.unreadable += 1


def crash_outboxes(images: int, monkeypatch: pytest.MonkeyPatch, fault: Fault = SOUND) -> Tally:
    """Keep scans on crashing disks until so many images were taken, and judge each; a planted fault need be found only once."""
    tally, seed = Tally(), SEED
    while tally.images < images and not fault.found(tally):
        chance, beeps, taken = Random(seed), Beeps(), list[tuple[dict[str, bytes], str, int, list[Scanned]]]()

        def look(disk: CrashingDisk, beeps: Beeps = beeps, taken: list = taken) -> None:  # type: ignore[type-arg]
            taken.append((disk.image(), beeps.lineage, beeps.told, list(beeps.tried)))

        with crashing(fault, chance, monkeypatch, look) as disk, TemporaryDirectory() as folder:
            with closing(Outbox(Path(folder) / "finish-1.db", seeded_bits(seed))) as outbox:
                beeps.lineage = outbox.lineage
                for number in range(chance.randrange(10, 60)):
                    if chance.randrange(20) == 0:
                        outbox.keep_roster({f"{n:011}": n for n in range(chance.randrange(200))})
                    beeps.tried.append(scan(number + 1, "17:05", frame=chance.randrange(2**40)))
                    beeps.told = outbox.keep(beeps.tried[-1], "가" * chance.randrange(600))
            assert disk.steps, "nothing came to the crashing disk"
            tally.steps += disk.steps
        for image, lineage, told, tried in taken:
            if fault.found(tally):
                break
            judge_outbox(image, lineage, told, [encode(fact) for fact in tried], tally)
        tally.images, tally.promises = tally.images + len(taken), tally.promises + beeps.told
        seed += 1
    return tally


# The server's log.


@dataclass(frozen=True, slots=True)
class Told:
    """What had been acknowledged when the power went: how many facts, and which items in quarantine."""

    facts: int = 0
    aside: frozenset[tuple[str, Item]] = frozenset()


@dataclass(slots=True)
class RaceDay:
    """The same day told to two logs: one on the crashing disk, one in memory to compare with."""

    chance: Random
    clock: ManualClock
    model: MemoryLog
    ends: set[int] = field(default_factory=lambda: {0})
    told: Told = Told()

    def run(self, log: Log, steps: int) -> None:
        stations = [Station(f"finish-{n}") for n in range(3)]
        clone = stations[0].clone()
        for _ in range(steps):
            self.clock.tick(Span(SECOND))
            kind = self.chance.randrange(10)
            if kind == 0:
                facts = race(*(gun(wave=str(self.chance.randrange(99))) for _ in range(self.chance.randrange(1, 4))))
                self._both(log, lambda taking, facts=facts: taking.record(facts))  # type: ignore[misc]
                continue
            batches = [self._batch(self.chance.choice([*stations, clone])) for _ in range(1 + kind // 4)]
            self._both(log, lambda taking, batches=batches: taking.receive_all(batches))  # type: ignore[misc]

    def _batch(self, station: Station) -> Batch:
        for _ in range(self.chance.randrange(4)):
            station.says(scan(self.chance.randrange(1, 999), "17:05", frame=self.chance.randrange(2**40)))
        head = self.model.lineage_head(station.lineage).seq
        first = min(len(station.items), max(1, head + self.chance.choice((1, 1, 1, 0, -2, 3))))
        return station.batch(first, first + self.chance.randrange(12))

    def _both(self, log: Log, act: Callable[[Log], object]) -> None:
        expected = act(self.model)
        self.ends.add(self.model.head().seq)
        assert act(log) == expected
        self.told = Told(self.model.head().seq, frozenset(self.model.quarantined()))


def judge_log(image: dict[str, bytes], told: Told, day: RaceDay, facts: list[Recorded], tally: Tally) -> None:
    with restarted(image) as folder:
        path = folder / "race.db"
        try:
            engine = open_database(sqlite_file(path))
            try:
                log = SqlLog(engine, RACE, ManualClock(GUN))
                found, aside = list(log.read()), set(log.quarantined())
                tally.lost += max(0, told.facts - len(found)) + len(told.aside - aside)
                tally.altered += found != facts[: len(found)] or not aside <= set(day.model.quarantined())
                whole = verify(log).damage is None and len(found) in day.ends and sound(path)
                more = log.receive(Station("split-9").says(scan(1, "17:05")).batch())
                tally.unreadable += not whole or more.outcome is not Outcome.STORED
            finally:
                engine.dispose()
        except RaceError:
            tally.unreadable += 1


def crash_logs(images: int, monkeypatch: pytest.MonkeyPatch, fault: Fault = SOUND) -> Tally:
    """Receive batches on crashing disks until so many images were taken, and judge each; a planted fault need be found only once."""
    tally, seed = Tally(), SEED
    while tally.images < images and not fault.found(tally):
        chance, clock, taken = Random(seed), ManualClock(GUN), list[tuple[dict[str, bytes], Told]]()
        day = RaceDay(chance, clock, MemoryLog(RACE, clock))

        def look(disk: CrashingDisk, day: RaceDay = day, taken: list = taken) -> None:  # type: ignore[type-arg]
            taken.append((disk.image(), day.told))

        with crashing(fault, chance, monkeypatch, look) as disk:
            engine = timing.store.database.open_database(sqlite_file(Path("/race.db")))
            day.run(SqlLog(engine, RACE, clock), chance.randrange(10, 60))
            engine.dispose()
            assert disk.steps, "nothing came to the crashing disk"
            tally.steps += disk.steps
        facts = list(day.model.read())
        for image, told in taken:
            if fault.found(tally):
                break
            judge_log(image, told, day, facts, tally)
        tally.images, tally.promises = tally.images + len(taken), tally.promises + len(facts)
        seed += 1
    return tally


Crash = Callable[[int, pytest.MonkeyPatch, Fault], Tally]


@pytest.mark.parametrize("crash", [crash_outboxes, crash_logs])
def test_no_power_cut_loses_or_changes_what_was_promised(crash: Crash, monkeypatch: pytest.MonkeyPatch) -> None:
    tally = crash(IMAGES, monkeypatch, SOUND)
    print(crash.__name__, tally)
    assert tally.harm() == (0, 0, 0), f"from seed {SEED}: {tally}"
    assert tally.images >= IMAGES


@pytest.mark.parametrize("crash", [crash_outboxes, crash_logs])
@pytest.mark.parametrize(
    "fault",
    [Fault(synchronous=1), Fault(synchronous=0), Fault(lies=True)],
    ids=["synchronous=NORMAL", "synchronous=OFF", "a disk that lies"],
)
def test_the_judge_sees_what_a_weaker_promise_loses(
    crash: Crash, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    tally = crash(IMAGES_OF_FAULTS, monkeypatch, fault)
    print(crash.__name__, fault, tally)
    assert fault.found(tally), f"from seed {SEED}: {tally}"
