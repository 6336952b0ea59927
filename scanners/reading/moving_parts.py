"""Where a frame differs from the one before, so that a search need not look everywhere."""

from math import ceil
from typing import Final

import cv2
import numpy as np

from scanners.reading.pixels import Picture
from scanners.reading.quads import Blurred

BLOCK: Final = 20  # pixels each way, in which something moves or nothing does
MOVES: Final = (10, 0.02)  # counts of grey, and the share of a block's pixels that differ by more
PARTS: Final = ((0.0, 0.4), (0.3, 0.7), (0.6, 1.0))
"""Parts of the picture's width, searched in turn: for whatever stands quite still, and where nearly all of the picture moves."""
STILL_EVERY: Final = 8  # frames
MUCH: Final = 0.7  # of the picture, as when the camera sways or the light changes: too much for one frame


class MovingParts:
    """Where a frame differs from the one before: bibs move, and most of what looks like a mark is the street."""

    def __init__(self) -> None:
        self._before: Picture | None = None
        self._frames = 0

    @property
    def blurred(self) -> Blurred:
        """How to look for blurred marks in this frame; each way takes its turn."""
        return "halved" if self._frames % 2 else "closed"

    def of(self, gray: Picture) -> Picture | None:
        """255 where something moves, and around it; None stands for everywhere."""
        before, self._before = self._before, gray
        self._frames += 1
        if before is None or before.shape != gray.shape or min(gray.shape) < BLOCK:
            return None
        by, share = MOVES
        differs = cv2.threshold(cv2.absdiff(gray, before), by, 255, cv2.THRESH_BINARY)[1]
        height, width = gray.shape
        blocks = cv2.resize(differs, (width // BLOCK, height // BLOCK), interpolation=cv2.INTER_AREA)
        moves = cv2.dilate((blocks > 255 * share).astype(np.uint8) * np.uint8(255), np.ones((3, 3), np.uint8))
        if moves.mean() > 255 * MUCH:
            left, right = _part(self._frames, moves.shape[1])
            moves[:, :left] = moves[:, right:] = 0
        elif self._frames % STILL_EVERY == 0:
            left, right = _part(self._frames // STILL_EVERY, moves.shape[1])
            moves[:, left:right] = 255
        return np.asarray(cv2.resize(moves, (width, height), interpolation=cv2.INTER_NEAREST))


def _part(turn: int, width: int) -> tuple[int, int]:
    """The columns of the part whose turn it is."""
    left, right = PARTS[turn % len(PARTS)]
    return int(left * width), ceil(right * width)
