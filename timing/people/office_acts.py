"""What the race office decided beside the log: who showed or refused a firm's link, set its look, settled a report, or let a station in, and when."""

from typing import Final, Literal, NamedTuple, get_args

from sqlalchemy import Connection, Engine, func, insert, select

from timing.people.office_seats import Official
from timing.race.events import Role
from timing.race.instants import Instant
from timing.store.tables import office_act

Act = Literal["approve", "refuse", "hide", "look", "name", "settle", "reopen", "enrol", "revoke"]
"""Of a firm's link and blurb, of its colour and logo, of a person's name, of a runner's report, of a station's token."""
FIRM: Final[frozenset[Act]] = frozenset(("approve", "refuse", "hide", "look"))
PERSON: Final[frozenset[Act]] = frozenset(("name",))
STATION: Final[frozenset[Act]] = frozenset(("enrol", "revoke"))
REPORT: Final[frozenset[Act]] = frozenset(get_args(Act)) - FIRM - PERSON - STATION


class OfficeAct(NamedTuple):
    """Somebody decided this `of` a firm, a person, or the report with this number."""

    what: Act
    of: str
    who: Official
    at: Instant


class OfficeActs:
    """The acts of one race; they are added to and never changed."""

    def __init__(self, engine: Engine, race: str) -> None:
        self._engine, self._race = engine, race

    def note(self, connection: Connection, act: OfficeAct) -> None:
        """Note an act in the transaction that does it."""
        last = select(func.coalesce(func.max(office_act.c.number), 0)).where(office_act.c.race == self._race)
        number = int(connection.scalar(last) or 0) + 1
        row = {"what": act.what, "of": act.of, "by": act.who.name, "role": act.who.role, "at": act.at}
        connection.execute(insert(office_act).values(race=self._race, number=number, **row))

    def last(self, kinds: frozenset[Act], most: int, of: str | None = None) -> list[OfficeAct]:
        """The last acts of these kinds, the latest first; `of` one firm or report alone."""
        asked = select(office_act).where(office_act.c.race == self._race, office_act.c.what.in_(kinds))
        if of is not None:
            asked = asked.where(office_act.c.of == of)
        with self._engine.connect() as connection:
            rows = connection.execute(asked.order_by(office_act.c.number.desc()).limit(most))
            return [
                OfficeAct(_act(row.what), row.of, Official(row.by, _role(row.role)), Instant(row.at)) for row in rows
            ]


def _act(text: str) -> Act:
    return next(one for one in get_args(Act) if one == text)


def _role(text: str) -> Role:
    return next((one for one in get_args(Role) if one == text), "")
