"""Marks followed from frame to frame: what looked like one is looked at again where it has moved to, outline or not.

Outlines break in blur; what is in them changes little from one frame to the next.
"""

from typing import Final, NamedTuple

import numpy as np

from scanners.reading.mark_reader import MarkReader, MarkSighting, MarkView, best_of_each_place
from scanners.reading.quads import MovingParts, Picture, Quads, followed

PROMISING: Final = 0.08
"""The least lead of what is followed; other things than marks mostly lead by less than 0.04."""

CERTAIN: Final = 0.4
"""Of what leads by so much the outline is mostly found again by itself; it is followed after what leads by less."""

MOST: Final = 6
"""So many are followed from frame to frame."""

LOST_AFTER: Final = 5  # frames in which it was not promising again


class _Followed(NamedTuple):
    """Something that may be a mark: the view that promised most of it last, and in which frame that was."""

    view: MarkView
    frame: int
    corners: Quads
    """Where it is by now."""


class MarkFollower:
    """Reads the marks of one frame after another."""

    def __init__(self, reader: MarkReader) -> None:
        self._reader, self._frame = reader, 0
        self._followed: list[_Followed] = []
        self._before: Picture | None = None

    def read(self, gray: Picture, moving: MovingParts) -> list[MarkSighting]:
        """Every mark of the race in the next frame, the surest first; one for each place."""
        self._frame += 1
        self._follow(gray)
        expected = np.array([one.corners for one in self._followed], np.float32).reshape(-1, 4, 2)
        looks = best_of_each_place(self._reader.looks(gray, PROMISING, moving, expected))
        self._choose(looks)
        return self._reader.told(looks)

    def _follow(self, gray: Picture) -> None:
        """Move what is followed to where it is in this frame; into pictures of another size nothing is followed."""
        before, self._before = self._before, gray
        if before is None or before.shape != gray.shape:
            self._followed = []
            return
        self._followed = [one._replace(corners=followed(before, gray, one.corners)) for one in self._followed]

    def _choose(self, looks: list[MarkView]) -> None:
        """Whom to follow into the next frame: what was promising in this one, and what was so at another place not long ago."""
        lately = [
            one
            for one in self._followed
            if self._frame - one.frame < LOST_AFTER and not any(_same(one.corners, look) for look in looks)
        ]
        new = [_Followed(look, self._frame, look.corners) for look in looks]
        order = sorted([*new, *lately], key=lambda one: (one.view.margin >= CERTAIN, -one.view.margin))
        self._followed = order[:MOST]


def _same(corners: Quads, look: MarkView) -> bool:
    return float(np.linalg.norm(corners.mean(0) - look.middle)) <= look.side_px / 2
