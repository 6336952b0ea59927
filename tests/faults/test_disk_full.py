"""The disk is full: nothing is acknowledged or beeped that was not kept, the board goes on, and room mends it.

Everywhere, SQLite itself is told to take no further page; where we may mount (as root), a real file system of two megabytes is
filled as well, write-ahead log and all. Not covered: a quota, a disk that is read-only from the first, a full PostgreSQL.
"""

import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Protocol

import pytest
from sqlalchemy import Engine, event

from results.board.board_app import Board
from scanners.outbox import Outbox
from scanners.outbox.salvage import read_outbox
from scanners.outbox.uplink import HttpUplink, LogUplink
from scanners.outbox.uploader import Uploader
from scanners.reading.frame_reader import FrameReader
from scanners.station.station import KeptScan, Station
from tests.boards import ask, followed, net, race_folder
from tests.builders import GUN, RACE, scan
from tests.clock_and_chance import ManualClock, seeded_bits
from tests.faults.small_disk import mounted
from tests.intakes import TOKEN, intake_server
from tests.memory_log import MemoryLog
from tests.pictures import frames, url
from timing.errors import Unreachable
from timing.log import DiskFull, Receipt
from timing.log.sql import SqlLog
from timing.log.verify import verify
from timing.race.chain import Batch
from timing.race.fold import fold

SCANS_MOST = 3_000
PLENTY = 10**9


class SmallDisk(Protocol):
    """A disk with little room."""

    folder: Path

    def holds(self, database: Engine | Outbox) -> None:
        """Have the database live within this disk's room."""
        ...

    def make_room(self) -> None: ...


class FewPages:
    """SQLite takes no more than so many pages for a file."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._most = folder, 60
        self._outboxes: list[Outbox] = []

    def holds(self, database: Engine | Outbox) -> None:
        if isinstance(database, Outbox):
            self._outboxes.append(database)
            self._limit(database)
        else:
            event.listen(database, "checkout", lambda driver, *_: driver.execute(self._pragma()))

    def make_room(self) -> None:
        self._most = PLENTY
        for outbox in self._outboxes:
            self._limit(outbox)

    def _limit(self, outbox: Outbox) -> None:
        with suppress(sqlite3.ProgrammingError):  # it may be closed by now
            outbox._writer.execute(self._pragma())

    def _pragma(self) -> str:
        return f"PRAGMA max_page_count={self._most}"


class Mounted:
    """A file system of two megabytes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def holds(self, database: Engine | Outbox) -> None: ...

    def make_room(self) -> None:
        subprocess.run(["mount", "-o", "remount,size=16m", self.folder], check=True)


