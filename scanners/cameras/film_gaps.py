"""Finds gaps in a film: pictures that could not be read, or a longer interval than this film's frames have. Pure."""

from collections import deque
from typing import Final, NamedTuple

from timing.race.instants import SECOND, Span

LEAST: Final = Span(SECOND // 2)
"""A shorter step is no gap at any frame rate, because varying rates are common."""
STEPS: Final = 30
TIMES_USUAL: Final = 3


class FilmGap(NamedTuple):
    """No picture from `since` (from the film's first frame) for so long; `unread` frames were there and could not be read."""

    since: Span
    lasting: Span
    unread: int


class FilmGaps:
    """Looks at the time between frames: what is longer than half a second and three times the longest of late is a gap."""

    def __init__(self) -> None:
        self._steps: deque[Span] = deque(maxlen=STEPS)
        self._before: Span | None = None

    def before(self, passed: Span, unread: int) -> FilmGap | None:
        """The gap between the last frame and this one; `unread` frames between them could not be read."""
        before, self._before = self._before, passed
        if before is None:
            return FilmGap(Span(0), passed, unread) if unread or passed else None
        step = Span(passed - before)
        if unread or step > max(LEAST, TIMES_USUAL * max(self._steps, default=step)):
            return FilmGap(before, step, unread)
        self._steps.append(step)
        return None
