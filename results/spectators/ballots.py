"""The spectators' vote on the firms' QR designs: one vote a device, the last one stands.

Of a voter's address a keyed hash of its network is stored. The key is deleted when the vote is closed: afterwards the votes of one
network can still be grouped, and no longer be traced to it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from timing.people.race_keys import device_hash, drawn_key, forget_key
from timing.store.low_priority_writer import low_priority_writing
from timing.store.tables import design_ballot, design_candidate, design_poll
from timing.store.upserts import upsert


@dataclass(frozen=True, slots=True)
class Poll:
    """A vote that was opened once, and the firms to choose from; `votes` is None while the counts are not public."""

    open: bool
    candidates: tuple[str, ...]
    votes: dict[str, int] | None = None
    """By company id; those without votes are left out."""

    @property
    def open_now(self) -> bool:
        return self.open and bool(self.candidates)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a firm's votes came from: how many there are, from how many networks, and how many of them from the busiest one."""

    votes: int
    networks: int
    most: int


class Cast(StrEnum):
    """The outcome of a vote."""

    TAKEN = "taken"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class Ballots:
    """The vote of one race."""

    def __init__(self, engine: Engine, race: str) -> None:
        self._engine, self._race = engine, race

    def poll(self) -> Poll | None:
        """The vote as the public sees it; None if it was never opened."""
        asked = select(design_poll.c.open, design_poll.c.live).where(design_poll.c.race == self._race)
        with self._engine.connect() as connection:
            found = connection.execute(asked).one_or_none()
            if found is None:
                return None
            votes = self._counts(connection) if found.live or not found.open else None
            return Poll(found.open, self._candidates(connection), votes)

    def counts(self) -> dict[str, int]:
        """Votes by company id; those without votes are left out."""
        with self._engine.connect() as connection:
            return self._counts(connection)

    def origins(self) -> dict[str, Origin]:
        """Where each firm's votes came from."""
        asked = select(design_ballot.c.company, func.count().label("votes")).where(design_ballot.c.race == self._race)
        networks: dict[str, list[int]] = {}
        with self._engine.connect() as connection:
            for row in connection.execute(asked.group_by(design_ballot.c.company, design_ballot.c.network)):
                networks.setdefault(row.company, []).append(row.votes)
        return {company: Origin(sum(votes), len(votes), max(votes)) for company, votes in networks.items()}

    def busiest(self, number: int) -> list[int]:
        """The votes of each of the `number` networks with the most."""
        asked = select(func.count().label("votes")).where(design_ballot.c.race == self._race)
        grouped = asked.group_by(design_ballot.c.network).order_by(func.count().desc()).limit(number)
        with self._engine.connect() as connection:
            return list(connection.scalars(grouped))

    def open(self, companies: Collection[str], live: bool) -> None:
        """Open the vote with exactly these firms; one that stays keeps its votes, those of others are deleted."""
        with low_priority_writing(self._engine) as connection:
            for gone in {*self._candidates(connection)} - {*companies}:
                for table in (design_ballot, design_candidate):
                    connection.execute(delete(table).where(table.c.race == self._race, table.c.company == gone))
            new = sorted({*companies} - {*self._candidates(connection)})
            if new:
                connection.execute(insert(design_candidate), [{"race": self._race, "company": one} for one in new])
            upsert(connection, design_poll, {"race": self._race, "open": True, "live": live})

    def close(self) -> bool:
        """Close the vote and delete the networks' key; False if it is not open."""
        closed = update(design_poll).where(design_poll.c.race == self._race, design_poll.c.open.is_(True))
        with low_priority_writing(self._engine) as connection:
            forget_key(connection, self._race, "network")
            return bool(connection.execute(closed.values(open=False)).rowcount)

    def cast(self, connection: Connection, company: str, device: bytes, network: str) -> Cast:
        """Store a vote within a transaction, in place of the device's earlier one."""
        now = select(design_poll.c.open).where(design_poll.c.race == self._race)
        if not connection.scalar(now.with_for_update(read=True)):
            return Cast.CLOSED
        if company not in self._candidates(connection):
            return Cast.UNKNOWN
        hashed = device_hash(drawn_key(connection, self._race, "network"), network)
        row = {"race": self._race, "device": device, "company": company, "network": hashed}
        upsert(connection, design_ballot, row)
        return Cast.TAKEN

    def _candidates(self, connection: Connection) -> tuple[str, ...]:
        asked = select(design_candidate.c.company).where(design_candidate.c.race == self._race)
        return tuple(connection.scalars(asked.order_by(design_candidate.c.company)))

    def _counts(self, connection: Connection) -> dict[str, int]:
        asked = select(design_ballot.c.company, func.count().label("votes")).where(design_ballot.c.race == self._race)
        return {row.company: row.votes for row in connection.execute(asked.group_by(design_ballot.c.company))}
