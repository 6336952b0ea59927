"""The guards: nobody changes or removes a fact by accident, whatever tool is used."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError

from tests.builders import GUN, RACE, Station, race, runner, scan
from tests.doors import ManualClock
from timing.log.chain import Batch
from timing.log.sql import SqlLog
from timing.store.database import open_database, sqlite_file

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
