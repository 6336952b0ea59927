"""Marks followed from frame to frame: what looked like one is looked at again where it has moved to, outline or not.

Outlines break in blur; what is in them changes little from one frame to the next, and is guessed at by all of them together.
Where something has moved to also tells along which way a slow shutter has smeared it; for how long the shutter is open is guessed,
and learnt from what could be read.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from math import dist
from statistics import mode
from typing import Final

import numpy as np

from scanners.reading.boxes import Point, middle_of
from scanners.reading.mark_reader import ACCEPTED, CERTAIN, MarkReader, MarkSighting, MarkView, best_of_each_place
from scanners.reading.moving_parts import MovingParts
from scanners.reading.pixels import Floats, Picture
from scanners.reading.quads import Quads, followed
from scanners.reading.smears import still_part
from timing.race.marks import SIDE

PROMISING: Final = 0.08
"""The least lead of what is followed; other things than marks mostly lead by less than 0.04."""

MOST: Final = 6
"""So many are followed from frame to frame."""

LOST_AFTER: Final = 5  # frames in which it was not promising again

SHUTTERS: Final = (0.5, 0.25, 0.7, 0.35, 1.0)
"""Of the time between two frames, the share for which a camera's shutter may be open."""

LEARNT: Final = 30
"""So many looks that helped last tell which share is this camera's: the light changes slowly."""
LATELY: Final = 30
"""If looks have helped in so many frames, it is worth to try more often."""

SMEARED: Final = 0.7  # cells by which a mark must be smeared if that is what makes it unsure
FEWEST_LOOKS, STILL_LOOKS = 2, 6  # a frame: the fewest, and as many more as have helped lately, to the most
IN_VAIN, SELDOM = 60, 4
"""After so many looks in vain nothing here is smeared, and they are worth a frame in four."""
LONGER: Final = (0.0, 0.06, 0.12)
"""A smeared mark is expected to be so much longer along its way: its ends have paled, and its outline is too short."""

WORTH: Final = 0.8
"""So much of its lead counts of a view whose smear was undone by a guess: many are tried, and grain grows with the letters."""

FEWEST_VIEWS: Final = 3
"""So many views of one thing tell more together than the last one: grain and folds differ, the mark stays."""
GROWS: Final = 1.3
"""A mark becomes at most so many times as large, or as small, between two looks; what else has its middle there is not it."""
ALIKE: Final = 0.4
"""The least correlation of a view's cells with those of the views before; two marks of a race mostly have less."""
WORTH_TOGETHER: Final = 0.9
"""The same of all views together: they are no longer independent of those in the frames before."""

STILL: Final = np.zeros(2, np.float32)


@dataclass(frozen=True)
class _Followed:
    """Something that may be a mark: the view that promised most of it last, and in which frame that was."""

    view: MarkView
    frame: int
    corners: Quads
    """Where it is by now."""
    views: int
    cells: Floats
    """The sum of the cells in so many views that were alike, each times its lead, and upright as in the last one."""
    step: Floats = field(default_factory=lambda: STILL)
    """How far it has moved since the frame before."""
    speed: Floats = field(default_factory=lambda: STILL)
    """How far it moves in the time between two frames, at the instant of this one."""

    def moved(self, step: Floats) -> "_Followed":
        """In the next frame, having gone so far."""
        turn = step - self.step if self.step.any() else STILL
        return replace(self, corners=self.corners + step, step=step, speed=step + np.float32(0.5) * turn)

    @cached_property
    def middle(self) -> Point:
        return middle_of(self.corners.tolist())

    def same(self, look: MarkView) -> bool:
        """Whether a look is at this place."""
        return dist(self.middle, look.middle) <= look.side_px / 2

    def unsure(self, looks: Sequence[MarkView]) -> bool:
        """Whether none of these looks has read it."""
        return not any(look.margin >= ACCEPTED and self.same(look) for look in looks)


