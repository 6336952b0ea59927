"""Triggers that refuse to change or remove what the log holds. A guard rail against mistakes; the chain is the evidence."""

from sqlalchemy import DDL, Table
from sqlalchemy import event as listening

from timing.store import tables

GUARDED = (tables.event, tables.quarantine)
REFUSED = "the log is append-only; record a correcting fact instead"


def install_guards() -> None:
    """Have the triggers made together with the tables."""
    for table in GUARDED:
        for ddl in _sqlite(table):
            listening.listen(table, "after_create", _ddl(ddl).execute_if(dialect="sqlite"))
        for ddl in _postgres(table):
            listening.listen(table, "after_create", _ddl(ddl).execute_if(dialect="postgresql"))


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
