"""Inserts of rows that may exist already, for SQLite and PostgreSQL: insert once, replace, or increment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Table

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

Row = Mapping[str, Any]


def insert_if_absent(connection: Connection, table: Table, row: Row) -> bool:
    """Insert a row; False if its key exists, also under concurrent inserts."""
    told = {"preserve_rowcount": True}  # of an INSERT the driver's count is thrown away otherwise
    statement = _insert(connection, table, row).on_conflict_do_nothing()
    return connection.execute(statement, execution_options=told).rowcount == 1


def upsert(connection: Connection, table: Table, row: Row) -> None:
    """Insert a row, or replace the one with its key."""
    keys, statement = [column.name for column in table.primary_key], _insert(connection, table, row)
    others = {name: statement.excluded[name] for name in row if name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=others))


def increment(connection: Connection, table: Table, row: Row, counter: str) -> None:
    """Insert a row, or add its `counter` to that of the row with its key."""
    keys, statement = [column.name for column in table.primary_key], _insert(connection, table, row)
    total = {counter: table.c[counter] + statement.excluded[counter]}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=total))


def _insert(connection: Connection, table: Table, row: Row) -> postgresql.Insert | sqlite.Insert:
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql  # a slow import, which SQLite does without

        return postgresql.insert(table).values(row)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table).values(row)
