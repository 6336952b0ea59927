"""Scans whose instants do not go with their arrival are counted like all others, and shown beside their station."""

import pytest

from tests.builders import GUN, RACE, Station, after_gun, code_of, scan
from tests.clock_and_chance import ManualClock
from tests.memory_log import MemoryLog
from timing.log import Log
from timing.race.arrival import implausible_arrivals
from timing.race.events import (
    ClockSampled,
    Scanned,
)
from timing.race.fold import fold
from timing.race.instants import SECOND, Instant, Span
from timing.stations.list import StationLine, implausible_scans, station_lines


def arrived(*batches: tuple[str, int, Station]) -> MemoryLog:
    """A log in which a station's items up to a number arrived at a time of the race."""
    clock = ManualClock(GUN)
    log, sent = MemoryLog(RACE, clock), dict[str, int]()
    for at, until, station in batches:
        clock.at = after_gun(at)
        log.receive(station.batch(sent.get(station.lineage, 0) + 1, until))
        sent[station.lineage] = until
    return log


def odd(log: Log) -> list[int]:
    return [*implausible_arrivals(fold(log.read()), log.read()).values()]


def test_scans_that_come_as_they_are_seen_are_in_order() -> None:
    station = Station().says(scan(1, "17:05"), scan(2, "17:50"))
    assert odd(arrived(("-29:59", 1, station), ("17:07", 2, station), ("17:52", 3, station))) == []


def test_a_station_that_had_no_server_for_an_hour_is_in_order() -> None:
    station = Station().says(scan(1, "17:05"), scan(2, "50:00"), scan(3, "1:10:00"))
    assert odd(arrived(("-29:59", 1, station), ("17:07", 2, station), ("1:17:00", 4, station))) == []


def test_a_scan_that_was_written_after_an_arrival_cannot_be_from_long_before_it() -> None:
    station = Station().says(scan(1, "50:00"), scan(2, "17:05"))
    assert odd(arrived(("-29:59", 1, station), ("50:02", 2, station), ("50:09", 3, station))) == [1]


def test_nothing_is_from_after_its_arrival() -> None:
    station = Station().says(scan(1, "50:00"))
    assert odd(arrived(("17:00", 2, station))) == [1]


def test_an_outbox_of_which_nobody_had_heard_is_worth_a_look_when_it_is_old() -> None:
    station = Station().says(scan(1, "17:05"), scan(2, "45:00"))
    assert odd(arrived(("50:00", 3, station))) == [1]


def test_what_is_measured_of_the_station_s_clock_is_taken_off_first() -> None:
    hour = Span(3_600 * SECOND)
    at = after_gun("17:10")
    right = Instant(at + hour)
    station = Station().says(ClockSampled(at, right, right, Instant(at + 1_000)), scan(1, "17:12"))
    assert odd(arrived(("1:17:13", 3, station))) == []
    assert odd(arrived(("17:13", 3, station))) == [1]


@pytest.mark.parametrize(
    "fact",
    [
        Scanned("typed", code_of(1), after_gun("10:00"), after_gun("10:00")),
        scan(1, "9:00", "50:00"),
        scan(1, "50:00", crossed="9:00"),
    ],
)
def test_it_is_the_instant_that_counts_which_is_looked_at(fact: Scanned) -> None:
    station = Station().says(scan(2, "50:00"), fact)
    assert odd(arrived(("-29:59", 1, station), ("50:02", 2, station), ("50:09", 3, station))) == [1]


def test_the_list_of_stations_shows_how_many() -> None:
    station = Station().says(scan(1, "50:00"))
    log = arrived(("17:00", 2, station))
    race = fold(log.read())
    (line,) = station_lines(race, [], lambda _: 2, ["finish-1"], GUN, implausible_arrivals(race, log.read()))
    assert isinstance(line, StationLine)
    assert line.warnings == (implausible_scans(1),)
    assert race.scans
