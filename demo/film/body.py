"""Draws the body of one runner of a synthetic film: a plain person in the stride, built of flat shapes."""

from collections.abc import Sequence
from math import cos, pi, sin
from typing import Final, NamedTuple

import cv2
import numpy as np

from demo.film.clothing import Clothing, Colour, shade
from demo.film.scenery import CAMERA_HEIGHT_M, SUBPIXEL_BITS, fill
from demo.film.walk import FilmCamera, Image, Points, Stance

Joint = tuple[float, float, float]
"""A place on the body in metres from the bib's centre: x to the picture's right, y down, z away from the camera."""

RIGHT_SIDE: Final = (
    (0.07, -0.275), (0.13, -0.262), (0.195, -0.225), (0.205, -0.14), (0.178, 0.0), (0.165, 0.14), (0.175, 0.31)
)  # fmt: skip
"""The torso's outline from the neck down."""

COLLAR: Final = ((-0.07, -0.277), (0.07, -0.277), (0.035, -0.225), (0.0, -0.212), (-0.035, -0.225))
NECK: Final = ((-0.05, -0.36), (0.05, -0.36), (0.054, -0.25), (-0.054, -0.25))
CORNERS: Final = 20
"""The number of corners with which a round end of a limb is drawn, too many to be seen."""


class Shape(NamedTuple):
    """A flat piece of the body, its outline fixed to it."""

    outline: Points
    colour: Colour


class Limb(NamedTuple):
    """A piece with round ends between two joints, each with its radius in metres."""

    start: Joint
    start_radius: float
    end: Joint
    end_radius: float
    colour: Colour


class Body:
    """One person's body, drawn as the camera sees it."""

    def __init__(self, look: Clothing) -> None:
        self.look = look
        self.shapes = [*_head(look), *_torso(look)]
        self.outlines = np.concatenate([shape.outline for shape in self.shapes])
        self.cuts = np.cumsum([len(shape.outline) for shape in self.shapes])[:-1]

    def draw(self, image: Image, camera: FilmCamera, now: Stance) -> None:
        """Draw the limbs in the stride, then the head and the torso before them."""
        drawn = limbs(self.look, now.stride)
        # All points go through the camera at once: one call of NumPy instead of forty.
        ends = round_ends(drawn)
        pixels = camera.project(now.in_space(np.concatenate([ends, self.outlines])))
        for limb, points in zip(drawn, pixels[: len(ends)].reshape(len(drawn), -1, 2), strict=True):
            _fill_hull(image, points, limb.colour)
        for shape, points in zip(self.shapes, np.split(pixels[len(ends) :], self.cuts), strict=True):
            fill(image, points, shape.colour)


def draw_shadow(image: Image, camera: FilmCamera, now: Stance, bib_above_camera_m: float) -> None:
    """A patch of shade on the road under the runner."""
    ground = CAMERA_HEIGHT_M + bib_above_camera_m
    ring = np.linspace(0, 2 * pi, CORNERS, endpoint=False)
    outline = np.column_stack([0.27 * np.cos(ring), np.full(CORNERS, ground), 0.2 * np.sin(ring)])
    fill(image, camera.project(outline + now.centre), (72, 70, 68))


def limbs(look: Clothing, stride: float) -> list[Limb]:
    """Legs and arms at this phase of the stride, the hindmost first."""
    return [*_legs(look, stride), *_arms(look, stride)]


def _legs(look: Clothing, stride: float) -> list[Limb]:
    """Both legs, the hindmost first."""
    sides = (-1, 1) if sin(stride) > 0 else (1, -1)
    return [limb for side in sides for limb in _leg(look, side, stride)]


def _leg(look: Clothing, side: int, stride: float) -> list[Limb]:
    swing = side * sin(stride)  # towards the camera when positive
    lift = max(0.0, side * cos(stride)) * 0.13
    hip, knee = (0.085 * side, 0.30, 0.05), (0.10 * side, 0.74 - 0.4 * lift, 0.04 - 0.20 * swing - lift)
    ankle, toe = (0.095 * side, 1.15 - lift, 0.06 - 0.32 * swing), (0.105 * side, 1.20 - lift, -0.06 - 0.32 * swing)
    light = 1.0 if swing > 0 else 0.86
    return [
        Limb(knee, 0.055, ankle, 0.036, shade(look.skin, light)),
        Limb(ankle, 0.040, toe, 0.045, shade(look.shoes, light)),
        Limb(hip, 0.088, knee, 0.060, shade(look.skin, light)),
        Limb(hip, 0.098, _between(hip, knee, 0.65), 0.092, shade(look.shorts, light)),
    ]


