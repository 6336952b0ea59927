"""A clock as a QR code: a station that sees it knows how far its own clock is off, without any network. Pure.

The code says `GVCLOCK:NAME:MICROSECONDS`. It is always a little old when a camera sees it; of a look, the picture in which it
was the least old is kept.
"""

import re
from collections.abc import Callable

from timing.race.events import QrClockSeen
from timing.race.instants import SECOND, Instant, Span

FORM = re.compile(r"GVCLOCK:([\w.-]{1,40}):(\d{1,16})")
LOOK_LASTS = Span(10 * SECOND)
"""A clock that is held before the camera for longer gives another reading."""
GONE_AFTER = Span(2 * SECOND)
LATEST = 2**53


def clock_text(name: str, at: Instant) -> str:
    """The text of the QR that a clock of this name shows at an instant.

    >>> clock_text("server", Instant(1_500_000))
    'GVCLOCK:server:1500000'
    """
    return f"GVCLOCK:{name}:{at}"


def read_clock(text: str) -> tuple[str, Instant] | None:
    """The clock's name and its instant; None where the text is no clock's."""
    found = FORM.fullmatch(text)
    return (found[1], Instant(int(found[2]))) if found and int(found[2]) <= LATEST else None


class ClockWatch:
    """Recognises the codes of clocks among the texts that a camera reads, and records one fact for each reading."""

    def __init__(self, keep: Callable[[QrClockSeen], object]) -> None:
        self._keep = keep
        self._best: QrClockSeen | None = None
        self._begun = self._last = Instant(0)

    def on_text(self, text: str, at: Instant) -> bool:
        """Whether the text in a picture taken at `at` is a clock's; if so it is used."""
        read = read_clock(text)
        if read is None:
            return False
        other, other_at = read
        if self._best and (self._best.other != other or at - self._begun > LOOK_LASTS):
            self.close()
        if self._best is None:
            self._begun = at
        if self._best is None or at - other_at < self._best.seen_at - self._best.other_at:
            self._best = QrClockSeen(other, other_at, at)
        self._last = at
        return True

    def on_time(self, at: Instant) -> None:
        """Time has passed: record a reading that is over."""
        if self._best and at - self._last > GONE_AFTER:
            self.close()

    def close(self) -> None:
        """Record the reading in progress."""
        if self._best:
            self._keep(self._best)
        self._best = None
