"""A station that starts on a full disk: it sees and sends from memory with an alarm, and has a file as soon as there is room."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

import scanners.outbox
from scanners.outbox import Outbox, outbox_for
from scanners.outbox.mending import mend
from scanners.outbox.uplink import LogUplink
from scanners.outbox.uploader import Uploader
from tests.builders import GUN, RACE, scan
from tests.clock_and_chance import ManualClock, seeded_bits
from tests.faults.small_disk import fill, mounted
from tests.memory_log import MemoryLog
from timing.errors import Unreachable


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    with mounted(tmp_path / "small") as folder:
        yield folder


def nothing_there(path: Path) -> None: ...


def an_empty_file(path: Path) -> None:
    path.touch()


def a_sound_outbox(path: Path) -> None:
    with closing(Outbox(path, seeded_bits(3))) as outbox:
        outbox.keep(scan(12, "16:00"))


def a_damaged_outbox(path: Path) -> None:
    with closing(Outbox(path, seeded_bits(4))) as outbox:
        for bib in range(1, 120):
            outbox.keep(scan(bib, "16:00"))
    with path.open("r+b") as file:
        file.seek(path.stat().st_size - 3000)
        file.write(b"\xff" * 3000)


def no_outbox_at_all(path: Path) -> None:
    path.write_bytes(b"rubbish " * 900)


@pytest.mark.parametrize("before", [nothing_there, an_empty_file, a_sound_outbox, a_damaged_outbox, no_outbox_at_all])
def test_it_goes_on_from_memory_and_settles_when_there_is_room(small: Path, before: Callable[[Path], None]) -> None:
    path, log = small / "finish-1.db", MemoryLog(RACE, ManualClock(GUN))
    before(path)
    fill(small)
    with closing(outbox_for(path, "r-1", reserve_bytes=50_000)) as outbox:
        was = outbox.head().seq
        outbox.keep_roster({"A": 1})
        first = outbox.keep(scan(417, "17:05"))
        assert (first, outbox.safe, outbox.unsaved > 0, bool(outbox.trouble)) == (was + 1, was, True, True)
        uploader = Uploader(outbox, LogUplink(log))
        uploader.drain()
        assert (uploader.unsent(), outbox.safe) == (0, first)  # the server has it: now it may be beeped for
        (small / "film").unlink()
        assert outbox.keep(scan(12, "17:06")) == first + 1
        assert (outbox.unsaved, outbox.trouble, outbox.race, outbox.roster()) == (0, None, "r-1", {"A": 1})
        lineage = outbox.lineage
    with closing(Outbox(path)) as again:
        assert (again.mended, again.lineage, again.head().seq) == (None, lineage, first + 1)
        Uploader(again, LogUplink(log)).drain()
    assert log.quarantined() == [] and log.lineage_head(lineage).seq == first + 1
    assert path.stat().st_mode & 0o077 == 0


def full_when_opened(*_: object) -> sqlite3.Connection:
    raise sqlite3.OperationalError("database or disk is full")


def test_what_lay_there_and_could_not_be_opened_is_moved_aside_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "finish-1.db"
    a_damaged_outbox(path)
    bytes_before = path.read_bytes()
    with monkeypatch.context() as full:
        full.setattr(scanners.outbox, "mend", full_when_opened)
        outbox = Outbox(path, seeded_bits(5))
    with closing(outbox):
        outbox.keep(scan(417, "17:05"))
        assert outbox.unsaved == 0
    aside = tmp_path / "finish-1.damaged.db"
    assert aside.read_bytes() == bytes_before
    mended = mend(aside, seeded_bits(6))
    assert mended and len(mended.damaged) < 119  # and what can be read of it is read


def test_room_that_does_not_suffice_leaves_no_half_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "finish-1.db"
    with monkeypatch.context() as full:
        full.setattr(scanners.outbox, "connect", full_when_opened)
        outbox = Outbox(path, seeded_bits(5))
    path.unlink(missing_ok=True)
    with closing(outbox):
        with monkeypatch.context() as full:
            full.setattr("scanners.outbox.waiting.begin_private", full_when_opened)
            outbox.keep(scan(417, "17:05"))
            assert outbox.unsaved == 1 and not [*tmp_path.glob("*.db")] and not [*tmp_path.glob("*.waiting")]
        outbox.keep(scan(12, "17:06"))
        assert (outbox.unsaved, outbox.safe) == (0, 2)


def test_a_folder_that_may_not_be_written_is_still_refused(tmp_path: Path) -> None:
    """No disk that is full, but a mistake that somebody at the station can mend."""
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(Unreachable):
        Outbox(tmp_path / "file" / "finish-1.db")
