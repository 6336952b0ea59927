"""All reading of clocks: other modules get a `Clock` passed in, so that tests and replays can set the time."""

import hashlib
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from timing.race.instants import SECOND, Instant, Span

Ticks = Callable[[], int]
"""A monotonic count of microseconds since some moment, which nobody can set."""


AHEAD_MOST = Span(60 * SECOND)
"""The most that an instant typed by a person may lie in the future; beyond it is taken for a typing error."""


class Clock(Protocol):
    """A source of the present instant."""

    def now(self) -> Instant: ...


class SystemClock:
    """The machine's wall clock."""

    def now(self) -> Instant:
        return Instant(time.time_ns() // 1_000)  # noqa: TID251  (the one place that may ask)


NAP_NOISE_NS = 20_000
"""The time in nanoseconds that may pass between two readings of clocks one after the other."""
TRIES = 8


class _Sleep:
    """How long this machine has slept since it started, in nanoseconds; only where the system counts that apart (Linux).

    The two clocks it is told from are both slewed by NTP, and by the same: their difference is not. It is taken anew only once
    it has truly changed, so that reading them one after the other never makes a count go back.
    """

    def __init__(self) -> None:
        self._slept = 0

    def __call__(self) -> int:
        boot = getattr(time, "CLOCK_BOOTTIME", None)
        if boot is None:
            return 0
        for _ in range(TRIES):
            before = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
            counted = time.clock_gettime_ns(boot)
            after = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
            if counted - after - NAP_NOISE_NS <= self._slept <= counted - before + NAP_NOISE_NS:
                break
            if after - before < NAP_NOISE_NS:
                self._slept = max(self._slept, counted - (before + after) // 2)
                break
        return self._slept


_slept = _Sleep()


def system_ticks() -> int:
    """The machine's own count of time since it started, in microseconds, also while it sleeps where the system can tell.

    Neither setting nor slewing the clock changes it: NTP makes the monotonic clock run up to a twelfth too fast or too
    slow for minutes, and this is the raw quartz wherever there is such a count (Linux, macOS).
    """
    raw = getattr(time, "CLOCK_MONOTONIC_RAW", None)
    counted = time.monotonic_ns() if raw is None else time.clock_gettime_ns(raw)  # noqa: TID251  (as below)
    return (counted + _slept()) // 1_000


def this_boot() -> str:
    """A name for the time since this machine was started, the same for all its programs; empty where it cannot be told (Windows)."""
    named = ""
    with suppress(OSError, subprocess.SubprocessError):
        if sys.platform == "darwin":
            asked = ["/usr/sbin/sysctl", "-n", "kern.bootsessionuuid"]
            named = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=5).stdout.strip()
        elif sys.platform.startswith("linux"):
            named = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    if not named:
        return ""
    with suppress(OSError):
        named += str(Path("/proc/self/ns/time").readlink())  # a container may count from another moment
    return hashlib.sha256(named.encode()).hexdigest()[:16]


class SteadyClock:
    """The wall clock at the start plus the machine's own count since then, so that setting the wall clock has no effect.

    `go_on_from` continues another steady clock of this machine. The count may still drift, as every quartz does; comparisons with
    another clock find that (`station_clock`).
    """

    def __init__(self, wall: Clock | None = None, ticks: Ticks = system_ticks) -> None:
        self._wall, self.ticks = wall or SystemClock(), ticks
        self._begun, self._began_at = self._together()

    def _together(self) -> tuple[int, Instant]:
        """The count and the wall clock at one moment: of a few readings the one that a busy machine interrupted least."""
        readings = []
        for _ in range(TRIES):
            before, wall, after = self.ticks(), self._wall.now(), self.ticks()
            readings.append((after - before, (before + after) // 2, wall))
        _, count, wall = min(readings)
        return count, wall

    def go_on_from(self, at: Instant, ticks: int) -> None:
        """Continue the clock that said `at` when this machine's count was `ticks`."""
        self._begun, self._began_at = ticks, at

    def at(self, ticks: int) -> Instant:
        """The instant at this count of the machine."""
        return Instant(self._began_at + ticks - self._begun)

    def now(self) -> Instant:
        return self.at(self.ticks())

    def wall(self) -> Instant:
        """The present instant of the machine's wall clock."""
        return self._wall.now()

    def moved(self) -> Span:
        """How far the wall clock is ahead of this one, because it was set or drifts."""
        return Span(self._wall.now() - self.now())
