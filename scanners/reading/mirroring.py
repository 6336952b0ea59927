"""A camera that mirrors its picture: marks are words under every turn, and never under a reflection, so such a camera reads none.

As long as no mark was read, frames are searched the other way round too. Two frames in which the same mark of the race is
read only so are proof, and from then on every frame is turned round.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from scanners.cameras.films import Frame
from scanners.reading.mark_reader import MarkSighting
from scanners.reading.moving_parts import MovingParts
from scanners.reading.pixels import Picture
from timing.race.instants import Instant

TRIED_EVERY: Final = 3
"""Frames, as long as it is not known how the camera sees."""

UPRIGHT: Final = 2
"""So many frames with a mark as it is printed settle it."""


Search = Callable[[Picture, MovingParts], list[MarkSighting]]


class MirrorWatch:
    """Finds out whether a camera mirrors; `told` is called once if it does."""

    def __init__(self, told: Callable[[], object]) -> None:
        self._told, self._mirrored = told, False
        self._seen: dict[str, Instant] = {}
        self._frames, self._upright = 0, 0
        self._moving = MovingParts()

    def straight(self, frame: Frame) -> Frame:
        """The frame as somebody on the spot sees it."""
        return replace(frame, gray=_turned(frame.gray)) if self._mirrored else frame

    def saw(self, frame: Frame, found: Sequence[MarkSighting], search: Search) -> bool:
        """Of a frame these marks were found; `search` finds those of what moves in it the other way round.

        Returns whether the camera is known to mirror since this frame.
        """
        self._frames += 1
        self._upright += bool(found)
        if not self._mirrored and self._upright < UPRIGHT and self._frames % TRIED_EVERY == 0:
            return self._agrees(search(_turned(frame.gray), self._moving), frame.at)
        return False

    def _agrees(self, found: Sequence[MarkSighting], at: Instant) -> bool:
        """Two frames must agree, as of every mark."""
        agreed = any(self._seen.get(one.mark, at) < at for one in found)
        self._seen |= {one.mark: at for one in found}
        if agreed:
            self._mirrored = True
            self._told()
        return agreed


def _turned(gray: Picture) -> Picture:
    return np.ascontiguousarray(gray[:, ::-1])
