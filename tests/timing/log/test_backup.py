"""Keeping the log: copies of a running race, exports with the same hashes, and a race put back after its server was lost."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import connect
from threading import Event, Thread

import pytest
from sqlalchemy import Engine, Table, insert, select

from tests.builders import GUN, RACE, Station, gun, opened, race, runner, scan
from tests.clock_and_chance import ManualClock
from tests.tampering import unguarded
from timing.errors import WrongUse
from timing.log import Outcome
from timing.log.backup import KEPT, NOT_KEPT, BadCopy, backup, exported, import_lines, restore
from timing.log.sql import SqlLog
from timing.log.verify import verify
from timing.people.directory import Directory
from timing.people.inbox import Inbox
from timing.race.events import LogRestored
from timing.race.firms import Design, FirmCard
from timing.race.fold import fold
from timing.race.known_names import Names
from timing.store import tables
from timing.store.database import open_database, sqlite_file, writing

CLOCK = ManualClock(GUN)


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else sqlite_file(tmp_path / "race.db")
    made = open_database(url)
    yield made
    made.dispose()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Engine]:
    made = open_database(sqlite_file(tmp_path / "new.db"))
    yield made
    made.dispose()


def run_race(engine: Engine) -> tuple[SqlLog, Station]:
    log, station = SqlLog(engine, RACE, CLOCK), Station().says(scan(417, "17:05"), scan(12, "17:06"))
    log.record(race(opened(), *runner(417), *runner(12), gun()))
    log.receive(station.batch())
    Directory(engine, RACE).keep(Names({"e00417": "김하늘"}, {"c0001": "가산정밀"}))
    return log, station


def test_a_backup_holds_the_facts_with_their_hashes_and_the_names(engine: Engine, tmp_path: Path) -> None:
    log, _ = run_race(engine)
    assert backup(engine, RACE, tmp_path / "사본.db", CLOCK).facts == log.head().seq
    copy = open_database(sqlite_file(tmp_path / "사본.db"))
    assert list(SqlLog(copy, RACE, CLOCK).read()) == list(log.read())
    assert Directory(copy, RACE).names() == Directory(engine, RACE).names()
    copy.dispose()
    assert not list(tmp_path.glob("*.draft"))


def test_firms_cards_travel_with_the_backup(engine: Engine, empty: Engine, tmp_path: Path) -> None:
    run_race(engine)
    card = FirmCard("c0001", "가산타워", "3층", "https://gasan.example", "함께 달려요", True, Design("#0B4F8A"))
    Directory(engine, RACE).keep_card(card)
    backup(engine, RACE, tmp_path / "copy.db", CLOCK)
    restore(empty, RACE, tmp_path / "copy.db", "서버 고장", CLOCK)
    assert Directory(empty, RACE).cards() == {"c0001": card}


def test_a_backup_by_the_first_version_is_put_back_and_not_changed(
    engine: Engine, empty: Engine, tmp_path: Path
) -> None:
    log, _ = run_race(engine)
    backup(engine, RACE, tmp_path / "copy.db", CLOCK)
    with closing(connect(tmp_path / "copy.db")) as shell:
        shell.executescript("DROP TABLE firm; UPDATE marathon_schema SET version = 1;")
    before = log.head().seq
    restore(empty, RACE, tmp_path / "copy.db", "서버 고장", CLOCK)
    assert SqlLog(empty, RACE, CLOCK).head().seq == before + 1
    assert Directory(empty, RACE).cards() == {}
    with closing(connect(tmp_path / "copy.db")) as shell:
        assert shell.execute("SELECT version FROM marathon_schema").fetchall() == [(1,)]
        assert not shell.execute("SELECT 1 FROM sqlite_master WHERE name = 'firm'").fetchall()


def test_a_backup_that_lacks_a_newer_column_is_put_back(engine: Engine, empty: Engine, tmp_path: Path) -> None:
    run_race(engine)
    Inbox(engine, RACE).put(417, "417", "출발 매트를 밟았어요", GUN)
    backup(engine, RACE, tmp_path / "copy.db", CLOCK)
    with closing(connect(tmp_path / "copy.db")) as shell:
        shell.executescript("ALTER TABLE firm DROP COLUMN blurb;")
    restore(empty, RACE, tmp_path / "copy.db", "서버 고장", CLOCK)
    assert [one.text for one in Inbox(empty, RACE).messages()] == ["출발 매트를 밟았어요"]


def test_every_table_is_in_the_backup_or_named_as_left_out_with_a_reason() -> None:
    assert {*KEPT, *NOT_KEPT} == set(tables.metadata.sorted_tables)
    assert not {*KEPT} & {*NOT_KEPT}
    assert all(reason.strip() for reason in NOT_KEPT.values())


def test_the_rows_of_every_kept_table_survive_on_the_way_into_a_new_server(
    engine: Engine, empty: Engine, tmp_path: Path
) -> None:
    full_race(engine)
    before = {table: rows_of(engine, table) for table in KEPT}
    backup(engine, RACE, tmp_path / "copy.db", CLOCK)
    restore(empty, RACE, tmp_path / "copy.db", "서버 고장", CLOCK)
    assert all(before.values())
    assert {table.name for table in KEPT if not before[table] <= rows_of(empty, table)} <= HEADS
    assert not [table.name for table in NOT_KEPT if table is not tables.schema and rows_of(empty, table)]


def test_the_rows_of_every_kept_table_survive_on_the_way_from_a_file(engine: Engine, tmp_path: Path) -> None:
    source = open_database(sqlite_file(tmp_path / "source.db"))
    full_race(source)
    before = {table: rows_of(source, table) for table in KEPT}
    backup(source, RACE, tmp_path / "copy.db", CLOCK)
    restore(engine, RACE, tmp_path / "copy.db", "서버를 옮김", CLOCK)
    assert {table.name for table in KEPT if not before[table] <= rows_of(engine, table)} <= HEADS
    source.dispose()


HEADS = {"race_head", "lineage_head"}
"""They move on: that the race was put back is the next fact, of the desk's own lineage."""