class MarkFollower:
    """Reads the marks of one frame after another."""

    def __init__(self, reader: MarkReader) -> None:
        self._reader, self._frame = reader, 0
        self._followed: list[_Followed] = []
        self._before: Picture | None = None
        self._helped = deque[tuple[int, float]](maxlen=LEARNT)
        self._in_vain = 0

    def read(self, gray: Picture, moving: MovingParts) -> list[MarkSighting]:
        """Every mark of the race in the next frame, the surest first; one for each place."""
        self._frame += 1
        self._follow(gray)
        expected = np.array([one.corners for one in self._followed], np.float32).reshape(-1, 4, 2)
        looks = self._reader.looks(gray, PROMISING, moving, expected)
        looks = best_of_each_place([*looks, *self._looks_at_smeared(gray, looks)])
        self._choose(looks)
        return self._reader.told([*looks, *self._together()])

    def _follow(self, gray: Picture) -> None:
        """Move what is followed to where it is in this frame; into pictures of another size nothing is followed."""
        before, self._before = self._before, gray
        if before is None or before.shape != gray.shape:
            self._followed = []
            return
        self._followed = [one.moved(followed(before, gray, one.corners, one.step)) for one in self._followed]

    def _looks_at_smeared(self, gray: Picture, looks: Sequence[MarkView]) -> list[MarkView]:
        """What is followed, was not read, and moves so fast that it must be smeared, as if it had stood still."""
        found: list[MarkView] = []
        lately = sum(self._frame - frame <= LATELY for frame, _ in self._helped)
        if self._in_vain >= IN_VAIN and self._frame % SELDOM:
            return found
        for one, shutter in islice(self._smeared(looks), min(STILL_LOOKS, FEWEST_LOOKS + lately)):
            views = self._still(gray, one, shutter)
            plain = max((look.margin for look in looks if one.same(look)), default=0.0)
            helped = any(view.margin >= max(ACCEPTED, plain) for view in views)
            self._helped.extend([(self._frame, shutter)] * helped)
            self._in_vain = 0 if helped else self._in_vain + 1
            found += views
        return found

    def _smeared(self, looks: Sequence[MarkView]) -> Iterator[tuple[_Followed, float]]:
        """Each with the share that has helped most of late, and with one of all shares in turn."""
        turn = SHUTTERS[self._frame % len(SHUTTERS)]
        shutters = dict.fromkeys([*([mode(shutter for _, shutter in self._helped)] if self._helped else []), turn])
        for one in self._followed:
            least = SMEARED * one.view.side_px / (SIDE + 2)
            if one.unsure(looks):
                yield from ((one, share) for share in shutters if share * np.linalg.norm(one.speed) >= least)

    def _still(self, gray: Picture, one: _Followed, shutter: float) -> list[MarkView]:
        """The looks at one of them with the smear of such a shutter undone."""
        part = still_part(gray, one.corners, np.float32(shutter) * one.speed)
        if part is None:
            return []
        here = part.inside(one.corners)
        way = one.speed / np.linalg.norm(one.speed)
        longer = ((here - here.mean(0)) @ way)[:, None] * way
        expected = np.array([here + np.float32(by) * longer for by in LONGER], np.float32)
        looks = self._reader.looks_at(part.picture, PROMISING, expected)
        return [replace(look, margin=WORTH * look.margin, corners=part.outside(look.corners)) for look in looks]

    def _choose(self, looks: list[MarkView]) -> None:
        """Whom to follow into the next frame: what was promising in this one, and what was so at another place not long ago."""
        lately = [
            one
            for one in self._followed
            if self._frame - one.frame < LOST_AFTER and not any(one.same(look) for look in looks)
        ]
        new = [self._found(look) for look in looks]
        order = sorted([*new, *lately], key=lambda one: (one.view.margin >= CERTAIN, -one.view.margin))
        self._followed = order[:MOST]

    def _found(self, look: MarkView) -> _Followed:
        """It moves as what was followed to this place, and adds to what was seen there, if that was the same."""
        last = next((one for one in self._followed if one.same(look)), None)
        seen = _Followed(look, self._frame, look.corners, 1, np.float32(look.margin) * look.cells)
        if last is None:
            return seen
        seen = replace(seen, step=last.step, speed=last.speed)
        if not 1 / GROWS <= look.side_px / last.view.side_px <= GROWS:
            return seen
        before = _upright(last.cells, last.corners, look.corners)
        if (before * look.cells).sum() < ALIKE * np.linalg.norm(before) * np.linalg.norm(look.cells):
            return seen
        return replace(seen, views=1 + last.views, cells=before + seen.cells)

    def _together(self) -> list[MarkView]:
        """The best guess for what was seen in this frame, by all its views."""
        seen = [one for one in self._followed if one.frame == self._frame and one.views >= FEWEST_VIEWS]
        if not seen:
            return []
        cells, corners = np.stack([one.cells for one in seen]), np.stack([one.corners for one in seen])
        guesses = zip(seen, self._reader.guesses(cells, corners, 0.0), strict=True)
        return [
            replace(view, margin=WORTH_TOGETHER * view.margin)
            for one, view in guesses
            if view.word == one.view.word or one.view.margin < ACCEPTED
        ]


def _upright(cells: Floats, corners: Quads, now: Quads) -> Floats:
    """Cells that stood upright at these corners, turned to how the same corners are numbered now."""
    offs = [float(np.abs(np.roll(corners, -turn, axis=0) - now).sum()) for turn in range(4)]
    return np.asarray(np.rot90(cells, offs.index(min(offs))), np.float32)
