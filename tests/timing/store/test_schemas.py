"""Every number that a database's schema ever had, as SQL text: each is brought up to date with all it holds, or refused by name.

Whoever changes a table gives the schema a new number, and adds here what that number brought.
"""

from contextlib import closing
from pathlib import Path
from sqlite3 import connect
from typing import Final

import pytest
from sqlalchemy import inspect

from tests.builders import GUN, RACE, opened
from tests.clock_and_chance import ManualClock
from timing.log.backup import restore
from timing.log.sql import SqlLog
from timing.people.directory import Directory
from timing.people.inbox import Inbox
from timing.store import tables
from timing.store.database import UnknownSchema, open_database, sqlite_file

FIRST: Final = """
CREATE TABLE marathon_schema (version INTEGER NOT NULL);
CREATE TABLE race_head (race VARCHAR(64) PRIMARY KEY, last_pos BIGINT NOT NULL, last_hash BLOB NOT NULL);
CREATE TABLE lineage_head (lineage VARCHAR(80) PRIMARY KEY, race VARCHAR(64) NOT NULL, seq BIGINT NOT NULL, hash BLOB NOT NULL);
CREATE TABLE event (race VARCHAR(64), pos BIGINT, lineage VARCHAR(80) NOT NULL, seq BIGINT NOT NULL, received_at BIGINT NOT NULL,
    data BLOB NOT NULL, lineage_hash BLOB NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (race, pos), UNIQUE (lineage, seq));
CREATE TABLE quarantine (lineage VARCHAR(80), seq BIGINT, lineage_hash BLOB, race VARCHAR(64) NOT NULL, prev_hash BLOB NOT NULL,
    data BLOB NOT NULL, received_at BIGINT NOT NULL, PRIMARY KEY (lineage, seq, lineage_hash));
CREATE TABLE person (race VARCHAR(64), entrant VARCHAR(80), name VARCHAR(200) NOT NULL, PRIMARY KEY (race, entrant));
CREATE TABLE entry_group (race VARCHAR(64), id VARCHAR(80), kind VARCHAR(16) NOT NULL, name VARCHAR(200) NOT NULL,
    PRIMARY KEY (race, id));
CREATE TABLE station (race VARCHAR(64), name VARCHAR(80), token_hash BLOB NOT NULL, PRIMARY KEY (race, name));
"""
FIRMS: Final = """
CREATE TABLE firm (race VARCHAR(64), company VARCHAR(80), building VARCHAR(200) NOT NULL, floor VARCHAR(200) NOT NULL,
    link VARCHAR(300) NOT NULL, blurb VARCHAR(200) NOT NULL, approved BOOLEAN NOT NULL, design TEXT NOT NULL,
    PRIMARY KEY (race, company));
"""
STATIONS: Final = """
CREATE TABLE station_lineage (lineage VARCHAR(80) PRIMARY KEY, race VARCHAR(64) NOT NULL, station VARCHAR(80) NOT NULL);
CREATE TABLE heartbeat (lineage VARCHAR(80) PRIMARY KEY, race VARCHAR(64) NOT NULL, data BLOB NOT NULL);
"""
REPORTS: Final = """
CREATE TABLE report (race VARCHAR(64), number INTEGER, bib INTEGER NOT NULL, text VARCHAR(300) NOT NULL, at BIGINT NOT NULL,
    done BOOLEAN NOT NULL, PRIMARY KEY (race, number));
"""
LINKS: Final = """
CREATE TABLE private_link (race VARCHAR(64), kind VARCHAR(16), holder VARCHAR(80), token_hash BLOB NOT NULL,
    PRIMARY KEY (race, kind, holder));
"""
CONSENTS: Final = "CREATE TABLE consent (race VARCHAR(64), entrant VARCHAR(80), PRIMARY KEY (race, entrant));"
AGREED: Final = "CREATE TABLE consent (race VARCHAR(64), entrant VARCHAR(80), agreed BOOLEAN NOT NULL, PRIMARY KEY (race, entrant));"
SPECTATORS: Final = """
CREATE TABLE race_key (race VARCHAR(64), name VARCHAR(16), "key" BLOB NOT NULL, PRIMARY KEY (race, name));
CREATE TABLE day_key (race VARCHAR(64), day VARCHAR(10), "key" BLOB NOT NULL, PRIMARY KEY (race, day));
CREATE TABLE spectator_device (race VARCHAR(64), day VARCHAR(10), company VARCHAR(80), device BLOB,
    PRIMARY KEY (race, day, company, device));
CREATE TABLE spectator_count (race VARCHAR(64), day VARCHAR(10), company VARCHAR(80), scans INTEGER NOT NULL,
    PRIMARY KEY (race, day, company));
CREATE TABLE spent_ticket (race VARCHAR(64), nonce BLOB, until BIGINT NOT NULL, PRIMARY KEY (race, nonce));
CREATE TABLE rejected_scan (race VARCHAR(64), what VARCHAR(16), reason VARCHAR(16), number INTEGER NOT NULL,
    PRIMARY KEY (race, what, reason));
"""
PHOTOS: Final = """
CREATE TABLE ballot (race VARCHAR(64), name VARCHAR(16), open BOOLEAN NOT NULL, live BOOLEAN NOT NULL, PRIMARY KEY (race, name));
CREATE TABLE candidate (race VARCHAR(64), ballot VARCHAR(16), number INTEGER, company VARCHAR(80) NOT NULL,
    caption VARCHAR(200) NOT NULL, picture VARCHAR(80) NOT NULL, small VARCHAR(80) NOT NULL, width INTEGER NOT NULL,
    height INTEGER NOT NULL, PRIMARY KEY (race, ballot, number));
CREATE TABLE vote (race VARCHAR(64), ballot VARCHAR(16), device BLOB, candidate INTEGER NOT NULL, PRIMARY KEY (race, ballot, device));
CREATE TABLE quiz_answer (race VARCHAR(64), device BLOB, question VARCHAR(16), choice INTEGER NOT NULL, correct BOOLEAN NOT NULL,
    PRIMARY KEY (race, device, question));
CREATE TABLE quiz_receipt (race VARCHAR(64), device BLOB, code VARCHAR(16) NOT NULL, PRIMARY KEY (race, device));
"""
NO_PHOTOS: Final = (
    "DROP TABLE ballot; DROP TABLE candidate; DROP TABLE vote; DROP TABLE quiz_answer; DROP TABLE quiz_receipt;"
)
ERASURES: Final = (
    "CREATE TABLE erasure (race VARCHAR(64), entrant VARCHAR(80), at BIGINT NOT NULL, PRIMARY KEY (race, entrant));"
)
OWN_TEAMS: Final = "ALTER TABLE entry_group ADD COLUMN company VARCHAR(80) NOT NULL DEFAULT '';"
WRITTEN: Final = "ALTER TABLE report ADD COLUMN written VARCHAR(40) NOT NULL DEFAULT '';"
SALTS: Final = """
CREATE TABLE row_salt (race VARCHAR(64), "of" VARCHAR(16), entrant VARCHAR(80), salt BLOB NOT NULL, PRIMARY KEY (race, "of", entrant));
"""
DESIGNS: Final = """
CREATE TABLE design_poll (race VARCHAR(64) PRIMARY KEY, open BOOLEAN NOT NULL, live BOOLEAN NOT NULL);
CREATE TABLE design_candidate (race VARCHAR(64), company VARCHAR(80), PRIMARY KEY (race, company));
CREATE TABLE design_ballot (race VARCHAR(64), device BLOB, company VARCHAR(80) NOT NULL, network BLOB NOT NULL,
    PRIMARY KEY (race, device));
"""
SEATS: Final = """
CREATE TABLE office_seat (race VARCHAR(64), link_hash BLOB, name VARCHAR(80) NOT NULL, role VARCHAR(16) NOT NULL, given_at BIGINT NOT NULL,
    opened_at BIGINT, session_hash BLOB, PRIMARY KEY (race, link_hash));
"""
SENT: Final = """
CREATE TABLE sent_form (race VARCHAR(64), form VARCHAR(64), told BLOB NOT NULL, page VARCHAR(300) NOT NULL, PRIMARY KEY (race, form));
"""
EDITS: Final = "CREATE TABLE directory_edits (race VARCHAR(64) PRIMARY KEY, number BIGINT NOT NULL);"
ACTS: Final = """
ALTER TABLE sent_form ADD COLUMN at BIGINT NOT NULL DEFAULT '0';
CREATE TABLE office_act (race VARCHAR(64), number INTEGER, what VARCHAR(16) NOT NULL, "of" VARCHAR(80) NOT NULL, "by" VARCHAR(80) NOT NULL,
    role VARCHAR(16) NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (race, number));
"""
PAPER_LINES: Final = """
ALTER TABLE report ADD COLUMN point VARCHAR(16) NOT NULL DEFAULT '';
ALTER TABLE report ADD COLUMN passed BIGINT NOT NULL DEFAULT '0';
"""

