"""The log as the rooms need it: append-only, ordered, idempotent, gapless.

Read first `encoding`, `admission` (which items count) and `chain` (the verdict on a batch) in `timing.race`; then here `sql` with `sql_append`, `writer`,
`notifier`; and what makes tampering and loss visible: `verify`, `checkpoint`, `checkpoint_store`, `notary`, `backup`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from timing.errors import RaceError, Unreachable
from timing.language import Text, _
from timing.race.admission import admitted
from timing.race.chain import ROOT, Batch, Branch, Head, Item, Verdict, branches
from timing.race.events import BranchMerged, Event
from timing.race.records import Recorded


class Outcome(StrEnum):
    """The outcome of a batch."""

    STORED = "stored"
    GAP = "gap"
    FORK = "fork"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to a batch, given after commit; `head` is the lineage's contiguous watermark.

    `set_aside` are the numbers of the batch's items that the log keeps and that count for nothing.
    """

    outcome: Outcome
    head: Head
    set_aside: tuple[int, ...] = ()


class Moved(RaceError):
    """Desk facts were recorded after the caller last read them."""

    def __init__(self) -> None:
        super().__init__(
            _("another command has just recorded facts; run this one again"),
        )


class DiskFull(Unreachable):
    """The disk is full; nothing was stored or acknowledged."""

    def __init__(self) -> None:
        super().__init__(_("the disk is full; make room and it goes on"))


class LogAway(Unreachable):
    """The database cannot be written now; nothing was stored or acknowledged."""

    def __init__(self, reason: str) -> None:
        super().__init__(_("the database cannot be written to: {reason}", reason=reason))


class LogUnreadable(Unreachable):
    """The facts cannot be read: the database is damaged or unavailable."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            _("the log cannot be read: {reason}; if the database is damaged, restore a backup", reason=reason),
        )


class Log(Protocol):
    """One race's log. Positions are gapless: a reader that asks for what follows `n` never misses a fact."""

    @property
    def desk(self) -> str:
        """The lineage of the facts that the organiser's commands record."""
        ...

    def receive(self, batch: Batch) -> Receipt:
        """Take a station's batch: resending is harmless, a gap stores nothing, a fork is kept in quarantine.

        Items are stored byte by byte, also those that are set aside; the receipt lists these. Stations may not send in a desk's or a
        server's lineage: such a batch goes to quarantine as a whole.

        Raises:
            DiskFull, LogAway: nothing was stored; the station may send again.
        """
        ...

    def receive_all(self, batches: Sequence[Batch]) -> list[Receipt]:
        """Take several stations' batches in one commit, each judged by itself; all of them stored, or none."""
        ...

    def record(self, events: Sequence[Event], after: int | None = None, lineage: str = "") -> Head:
        """Append desk facts, or facts of another `lineage` that is ours alone; return that lineage's head.

        Raises:
            Moved: `after` is given and the lineage's head is no longer at that number.
        """
        ...

    def read(self, after: int = 0) -> Iterator[Recorded]:
        """The facts at positions above `after`, in order."""
        ...

    def head(self) -> Head:
        """The last position and the race chain's hash there."""
        ...

    def lineage_head(self, lineage: str) -> Head: ...

    def last(self, lineage: str) -> bytes | None:
        """The lineage's last item as it is stored; None where it has none."""
        ...

    def quarantined(self) -> list[tuple[str, Item]]:
        """All items in quarantine, each with its lineage."""
        ...

    def check(self) -> None:
        """Run the database's own integrity check, which finds what the chains cannot, such as an index that differs from its table.

        Raises:
            LogUnreadable: it is damaged.
        """
        ...


def receipt_of(verdict: Verdict, batch: Batch) -> Receipt:
    """The receipt for the sender of a batch, after the commit."""
    if verdict.gap:
        return Receipt(Outcome.GAP, verdict.head)
    stored = batch.items[: max(0, verdict.head.seq - batch.first + 1)]
    aside = [seq for seq, item in enumerate(stored, batch.first) if isinstance(admitted(item, batch.lineage), Text)]
    return Receipt(Outcome.FORK if verdict.forked else Outcome.STORED, verdict.head, tuple(aside))


def waiting_branches(log: Log) -> list[Branch]:
    """The branches in quarantine that are not merged, or have grown since."""
    return [branch for branch in branches(log.quarantined()) if log.lineage_head(branch.id).seq < len(branch.items)]


def merge_branch(log: Log, branch: Branch, by: str, why: str) -> Receipt:
    """Merge a branch into the log under a lineage of its own; merging it again adds only its new items."""
    if not log.lineage_head(branch.id).seq:
        log.record([BranchMerged(branch.lineage, branch.id, branch.items[0].seq, by, why)])
    return log.receive(Batch(branch.id, 1, ROOT, [item.data for item in branch.items]))
