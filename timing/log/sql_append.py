"""The appends of one transaction: verdicts on all batches first, then everything written at once."""

from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, insert, select, update

from timing.log import Receipt, receipt_of
from timing.log.prepared import Prepared, insert_many
from timing.race.admission import is_ours
from timing.race.chain import Batch, Head, Item, Verdict, judge, race_link, refused
from timing.race.instants import Instant
from timing.store.tables import event, lineage_head, quarantine, race_head

LOCK_RACE = Prepared(
    select(race_head.c.last_pos, race_head.c.last_hash).where(race_head.c.race == bindparam("race")).with_for_update(),
    "race",
)
FIND_LINEAGE = Prepared(
    select(lineage_head.c.seq, lineage_head.c.hash, lineage_head.c.race).where(
        lineage_head.c.lineage == bindparam("lineage")
    ),
    "lineage",
)
APPEND = Prepared(insert(event), *event.c.keys())
MOVE_RACE = Prepared(update(race_head).where(race_head.c.race == bindparam("of")), "last_pos", "last_hash", "of")
MOVE_LINEAGE = Prepared(update(lineage_head).where(lineage_head.c.lineage == bindparam("of")), "seq", "hash", "of")


class Appending:
    """The appends of one transaction, which holds the race's head row locked until its commit.

    Batches are judged one after the other against what the database and this transaction hold; nothing is written before
    `write`, so that one batch's gap or fork never sinks its neighbours.
    """

    def __init__(self, connection: Connection, race: str, end: Head, now: Instant) -> None:
        self.connection, self._race, self._end, self._now = connection, race, end, now
        self._heads: dict[str, Head] = {}
        self._strangers: set[str] = set()
        self._fresh: dict[tuple[str, int], bytes] = {}
        self._events: list[tuple[object, ...]] = []
        self._forked: list[dict[str, object]] = []

    def take(self, batch: Batch) -> Receipt:
        """Decide about a station's batch; `write` stores its new items."""
        head = self.head(batch.lineage)
        if batch.lineage in self._strangers or is_ours(batch.lineage):
            return self._keep(batch, refused(head, batch))
        return self._keep(batch, judge(head, self._known(batch, head), batch, self._after_fork(batch, head)))

    def record(self, batch: Batch) -> Receipt:
        """Queue the next facts of the desk."""
        return self._keep(batch, judge(self.head(batch.lineage), {}, batch))

    def head(self, lineage: str) -> Head:
        """The lineage's head, this transaction's appends included."""
        if lineage not in self._heads:
            row = FIND_LINEAGE.run(self.connection, (lineage,)).one_or_none()
            self._heads[lineage] = Head(row.seq, row.hash) if row else Head()
            if row and row.race != self._race:  # an outbox serves one race, and its facts stand in one chain
                self._strangers.add(lineage)
        return self._heads[lineage]

    def write(self) -> None:
        """Write all that was queued."""
        if self._events:
            insert_many(self.connection, event, APPEND, self._events)
            MOVE_RACE.run(self.connection, (self._end.seq, self._end.hash, self._race))
            for lineage in {lineage for lineage, _ in self._fresh}:
                self._write_head(lineage)
        for row in self._forked:
            self._write_forked(row)

    def _keep(self, batch: Batch, verdict: Verdict) -> Receipt:
        for item in verdict.fresh:
            self._append(batch.lineage, item)
        self._forked += [self._set_aside(batch.lineage, item) for item in verdict.forked]
        if verdict.fresh:
            self._heads[batch.lineage] = verdict.head
        return receipt_of(verdict, batch)

    def _append(self, lineage: str, item: Item) -> None:
        pos = self._end.seq + 1
        self._end = Head(pos, race_link(self._end.hash, pos, self._now, lineage, item.hash))
        self._fresh[lineage, item.seq] = item.hash
        self._events.append(
            (self._race, pos, lineage, item.seq, self._now, item.data, item.hash, self._end.hash)  # as `event.c`
        )

    def _set_aside(self, lineage: str, item: Item) -> dict[str, object]:
        return {
            "lineage": lineage,
            "seq": item.seq,
            "lineage_hash": item.hash,
            "race": self._race,
            "prev_hash": item.prev_hash,
            "data": item.data,
            "received_at": self._now,
        }

    def _known(self, batch: Batch, head: Head) -> dict[int, bytes]:
        """The stored hashes of the batch's numbers, this transaction's appends included."""
        last = min(head.seq, batch.first + len(batch.items) - 1)
        if last < batch.first:
            return {}
        query = select(event.c.seq, event.c.lineage_hash).where(
            event.c.lineage == batch.lineage, event.c.seq.between(batch.first, last)
        )
        known = {row.seq: row.lineage_hash for row in self.connection.execute(query)}
        fresh = ((seq, self._fresh.get((batch.lineage, seq))) for seq in range(batch.first, last + 1))
        return known | {seq: lineage_hash for seq, lineage_hash in fresh if lineage_hash is not None}

    def _after_fork(self, batch: Batch, head: Head) -> bool:
        """Whether the item before the batch is in quarantine, or goes there in this transaction."""
        if batch.first <= head.seq + 1:
            return False
        before = {"lineage": batch.lineage, "seq": batch.first - 1, "lineage_hash": batch.prev_hash}
        return self._is_forked(before) or any(before.items() <= row.items() for row in self._forked)

    def _write_head(self, lineage: str) -> None:
        head = self._heads[lineage]
        if not MOVE_LINEAGE.run(self.connection, (head.seq, head.hash, lineage)).rowcount:
            new = insert(lineage_head).values(lineage=lineage, race=self._race, seq=head.seq, hash=head.hash)
            self.connection.execute(new)

    def _write_forked(self, row: dict[str, object]) -> None:
        if not self._is_forked(row):
            self.connection.execute(insert(quarantine).values(row))

    def _is_forked(self, row: Mapping[str, object]) -> bool:
        key = (quarantine.c[column] == row[column] for column in ("lineage", "seq", "lineage_hash"))
        return self.connection.scalar(select(quarantine.c.seq).where(*key)) is not None
