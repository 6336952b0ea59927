"""One runner, drawn from back to front: torso and head, the bib, a forearm that may swing over it; and what is hidden."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sin
from typing import Final

import cv2
import numpy as np

from benchmarks.frames.cloth import CHEST_M, Cloth
from benchmarks.frames.conditions import Conditions, Grey, Light, stream
from benchmarks.frames.dress import Dress, Piece
from benchmarks.frames.exposure import around, lay_cloth, lay_shape, oval, page_quads, seen
from benchmarks.frames.motion import Motion
from benchmarks.frames.printed import Worn
from bibs.drawing.layout import Area, BibLayout
from demo.film import FilmCamera
from demo.film.walk import Points

SHIRTS: Final = (0.04, 0.5)
SKIN: Final = 0.35
FOREARM_M: Final = 0.09  # half of its length
REACH_M: Final = (0.04, 0.10)  # over the bib's edge


@dataclass(frozen=True, slots=True)
class Arm:
    """A forearm that swings over the bib's left (-1) or right (1) edge once a stride."""

    side: int
    reach_m: float
    y_m: float

    @classmethod
    def of(cls, run: int, runner: int, conditions: Conditions) -> "Arm | None":
        chance = stream(run, runner, "arm")
        has, side = chance.random() < conditions.arms, int(chance.choice([-1, 1]))
        arm = cls(side, chance.uniform(*REACH_M), chance.uniform(-0.05, 0.08))
        return arm if has else None

    def outline(self, stride: float, edge_m: float) -> Points:
        wide = 0.6 * self.reach_m
        over = self.reach_m * max(-0.3, sin(stride))
        return oval(self.side * (edge_m + wide - over), self.y_m, -0.03, wide, FOREARM_M)


class Person:
    """A runner of a run, with all that chance gave."""

    def __init__(
        self,
        worn: Worn,
        run: int,
        runner: int,
        conditions: Conditions,
        passes_s: float = 0.0,
        motion: Motion | None = None,
    ) -> None:
        self.worn, self.motion = worn, motion or Motion.of(run, runner, conditions, passes_s)
        self.cloth, self.arm = Cloth(worn, run, runner, conditions), Arm.of(run, runner, conditions)
        self._bare = bool(stream(run, runner, "bare").random() < conditions.bare)
        self._round = conditions.round_body
        body = stream(run, runner, "body")
        self._shirt, wide = body.uniform(*SHIRTS), body.uniform(0.17, 0.22)
        self._dress = Dress(stream(run, runner, "dress"), conditions)
        self._walking = conditions.walking
        self._body = ((oval(0, 0.08, 0.02, wide, 0.36), self._shirt), (oval(0, -0.42, 0.03, 0.08, 0.11), SKIN))

    def draw(self, light: Light, corner: Points, camera: FilmCamera, at_s: float) -> None:
        """Draw into a part of the picture whose upper left pixel is `corner`."""
        stride = self.motion.stance(at_s).stride
        for outline, reflectance in self._pieces(stride):
            lay_shape(light, corner, seen(camera, self.motion, at_s, outline), reflectance)
        if not self._bare:
            lay_cloth(light, corner, self.cloth, page_quads(camera, self.motion, at_s, self.cloth))
        for outline, reflectance in self._dress.before(stride):
            lay_shape(light, corner, seen(camera, self.motion, at_s, outline), reflectance)
        if self.arm:
            lay_shape(light, corner, self._arm(self.arm, camera, at_s), 0.85 * SKIN)

    def claim(self, owners: Grey, corner: Points, camera: FilmCamera, at_s: float, own: int) -> None:
        """Write `own` where this body is before others, and 0 where its arm is before the bib."""
        stride = self.motion.stance(at_s).stride
        shapes = [(seen(camera, self.motion, at_s, outline), own) for outline, _ in self._pieces(stride)]
        if not self._bare:
            shapes.append((self.quad(camera, at_s, self._page()), own))
        shapes += [(seen(camera, self.motion, at_s, outline), 0) for outline, _ in self._dress.before(stride)]
        shapes += [(self._arm(self.arm, camera, at_s), 0)] if self.arm else []
        for outline, owner in shapes:
            cv2.fillPoly(owners, [np.rint(outline - corner).astype(np.int32)], (owner,))

    def shown(self, owners: Grey, corner: Points, camera: FilmCamera, at_s: float, box: Area, own: int) -> float:
        """The part of a box of the bib that is in the picture and hidden by nobody."""
        if self._bare:
            return 0.0
        quad = self.quad(camera, at_s, box) - corner
        left, top, right, bottom = around(quad, owners.shape)
        if left >= right or top >= bottom:
            return 0.0
        inside = np.zeros((bottom - top, right - left), np.uint8)
        cv2.fillConvexPoly(inside, np.rint(quad - (left, top)).astype(np.int32), (1,))
        whole = abs(cv2.contourArea(quad.astype(np.float32)))
        mine = (owners[top:bottom, left:right] == own) & (inside == 1)
        return min(1.0, float(np.count_nonzero(mine)) / max(1.0, whole))

    def quad(self, camera: FilmCamera, at_s: float, box: Area) -> Points:
        """Where a box of the bib is in the picture, the chest's round counted and wrinkles not."""
        layout = self.worn.layout
        return seen(camera, self.motion, at_s, _on_body(layout, box, self._round))

    def _pieces(self, stride: float) -> Sequence[Piece]:
        return self._dress.behind(stride) if self._walking else self._body

    def _page(self) -> Area:
        return self.worn.layout.page

    def _arm(self, arm: Arm, camera: FilmCamera, at_s: float) -> Points:
        edge_m = float(_on_body(self.worn.layout, self._page(), self._round)[1, 0])
        return seen(camera, self.motion, at_s, arm.outline(self.motion.stance(at_s).stride, edge_m))


def _on_body(layout: BibLayout, box: Area, round_body: bool) -> Points:
    """The corners of a box in metres from the bib's centre, clockwise from its upper left."""
    x = np.array([box.x, box.right, box.right, box.x]) / 1_000 - layout.width / 2_000
    y = np.array([box.y, box.y, box.bottom, box.bottom]) / 1_000 - layout.height / 2_000
    return np.column_stack([CHEST_M * np.sin(x / CHEST_M) if round_body else x, y, np.zeros(4)])
