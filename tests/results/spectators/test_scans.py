"""Spectators' scans: one a firm, a device and a day, however often and from wherever they come, and nobody is remembered."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, Table, select

from results.spectators.scans import Rejections, ScanOutcome, ScanStore, SpectatorScan
from tests.builders import GUN, RACE, opened
from tests.clock_and_chance import ManualClock
from timing.log.backup import backup
from timing.log.sql import SqlLog
from timing.people.race_keys import device_hash, key_of
from timing.race.instants import SECOND, Instant
from timing.store.database import open_database, sqlite_file, writing
from timing.store.tables import day_key, spectator_count, spectator_device, spent_ticket

DAY, NEXT_DAY = "2026-09-03", "2026-09-04"
RACES = count()
LATER = Instant(GUN + 600 * SECOND)


def arrival(device: int = 1, ticket: int = 1, company: str = "c0001", day: str = DAY) -> SpectatorScan:
    return SpectatorScan(company, day, f"{device:032x}", ticket.to_bytes(8), LATER)


@pytest.fixture
def spectators(engine: Engine) -> ScanStore:
    return ScanStore(engine, RACE)


def take(engine: Engine, *arrivals: SpectatorScan) -> list[ScanOutcome]:
    spectators = ScanStore(engine, RACE)
    with writing(engine) as connection:
        return [spectators.take(connection, one) for one in arrivals]


def test_a_phone_counts_once_a_firm_and_day(engine: Engine, spectators: ScanStore) -> None:
    assert take(engine, arrival(), arrival(ticket=2)) == [ScanOutcome.COUNTED, ScanOutcome.REPEAT]
    assert take(engine, arrival(ticket=3, company="c0002"), arrival(2, 4)) == [ScanOutcome.COUNTED] * 2
    assert spectators.scans() == {"c0001": 2, "c0002": 1}


def test_the_next_day_it_counts_again(engine: Engine, spectators: ScanStore) -> None:
    assert take(engine, arrival(), arrival(ticket=2, day=NEXT_DAY)) == [ScanOutcome.COUNTED] * 2
    assert spectators.scans() == {"c0001": 2}


def test_a_ticket_is_good_once_whoever_shows_it(engine: Engine, spectators: ScanStore) -> None:
    assert take(engine, arrival(), arrival(device=2)) == [ScanOutcome.COUNTED, ScanOutcome.SPENT]
    assert take(engine, arrival(device=3, company="c0002")) == [ScanOutcome.SPENT]
    assert spectators.scans() == {"c0001": 1}


def test_of_two_servers_that_see_the_same_ticket_at_once_one_counts_it(engine: Engine, spectators: ScanStore) -> None:
    with ThreadPoolExecutor(8) as servers:
        found = list(servers.map(lambda device: take(engine, arrival(device))[0], range(8)))
    assert sorted(found) == [ScanOutcome.COUNTED] + [ScanOutcome.SPENT] * 7
    assert spectators.scans() == {"c0001": 1}


def test_of_two_tickets_that_a_device_shows_at_once_one_counts(engine: Engine, spectators: ScanStore) -> None:
    with ThreadPoolExecutor(8) as servers:
        found = list(servers.map(lambda ticket: take(engine, arrival(ticket=ticket))[0], range(8)))
    assert sorted(found) == [ScanOutcome.COUNTED] + [ScanOutcome.REPEAT] * 7


def test_after_the_day_nothing_tells_who_it_was(engine: Engine) -> None:
    take(engine, arrival(), arrival(2, 2))
    tidy(engine, DAY, GUN)
    with engine.connect() as connection:
        assert rows(connection, spectator_device) and rows(connection, day_key)
    tidy(engine, NEXT_DAY, LATER)
    with engine.connect() as connection:
        assert rows(connection, spectator_device) == rows(connection, day_key) == []
        assert rows(connection, spent_ticket)  # until it has expired: then it opens nothing anyway
    tidy(engine, NEXT_DAY, Instant(LATER + 1))
    with engine.connect() as connection:
        assert rows(connection, spent_ticket) == []
        assert [tuple(row)[1:] for row in connection.execute(select(spectator_count))] == [(DAY, "c0001", 2)]


def tidy(engine: Engine, today: str, now: Instant) -> None:
    with writing(engine) as connection:
        ScanStore(engine, RACE).tidy(connection, today, now)


def rows(connection: Connection, table: Table) -> list[object]:
    return list(connection.execute(select(table)))


def test_what_is_kept_of_a_device_is_another_thing_each_day(engine: Engine) -> None:
    take(engine, arrival(), arrival(ticket=2, day=NEXT_DAY))
    with engine.connect() as connection:
        kept = list(connection.scalars(select(spectator_device.c.device)))
    assert len(set(kept)) == 2
    assert all(bytes.fromhex(f"{1:032x}") not in one for one in kept)


def test_servers_share_a_race_s_keys_and_each_name_has_its_own(engine: Engine) -> None:
    with ThreadPoolExecutor(4) as servers:
        tickets = set(servers.map(lambda _: key_of(engine, RACE, "ticket"), range(4)))
    assert len(tickets) == 1
    votes, quiz = key_of(engine, RACE, "vote"), key_of(engine, RACE, "revision")
    assert len({*tickets, votes, quiz}) == 3
    assert device_hash(votes, "a" * 32) != device_hash(quiz, "a" * 32)


def test_what_was_not_taken_is_told_by_numbers_alone(engine: Engine) -> None:
    rejections = Rejections(engine, RACE)
    for _ in range(2):
        with writing(engine) as connection:
            rejections.note(connection, {("scan", "robot"): 3, ("vote", "closed"): 1})
    assert rejections.noted() == {("scan", "robot"): 6, ("vote", "closed"): 2}


@pytest.fixture(scope="module")
def memory() -> Iterator[Engine]:
    opened = open_database("sqlite://")
    yield opened
    opened.dispose()


VISITS = st.tuples(
    st.integers(0, 3), st.integers(0, 12), st.sampled_from(["c0001", "c0002"]), st.sampled_from([DAY, NEXT_DAY])
)


@given(visits=st.lists(VISITS, max_size=25), repeats=st.lists(st.integers(0, 24), max_size=15))
def test_repeats_never_raise_a_count(
    memory: Engine, visits: list[tuple[int, int, str, str]], repeats: list[int]
) -> None:
    spectators = ScanStore(memory, f"{next(RACES):016x}")
    arrivals = [arrival(device, ticket, company, day) for device, ticket, company, day in visits]
    again = [arrivals[at] for at in repeats if at < len(arrivals)]
    with writing(memory) as connection:
        counted = [spectators.take(connection, one) for one in [*arrivals, *again]].count(ScanOutcome.COUNTED)
        assert ScanOutcome.COUNTED not in [spectators.take(connection, one) for one in arrivals]
    assert sum(spectators.scans().values()) == counted
    assert counted <= len({(one.device, one.company, one.day) for one in arrivals})
    assert counted <= len({one.nonce for one in arrivals})


def test_a_backup_holds_the_counts_and_nothing_of_the_devices(engine: Engine, tmp_path: Path) -> None:
    take(engine, arrival(), arrival(2, 2))
    clock = ManualClock(GUN)
    SqlLog(engine, RACE, clock).record([opened()])
    backup(engine, RACE, tmp_path / "copy.db", clock)
    copy = open_database(sqlite_file(tmp_path / "copy.db"))
    assert ScanStore(copy, RACE).scans() == {"c0001": 2}
    with copy.connect() as connection:
        assert rows(connection, spectator_device) == rows(connection, day_key) == rows(connection, spent_ticket) == []
    copy.dispose()
