"""How a runner comes towards the camera: path, bounce at the rate of the steps, sway and turns at half of it. Pure."""

from dataclasses import dataclass
from math import pi, sin
from typing import Final

import numpy as np

from benchmarks.frames.conditions import Conditions, stream
from demo.film.walk import Points, Stance, rotation

LANE_M: Final = 0.85
DRIFT_MPS: Final = 0.15
HEIGHT_M: Final = (0.10, 0.12)  # of the bib's centre below the camera: mean and sigma
STEPS_HZ: Final = (2.5, 3.0)
BOUNCE_M: Final = 0.035
SWAY_M: Final = 0.02
SWINGS: Final = (0.12, 0.04, 0.05)
"""Yaw, pitch and roll in radians, swung once a stride."""


@dataclass(frozen=True, slots=True)
class Motion:
    """One runner's way: metres, seconds, radians; the bib's centre is `passes_s` at the camera itself."""

    passes_s: float
    speed_mps: float
    lane_m: float
    drift_mps: float
    below_m: float
    steps_hz: float
    phase: float
    still: tuple[float, float, float]
    bounce: bool

    @classmethod
    def of(cls, run: int, runner: int, conditions: Conditions, passes_s: float = 0.0) -> "Motion":
        """Drawn from this runner's own streams."""
        path, gait = stream(run, runner, "path"), stream(run, runner, "gait")
        return cls(
            passes_s=passes_s,
            speed_mps=path.uniform(*conditions.speed_mps),
            lane_m=path.uniform(-LANE_M, LANE_M),
            drift_mps=path.normal(0, DRIFT_MPS),
            below_m=path.normal(*HEIGHT_M),
            steps_hz=gait.uniform(*STEPS_HZ),
            phase=gait.uniform(0, 4 * pi),
            still=(gait.normal(0, 0.10), gait.normal(-0.08, 0.08), gait.normal(0, 0.06)),
            bounce=conditions.bounce,
        )

    def distance_m(self, at_s: float) -> float:
        return self.speed_mps * (self.passes_s - at_s)

    def at_distance_s(self, distance_m: float) -> float:
        """When the bib's centre is so far away."""
        return self.passes_s - distance_m / self.speed_mps

    def step(self, at_s: float) -> float:
        """The phase of the steps in radians; a stride is two of them."""
        return self.phase + 2 * pi * self.steps_hz * at_s

    def stance(self, at_s: float) -> Stance:
        """Where the bib is and how it is turned."""
        swung, step = float(self.bounce), self.step(at_s)
        x = self.lane_m + self.drift_mps * (at_s - self.passes_s) + swung * SWAY_M * sin(step / 2)
        y = self.below_m + swung * BOUNCE_M * sin(step)
        waves = (sin(step / 2 + 0.6), sin(step + 0.9), sin(step / 2))
        yaw, pitch, roll = (
            still + swung * size * wave for still, size, wave in zip(self.still, SWINGS, waves, strict=True)
        )
        return Stance(np.array([x, y, self.distance_m(at_s)]), rotation(yaw, pitch, roll), step / 2)


def corners(width_m: float, height_m: float, around_m: float = 0.0) -> Points:
    """A rectangle round the bib's centre, clockwise from its upper left."""
    x, y = width_m / 2 + around_m, height_m / 2 + around_m
    return np.array([[-x, -y, 0], [x, -y, 0], [x, y, 0], [-x, y, 0]])