@pytest.fixture(params=["few pages", "a file system"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SmallDisk]:
    if request.param == "few pages":
        yield FewPages(tmp_path)
        return
    with mounted(tmp_path / "small") as folder:
        yield Mounted(folder)


def test_a_full_server_acknowledges_nothing_more_and_goes_on_when_there_is_room(
    disk: SmallDisk, tmp_path: Path
) -> None:
    with (
        race_folder(disk.folder / "race", [net(417, 1_000.0)]) as opened,
        closing(Outbox(tmp_path / "finish-1.db", seeded_bits(1))) as outbox,
    ):
        disk.holds(opened.engine)
        before = opened.log.head().seq
        with intake_server(opened.log) as address:
            uploader = Uploader(outbox, HttpUplink(address, TOKEN))

            def send_until_full() -> None:
                for _ in range(SCANS_MOST):
                    outbox.keep(scan(417, "17:05"))
                    uploader.drain()

            with pytest.raises(Unreachable, match="507"):
                send_until_full()
            kept = uploader.acked
            print(f"{kept} scans, then full")
            assert kept > 5
            for _ in range(3):  # and again: still nothing stored, nothing acknowledged
                with pytest.raises(Unreachable, match="507"):
                    uploader.drain()
            assert uploader.acked == kept == opened.log.lineage_head(outbox.lineage).seq
            assert opened.log.head().seq == before + kept
            assert verify(opened.log).damage is None

            follower = followed(opened, pytest.fail)
            assert follower.snapshot.version == before + kept
            board = Board(lambda: follower.snapshot, follower.firm_of, behind=lambda *_: pytest.fail("not found"))
            assert ask(board, "/head.json").status_code == 200

            disk.make_room()
            outbox.keep(scan(417, "17:06"))
            uploader.drain()
            assert uploader.unsent() == 0
            assert [fact.data for fact in opened.log.read(before)] == list(outbox.batch(0, PLENTY, PLENTY).items)
            assert verify(opened.log).damage is None


def test_a_server_that_hides_a_full_disk_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: what is acknowledged is not there."""
    with (
        race_folder(tmp_path / "race", [net(417, 1_000.0)]) as opened,
        closing(Outbox(tmp_path / "finish-1.db", seeded_bits(1))) as outbox,
    ):
        disk, honest, twin = FewPages(tmp_path), SqlLog.receive_all, MemoryLog(RACE, ManualClock(GUN))
        disk.holds(opened.engine)

        def hides(log: SqlLog, batches: Sequence[Batch]) -> list[Receipt]:
            with suppress(DiskFull):
                honest(log, batches)
            return twin.receive_all(batches)

        monkeypatch.setattr(SqlLog, "receive_all", hides)
        uploader = Uploader(outbox, LogUplink(opened.log))
        for _ in range(SCANS_MOST):
            outbox.keep(scan(417, "17:05"))
            uploader.drain()
            if uploader.acked > opened.log.lineage_head(outbox.lineage).seq:
                return
        pytest.fail("the disk was never full")


def test_the_desk_hears_of_a_full_disk_in_one_line(disk: SmallDisk) -> None:
    with race_folder(disk.folder / "race", [net(417, 1_000.0)]) as opened:
        disk.holds(opened.engine)

        def record_until_full() -> None:
            for _ in range(SCANS_MOST):
                opened.directory.enrol("가산", "0" * 64)
                opened.log.record([fact.event for fact in opened.log.read()])

        with pytest.raises(DiskFull) as full:
            record_until_full()
        assert "\n" not in str(full.value)
        assert verify(opened.log).damage is None


def fill(outbox: Outbox) -> int:
    """Keep until the disk takes no more; the number of the last item on it."""
    for _ in range(SCANS_MOST):
        outbox.keep(scan(417, "17:05"), "가" * 300)
        if outbox.unsaved > 2:
            print(f"{outbox.safe} scans, then full")
            return outbox.safe
    pytest.fail("the disk was never full")


def test_a_station_on_a_full_disk_goes_on_seeing_beeps_for_nothing_and_writes_all_when_there_is_room(
    disk: SmallDisk,
) -> None:
    with closing(Outbox(disk.folder / "finish-1.db", seeded_bits(1))) as outbox:
        disk.holds(outbox)
        changes = list[int]()
        outbox.on_change = lambda: changes.append(outbox.unsaved)
        safe = fill(outbox)
        told = list[KeptScan]()
        station = Station(outbox, FrameReader(), told.append, None)
        station.run(frames((0.2, [url(417)]), begins=GUN))
        assert ([kept.seq for kept in told], station.tally.scans, outbox.head().seq) == ([], 1, safe + 4)
        with pytest.raises(Unreachable, match="full"):
            outbox.keep_roster({f"{bib:011}": bib for bib in range(100_000)})

        disk.make_room()
        outbox.save()
        station.report_safe()
        assert ([kept.seq for kept in told], outbox.unsaved, changes) == ([safe + 4], 0, [1, 0])
        assert outbox.keep(scan(417, "17:06")) == safe + 5
        outbox.keep_roster({"A": 1})
        assert outbox.roster() == {"A": 1}
        assert not [*disk.folder.glob("*.unsaved")]
    with closing(Outbox(disk.folder / "finish-1.db")) as again:
        assert (again.mended, again.head().seq) == (None, safe + 5)


def test_what_is_in_memory_alone_is_sent_and_beeped_once_the_server_has_it(disk: SmallDisk) -> None:
    log = MemoryLog(RACE, ManualClock(GUN))
    with closing(Outbox(disk.folder / "finish-1.db", seeded_bits(1))) as outbox:
        disk.holds(outbox)
        uploader, told = Uploader(outbox, LogUplink(log)), list[KeptScan]()
        uploader.drain()
        fill(outbox)
        station = Station(outbox, FrameReader(), told.append, None)
        station.run(frames((0.2, [url(417)]), begins=GUN))
        assert told == []
        uploader.drain()
        station.report_safe()
        assert [kept.seq for kept in told] == [outbox.head().seq] == [log.lineage_head(outbox.lineage).seq]
        assert outbox.unsaved > 2  # on the disk it still is not
        disk.make_room()
        uploader.drain()
        assert (outbox.unsaved, uploader.unsent(), log.quarantined()) == (0, 0, [])
    assert [fact.data for fact in log.read()] == [item.data for item in read_outbox(disk.folder / "finish-1.db").items]


def test_a_station_that_ends_with_items_in_memory_goes_on_under_another_lineage_and_never_forks(
    disk: SmallDisk, tmp_path: Path
) -> None:
    """What the file never got may be at the server, so that its numbers must not be given twice."""
    log, path = MemoryLog(RACE, ManualClock(GUN)), disk.folder / "finish-1.db"
    outbox = Outbox(path, seeded_bits(1))
    disk.holds(outbox)
    safe = fill(outbox)
    Uploader(outbox, LogUplink(log)).drain()
    at_server = log.lineage_head(outbox.lineage).seq
    assert at_server > safe
    outbox.close()  # as when it is killed: the disk still takes nothing
    disk.make_room()
    with closing(Outbox(path)) as again:
        assert again.lineage != outbox.lineage
        assert again.mended is not None and "while the disk was full" in again.mended.words().to("en")
        again.keep(scan(12, "18:00"))
        Uploader(again, LogUplink(log)).drain()
    assert log.quarantined() == []
    assert [one.seq for one in fold(log.read()).set_aside()] == [safe + 1]


def test_two_stations_on_one_file_never_give_a_number_twice(tmp_path: Path) -> None:
    path = tmp_path / "finish-1.db"
    with closing(Outbox(path)) as one, closing(Outbox(path)) as other:
        assert [box.keep(scan(417, "17:05", frame=n)) for n, box in enumerate((one, other, other, one))] == [1, 2, 3, 4]
    with closing(Outbox(path)) as again:
        assert (again.mended, again.head().seq) == (None, 4)
