"""When the frames of a film were taken, from what the film says of each; its clock is not believed when it jumps. Pure."""

from math import isfinite
from typing import Final, NamedTuple

from timing.instants import SECOND, Span

USUAL_FPS: Final = 30
LEAST_FPS, MOST_FPS = 0.1, 1_000  # a film that claims another rate is not believed
LONGEST_MS: Final = 30 * 86_400_000  # a film that says it is longer says nothing
GAP_MOST: Final = Span(2 * SECOND)
GAP_FRAMES: Final = 10
"""A step is a jump when it is longer than both; cameras whose rate varies stay below."""
DISORDER: Final = 1.5
DISORDER_LEAST: Final = Span(SECOND // 20)
"""So many frames' time a clock may go back, or so long where a film boasts of its rate: frames told twice or out of order."""
JUMPS_MOST: Final = 20
"""After so many jumps the film's clock is not asked any more."""


class Jump(NamedTuple):
    """From one frame to the next the film's clock was off by so much; `lasts` where it went on from there.

    A film that says neither times nor a frame rate jumps by nothing at its second frame: nothing it says is known.
    """

    by: Span
    lasts: bool


class FilmClock:
    """The time since a film's first frame, always growing.

    Where the film says nothing new, its frame rate tells. A clock that goes back goes on from where it was; a gap is believed
    when the film goes on behind it, and else passed over.
    """

    def __init__(self, fps: float) -> None:
        self._known = LEAST_FPS <= fps <= MOST_FPS
        self._each = SECOND / (fps if self._known else USUAL_FPS)
        self._most = max(GAP_MOST, GAP_FRAMES * self._each)
        self._back = max(DISORDER_LEAST, DISORDER * self._each)
        self._said: float | None = None
        self._shift: float | None = None
        self._passed, self._jumps = -self._each, 0

    def tick(self, said_ms: float, next_ms: float | None) -> tuple[Span, Jump | None]:
        """The time of the next frame, and whether the clock jumped to it.

        `said_ms` is what the film says of it, `next_ms` of the one behind it: None at the end.
        """
        said, before = _microseconds(said_ms), self._said
        jump: Jump | None = None
        self._said = before if said is None else said
        if said is None or said == before or self._jumps > JUMPS_MOST:
            jump = self._count()
        elif self._shift is None:
            self._passed += self._each
            self._shift = self._passed - said
        else:
            jump = self._follow(said + self._shift, None if next_ms is None else _microseconds(next_ms))
        return Span(round(self._passed)), jump

    def _count(self) -> Jump | None:
        """The film says nothing: one frame more."""
        self._passed += self._each
        if self._known or self._passed <= 0:
            return None
        self._known = True  # it is told once
        return Jump(Span(0), lasts=True)

    def _follow(self, at: float, then: float | None) -> Jump | None:
        """The film says that this frame was taken at `at`; of the one behind it that it says `then`, without our shift."""
        if self._is_near(at):
            self._passed = max(at, self._passed + 1)
            return None
        if then is None:  # many films say nothing true of their last frame
            self._passed += self._each
            return None
        assert self._shift is not None
        by = at - self._passed - self._each
        back = 0 < then + self._shift - self._passed <= self._most + self._each
        goes_on = 0 < then + self._shift - at <= self._most
        if at > self._passed and goes_on and not back:
            self._passed = at
        else:
            self._passed += self._each
        if not back:
            self._shift += self._passed - at
        self._jumps += 1
        return Jump(Span(round(by)), lasts=not back)

    def _is_near(self, at: float) -> bool:
        return -self._back <= at - self._passed <= self._most


def _microseconds(said_ms: float) -> float | None:
    return said_ms * 1_000 if isfinite(said_ms) and abs(said_ms) <= LONGEST_MS else None
