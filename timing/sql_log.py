"""The log in a database, through SQLAlchemy Core: SQLite for one machine, PostgreSQL for several."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from sqlalchemy import Engine, LargeBinary, Select, cast, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from timing.chain import Batch, Head, Item
from timing.clock import Clock
from timing.database import writing
from timing.encoding import encode
from timing.events import Event
from timing.log import DiskFull, LogAway, Moved, Receipt, Recorded, desk_lineage
from timing.sql_append import Appending
from timing.tables import event, lineage_head, quarantine, race_head

PAGE = 1_000


class SqlLog:
    """One race's log.

    Every append locks the race's head row first and keeps it to the commit: commit order is position order, and a reader that
    asks for what follows `n` never misses a fact.
    """

    def __init__(self, engine: Engine, race: str, clock: Clock) -> None:
        self.desk = desk_lineage(race)
        self._engine, self._race, self._clock = engine, race, clock
        with engine.connect() as connection:
            new = connection.execute(self._head_query()).one_or_none() is None
        if new:
            with suppress(IntegrityError), writing(engine) as connection:  # another process may be as quick
                connection.execute(insert(race_head).values(race=race, last_pos=0, last_hash=b""))

    def receive(self, batch: Batch) -> Receipt:
        return self.receive_all([batch])[0]

    def receive_all(self, batches: Sequence[Batch]) -> list[Receipt]:
        with self._appending() as appending:
            return [appending.take(batch) for batch in batches]

    def record(self, events: Sequence[Event], after: int | None = None) -> Head:
        with self._appending() as appending:
            head = appending.head(self.desk)
            if after not in (None, head.seq):
                raise Moved
            batch = Batch(self.desk, head.seq + 1, head.hash, [encode(fact) for fact in events])
            return appending.take(batch).head

    def read(self, after: int = 0) -> Iterator[Recorded]:
        while page := self._page(after):
            yield from page
            after = page[-1].pos

    def head(self) -> Head:
        with self._engine.connect() as connection:
            row = connection.execute(self._head_query()).one()
        return Head(row.last_pos, row.last_hash)

    def lineage_head(self, lineage: str) -> Head:
        with self._engine.connect() as connection:
            query = select(lineage_head.c.seq, lineage_head.c.hash).where(lineage_head.c.lineage == lineage)
            row = connection.execute(query).one_or_none()
        return Head(row.seq, row.hash) if row else Head()

    def quarantined(self) -> list[tuple[str, Item]]:
        columns = (
            quarantine.c.lineage,
            quarantine.c.seq,
            quarantine.c.data,
            quarantine.c.prev_hash,
            quarantine.c.lineage_hash,
        )
        query = select(*columns).where(quarantine.c.race == self._race)
        with self._engine.connect() as connection:
            return [(lineage, Item(*item)) for lineage, *item in connection.execute(query)]

    def _page(self, after: int) -> list[Recorded]:
        columns = (
            event.c.pos,
            event.c.lineage,
            event.c.seq,
            event.c.received_at,
            cast(event.c.data, LargeBinary),  # as bytes, even where a stranger's SQL shell left a text
            event.c.lineage_hash,
            event.c.hash,
        )
        query = (
            select(*columns).where(event.c.race == self._race, event.c.pos > after).order_by(event.c.pos).limit(PAGE)
        )
        with self._engine.connect() as connection:
            return [Recorded(*row) for row in connection.execute(query)]

    def _head_query(self) -> Select[tuple[int, bytes]]:
        return select(race_head.c.last_pos, race_head.c.last_hash).where(race_head.c.race == self._race)

    @contextmanager
    def _appending(self) -> Iterator[Appending]:
        """A transaction that holds the race's head locked, and writes what was taken just before its commit."""
        with _told_plainly(), writing(self._engine) as connection:
            end = connection.execute(self._head_query().with_for_update()).one()
            appending = Appending(connection, self._race, Head(end.last_pos, end.last_hash), self._clock.now())
            yield appending
            appending.write()


@contextmanager
def _told_plainly() -> Iterator[None]:
    """What the database says, in the words of the log."""
    try:
        yield
    except DBAPIError as failure:
        reason = str(failure.orig).strip().splitlines()[0]
        full = "full" in reason or "No space left" in reason
        raise (DiskFull() if full else LogAway(reason)) from failure