TO_3: Final = FIRST + FIRMS + STATIONS
TO_4: Final = TO_3 + REPORTS + LINKS + AGREED + SPECTATORS + PHOTOS
TO_7: Final = TO_4 + ERASURES + OWN_TEAMS + WRITTEN + SALTS
MEANT: Final = [
    (1, FIRST),
    (2, FIRST + FIRMS),
    (3, TO_3),
    (3, TO_3 + REPORTS),
    (4, TO_4),
    (4, TO_4 + ERASURES),
    (5, TO_4 + ERASURES),
    (5, TO_4 + ERASURES + OWN_TEAMS),
    (6, TO_4 + ERASURES + OWN_TEAMS + WRITTEN),
    (7, TO_7),
    (8, TO_7 + NO_PHOTOS + DESIGNS),
    (9, TO_7 + NO_PHOTOS + DESIGNS + SEATS),
    (10, TO_7 + NO_PHOTOS + DESIGNS + SEATS + SENT),
    (11, TO_7 + NO_PHOTOS + DESIGNS + SEATS + SENT + EDITS),
    (12, TO_7 + NO_PHOTOS + DESIGNS + SEATS + SENT + EDITS + ACTS),
    (13, TO_7 + NO_PHOTOS + DESIGNS + SEATS + SENT + EDITS + ACTS + PAPER_LINES),
]
"""Number by number what it meant; 3 to 5 meant several things while the program was made."""
REFUSED: Final = [(4, TO_3 + REPORTS + LINKS + CONSENTS, "consent.agreed")]
HELD: Final = f"""
INSERT INTO person (race, entrant, name) VALUES ('{RACE}', 'e1', '김보기');
INSERT INTO entry_group (race, id, kind, name) VALUES ('{RACE}', 'c1', 'company', '들판'), ('{RACE}', 't1', 'team', '들판 번개');
"""


