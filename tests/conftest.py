"""What all rooms' tests share: a clock and chance held by hand, and the real databases."""

import gc
import os
import secrets
import signal
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

import pytest
from hypothesis import settings
from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from tests import system
from tests.builders import GUN
from tests.clock_and_chance import ManualClock, seeded_bits
from tests.faults.soak import scaled
from timing.race.chance import Bits
from timing.store.database import open_database, sqlite_file

os.environ["MARATHON_LANG"] = "both"  # every message is looked at in both languages
# Each worker has a core, or less: threads that share one matrix product wait for each other, at full speed, before it is made.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OPENCV_FOR_THREADS_NUM", "1")

# A shell's background job ignores Ctrl-C, and every program that it starts after it, the race's too.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Shared cores: a slow moment is no failure. Laws are tried at length by `make soak`.
settings.register_profile("house", deadline=None, print_blob=True, max_examples=scaled(15, 200))
settings.load_profile("house")


LONG: Final = {"e2e", "faults"}
"""Folders whose tests take seconds each."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long tests stand first in each worker's share, so that no worker is alone with one at the end.

    xdist deals the tests in equal shares, one after the other; a file's tests stay together, for their fixtures.
    """
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    files = [(LONG & {*path.parts}, list(tests)) for path, tests in groupby(items, lambda one: one.path)]
    short = [one for is_long, tests in files if not is_long for one in tests]
    shares = [list[pytest.Item]() for _ in range(workers)]
    for tests in sorted((tests for is_long, tests in files if is_long), key=len, reverse=True):
        min(shares, key=len).extend(tests)
    for share in shares:
        rest = max(0, -(-len(items) // workers) - len(share))
        share += short[:rest]
        del short[:rest]
    items[:] = [one for share in shares for one in share]


def pytest_sessionstart() -> None:
    """The tests and all modules stay to the end; the collector need not look through them again and again."""
    gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


def pytest_sessionfinish() -> None:
    """Lets go of the above, and of what boards that a test began and never left told the collector to overlook."""
    gc.unfreeze()


@pytest.fixture(autouse=True)
def no_race_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """The developer's own race must not leak into the tests, nor the tests into it."""
    for name in ("MARATHON_RACE", "MARATHON_DATABASE", "MARATHON_TOKEN"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def clock() -> ManualClock:
    """Stands at the gun."""
    return ManualClock(GUN)


@pytest.fixture
def bits() -> Bits:
    return seeded_bits(20)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    with system.postgres() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    """The name of a database with our tables and nothing in them, to be copied: that costs a third of making the tables."""
    with system.fresh_database(postgres_server, f"marathon_{secrets.token_hex(6)}") as url:
        open_database(url).dispose()
        yield str(make_url(url).database)


@pytest.fixture
def postgres_url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """An empty database on a real PostgreSQL."""
    with system.fresh_database(postgres_server, f"marathon_{secrets.token_hex(6)}", postgres_template) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return sqlite_file(tmp_path / "race.db").render_as_string()
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An open, empty database of each kind."""
    opened = open_database(database_url)
    yield opened
    opened.dispose()