def full_race(engine: Engine) -> None:
    """A race with a row of its own, and of another race, in every table."""
    log, station = run_race(engine)
    forked = Station(lineage=station.lineage).says(scan(99, "17:20"))
    assert log.receive(forked.batch()).outcome is Outcome.FORK
    with writing(engine) as connection:
        for table in tables.metadata.sorted_tables:
            if "race" in table.c and not rows_of(engine, table):
                connection.execute(insert(table), [made_up_row(table, RACE), made_up_row(table, "f" * 16)])


def made_up_row(table: Table, whose: str) -> dict[str, object]:
    made = {str: f"글 {whose}"[:10], int: 7, bool: True, bytes: whose.encode() + bytes(range(16))}
    return {column.name: made[column.type.python_type] for column in table.columns} | {"race": whose}


def rows_of(engine: Engine, table: Table) -> set[tuple[object, ...]]:
    """The rows of our race; all of a table that knows no race."""
    wanted = select(table).where(table.c.race == RACE) if "race" in table.c else select(table)
    with engine.connect() as connection:
        return {tuple(row) for row in connection.execute(wanted)}


def test_a_backup_lies_in_one_file_that_can_be_carried_away(engine: Engine, tmp_path: Path) -> None:
    run_race(engine)
    backup(engine, RACE, tmp_path / "copy.db", CLOCK)
    assert sorted(file.name for file in tmp_path.glob("copy.db*")) == ["copy.db"]


def test_a_backup_made_while_stations_send_is_one_state_of_the_log(engine: Engine, tmp_path: Path) -> None:
    log, _ = run_race(engine)
    stop = Event()

    def keep_sending() -> None:
        station = Station("start-1", "start")
        while not stop.is_set():
            log.receive(station.says(scan(417, "0:05")).batch(first=len(station.items)))

    sender = Thread(target=keep_sending)
    log.receive(Station("start-1", "start").batch())
    sender.start()
    try:
        copies = [backup(engine, RACE, tmp_path / f"{number}.db", CLOCK).facts for number in range(3)]
    finally:
        stop.set()
        sender.join()
    assert copies == sorted(copies)
    assert copies[-1] <= log.head().seq


def test_a_damaged_log_gives_no_backup(tmp_path: Path) -> None:
    engine = open_database(sqlite_file(tmp_path / "race.db"))
    run_race(engine)
    with unguarded(tmp_path / "race.db") as shell:
        shell.execute("UPDATE event SET received_at = received_at + 1 WHERE pos = 3")
    with pytest.raises(BadCopy, match="position 3"):
        backup(engine, RACE, tmp_path / "copy.db", CLOCK)
    assert not list(tmp_path.glob("*copy.db*"))
    engine.dispose()


