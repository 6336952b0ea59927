"""The largest pages are made less often than versions come, and at once where the last one shows what the public may not see any more."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from results.board.site import withdrawn
from results.board.snapshot import Snapshot
from results.web.asset import Asset
from timing.race.clock import Clock, Ticks, system_ticks
from timing.race.instants import SECOND, Instant

LARGE: Final = frozenset({"print.html", "en/print.html", "results.html"})
"""Files that a publish brings at most once a minute."""
PUBLISHED_EVERY_S: Final = 60
HEAVY: Final = LARGE | {"plots.html", "en/plots.html"}
"""Pages that a server makes one at a time, for at most one part of its time in `SHARE`."""
SHARE: Final = 10
Make = Callable[[Snapshot, str], Asset | None]


def urgent(before: Snapshot, now: Snapshot) -> bool:
    """Whether the older version shows somebody or something that the public may not see any more, or another state or edition."""
    old, new = before.site.view, now.site.view
    return (old.state, old.edition) != (new.state, new.edition) or withdrawn(before.site, now.site)


class LargeFileThrottle:
    """Decides for each published version whether the large files are written with it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last: tuple[Snapshot, Instant] | None = None

    def waits(self, snapshot: Snapshot, whole: bool) -> bool:
        """Whether they wait for a later publish; if not, they count as written now. `whole` never waits."""
        now = self._clock.now()
        if self._last and not whole and not urgent(self._last[0], snapshot):
            if self._last[0] is snapshot:
                return False
            if 0 <= now - self._last[1] < PUBLISHED_EVERY_S * SECOND:
                return True
        self._last = snapshot, now
        return False


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page, and the version that it was made of."""

    snapshot: Snapshot
    asset: Asset | None


class HeavyPages:
    """Makes heavy pages and keeps the last one of each path; for one thread. `ticks` counts microseconds."""

    def __init__(self, make: Make, ticks: Ticks = system_ticks) -> None:
        self._make, self._ticks = make, ticks
        self._kept: dict[str, KeptPage] = {}
        self._urgent: tuple[Snapshot, Snapshot, bool] | None = None
        self._cost = self._ended = 0

    def get(self, snapshot: Snapshot, path: str) -> Asset | None:
        """The page of this version, or of an older one where the last was made a moment ago."""
        kept = self._kept.get(path)
        if kept and kept.snapshot is snapshot:
            return kept.asset
        if kept and self._ticks() - self._ended < SHARE * self._cost and not self._is_urgent(kept.snapshot, snapshot):
            return kept.asset
        begun = self._ticks()
        made = self._make(snapshot, path)
        self._ended = self._ticks()
        self._cost = self._ended - begun
        self._kept[path] = KeptPage(snapshot, made)
        return made

    def _is_urgent(self, before: Snapshot, now: Snapshot) -> bool:
        if self._urgent is None or self._urgent[0] is not before or self._urgent[1] is not now:
            self._urgent = before, now, urgent(before, now)
        return self._urgent[2]
