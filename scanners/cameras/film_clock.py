"""When the frames of a film were taken, from what the film says of each; its clock is not believed when it jumps. Pure."""

from collections import deque
from math import isfinite, nan
from typing import Final, NamedTuple

from timing.race.instants import SECOND, Span

USUAL_FPS: Final = 30
LEAST_FPS, MOST_FPS = 0.1, 1_000  # a film that claims another rate is not believed
LONGEST_MS: Final = 30 * 86_400_000  # a film that says it is longer says nothing
GAP_MOST: Final = Span(2 * SECOND)
GAP_FRAMES: Final = 10
GAP_USUAL, USUAL_STEPS = 3, 30
"""A step is a gap when it is longer than all these: than two seconds, ten frames, and three times the longest step of late."""
DISORDER: Final = 1.5
DISORDER_LEAST: Final = Span(SECOND // 20)
"""So many frames' time a clock may go back, or so long where a film boasts of its rate: frames told twice or out of order."""
JUMPS_MOST: Final = 20
"""After this many rejected jumps the film's own timestamps are ignored."""


class FilmClockJump(NamedTuple):
    """From one frame to the next the film's clock was off by so much; `lasts` where it went on from there.

    A film that says neither times nor a frame rate jumps by nothing at its second frame: nothing it says is known.
    """

    by: Span
    lasts: bool


class FilmClock:
    """The time since a film began, always growing.

    Where a timestamp is missing or repeated the frame rate is used. A timestamp that goes back is replaced by the last one; a gap is
    accepted, because cameras stop when nothing moves, unless the next frame's timestamp goes back again.
    """

    def __init__(self, fps: float, begins_ms: float = nan) -> None:
        """`begins_ms` is when the film says that it begins, if that is before the first picture that can be read."""
        self._begins = _microseconds(begins_ms)
        self._known = LEAST_FPS <= fps <= MOST_FPS
        self._each = SECOND / (fps if self._known else USUAL_FPS)
        self._least_gap = max(GAP_MOST, GAP_FRAMES * self._each)
        self._steps: deque[float] = deque(maxlen=USUAL_STEPS)
        self._back = max(DISORDER_LEAST, DISORDER * self._each)
        self._said: float | None = None
        self._shift: float | None = None
        self._passed, self._jumps = -self._each, 0

    def tick(self, said_ms: float, next_ms: float | None) -> tuple[Span, FilmClockJump | None]:
        """The time of the next frame, and whether the clock jumped to it.

        `said_ms` is what the film says of it, `next_ms` of the one behind it: None at the end.
        """
        said, before = _microseconds(said_ms), self._said
        jump: FilmClockJump | None = None
        self._said = before if said is None else said
        if said is None or said == before or self._jumps > JUMPS_MOST:
            jump = self._count()
        elif self._shift is None:
            begins = said if self._begins is None else self._begins
            self._passed += self._each + max(0.0, said - begins)
            self._shift = self._passed - said
        else:
            jump = self._follow(said + self._shift, None if next_ms is None else _microseconds(next_ms))
        return Span(round(self._passed)), jump

    def _count(self) -> FilmClockJump | None:
        """Without a timestamp: one frame's duration more."""
        self._passed += self._each
        if self._known or self._passed <= 0:
            return None
        self._known = True  # it is told once
        return FilmClockJump(Span(0), lasts=True)

    def _follow(self, at: float, then: float | None) -> FilmClockJump | None:
        """The film says that this frame was taken at `at`; of the one behind it that it says `then`, without our shift."""
        assert self._shift is not None
        gap, ahead = self._gap(), at - self._passed
        if -self._back <= ahead <= gap:
            self._go_to(max(at, self._passed + 1))
            return None
        if then is None:  # many films say nothing true of their last frame
            self._go_to(self._passed + self._each)
            return None
        nearest = -2 * self._back if ahead > 0 else 0  # behind a leap ahead, a little disorder is still the old clock
        lasts = not nearest < then + self._shift - self._passed <= gap + self._each
        jump = FilmClockJump(Span(round(ahead - self._each)), lasts)
        if lasts and ahead > 0:
            self._go_to(at)
            return jump
        self._go_to(self._passed + self._each)
        self._shift += self._passed - at if lasts else 0
        self._jumps += 1
        return jump

    def _gap(self) -> float:
        return max(self._least_gap, GAP_USUAL * max(self._steps, default=0.0))

    def _go_to(self, at: float) -> None:
        self._steps.append(at - self._passed)
        self._passed = at


def _microseconds(said_ms: float) -> float | None:
    return said_ms * 1_000 if isfinite(said_ms) and abs(said_ms) <= LONGEST_MS else None
