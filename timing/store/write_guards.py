"""Triggers that refuse updates and deletes of the log: a guard against mistakes, while the hash chain detects tampering."""

import re

from sqlalchemy import DDL, Connection, Table, text
from sqlalchemy import event as listening

from timing.store import tables

GUARDED = (tables.event, tables.quarantine)
REFUSED = "the log is append-only; record a correcting fact instead"
TRIGGER = re.compile(r"CREATE TRIGGER (\w+)")
SQLITE_TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
POSTGRES_TRIGGERS = (
    "SELECT t.tgname AS name, t.tgenabled::text AS fires, p.prosrc AS body FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
    "WHERE NOT t.tgisinternal AND t.tgrelid IN (to_regclass('event'), to_regclass('quarantine'))"
)


def install_guards() -> None:
    """Create the triggers together with the tables."""
    for table in GUARDED:
        for ddl in _sqlite(table):
            listening.listen(table, "after_create", _ddl(ddl).execute_if(dialect="sqlite"))
        for ddl in _postgres(table):
            listening.listen(table, "after_create", _ddl(ddl).execute_if(dialect="postgresql"))


def missing_guards(connection: Connection) -> list[str]:
    """The names of triggers that are missing or altered."""
    there = _found(connection)
    return [name for name, wanted in _wanted(connection).items() if there.get(name) != wanted]


def restore_guards(connection: Connection) -> list[str]:
    """Create the missing triggers; returns their names."""
    missing = missing_guards(connection)
    tables_of = {name: table for table in GUARDED for name in _names(connection, table)}
    for name in missing:
        connection.execute(text(f"DROP TRIGGER IF EXISTS {name}{_on(connection, tables_of[name])}"))
    for table in GUARDED:
        for ddl in _statements(connection, table):
            if (trigger := TRIGGER.match(ddl)) is None or trigger[1] in missing:
                connection.exec_driver_sql(ddl.replace("%", "%%") if _is_postgres(connection) else ddl)
    return missing


def _statements(connection: Connection, table: Table) -> list[str]:
    return _postgres(table) if _is_postgres(connection) else _sqlite(table)


def _is_postgres(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def _on(connection: Connection, table: Table) -> str:
    return f" ON {table.name}" if _is_postgres(connection) else ""


def _names(connection: Connection, table: Table) -> list[str]:
    return [found[1] for ddl in _statements(connection, table) if (found := TRIGGER.match(ddl))]


def _wanted(connection: Connection) -> dict[str, str]:
    """Each guard's name, and what must be found of it: on SQLite its text, on PostgreSQL that it fires and refuses."""
    if _is_postgres(connection):
        return {name: REFUSED for table in GUARDED for name in _names(connection, table)}
    statements = (ddl for table in GUARDED for ddl in _sqlite(table))
    return {found[1]: ddl for ddl in statements if (found := TRIGGER.match(ddl))}


def _found(connection: Connection) -> dict[str, str]:
    if not _is_postgres(connection):
        return {row.name: row.sql for row in connection.execute(text(SQLITE_TRIGGERS))}
    rows = connection.execute(text(POSTGRES_TRIGGERS)).all()
    return {row.name: REFUSED for row in rows if row.fires in ("O", "A") and f"RAISE EXCEPTION '{REFUSED}'" in row.body}


def _ddl(text: str) -> DDL:
    return DDL(text.replace("%", "%%"))  # type: ignore[no-untyped-call]  # the library leaves this one untyped


def _sqlite(table: Table) -> list[str]:
    """`INSERT OR REPLACE` deletes without firing delete triggers, so a taken key is refused before the insert."""
    refuse = f"SELECT RAISE(ABORT, '{REFUSED}')"
    keys = " OR ".join(f"({_same(columns)})" for columns in _keys(table))
    taken = f"WHEN EXISTS (SELECT 1 FROM {table.name} WHERE {keys})"
    return [
        f"CREATE TRIGGER {table.name}_no_update BEFORE UPDATE ON {table.name} BEGIN {refuse}; END",
        f"CREATE TRIGGER {table.name}_no_delete BEFORE DELETE ON {table.name} BEGIN {refuse}; END",
        f"CREATE TRIGGER {table.name}_no_replace BEFORE INSERT ON {table.name} {taken} BEGIN {refuse}; END",
    ]


def _keys(table: Table) -> list[list[str]]:
    unique = [[column.name for column in table.primary_key.columns]]
    if table is tables.event:
        unique.append(["lineage", "seq"])
    return unique


def _same(columns: list[str]) -> str:
    return " AND ".join(f"{column} = NEW.{column}" for column in columns)


def _postgres(table: Table) -> list[str]:
    name = f"{table.name}_append_only"
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$",
        f"CREATE TRIGGER {name} BEFORE UPDATE OR DELETE OR TRUNCATE ON {table.name} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
    ]
