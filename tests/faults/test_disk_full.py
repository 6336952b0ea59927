"""The disk is full: nothing is acknowledged or beeped that was not kept, the board goes on, and room mends it.

Everywhere, SQLite itself is told to take no further page; where we may mount (as root), a real file system of two megabytes is
filled as well, write-ahead log and all. Not covered: a quota, a disk that is read-only from the first, a full PostgreSQL.
"""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Protocol

import pytest
from sqlalchemy import Engine, event

from results.board.app import Board
from scanners.outbox import Outbox
from scanners.outbox.courier import Courier
from scanners.outbox.uplink import HttpUplink, LogUplink
from scanners.reading.lookout import Lookout
from scanners.station import Kept, Station
from tests.boards import ask, followed, net, race_folder
from tests.builders import GUN, RACE, scan
from tests.doors import ManualClock, seeded_bits
from tests.intakes import TOKEN, intake_server
from tests.pictures import frames, url
from timing.errors import Unreachable
from timing.log import DiskFull, Receipt
from timing.log.chain import Batch
from timing.log.memory import MemoryLog
from timing.log.sql import SqlLog
from timing.log.verify import verify

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
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
    except OSError as failure:
        pytest.skip(f"no file system can be mounted here: {failure}")
    if done.returncode:
        pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")
    yield Mounted(folder)
    subprocess.run(["umount", "--lazy", folder], check=True)


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
            courier = Courier(outbox, HttpUplink(address, TOKEN))

            def send_until_full() -> None:
                for _ in range(SCANS_MOST):
                    outbox.keep(scan(417, "17:05"))
                    courier.drain()

            with pytest.raises(Unreachable, match="507"):
                send_until_full()
            kept = courier.acked
            print(f"{kept} scans, then full")
            assert kept > 5
            for _ in range(3):  # and again: still nothing stored, nothing acknowledged
                with pytest.raises(Unreachable, match="507"):
                    courier.drain()
            assert courier.acked == kept == opened.log.lineage_head(outbox.lineage).seq
            assert opened.log.head().seq == before + kept
            assert verify(opened.log).damage is None

            follower = followed(opened, pytest.fail)
            assert follower.snapshot.version == before + kept
            board = Board(lambda: follower.snapshot, follower.firm_of, behind=lambda *_: pytest.fail("not found"))
            assert ask(board, "/head.json").status_code == 200

            disk.make_room()
            outbox.keep(scan(417, "17:06"))
            courier.drain()
            assert courier.unsent() == 0
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
        courier = Courier(outbox, LogUplink(opened.log))
        for _ in range(SCANS_MOST):
            outbox.keep(scan(417, "17:05"))
            courier.drain()
            if courier.acked > opened.log.lineage_head(outbox.lineage).seq:
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


def test_a_full_outbox_beeps_for_nothing_and_its_numbers_go_on_when_there_is_room(disk: SmallDisk) -> None:
    with closing(Outbox(disk.folder / "finish-1.db", seeded_bits(1))) as outbox:
        disk.holds(outbox)
        beeped: list[int] = []

        def keep_until_full(text: str) -> None:
            for _ in range(SCANS_MOST):
                beeped.append(outbox.keep(scan(417, "17:05"), text))

        with pytest.raises(Unreachable, match="full") as full:
            keep_until_full("가" * 300)
        with pytest.raises(Unreachable, match="full"):  # what is smaller may still have found room
            keep_until_full(url(417))
        print(f"{len(beeped)} scans, then full")
        assert "\n" not in str(full.value)
        assert beeped == list(range(1, outbox.head().seq + 1))

        told: list[Kept] = []
        station = Station(outbox, Lookout(), told.append, None)
        with pytest.raises(Unreachable, match="full"):
            station.run(frames((0.2, [url(417)]), begins=GUN))
        with pytest.raises(Unreachable, match="full"):
            outbox.keep_roster({f"{bib:011}": bib for bib in range(100_000)})
        assert (told, station.tally.scans) == ([], 0)
        assert outbox.head().seq == len(beeped)

        disk.make_room()
        assert outbox.keep(scan(417, "17:06")) == len(beeped) + 1
        outbox.keep_roster({"A": 1})
        assert outbox.roster() == {"A": 1}
