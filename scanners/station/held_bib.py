"""Whether somebody holds a bib still in front of the camera, and how large its QR is there. Pure."""

from collections import deque
from collections.abc import Sequence
from math import dist
from statistics import fmean, median
from typing import Final, NamedTuple

from scanners.station.observer import SeenCode
from timing.language import Text, _
from timing.race.instants import SECOND, Instant, Span

HELD_FOR: Final = Span(SECOND)
FORGOTTEN_AFTER: Final = Span(3 * SECOND // 2)
FEWEST: Final = 6
"""Frames in which it must be read meanwhile."""
SWAYS: Final = 0.05
"""How much its size may differ meanwhile, as a part of itself."""
WANDERS: Final = 0.3
"""How far its middle may move, in sides of the code."""

NOBODY: Final = _("hold a bib over the line, its QR facing the camera, and hold it still")
SEVERAL: Final = _("several bibs are in view: hold up one alone")
UNSTEADY: Final = _("hold the bib still for a second")


class HeldBib(NamedTuple):
    """A code that was held still: its side in pixels, its corners as parts of the picture, and the picture's width and height."""

    code: str
    px: float
    corners: list[tuple[float, float]]
    width: int
    height: int


class _View(NamedTuple):
    at: Instant
    seen: SeenCode
    width: int
    height: int


class StillBibFinder:
    """Looks at the bibs' QR codes in each frame; marks and foreign codes do not count."""

    def __init__(self) -> None:
        self._views: deque[_View] = deque()

    def saw(self, at: Instant, width: int, height: int, seen: Sequence[SeenCode]) -> None:
        """The next frame, of this size, shows these codes."""
        self._views.extend(_View(at, one, width, height) for one in seen if one.source == "qr" and one.ours)
        while self._views and not 0 <= at - self._views[0].at <= FORGOTTEN_AFTER:
            self._views.popleft()

    def held(self) -> HeldBib | Text:
        """The bib that has been held still until now, else what to do."""
        views = list(self._views)
        if not views:
            return NOBODY
        if len({view.seen.code for view in views}) > 1:
            return SEVERAL
        sizes = [view.seen.side_px for view in views]
        long_enough = views[-1].at - views[0].at >= HELD_FOR and len(views) >= FEWEST
        if not long_enough or max(sizes) - min(sizes) > SWAYS * median(sizes) or _wanders(views):
            return UNSTEADY
        last = views[-1]
        corners = [(round(x / last.width, 4), round(y / last.height, 4)) for x, y in last.seen.corners]
        return HeldBib(last.seen.code, round(median(sizes), 1), corners, last.width, last.height)


def _wanders(views: Sequence[_View]) -> bool:
    middles = [_middle(view.seen) for view in views]
    return any(dist(one, middles[-1]) > WANDERS * views[-1].seen.side_px for one in middles)


def _middle(seen: SeenCode) -> tuple[float, float]:
    return fmean(x for x, _ in seen.corners), fmean(y for _, y in seen.corners)
