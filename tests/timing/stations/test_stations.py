"""What the race remembers of its stations: whose a lineage is, how each was when last heard, and what is wrong with it."""

import msgspec
import pytest
from sqlalchemy import Engine

from tests.builders import GUN, RACE, Station, after_gun, scan
from tests.clock_and_chance import ManualClock
from timing.log import Log
from timing.log.sql import SqlLog
from timing.race.events import ClockSampled, StationClosed
from timing.race.fold import fold
from timing.race.instants import SECOND, Instant, Span, later
from timing.stations.list import FORKED, PENDING, REVOKED, SILENT, StationLine, offset_words, station_lines
from timing.stations.registry import WRITE_AFTER, StationTable
from timing.stations.station_status import LastHeartbeat, StationStatus
from timing.stations.station_warnings import DISK, SET

LINEAGE = "ab" * 16


@pytest.fixture
def log(engine: Engine, clock: ManualClock) -> SqlLog:
    return SqlLog(engine, RACE, clock)


@pytest.fixture
def book(engine: Engine, log: SqlLog, clock: ManualClock) -> StationTable:
    return StationTable(engine, RACE, clock)


def beat(
    seq: int = 0, hash_: bytes = b"", unsent: int = 0, disk_free: int = 10**10, wall_moved: int = 0
) -> StationStatus:
    return StationStatus(seq, hash_.hex(), unsent, 29.5, 0, disk_free, Span(wall_moved))


def test_a_heartbeat_that_was_stored_by_an_earlier_version_is_read() -> None:
    """What is new of a status is not known of such a station, or well."""
    stored = b'{"lineage":"ab","station":"finish-1","at":5,"beat":{"seq":3,"hash":"","unsent":1,"fps":29.5,"drops":2,"disk_free":7,"wall_moved":0,"noted":4}}'
    assert msgspec.json.decode(stored, type=LastHeartbeat) == LastHeartbeat(
        "ab", "finish-1", Instant(5), StationStatus(3, "", 1, 29.5, 2, 7, Span(0), 4)
    )


def test_a_lineage_belongs_to_the_station_that_came_with_it_first_on_every_server(
    engine: Engine, book: StationTable, clock: ManualClock
) -> None:
    assert book.owner(LINEAGE, "finish-1") == "finish-1"
    assert book.owner(LINEAGE, "finish-2") == "finish-1"
    assert StationTable(engine, RACE, clock).owner(LINEAGE, "finish-2") == "finish-1"
    assert book.owner("cd" * 16, "finish-2") == "finish-2"


def test_a_lineage_that_was_collected_belongs_to_the_station_that_it_names(book: StationTable, log: SqlLog) -> None:
    station = Station("finish-1").says(scan(417, "17:05"))
    log.receive(station.batch())
    assert book.owner(station.lineage, "start-9") == "finish-1"


def test_every_server_tells_how_each_station_was_when_last_heard(
    engine: Engine, book: StationTable, clock: ManualClock
) -> None:
    other = StationTable(engine, RACE, clock)
    book.record_heartbeat(LINEAGE, "finish-1", beat(3))
    clock.tick(Span(SECOND))
    other.record_heartbeat("cd" * 16, "start-1", beat(5))
    assert (
        [heard.station for heard in book.last_heartbeats()]
        == ["finish-1", "start-1"]
        == [h.station for h in other.last_heartbeats()]
    )
    clock.tick(Span(WRITE_AFTER))
    book.record_heartbeat(LINEAGE, "finish-1", beat(9))
    (heard,) = (heard for heard in other.last_heartbeats() if heard.station == "finish-1")
    assert (heard.at, heard.status.seq) == (clock.at, 9)


def test_the_table_is_not_written_at_every_beat_but_who_heard_it_knows(
    engine: Engine, book: StationTable, clock: ManualClock
) -> None:
    for seq in (1, 2):
        book.record_heartbeat(LINEAGE, "finish-1", beat(seq))
        clock.tick(Span(SECOND))
    assert [heard.status.seq for heard in book.last_heartbeats()] == [2]
    assert [heard.status.seq for heard in StationTable(engine, RACE, clock).last_heartbeats()] == [1]


def test_a_history_that_is_not_the_log_s_is_an_alarm_that_stays(
    engine: Engine, book: StationTable, log: SqlLog, clock: ManualClock
) -> None:
    station = Station("finish-1").says(scan(417, "17:05"))
    log.receive(station.batch())
    head = log.lineage_head(station.lineage)
    assert not book.record_heartbeat(station.lineage, "finish-1", beat(head.seq, head.hash)).forked
    assert not book.record_heartbeat(station.lineage, "finish-1", beat(head.seq + 3, b"x" * 32)).forked  # not here yet
    assert book.record_heartbeat(station.lineage, "finish-1", beat(head.seq, b"x" * 32)).forked
    assert book.record_heartbeat(station.lineage, "finish-1", beat(head.seq, head.hash)).forked
    assert StationTable(engine, RACE, clock).last_heartbeats()[0].forked


def lines(
    log: Log, *heard: LastHeartbeat, enrolled: tuple[str, ...] = ("finish-1",), now: Instant = GUN
) -> list[StationLine]:
    return station_lines(fold(log.read()), heard, lambda lineage: log.lineage_head(lineage).seq, enrolled, now)


def test_the_list_tells_what_the_station_has_and_what_came(log: SqlLog) -> None:
    station = Station("finish-1").says(scan(417, "17:05"))
    at = after_gun("17:10")
    station.says(ClockSampled(at, Instant(at + 2_350_500), Instant(at + 2_350_500), Instant(at + 1_000)))
    log.receive(station.batch())
    (line,) = lines(log, LastHeartbeat(station.lineage, "finish-1", GUN, beat(5, unsent=2)))
    assert (line.station, line.point, line.head, line.received, line.pending) == ("finish-1", "finish", 5, 3, 2)
    assert line.warnings == (PENDING,)
    assert offset_words(line.clock) == "+2350.0 ± 0.5 ms"


@pytest.mark.parametrize(
    ("how", "warning"), [(beat(disk_free=10**8), DISK), (beat(wall_moved=-3_600 * SECOND), SET), (beat(), None)]
)
def test_a_full_disk_and_a_clock_that_was_set_are_told(
    log: SqlLog, how: StationStatus, warning: tuple[str, str] | None
) -> None:
    (line,) = lines(log, LastHeartbeat(LINEAGE, "finish-1", GUN, how))
    assert line.warnings == ((warning,) if warning else ())


def test_silence_is_told_until_the_station_has_closed(log: SqlLog) -> None:
    station = Station("finish-1")
    log.receive(station.batch())
    heard = LastHeartbeat(station.lineage, "finish-1", GUN, beat(1))
    late = later(GUN, Span(60 * SECOND))
    assert lines(log, heard, now=late)[0].warnings == (SILENT,)
    log.receive(station.says(StationClosed(GUN)).batch())
    assert lines(log, heard, now=late)[0].closed
    assert lines(log, heard, now=late)[0].warnings == ()


def test_forks_and_void_tokens_are_told_and_stations_never_heard_of_are_listed(log: SqlLog) -> None:
    found = lines(log, LastHeartbeat(LINEAGE, "finish-1", GUN, beat(), forked=True), enrolled=("start-1",))
    assert [(line.station, line.warnings) for line in found] == [("finish-1", (FORKED, REVOKED)), ("start-1", ())]
