"""Opens the race's database, SQLite or PostgreSQL, with settings that make a commit durable."""

import sqlite3
from collections.abc import Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Column,
    Connection,
    Engine,
    create_engine,
    create_mock_engine,
    event,
    exc,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.engine import make_url
from sqlalchemy.schema import CreateColumn

from timing.errors import Unreachable
from timing.language import _
from timing.private import begin_private
from timing.store import tables
from timing.store.sealed import is_copy, is_sealed, only_reads, open_sealed, refuse_if_sealed
from timing.store.write_guards import install_guards

# What every SQLite connection must have; each is set and then read back, because a pragma that fails says nothing.
PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "busy_timeout": 10_000, "recursive_triggers": 1, "foreign_keys": 1}


class NewerDatabase(Unreachable):
    """The database was made by a newer version."""

    def __init__(self, found: int) -> None:
        super().__init__(
            _(
                "the database has schema {found}, this version reads up to {schema_version}; upgrade marathon",
                found=found,
                schema_version=tables.SCHEMA_VERSION,
            ),
        )


class UnknownSchema(Unreachable):
    """The database was made by a development version whose tables cannot be upgraded."""

    def __init__(self, found: int, column: str) -> None:
        super().__init__(
            _(
                "the database's schema {found} lacks {column} and cannot be brought up to date; a version under development made it. Export its log with that version (`marathon log export`), import it into a new folder (`marathon log import`), and import the rosters again",
                found=found,
                column=column,
            ),
        )


class DatabaseAway(Unreachable):
    """The database is temporarily unavailable: its server is starting, or it is locked."""


CONNECT_TIMEOUT_S = 5
POOL_TIMEOUT_S = 5
SILENT_MS = 10_000
"""The time in milliseconds after which a connection to a silent PostgreSQL server is given up."""
SERVER_SETTINGS = {
    "statement_timeout": 30_000,
    "lock_timeout": PRAGMAS["busy_timeout"],
    "idle_in_transaction_session_timeout": 60_000,
}
"""Settings of every PostgreSQL session, in milliseconds: a stopped process must not hold locks for ever."""
STAYS_WRONG = (
    "authentication",
    "does not exist",
    "pg_hba",
    "unable to open",
    "not a database",
    "readonly",
    "malformed",
)
""""Cannot be reached" for reasons that waiting does not mend."""
SCHEMA_LOCK = 0x6D617261  # any number of our own: who makes the tables holds this lock

install_guards()


def sqlite_file(path: Path) -> URL:
    """The URL of a SQLite file, with special characters in its path escaped."""
    return URL.create("sqlite", database=str(path.absolute()))


def open_database(url: str | URL, as_it_is: bool = False) -> Engine:
    """Connect and make the tables where they are missing; those of an older version are added, unless it stays `as_it_is`.

    Raises:
        NewerDatabase: a newer version of the program made it.
        UnknownSchema: its tables cannot be brought up to date; nothing of it was touched.
        Unreachable: no server answers, the file is not writable, or it is no database.
    """
    try:
        address = make_url(url)
        engine = _sqlite(address) if address.get_backend_name() == "sqlite" else _server(address)
        with engine.connect() as connection:
            found = _schema(connection)
        if found is None or (found < tables.SCHEMA_VERSION and not as_it_is):
            with engine.execution_options(marathon_writes=True).begin() as connection:
                _make_schema(connection)
        if is_copy(engine):
            engine.dispose()  # from now on every connection only reads
            event.listen(engine, "connect", only_reads)
    except (exc.SQLAlchemyError, sqlite3.Error, ModuleNotFoundError, OSError, ValueError) as failure:
        told = _unreachable(url, failure)
        raise (DatabaseAway(told.text) if passing(failure) else told) from failure
    return engine


def passing(failure: BaseException | None) -> bool:
    """Whether a failure is temporary: no server answers, or it is starting, stopping or locked."""
    if not isinstance(failure, exc.OperationalError | exc.InterfaceError | exc.TimeoutError | sqlite3.OperationalError):
        return False
    return not any(sign in str(failure) for sign in STAYS_WRONG)


def _sqlite(address: URL) -> Engine:
    file = Path(address.database or "")
    if is_sealed(file):
        return open_sealed(file, _sqlite)
    if address.database and address.database != ":memory:":
        begin_private(file)  # it will hold names and keys; SQLite gives the `-wal` the same mode
    engine = create_engine(address)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _server(address: URL) -> Engine:
    waits = {
        "connect_timeout": CONNECT_TIMEOUT_S,
        "tcp_user_timeout": SILENT_MS,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
    }
    engine = create_engine(address, pool_pre_ping=True, pool_timeout=POOL_TIMEOUT_S, connect_args=waits)
    event.listen(engine, "connect", _prepare_server)
    return engine


