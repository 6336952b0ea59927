"""How a station is doing: frames a second, how long a frame waits to be read, what was dropped. Other threads may look at it."""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

from timing.race.instants import SECOND, Instant, Span

REMEMBERED: Final = 600  # frames
RECENT: Final = Span(5 * SECOND)


@dataclass(slots=True)
class FrameCounts:
    """Counted from the capture to the last read of each frame."""

    taken: int = 0
    dropped: int = 0
    """Frames that a newer one replaced before they were read; of a file none."""
    slow_dropped: int = 0
    """Questions to the slow readers that found too many waiting."""
    reopened: int = 0
    lost: bool = False
    """The camera gives no pictures now."""
    _delays: deque[int] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    _read_at: deque[Instant] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def read(self, taken_at: Instant, now: Instant) -> None:
        """A live frame was read to its end."""
        self._delays.append(now - taken_at)
        self._read_at.append(now)

    def rate(self, now: Instant) -> float:
        """Frames read a second, over the last few seconds."""
        recent = [at for at in self._read_at.copy() if now - at <= RECENT]
        passed = now - recent[0] if recent else 0
        return (len(recent) - 1) * SECOND / passed if passed > 0 else 0.0

    def delay_ms(self) -> tuple[float, float] | None:
        """From the capture to the last read: the median and the 95th percentile of the last frames; None before the first."""
        delays = sorted(self._delays.copy())
        if not delays:
            return None
        return delays[len(delays) // 2] / 1000, delays[min(len(delays) - 1, len(delays) * 95 // 100)] / 1000
