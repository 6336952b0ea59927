"""Who the ids of the log are: names of entrants, companies and teams, firms' cards, and the stations' hashed tokens.

Mutable, never hashed.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, Table, bindparam, delete, insert, select

from timing.clock import Clock
from timing.database import writing
from timing.firms import Design, FirmCard
from timing.instants import SECOND, Instant
from timing.tables import firm, group, person, station

ASK_AGAIN_AFTER = SECOND


@dataclass(slots=True)
class Names:
    """The names behind the ids of one race."""

    people: dict[str, str] = field(default_factory=dict)
    companies: dict[str, str] = field(default_factory=dict)
    teams: dict[str, str] = field(default_factory=dict)


class Directory:
    """The tables beside the log."""

    def __init__(self, engine: Engine, race: str) -> None:
        self._engine, self._race = engine, race

    def names(self) -> Names:
        with self._engine.connect() as connection:
            people = connection.execute(select(person.c.entrant, person.c.name).where(person.c.race == self._race))
            groups = connection.execute(
                select(group.c.kind, group.c.id, group.c.name).where(group.c.race == self._race)
            )
            names = Names({row.entrant: row.name for row in people})
            for kind, key, name in groups:
                (names.companies if kind == "company" else names.teams)[key] = name
        return names

    def keep(self, names: Names) -> None:
        """Write these names, replacing those of the same ids; others stay."""
        people = [{"entrant": key, "name": name} for key, name in names.people.items()]
        groups = [
            {"id": key, "kind": kind, "name": name}
            for kind, named in (("company", names.companies), ("team", names.teams))
            for key, name in named.items()
        ]
        with writing(self._engine) as connection:
            self._put(connection, person, "entrant", people)
            self._put(connection, group, "id", groups)

    def forget(self, entrant: str) -> bool:
        """Erase a person's name; the facts, which never held it, stay valid. False if there was none."""
        gone = delete(person).where(person.c.race == self._race, person.c.entrant == entrant)
        with writing(self._engine) as connection:
            return bool(connection.execute(gone).rowcount)

    def cards(self) -> dict[str, FirmCard]:
        """The firms' cards by company; a firm that gave nothing has none."""
        columns = (
            firm.c.company,
            firm.c.building,
            firm.c.floor,
            firm.c.link,
            firm.c.blurb,
            firm.c.approved,
            firm.c.design,
        )
        with self._engine.connect() as connection:
            rows = connection.execute(select(*columns).where(firm.c.race == self._race).order_by(firm.c.company))
            return {
                row.company: FirmCard(*row[:-1], design=msgspec.json.decode(row.design, type=Design)) for row in rows
            }

    def keep_card(self, card: FirmCard) -> None:
        """Write one firm's card, replacing the one before."""
        design = msgspec.json.encode(card.design).decode()
        row = {
            "company": card.company,
            "building": card.building,
            "floor": card.floor,
            "link": card.link,
            "blurb": card.blurb,
            "approved": card.approved,
            "design": design,
        }
        with writing(self._engine) as connection:
            self._put(connection, firm, "company", [row])

    def enrolled(self, name: str) -> bool:
        """Whether a station of this name holds a token."""
        return name in self.stations().values()

    def enrol(self, name: str, token: str) -> None:
        """Let a station in under this token; an older token of the same name is void from now on."""
        with writing(self._engine) as connection:
            self._put(connection, station, "name", [{"name": name, "token_hash": hashed(token)}])

    def revoke(self, name: str) -> bool:
        """Shut a station out: its token opens nothing any more. False if it held none."""
        gone = delete(station).where(station.c.race == self._race, station.c.name == name)
        with writing(self._engine) as connection:
            return bool(connection.execute(gone).rowcount)

    def station_of(self, token: str) -> str | None:
        """The station that holds this token."""
        return self.stations().get(hashed(token))

    def stations(self) -> dict[bytes, str]:
        """The stations by their tokens' hashes."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(station.c.token_hash, station.c.name).where(station.c.race == self._race))
            return {row.token_hash: row.name for row in rows}

    def _put(self, connection: Connection, table: Table, key: str, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            old = delete(table).where(table.c.race == self._race, table.c[key] == bindparam("old"))
            connection.execute(old, [{"old": row[key]} for row in rows])
            connection.execute(insert(table), [{"race": self._race, **row} for row in rows])


def hashed(token: str) -> bytes:
    """What is kept of a token: its SHA-256, which lets nobody in."""
    return hashlib.sha256(token.encode()).digest()


class DoorKeeper:
    """Lets stations in without asking the database each time: a new token opens at once, a voided one closes within a second."""

    def __init__(self, directory: Directory, clock: Clock) -> None:
        self._directory, self._clock = directory, clock
        self._stations: dict[bytes, str] = {}
        self._asked_at: Instant | None = None

    def station_of(self, token: str) -> str | None:
        """The station that holds this token."""
        now, key = self._clock.now(), hashed(token)
        known = self._asked_at is not None and 0 <= now - self._asked_at < ASK_AGAIN_AFTER and key in self._stations
        if not known:
            self._stations, self._asked_at = self._directory.stations(), now
        return self._stations.get(key)
