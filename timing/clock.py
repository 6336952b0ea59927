"""The one door through which time comes in, so that tests and replays can set it."""

import time
from typing import Protocol

from timing.instants import Instant


class Clock(Protocol):
    """Tells the present instant."""

    def now(self) -> Instant: ...


class SystemClock:
    """The machine's wall clock."""

    def now(self) -> Instant:
        return Instant(time.time_ns() // 1_000)  # noqa: TID251  (the one place that may ask)
