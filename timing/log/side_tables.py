"""Digests of the tables beside the log, which are covered by the signed checkpoints.

They reveal a changed name, consent or token by comparison with the last note.

Rows about a person are hashed with a salt of their own, kept beside them in the database. Erasing the person deletes the salt, and
the digest can no longer be linked to anything. A row that changed gets a new salt with the next note.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Engine, Table, bindparam, delete, insert, select

from timing.race.chance import Bits, system_bits
from timing.store.database import writing
from timing.store.tables import (
    consent,
    design_ballot,
    design_candidate,
    design_poll,
    erasure,
    firm,
    group,
    office_act,
    office_seat,
    person,
    private_link,
    quarantine,
    row_salt,
    station,
    station_lineage,
)

PERSONAL: Final = (person, consent)
COVERED: Final = (
    *PERSONAL,
    erasure,
    group,
    firm,
    station,
    station_lineage,
    private_link,
    office_seat,
    office_act,
    design_poll,
    design_candidate,
    design_ballot,
    quarantine,
)
SALT_BITS: Final = 128
DIGEST_LETTERS: Final = 32

KEY: Final = ("race", "of", "entrant")
FORGET: Final = delete(row_salt).where(*(row_salt.c[name] == bindparam(f"old_{name}") for name in KEY))

State = dict[str, dict[str, str]]
"""The digest of each row, by table and row."""
Delta = dict[str, dict[str, str | None]]
"""The rows that differ from the state before, with None for a deleted row."""


def read_delta(data: bytes) -> Delta:
    """A delta as it lies beside its note.

    Raises:
        msgspec.MsgspecError: it is no delta.
    """
    return msgspec.json.decode(data, type=Delta)


def write_delta(delta: Delta) -> bytes:
    return msgspec.json.encode(delta, order="sorted")


def delta_of(before: State, after: State) -> Delta:
    """The difference between two states."""
    told: Delta = {}
    for table in sorted({*before, *after}):
        old, new = before.get(table, {}), after.get(table, {})
        changed = {key: new.get(key) for key in {*old, *new} if old.get(key) != new.get(key)}
        if changed:
            told[table] = changed
    return told


def followed(deltas: Iterable[Delta]) -> State:
    """The state after applying deltas in order."""
    state: State = {}
    for delta in deltas:
        for table, rows in delta.items():
            kept = state.setdefault(table, {})
            for key, digest in rows.items():
                if digest is None:
                    kept.pop(key, None)
                else:
                    kept[key] = digest
    return state


@dataclass(frozen=True, slots=True)
class SideTables:
    """The tables beside one race's log."""

    engine: Engine
    race: str

    def now(self) -> State:
        """Every row's digest, as the rows and their salts are."""
        with self.engine.connect() as connection:
            return self._state(connection)

    def salted(self, before: State, bits: Bits = system_bits) -> State:
        """The same, once each personal row that is new, or another than `before`, has a new salt."""
        seen = self.now()
        changed = delta_of(before, seen)
        unsalted = [
            {"race": self.race, "of": table.name, "entrant": key, "salt": bits(SALT_BITS).to_bytes(SALT_BITS // 8)}
            for table in PERSONAL
            for key, digest in changed.get(table.name, {}).items()
            if digest is not None
        ]
        if not unsalted:
            return seen
        with writing(self.engine) as connection:
            connection.execute(FORGET, [{f"old_{name}": row[name] for name in KEY} for row in unsalted])
            connection.execute(insert(row_salt), unsalted)
        return self.now()

    def _state(self, connection: Connection) -> State:
        salts = {
            (row.of, row.entrant): bytes(row.salt)
            for row in connection.execute(select(row_salt).where(row_salt.c.race == self.race))
        }
        found = {table.name: self._digests(connection, table, salts) for table in COVERED}
        return {name: rows for name, rows in found.items() if rows}

    def _digests(self, connection: Connection, table: Table, salts: Mapping[tuple[str, str], bytes]) -> dict[str, str]:
        keys = [column.name for column in table.primary_key if column.name != "race"]
        told = dict[str, str]()
        for row in connection.execute(select(table).where(table.c.race == self.race)).mappings():
            key = " ".join(str(_plain(row[name])) for name in keys)
            told[key] = _digest(salts.get((table.name, key), b""), row)
        return told


def _digest(salt: bytes, row: Mapping[Any, Any]) -> str:
    told = msgspec.json.encode({str(name): _plain(value) for name, value in row.items()}, order="sorted")
    return hashlib.sha256(salt + told).hexdigest()[:DIGEST_LETTERS]


def _plain(value: Any) -> Any:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else value
