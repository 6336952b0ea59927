"""Rows that may be there already, on SQLite and PostgreSQL alike: added once, or put in place of the one before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Table

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

Row = Mapping[str, Any]


def insert_if_absent(connection: Connection, table: Table, row: Row) -> bool:
    """Add a row; False where its key is taken, however many add it at the same moment."""
    told = {"preserve_rowcount": True}  # of an INSERT the driver's count is thrown away otherwise
    statement = _insert(connection, table, row).on_conflict_do_nothing()
    return connection.execute(statement, execution_options=told).rowcount == 1


def put(connection: Connection, table: Table, row: Row) -> None:
    """Write a row in place of the one with its key."""
    keys, statement = [column.name for column in table.primary_key], _insert(connection, table, row)
    others = {name: statement.excluded[name] for name in row if name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=others))


def increment(connection: Connection, table: Table, row: Row, counter: str) -> None:
    """Add a row, or its `counter` to the row with its key."""
    keys, statement = [column.name for column in table.primary_key], _insert(connection, table, row)
    total = {counter: table.c[counter] + statement.excluded[counter]}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=total))


def _insert(connection: Connection, table: Table, row: Row) -> postgresql.Insert | sqlite.Insert:
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql  # a slow import, which SQLite does without

        return postgresql.insert(table).values(row)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table).values(row)
