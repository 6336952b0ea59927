"""A second try at a part of a frame: laid flat, enlarged, sharpened, and when there is time with both readers and in other lights."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import cv2
import numpy as np

from scanners.reading.boxes import Corners, Point, moved
from scanners.reading.decoder import Reader, Sighting, read_thoroughly, read_zxing, upright
from scanners.reading.pixels import Picture

TIMES: Final = 3
TIMES_LARGE: Final = 2
LARGE_PX: Final = 330
AMOUNT: Final = 2.0
SIGMA_PX: Final = 3.0  # of the enlarged picture
DARK: Final = 60
SMALL_SIDE_PX: Final = 700

FLAT_PX: Final = 125  # a code's side when it is laid flat: 5 for each of its 25 modules
FLAT_RIM_PX: Final = 20  # on every side, the quiet zone
FLAT_AMOUNT, FLAT_SIGMA_PX = 1.0, 2.5
FLAT: Final = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float32) * FLAT_PX + FLAT_RIM_PX - 0.5


def read_flat(gray: Picture, corners: Corners) -> list[Sighting]:
    """The code that was found at these corners and not read, as if it were looked at straight on.

    Half as long as a `rescue`, for nothing is searched around it; and it reads other codes, those that bend or come slantwise.
    """
    side = FLAT_PX + 2 * FLAT_RIM_PX
    warp = cv2.getPerspectiveTransform(np.array(corners, np.float32), FLAT)
    flat = cv2.warpPerspective(gray, warp, (side, side), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    soft = cv2.GaussianBlur(flat, (0, 0), FLAT_SIGMA_PX)
    found = read_zxing(np.asarray(cv2.addWeighted(flat, 1 + FLAT_AMOUNT, soft, -FLAT_AMOUNT, 0), np.uint8))
    return [Sighting(one.text, upright(corners), corners) for one in found]


def rescue(part: Picture, corner: Point = (0, 0)) -> list[Sighting]:
    """The codes in a part of a frame, enlarged and sharpened; `corner` is where the part lies in the frame."""
    times = TIMES if max(part.shape) <= LARGE_PX else TIMES_LARGE
    return _in_frame(read_zxing(sharpened(part, times)), times, corner)


def sharpened(part: Picture, times: int) -> Picture:
    """Sharpened first: enlarged it would be the same and take as many times as long as there are more pixels."""
    sharp = cv2.addWeighted(part, 1 + AMOUNT, cv2.GaussianBlur(part, (0, 0), SIGMA_PX / times), -AMOUNT, 0)
    return np.asarray(cv2.resize(sharp, None, fx=times, fy=times, interpolation=cv2.INTER_CUBIC), np.uint8)


def read_slowly(parts: Sequence[tuple[Picture, Point]], second: Reader | None) -> tuple[int, list[Sighting]]:
    """Everything that may still read a code in one of these views; the first view that tells is enough.

    Returns which view it was, and what it said; too slow to be done for every frame.
    """
    for number, (part, corner) in enumerate(parts):
        for times, view, read in _tries(part, second):
            found = _in_frame(read(view), times, corner)
            if found:
                return number, found
    return 0, []


def _tries(
    part: Picture, second: Reader | None
) -> Iterator[tuple[float, Picture, Callable[[Picture], list[Sighting]]]]:
    small = max(part.shape) <= SMALL_SIDE_PX
    yield 1, part, read_thoroughly
    if second and small:  # a whole frame takes it a tenth of a second, and one full of grain a whole one
        yield 1, part, second
    if min(part.shape) > SMALL_SIDE_PX:  # a huge symbol, or a picture full of grain, is clearer from afar
        half = np.asarray(cv2.resize(part, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
        yield 0.5, half, read_thoroughly
    if not small and part.mean() >= DARK:
        return
    even = _evenly_lit(part)
    yield 1, even, read_thoroughly
    if small:
        yield TIMES_LARGE, sharpened(part, TIMES_LARGE), read_thoroughly
        yield TIMES, sharpened(even, TIMES), read_thoroughly
        if second:
            yield TIMES_LARGE, sharpened(part, TIMES_LARGE), second


def _evenly_lit(part: Picture) -> Picture:
    """Shadows lifted and grain smoothed: for faces of bibs in the dark."""
    smooth = cv2.GaussianBlur(part, (0, 0), 1.0 if part.mean() < DARK else 0.6)
    return np.asarray(cv2.createCLAHE(3.0, (4, 4)).apply(smooth), np.uint8)


def _in_frame(found: list[Sighting], times: float, corner: Point) -> list[Sighting]:
    """The same codes in the frame's own pixels."""
    return [
        Sighting(one.text, one.size_px / times, moved(tuple((x / times, y / times) for x, y in one.corners), corner))
        for one in found
    ]
