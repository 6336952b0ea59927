"""What spectators vote on: the firms' QR designs and photos. One vote a device and ballot, the last one stands."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Literal

from sqlalchemy import ColumnElement, Connection, Engine, delete, func, insert, select, update

from timing.store.gathering import crowd_writing
from timing.store.only_once import put
from timing.store.tables import ballot, candidate, vote

BallotName = Literal["design", "photo"]
BALLOTS: Final[tuple[BallotName, ...]] = ("design", "photo")
CANDIDATES_MOST: Final = 500
NO_PICTURE: Final = ""
"""What is left of a candidate that was taken away: its number, which nobody gets again."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody to vote for: a firm's picture. `picture` and `small` are files in the race folder's `photos`, sizes in pixels."""

    number: int
    company: str
    caption: str
    picture: str
    small: str
    width: int
    height: int
    """Of the small one."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """A vote that was opened once; `live` shows the counts while it is open."""

    name: BallotName
    open: bool
    live: bool = False


class Cast(StrEnum):
    """What became of a vote."""

    TAKEN = "taken"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class Ballots:
    """The votes of one race."""

    def __init__(self, engine: Engine, race: str) -> None:
        self._engine, self._race = engine, race

    def ballots(self) -> list[Ballot]:
        """Those that were ever opened."""
        asked = select(ballot.c.name, ballot.c.open, ballot.c.live).where(ballot.c.race == self._race)
        with self._engine.connect() as connection:
            return [Ballot(*row) for row in connection.execute(asked.order_by(ballot.c.name))]

    def candidates(self, name: BallotName) -> list[Candidate]:
        """In the order in which they came."""
        columns = (getattr(candidate.c, field) for field in Candidate.__slots__)
        asked = select(*columns).where(self._stands(name))
        with self._engine.connect() as connection:
            return [Candidate(*row) for row in connection.execute(asked.order_by(candidate.c.number))]

    def counts(self, name: BallotName) -> dict[int, int]:
        """Votes by candidate; who has none is left out."""
        asked = select(vote.c.candidate, func.count().label("votes")).where(
            vote.c.race == self._race, vote.c.ballot == name
        )
        with self._engine.connect() as connection:
            return {row.candidate: row.votes for row in connection.execute(asked.group_by(vote.c.candidate))}

    def open(self, name: BallotName, live: bool) -> None:
        with crowd_writing(self._engine) as connection:
            put(connection, ballot, {"race": self._race, "name": name, "open": True, "live": live})

    def close(self, name: BallotName) -> bool:
        """End it; False if it is not open."""
        closed = update(ballot).where(ballot.c.race == self._race, ballot.c.name == name, ballot.c.open.is_(True))
        with crowd_writing(self._engine) as connection:
            return bool(connection.execute(closed.values(open=False)).rowcount)

    def add(self, name: BallotName, one: Candidate) -> Candidate:
        """Add a candidate under the next number; one that was taken away keeps its own, for phones remember whom they voted for."""
        with crowd_writing(self._engine) as connection:
            here = select(func.coalesce(func.max(candidate.c.number), 0))
            last = connection.scalar(here.where(candidate.c.race == self._race, candidate.c.ballot == name))
            numbered = replace(one, number=int(last or 0) + 1)
            connection.execute(insert(candidate).values(self._row(name, numbered)))
        return numbered

    def remove(self, name: BallotName, number: int) -> bool:
        """Take a candidate away with its votes; those who voted for it may vote again. False if there is none."""
        with crowd_writing(self._engine) as connection:
            of_it = (vote.c.race == self._race) & (vote.c.ballot == name) & (vote.c.candidate == number)
            connection.execute(delete(vote).where(of_it))
            gone = update(candidate).where(self._stands(name), candidate.c.number == number)
            nothing = {"company": "", "caption": "", "picture": NO_PICTURE, "small": NO_PICTURE}
            return bool(connection.execute(gone.values(nothing)).rowcount)

    def renew(self, name: BallotName, wanted: Sequence[Candidate]) -> None:
        """Have exactly one candidate per firm; a firm that is there already keeps its number and its votes."""
        before = {one.company: one.number for one in self.candidates(name)}
        for gone in set(before) - {one.company for one in wanted}:
            self.remove(name, before[gone])
        for one in wanted:
            if one.company in before:
                with crowd_writing(self._engine) as connection:
                    put(connection, candidate, self._row(name, replace(one, number=before[one.company])))
            else:
                self.add(name, one)

    def cast(self, connection: Connection, name: str, device: bytes, number: int) -> Cast:
        """Take a vote within a transaction, in place of the one before."""
        now = select(ballot.c.open).where(ballot.c.race == self._race, ballot.c.name == name)
        if not connection.scalar(now.with_for_update(read=True)):
            return Cast.CLOSED
        known = select(candidate.c.number).where(self._stands(name), candidate.c.number == number)
        if connection.scalar(known) is None:
            return Cast.UNKNOWN
        put(connection, vote, {"race": self._race, "ballot": name, "device": device, "candidate": number})
        return Cast.TAKEN

    def _stands(self, name: str) -> ColumnElement[bool]:
        """Those of a ballot who were not taken away."""
        here = (candidate.c.race == self._race) & (candidate.c.ballot == name)
        return here & (candidate.c.picture != NO_PICTURE)

    def _row(self, name: BallotName, one: Candidate) -> dict[str, object]:
        return {"race": self._race, "ballot": name, **{field: getattr(one, field) for field in Candidate.__slots__}}
