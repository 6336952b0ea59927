"""PostgreSQL: numbers handed out in one order and committed in another lose facts for a reader; our positions do not.

The known gap is shown first on a table numbered the usual way, so that we know the schedule to be the dangerous one; then the
same schedule is run through the log.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event as Signal

import pytest
from sqlalchemy import Connection, Engine, create_engine, event, text

from tests.boards import wait_until
from tests.builders import GUN, RACE, Station, scan
from tests.doors import ManualClock
from timing.chain import Batch
from timing.database import open_database
from timing.log import Outcome
from timing.sql_log import SqlLog
from timing.verify import verify

PATIENCE_S = 20.0
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.fixture
def naive(postgres_url: str) -> Iterator[Engine]:
    """A table numbered by a sequence, as most are."""
    engine = create_engine(postgres_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE naive (id BIGSERIAL PRIMARY KEY, said TEXT)"))
    yield engine
    engine.dispose()


def say(connection: Connection, said: str) -> None:
    connection.execute(text("INSERT INTO naive (said) VALUES (:said)"), {"said": said})


def heard(engine: Engine, after: int) -> list[tuple[int, str]]:
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT id, said FROM naive WHERE id > :after ORDER BY id"), {"after": after})
        return [(row.id, row.said) for row in rows]


def test_a_sequence_loses_the_one_who_began_first_and_commits_last(naive: Engine) -> None:
    with naive.connect() as first, naive.connect() as second:
        say(first, "began first")
        say(second, "began second")
        second.commit()
        seen = heard(naive, after=0)
        assert seen == [(2, "began second")]
        first.commit()
    assert heard(naive, after=seen[-1][0]) == []  # number 1 came too late for this reader, and for ever
    assert [said for _, said in heard(naive, after=0)] == ["began first", "began second"]


def test_in_the_log_who_begins_second_waits_and_the_reader_misses_nobody(postgres_url: str) -> None:
    engines = [open_database(postgres_url) for _ in range(3)]
    first, second, reader = (SqlLog(engine, RACE, ManualClock(GUN)) for engine in engines)
    one, two = (Station(name).says(scan(417, "17:05")) for name in ("finish-1", "finish-2"))
    began, may_commit = Signal(), Signal()

    @event.listens_for(engines[0], "commit")  # everything is written, nothing committed
    def hold(_: Connection) -> None:
        began.set()
        assert may_commit.wait(PATIENCE_S)

    def waits_for_a_lock() -> bool:
        with engines[2].connect() as connection:
            return bool(connection.scalar(text(WAITING)) == 1)

    def send(log: SqlLog, batch: Batch) -> Outcome:
        return log.receive(batch).outcome

    with ThreadPoolExecutor() as stations:
        sending = [stations.submit(send, first, one.batch())]
        assert began.wait(PATIENCE_S)
        sending.append(stations.submit(send, second, two.batch()))
        wait_until(waits_for_a_lock)
        seen = [fact.pos for fact in reader.read()]
        assert seen == []  # neither is there, so no reader can go past the first
        assert not sending[1].done()
        may_commit.set()
        assert [each.result(PATIENCE_S) for each in sending] == [Outcome.STORED, Outcome.STORED]
    facts = list(reader.read(after=0))
    assert [fact.pos for fact in facts] == [1, 2, 3, 4]
    assert [fact.lineage for fact in facts] == [one.lineage] * 2 + [two.lineage] * 2
    assert verify(reader).damage is None
    for engine in engines:
        engine.dispose()
