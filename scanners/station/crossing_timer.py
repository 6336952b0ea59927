"""When each visit crossed the line, with what the station has learnt of its bibs and of its runners' paces."""

from collections import deque
from statistics import median
from typing import Final

from scanners.reading.crossing import MeasuredCrossing, Paces, crossing
from scanners.reading.visits import Visit
from timing.race.instants import Instant

CODE_TO_MARK: Final = 9 / 8  # of the default sheet, until the bibs seen here tell
BIBS_REMEMBERED: Final = 200


class CrossingTimer:
    """Times visits by `line_px`, the side in pixels of a bib's code at the line; None where no line is known.

    At a start the last crossing counts, since people wait there; elsewhere the first, since people stay behind the line.
    """

    def __init__(self, line_px: float | None, at_start: bool = False) -> None:
        self._line_px, self._at_start = line_px, at_start
        self._ratios: deque[float] = deque(maxlen=BIBS_REMEMBERED)
        self._paces = Paces()

    @property
    def line_px(self) -> float | None:
        return self._line_px

    def set_line(self, line_px: float | None) -> None:
        """Another line from now on; any thread may say so."""
        self._line_px = line_px

    def crossed(self, visit: Visit) -> MeasuredCrossing | None:
        """When this visit crossed the line, by its code's growth and its mark's; None where that cannot be told."""
        self._learn(visit)
        line_px = self._line_px
        if not line_px:
            return None
        sizes = self._sizes(visit)
        self._paces.learn(sizes, line_px, self._at_start)
        return crossing(sizes, line_px, self._paces.usual, self._at_start)

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
