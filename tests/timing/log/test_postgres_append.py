"""The ordinary append on PostgreSQL: the same facts and chains as anywhere else, and nothing at all where it is not ordinary."""

from collections.abc import Callable, Iterator, Sequence

import pytest
from sqlalchemy import Engine, create_engine, event, func, select

from tests.builders import GUN, RACE, Station, scan
from tests.doors import ManualClock
from timing.log import LogAway, Outcome, Receipt
from timing.log.chain import Batch
from timing.log.memory import MemoryLog
from timing.log.postgres_append import append_ordinary
from timing.log.sql import SqlLog
from timing.log.verify import verify
from timing.store.database import open_database
from timing.store.tables import lineage_head

OTHER_RACE = "0000000000012027"


@pytest.fixture
def server(postgres_url: str) -> Iterator[Engine]:
    engine = open_database(postgres_url)
    yield engine
    engine.dispose()


@pytest.fixture
def log(server: Engine, clock: ManualClock) -> SqlLog:
    return SqlLog(server, RACE, clock)


def append(server: Engine, batches: Sequence[Batch], race: str = RACE) -> list[Receipt] | None:
    return append_ordinary(server, race, batches, GUN)


def crowd() -> list[Station]:
    return [Station(f"finish-{n}").says(*(scan(bib, "17:05") for bib in range(1, n + 2))) for n in range(4)]


def test_several_stations_are_stored_in_one_call_exactly_as_in_memory(server: Engine, log: SqlLog) -> None:
    memory, stations = MemoryLog(RACE, ManualClock(GUN)), crowd()
    for first, last in ((1, 1), (2, None)):
        batches = [station.batch(first, last or len(station.items)) for station in stations]
        assert append(server, batches) == memory.receive_all(batches)
    assert list(log.read()) == list(memory.read())
    assert log.head() == memory.head()
    assert verify(log).damage is None


def test_the_log_takes_an_ordinary_batch_this_way(log: SqlLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(SqlLog, "_receive_any")
    station = Station().says(scan(417, "17:05"))
    assert log.receive(station.batch(last=1)).outcome is Outcome.STORED
    assert log.receive(station.batch(first=2)).head == log.lineage_head(station.lineage)


def gap(station: Station) -> Batch:
    return station.says(scan(12, "17:06"), scan(13, "17:07")).batch(first=4)


def fork(station: Station) -> Batch:
    return Batch(station.lineage, 3, b"another past", station.items[:1])


def nothing(station: Station) -> Batch:
    return station.batch(first=3)


@pytest.mark.parametrize("sent", [Station.batch, gap, fork, nothing], ids=["resent", "gap", "fork", "nothing"])
def test_what_is_not_ordinary_leaves_no_trace_nor_do_its_neighbours(
    server: Engine, log: SqlLog, sent: Callable[[Station], Batch]
) -> None:
    station, neighbour = Station("finish-1").says(scan(417, "17:05")), Station("finish-2").says(scan(9, "17:05"))
    log.receive(station.batch())
    before = list(log.read())
    assert append(server, [neighbour.batch(), sent(station)]) is None
    assert list(log.read()) == before
    assert log.lineage_head(neighbour.lineage).seq == 0


def test_a_lineage_twice_in_one_commit_is_left_to_the_judge(server: Engine, log: SqlLog) -> None:
    station = Station().says(scan(417, "17:05"))
    halves = [station.batch(last=1), station.batch(first=2)]
    assert append(server, halves) is None
    assert [receipt.head.seq for receipt in log.receive_all(halves)] == [1, 2]


def test_another_race_s_lineage_is_not_ordinary(server: Engine, log: SqlLog, clock: ManualClock) -> None:
    station, other = Station().says(scan(417, "17:05")), SqlLog(server, OTHER_RACE, clock)
    log.receive(station.batch(last=1))
    assert append(server, [station.batch(first=2)], OTHER_RACE) is None
    assert other.head().seq == 0


def test_a_session_that_lost_the_function_is_no_trouble(server: Engine, log: SqlLog) -> None:
    station = Station().says(scan(417, "17:05"))
    log.receive(station.batch(last=1))
    with server.begin() as connection:
        connection.exec_driver_sql("DISCARD TEMP")
    assert append(server, [station.batch(first=2)]) is None
    assert log.receive(station.batch(first=2)).head.seq == 2


def test_what_the_server_refuses_is_told_plainly_and_leaves_no_trace(server: Engine, log: SqlLog) -> None:
    station = Station().says(scan(417, "17:05"))
    with pytest.raises(LogAway, match="too long"):
        log.receive_all([station.batch(), Batch("x" * 81, 1, b"", station.items)])
    with pytest.raises(LogAway, match="0x00"):
        log.receive(Batch("\0", 1, b"", station.items))
    assert log.head().seq == 0
    assert log.receive(station.batch()).head.seq == 2
    with server.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(lineage_head)) == 1


def test_a_server_that_goes_away_before_the_commit_is_told_plainly(
    server: Engine, log: SqlLog, postgres_url: str
) -> None:
    station = Station().says(scan(417, "17:05"))
    log.receive(station.batch(last=1))
    onlooker = create_engine(postgres_url, isolation_level="AUTOCOMMIT")

    def cut(_: object) -> None:
        with onlooker.connect() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    event.listen(server, "commit", cut)
    with pytest.raises(LogAway):
        log.receive(station.batch(first=2))
    event.remove(server, "commit", cut)
    onlooker.dispose()
    assert log.head().seq == 1
    assert log.receive(station.batch(first=2)).head.seq == 2
    assert verify(log).damage is None
