"""Access to the race office: links that open once, and the sessions that they opened. Only the secrets' hashes are stored."""

from collections.abc import Sequence
from typing import Final, NamedTuple, get_args

from sqlalchemy import ColumnElement, Engine, and_, delete, insert, select, update

from timing.people.directory import hashed
from timing.race.chance import new_token
from timing.race.events import Role
from timing.race.instants import MINUTE, Instant, Span
from timing.store.database import writing
from timing.store.tables import office_seat

ROLES: Final[tuple[Role, ...]] = tuple(role for role in get_args(Role) if role)
LINK_LASTS: Final = Span(24 * 60 * MINUTE)
"""A link that nobody opened opens nothing after that."""
SESSION_LASTS: Final = Span(72 * 60 * MINUTE)


class Official(NamedTuple):
    """A person of the race office."""

    name: str
    role: Role


class Seat(NamedTuple):
    """A link that was given to somebody; `opened_at` is None until it was opened."""

    official: Official
    given_at: Instant
    opened_at: Instant | None


class OfficeSeats:
    """The links and sessions of one race. A person may have several, one for each device."""

    def __init__(self, engine: Engine, race: str) -> None:
        self._engine, self._race = engine, race

    def give(self, official: Official, now: Instant) -> str:
        """The secret of a new link, which opens once."""
        secret = new_token()
        row = {"race": self._race, "link_hash": hashed(secret), "given_at": now, **official._asdict()}
        with writing(self._engine) as connection:
            connection.execute(insert(office_seat).values(row))
        return secret

    def offered(self, secret: str, now: Instant) -> Official | None:
        """The person whom the link admits; None if it was opened already, taken back, is too old, or was never given."""
        asked = select(office_seat.c.name, office_seat.c.role).where(self._unopened(secret, now))
        with self._engine.connect() as connection:
            found = connection.execute(asked).first()
        return Official(*found) if found else None

    def open(self, secret: str, now: Instant) -> str | None:
        """The secret of the session that the link opens; None where `offered` says None. Of two who try at once one gets in."""
        session = new_token()
        opened = update(office_seat).where(self._unopened(secret, now))
        with writing(self._engine) as connection:
            let_in = connection.execute(opened.values(opened_at=now, session_hash=hashed(session))).rowcount
        return session if let_in else None

    def official_of(self, session: str, now: Instant) -> Official | None:
        """The person of a session; None if it has ended or was taken back."""
        asked = select(office_seat.c.name, office_seat.c.role).where(
            office_seat.c.race == self._race,
            office_seat.c.session_hash == hashed(session),
            office_seat.c.opened_at > now - SESSION_LASTS,
        )
        with self._engine.connect() as connection:
            found = connection.execute(asked).first()
        return Official(*found) if found else None

    def seats(self) -> Sequence[Seat]:
        """All that were given and not taken back, by name."""
        asked = select(office_seat).where(office_seat.c.race == self._race)
        with self._engine.connect() as connection:
            rows = connection.execute(asked.order_by(office_seat.c.name, office_seat.c.given_at)).all()
        return [Seat(Official(row.name, row.role), Instant(row.given_at), row.opened_at) for row in rows]

    def revoke(self, name: str) -> int:
        """Take back every link and session of this name; how many there were."""
        here = and_(office_seat.c.race == self._race, office_seat.c.name == name)
        with writing(self._engine) as connection:
            return int(connection.execute(delete(office_seat).where(here)).rowcount)

    def leave(self, session: str) -> None:
        """End one session."""
        here = and_(office_seat.c.race == self._race, office_seat.c.session_hash == hashed(session))
        with writing(self._engine) as connection:
            connection.execute(delete(office_seat).where(here))

    def _unopened(self, secret: str, now: Instant) -> ColumnElement[bool]:
        return and_(
            office_seat.c.race == self._race,
            office_seat.c.link_hash == hashed(secret),
            office_seat.c.opened_at.is_(None),
            office_seat.c.given_at > now - LINK_LASTS,
        )
