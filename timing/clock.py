"""The one door through which time comes in, so that tests and replays can set it."""

import sys
import time
from collections.abc import Callable
from typing import Protocol

from timing.instants import SECOND, Instant, Span

Ticks = Callable[[], int]
"""Microseconds since some moment, always forwards and never set by anybody."""


AHEAD_MOST = Span(60 * SECOND)
"""Clocks may differ a little; whatever lies farther ahead of this machine's was mistyped."""


class Clock(Protocol):
    """Tells the present instant."""

    def now(self) -> Instant: ...


class SystemClock:
    """The machine's wall clock."""

    def now(self) -> Instant:
        return Instant(time.time_ns() // 1_000)  # noqa: TID251  (the one place that may ask)


def system_ticks() -> int:
    """The machine's own count of time, also while it sleeps where the system has such a count. Setting the clock leaves it alone."""
    boot = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC if sys.platform == "darwin" else None)
    return (time.monotonic_ns() if boot is None else time.clock_gettime_ns(boot)) // 1_000  # noqa: TID251  (as above)


class SteadyClock:
    """The wall clock as it was at the start, and from then on the machine's own count: whoever sets the clock moves nothing.

    A count may still run fast or slow, as every quartz does and as NTP slews it; that is for the comparisons with another clock
    to find (`station_clock`).
    """

    def __init__(self, wall: Clock | None = None, ticks: Ticks = system_ticks) -> None:
        self._wall, self._ticks = wall or SystemClock(), ticks
        self._begun, self._began_at = ticks(), self._wall.now()

    def now(self) -> Instant:
        return Instant(self._began_at + self._ticks() - self._begun)

    def moved(self) -> Span:
        """How far the wall clock has gone ahead of this one since: somebody set it, or it drifts."""
        return Span(self._wall.now() - self.now())
