"""What is between the scene and the sensor, or changes with time: low sun, lamps that flicker, a swaying mast, drops, a hunting focus."""

from dataclasses import replace
from functools import cache
from math import exp, pi, sin
from typing import Final

import cv2
import numpy as np

from benchmarks.frames.conditions import Conditions, Light
from demo.film.walk import Points

BEHIND, SHADE, VEIL = 4.0, 0.40, 0.10
"""Against the sun: how many times brighter the street is than what is in the shade, the exposure for it, and the lens's flare."""

PUMPS_HZ: Final = 0.7
LAMPS_HZ, LIT, READ_S, AMBIENT = 200.0, 0.25, 0.016, 0.25
"""Lamps that are lit for a part of their period, a sensor that is read in so many seconds, and other light that does not flicker."""

SWAYS: Final = ((1.3, 9.0), (3.1, 3.0))
"""Of a mast: hertz and pixels."""

HUNTS_S: Final = 3.7
DROP_PX: Final = (8, 26)


def sunlit(street: Light, conditions: Conditions) -> Light:
    """The street behind everybody, before they are drawn."""
    return street * np.float32(BEHIND) if conditions.backlit else street


def between(light: Light, conditions: Conditions, at_s: float, exposure_s: float, chance: np.random.Generator) -> Light:
    """The light that reaches the sensor at an instant; `chance` is the lens's own, the same for every frame."""
    if conditions.backlit:
        light = light * np.float32(SHADE) + np.float32(VEIL)
    if conditions.pumping:
        light = light * np.float32(exp(conditions.pumping / 2 * sin(2 * pi * PUMPS_HZ * at_s)))
    if conditions.lamps:
        light = light * _flicker(light.shape[0], at_s, exposure_s)[:, None]
    if conditions.barrel:
        light = _barrel(light, conditions.barrel)
    if conditions.shaken:
        x, y = (conditions.shaken * _sway(at_s, turn) for turn in (0.0, 1.0))
        shift = np.array([[1, 0, x], [0, 1, y]], np.float32)
        light = np.asarray(cv2.warpAffine(light, shift, light.shape[::-1], borderMode=cv2.BORDER_REFLECT), np.float32)
    return _wetted(light, conditions.drops, chance) if conditions.drops else light


def focused(conditions: Conditions, at_s: float) -> Conditions:
    """With the lens as it is at an instant."""
    if not conditions.hunting_px:
        return conditions
    return replace(conditions, lens_px=0.65 + conditions.hunting_px * (0.5 - 0.5 * sin(2 * pi * at_s / HUNTS_S)))


def _sway(at_s: float, turn: float) -> float:
    return sum(size * sin(2 * pi * often * at_s + turn * often) for often, size in SWAYS)


def _flicker(height: int, at_s: float, exposure_s: float) -> Light:
    """How much light each row gets, in parts of what it gets on average."""
    begins = at_s + np.arange(height) / height * READ_S
    parts = begins[:, None] + np.linspace(0, exposure_s, 16)
    lit = (parts * LAMPS_HZ % 1 < LIT).mean(1) / LIT
    return np.asarray(AMBIENT + (1 - AMBIENT) * lit, np.float32)


@cache
def _barrel_maps(height: int, width: int, by: float) -> tuple[Points, Points]:
    x, y = np.meshgrid(np.arange(width) - width / 2, np.arange(height) - height / 2)
    away = 1 + by * (x**2 + y**2) / (width / 2) ** 2
    return (x * away + width / 2).astype(np.float32), (y * away + height / 2).astype(np.float32)


def _barrel(light: Light, by: float) -> Light:
    maps = _barrel_maps(*light.shape, by)
    return np.asarray(cv2.remap(light, *maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT), np.float32)


def _wetted(light: Light, drops: int, chance: np.random.Generator) -> Light:
    """Each drop shows a blurred picture of what is around it."""
    light = light.copy()
    for x, y, share in chance.uniform(0, 1, (drops, 3)).tolist():
        radius = round(DROP_PX[0] + share * (DROP_PX[1] - DROP_PX[0]))
        middle = round(x * (light.shape[1] - 1)), round(y * (light.shape[0] - 1))
        left, top = (max(0, at - 2 * radius) for at in middle)
        part = light[top : middle[1] + 2 * radius, left : middle[0] + 2 * radius]
        inside = np.zeros(part.shape, np.float32)
        cv2.circle(inside, (middle[0] - left, middle[1] - top), radius, (1.0,), -1, cv2.LINE_AA)
        inside = np.asarray(cv2.GaussianBlur(inside, (0, 0), 2.0))
        part += inside * (np.asarray(cv2.GaussianBlur(part, (0, 0), radius / 2.5)) - part)
    return light
