"""The crowd's writes, gathered: few short transactions, one crowd at a time, and nothing lost that was answered."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from itertools import count, groupby
from random import Random

import pytest
from sqlalchemy import Connection, Engine, event

from results.spectators.scans import ScanOutcome, ScanStore, SpectatorScan
from tests.builders import GUN, RACE
from tests.faults.soak import scaled
from timing.race.instants import SECOND, Instant
from timing.store.database import open_database
from timing.store.low_priority_writer import TOGETHER_MOST, LowPriorityWriter, low_priority_writing

DAY = "2026-09-03"
LATER = Instant(GUN + 600 * SECOND)
Coming = Callable[[Connection], ScanOutcome]


@pytest.fixture
def spectators(engine: Engine) -> ScanStore:
    return ScanStore(engine, RACE)


@pytest.fixture
def low_priority_writer(engine: Engine) -> Iterator[LowPriorityWriter]:
    with LowPriorityWriter(engine, pause_s=0) as made:
        yield made


def coming(spectators: ScanStore, number: int, company: str = "c0001") -> Coming:
    """A phone of its own, with a ticket of its own."""
    arrival = SpectatorScan(company, DAY, f"{number:032x}", number.to_bytes(8), LATER)
    return lambda connection: spectators.take(connection, arrival)


def test_writes_that_come_together_share_transactions(
    low_priority_writer: LowPriorityWriter, spectators: ScanStore
) -> None:
    answers = [low_priority_writer.put(coming(spectators, number)) for number in range(50)]
    assert [answer.result(30) for answer in answers] == [ScanOutcome.COUNTED] * 50
    assert spectators.scans() == {"c0001": 50}


def test_a_crowd_is_written_in_short_transactions_between_which_stations_have_their_turn(
    engine: Engine, low_priority_writer: LowPriorityWriter
) -> None:
    commits = list[Connection]()
    event.listen(engine, "commit", commits.append)
    with low_priority_writing(engine):  # nobody else can write now: all that comes waits
        answers = [low_priority_writer.put(lambda connection: len(commits)) for _ in range(5 * TOGETHER_MOST)]
    together = [len(list(group)) for _, group in groupby(answer.result(30) for answer in answers)]
    assert sum(together) == 5 * TOGETHER_MOST
    assert max(together) <= TOGETHER_MOST


def test_who_goes_away_while_waiting_holds_up_nobody(
    engine: Engine, low_priority_writer: LowPriorityWriter, spectators: ScanStore
) -> None:
    with low_priority_writing(engine):  # nobody else can write now
        gone = low_priority_writer.put(coming(spectators, 1))
        others = [low_priority_writer.put(coming(spectators, number)) for number in range(2, 5)]
        gone.cancel()
        others[0].cancel()
    assert [answer.result(30) for answer in others[1:]] == [ScanOutcome.COUNTED] * 2


def test_a_write_that_fails_takes_nobody_along(
    engine: Engine, low_priority_writer: LowPriorityWriter, spectators: ScanStore
) -> None:
    def broken(connection: Connection) -> None:
        coming(spectators, 2)(connection)
        raise OSError("no room")

    with low_priority_writing(engine):  # nobody else can write now: all that comes goes into one transaction
        before, failed = low_priority_writer.put(coming(spectators, 1)), low_priority_writer.put(broken)
        after = low_priority_writer.put(coming(spectators, 3))
    with pytest.raises(OSError, match="no room"):
        failed.result(30)
    assert [before.result(30), after.result(30)] == [ScanOutcome.COUNTED] * 2
    assert spectators.scans() == {"c0001": 2}  # and nothing of what the broken one had begun


def test_when_the_server_stops_what_waits_is_written(engine: Engine, spectators: ScanStore) -> None:
    with LowPriorityWriter(engine, pause_s=60) as low_priority_writer:
        answers = [low_priority_writer.put(coming(spectators, number)) for number in range(3 * TOGETHER_MOST)]
    assert all(answer.done() for answer in answers)
    assert spectators.scans() == {"c0001": 3 * TOGETHER_MOST}


def test_two_servers_that_count_the_same_firms_at_once_lose_nothing(postgres_url: str) -> None:
    chance, phones, answers = Random(1), count(), list[Future[ScanOutcome]]()
    engines = [open_database(postgres_url) for _ in range(2)]
    writers = [LowPriorityWriter(engine, pause_s=0) for engine in engines]
    servers = [(made, ScanStore(engine, RACE)) for made, engine in zip(writers, engines, strict=True)]
    each = scaled(60, 1_000)
    for _ in range(each):
        for made, spectators in servers:
            answers.append(made.put(coming(spectators, next(phones), f"c{chance.randrange(60):04}")))
    wait(answers, 120)
    assert [answer.result() for answer in answers] == [ScanOutcome.COUNTED] * 2 * each
    assert sum(servers[0][1].scans().values()) == 2 * each
    for made, engine in zip(writers, engines, strict=True):
        made.close()
        engine.dispose()
