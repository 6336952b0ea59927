"""Votes: one a device, the last one stands, none once it is over, and whose network they came from is forgotten then."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from results.spectators.ballots import Ballots, Cast, Origin, Poll
from tests.builders import GUN, RACE, opened
from tests.clock_and_chance import ManualClock
from timing.log.backup import backup
from timing.log.sql import SqlLog
from timing.people.race_keys import key_of
from timing.store.database import open_database, sqlite_file, writing
from timing.store.low_priority_writer import LowPriorityWriter

HOME, ELSEWHERE = "192.0.2.0/24", "198.51.100.0/24"


@pytest.fixture
def ballots(engine: Engine) -> Ballots:
    made = Ballots(engine, RACE)
    made.open(("c0001", "c0002"), live=False)
    return made


def cast(engine: Engine, device: int, company: str, network: str = HOME) -> Cast:
    with writing(engine) as connection:
        return Ballots(engine, RACE).cast(connection, company, device.to_bytes(12), network)


def test_a_device_that_votes_again_changes_its_vote(engine: Engine, ballots: Ballots) -> None:
    assert [cast(engine, 1, "c0001"), cast(engine, 2, "c0001"), cast(engine, 1, "c0002")] == [Cast.TAKEN] * 3
    assert ballots.counts() == {"c0001": 1, "c0002": 1}


def test_a_closed_vote_takes_none_and_changes_none(engine: Engine, ballots: Ballots) -> None:
    cast(engine, 1, "c0001")
    assert ballots.close()
    assert not ballots.close()
    assert [cast(engine, 1, "c0002"), cast(engine, 2, "c0002")] == [Cast.CLOSED] * 2
    assert ballots.counts() == {"c0001": 1}
    ballots.open(("c0001", "c0002"), live=True)
    assert cast(engine, 2, "c0002") == Cast.TAKEN


def test_before_a_vote_is_opened_there_is_none(engine: Engine) -> None:
    assert Ballots(engine, RACE).poll() is None
    assert cast(engine, 1, "c0001") == Cast.CLOSED


def test_nobody_votes_for_what_is_not_there(engine: Engine, ballots: Ballots) -> None:
    assert cast(engine, 1, "c0003") == Cast.UNKNOWN
    assert ballots.counts() == {}


def test_counts_are_nobody_s_business_while_a_vote_is_open_unless_it_is_live(engine: Engine, ballots: Ballots) -> None:
    cast(engine, 1, "c0002")
    assert ballots.poll() == Poll(True, ("c0001", "c0002"), None)
    ballots.open(("c0001", "c0002"), live=True)
    assert ballots.poll() == Poll(True, ("c0001", "c0002"), {"c0002": 1})
    ballots.open(("c0001", "c0002"), live=False)
    ballots.close()
    assert ballots.poll() == Poll(False, ("c0001", "c0002"), {"c0002": 1})


def test_a_firm_that_stays_keeps_its_votes_and_one_that_goes_takes_them_along(engine: Engine, ballots: Ballots) -> None:
    cast(engine, 1, "c0001")
    cast(engine, 2, "c0002")
    ballots.open(("c0003", "c0001"), live=True)
    assert ballots.poll() == Poll(True, ("c0001", "c0003"), {"c0001": 1})
    assert cast(engine, 2, "c0003") == Cast.TAKEN


def test_it_is_known_how_many_votes_came_from_one_network(engine: Engine, ballots: Ballots) -> None:
    for device in range(5):
        cast(engine, device, "c0001")
    cast(engine, 5, "c0001", ELSEWHERE)
    cast(engine, 6, "c0002", ELSEWHERE)
    told = {"c0001": Origin(6, 2, 5), "c0002": Origin(1, 1, 1)}
    assert (ballots.origins(), ballots.busiest(5), ballots.busiest(1)) == (told, [5, 2], [5])
    ballots.close()
    assert (ballots.origins(), ballots.busiest(5)) == (told, [5, 2])


def test_the_key_of_the_networks_is_deleted_when_the_vote_is_closed(engine: Engine, ballots: Ballots) -> None:
    cast(engine, 1, "c0001")
    before = key_of(engine, RACE, "network")
    ballots.close()
    assert key_of(engine, RACE, "network") != before


def test_a_design_may_be_taken_away_while_phones_vote_for_it(engine: Engine, ballots: Ballots) -> None:
    def vote(phone: int, company: str) -> Callable[[Connection], Cast]:
        return lambda connection: ballots.cast(connection, company, phone.to_bytes(12), HOME)

    with LowPriorityWriter(engine, pause_s=0) as low_priority_writer:
        for turn in range(3):
            for phone in range(60):
                low_priority_writer.put(vote(phone, f"c{1 + (phone + turn) % 2:04}"))
        ballots.open(("c0002",), live=False)
    assert set(ballots.counts()) == {"c0002"}


def test_a_backup_holds_the_votes(engine: Engine, ballots: Ballots, tmp_path: Path) -> None:
    cast(engine, 1, "c0002")
    clock = ManualClock(GUN)
    SqlLog(engine, RACE, clock).record([opened()])
    backup(engine, RACE, tmp_path / "copy.db", clock)
    copy = open_database(sqlite_file(tmp_path / "copy.db"))
    assert Ballots(copy, RACE).counts() == {"c0002": 1}
    assert Ballots(copy, RACE).poll() == ballots.poll()
    copy.dispose()