def made(file: Path, number: int, schema: str) -> Path:
    """A database as a program of that time left it, with a fact and names in it."""
    fresh = file.with_name("fresh.db")
    SqlLog(open_database(sqlite_file(fresh)), RACE, ManualClock(GUN)).record([opened()])
    with closing(connect(file)) as old:
        old.executescript(f"{schema} {HELD} INSERT INTO marathon_schema VALUES ({number});")
        if "TABLE report" in schema:
            old.execute(
                "INSERT INTO report (race, number, bib, text, at, done) VALUES (?, 1, 7, '못 찾음', 5, 0)", (RACE,)
            )
        old.execute("ATTACH ? AS fresh", (str(fresh),))
        for name in ("event", "race_head", "lineage_head"):
            old.execute(f"INSERT INTO {name} SELECT * FROM fresh.{name}")
        old.commit()
    return file


def columns(file: Path) -> dict[str, set[str]]:
    """What each of our tables holds; what else lies there is nobody's any more."""
    with closing(connect(file)) as looked:
        return {
            table.name: {row[1] for row in looked.execute(f'PRAGMA table_info("{table.name}")')}
            for table in tables.metadata.sorted_tables
        }


@pytest.mark.parametrize(("number", "schema"), MEANT)
def test_every_number_s_database_is_brought_up_to_date_and_keeps_what_it_holds(
    tmp_path: Path, number: int, schema: str
) -> None:
    file = made(tmp_path / "race.db", number, schema)
    for _ in range(2):
        engine = open_database(sqlite_file(file))
        names = Directory(engine, RACE).names()
        assert (names.people, names.companies, names.teams) == ({"e1": "김보기"}, {"c1": "들판"}, {"t1": "들판 번개"})
        assert SqlLog(engine, RACE, ManualClock(GUN)).head().seq == 1
        assert [one.bib for one in Inbox(engine, RACE).messages()] == ([7] if "TABLE report" in schema else [])
        with engine.connect() as connection:
            assert connection.execute(tables.schema.select()).all() == [(tables.SCHEMA_VERSION,)]
        engine.dispose()
    assert columns(file) == {table.name: {*table.columns.keys()} for table in tables.metadata.sorted_tables}


@pytest.mark.parametrize(("number", "schema", "lacking"), REFUSED)
def test_what_nobody_can_bring_up_to_date_is_refused_by_name_and_left_as_it_is(
    tmp_path: Path, number: int, schema: str, lacking: str
) -> None:
    file = made(tmp_path / "race.db", number, schema)
    before = columns(file)
    for as_it_is in (False, True):
        with pytest.raises(UnknownSchema, match=f"schema {number} lacks {lacking}.*marathon log export"):
            open_database(sqlite_file(file), as_it_is)
    assert columns(file) == before
    empty = open_database(sqlite_file(tmp_path / "empty.db"))
    with pytest.raises(UnknownSchema):
        restore(empty, RACE, file, "시험", ManualClock(GUN))
    assert not SqlLog(empty, RACE, ManualClock(GUN)).head().seq
    empty.dispose()


@pytest.mark.parametrize(("number", "schema"), MEANT)
def test_a_backup_of_every_number_can_be_put_back(tmp_path: Path, number: int, schema: str) -> None:
    file = made(tmp_path / "race.db", number, schema)
    engine = open_database(sqlite_file(tmp_path / "new.db"))
    restore(engine, RACE, file, "시험", ManualClock(GUN))
    assert Directory(engine, RACE).names().people == {"e1": "김보기"}
    engine.dispose()
    with closing(connect(file)) as looked:
        assert looked.execute("SELECT version FROM marathon_schema").fetchall() == [(number,)]


def test_a_changed_table_has_a_number_of_its_own(tmp_path: Path) -> None:
    """If this fails, a table is another than its number says: raise the number, and add here what it brought."""
    assert [*dict(MEANT)] == [*range(1, tables.SCHEMA_VERSION + 1)]
    engine = open_database(sqlite_file(tmp_path / "new.db"))
    assert {*inspect(engine).get_table_names()} == {table.name for table in tables.metadata.sorted_tables}
    engine.dispose()
    assert columns(made(tmp_path / "stored.db", *MEANT[-1])) == columns(tmp_path / "new.db")
