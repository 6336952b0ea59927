"""The directory of the log's ids: names of entrants, companies and teams, firms' cards, and the stations' hashed tokens.

Mutable, never hashed.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Delete, Engine, Table, bindparam, delete, insert, select

from timing.race.firms import Design, FirmCard
from timing.race.instants import Instant
from timing.race.known_names import Names
from timing.race.spelling import company_key, same_name
from timing.race.teams import Team, shown_teams
from timing.store.database import writing
from timing.store.tables import consent, directory_edits, erasure, firm, group, person, row_salt, station
from timing.store.upserts import increment

NAME_MOST = 200
ID_MOST = 80
FORMER = "former"
"""The `kind` of a former name of a company."""


class Directory:
    """The tables beside the log."""

    def __init__(self, engine: Engine, race: str) -> None:
        self._engine, self._race = engine, race

    def edits(self) -> int:
        """How often names, consents and cards have been written: the same number as before where none of them has changed."""
        asked = select(directory_edits.c.number).where(directory_edits.c.race == self._race)
        with self._engine.connect() as connection:
            return connection.scalar(asked) or 0

    def names(self) -> Names:
        with self._engine.connect() as connection:
            people = connection.execute(select(person.c.entrant, person.c.name).where(person.c.race == self._race))
            groups = connection.execute(
                select(group.c.kind, group.c.id, group.c.name, group.c.company).where(group.c.race == self._race)
            )
            said = select(consent.c.entrant, consent.c.agreed).where(consent.c.race == self._race)
            consents = {row.entrant: row.agreed for row in connection.execute(said)}
            names = Names(
                {row.entrant: row.name for row in people},
                open=frozenset(entrant for entrant, agreed in consents.items() if agreed),
                withdrawn=frozenset(entrant for entrant, agreed in consents.items() if not agreed),
            )
            for kind, key, name, company in groups:
                if kind == "company":
                    names.companies[key] = name
                elif kind == FORMER:
                    names.former[name] = company
                else:
                    names.own[key] = Team(name, company)
        names.teams = shown_teams(names.own, names.companies, {})
        return names

    def keep(self, names: Names) -> None:
        """Store these names, replacing those of the same ids; other names and all consents are unchanged."""
        with writing(self._engine) as connection:
            self.write(connection, names)

    def write(self, connection: Connection, names: Names) -> None:
        """The same in a transaction that is open already."""
        people = [{"entrant": key, "name": storable(name)} for key, name in names.people.items()]
        teams = {key: Team(name) for key, name in names.teams.items()} | names.own
        groups = [
            {"id": key, "kind": "company", "name": storable(name), "company": ""}
            for key, name in names.companies.items()
        ]
        groups += [
            {"id": key, "kind": "team", "name": storable(team.name), "company": team.company}
            for key, team in teams.items()
        ]
        groups += [
            {
                "id": f"{FORMER} {company_key(name)}"[:ID_MOST],
                "kind": FORMER,
                "name": storable(name),
                "company": company,
            }
            for name, company in names.former.items()
        ]
        self._put(connection, person, "entrant", people)
        self._put(connection, group, "id", groups)
        if people or groups:
            self._note_edit(connection)

    def rename(self, entrant: str, name: str, beside: Callable[[Connection], object]) -> bool:
        """Write a person's name as it is right, and whatever stands `beside` it; False where that took a consent back.

        Another name may be another person, who agreed to nothing.
        """
        asked = select(person.c.name).where(person.c.race == self._race, person.c.entrant == entrant)
        agreed = select(consent.c.agreed).where(consent.c.race == self._race, consent.c.entrant == entrant)
        with writing(self._engine) as connection:
            same = same_name(connection.scalar(asked) or name, name)
            gone = not same and bool(connection.scalar(agreed))
            self.write(connection, Names(people={entrant: name}))
            if gone:
                self.write_consents(connection, {entrant: None})
            beside(connection)
        return not gone

    def forget(self, entrant: str, at: Instant) -> bool:
        """Erase a person's name and consent; the facts, which never held them, stay valid. False if there was no name."""
        with writing(self._engine) as connection:
            connection.execute(self._consents_of(), [{"who": entrant}])
            gone = delete(person).where(person.c.race == self._race, person.c.entrant == entrant)
            had = bool(connection.execute(gone).rowcount)
            self._note_edit(connection)
            connection.execute(delete(row_salt).where(row_salt.c.race == self._race, row_salt.c.entrant == entrant))
            if had:
                self._put(connection, erasure, "entrant", [{"entrant": entrant, "at": at}])
        return had

    def erased(self) -> dict[str, Instant]:
        """The entrants whose names were erased, and when last: earlier prints may still show them."""
        asked = select(erasure.c.entrant, erasure.c.at).where(erasure.c.race == self._race)
        with self._engine.connect() as connection:
            return {row.entrant: Instant(row.at) for row in connection.execute(asked)}

    def keep_consents(self, consents: Mapping[str, bool | None]) -> None:
        """Store consents to a full name on public pages: given, taken back, or (None) never answered."""
        with writing(self._engine) as connection:
            self.write_consents(connection, consents)

    def write_consents(self, connection: Connection, consents: Mapping[str, bool | None]) -> None:
        """The same in a transaction that is open already."""
        if not consents:
            return
        said = [{"entrant": entrant, "agreed": agreed} for entrant, agreed in consents.items() if agreed is not None]
        connection.execute(self._consents_of(), [{"who": entrant} for entrant in consents])
        self._put(connection, consent, "entrant", said)
        self._note_edit(connection)

    def _consents_of(self) -> Delete:
        return delete(consent).where(consent.c.race == self._race, consent.c.entrant == bindparam("who"))

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

    def keep_card(self, card: FirmCard, beside: Callable[[Connection], object] | None = None) -> None:
        """Write one firm's card, replacing the one before; `beside` writes in the same transaction."""
        with writing(self._engine) as connection:
            self.write_card(connection, card)
            if beside:
                beside(connection)

    def write_card(self, connection: Connection, card: FirmCard) -> None:
        """The same in a transaction that is open already."""
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
        self._put(connection, firm, "company", [row])
        self._note_edit(connection)

    def enrolled(self, name: str) -> bool:
        """Whether a station of this name holds a token."""
        return name in self.stations().values()

    def enrol(self, name: str, token: str, beside: Callable[[Connection], object] | None = None) -> None:
        """Register a station's token; an older token of the same station becomes invalid. `beside` writes in the same transaction."""
        with writing(self._engine) as connection:
            self._put(connection, station, "name", [{"name": name, "token_hash": hashed(token)}])
            if beside:
                beside(connection)

    def revoke(self, name: str, beside: Callable[[Connection], object] | None = None) -> bool:
        """Revoke a station's token; False if it had none. `beside` writes in the same transaction."""
        gone = delete(station).where(station.c.race == self._race, station.c.name == name)
        with writing(self._engine) as connection:
            revoked = bool(connection.execute(gone).rowcount)
            if revoked and beside:
                beside(connection)
            return revoked

    def station_of(self, token: str) -> str | None:
        """The station that holds this token."""
        return self.stations().get(hashed(token))

    def stations(self) -> dict[bytes, str]:
        """The stations by their tokens' hashes."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(station.c.token_hash, station.c.name).where(station.c.race == self._race))
            return {row.token_hash: row.name for row in rows}

    def _note_edit(self, connection: Connection) -> None:
        increment(connection, directory_edits, {"race": self._race, "number": 1}, "number")

    def _put(self, connection: Connection, table: Table, key: str, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            old = delete(table).where(table.c.race == self._race, table.c[key] == bindparam("old"))
            connection.execute(old, [{"old": row[key]} for row in rows])
            connection.execute(insert(table), [{"race": self._race, **row} for row in rows])


def storable(name: str) -> str:
    """A name made storable in every database and file: without NUL and lone surrogates, and of limited length.

    >>> storable("가산" + chr(0) + "정밀") == storable("가산" + chr(0xD83C) + "정밀"), len(storable("가" * 10_000))
    (True, 200)
    """
    return "".join("\ufffd" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in name[:NAME_MOST])


def hashed(token: str) -> bytes:
    """The SHA-256 of a token, which is stored in its place."""
    return hashlib.sha256(token.encode()).digest()
