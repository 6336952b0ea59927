"""Whether somebody holds a bib still in front of the camera, and how large its QR is there. Pure.

A small QR is read in a few frames only, and of a bib whose mark names it hardly ever: its marks, which are read in every frame, tell
its size from then on.
"""

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
"""How far it may move, in sides of what was read of it."""
TOGETHER: Final = Span(SECOND // 8)
"""A QR and a mark that were read so near to each other were equally far away, also of somebody who walks up."""

NOBODY: Final = _("hold a bib over the line, its QR facing the camera, and hold it still")
ILLEGIBLE: Final = _(
    "the bib's QR is too small to be read there: step towards the camera with it and back to the line, or move the camera closer"
)
SEVERAL: Final = _("several bibs are in view: hold up one alone")
UNSTEADY: Final = _("hold the bib still for a second")


class HeldBib(NamedTuple):
    """A bib that was held still: its QR's side in pixels, the corners of the QR or a mark as parts of the picture, and the picture's
    width and height."""

    code: str
    px: float
    corners: list[tuple[float, float]]
    width: int
    height: int


class _View(NamedTuple):
    """A bib in one frame: its QR's side in pixels, and the QR that was read, else its marks."""

    at: Instant
    code: str
    px: float
    read: Sequence[SeenCode]
    width: int
    height: int


class _Sizes:
    """How large one bib's QR is, also where only its marks are read."""

    def __init__(self) -> None:
        self.at = Instant(0)
        self._qr = self._mark = (Instant(0), 0.0)
        self._ratio = 0.0

    def saw(self, at: Instant, qrs: Sequence[SeenCode], marks: Sequence[SeenCode]) -> float:
        """The side of its QR in a frame that shows these; 0 while that is not known."""
        self.at = at
        if qrs:
            self._qr = at, qrs[0].side_px
        if marks:
            self._mark = at, fmean(one.side_px for one in marks)
        (qr_at, qr_px), (mark_at, mark_px) = self._qr, self._mark
        if qr_px and mark_px and abs(qr_at - mark_at) <= TOGETHER:
            self._qr, self._ratio = (qr_at, 0.0), qr_px / mark_px
        return qrs[0].side_px if qrs else self._ratio * mark_px


class StillBibFinder:
    """Looks at the race's bibs in each frame; foreign codes do not count."""

    def __init__(self) -> None:
        self._views: deque[_View] = deque()
        self._sizes: dict[str, _Sizes] = {}

    def saw(self, at: Instant, width: int, height: int, seen: Sequence[SeenCode]) -> None:
        """The next frame, of this size, shows these codes and marks."""
        self._sizes = {code: one for code, one in self._sizes.items() if 0 <= at - one.at <= FORGOTTEN_AFTER}
        for code in dict.fromkeys(one.code for one in seen if one.ours):
            qrs, marks = (
                [one for one in seen if (one.code, one.source) == (code, source)] for source in ("qr", "mark")
            )
            if px := self._sizes.setdefault(code, _Sizes()).saw(at, qrs, marks):
                self._views.append(_View(at, code, px, qrs or marks, width, height))
        while self._views and not 0 <= at - self._views[0].at <= FORGOTTEN_AFTER:
            self._views.popleft()

    def held(self) -> HeldBib | Text:
        """The bib that has been held still until now, else what to do."""
        views = list(self._views)
        if not views:
            return ILLEGIBLE if self._sizes else NOBODY
        if len({view.code for view in views}) > 1:
            return SEVERAL
        sizes = [view.px for view in views]
        long_enough = views[-1].at - views[0].at >= HELD_FOR and len(views) >= FEWEST
        if not long_enough or max(sizes) - min(sizes) > SWAYS * median(sizes) or _wanders(views):
            return UNSTEADY
        last = views[-1]
        corners = [(round(x / last.width, 4), round(y / last.height, 4)) for x, y in last.read[0].corners]
        return HeldBib(last.code, round(median(sizes), 1), corners, last.width, last.height)


def _wanders(views: Sequence[_View]) -> bool:
    """Whether all that was read of the bib in some frame is far from all of that kind that is read now."""
    now = views[-1].read
    alike = (view.read for view in views if view.read[0].source == now[0].source)
    return any(all(_apart(one, other) for one in read for other in now) for read in alike)


def _apart(one: SeenCode, other: SeenCode) -> bool:
    return dist(_middle(one), _middle(other)) > WANDERS * other.side_px


def _middle(seen: SeenCode) -> tuple[float, float]:
    return fmean(x for x, _ in seen.corners), fmean(y for _, y in seen.corners)
