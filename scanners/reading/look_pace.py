"""In how many ways a look may search, so that a camera's pictures are read as fast as they come."""

from typing import Final

from timing.race.clock import Clock
from timing.race.instants import Instant

SHARE: Final = 0.75
"""Of the time between two pictures a look may take so much; the rest is for the search for people, film and evidence."""
WHOLE: Final = 2
"""In so many ways a picture is searched where there is time."""
TAKES: Final = (0.5, 0.75, 1.0)
"""By the number of ways, about how much of the time of a whole look: without any, only what was found before is looked at again."""


class LookPace:
    """Times the looks at a live camera. A busy moment lasts for many pictures: the next look takes about as long as the last one."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._began, self._took = clock, clock.now(), 0
        self._last: tuple[int, Instant] | None = None
        self._ways = WHOLE

    def begin(self, index: int, at: Instant) -> int:
        """Begin the look at a picture, by its number among all that the camera took; in how many ways it may be searched."""
        last, self._last = self._last, (index, at)
        self._began = self._clock.now()
        if last and index > last[0] and at > last[1]:
            self._ways = self._affordable((at - last[1]) / (index - last[0]))
        return self._ways

    def _affordable(self, time_of_one: float) -> int:
        """Of two pictures one after the other at least one is searched."""
        whole, most = self._took / TAKES[self._ways], SHARE * time_of_one
        fits = next((ways for ways in (2, 1) if TAKES[ways] * whole <= most), 0)
        return fits or int(self._ways == 0)

    def end(self) -> None:
        """The look is over."""
        self._took = self._clock.now() - self._began
