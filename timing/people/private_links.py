"""Private links to the pages of one person: a firm's captain, the announcer. Only the hashes of tokens are stored."""

from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import Delete, Engine, delete, insert, select

from timing.people.directory import hashed
from timing.race.chance import new_token
from timing.store.database import writing
from timing.store.tables import private_link

Kind = Literal["captain", "announcer"]


@dataclass(frozen=True, slots=True)
class Holder:
    """The holder of a link; `name` is the captain's firm and empty for the announcer."""

    kind: Kind
    name: str = ""


ANNOUNCER: Final = Holder("announcer")


class PrivateLinks:
    """The links of one race; each holder has at most one."""

    def __init__(self, engine: Engine, race: str) -> None:
        self._engine, self._race = engine, race

    def give(self, holder: Holder, token: str | None = None) -> str:
        """Issue a token for this holder (`token` if the caller drew it); an older one becomes invalid."""
        token = new_token() if token is None else token
        with writing(self._engine) as connection:
            connection.execute(self._of(holder))
            row = {"race": self._race, "kind": holder.kind, "holder": holder.name, "token_hash": hashed(token)}
            connection.execute(insert(private_link).values(row))
        return token

    def revoke(self, holder: Holder) -> bool:
        """Revoke the link; False if there was none."""
        with writing(self._engine) as connection:
            return bool(connection.execute(self._of(holder)).rowcount)

    def given(self, kind: Kind) -> set[str]:
        """The names of those who have a link of this kind."""
        asked = select(private_link.c.holder).where(private_link.c.race == self._race, private_link.c.kind == kind)
        with self._engine.connect() as connection:
            return set(connection.execute(asked).scalars())

    def holder_of(self, token: str) -> Holder | None:
        """The holder of the link with this token; None if there is none."""
        asked = select(private_link.c.kind, private_link.c.holder).where(
            private_link.c.race == self._race, private_link.c.token_hash == hashed(token)
        )
        with self._engine.connect() as connection:
            found = connection.execute(asked).first()
        return Holder(found.kind, found.holder) if found else None

    def _of(self, holder: Holder) -> Delete:
        here = (private_link.c.race == self._race) & (private_link.c.kind == holder.kind)
        return delete(private_link).where(here & (private_link.c.holder == holder.name))
