"""Where in a picture something moves that is rich in edges: there a bib may be that nobody has read yet."""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from scanners.reading.boxes import PixelBox

Picture = npt.NDArray[np.uint8]

WIDE_PX: Final = 480  # of the small picture in which we look
SMALLEST_PX: Final = 64  # a picture with a shorter side is looked at as a whole
BLUR: Final = (9, 9)
MOVED: Final = 2.5  # counts of grey
EDGY: Final = 10.0  # counts of grey to the next pixel
DENSE: Final = 0.5
ROOM: Final = 0.25
LEAST_PX: Final = 6  # in the small picture
TILE_PX: Final = 320
TILE_STEP_PX: Final = 240
STILL_EVERY: Final = 12
"""So often a look takes no notice of motion: somebody may be standing, bib held up."""


MOST: Final = 8
Strengths = npt.NDArray[np.float32]


def on_one_core() -> None:
    """OpenCV's own threads would wait for each other wherever several stations, or a station and a server, share a machine."""
    cv2.setNumThreads(1)


class RegionFinder:
    """Compares each frame with the one before."""

    def __init__(self) -> None:
        self._before: npt.NDArray[np.int16] | None = None
        self._frames = 0

    def find(self, gray: Picture) -> list[PixelBox]:
        """The strongest regions of this frame, the strongest first; large ones come in parts."""
        height, width = gray.shape
        if min(height, width) < SMALLEST_PX:
            return [PixelBox(0, 0, width - 1, height - 1)]
        times = max(1.0, width / WIDE_PX)
        small = cv2.resize(gray, (round(width / times), round(height / times)), interpolation=cv2.INTER_AREA)
        found = self._small(np.asarray(small, np.int16))
        return [part for box in found[:MOST] for part in _parts(_enlarged(box, times))]

    def _small(self, small: npt.NDArray[np.int16]) -> list[PixelBox]:
        sideways = np.abs(cv2.Sobel(small, cv2.CV_16S, 1, 0, ksize=1)).astype(np.float32)
        edges = np.asarray(cv2.blur(sideways, BLUR), np.float32)
        before, self._before = self._before, small
        self._frames += 1
        if before is None or before.shape != small.shape or self._frames % STILL_EVERY == 0:
            return _densest(edges, edges > 2 * EDGY)
        motion = cv2.blur(np.abs(small - before).astype(np.float32), BLUR)
        return _densest(edges, (motion > MOVED) & (edges > EDGY))


def _densest(edges: Strengths, where: npt.NDArray[np.bool_]) -> list[PixelBox]:
    """In each part of the mask the places whose edges come near to its densest: of a runner the bib, not the legs."""
    mask = cv2.dilate(where.astype(np.uint8), np.ones((9, 9), np.uint8))
    count, labels = cv2.connectedComponents(mask)
    peaks = np.zeros(count, np.float32)
    np.maximum.at(peaks, np.asarray(labels, np.intp).ravel(), edges.ravel())
    dense = (mask > 0) & (edges >= DENSE * peaks[labels])
    return _components(edges, dense)


def _components(edges: Strengths, where: npt.NDArray[np.bool_]) -> list[PixelBox]:
    """The connected parts of a mask, those with the strongest edges first."""
    mask = cv2.dilate(where.astype(np.uint8), np.ones((5, 5), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    sums = np.bincount(labels.ravel(), edges.ravel(), count)
    large = np.flatnonzero(np.minimum(stats[1:, 2], stats[1:, 3]) >= LEAST_PX) + 1
    found = []
    for label in large.tolist():
        left, top, width, height, area = stats[label].tolist()
        found.append((-sums[label] / area, PixelBox(left, top, left + width, top + height)))
    return [box for _, box in sorted(found)]


def _enlarged(box: PixelBox, times: float) -> PixelBox:
    """In the frame's pixels, with room for what does not move at its rim."""
    return PixelBox(*(side * times for side in box)).grown(ROOM)


def _parts(box: PixelBox) -> list[PixelBox]:
    """A region that is too large for one look, as tiles that overlap by more than a far bib."""
    rows, columns = _steps(box.top, box.bottom), _steps(box.left, box.right)
    return [PixelBox(left, top, right, bottom) for top, bottom in rows for left, right in columns]


def _steps(start: float, stop: float) -> list[tuple[float, float]]:
    count = 1 if stop - start <= TILE_PX else 1 + -int(-(stop - start - TILE_PX) // TILE_STEP_PX)
    step = (stop - start - TILE_PX) / (count - 1) if count > 1 else 0.0
    return [(start + n * step, min(stop, start + n * step + TILE_PX)) for n in range(count)]
