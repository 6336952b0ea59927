"""The guards: nobody changes or removes a fact by accident, whatever tool is used."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError

from tests.builders import GUN, RACE, Station, race, runner, scan
from tests.clock_and_chance import ManualClock
from timing.log.sql import SqlLog
from timing.race.chain import Batch
from timing.store.database import open_database, sqlite_file, writing
from timing.store.write_guards import missing_guards, restore_guards

CHANGES = [
    "UPDATE event SET received_at = 0 WHERE pos = 1",
    "DELETE FROM event WHERE pos = 1",
    "UPDATE quarantine SET received_at = 0",
    "DELETE FROM quarantine",
]


def fill(engine: Engine) -> SqlLog:
    """A log of three facts and one item in quarantine."""
    log = SqlLog(engine, RACE, ManualClock(GUN))
    station = Station().says(scan(417, "17:05"))
    log.record(race(*runner(417)))
    log.receive(station.batch())
    log.receive(Batch(station.lineage, 1, b"", [station.items[0], station.items[0]]))
    assert len(log.quarantined()) == 1
    return log


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    engine = open_database(sqlite_file(tmp_path / "race.db"))
    fill(engine)
    yield tmp_path / "race.db"
    engine.dispose()


@pytest.mark.parametrize(
    "change",
    [
        *CHANGES,
        "INSERT OR REPLACE INTO event SELECT race, pos, lineage, seq, 0, data, lineage_hash, hash FROM event WHERE pos = 1",
        "INSERT OR REPLACE INTO event SELECT race, 99, lineage, seq, 0, data, lineage_hash, hash FROM event WHERE pos = 1",
        "REPLACE INTO quarantine SELECT lineage, seq, lineage_hash, race, prev_hash, 'x', 0 FROM quarantine",
    ],
)
def test_a_shell_on_the_sqlite_file_is_refused(file: Path, change: str) -> None:
    with closing(sqlite3.connect(file)) as shell:
        before = list(shell.iterdump())
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            shell.execute(change)
        assert list(shell.iterdump()) == before


@pytest.mark.parametrize("change", [*CHANGES, "TRUNCATE event"])
def test_a_shell_on_postgresql_is_refused(postgres_url: str, change: str) -> None:
    engine = open_database(postgres_url)
    log = fill(engine)
    before = log.head()
    with pytest.raises(DatabaseError, match="append-only"), engine.begin() as connection:
        connection.execute(text(change))
    assert log.head() == before
    assert len(list(log.read())) == before.seq == 4
    engine.dispose()


TAKEN_AWAY = {
    "sqlite": ["DROP TRIGGER event_no_update", "DROP TRIGGER quarantine_no_delete"],
    "postgresql": [
        "DROP TRIGGER event_append_only ON event",
        "ALTER TABLE quarantine DISABLE TRIGGER quarantine_append_only",
    ],
}


def test_guards_that_were_taken_away_are_missed_and_put_back(engine: Engine) -> None:
    fill(engine)
    with engine.connect() as connection:
        assert missing_guards(connection) == []
    for statement in TAKEN_AWAY[engine.dialect.name]:
        with writing(engine) as connection:
            connection.exec_driver_sql(statement)
    with writing(engine) as connection:
        missing = missing_guards(connection)
        assert len(missing) == 2
        assert restore_guards(connection) == missing
        assert missing_guards(connection) == []
    for change in CHANGES:
        with pytest.raises(DatabaseError, match="append-only"), engine.begin() as connection:
            connection.execute(text(change))


def test_a_guard_that_lets_everything_pass_is_none(engine: Engine) -> None:
    fill(engine)
    with writing(engine) as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER event_no_update")
            connection.exec_driver_sql("CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT 1; END")
        else:
            body = "RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$"
            connection.exec_driver_sql(f"CREATE OR REPLACE FUNCTION event_append_only() {body}")
        assert len(missing_guards(connection)) == 1
        restore_guards(connection)
        assert missing_guards(connection) == []
