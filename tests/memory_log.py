"""The log in memory, by the same rules as the logs in SQL: a model to compare them with, and a quick server for stations."""

from collections.abc import Iterator, Sequence
from threading import Lock

from timing.log import Moved, Receipt, receipt_of
from timing.race.admission import desk_lineage, is_ours
from timing.race.chain import Batch, Head, Item, Verdict, judge, race_link, refused
from timing.race.clock import Clock
from timing.race.encoding import encode
from timing.race.events import Event
from timing.race.records import Recorded


class MemoryLog:
    """Keeps everything the SQL logs keep, in lists."""

    def __init__(self, race: str, clock: Clock) -> None:
        self.desk = desk_lineage(race)
        self._clock = clock
        self._facts: list[Recorded] = []
        self._lineages: dict[str, list[bytes]] = {}
        self._quarantine: dict[tuple[str, int, bytes], Item] = {}
        self._lock = Lock()

    def receive(self, batch: Batch) -> Receipt:
        with self._lock:
            return self._take(batch, self._judged(batch))

    def receive_all(self, batches: Sequence[Batch]) -> list[Receipt]:
        with self._lock:
            return [self._take(batch, self._judged(batch)) for batch in batches]

    def record(self, events: Sequence[Event], after: int | None = None, lineage: str = "") -> Head:
        lineage = lineage or self.desk
        with self._lock:
            head = self.lineage_head(lineage)
            if after not in (None, head.seq):
                raise Moved
            batch = Batch(lineage, head.seq + 1, head.hash, [encode(event) for event in events])
            return self._take(batch, judge(head, {}, batch)).head

    def read(self, after: int = 0) -> Iterator[Recorded]:
        yield from self._facts[after:]

    def head(self) -> Head:
        return Head(len(self._facts), self._facts[-1].hash) if self._facts else Head()

    def lineage_head(self, lineage: str) -> Head:
        hashes = self._lineages.get(lineage)
        return Head(len(hashes), hashes[-1]) if hashes else Head()

    def last(self, lineage: str) -> bytes | None:
        return next((fact.data for fact in reversed(self._facts) if fact.lineage == lineage), None)

    def quarantined(self) -> list[tuple[str, Item]]:
        return [(lineage, item) for (lineage, _, _), item in self._quarantine.items()]

    def check(self) -> None:
        """Memory has nothing that could differ from itself."""

    def _judged(self, batch: Batch) -> Verdict:
        head = self.lineage_head(batch.lineage)
        if is_ours(batch.lineage):
            return refused(head, batch)
        known = dict(enumerate(self._lineages.get(batch.lineage, []), 1))
        return judge(head, known, batch, (batch.lineage, batch.first - 1, batch.prev_hash) in self._quarantine)

    def _take(self, batch: Batch, verdict: Verdict) -> Receipt:
        for item in verdict.fresh:
            self._append(batch.lineage, item)
        self._quarantine |= {(batch.lineage, item.seq, item.hash): item for item in verdict.forked}
        return receipt_of(verdict, batch)

    def _append(self, lineage: str, item: Item) -> None:
        pos, received_at = len(self._facts) + 1, self._clock.now()
        chained = race_link(self.head().hash, pos, received_at, lineage, item.hash)
        self._facts.append(Recorded(pos, lineage, item.seq, received_at, item.data, item.hash, chained))
        self._lineages.setdefault(lineage, []).append(item.hash)
