"""The log in a database, through SQLAlchemy Core: SQLite for one machine, PostgreSQL for several."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    LargeBinary,
    Select,
    cast,
    exists,
    func,
    insert,
    select,
)
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from timing.language import _
from timing.log import DiskFull, LogAway, LogUnreadable, Moved, Receipt
from timing.log.notifier import notify
from timing.log.sql_append import LOCK_RACE, Appending
from timing.race.admission import desk_lineage
from timing.race.chain import Batch, Head, Item
from timing.race.clock import Clock
from timing.race.encoding import encode
from timing.race.events import Event
from timing.race.records import Recorded
from timing.store.database import writing
from timing.store.tables import event, lineage_head, quarantine, race_head

PAGE = 1_000
Beside = Callable[[Connection], None]
"""Writes rows of other tables in the transaction that appends facts: both stand, or neither."""


class SqlLog:
    """One race's log.

    Every append locks the race's head row first and keeps it to the commit: commit order is position order, and a reader that
    asks for what follows `n` never misses a fact.
    """

    def __init__(self, engine: Engine, race: str, clock: Clock) -> None:
        self.desk = desk_lineage(race)
        self._engine, self._race, self._clock = engine, race, clock
        with self._reading() as connection:
            new = connection.execute(self._head_query()).one_or_none() is None
        if new:
            with translate_errors(), suppress(IntegrityError), writing(engine) as connection:  # another may be as quick
                connection.execute(insert(race_head).values(race=race, last_pos=0, last_hash=b""))

    def receive(self, batch: Batch) -> Receipt:
        return self.receive_all([batch])[0]

    def receive_all(self, batches: Sequence[Batch]) -> list[Receipt]:
        with self._appending() as appending:
            return [appending.take(batch) for batch in batches]

    def record(
        self,
        events: Sequence[Event],
        after: int | None = None,
        lineage: str = "",
        beside: Beside | None = None,
    ) -> Head:
        """As `Log.record`; what `beside` writes is in the same transaction."""
        lineage = lineage or self.desk
        with self._appending() as appending:
            head = appending.head(lineage)
            if after not in (None, head.seq):
                raise Moved
            if beside:
                beside(appending.connection)
            batch = Batch(lineage, head.seq + 1, head.hash, [encode(fact) for fact in events])
            return appending.record(batch).head

    def read(self, after: int = 0) -> Iterator[Recorded]:
        while page := self._page(after):
            yield from page
            after = page[-1].pos

    def head(self) -> Head:
        with self._reading() as connection:
            row = connection.execute(self._head_query()).one()
        return Head(row.last_pos, row.last_hash)

    def lineage_head(self, lineage: str) -> Head:
        with self._reading() as connection:
            query = select(lineage_head.c.seq, lineage_head.c.hash).where(
                lineage_head.c.lineage == lineage, lineage_head.c.race == self._race
            )
            row = connection.execute(query).one_or_none()
        return Head(row.seq, row.hash) if row else Head()

    def last(self, lineage: str) -> bytes | None:
        query = select(_as_bytes(event.c.data)).where(event.c.lineage == lineage, event.c.race == self._race)
        with self._reading() as connection:
            return connection.scalar(query.order_by(event.c.seq.desc()).limit(1))

    def quarantined(self) -> list[tuple[str, Item]]:
        columns = (
            quarantine.c.lineage,
            quarantine.c.seq,
            _as_bytes(quarantine.c.data),
            _as_bytes(quarantine.c.prev_hash),
            quarantine.c.lineage_hash,
        )
        query = select(*columns).where(quarantine.c.race == self._race)
        with self._reading() as connection:
            return [(lineage, Item(*item)) for lineage, *item in connection.execute(query)]

    def check(self) -> None:
        self._check_heads()
        if self._engine.dialect.name != "sqlite":
            return
        with self._reading() as connection:
            found = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one()
        if found != "ok":
            raise LogUnreadable(str(found).splitlines()[-1])

    def _check_heads(self) -> None:
        """A head without facts would have a station's own facts refused; an item in quarantine belongs to a race that is here."""
        facts = exists().where(event.c.lineage == lineage_head.c.lineage, event.c.race == self._race)
        query = select(lineage_head.c.lineage).where(lineage_head.c.race == self._race, lineage_head.c.seq > 0, ~facts)
        with self._reading() as connection:
            stray = connection.scalars(query).first()
        if stray is not None:
            raise LogUnreadable(str(_("a lineage without facts: {stray}", stray=stray[:9])))
        known = exists().where(race_head.c.race == quarantine.c.race)
        with self._reading() as connection:
            lost = connection.execute(select(quarantine.c.lineage, quarantine.c.seq).where(~known)).first()
        if lost is not None:  # no race would ever see it again
            raise LogUnreadable(
                str(_("an item in quarantine of no race: {lineage} {seq}", lineage=lost.lineage[:8], seq=lost.seq))
            )

    def _page(self, after: int) -> list[Recorded]:
        columns = (
            event.c.pos,
            event.c.lineage,
            event.c.seq,
            event.c.received_at,
            _as_bytes(event.c.data),
            event.c.lineage_hash,
            event.c.hash,
        )
        query = (
            select(*columns).where(event.c.race == self._race, event.c.pos > after).order_by(event.c.pos).limit(PAGE)
        )
        with self._reading() as connection:
            return [Recorded(*row) for row in connection.execute(query).all()]

    def _head_query(self) -> Select[tuple[int, bytes]]:
        return select(race_head.c.last_pos, race_head.c.last_hash).where(race_head.c.race == self._race)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        try:
            with self._engine.connect() as connection:
                yield connection
        except (SQLAlchemyError, ValueError, TypeError) as failure:  # a damaged file may hold values of any kind
            raise LogUnreadable(reason_of(failure)) from failure

    @contextmanager
    def _appending(self) -> Iterator[Appending]:
        """A transaction that holds the race's head locked, and writes what was taken just before its commit."""
        with translate_errors(), writing(self._engine) as connection:
            end = LOCK_RACE.run(connection, (self._race,)).one()
            appending = Appending(connection, self._race, Head(end.last_pos, end.last_hash), self._clock.now())
            yield appending
            appending.write()
            notify(connection)


@contextmanager
def translate_errors() -> Iterator[None]:
    """Translate the database's exceptions into those of the log."""
    try:
        yield
    except SQLAlchemyError as failure:
        reason = reason_of(failure)
        full = "full" in reason or "No space left" in reason
        raise (DiskFull() if full else LogAway(reason)) from failure


def _as_bytes(column: Column[bytes]) -> ColumnElement[bytes]:
    """The column as bytes, even if a foreign program or a damaged disk left a text or NULL."""
    return func.coalesce(cast(column, LargeBinary), b"")


def reason_of(failure: Exception) -> str:
    """The first line of the database's error."""
    return str(getattr(failure, "orig", None) or failure).strip().splitlines()[0]
