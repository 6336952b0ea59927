"""Forked histories: kept apart, shown as branches, and taken in by a person's later fact."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import GUN, RACE, Station, code_of, gun, opened, race, runner, scan
from tests.clock_and_chance import ManualClock
from tests.memory_log import MemoryLog
from timing.log import Log, merge_branch, waiting_branches
from timing.log.sql import SqlLog
from timing.log.verify import verify
from timing.race.chain import Batch
from timing.race.fold import fold
from timing.race.passings import Point
from timing.store.database import open_database, sqlite_file


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Log]:
    if request.param == "memory":
        yield MemoryLog(RACE, ManualClock(GUN))
        return
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else sqlite_file(tmp_path / "race.db")
    engine = open_database(url)
    yield SqlLog(engine, RACE, ManualClock(GUN))
    engine.dispose()


def forked(log: Log) -> tuple[Station, Station]:
    """A finish laptop and its cloned disk, which went different ways after their first scan."""
    log.record(race(opened(), *runner(417), *runner(12), *runner(99), gun()))
    original, clone = Station().says(scan(417, "17:05")), Station().says(scan(417, "17:05"))
    log.receive(original.says(scan(12, "17:06")).batch())
    log.receive(clone.says(scan(99, "17:07")).batch())
    return original, clone


def finishers(log: Log) -> list[int]:
    told = fold(log.read())
    return [bib for bib in (417, 12, 99) if any(s.point is Point.FINISH for s in told.scans.get(code_of(bib), []))]


def test_a_clone_s_scans_wait_as_one_branch(log: Log) -> None:
    _, clone = forked(log)
    (branch,) = waiting_branches(log)
    assert [item.data for item in branch.items] == clone.items[2:]
    assert (branch.lineage, branch.items[0].seq) == (clone.lineage, 3)
    assert finishers(log) == [417, 12]


def test_what_the_clone_sends_later_joins_its_branch_even_in_a_batch_of_its_own(log: Log) -> None:
    _, clone = forked(log)
    clone.says(scan(12, "17:08"), scan(12, "17:09"))
    assert log.receive(clone.batch(first=4)).head.seq == 3
    assert log.receive(clone.batch(first=5)).head.seq == 3
    (branch,) = waiting_branches(log)
    assert [item.data for item in branch.items] == clone.items[2:]


def test_a_merged_branch_counts_where_the_clone_stood(log: Log) -> None:
    forked(log)
    (branch,) = waiting_branches(log)
    merge_branch(log, branch, "desk", "예비 노트북도 결승선에 있었음")
    assert waiting_branches(log) == []
    assert finishers(log) == [417, 12, 99]
    assert verify(log).damage is None


def test_a_branch_that_grows_after_the_merge_waits_again_and_only_the_rest_is_taken_in(log: Log) -> None:
    _, clone = forked(log)
    (branch,) = waiting_branches(log)
    merge_branch(log, branch, "desk", "첫 번째")
    log.receive(clone.says(scan(12, "17:20")).batch(first=4))
    (grown,) = waiting_branches(log)
    assert grown.id == branch.id
    before = log.head().seq
    merge_branch(log, grown, "desk", "두 번째")
    assert log.head().seq == before + 1
    assert waiting_branches(log) == []


def test_a_copy_of_the_copy_makes_branches_of_their_own(log: Log) -> None:
    _, clone = forked(log)
    copy = Station()
    copy.items[:] = clone.items
    log.receive(clone.says(scan(12, "17:30")).batch(first=4))
    log.receive(copy.says(scan(12, "17:31")).batch())
    ends = sorted(len(branch.items) for branch in waiting_branches(log))
    assert ends == [1, 1, 1]
    for branch in waiting_branches(log):
        merge_branch(log, branch, "desk", "모두 받아들임")
    assert waiting_branches(log) == []


def test_a_batch_after_a_gap_is_no_branch(log: Log) -> None:
    original, _ = forked(log)
    before = len(log.quarantined())
    original.says(scan(99, "18:00"), scan(99, "18:01"))
    log.receive(Batch(original.lineage, 5, b"x" * 32, original.items[4:]))
    assert len(log.quarantined()) == before