def test_after_a_lost_server_the_backup_comes_back_and_the_stations_send_the_rest(
    engine: Engine, empty: Engine, tmp_path: Path
) -> None:
    log, station = run_race(engine)
    backup(engine, RACE, tmp_path / "copy.db", CLOCK)
    log.receive(station.says(scan(99, "17:20")).batch(first=4))
    restore(empty, RACE, tmp_path / "copy.db", "디스크 고장", CLOCK)
    back = SqlLog(empty, RACE, CLOCK)
    station.says(scan(12, "17:30"))
    assert back.receive(station.batch(first=5)).outcome is Outcome.GAP  # the station believed 4 to be safe
    assert back.receive(station.batch(first=4)).outcome is Outcome.STORED
    log.receive(station.batch(first=5))
    assert fold(back.read()).scans == fold(log.read()).scans
    assert [fact.event for fact in back.read() if isinstance(fact.event, LogRestored)] == [
        LogRestored(9, "desk", "디스크 고장")
    ]
    assert Directory(empty, RACE).names().people == {"e00417": "김하늘"}
    assert verify(back).damage is None


def test_a_backup_is_put_back_into_an_empty_database_only(engine: Engine, tmp_path: Path) -> None:
    log, _ = run_race(engine)
    backup(engine, RACE, tmp_path / "copy.db", CLOCK)
    before = log.head()
    with pytest.raises(WrongUse, match="already"):
        restore(engine, RACE, tmp_path / "copy.db", "실수", CLOCK)
    assert log.head() == before


def test_a_changed_backup_is_not_put_back(engine: Engine, empty: Engine, tmp_path: Path) -> None:
    run_race(engine)
    backup(engine, RACE, tmp_path / "copy.db", CLOCK)
    with unguarded(tmp_path / "copy.db") as shell:
        shell.execute("UPDATE event SET data = replace(CAST(data AS TEXT), '417', '418') WHERE pos = 3")
    with pytest.raises(BadCopy):
        restore(empty, RACE, tmp_path / "copy.db", "시험", CLOCK)
    assert SqlLog(empty, RACE, CLOCK).head().seq == 0


def test_an_export_comes_back_with_the_same_positions_and_hashes(engine: Engine, empty: Engine) -> None:
    log, station = run_race(engine)
    import_lines(empty, RACE, [exported(fact) for fact in log.read()], CLOCK)
    back = SqlLog(empty, RACE, CLOCK)
    assert list(back.read()) == list(log.read())
    assert (back.head(), back.lineage_head(station.lineage)) == (log.head(), log.lineage_head(station.lineage))
    assert back.receive(station.says(scan(99, "17:20")).batch(first=4)).outcome is Outcome.STORED


@pytest.mark.parametrize("harm", ["a line is missing", "a line is changed", "two lines change places", "rubbish"])
def test_a_harmed_export_is_refused_by_the_number_of_its_line_and_nothing_is_taken_in(
    engine: Engine, empty: Engine, harm: str
) -> None:
    lines = [exported(fact) for fact in run_race(engine)[0].read()]
    match harm:
        case "a line is missing":
            del lines[2]
        case "a line is changed":
            lines[2] = lines[2].replace(b"00417", b"00418").replace(b"e00012", b"e00013")
            lines[2] = lines[2].replace(b'"received_at":1', b'"received_at":2')
        case "two lines change places":
            lines[2], lines[3] = lines[3], lines[2]
        case _:
            lines[2] = b"{"
    with pytest.raises(BadCopy, match="line 3"):
        import_lines(empty, RACE, lines, CLOCK)
    assert SqlLog(empty, RACE, CLOCK).head().seq == 0


def test_two_races_in_one_database_are_kept_apart(engine: Engine, empty: Engine, tmp_path: Path) -> None:
    log, _ = run_race(engine)
    other = SqlLog(engine, "f" * 16, CLOCK)
    other.record(race(opened()))
    assert backup(engine, RACE, tmp_path / "copy.db", CLOCK).facts == log.head().seq
    restore(empty, RACE, tmp_path / "copy.db", "시험", CLOCK)
    assert SqlLog(empty, "f" * 16, CLOCK).head().seq == 0
