"""The largest pages, as a server makes them: one at a time, and no more often than costs a tenth of a processor.

Whoever asks meanwhile gets the page of a moment ago, unless that shows somebody whom the public may not see any more.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from results.board.large_files import SELDOM, urgent
from results.board.snapshot import Snapshot
from results.web.asset import Asset
from timing.race.clock import Ticks, system_ticks

HEAVY: Final = SELDOM | {"plots.html", "en/plots.html"}
SHARE: Final = 10
Make = Callable[[Snapshot, str], Asset | None]


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page, and what it was made of."""

    snapshot: Snapshot
    asset: Asset | None


class HeavyPages:
    """Makes heavy pages; for one thread."""

    def __init__(self, make: Make, ticks: Ticks = system_ticks) -> None:
        self._make, self._ticks = make, ticks
        self._kept: dict[str, KeptPage] = {}
        self._urgent: tuple[Snapshot, Snapshot, bool] | None = None
        self._cost = self._ended = 0

    def get(self, snapshot: Snapshot, path: str) -> Asset | None:
        """The page, or how it was a moment ago."""
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
