"""Where a frame differs from the one before, so that a search need not look everywhere."""

from math import ceil
from typing import Final

import cv2
import numpy as np

from scanners.reading.pixels import Picture
from scanners.reading.quads import ALWAYS, IN_TURN, Darker

BLOCK: Final = 20  # pixels each way, in which something moves or nothing does
COARSE: Final = 4
MOVES: Final = 8
"""In a block that moves, the mean of some so many by so many pixels differs by more counts of grey: grain by less, even in the dark."""
PARTS: Final = ((0.0, 0.4), (0.3, 0.7), (0.6, 1.0))
"""Parts of the picture's width, searched in turn for whatever stands quite still."""
STILL_EVERY: Final = 8  # frames
MUCH: Final = 0.7
"""Of the picture moves, as when the camera sways, the light changes or bodies fill it: too much for two ways."""


class MovingParts:
    """Where a frame differs from the one before: bibs move, and most of what looks like a mark is the street."""

    def __init__(self) -> None:
        self._before: Picture | None = None
        self._frames, self._much = 0, False

    @property
    def ways(self) -> tuple[Darker, ...]:
        """How to look for outlines in this frame: in two ways, or in one where nearly all of the picture moves."""
        turn = IN_TURN[self._frames % len(IN_TURN)]
        return ((turn if self._frames % 2 else ALWAYS),) if self._much else (ALWAYS, turn)

    def of(self, gray: Picture) -> Picture | None:
        """255 where something moves, and around it; None stands for everywhere."""
        self._frames += 1
        if min(gray.shape) < BLOCK:
            return None
        height, width = gray.shape
        coarse = cv2.resize(gray, (width // COARSE, height // COARSE), interpolation=cv2.INTER_AREA)
        before, self._before = self._before, np.asarray(coarse, np.uint8)
        if before is None or before.shape != coarse.shape:
            return None
        differs = cv2.threshold(cv2.absdiff(coarse, before), MOVES, 255, cv2.THRESH_BINARY)[1]
        blocks = cv2.resize(differs, (width // BLOCK, height // BLOCK), interpolation=cv2.INTER_AREA)
        moves = cv2.dilate((blocks > 0).astype(np.uint8) * np.uint8(255), np.ones((3, 3), np.uint8))
        self._much = bool(moves.mean() > 255 * MUCH)
        if self._frames % STILL_EVERY == 0:
            left, right = _part(self._frames // STILL_EVERY, moves.shape[1])
            moves[:, left:right] = 255
        return np.asarray(cv2.resize(moves, (width, height), interpolation=cv2.INTER_NEAREST))


def _part(turn: int, width: int) -> tuple[int, int]:
    """The columns of the part whose turn it is."""
    left, right = PARTS[turn % len(PARTS)]
    return int(left * width), ceil(right * width)
