"""Notifies readers that the log has grown: by SQLite's change counter or PostgreSQL's notifications, and by slow polling in any case."""

from collections.abc import Callable
from contextlib import suppress
from threading import Event
from typing import Any, Protocol

from sqlalchemy import Connection, Engine

CHANNEL = "marathon"
LOOK_EVERY_S = 0.05
"""How often SQLite's counter is read; that costs some microseconds and no disk."""


class ChangeNotifier(Protocol):
    """Waits for a change. A wake-up may be spurious; a missed one delays the reader by the timeout at most."""

    def wait(self, seconds: float, stop: Event) -> None:
        """Return when something was committed, `stop` is set, or the timeout in seconds has passed."""
        ...

    def close(self) -> None: ...


def notifier_for(engine: Engine) -> ChangeNotifier:
    """The notifier for this database; polling if its own mechanism does not work."""
    make: Callable[[Engine], ChangeNotifier] = (
        PostgresNotifier if engine.dialect.name == "postgresql" else SqliteNotifier
    )
    try:
        return make(engine)
    except Exception:  # noqa: BLE001  (no notifier is no trouble: whoever waits looks again soon)
        return PollingNotifier()


def notify(connection: Connection) -> None:
    """Notify the listeners of a PostgreSQL server when this transaction commits; SQLite's counter changes by itself."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"NOTIFY {CHANNEL}")


class PollingNotifier:
    """The fallback: the reader polls at its timeout."""

    def wait(self, seconds: float, stop: Event) -> None:
        stop.wait(min(seconds, 10 * LOOK_EVERY_S))

    def close(self) -> None:
        """There is nothing to close."""


class SqliteNotifier:
    """Reads `PRAGMA data_version` on a connection of its own, which changes with every commit of any other."""

    def __init__(self, engine: Engine) -> None:
        self._connection: Any = engine.raw_connection()
        self._seen = self._version()

    def wait(self, seconds: float, stop: Event) -> None:
        for _ in range(max(1, round(seconds / LOOK_EVERY_S))):
            version = self._version()
            if version != self._seen:
                self._seen = version
                return
            if stop.wait(LOOK_EVERY_S):
                return

    def close(self) -> None:
        self._connection.close()

    def _version(self) -> int:
        return int(self._connection.cursor().execute("PRAGMA data_version").fetchone()[0])


class PostgresNotifier:
    """Listens on a connection of its own; when that is lost, readers poll at their timeout."""

    def __init__(self, engine: Engine) -> None:
        self._connection = engine.raw_connection()
        driver: Any = self._connection.driver_connection
        self._driver = driver
        self._driver.autocommit = True
        self._driver.execute(f"LISTEN {CHANNEL}")

    def wait(self, seconds: float, stop: Event) -> None:
        try:
            for _ in range(max(1, round(seconds / (10 * LOOK_EVERY_S)))):
                if stop.is_set() or next(self._driver.notifies(timeout=10 * LOOK_EVERY_S, stop_after=1), None):
                    return
        except Exception:  # noqa: BLE001  (the server is away: looking again is all that can be done)
            stop.wait(min(seconds, 10 * LOOK_EVERY_S))

    def close(self) -> None:
        with suppress(Exception):
            self._connection.invalidate()
            self._connection.close()
