"""The one writer of a process: requests that come at once share one commit, and each is answered after it."""

from concurrent.futures import Future
from typing import Final

from timing.errors import Unreachable
from timing.language import _
from timing.log import Log, Receipt
from timing.race.chain import Batch
from timing.store.group_commit import GroupCommit

WAITING_MOST: Final = 1_024
"""Requests that may wait; the next one is told to come again."""
SHARE_MOST: Final = 512
"""Requests that share one commit."""
CLOSING_S: Final = 12
"""Longer than a locked database may take to say so; one that hangs is not waited for: nothing of it was acknowledged."""


class Busy(Unreachable):
    """Too many requests wait; the station keeps its scans and comes again."""

    def __init__(self) -> None:
        super().__init__(_("the intake is busy; send again in a moment"))


class Writer(GroupCommit[Batch, Receipt]):
    """Writes the waiting batches into the log."""

    def __init__(self, log: Log) -> None:
        super().__init__(log.receive_all, SHARE_MOST, WAITING_MOST, closing_s=CLOSING_S)

    def submit(self, batch: Batch) -> Future[Receipt]:
        """Hand in a batch; the future resolves after the commit, or fails with what the log raised.

        Raises:
            Busy: too many wait already.
        """
        if self.full:
            raise Busy
        return super().submit(batch)
