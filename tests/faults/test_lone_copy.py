"""A database copied without its write-ahead log, or with a torn one: what is missing there, the stations send again.

What the desk recorded after the last checkpoint is missing from such a copy too, and nobody sends it again: that is why
`marathon log backup` copies otherwise. Here the desk records first.
"""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from scanners.outbox import Outbox
from scanners.outbox.uplink import LogUplink
from scanners.outbox.uploader import LOOK_AGAIN_TURNS, Uploader
from tests.builders import GUN, RACE, gun, opened, race, runner, scan
from tests.clock_and_chance import ManualClock, seeded_bits
from tests.faults.race_day import Turns
from tests.faults.soak import SEED, scaled
from tests.intakes import Road
from timing.log.sql import SqlLog
from timing.log.verify import verify
from timing.store.database import open_database, sqlite_file

TEARS = scaled(40, 1_000)
BEFORE, AFTER = 6, 30
PLENTY = 10**9


class Day:
    """A server that runs, one finish station, and a checkpoint in between."""

    def __init__(self, folder: Path, checkpoint: bool) -> None:
        self.path = folder / "race.db"
        self.engine = open_database(sqlite_file(self.path))
        self.log = SqlLog(self.engine, RACE, ManualClock(GUN))
        self.log.record(race(opened(), *runner(417), gun()))
        self.outbox = Outbox(folder / "stations" / "finish-1.db", seeded_bits(1))
        self.road = Road(self.log)
        self.uploader = Uploader(self.outbox, self.road)
        self._scans(BEFORE)
        if checkpoint:
            with self.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        self._scans(AFTER)
        assert self.uploader.unsent() == 0

    def _scans(self, count: int) -> None:
        for number in range(count):
            self.outbox.keep(scan(417, "17:05", frame=number))
            self.uploader.drain()

    def close(self) -> None:
        self.outbox.close()
        self.engine.dispose()


@pytest.fixture(params=[True, False], ids=["after a checkpoint", "before any"])
def day(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Day]:
    with closing(Day(tmp_path, request.param)) as prepared:
        yield prepared


def refill(copy: Path, day: Day, how: str) -> int:
    """Let the station send to a server on the copy; how many of its scans that held before."""
    engine = open_database(sqlite_file(copy))
    log = SqlLog(engine, RACE, ManualClock(GUN))
    held = log.lineage_head(day.outbox.lineage).seq
    assert verify(log).damage is None
    uploader = Uploader(day.outbox, day.road, lambda _: 0)
    uploader.drain()  # to the first server: this uploader believes, rightly, that all is away
    assert uploader.unsent() == 0
    day.road.log = log
    if how == "restarted":
        uploader = Uploader(day.outbox, LogUplink(log))
        uploader.drain()
    elif how == "has a new scan":
        day.outbox.keep(scan(417, "18:00"))
        uploader.drain()
    else:
        uploader.keep_draining(Turns(LOOK_AGAIN_TURNS + 1), lambda _: None)
    sent = [fact.data for fact in log.read() if fact.lineage == day.outbox.lineage]
    assert sent == list(day.outbox.batch(0, PLENTY, PLENTY).items)
    assert log.lineage_head(day.outbox.lineage) == day.outbox.head()
    assert len(log.quarantined()) == 0
    assert verify(log).damage is None
    day.road.log = day.log
    engine.dispose()
    return held


@pytest.mark.parametrize("how", ["restarted", "has a new scan", "has nothing to say"])
def test_a_lone_copy_gets_back_all_that_the_station_promised(day: Day, tmp_path: Path, how: str) -> None:
    (tmp_path / "copy").mkdir()
    held = refill(Path(shutil.copy(day.path, tmp_path / "copy")), day, how)
    assert held in (0, BEFORE)  # the rest stands in the write-ahead log, which was not copied


def test_the_day_has_scans_that_only_the_write_ahead_log_holds(tmp_path: Path) -> None:
    with closing(Day(tmp_path, checkpoint=True)) as day:
        (tmp_path / "copy").mkdir()
        assert refill(Path(shutil.copy(day.path, tmp_path / "copy")), day, "restarted") == BEFORE


def test_a_torn_tail_of_the_write_ahead_log_costs_only_what_is_sent_again(day: Day, tmp_path: Path) -> None:
    chance, held = Random(SEED), set[int]()
    wal = day.path.with_name("race.db-wal").read_bytes()
    for number in range(TEARS):
        copy = tmp_path / f"copy-{number}" / "race.db"
        copy.parent.mkdir()
        shutil.copy(day.path, copy)
        cut, torn = chance.randrange(len(wal)), bytearray(wal)
        if chance.randrange(2):
            del torn[cut:]
        else:  # a sector that never arrived
            torn[cut : cut + 512] = bytes(len(torn[cut : cut + 512]))
        copy.with_name("race.db-wal").write_bytes(torn)
        held.add(refill(copy, day, "restarted"))
        shutil.rmtree(copy.parent)
    print(f"{TEARS} tears; scans held before sending again: {sorted(held)}")
    assert len(held) > 8, f"seed {SEED}"  # the tears hit different places; the day has no more scans than some forty


def test_a_courier_that_never_looks_again_is_found_out(
    day: Day, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault."""
    monkeypatch.setattr(Uploader, "look_again", lambda _: None)
    (tmp_path / "copy").mkdir()
    with pytest.raises(AssertionError):
        refill(Path(shutil.copy(day.path, tmp_path / "copy")), day, "has nothing to say")
