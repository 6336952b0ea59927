"""The notifier: who follows the log hears of a commit at once, on SQLite and on PostgreSQL, and is not left waiting without it."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import Engine

from tests.boards import PATIENCE_S
from tests.builders import GUN, RACE, opened, race
from tests.clock_and_chance import ManualClock
from timing.log.notifier import PollingNotifier, PostgresNotifier, SqliteNotifier, notifier_for
from timing.log.sql import SqlLog
from timing.store.database import open_database, sqlite_file

LONG_S = 3_600.0
SHORT_S = 0.05


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else sqlite_file(tmp_path / "race.db")
    made = open_database(url)
    yield made
    made.dispose()


def test_every_database_has_the_bell_of_its_kind(engine: Engine) -> None:
    notifier = notifier_for(engine)
    assert isinstance(notifier, PostgresNotifier if engine.dialect.name == "postgresql" else SqliteNotifier)
    notifier.close()


def test_a_commit_of_another_process_rings_long_before_the_time_is_over(engine: Engine) -> None:
    log, notifier, stop = SqlLog(engine, RACE, ManualClock(GUN)), notifier_for(engine), Event()
    notifier.wait(SHORT_S, Event())  # what was committed before is no news

    listener = Thread(target=notifier.wait, args=(LONG_S, stop))
    listener.start()
    log.record(race(opened()))
    listener.join(PATIENCE_S)
    heard = not listener.is_alive()
    stop.set()
    listener.join()
    notifier.close()
    assert heard


def test_who_is_told_to_stop_does_not_wait(engine: Engine) -> None:
    stop, notifier = Event(), notifier_for(engine)
    stop.set()
    notifier.wait(LONG_S, stop)
    notifier.close()


def test_without_news_it_ends_with_the_time(engine: Engine) -> None:
    notifier = notifier_for(engine)
    notifier.wait(SHORT_S, Event())
    notifier.wait(SHORT_S, Event())
    notifier.close()


def test_a_database_that_cannot_ring_is_looked_at_again_and_again(tmp_path: Path) -> None:
    engine = open_database(sqlite_file(tmp_path / "race.db"))
    engine.dispose()
    for file in tmp_path.iterdir():
        file.unlink()
    tmp_path.rmdir()
    notifier = notifier_for(engine)
    assert isinstance(notifier, PollingNotifier)
    notifier.wait(SHORT_S, Event())
    notifier.close()
