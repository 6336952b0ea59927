"""Limits guesses of the name that goes with a bib's code: three at once, then with growing waits, ten a day."""

from collections import defaultdict
from typing import Final

from timing.race.clock import Clock
from timing.race.instants import SECOND, Instant

DAY_S: Final = 24 * 3_600
WAITS_S: Final = (0, 0, 0, 30, 60, 300, 900, 1_800, 3_600, 3_600)
"""Seconds to wait after so many wrong names within a day; after the last one no more are compared."""


class Tries:
    """The wrong names of the last day by bib, in memory alone; for one thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wrong = defaultdict[int, list[Instant]](list)

    def must_wait(self, bib: int) -> bool:
        """Whether no name is compared for this bib just now, not even the right one."""
        now = self._clock.now()
        recent = self._wrong[bib] = [at for at in self._wrong[bib] if 0 <= now - at < DAY_S * SECOND]
        return len(recent) >= len(WAITS_S) or (bool(recent) and now - recent[-1] < WAITS_S[len(recent)] * SECOND)

    def wrong(self, bib: int) -> None:
        """Count a wrong name."""
        self._wrong[bib].append(self._clock.now())
