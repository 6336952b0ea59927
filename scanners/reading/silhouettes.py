"""Where people stand in a picture: what differs from the street behind, parted into figures at the heads. No face is looked at."""

from collections.abc import Iterator
from typing import Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from scanners.reading.boxes import PixelBox

Picture = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.uint8]

WIDE_PX: Final = 320  # of the small picture in which figures are found
DIFFERS: Final = 8.0  # counts of grey from the street, at least
NOISES: Final = 4.0  # and so many times what the street itself wavers, as leaves do
LEARNS: Final = (0.05, 0.0012)
"""Part of a frame that goes into the idea of the street: where it looks like it, and where something stands."""
STILL_FRAMES: Final = 30  # without a change: it is the street, whoever stood there at first
FIRST_FRAMES: Final = 45  # in which the street is learned as a mean
DARKEST: Final = 8.0  # grey; below, a gain cannot be told
WHITE: Final = np.float32(255)
GAIN: Final = (0.3, 3.0)
SPECK: Final = 3  # pixels; smaller ones are noise
CLOSED: Final = (5, 25)  # pixels, columns and rows: gaps where cloth is as grey as the street
FLOODED: Final = 0.85  # of the picture at once tells nothing: people close to the lens, or a change of light
LEAST_HEIGHT: Final = 0.12  # of the picture
LEAST_WIDE: Final = 5  # pixels
HEAD: Final = 0.035  # of a figure's height stands a head above the dip beside it, at least
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
    """Knows the street by a running mean, and its wavering; a change of exposure is taken out by the median gain."""

    def __init__(self) -> None:
        self._street: Floats | None = None
        self._wavers: Floats | None = None
        self._before: Mask | None = None
        self._last_changed: tuple[Floats, Floats] | None = None
        """What each pixel was when it last changed, and so many frames ago."""
        self._frames = 0

    def find(self, gray: Picture) -> list[Silhouette]:
        """The figures of this frame, in no order."""
        height, width = gray.shape
        times = max(1.0, width / WIDE_PX)
        small = cv2.resize(gray, (round(width / times), round(height / times)), interpolation=cv2.INTER_AREA)
        return [_enlarged(one, times) for one in figures(self.foreground(np.asarray(small, np.float32)))]

    def turn_round(self) -> None:
        """From now on left and right of the pictures are exchanged."""
        if self._street is None or self._wavers is None or self._before is None or self._last_changed is None:
            return
        was, ago = self._last_changed
        for one in (self._street, self._wavers, self._before, was, ago):
            one[:] = one[:, ::-1].copy()

    def foreground(self, small: Floats) -> Mask:
        """255 where the small picture is not the street."""
        if self._street is None or self._street.shape != small.shape:
            self._street, self._wavers, self._frames = small.copy(), np.full_like(small, 2.0), 0
            self._before = np.zeros(small.shape, np.uint8)
            self._last_changed = small.copy(), np.zeros_like(small)
        assert self._wavers is not None and self._before is not None
        self._frames += 1
        gain = self._gain(small)
        off = cv2.absdiff(small, np.minimum(self._street * gain, WHITE))
        bound = np.maximum(self._wavers * NOISES, DIFFERS)
        mask = (off > bound).astype(np.uint8) * np.uint8(255)
        self._heal(small / np.float32(gain), bound)
        if np.count_nonzero(mask) > FLOODED * mask.size:
            return np.zeros_like(mask)
        self._learn(small, np.asarray(off, np.float32), mask)
        self._before = mask
        clean = cv2.medianBlur(mask, SPECK)
        return np.asarray(cv2.morphologyEx(clean, cv2.MORPH_CLOSE, np.ones(CLOSED[::-1], np.uint8)), np.uint8)

    def _heal(self, now: Floats, bound: Floats) -> None:
        """What has not changed for long is the street: whoever stood there has left, or something was put there."""
        assert self._street is not None and self._last_changed is not None
        was, ago = self._last_changed
        changed = cv2.absdiff(now, was) > bound
        ago += 1
        ago[changed] = 0
        np.copyto(was, now, where=changed)
        np.copyto(self._street, now, where=ago == STILL_FRAMES)

    def _gain(self, small: Floats) -> float:
        """How much lighter the street is than when it was learned."""
        assert self._street is not None and self._before is not None
        step = (slice(None, None, 6), slice(None, None, 6))
        street, now = self._street[step], small[step]
        tells = (self._before[step] == 0) & (street > DARKEST)
        if not tells.any():
            return 1.0
        return float(np.clip(np.median(now[tells] / street[tells]), *GAIN))

    def _learn(self, small: Floats, off: Floats, mask: Mask) -> None:
        assert self._street is not None and self._wavers is not None
        usual = max(1 / self._frames if self._frames <= FIRST_FRAMES else 0.0, LEARNS[0])
        cv2.accumulateWeighted(small, self._street, usual, cv2.bitwise_not(mask))
        cv2.accumulateWeighted(small, self._street, LEARNS[1], mask)
        cv2.accumulateWeighted(off, self._wavers, usual, cv2.bitwise_not(mask))
        cv2.accumulateWeighted(off, self._wavers, LEARNS[1] / 4, mask)


def figures(mask: Mask) -> list[Silhouette]:
    """The upright figures of a mask, those that touch parted between their heads."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    found: list[Silhouette] = []
    for label in range(1, count):
        left, top, wide, high, _area = stats[label].tolist()
        if high >= LEAST_HEIGHT * mask.shape[0] and wide >= LEAST_WIDE:
            part = labels[top : top + high, left : left + wide] == label
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
        across = float(np.percentile(_widths(rows[taken], first > 0, last < len(tops), x - box.left), 75))
        least = UPRIGHT if box.bottom >= height - 1 else WHOLE_UPRIGHT
        if box.height >= least * across and across >= LEAST_WIDE:
            yield Silhouette(box, across, x, box.left <= 1 or box.right >= width - 1)


def _crown(tops: npt.NDArray[np.intp], within: float) -> float:
    """The middle of the top of the head; of the first head, where two are as high."""
    crown = np.flatnonzero(tops <= tops.min() + within)
    beyond = np.flatnonzero(np.diff(crown) > 1)
    return float(crown[: beyond[0] + 1 if len(beyond) else None].mean()) + 0.5


def _widths(rows: npt.NDArray[np.bool_], hidden_left: bool, hidden_right: bool, x: float) -> npt.NDArray[np.float64]:
    """A body's width in each row; where somebody touches it at one side, twice the other half."""
    if hidden_left == hidden_right:
        return np.asarray(rows.sum(axis=1), float)
    seen, half = (rows, x) if hidden_right else (rows[:, ::-1], rows.shape[1] - x)
    return np.asarray(2 * (half - seen.argmax(axis=1)), float)


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


def _enlarged(one: Silhouette, times: float) -> Silhouette:
    return Silhouette(PixelBox(*(side * times for side in one.box)), one.across * times, one.x * times, one.cut)
