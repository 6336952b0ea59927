"""One contract for every log: memory, SQLite, PostgreSQL."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from tests.boards import PATIENCE_S
from tests.builders import GUN, RACE, Station, gun, opened, race, runner, scan
from tests.clock_and_chance import ManualClock
from tests.memory_log import MemoryLog
from timing.log import Log, Moved, Outcome, merge_branch, waiting_branches
from timing.log.sql import PAGE, SqlLog
from timing.log.verify import verify
from timing.race.chain import Batch, Head
from timing.race.encoding import Unrecordable, encode
from timing.race.events import EntrantRegistered, GunMoved, WaveStarted
from timing.race.fold import fold
from timing.race.instants import SECOND, Instant, Span, later
from timing.store.database import open_database, sqlite_file


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def log(request: pytest.FixtureRequest, tmp_path: Path, clock: ManualClock) -> Iterator[Log]:
    if request.param == "memory":
        yield MemoryLog(RACE, clock)
        return
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else sqlite_file(tmp_path / "race.db")
    engine = open_database(url)
    yield SqlLog(engine, RACE, clock)
    engine.dispose()


def finish_line(*bibs: int) -> Station:
    """A finish station that saw these bibs, one each second."""
    return Station().says(*(scan(bib, f"17:{at:02}") for at, bib in enumerate(bibs)))


def positions(log: Log, after: int = 0) -> list[int]:
    return [fact.pos for fact in log.read(after)]


def test_a_new_race_holds_nothing(log: Log) -> None:
    assert positions(log) == []
    assert log.head() == log.lineage_head(log.desk) == Head()
    assert len(log.quarantined()) == 0


def test_what_a_station_sent_is_read_back_byte_by_byte(log: Log) -> None:
    station = finish_line(417, 12)
    station.items.append(
        b'{ "event":"Scanned/1", "note":"\xea\xb0\x80", "code":"?" }'
    )  # a later version, spelled its own way
    log.receive(station.batch())
    assert [fact.data for fact in log.read()] == station.items
    assert [(fact.lineage, fact.seq) for fact in log.read()] == [(station.lineage, n) for n in (1, 2, 3, 4)]


def test_every_fact_bears_the_instant_at_which_it_came(log: Log, clock: ManualClock) -> None:
    station = finish_line(417)
    log.receive(station.batch())
    clock.tick(Span(90 * SECOND))
    log.receive(station.says(scan(12, "18:00")).batch(first=3))
    assert [fact.received_at for fact in log.read()] == [GUN, GUN, later(GUN, Span(90 * SECOND))]


def test_the_receipt_names_the_head_that_the_log_really_holds(log: Log) -> None:
    station = finish_line(417, 12)
    receipt = log.receive(station.batch())
    assert receipt.outcome is Outcome.STORED
    assert receipt.head == log.lineage_head(station.lineage)
    assert receipt.head.seq == 3


def test_resending_is_harmless(log: Log) -> None:
    station = finish_line(417, 12, 101)
    first = log.receive(station.batch())
    before = list(log.read())
    assert log.receive(station.batch()) == first
    assert log.receive(station.batch(first=2, last=3)) == first
    assert list(log.read()) == before
    assert len(log.quarantined()) == 0


def test_a_batch_that_overlaps_brings_only_what_is_new(log: Log) -> None:
    station = finish_line(417, 12, 101)
    log.receive(station.batch(last=3))
    assert log.receive(station.batch(first=2)).head.seq == 4
    assert [fact.seq for fact in log.read()] == [1, 2, 3, 4]


def test_an_empty_batch_asks_for_the_head(log: Log) -> None:
    station = finish_line(417)
    head = log.receive(station.batch()).head
    assert log.receive(station.batch(first=3)).head == head
    assert log.receive(Batch(station.lineage, 1, b"", [])).head == head


def test_a_gap_stores_nothing_and_says_where_to_begin(log: Log) -> None:
    station = finish_line(417, 12, 101)
    log.receive(station.batch(last=2))
    receipt = log.receive(station.batch(first=4))
    assert (receipt.outcome, receipt.head.seq) == (Outcome.GAP, 2)
    assert positions(log) == [1, 2]
    assert len(log.quarantined()) == 0
    assert log.receive(station.batch(first=receipt.head.seq + 1)).head.seq == 4


def test_a_cloned_laptop_is_a_fork_and_none_of_its_scans_is_lost(log: Log) -> None:
    station = finish_line(417)
    clone = station.clone()
    log.receive(station.says(scan(12, "18:00")).batch())
    receipt = log.receive(clone.says(scan(101, "18:00"), scan(102, "18:01")).batch())
    assert receipt.outcome is Outcome.FORK
    assert receipt.head == log.lineage_head(station.lineage)
    assert [fact.data for fact in log.read()] == station.items
    assert len(log.quarantined()) == 2


def test_the_sound_beginning_of_a_forked_batch_counts_as_stored(log: Log) -> None:
    station = finish_line(417, 12)
    clone = station.clone()
    log.receive(station.says(scan(101, "18:00")).batch())
    receipt = log.receive(clone.says(scan(102, "18:00")).batch())
    assert receipt.head.seq == 4
    assert positions(log) == [1, 2, 3, 4]
    assert len(log.quarantined()) == 1


def test_a_fork_that_goes_beyond_the_head_is_kept_aside_whole_not_called_a_gap(log: Log) -> None:
    station = finish_line(417)
    clone = station.clone()
    log.receive(station.says(scan(12, "18:00")).batch())
    clone.says(*(scan(bib, "18:05") for bib in range(200, 205)))
    assert log.receive(clone.batch(first=3)).outcome is Outcome.FORK
    assert len(log.quarantined()) == 5


def test_what_follows_a_foreign_past_is_a_fork(log: Log) -> None:
    station = finish_line(417, 12)
    log.receive(station.batch(last=2))
    receipt = log.receive(Batch(station.lineage, 3, b"another past", station.items[2:]))
    assert (receipt.outcome, receipt.head.seq, len(log.quarantined())) == (Outcome.FORK, 2, 1)


def test_a_fork_sent_again_waits_in_quarantine_once(log: Log) -> None:
    station = finish_line(417)
    clone = station.clone()
    log.receive(station.says(scan(12, "18:00")).batch())
    fork = clone.says(scan(101, "18:00"), scan(102, "18:01"))
    receipts = {log.receive(fork.batch()), log.receive(fork.batch()), log.receive(fork.batch(first=3))}
    assert len(receipts) == 1
    assert len(log.quarantined()) == 2


def test_the_true_station_goes_on_after_a_fork(log: Log) -> None:
    station = finish_line(417)
    clone = station.clone().says(scan(101, "18:00"))
    log.receive(station.says(scan(12, "18:00")).batch())
    log.receive(clone.batch())
    receipt = log.receive(station.says(scan(13, "18:30")).batch(first=4))
    assert (receipt.outcome, receipt.head.seq) == (Outcome.STORED, 4)
    assert verify(log).damage is None


def test_two_stations_take_turns_and_each_keeps_its_own_count(log: Log) -> None:
    start, finish = Station("start-1", "start"), Station("finish-1", "finish")
    for minute in range(3):
        log.receive(start.says(scan(417 + minute, f"0:0{minute}")).batch(first=1 if not minute else minute + 2))
        log.receive(finish.says(scan(417 + minute, f"17:0{minute}")).batch())
    facts = list(log.read())
    assert [fact.pos for fact in facts] == [1, 2, 3, 4, 5, 6, 7, 8]
    for station in (start, finish):
        assert [fact.data for fact in facts if fact.lineage == station.lineage] == station.items
    assert verify(log).damage is None


def test_the_desk_records_its_own_facts(log: Log) -> None:
    facts = race(opened(), *runner(417), gun())
    head = log.record(facts)
    assert head == log.lineage_head(log.desk)
    assert head.seq == 4
    assert [stored.event for stored in log.read()] == facts


def test_the_desk_may_record_nothing(log: Log) -> None:
    assert log.record([]) == Head()
    assert positions(log) == []


def test_a_command_that_read_an_older_desk_is_told_to_run_again(log: Log) -> None:
    seen = log.record(race(opened()), after=0).seq
    log.record(runner(417), after=seen)
    with pytest.raises(Moved):
        log.record(race(gun()), after=seen)
    assert log.lineage_head(log.desk).seq == 3
    log.receive(finish_line(417).batch())  # scans do not move the desk
    assert log.record(race(gun()), after=3).seq == 4


@pytest.mark.parametrize(
    "unreadable",
    [
        WaveStarted("1", Instant(-1)),
        WaveStarted("1", Instant(2**60)),
        GunMoved("1", GUN, "desk", "왜" * 201),
        EntrantRegistered("e1", "c" * 81, "", "F", "", "1"),
        EntrantRegistered("e1", "\ud800", "", "F", "", "1"),
    ],
)
def test_the_log_takes_no_fact_that_nobody_could_read_again(log: Log, unreadable: WaveStarted) -> None:
    log.record(race(opened()))
    with pytest.raises(Unrecordable):
        log.record([gun(), unreadable])
    assert positions(log) == [1]
    assert fold(log.read()).guns == {}


def test_a_reader_with_many_pages_misses_nothing(log: Log) -> None:
    station = Station().says(*(scan(bib % 900 + 1, "17:05", sightings=bib) for bib in range(2 * PAGE + 5)))
    log.receive(station.batch())
    last = len(station.items)
    assert positions(log) == list(range(1, last + 1))
    assert positions(log, after=PAGE - 1) == list(range(PAGE, last + 1))
    assert positions(log, after=PAGE) == list(range(PAGE + 1, last + 1))
    assert positions(log, after=last) == []


def test_a_reader_in_the_middle_of_a_page_still_sees_what_comes_later(log: Log) -> None:
    station = finish_line(417, 12)
    log.receive(station.batch())
    reader = log.read()
    assert next(reader).pos == 1
    assert [fact.pos for fact in reader] == [2, 3]
    log.receive(station.says(scan(101, "18:00")).batch(first=4))
    assert positions(log, after=3) == [4]


def test_many_stations_at_once_leave_no_hole(log: Log) -> None:
    stations = [Station(f"finish-{n}").says(*(scan(bib, f"17:{bib}") for bib in range(10, 22))) for n in range(4)]

    def upload(station: Station) -> None:
        for first in range(1, len(station.items) + 1, 3):
            receipt = log.receive(station.batch(first, first + 2))
            assert receipt.head.seq == min(first + 2, len(station.items))

    def follow() -> None:
        seen = 0
        while seen < sum(len(station.items) for station in stations):
            for fact in log.read(after=seen):
                assert fact.pos == seen + 1
                seen = fact.pos

    with ThreadPoolExecutor() as crowd:
        following = crowd.submit(follow)
        list(crowd.map(upload, stations))
        following.result(PATIENCE_S)
    facts = list(log.read())
    assert [fact.pos for fact in facts] == list(range(1, 4 * 13 + 1))
    for station in stations:
        assert [fact.data for fact in facts if fact.lineage == station.lineage] == station.items
    assert verify(log).damage is None


def test_of_commands_that_decided_on_the_same_desk_exactly_one_wins(log: Log) -> None:
    log.record(race(opened()))

    def decide(wave: int) -> bool:
        try:
            log.record([gun(wave=str(wave))], after=1)
        except Moved:
            return False
        return True

    with ThreadPoolExecutor() as officials:
        won = list(officials.map(decide, range(6)))
    assert won.count(True) == 1
    assert log.lineage_head(log.desk).seq == 2


def test_the_chains_verify_and_end_in_the_log_s_head(log: Log) -> None:
    log.record(race(opened(), *runner(417), gun()))
    log.receive(finish_line(417, 12).batch())
    checked = verify(log)
    assert (checked.facts, checked.head, checked.damage) == (7, log.head(), None)
    hashes = [fact.hash for fact in log.read()]
    assert len(set(hashes)) == 7
    assert all(before != after for before, after in pairwise(hashes))


# What only a database can promise.


def test_a_reopened_database_continues_both_chains(database_url: str, clock: ManualClock) -> None:
    station = finish_line(417, 12)
    for first in (1, 2, 3):
        engine = open_database(database_url)
        log = SqlLog(engine, RACE, clock)
        assert log.head().seq == 2 * (first - 1)
        log.record([gun(wave=str(first))], after=first - 1)
        assert log.receive(station.batch(first, first)).outcome is Outcome.STORED
        checked = verify(log)
        assert (checked.facts, checked.damage) == (2 * first, None)
        engine.dispose()


def test_nobody_sees_a_batch_before_it_is_committed(engine: Engine, database_url: str, clock: ManualClock) -> None:
    log, other = SqlLog(engine, RACE, clock), open_database(database_url)
    observer, seen = SqlLog(other, RACE, clock), list[int]()
    station = finish_line(417)

    @event.listens_for(engine, "commit")  # the last moment before the commit
    def look(_: object) -> None:
        seen.extend([observer.head().seq, len(positions(observer)), observer.lineage_head(station.lineage).seq])

    log.receive(station.batch())
    event.remove(engine, "commit", look)
    assert seen[:3] == [0, 0, 0]
    assert positions(observer) == [1, 2]
    other.dispose()


def test_a_commit_that_fails_leaves_no_trace_and_the_station_may_send_again(engine: Engine, clock: ManualClock) -> None:
    log, station = SqlLog(engine, RACE, clock), finish_line(417, 12)
    log.receive(station.batch(last=1))

    def cut(_: object) -> None:
        raise ConnectionAbortedError("the cable")

    event.listen(engine, "commit", cut)
    with pytest.raises(ConnectionAbortedError):
        log.receive(station.batch(first=2))
    event.remove(engine, "commit", cut)
    assert positions(log) == [1]
    assert log.receive(station.batch(first=2)).head.seq == 3
    assert positions(log) == [1, 2, 3]
    assert verify(log).damage is None


def test_several_servers_on_one_database_leave_no_hole(database_url: str, clock: ManualClock) -> None:
    stations = [finish_line(417, 12, 101), Station("finish-2").says(scan(9, "17:05"), scan(8, "17:06"))]
    engines = [open_database(database_url) for _ in stations]
    logs = [SqlLog(engine, RACE, clock) for engine in engines]

    def serve(log: Log, station: Station) -> None:
        for first in range(1, len(station.items) + 1):
            log.receive(station.batch(first, first))

    with ThreadPoolExecutor() as servers:
        list(servers.map(serve, logs, stations))
    assert positions(logs[0]) == positions(logs[1]) == [1, 2, 3, 4, 5, 6, 7]
    assert verify(logs[0]).damage is None
    for engine in engines:
        engine.dispose()


def test_two_races_in_one_database_do_not_mix(engine: Engine, clock: ManualClock) -> None:
    spring, autumn = SqlLog(engine, RACE, clock), SqlLog(engine, "0000000000012027", clock)
    spring.record(race(opened(), *runner(417)))
    spring.receive(finish_line(417).batch())
    autumn.record(race(opened()))
    assert (positions(spring), positions(autumn)) == ([1, 2, 3, 4, 5], [1])
    assert verify(spring).damage is verify(autumn).damage is None


def test_an_outbox_left_from_another_race_is_kept_aside_and_not_lost(engine: Engine, clock: ManualClock) -> None:
    spring, autumn = SqlLog(engine, RACE, clock), SqlLog(engine, "0000000000012027", clock)
    station = finish_line(417)
    spring.receive(station.batch())
    receipt = autumn.receive(station.says(scan(12, "17:30")).batch())
    assert receipt.outcome is Outcome.FORK
    assert (len(autumn.quarantined()), positions(autumn)) == (3, [])
    assert spring.receive(station.batch()).outcome is Outcome.STORED
    assert verify(spring).damage is verify(autumn).damage is None


def test_equal_facts_make_equal_chains_in_every_log(engine: Engine, clock: ManualClock) -> None:
    def told(log: Log) -> Head:
        log.record(race(opened(), *runner(417)))
        log.receive(finish_line(417).batch())
        return log.head()

    assert told(SqlLog(engine, RACE, clock)) == told(MemoryLog(RACE, clock))


def test_the_stored_bytes_are_the_canonical_ones(engine: Engine, clock: ManualClock) -> None:
    log = SqlLog(engine, RACE, clock)
    log.record(race(gun()))
    assert next(log.read()).data == encode(gun())


def test_a_batch_in_the_desks_lineage_is_nobodys_to_send(log: Log) -> None:
    log.record(race(opened(), *runner(417), gun()))
    before, forger = list(log.read()), Station(lineage=log.desk)
    forger.items = [fact.data for fact in before] + [encode(GunMoved("1", GUN, "desk", "나"))]
    for lineage in (log.desk, "desk-of-another"):
        forger.lineage = lineage
        for batch in (forger.batch(), forger.batch(first=len(before) + 1)):
            assert log.receive(batch).outcome is Outcome.FORK
    assert list(log.read()) == before
    assert [item.data for lineage, item in log.quarantined() if lineage == log.desk] == forger.items
    assert log.record(race(gun(wave="2"))).seq == len(before) + 1  # the desk itself goes on
    assert verify(log).damage is None


def test_what_counts_for_nothing_is_kept_byte_by_byte_and_named_in_every_receipt(log: Log) -> None:
    log.record(race(opened(), *runner(417), gun()))
    station, start = finish_line(417), log.head().seq
    station.items += [b"\x00rotten", b"", encode(GunMoved("1", GUN, "desk", "나"))]
    station.says(scan(12, "18:00"))
    for _ in range(2):
        receipt = log.receive(station.batch())
        assert (receipt.outcome, receipt.head.seq, receipt.set_aside) == (Outcome.STORED, 6, (3, 4, 5))
    assert log.receive(station.batch(first=5)).set_aside == (5,)
    assert [fact.data for fact in log.read(start)] == station.items
    assert verify(log).damage is None
    told = fold(log.read())
    assert ([one.seq for one in told.set_aside()], told.guns["1"]) == ([3, 4, 5], GUN)


def test_a_merged_branch_passes_the_same_check(log: Log) -> None:
    station = finish_line(417)
    clone = station.clone()
    log.receive(station.says(scan(12, "18:00")).batch())
    clone.items += [b"rotten"]
    log.receive(clone.says(scan(101, "18:00")).batch())
    (branch,) = waiting_branches(log)
    assert merge_branch(log, branch, "desk", "복제된 노트북").set_aside == (1,)
    assert waiting_branches(log) == []
