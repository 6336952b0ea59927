"""The writer: requests that come at once share a commit, and nobody is answered before it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event

import pytest

from tests.boards import PATIENCE_S
from tests.builders import GUN, RACE, Station, scan
from tests.clock_and_chance import ManualClock
from tests.memory_log import MemoryLog
from timing.log import LogAway, Outcome, Receipt
from timing.log.sql import SqlLog
from timing.log.writer import WAITING_MOST, Busy, Writer
from timing.race.chain import Batch
from timing.store.database import open_database, sqlite_file


class SlowLog(MemoryLog):
    """A log whose commits wait until they are let go; it remembers how many batches each commit held."""

    def __init__(self) -> None:
        super().__init__(RACE, ManualClock(GUN))
        self.go, self.entered, self.commits = Event(), Event(), list[int]()
        self.broken = False

    def receive_all(self, batches: Sequence[Batch]) -> list[Receipt]:
        self.entered.set()
        assert self.go.wait(PATIENCE_S)
        self.commits.append(len(batches))
        if self.broken:
            raise LogAway("the cable")
        return super().receive_all(batches)


def stations(count: int) -> Iterator[Station]:
    return (Station(f"finish-{number}").says(scan(417, "17:05")) for number in range(count))


def test_batches_that_come_during_a_commit_share_the_next_one() -> None:
    log = SlowLog()
    with Writer(log) as writer:
        first = writer.submit(next(stations(1)).batch())
        assert log.entered.wait(PATIENCE_S)
        others = [writer.submit(station.batch()) for station in stations(20)]
        assert not first.done()
        log.go.set()
        assert {answer.result(PATIENCE_S).outcome for answer in (first, *others)} == {Outcome.STORED}
    assert log.commits == [1, 20]


def test_when_the_log_fails_everybody_in_the_commit_hears_it_and_the_next_one_is_taken() -> None:
    log = SlowLog()
    log.broken = True
    log.go.set()
    station = next(stations(1))
    with Writer(log) as writer:
        with pytest.raises(LogAway):
            writer.submit(station.batch()).result(PATIENCE_S)
        log.broken = False
        assert writer.submit(station.batch()).result(PATIENCE_S).outcome is Outcome.STORED


def test_too_many_waiting_are_told_to_come_again() -> None:
    log = SlowLog()
    with Writer(log) as writer:
        writer.submit(next(stations(1)).batch())
        assert log.entered.wait(PATIENCE_S)
        waiting = [writer.submit(Station().says(scan(417, "17:05")).batch()) for _ in range(WAITING_MOST)]
        with pytest.raises(Busy):
            writer.submit(next(stations(1)).batch())
        log.go.set()
        assert all(answer.result(PATIENCE_S) for answer in waiting)


def test_one_station_s_gap_or_fork_does_not_sink_its_neighbours(tmp_path: Path) -> None:
    engine = open_database(sqlite_file(tmp_path / "race.db"))
    log = SqlLog(engine, RACE, ManualClock(GUN))
    good, gappy, forked = stations(3)
    log.receive(forked.batch())
    branch = Batch(forked.lineage, 1, b"", [good.items[-1]])
    later = good.says(scan(12, "17:06"))
    answers = log.receive_all([good.batch(), gappy.batch(first=2), branch, later.batch(first=3)])
    assert [answer.outcome for answer in answers] == [Outcome.STORED, Outcome.GAP, Outcome.FORK, Outcome.STORED]
    assert log.lineage_head(good.lineage).seq == 3
    assert len(log.quarantined()) == 1
    assert [fact.pos for fact in log.read()] == [1, 2, 3, 4, 5]
    engine.dispose()
