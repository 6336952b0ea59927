"""Where people stand in a picture: what stands before the street, parted into figures at the heads. No face is looked at."""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from scanners.reading.boxes import PixelBox
from scanners.reading.pixels import Floats, Picture
from scanners.reading.street import Background, Shift, Street

WIDE_PX: Final = 320  # of the small picture in which figures are found
HALVED: Final = 4.0
"""A picture so many times as wide is halved first, which OpenCV does so fast that both take half as long."""
LEAST_HEIGHT: Final = 0.12  # of the picture
LEAST_WIDE: Final = 5  # pixels
HEAD: Final = 0.035  # of a figure's height stands a head above the dip beside it, at least
BODY_TO_HEAD: Final = 2.6  # widths of a head, with hair, in that of a body with its arms
MOST_HIDDEN: Final = 2.5  # times as wide as what is seen of a body may it be
CROWN: Final = 0.03  # of a figure's height: the top of the head, whose middle is the body's
UPRIGHT: Final = 1.1  # times as high as wide, at least, where the picture ends below; a shadow or a dog is not
WHOLE_UPRIGHT: Final = 2.0  # the same for a figure whose feet could be seen


class Silhouette(NamedTuple):
    """Somebody in one frame, in the frame's pixels; `across` is the width of the body, not of what it reaches with."""

    box: PixelBox
    across: float
    x: float
    """Where the head is: an arm, or somebody behind, reaches out at one side only."""
    cut: bool
    """Whether the picture's side cuts the body, so that `across` is too little."""

    def mirrored(self, width: float) -> "Silhouette":
        """The same in a picture so wide whose left is right."""
        return self._replace(box=self.box.mirrored(width), x=width - self.x)


class SilhouetteFinder:
    """Finds the figures of one picture after another, before a `background` that begins with a first small picture."""

    def __init__(self, background: Callable[[Floats], Background] = Street) -> None:
        self._background = background
        self._street: Background | None = None
        self._shape: tuple[int, ...] = ()

    def find(self, gray: Picture) -> list[Silhouette]:
        """The figures of this frame, in no order."""
        height, width = gray.shape
        times = max(1.0, width / WIDE_PX)
        size = (round(width / times), round(height / times))
        if times >= HALVED:
            gray = np.asarray(cv2.resize(gray, (width // 2, height // 2), interpolation=cv2.INTER_AREA), np.uint8)
        small = np.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_AREA), np.float32)
        if self._street is None or self._shape != small.shape:
            self._street, self._shape = self._background(small), small.shape
        found = figures(self._street.foreground(small))
        return [_enlarged(one, times, self._street.shift) for one in found]

    def turn_round(self) -> None:
        """From now on left and right of the pictures are exchanged."""
        if self._street:
            self._street.turn_round()


def figures(mask: Picture) -> list[Silhouette]:
    """The upright figures of a mask, those that touch parted between their heads."""
    _, labels = cv2.connectedComponents(mask)
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    found: list[Silhouette] = []
    for outline in outlines:
        left, top, wide, high = cv2.boundingRect(outline)
        if high >= LEAST_HEIGHT * mask.shape[0] and wide >= LEAST_WIDE:
            x, y = outline[0, 0].tolist()
            part = labels[top : top + high, left : left + wide] == labels[y, x]
            found += _parted(part, left, top, mask.shape)
    return found


def _parted(part: npt.NDArray[np.bool_], left: int, top: int, shape: tuple[int, ...]) -> Iterator[Silhouette]:
    (high, _), (height, width) = part.shape, shape
    tops = part.argmax(axis=0)
    for first, last in _between_dips(tops, HEAD * high):
        rows = part[:, first:last]
        filled = rows.sum(axis=1)
        taken = np.flatnonzero(filled)
        box = PixelBox(left + first, top + int(taken[0]), left + last, top + int(taken[-1]) + 1)
        x = box.left + _crown(tops[first:last], max(1.0, CROWN * high)) if box.top > 1 else box.middle[0]
        across = _across(rows[taken], tops[first:last], x - box.left, box.top > 1 and last - first < len(tops))
        least = UPRIGHT if box.bottom >= height - 1 else WHOLE_UPRIGHT
        if box.height >= least * across and across >= LEAST_WIDE:
            yield Silhouette(box, across, x, box.left <= 1 or box.right >= width - 1)


def _crown(tops: npt.NDArray[np.intp], within: float) -> float:
    """The middle of the top of the head; of the first head, where two are as high."""
    crown = np.flatnonzero(tops <= tops.min() + within)
    beyond = np.flatnonzero(np.diff(crown) > 1)
    return float(crown[: beyond[0] + 1 if len(beyond) else None].mean()) + 0.5


def _across(rows: npt.NDArray[np.bool_], tops: npt.NDArray[np.intp], x: float, touched: bool) -> float:
    """A body's width; where somebody touches it, by its head, unless that is too large to be the head of what is seen of it."""
    seen = np.sort(rows.sum(axis=1))
    across = float(seen[3 * len(seen) // 4])
    by_head = BODY_TO_HEAD * _head(tops, int(x)) if touched else across
    return by_head if by_head < MOST_HIDDEN * across else across


def _head(tops: npt.NDArray[np.intp], x: int) -> float:
    """The width of a head in an outline: it is as high as wide, and the shoulders stand out below; without end where none do."""
    x = min(max(x, 0), len(tops) - 1)
    left, right = np.maximum.accumulate(tops[x::-1]), np.maximum.accumulate(tops[x:])
    deep = np.arange(1, len(tops))
    wide = sum(side.searchsorted(tops[x] + deep, "right") for side in (left, right)) - 1
    ends = np.flatnonzero(wide <= deep)
    return float(wide[ends[0]]) if len(ends) else np.inf


def _between_dips(tops: npt.NDArray[np.intp], least: float) -> list[tuple[int, int]]:
    """The columns of each head's figure: from dip to dip of an outline that rises by `least` or more on both sides of it."""
    cuts, high, low, low_at = [0], tops[0], tops[0], 0
    rising = True  # towards a head; rows count downwards
    for at, row in enumerate(tops.tolist()):
        if rising:
            high = min(high, row)
            if row - high > least:
                rising, low, low_at = False, row, at
        else:
            if row >= low:
                low, low_at = row, at
            if low - row > least:
                cuts.append(low_at)
                rising, high = True, row
    return list(zip(cuts, [*cuts[1:], len(tops)], strict=True))


def _enlarged(one: Silhouette, times: float, shift: Shift) -> Silhouette:
    """The same in the frame's pixels, where the street is now."""
    x, y = shift.tolist()
    left, top, right, bottom = one.box
    box = PixelBox(*(times * side for side in (left + x, top + y, right + x, bottom + y)))
    return Silhouette(box, times * one.across, times * (one.x + x), one.cut)
