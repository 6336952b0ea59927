"""The log in a database, through SQLAlchemy Core: SQLite for one machine, PostgreSQL for several."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, Engine, LargeBinary, and_, cast, func, insert, select, update

from timing.chain import Batch, Head, Item, Verdict, items_of, judge, race_link
from timing.clock import Clock
from timing.database import writing
from timing.encoding import encode
from timing.events import Event
from timing.log import Moved, Receipt, Recorded, desk_lineage, outcome_of
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
        with writing(engine) as connection:
            if self._locked_head(connection) is None:
                connection.execute(insert(race_head).values(race=race, last_pos=0, last_hash=b""))

    def receive(self, batch: Batch) -> Receipt:
        with writing(self._engine) as connection:
            end = self._end(connection)
            return self._take(connection, end, batch)

    def record(self, events: Sequence[Event], after: int | None = None) -> Head:
        with writing(self._engine) as connection:
            end = self._end(connection)
            head = _lineage_head(connection, self.desk)
            if after not in (None, head.seq):
                raise Moved
            batch = Batch(self.desk, head.seq + 1, head.hash, [encode(fact) for fact in events])
            receipt = self._take(connection, end, batch)
        return receipt.head

    def read(self, after: int = 0) -> Iterator[Recorded]:
        while page := self._page(after):
            yield from page
            after = page[-1].pos

    def head(self) -> Head:
        with self._engine.connect() as connection:
            row = connection.execute(
                select(race_head.c.last_pos, race_head.c.last_hash).where(race_head.c.race == self._race)
            ).one()
        return Head(*row)

    def lineage_head(self, lineage: str) -> Head:
        with self._engine.connect() as connection:
            return _lineage_head(connection, lineage)

    def quarantined(self) -> int:
        query = select(func.count()).select_from(quarantine).where(quarantine.c.race == self._race)
        with self._engine.connect() as connection:
            return connection.scalar(query) or 0

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

    def _locked_head(self, connection: Connection) -> Head | None:
        query = select(race_head.c.last_pos, race_head.c.last_hash).where(race_head.c.race == self._race)
        row = connection.execute(query.with_for_update()).one_or_none()
        return Head(*row) if row else None

    def _end(self, connection: Connection) -> Head:
        return self._locked_head(connection) or Head()

    def _take(self, connection: Connection, end: Head, batch: Batch) -> Receipt:
        head = _lineage_head(connection, batch.lineage)
        if self._strange(connection, batch.lineage):
            verdict = Verdict(head, forked=tuple(items_of(batch)))
        else:
            verdict = judge(head, _known_hashes(connection, batch, head), batch)
        if verdict.fresh:
            self._append(connection, end, batch.lineage, verdict)
        for item in verdict.forked:
            self._set_aside(connection, batch.lineage, item)
        return Receipt(outcome_of(verdict.gap, bool(verdict.forked)), verdict.head)

    def _strange(self, connection: Connection, lineage: str) -> bool:
        """Whether another race in this database owns the lineage; an outbox serves one race, and its facts stand in one chain."""
        owner = connection.scalar(select(lineage_head.c.race).where(lineage_head.c.lineage == lineage))
        return owner not in (None, self._race)

    def _append(self, connection: Connection, end: Head, lineage: str, verdict: Verdict) -> None:
        pos, chained, received_at, rows = end.seq, end.hash, self._clock.now(), []
        for item in verdict.fresh:
            pos, chained = pos + 1, race_link(chained, pos + 1, received_at, lineage, item.hash)
            rows.append(
                {
                    "race": self._race,
                    "pos": pos,
                    "lineage": lineage,
                    "seq": item.seq,
                    "received_at": received_at,
                    "data": item.data,
                    "lineage_hash": item.hash,
                    "hash": chained,
                }
            )
        connection.execute(insert(event), rows)
        connection.execute(
            update(race_head).where(race_head.c.race == self._race).values(last_pos=pos, last_hash=chained)
        )
        self._set_lineage_head(connection, lineage, verdict.head)

    def _set_lineage_head(self, connection: Connection, lineage: str, head: Head) -> None:
        values = {"seq": head.seq, "hash": head.hash}
        moved = connection.execute(update(lineage_head).where(lineage_head.c.lineage == lineage).values(values))
        if not moved.rowcount:
            connection.execute(insert(lineage_head).values(lineage=lineage, race=self._race, **values))

    def _set_aside(self, connection: Connection, lineage: str, item: Item) -> None:
        same = and_(
            quarantine.c.lineage == lineage, quarantine.c.seq == item.seq, quarantine.c.lineage_hash == item.hash
        )
        if connection.scalar(select(quarantine.c.seq).where(same)) is None:
            connection.execute(
                insert(quarantine).values(
                    lineage=lineage,
                    seq=item.seq,
                    lineage_hash=item.hash,
                    race=self._race,
                    prev_hash=item.prev_hash,
                    data=item.data,
                    received_at=self._clock.now(),
                )
            )


def _lineage_head(connection: Connection, lineage: str) -> Head:
    query = select(lineage_head.c.seq, lineage_head.c.hash).where(lineage_head.c.lineage == lineage)
    row = connection.execute(query).one_or_none()
    return Head(*row) if row else Head()


def _known_hashes(connection: Connection, batch: Batch, head: Head) -> dict[int, bytes]:
    last = min(head.seq, batch.first + len(batch.items) - 1)
    if last < batch.first:
        return {}
    query = select(event.c.seq, event.c.lineage_hash).where(
        event.c.lineage == batch.lineage, event.c.seq.between(batch.first, last)
    )
    return {row.seq: row.lineage_hash for row in connection.execute(query)}
