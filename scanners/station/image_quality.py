"""Measures the picture twice a second: light, sharpness, movement, and whether the camera still sees, and the same place."""

from collections import deque
from typing import Final

import numpy as np
import numpy.typing as npt

from timing.race.instants import SECOND, Instant, Span

Picture = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

LOOKS_EVERY: Final = Span(SECOND // 2)
SMALL: Final = (160, 90)
"""Width and height of the small picture in which places are compared."""
BLOCK: Final = 10  # pixels of the small picture, each way
SETTLES: Final = 8  # looks after which the place counts as known
STEADY: Final = 0.15  # how much of each look goes into the idea of the place
FLAT: Final = 4.0  # grey; a block with less structure looks like any other
LIKE: Final = 0.5  # correlation of a block with itself earlier; less is another sight
STIR: Final = 10.0  # grey; a block that differs by more from the look before moves
STILL_ENOUGH: Final = 0.3  # share of blocks that must be still before the place is compared
MOVES: Final = 0.02  # share of moving blocks that is somebody walking, not leaves
CONTRAST: Final = 30  # grey; a picture with less has no edges to speak of
MEMORY: Final = 60  # looks in which movement without a reading is counted
LENS_PX: Final = 2.2  # how wide an edge at rest is: the lens, and pixels that it falls between
ROWS: Final = 12  # one row in so many is enough for edges
INK: Final = 0.75  # share of the paper's light that printed ink takes away
CODE_PX: Final = 20  # a smaller code has no edges by themselves


class ImageQuality:
    """Measures a frame now and then; each figure is the median of the last few measurements."""

    def __init__(self) -> None:
        self._looked: Instant | None = None
        self._light: deque[tuple[float, float, float | None]] = deque(maxlen=5)
        self._stirred: deque[bool] = deque(maxlen=MEMORY)
        self._last: Floats | None = None
        self._place: Floats | None = None
        self._known: Floats | None = None
        self._looks = 0
        self._differs: deque[float] = deque(maxlen=6)
        self._gray: Picture | None = None
        self._new_at = Instant(0)

    def due(self, at: Instant) -> bool:
        """Whether it is time for another look."""
        return self._looked is None or not 0 <= at - self._looked < LOOKS_EVERY

    def look(self, at: Instant, gray: Picture, small: Picture, read: bool) -> None:
        """Look at a frame and at the same frame in the size `SMALL`; `read` says whether anything was read since the last look."""
        self._looked = at
        if self._gray is None or at < self._new_at or not np.array_equal(gray, self._gray):
            self._gray, self._new_at = gray, at
        self._light.append((float(np.percentile(small, 95)), float((small >= 250).mean()), edge(gray)))
        now = small.astype(np.float32)
        still = np.abs(_blocks(now) - _blocks(now if self._last is None else self._last)).mean(2) < STIR
        if read:
            self._stirred.clear()
        self._stirred.append(bool(self._last is not None and 1 - still.mean() > MOVES))
        self._last = now
        self._compare(now, still)

    def here(self) -> None:
        """The camera stands where it should from now on."""
        self._known = self._place = None
        self._looks = 0
        self._differs.clear()

    @property
    def paper(self) -> float | None:
        return _median([paper for paper, _, _ in self._light])

    @property
    def glare(self) -> float:
        return _median([glare for _, glare, _ in self._light]) or 0.0

    @property
    def sharpest(self) -> float | None:
        return _median([sharp for _, _, sharp in self._light if sharp is not None])

    @property
    def moving_s(self) -> float:
        """Seconds of movement since something was last read, as far back as is remembered."""
        return sum(self._stirred) * LOOKS_EVERY / SECOND

    @property
    def frozen_s(self) -> float:
        """Seconds for which the picture has been the same to the last pixel, which no sensor's is."""
        return 0.0 if self._looked is None else (self._looked - self._new_at) / SECOND

    @property
    def changed(self) -> float:
        """Share of the still parts that look different from the place as first known."""
        full = len(self._differs) == self._differs.maxlen
        return (_median(list(self._differs)) or 0.0) if full else 0.0

    def _compare(self, now: Floats, still: npt.NDArray[np.bool_]) -> None:
        self._looks += 1
        self._place = now if self._place is None else self._place + STEADY * (now - self._place)
        if self._looks < SETTLES:
            return
        if self._known is None:
            self._known = self._place.copy()
        known, seen = _blocks(self._known), _blocks(now)
        telling = still & ((known.std(2) >= FLAT) | (seen.std(2) >= FLAT))
        if still.mean() >= STILL_ENOUGH and telling.any():
            self._differs.append(float((_likeness(known, seen)[telling] < LIKE).mean()))


def edge(gray: Picture) -> float | None:
    """The step over one pixel at the picture's sharpest edges, as a share of its contrast; None without contrast."""
    rows = gray[::ROWS].astype(np.int16)
    contrast = float(np.subtract(*np.percentile(rows[:, ::ROWS], (99, 1))))
    if contrast < CONTRAST or rows.shape[1] < 2:
        return None
    return min(1.0, float(np.percentile(np.abs(np.diff(rows, axis=1)), 99.9)) / contrast)


def look_at_code(code: Picture) -> tuple[float, float] | None:
    """The grey of a code's or mark's paper, and the step over one pixel at its sharpest edges as a share of paper's contrast to ink.

    None for too few pixels, or where paper and ink are alike. Of both axes the sharper tells, for movement blurs the other. The contrast is
    reckoned from the paper: a blur takes some of what is seen of it.
    """
    grey = code.astype(np.int16)
    if min(grey.shape) < CODE_PX:
        return None
    white, black = (float(level) for level in np.percentile(grey, (95, 5)))
    if white - black < CONTRAST:
        return None
    steps = [float(np.percentile(np.abs(np.diff(grey, axis=axis)), 99.9)) for axis in (0, 1)]
    return white, min(1.0, max(steps) / (INK * white))


def smear(code: Picture, module_px: float) -> float | None:
    """How far the edges of a code are drawn out by movement, in modules, on its more blurred axis; None where that cannot be told."""
    if module_px < 3 or min(code.shape) < CODE_PX:
        return None
    grey = code.astype(np.int16)
    contrast = float(np.subtract(*np.percentile(grey, (95, 5))))
    if contrast < CONTRAST:
        return None
    steps = [float(np.percentile(np.abs(np.diff(grey, axis=axis)), 97)) for axis in (0, 1)]
    return max(0.0, contrast / max(min(steps), 1.0) - LENS_PX) / module_px


def _blocks(picture: Floats) -> Floats:
    """The picture as rows and columns of blocks, each a line of pixels."""
    height, width = (side - side % BLOCK for side in picture.shape)
    cut = picture[:height, :width].reshape(height // BLOCK, BLOCK, width // BLOCK, BLOCK)
    return cut.swapaxes(1, 2).reshape(height // BLOCK, width // BLOCK, BLOCK * BLOCK)


def _likeness(one: Floats, other: Floats) -> Floats:
    """The correlation of each block with its counterpart, which changing light leaves alone."""
    one, other = one - one.mean(2, keepdims=True), other - other.mean(2, keepdims=True)
    size = np.sqrt((one**2).sum(2) * (other**2).sum(2))
    return np.asarray((one * other).sum(2) / np.maximum(size, np.float32(1e-3)), np.float32)


def _median(figures: list[float]) -> float | None:
    return float(np.median(figures)) if figures else None
