"""SQLAlchemy Core statements compiled once per dialect and run on the driver's cursor; used by `sql_append`.

For a small append, executing them the usual way would cost more in SQLAlchemy than in the database.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, ClauseElement, Connection, CursorResult, LargeBinary, String, Table
from sqlalchemy.exc import DBAPIError

COPIED = {String: "text", BigInteger: "int8", LargeBinary: "bytea"}


class Prepared:
    """A statement whose parameters come as tuples, in the order of `names`."""

    def __init__(self, statement: ClauseElement, *names: str) -> None:
        self._statement, self._names = statement, names
        self._texts: dict[str, str] = {}

    def run(
        self, connection: Connection, given: tuple[object, ...] | Sequence[tuple[object, ...]]
    ) -> CursorResult[Any]:
        """Execute it once, or once for each tuple of a list."""
        text = self._texts.get(connection.dialect.name) or self._compiled(connection)
        return connection.exec_driver_sql(text, given)

    def _compiled(self, connection: Connection) -> str:
        style = "qmark" if connection.dialect.name == "sqlite" else "format"
        dialect = type(connection.dialect)(paramstyle=style)  # type: ignore[call-arg]  # what every dialect takes
        compiled = self._statement.compile(dialect=dialect, column_keys=list(self._names))
        assert tuple(compiled.positiontup) == self._names, compiled.positiontup  # type: ignore[attr-defined]
        return self._texts.setdefault(connection.dialect.name, str(compiled))


def insert_many(connection: Connection, into: Table, statement: Prepared, rows: Sequence[tuple[object, ...]]) -> None:
    """Write rows whose values stand in the order of the table's columns; PostgreSQL takes them as one stream."""
    if connection.dialect.name == "postgresql":
        _copy(connection, into, rows)
    else:
        statement.run(connection, rows)


def _copy(connection: Connection, into: Table, rows: Sequence[tuple[object, ...]]) -> None:
    driver: Any = connection.connection
    text = f"COPY {into.name} ({', '.join(into.c.keys())}) FROM STDIN (FORMAT BINARY)"
    try:
        with driver.cursor() as cursor, cursor.copy(text) as copy:
            copy.set_types([COPIED[type(column.type)] for column in into.c])
            for row in rows:
                copy.write_row(row)
    except connection.dialect.loaded_dbapi.Error as failure:
        raise DBAPIError(text, None, failure) from failure
