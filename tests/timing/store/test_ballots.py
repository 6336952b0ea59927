"""Votes: one a device and ballot, the last one stands, and none once it is over."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.builders import GUN, RACE, opened
from tests.doors import ManualClock
from timing.log.keep import backup
from timing.log.sql import SqlLog
from timing.store.ballots import Ballots, Candidate, Cast
from timing.store.database import open_database, sqlite_file, writing

PHOTO = Candidate(0, "c0001", "결승선", "photo.0123456789.webp", "small.0123456789.webp", 480, 320)


@pytest.fixture
def ballots(engine: Engine) -> Ballots:
    made = Ballots(engine, RACE)
    for company in ("c0001", "c0002"):
        made.add("photo", replace(PHOTO, company=company))
    made.open("photo", live=False)
    return made


def cast(engine: Engine, device: int, number: int, ballot: str = "photo") -> Cast:
    with writing(engine) as connection:
        return Ballots(engine, RACE).cast(connection, ballot, device.to_bytes(12), number)


def test_a_device_that_votes_again_changes_its_vote(engine: Engine, ballots: Ballots) -> None:
    assert [cast(engine, 1, 1), cast(engine, 2, 1), cast(engine, 1, 2)] == [Cast.TAKEN] * 3
    assert ballots.counts("photo") == {1: 1, 2: 1}


def test_a_closed_ballot_takes_no_vote_and_changes_none(engine: Engine, ballots: Ballots) -> None:
    cast(engine, 1, 1)
    assert ballots.close("photo")
    assert not ballots.close("photo")
    assert [cast(engine, 1, 2), cast(engine, 2, 2)] == [Cast.CLOSED] * 2
    assert cast(engine, 1, 1, "design") == cast(engine, 1, 1, "nonsense") == Cast.CLOSED
    assert ballots.counts("photo") == {1: 1}
    ballots.open("photo", live=True)
    assert cast(engine, 2, 2) == Cast.TAKEN


def test_nobody_votes_for_what_is_not_there(engine: Engine, ballots: Ballots) -> None:
    assert cast(engine, 1, 3) == Cast.UNKNOWN
    assert ballots.counts("photo") == {}


def test_a_photo_that_is_taken_away_takes_its_votes_along(engine: Engine, ballots: Ballots) -> None:
    cast(engine, 1, 1)
    assert ballots.remove("photo", 1)
    assert not ballots.remove("photo", 1)
    assert ballots.counts("photo") == {}
    assert cast(engine, 1, 2) == Cast.TAKEN


def test_a_number_is_never_given_again(engine: Engine, ballots: Ballots) -> None:
    """Phones remember whom they voted for by number."""
    assert ballots.remove("photo", 2)
    assert ballots.add("photo", PHOTO).number == 3
    assert [one.number for one in ballots.candidates("photo")] == [1, 3]
    assert cast(engine, 1, 2) == Cast.UNKNOWN


def test_a_firm_with_a_new_design_keeps_its_votes(engine: Engine, ballots: Ballots) -> None:
    ballots.renew("design", [replace(PHOTO, company=company) for company in ("c0001", "c0002")])
    ballots.open("design", live=True)
    cast(engine, 1, 1, "design")
    cast(engine, 2, 2, "design")
    ballots.renew(
        "design", [replace(PHOTO, company=company, picture="photo.new.webp") for company in ("c0003", "c0001")]
    )
    told = [(one.number, one.company, one.picture) for one in ballots.candidates("design")]
    assert told == [(1, "c0001", "photo.new.webp"), (3, "c0003", "photo.new.webp")]
    assert ballots.counts("design") == {1: 1}


def test_a_backup_holds_the_votes(engine: Engine, ballots: Ballots, tmp_path: Path) -> None:
    cast(engine, 1, 2)
    clock = ManualClock(GUN)
    SqlLog(engine, RACE, clock).record([opened()])
    backup(engine, RACE, tmp_path / "copy.db", clock)
    copy = open_database(sqlite_file(tmp_path / "copy.db"))
    assert Ballots(copy, RACE).counts("photo") == {2: 1}
    assert Ballots(copy, RACE).candidates("photo") == ballots.candidates("photo")
    copy.dispose()
