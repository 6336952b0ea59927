"""What a runner wears and moves besides the bib: legs, arms, clothes with sleeves, a necktie, an open jacket."""

from math import sin
from typing import Final

import cv2
import numpy as np

from benchmarks.frames.conditions import Conditions
from demo.film.body import Body, limbs, round_ends
from demo.film.clothing import Clothing, Colour
from demo.film.walk import Points

JACKET_M: Final = (-0.27, 0.36, 0.25)
"""Top, bottom and outer edge from the bib's centre."""

TIE_M: Final = (0.035, 0.045, 0.10)
"""Half its width above and below, and how far it reaches below the bib's centre."""

SWAYS_M: Final = 0.012
BRIGHTEST: Final = 0.9

Piece = tuple[Points, float]
"""An outline on the body in metres, and its reflectance."""


class Dress:
    """The clothes and limbs of one runner."""

    def __init__(self, chance: np.random.Generator, conditions: Conditions) -> None:
        self._look, self._conditions = Clothing.of(chance), conditions
        self._body = Body(self._look)
        self._dark = float(chance.uniform(0.02, 0.3))

    def behind(self, stride: float) -> list[Piece]:
        """Limbs, torso and head, the hindmost first."""
        drawn = limbs(self._look, stride)
        ends = round_ends(drawn).reshape(len(drawn), -1, 3)
        return [
            *((_hull(points), _reflectance(limb.colour)) for limb, points in zip(drawn, ends, strict=True)),
            *((shape.outline, _reflectance(shape.colour)) for shape in self._body.shapes),
        ]

    def before(self, stride: float) -> list[Piece]:
        """What hangs over the bib."""
        sway = SWAYS_M * sin(stride)
        pieces = []
        if self._conditions.tied:
            wide, wider, down = TIE_M
            tie = [(-wide, -0.24), (wide, -0.24), (wider + sway, down), (sway, down + 0.04), (-wider + sway, down)]
            pieces.append((_flat(tie), self._dark))
        if self._conditions.jacket_m:
            pieces += [(_flat(self._panel(side, sway)), self._dark) for side in (-1, 1)]
        return pieces

    def _panel(self, side: int, sway: float) -> list[tuple[float, float]]:
        top, bottom, outer = JACKET_M
        inner = self._conditions.jacket_m / 2
        near = side * inner + sway
        return [
            (side * (inner - 0.03), top),
            (side * outer, top),
            (side * outer, bottom),
            (near, bottom),
            (near, -0.10),
        ]


def _flat(outline: list[tuple[float, float]]) -> Points:
    """A shape just before the bib."""
    return np.array([(x, y, -0.025) for x, y in outline])


def _hull(points: Points) -> Points:
    """The outline of what two round ends span, as it is seen from before."""
    order = cv2.convexHull(points[:, :2].astype(np.float32), returnPoints=False).ravel()
    return np.asarray(points[order], np.float64)


def _reflectance(colour: Colour) -> float:
    blue, green, red = (min(255.0, part) / 255 for part in colour)
    return float(BRIGHTEST * (0.114 * blue + 0.587 * green + 0.299 * red) ** 2.2)