def _prepare_server(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        for setting, milliseconds in SERVER_SETTINGS.items():
            cursor.execute(f"SET {setting} = {milliseconds}")
    connection.commit()


def _unreachable(url: str | URL, failure: Exception) -> Unreachable:
    try:
        address = make_url(url).set(query={})  # a query may hold a password too
    except (exc.ArgumentError, ValueError):  # its text may quote half a password
        return Unreachable(
            _("the database address is invalid; correct `database` in race.toml or MARATHON_DATABASE"),
        )
    file = address.database if address.get_backend_name() == "sqlite" else None
    shown = file or address.render_as_string(hide_password=True)
    reason = str(getattr(failure, "orig", None) or failure).strip().splitlines()[0]
    return Unreachable(_("cannot open the database {shown}: {reason}", shown=shown, reason=reason))


def writing(engine: Engine) -> Any:
    """A transaction that may write; on SQLite it takes the write lock at once instead of failing halfway.

    Raises:
        Sealed: the database is write-protected.
    """
    refuse_if_sealed(engine)
    return engine.execution_options(marathon_writes=True).begin()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    connection.text_factory = _readable
    cursor = connection.cursor()
    for pragma, wanted in PRAGMAS.items():
        cursor.execute(f"PRAGMA {pragma}={wanted}")
        found = cursor.execute(f"PRAGMA {pragma}").fetchone()[0]
        if found != wanted and cursor.execute("PRAGMA database_list").fetchone()[2]:
            raise sqlite3.OperationalError(f"PRAGMA {pragma} stays {found}, needs {wanted}")
    cursor.close()


def _readable(text: bytes) -> str:
    return text.decode(errors="replace")  # a damaged letter must not hide the rest of the log from `verify`


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("marathon_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _schema(connection: Connection) -> int | None:
    """The version of the tables; None where there are none yet."""
    if not inspect(connection).has_table(tables.schema.name):
        return None
    found = connection.scalar(select(tables.schema.c.version)) or 0
    if found > tables.SCHEMA_VERSION:
        raise NewerDatabase(found)
    if found < tables.SCHEMA_VERSION:
        _refuse_lacking(connection, found)
    return found


def _refuse_lacking(connection: Connection, found: int) -> None:
    """An older database may lack whole tables and columns with a default; anything else cannot be upgraded."""
    seen = inspect(connection)
    for table in filter(lambda one: seen.has_table(one.name), tables.metadata.sorted_tables):
        there = {column["name"] for column in seen.get_columns(table.name)}
        for column in table.columns:
            if column.name not in there and column.server_default is None:
                raise UnknownSchema(found, f"{table.name}.{column.name}")


def _make_schema(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":  # several processes may open a new database at once
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")  # a large table takes its time
        connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({SCHEMA_LOCK})")
    found = _schema(connection)
    if found is None:
        for statement in _creating(connection.engine.url.drivername):
            connection.exec_driver_sql(statement)
        connection.execute(insert(tables.schema).values(version=tables.SCHEMA_VERSION))
    elif found < tables.SCHEMA_VERSION:
        _bring_up(connection)


@cache
def _creating(kind: str) -> Sequence[str]:
    """The statements that make all tables in an empty database of this kind; to compile them takes as long as to run them."""
    made = list[str]()
    dialect = make_url(f"{kind}://").get_dialect()()
    engine = create_mock_engine(f"{kind}://", lambda told, *_, **__: made.append(str(told.compile(dialect=dialect))))
    tables.metadata.create_all(engine, checkfirst=False)
    return made


def _bring_up(connection: Connection) -> None:
    """Add missing tables and columns; existing data is not changed."""
    tables.metadata.create_all(connection)
    for column in chain.from_iterable(tables.ADDED.values()):
        _add(connection, column)
    connection.execute(update(tables.schema).values(version=tables.SCHEMA_VERSION))


def _add(connection: Connection, column: Column[Any]) -> None:
    """Add a column that an older version's table lacks."""
    present = {one["name"] for one in inspect(connection).get_columns(column.table.name)}
    if column.name not in present:
        told = CreateColumn(column).compile(dialect=connection.dialect)
        connection.exec_driver_sql(f"ALTER TABLE {column.table.name} ADD COLUMN {told}")
