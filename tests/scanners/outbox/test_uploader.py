"""The uploader: everything arrives once and in order, over any road; and no receipt is believed that proves nothing."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanners.outbox import Outbox
from scanners.outbox.uplink import LogUplink, Refused
from scanners.outbox.uploader import Forked, Uploader, start
from scanners.protocol import ITEMS_MOST
from tests.boards import PATIENCE_S, wait_until
from tests.builders import GUN, RACE, scan
from tests.clock_and_chance import ManualClock, seeded_bits
from tests.faults.soak import scaled
from tests.intakes import Road
from tests.memory_log import MemoryLog
from timing.errors import RaceError, Unreachable
from timing.language import pair
from timing.log import Outcome, Receipt, waiting_branches
from timing.race.chain import ROOT, Batch, Head
from timing.race.events import (
    Scanned,
)


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with closing(Outbox(tmp_path / "finish-1.db", seeded_bits(1))) as opened:
        yield opened


@pytest.fixture
def log() -> MemoryLog:
    return MemoryLog(RACE, ManualClock(GUN))


def keep(outbox: Outbox, *bibs: int) -> None:
    for bib in bibs:
        outbox.keep(scan(bib, "17:05"), "text")


def arrived(log: MemoryLog) -> list[Scanned]:
    return [fact.event for fact in log.read() if isinstance(fact.event, Scanned)]


def scans(*bibs: int) -> list[Scanned]:
    return [scan(bib, "17:05") for bib in bibs]


def deliver(uploader: Uploader) -> None:
    """Try until everything is away."""
    while uploader.unsent():
        try:
            uploader.drain()
        except Unreachable:
            continue


def test_everything_kept_arrives_in_order(outbox: Outbox, log: MemoryLog) -> None:
    keep(outbox, 1, 2, 3)
    uploader = Uploader(outbox, LogUplink(log))
    uploader.drain()
    assert arrived(log) == scans(1, 2, 3)
    assert (uploader.acked, uploader.unsent()) == (3, 0)
    assert log.lineage_head(outbox.lineage) == outbox.head()


def test_with_nothing_to_send_nobody_is_asked(outbox: Outbox, log: MemoryLog) -> None:
    road = Road(log)
    Uploader(outbox, road).drain()
    assert road.sent == []


def test_a_long_outbox_goes_in_several_batches(outbox: Outbox, log: MemoryLog) -> None:
    bibs = list(range(1, ITEMS_MOST + 51))
    keep(outbox, *bibs)
    road = Road(log)
    Uploader(outbox, road).drain()
    assert arrived(log) == scans(*bibs)
    assert len(road.sent) >= 2
    assert all(len(batch.items) <= ITEMS_MOST for batch in road.sent)


def test_a_station_switched_on_again_sends_all_again_and_nothing_counts_twice(outbox: Outbox, log: MemoryLog) -> None:
    keep(outbox, 1, 2)
    Uploader(outbox, LogUplink(log)).drain()
    keep(outbox, 3)
    Uploader(outbox, LogUplink(log)).drain()
    assert arrived(log) == scans(1, 2, 3)


mishaps = st.lists(st.sampled_from(["", "lost", "unanswered", "twice"]), max_size=12)
days = st.lists(st.sampled_from(["keep", "drain", "restart"]), max_size=15)


@settings(max_examples=scaled(15, 400))
@given(days, mishaps)
def test_over_any_road_everything_arrives_exactly_once_and_in_order(day: list[str], mishaps: list[str]) -> None:
    log = MemoryLog(RACE, ManualClock(GUN))
    road, bibs = Road(log, mishaps), list[int]()
    with TemporaryDirectory() as folder, closing(Outbox(Path(folder) / "a.db", seeded_bits(1))) as outbox:
        uploader = Uploader(outbox, road)
        for step in day:
            if step == "keep":
                bibs.append(len(bibs) + 1)
                keep(outbox, bibs[-1])
            elif step == "restart":
                uploader = Uploader(outbox, road)
            else:
                try:
                    uploader.drain()
                except Unreachable:
                    continue
            assert arrived(log) == scans(*bibs)[: len(arrived(log))]
        deliver(uploader)
        assert log.lineage_head(outbox.lineage) == outbox.head()
    assert arrived(log) == scans(*bibs)
    assert len(log.quarantined()) == 0


@pytest.mark.parametrize("kept_by_server", [0, 1, 2])
def test_a_server_restored_from_an_older_copy_gets_what_it_lost(
    outbox: Outbox, log: MemoryLog, kept_by_server: int
) -> None:
    road = Road(log)
    uploader = Uploader(outbox, road)
    keep(outbox, 1, 2, 3)
    uploader.drain()
    road.log = restored = MemoryLog(RACE, ManualClock(GUN))
    if kept_by_server:
        restored.receive(outbox.batch(0, kept_by_server, 10**6))
    keep(outbox, 4)
    uploader.drain()
    assert arrived(restored) == scans(1, 2, 3, 4)
    assert len(restored.quarantined()) == 0


@pytest.mark.parametrize("shared", [0, 1, 3])
@pytest.mark.parametrize("sent_before_the_copy", [False, True])
def test_a_copied_outbox_is_found_out_and_both_branches_are_kept(
    tmp_path: Path, log: MemoryLog, shared: int, sent_before_the_copy: bool
) -> None:
    original = Outbox(tmp_path / "a" / "finish-1.db", seeded_bits(1))
    keep(original, *range(1, shared + 1))
    if sent_before_the_copy:
        Uploader(original, LogUplink(log)).drain()
    original.close()
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    with (
        closing(Outbox(tmp_path / "a" / "finish-1.db")) as original,
        closing(Outbox(tmp_path / "b" / "finish-1.db")) as copy,
    ):
        assert original.lineage == copy.lineage
        keep(original, 11, 12, 13)
        keep(copy, 21, 22)
        Uploader(original, LogUplink(log)).drain()
        with pytest.raises(Forked, match="quarantine") as forked:
            Uploader(copy, LogUplink(log)).drain()
        assert forked.value.exit_code == 3
        with pytest.raises(Forked):  # and again at the next start, without another copy in the quarantine
            Uploader(copy, LogUplink(log)).drain()
    assert arrived(log) == scans(*range(1, shared + 1), 11, 12, 13)
    assert len(log.quarantined()) == 2


def test_a_copy_that_goes_on_sending_where_the_original_stopped_is_found_out(tmp_path: Path, log: MemoryLog) -> None:
    with (
        closing(Outbox(tmp_path / "a.db", seeded_bits(1))) as original,
        closing(Outbox(tmp_path / "b.db", seeded_bits(1))) as copy,
    ):
        keep(original, 1, 2)
        keep(copy, 1, 2)
        first, second = Uploader(original, LogUplink(log)), Uploader(copy, LogUplink(log))
        first.drain()
        second.drain()  # still the same history
        keep(original, 3, 4, 5)
        keep(copy, 6)
        first.drain()
        with pytest.raises(Forked):
            second.drain()
        assert arrived(log) == scans(1, 2, 3, 4, 5)
        assert len(log.quarantined()) == 1


def test_an_outbox_rolled_back_to_an_older_copy_is_found_out(tmp_path: Path, log: MemoryLog) -> None:
    with (
        closing(Outbox(tmp_path / "a.db", seeded_bits(1))) as before,
        closing(Outbox(tmp_path / "b.db", seeded_bits(1))) as after,
    ):
        keep(after, 1, 2, 3)
        Uploader(after, LogUplink(log)).drain()
        keep(before, 1)
        with pytest.raises(Forked):
            Uploader(before, LogUplink(log)).drain()
    assert arrived(log) == scans(1, 2, 3)


def test_a_restored_server_that_heard_the_copy_first_gets_the_whole_original_into_quarantine(
    tmp_path: Path, log: MemoryLog
) -> None:
    road = Road(log)
    with (
        closing(Outbox(tmp_path / "a.db", seeded_bits(1))) as original,
        closing(Outbox(tmp_path / "b.db", seeded_bits(1))) as copy,
    ):
        keep(original, 1, 2, 3)
        keep(copy, 11, 12)
        uploader = Uploader(original, road)
        uploader.drain()
        road.log = restored = MemoryLog(RACE, ManualClock(GUN))
        Uploader(copy, LogUplink(restored)).drain()
        keep(original, 4)
        with pytest.raises(Forked):
            uploader.drain()
    assert arrived(restored) == scans(11, 12)
    assert len(restored.quarantined()) == 4


def test_a_long_branch_reaches_the_quarantine_to_its_last_scan_and_goes_on_growing(
    tmp_path: Path, log: MemoryLog
) -> None:
    with (
        closing(Outbox(tmp_path / "a.db", seeded_bits(1))) as original,
        closing(Outbox(tmp_path / "b.db", seeded_bits(1))) as copy,
    ):
        keep(original, 1, 2)
        keep(copy, 1, *range(100, 100 + ITEMS_MOST + 30))
        Uploader(original, LogUplink(log)).drain()
        uploader = Uploader(copy, LogUplink(log))
        with pytest.raises(Forked):
            uploader.drain()
        assert len(log.quarantined()) == ITEMS_MOST + 30
        keep(copy, 7)
        with pytest.raises(Forked):
            uploader.drain()
        assert len(log.quarantined()) == ITEMS_MOST + 31
        (branch,) = waiting_branches(log)
        assert branch.items[-1].hash == copy.head().hash


class Liar:
    """Acknowledges what it never stored."""

    def __init__(self, claimed: Head) -> None:
        self.claimed = claimed

    def send(self, _: Batch) -> Receipt:
        return Receipt(Outcome.STORED, self.claimed)


@pytest.mark.parametrize("claimed", [Head(2, b"x" * 32), Head(1, ROOT), Head(99, ROOT), Head(0, b"x" * 32)])
def test_a_receipt_with_a_foreign_hash_is_not_believed(outbox: Outbox, claimed: Head) -> None:
    keep(outbox, 1, 2)
    uploader = Uploader(outbox, Liar(claimed))
    with pytest.raises(Forked):
        uploader.drain()
    assert (uploader.acked, uploader.unsent()) == (0, 2)


class Wakeful:
    """Tells another thread when the first batch came through."""

    def __init__(self, road: Road) -> None:
        self._road, self.through = road, Event()

    def send(self, batch: Batch) -> Receipt:
        receipt = self._road.send(batch)
        self.through.set()
        return receipt


def no_jitter(_: int) -> int:
    return 0


def test_beside_the_camera_it_tries_again_until_the_server_is_back(outbox: Outbox, log: MemoryLog) -> None:
    keep(outbox, 1, 2)
    uplink = Wakeful(Road(log, ["lost", "lost"]))
    uploader, told = Uploader(outbox, uplink, no_jitter), list[RaceError | None]()
    thread, stop = start(uploader, told.append)
    assert uplink.through.wait(PATIENCE_S)
    wait_until(lambda: told[-1:] == [None])
    stop.set()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()
    assert arrived(log) == scans(1, 2)
    assert uploader.trouble is None
    assert [trouble.text.to("en") for trouble in told if trouble] == ["lost on the way"]  # told once, not at every try


class Wall:
    """Refuses everything until it is opened."""

    def __init__(self, log: MemoryLog) -> None:
        self._log, self.open = log, False

    def send(self, batch: Batch) -> Receipt:
        if self.open:
            return self._log.receive(batch)
        raise Refused(pair("안 됩니다", "no"))


def test_beside_the_camera_a_refusal_is_told_and_it_goes_on_trying(outbox: Outbox, log: MemoryLog) -> None:
    """A voided token or a page of the venue's Wi-Fi may be mended while the race goes on."""
    keep(outbox, 1)
    uploader, told = Uploader(outbox, wall := Wall(log), no_jitter), list[RaceError | None]()
    thread, stop = start(uploader, told.append)
    wait_until(lambda: bool(told))
    wall.open = True
    wait_until(lambda: uploader.unsent() == 0)
    stop.set()
    thread.join(PATIENCE_S)
    assert [type(trouble) for trouble in told] == [Refused, type(None)]
    assert arrived(log) == scans(1)
