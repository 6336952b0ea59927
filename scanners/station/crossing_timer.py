"""When each visit crossed the line, with what the station has learnt of its bibs and of its runners' paces.

A station without a line takes a stand-in for it: the place where a bib's code is a certain part of the picture wide. It is not
the line, but the same place for everybody and, with cameras alike, at start and finish; a first or a last sight is neither.
"""

from collections import deque
from statistics import median
from typing import Final, NamedTuple

from scanners.reading.crossing import Paces, crossing
from scanners.reading.visits import Visit
from scanners.station.station_options import PointName
from timing.race.events import Crossing
from timing.race.instants import SECOND, Instant, Span

CODE_TO_MARK: Final = 80 / 61  # of the default sheet, until the bibs seen here tell
BIBS_REMEMBERED: Final = 200
STAND_IN: Final = 1 / 50
"""Of the picture's longer side: so wide is a code over the stand-in; of 8 cm and seen by a usual webcam (78 degrees), 2.5 m away."""
WAITED: Final = Span(3 * SECOND)
"""A runner who stays in view this much longer than the default crossing time at a start is waiting there: the last sighting is used."""


class TimedCrossing(NamedTuple):
    """When a visit crossed, how that is known, and its standard error; None where there is no line to cross."""

    at: Instant
    how: Crossing
    doubt: Span | None


class CrossingTimer:
    """Times visits by `line_px`, the side in pixels of a bib's code at the line; None where no line is known.

    `picture_px` is the longer side of the pictures, 0 before the first: without it there is no stand-in, and none in a pen,
    where people stand.

    At a start the last crossing counts, since people wait there; elsewhere the first, since people stay behind the line.
    """

    def __init__(self, line_px: float | None, point: PointName = "") -> None:
        self._line_px, self._at_start, self._in_pen = line_px, point == "start", point == "pen"
        self.picture_px = 0
        self._ratios: deque[float] = deque(maxlen=BIBS_REMEMBERED)
        self._paces = Paces()

    @property
    def line_px(self) -> float | None:
        return self._line_px

    def set_line(self, line_px: float | None) -> None:
        """Use another line from now on and forget the paces measured for the former one. Thread-safe."""
        self._line_px, self._paces = line_px, Paces()

    def crossed(self, visit: Visit) -> TimedCrossing | None:
        """When this visit crossed, by its code's growth and its mark's; None where that cannot be told."""
        self._learn(visit)
        line_px = self._line_px or (0 if self._in_pen else STAND_IN * self.picture_px)
        if not line_px:
            return None
        sizes = self._sizes(visit)
        self._paces.learn(sizes, line_px, self._at_start)
        found = crossing(sizes, line_px, self._paces.usual, self._at_start)
        if found is None:
            return None
        if self._line_px:
            return TimedCrossing(found.at, "estimated" if found.estimated else "line", found.doubt)
        waits = self._at_start and visit.silent_since - found.at > WAITED
        return None if waits else TimedCrossing(found.at, "seen", None)

    def _learn(self, visit: Visit) -> None:
        """How much larger the codes of these bibs are than their marks."""
        both = visit.codes.keys() & visit.marks.keys()
        if both:
            self._ratios.append(median(visit.codes[frame].size_px / visit.marks[frame].size_px for frame in both))

    def _sizes(self, visit: Visit) -> list[tuple[Instant, float]]:
        """The code's sizes, and where it was not read those that the mark tells of it."""
        if visit.codes and not self._ratios:
            return visit.sizes
        ratio = median(self._ratios) if self._ratios else CODE_TO_MARK
        return sorted([*visit.sizes, *((at, size * ratio) for at, size in visit.mark_sizes)])
