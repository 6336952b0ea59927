"""Large files that a publish need not bring with every finish: once a minute will do, and at once where somebody must not be shown."""

from typing import Final

from results.board.purging import withdrawn
from results.board.snapshot import Snapshot
from timing.race.clock import Clock
from timing.race.instants import SECOND, Instant

SELDOM: Final = frozenset({"print.html", "en/print.html", "results.html"})
SELDOM_S: Final = 60


class LargeFileThrottle:
    """Says of each version whether the large files go with it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last: tuple[Snapshot, Instant] | None = None

    def waits(self, snapshot: Snapshot, whole: bool) -> bool:
        """Whether they wait for a later publish; if not, they count as brought now."""
        now = self._clock.now()
        if self._last and not whole and not urgent(self._last[0], snapshot):
            if self._last[0] is snapshot:
                return False
            if 0 <= now - self._last[1] < SELDOM_S * SECOND:
                return True
        self._last = snapshot, now
        return False


def urgent(before: Snapshot, now: Snapshot) -> bool:
    """Whether the last one shows somebody or something that the public may not see any more, or is not final."""
    old, new = before.site.view, now.site.view
    return (old.state, old.edition) != (new.state, new.edition) or withdrawn(before.site, now.site)
