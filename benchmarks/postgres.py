"""Appends to one race on PostgreSQL by four processes at once, beside another library's recorder; every commit flushed."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from multiprocessing import get_context
from threading import Barrier
from time import perf_counter
from uuid import UUID

from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from benchmarks.append import Outbox, Recorder, visits
from benchmarks.field import RACE
from benchmarks.measure import Line, alternate, ratios, spread
from tests.system import fresh_database, postgres
from timing.log.sql import SqlLog
from timing.race.clock import SystemClock
from timing.race.encoding import encode
from timing.store.database import open_database

PROCESSES = 4
BATCH = 100
BATCHES = 20
"""Of each process in a round."""
ROUNDS = 9

Burst = Callable[[], None]
Writers = Callable[[str, int], Iterator[Burst]]


def four_writers() -> tuple[Line, str]:
    """Row 3, and the server's version."""
    with postgres() as server:
        version = _durable(server)
        with fresh_database(server, "ours") as ours, fresh_database(server, "library") as library, ExitStack() as stack:
            open_database(ours).dispose()
            library_recorder(library).create_table()
            rates = alternate(
                {
                    "ours": stack.enter_context(_crowd(our_bursts, ours)),
                    "library": stack.enter_context(_crowd(library_bursts, library)),
                },
                ROUNDS,
            )
    won = ratios(rates["ours"], rates["library"])
    return Line(
        f"PostgreSQL, {PROCESSES} processes into one race, batches of {BATCH}; beside it eventsourcing's PostgreSQL recorder",
        spread(rates["ours"]).said(" scans/s"),
        spread(rates["library"]).said(" scans/s"),
        f"{won.said()} x",
        "at least 2x",
        won.middle >= 2,
    ), version


def our_bursts(url: str, number: int) -> Iterator[Burst]:
    """Our log: one lineage for each process, all into one race."""
    log, outbox = SqlLog(open_database(url), RACE, SystemClock()), Outbox(number)
    log.receive(outbox.opening())
    while True:
        batches = outbox.batches(BATCHES, BATCH)
        yield lambda batches=batches: [log.receive(batch) for batch in batches]  # type: ignore[misc]


def library_bursts(url: str, number: int) -> Iterator[Burst]:
    """The library: one aggregate for each process, all into one application."""
    recorder, seen, version = library_recorder(url), visits(), count(1)

    def call() -> list[StoredEvent]:
        return [
            StoredEvent(UUID(int=number + 1), next(version), Recorder.topic, encode(next(seen))) for _ in range(BATCH)
        ]

    while True:
        calls = [call() for _ in range(BATCHES)]
        yield lambda calls=calls: [recorder.insert_events(events) for events in calls]  # type: ignore[misc]


def library_recorder(url: str) -> PostgresApplicationRecorder:
    address = make_url(url)
    host = address.host or str(address.query["host"])
    datastore = PostgresDatastore(
        address.database or "", host, address.port or 5432, address.username or "", address.password or ""
    )
    return PostgresApplicationRecorder(datastore)


@contextmanager
def _crowd(writers: Writers, url: str) -> Iterator[Callable[[], float]]:
    """Processes that write a burst whenever asked; asking returns the scans a second of all together."""
    context = get_context("spawn")
    ready, begin, end = (context.Barrier(PROCESSES + 1) for _ in range(3))
    processes = [
        context.Process(target=_write, args=(writers, url, number, ready, begin, end), daemon=True)
        for number in range(PROCESSES)
    ]
    for process in processes:
        process.start()

    def burst() -> float:
        ready.wait()
        begin.wait()
        begun = perf_counter()
        end.wait()
        return PROCESSES * BATCHES * BATCH / (perf_counter() - begun)

    try:
        yield burst
    finally:
        for process in processes:
            process.terminate()
            process.join()


def _write(writers: Writers, url: str, number: int, ready: Barrier, begin: Barrier, end: Barrier) -> None:
    for burst in writers(url, number):
        ready.wait()
        begin.wait()
        burst()
        end.wait()


def _durable(server: str) -> str:
    """Flush every commit, which the tests' server does not; return its version."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("ALTER SYSTEM SET fsync = on")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
        version = str(connection.exec_driver_sql("SHOW server_version").scalar_one())
    engine.dispose()
    return version