def _arms(look: Clothing, stride: float) -> list[Limb]:
    return [limb for side in (-1, 1) for limb in _arm(look, side, -side * sin(stride))]


def _arm(look: Clothing, side: int, swing: float) -> list[Limb]:
    shoulder, elbow = (0.185 * side, -0.19, 0.03), (0.245 * side, 0.09, 0.06 - 0.10 * swing)
    hand = (0.245 * side, 0.30 - 0.08 * max(0.0, swing), 0.02 - 0.22 * swing)
    fingers = (hand[0], hand[1] + 0.05, hand[2])
    return [
        Limb(shoulder, 0.050, elbow, 0.040, shade(look.skin, 0.94)),
        Limb(elbow, 0.040, hand, 0.030, shade(look.skin, 0.94)),
        Limb(hand, 0.036, fingers, 0.030, look.skin),
        Limb(shoulder, 0.062, _between(shoulder, elbow, 0.55), 0.058, shade(look.shirt, 0.84 if side > 0 else 0.95)),
    ]


def _torso(look: Clothing) -> list[Shape]:
    left = [(-x, y) for x, y in reversed(RIGHT_SIDE)]
    inner = [(x - 0.045, y) for x, y in reversed(RIGHT_SIDE[2:])]
    return [
        Shape(_flat([*RIGHT_SIDE, *left]), look.shirt),
        Shape(_flat([*RIGHT_SIDE[2:], *inner]), shade(look.shirt, 0.84)),  # the light comes from the left
        Shape(_flat(COLLAR), shade(look.skin, 0.88)),
    ]


def _head(look: Clothing) -> list[Shape]:
    cheeks, ears = shade(look.skin, 0.86), shade(look.skin, 0.90)
    return [
        *([Shape(_oval(0, -0.40, 0.108, 0.175), look.hair)] if look.long_hair else []),
        Shape(_flat(NECK), cheeks),
        Shape(_oval(0, -0.45, 0.086, 0.116), look.hair),
        *(Shape(_oval(0.08 * side, -0.43, 0.015, 0.027), ears) for side in (-1, 1)),
        Shape(_oval(0, -0.425, 0.076, 0.098), look.skin),
        Shape(_oval(0, -0.477, 0.077, 0.066, pi, 2 * pi), look.hair),
        *(Shape(_oval(0.03 * side, -0.435, 0.009, 0.008), shade(look.hair, 0.8)) for side in (-1, 1)),
        Shape(_oval(0, -0.382, 0.026, 0.013, 0, pi), shade(look.skin, 0.62)),
        *_cap(look),
    ]


def _cap(look: Clothing) -> list[Shape]:
    if look.cap is None:
        return []
    crown, peak = _oval(0, -0.474, 0.089, 0.098, pi, 2 * pi), _oval(0, -0.476, 0.082, 0.018)
    return [Shape(crown, look.cap), Shape(peak, shade(look.cap, 0.8))]


def _oval(x: float, y: float, half_width: float, half_height: float, start: float = 0, stop: float = 2 * pi) -> Points:
    """An ellipse, or the part of it between two angles, clockwise from the picture's right."""
    angles = np.linspace(start, stop, 2 * CORNERS)
    return _flat(list(zip(x + half_width * np.cos(angles), y + half_height * np.sin(angles), strict=True)))


def _flat(outline: Sequence[tuple[float, float]]) -> Points:
    """A shape just behind the bib."""
    return np.array([(x, y, 0.02) for x, y in outline])


def _between(start: Joint, end: Joint, part: float) -> Joint:
    x, y, z = ((1 - part) * a + part * b for a, b in zip(start, end, strict=True))
    return x, y, z


_ANGLES = np.linspace(0, 2 * pi, CORNERS, endpoint=False)
_RING: Final[Points] = np.column_stack([np.cos(_ANGLES), np.sin(_ANGLES), np.zeros(CORNERS)])


def round_ends(drawn: Sequence[Limb]) -> Points:
    """The two round ends of each limb in turn; what they span in the picture is the limb."""
    joints = np.array([joint for limb in drawn for joint in (limb.start, limb.end)])
    radii = np.array([radius for limb in drawn for radius in (limb.start_radius, limb.end_radius)])
    rings: Points = joints[:, None] + radii[:, None, None] * _RING
    return rings.reshape(-1, 3)


def _fill_hull(image: Image, points: Points, colour: Colour) -> None:
    corners = np.rint(points * (1 << SUBPIXEL_BITS)).astype(np.int32)
    cv2.fillConvexPoly(image, cv2.convexHull(corners), colour, cv2.LINE_AA, SUBPIXEL_BITS)
