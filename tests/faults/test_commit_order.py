"""PostgreSQL: numbers handed out in one order and committed in another lose facts for a reader; our positions do not.

The known gap is shown first on a table numbered the usual way, so that we know the schedule to be the dangerous one; then the
same schedule is run through the log.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, Engine, create_engine, text

from tests.boards import PATIENCE_S, wait_until
from tests.builders import GUN, RACE, Station, scan
from tests.clock_and_chance import ManualClock
from timing.log import Outcome
from timing.log.sql import SqlLog
from timing.log.verify import verify
from timing.race.chain import Batch
from timing.store.database import open_database

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
AT_COMMIT = """
CREATE FUNCTION wait_at_commit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_advisory_xact_lock_shared(417); RETURN NULL; END $$
"""
DEFERRED = """
CREATE CONSTRAINT TRIGGER waits_at_commit AFTER INSERT ON event
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait_at_commit()
"""


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


@pytest.fixture
def gate(postgres_url: str) -> Iterator[Connection]:
    """Everything may be written, but nothing is committed before this transaction ends: the server itself holds it."""
    engine = open_database(postgres_url)
    with engine.begin() as connection:
        connection.execute(text(AT_COMMIT))
        connection.execute(text(DEFERRED))
    with engine.connect() as closed:
        closed.execute(text("SELECT pg_advisory_xact_lock(417)"))
        yield closed
    engine.dispose()


def test_in_the_log_who_begins_second_waits_and_the_reader_misses_nobody(postgres_url: str, gate: Connection) -> None:
    engines = [open_database(postgres_url) for _ in range(4)]
    first, second, reader = (SqlLog(engine, RACE, ManualClock(GUN)) for engine in engines[:3])
    one, two = (Station(name).says(scan(417, "17:05")) for name in ("finish-1", "finish-2"))

    def waiting() -> int:
        with engines[3].connect() as connection:
            return connection.scalar(text(WAITING)) or 0

    def send(log: SqlLog, batch: Batch) -> Outcome:
        return log.receive(batch).outcome

    with ThreadPoolExecutor() as stations:
        try:
            sending = [stations.submit(send, first, one.batch())]
            wait_until(lambda: waiting() == 1)  # has written everything
            sending.append(stations.submit(send, second, two.batch()))
            wait_until(lambda: waiting() == 2)
            seen = [fact.pos for fact in reader.read()]
            assert seen == []  # neither is there, so no reader can go past the first
            assert not sending[1].done()
        finally:
            gate.rollback()
        assert [each.result(PATIENCE_S) for each in sending] == [Outcome.STORED, Outcome.STORED]
    facts = list(reader.read(after=0))
    assert [fact.pos for fact in facts] == [1, 2, 3, 4]
    assert [fact.lineage for fact in facts] == [one.lineage] * 2 + [two.lineage] * 2
    assert verify(reader).damage is None
    for engine in engines:
        engine.dispose()
