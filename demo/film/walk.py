"""The geometry of a synthetic film: the camera, a runner's walk towards it, and where both put a point in the picture.

Metres with x to the picture's right, y down and z away from the camera; the camera looks level along z.
"""

from dataclasses import dataclass
from math import cos, pi, radians, sin, tan
from typing import Final

import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]
"""A picture as OpenCV keeps it: rows of BGR pixels."""

Points = npt.NDArray[np.float64]
"""Rows of coordinates: three metres each in space, two pixels each in the picture."""

FAR_M: Final = 9.0
"""Where a runner comes into view, under the gantry."""

NEAR_M: Final = 0.62
"""Where a runner has left the picture."""

VEER_FROM_M: Final = 1.35
SIDESTEP_M: Final = 0.5


@dataclass(frozen=True, slots=True)
class FilmCamera:
    """A webcam on a stand at chest height, just behind the line."""

    width: int = 1280
    height: int = 720
    fps: int = 25
    hfov_deg: float = 55.0
    line_m: float = 2.0
    exposure_s: float = 1 / 200

    def focal_px(self) -> float:
        return self.width / 2 / tan(radians(self.hfov_deg / 2))

    def size_px(self, size_m: float, distance_m: float) -> float:
        """How large something that faces the camera appears."""
        return self.focal_px() * size_m / distance_m

    def project(self, points: Points) -> Points:
        """Pixels of points in space; whole numbers are the centres of pixels."""
        centre = ((self.width - 1) / 2, (self.height - 1) / 2)
        pixels: Points = points[:, :2] * (self.focal_px() / points[:, 2:]) + centre
        return pixels


@dataclass(frozen=True, slots=True)
class RunnerPath:
    """One runner's way to the camera; the bib is at the line at `crosses_s`, to the microsecond."""

    page: Image
    crosses_s: float
    lane_m: float
    speed_mps: float = 1.5

    def distance_m(self, camera: FilmCamera, at_s: float) -> float:
        return camera.line_m + self.speed_mps * (self.crosses_s - at_s)


@dataclass(frozen=True, slots=True)
class Gait:
    """How one person moves: the stride (two steps) and where it begins, how high the bib hangs, how the body leans."""

    stride_hz: float
    phase: float
    bib_above_camera_m: float
    yaw: float
    pitch: float
    roll: float

    @classmethod
    def of(cls, rng: np.random.Generator) -> "Gait":
        return cls(
            stride_hz=rng.uniform(0.92, 1.08),
            phase=rng.uniform(0, 2 * pi),
            bib_above_camera_m=rng.uniform(-0.10, 0.06),
            yaw=rng.normal(0, 0.03),
            pitch=rng.normal(-0.03, 0.02),
            roll=rng.normal(0, 0.02),
        )


@dataclass(frozen=True, slots=True)
class Stance:
    """The body at one instant: where the bib's centre is, how it is turned, and how far the stride has come."""

    centre: Points
    turn: Points
    stride: float

    def in_space(self, points: Points) -> Points:
        """Points of the body, given from the bib's centre, in the camera's space."""
        placed: Points = points @ self.turn.T + self.centre
        return placed


def stance(walk: RunnerPath, gait: Gait, camera: FilmCamera, at_s: float) -> Stance:
    """The body at an instant; bounce, sway and turns leave the distance of the bib's centre alone, so the truth is exact."""
    stride = gait.phase + 2 * pi * gait.stride_hz * at_s
    distance = walk.distance_m(camera, at_s)
    x = walk.lane_m + 0.015 * sin(stride) + _veer(walk.lane_m, distance)
    y = -gait.bib_above_camera_m + 0.0125 * cos(2 * stride)
    yaw, roll = gait.yaw + 0.05 * sin(stride + 0.6), gait.roll + 0.025 * sin(stride)
    return Stance(np.array([x, y, distance]), rotation(yaw, gait.pitch, roll), stride)


def _veer(lane_m: float, distance_m: float) -> float:
    """The sidestep of a runner who would walk into the camera."""
    part = min(1.0, max(0.0, (VEER_FROM_M - distance_m) / (VEER_FROM_M - NEAR_M)))
    return (SIDESTEP_M if lane_m >= 0 else -SIDESTEP_M) * part * part * (3 - 2 * part)


def rotation(yaw: float, pitch: float, roll: float) -> Points:
    """Turns points about the upright axis, then nods and tilts them; radians."""
    about_y = np.array([[cos(yaw), 0, sin(yaw)], [0, 1, 0], [-sin(yaw), 0, cos(yaw)]])
    about_x = np.array([[1, 0, 0], [0, cos(pitch), -sin(pitch)], [0, sin(pitch), cos(pitch)]])
    about_z = np.array([[cos(roll), -sin(roll), 0], [sin(roll), cos(roll), 0], [0, 0, 1]])
    turn: Points = about_z @ about_y @ about_x
    return turn
