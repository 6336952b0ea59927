"""Sharp creases in a worn bib, and sheets that bend: the wind under a lower half, an edge that rolls up."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Final

import numpy as np

from benchmarks.frames.conditions import Conditions, Light
from demo.film.walk import Points

CREASES: Final = 2  # families of parallel creases
KNOTS: Final = (4, 9)
REACH_M: Final = 0.17
SEEN_AT: Final = (0.25, 0.10)
"""Sigma of how far aside and from above a bib is looked at, as a tangent."""

LIT_FROM: Final = (0.9, -0.7)
STRIPS: Final = 8
HINGE_M: Final = -0.02
MOST_TURN: Final = 1.45  # radians; beyond it the paper's back would show


@dataclass(frozen=True, slots=True)
class Crease:
    """Parallel creases across a sheet: the height at each, straight between them."""

    turned: float
    at_m: Points
    high_m: Points
    aside: float
    above: float


def creased(chance: np.random.Generator, sigma_mm: float) -> list[Crease]:
    """The creases of one bib; how high they are is half-normal for each bib."""
    high = abs(chance.normal(0, 1)) * sigma_mm / 1_000
    found = []
    for _ in range(CREASES):
        count = int(chance.integers(*KNOTS))
        knots = np.sort(chance.uniform(-REACH_M, REACH_M, count))
        heights = chance.choice([-1, 1], count) * chance.uniform(0.3, 1, count) * high
        found.append(Crease(chance.uniform(0, pi), knots, heights, *(chance.normal(0, 1, 2) * SEEN_AT).tolist()))
    return found if high else []


def crease_shifts(creases: Sequence[Crease], x_m: Light, y_m: Light) -> tuple[Light, Light, Light]:
    """How far the sheet is moved at each place, in metres, and how bright it is there: paper does not stretch."""
    size = len(y_m), len(x_m)
    aside, down, light = np.zeros(size, np.float32), np.zeros(size, np.float32), np.ones(size, np.float32)
    fine = np.linspace(-2 * REACH_M, 2 * REACH_M, 2_001)
    for one in creases:
        along = cos(one.turned) * x_m[None, :] + sin(one.turned) * y_m[:, None]
        height = np.interp(fine, one.at_m, one.high_m)
        slope = np.gradient(height, fine)
        longer = np.cumsum(np.sqrt(1 + slope**2) - 1) * (fine[1] - fine[0])
        longer -= np.interp(0.0, fine, longer)
        shift, lift, tilt = (np.interp(along, fine, of).astype(np.float32) for of in (longer, height, slope))
        aside += np.float32(cos(one.turned)) * shift + np.float32(one.aside) * lift
        down += np.float32(sin(one.turned)) * shift + np.float32(one.above) * lift
        light *= 1 + tilt * np.float32(cos(one.turned) * LIT_FROM[0] + sin(one.turned) * LIT_FROM[1])
    return aside, down, light


@dataclass(frozen=True, slots=True)
class Bend:
    """How a sheet's lower part turns out of its plane: so far, and so often a second back and forth."""

    turn: float
    swing: float
    per_s: float
    phase: float
    from_m: float

    @classmethod
    def of(cls, chance: np.random.Generator, conditions: Conditions) -> "Bend | None":
        """None for a sheet that is held at all corners."""
        drawn = chance.uniform(0, 1, 4)
        if conditions.flapping:
            return cls(0.5 + 0.4 * drawn[0], 0.3 + 0.3 * drawn[1], 2 + 3 * drawn[2], 2 * pi * drawn[3], HINGE_M)
        if conditions.curled:
            return cls(1.0 + 0.4 * drawn[0], 0.05, 2.5, 2 * pi * drawn[3], 0.02 + 0.03 * drawn[1])
        return None

    def profile(self, at_s: float, top_m: float, bottom_m: float) -> Points:
        """Down the sheet from its top: y and z in metres where each strip begins, and where the last one ends."""
        turn = self.turn + self.swing * sin(2 * pi * self.per_s * at_s + self.phase)
        y, step = np.linspace(top_m, bottom_m, STRIPS + 1), (bottom_m - top_m) / STRIPS
        part = np.clip((y[:-1] + step / 2 - self.from_m) / (bottom_m - self.from_m), 0, 1)
        turns = np.clip(turn * part, -MOST_TURN, MOST_TURN)
        steps = np.column_stack([np.cos(turns), -np.sin(turns)]) * step
        return np.concatenate([[[top_m, 0.0]], np.array([top_m, 0.0]) + np.cumsum(steps, axis=0)])
