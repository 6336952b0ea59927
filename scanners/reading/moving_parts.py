"""Where a frame differs from the one before, so that a search need not look everywhere."""

from math import ceil
from typing import Final, NamedTuple

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
ROUND: Final = STILL_EVERY * len(PARTS)
"""After so many frames the ways' turn moves on by one, so that each part meets all of them."""
MUCH: Final = 0.7
"""Of the picture moves, as when the camera sways, the light changes or bodies fill it: too much for two ways."""

SPARSE: Final = 16  # one pixel in so many, each way, tells whether anything stirs
STIRRED: Final = (12, 0.002)  # counts of grey, and the share of pixels that differ by more


class Parts(NamedTuple):
    """Which parts of a frame to search: 255 there, or everywhere; and in which ways to look for outlines."""

    where: Picture | None
    ways: tuple[Darker, ...]


class MovingParts:
    """Where a frame differs from the one before: bibs move, and most of what looks like a mark is the street."""

    def __init__(self) -> None:
        self._before: Picture | None = None
        self._frames = 0
        self.ways_most = 2
        """In so many ways a frame may be searched: a camera's next one may be waiting."""

    def next(self, gray: Picture) -> Parts:
        """The parts of the next frame that move, and around them; in one way where nearly all of it does, in two otherwise."""
        self._frames += 1
        moves = self._moves(gray)
        turn = IN_TURN[(self._frames + self._frames // ROUND) % len(IN_TURN)]
        if moves is None:
            return Parts(None, (ALWAYS, turn))
        one = self.ways_most < 2 or moves.mean() > 255 * MUCH
        ways = ((turn if self._frames % 2 else ALWAYS),) if one else (ALWAYS, turn)
        if self._frames % STILL_EVERY == 0:
            left, right = _part(self._frames // STILL_EVERY, moves.shape[1])
            moves[:, left:right] = 255
        where = cv2.resize(moves, gray.shape[::-1], interpolation=cv2.INTER_NEAREST)
        return Parts(np.asarray(where, np.uint8), ways[: self.ways_most])

    def _moves(self, gray: Picture) -> Picture | None:
        """255 for each block that moves, or is beside one; None where there is no frame before to tell."""
        if min(gray.shape) < BLOCK:
            return None
        height, width = gray.shape
        coarse = cv2.resize(gray, (width // COARSE, height // COARSE), interpolation=cv2.INTER_AREA)
        before, self._before = self._before, np.asarray(coarse, np.uint8)
        if before is None or before.shape != coarse.shape:
            return None
        differs = cv2.threshold(cv2.absdiff(coarse, before), MOVES, 255, cv2.THRESH_BINARY)[1]
        blocks = cv2.resize(differs, (width // BLOCK, height // BLOCK), interpolation=cv2.INTER_AREA)
        moving = (blocks > 0).astype(np.uint8) * np.uint8(255)
        return np.asarray(cv2.dilate(moving, np.ones((3, 3), np.uint8)), np.uint8)


def _part(turn: int, width: int) -> tuple[int, int]:
    """The columns of the part whose turn it is."""
    left, right = PARTS[turn % len(PARTS)]
    return int(left * width), ceil(right * width)


class StirWatch:
    """Whether anything in the picture stirs from one question to the next."""

    def __init__(self) -> None:
        self._before: Picture | None = None

    def stirs(self, gray: Picture) -> bool:
        """Whether the picture differs from the one about which this was asked last."""
        sparse, before = gray[::SPARSE, ::SPARSE], self._before
        self._before = sparse.copy()
        if before is None or before.shape != sparse.shape:
            return True
        by, share = STIRRED
        return bool((np.abs(sparse.astype(np.int16) - before) > by).mean() > share)
