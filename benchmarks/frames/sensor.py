"""From linear light to the picture that a grey camera hands over: lens, gain, gamma, noise, JPEG; and what stands behind."""

from functools import cache
from typing import Final

import cv2
import numpy as np

from benchmarks.frames.conditions import Conditions, Grey, Light

GAMMA: Final = 1 / 2.2
MEAN: Final = 0.25
MARGIN: Final = 160
"""Cached noise and backgrounds are so much larger than a frame, and laid at another offset each time."""

STEPS: Final = 4_096
BACKGROUNDS: Final = 6


def exposed(light: Light, conditions: Conditions, noise: Light) -> Grey:
    """The picture as the camera would hand it over, `noise` being so many sigmas for each pixel."""
    if conditions.lens_px:
        light = np.asarray(cv2.GaussianBlur(light, (0, 0), conditions.lens_px), np.float32)
    counts = _gamma()[(light * np.float32(conditions.light * STEPS)).clip(0, STEPS).astype(np.uint16)]
    noisy = counts + np.float32(conditions.noise) * noise
    return jpeg(noisy.round().clip(0, 255).astype(np.uint8), conditions.jpeg)


def held(light: Light, conditions: Conditions) -> Light:
    """As a camera sees it that is tilted, or mirrors its picture."""
    if conditions.turned_deg:
        height, width = light.shape
        turn = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), conditions.turned_deg, 1)
        light = np.asarray(cv2.warpAffine(light, turn, (width, height), borderMode=cv2.BORDER_REFLECT), np.float32)
    return np.ascontiguousarray(light[:, ::-1]) if conditions.mirrored else light


def jpeg(picture: Grey, quality: int) -> Grey:
    """A round trip through the camera's compression; none at quality 0."""
    if not quality:
        return picture
    return np.asarray(cv2.imdecode(packed(picture, quality), cv2.IMREAD_GRAYSCALE), np.uint8)


def packed(picture: Grey, quality: int) -> Grey:
    """The bytes of a JPEG."""
    return np.asarray(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], np.uint8)


@cache
def _gamma() -> Light:
    return (255 * (np.arange(STEPS + 1, dtype=np.float32) / STEPS) ** GAMMA).astype(np.float32)


@cache
def _grain(height: int, width: int) -> Light:
    return np.random.default_rng([height, width]).standard_normal((height + MARGIN, width + MARGIN), np.float32)


def grain(height: int, width: int, chance: np.random.Generator) -> Light:
    """Noise of sigma 1 for a whole frame: made once, and laid at another offset, turned or mirrored each time."""
    top, left = chance.integers(0, MARGIN, 2)
    here = _grain(height, width)[top : top + height, left : left + width]
    return here[:: chance.choice([-1, 1]), :: chance.choice([-1, 1])] * np.float32(chance.choice([-1, 1]))


@cache
def _behind(height: int, width: int, which: int) -> Light:
    """Noise of many sizes with random rectangles, as bright as a street on average."""
    chance = np.random.default_rng([height, width, which, 7])
    light = np.full((height + MARGIN, width + MARGIN), MEAN, np.float32)
    for coarse in (8, 24, 70, 200):
        grid = chance.normal(0, 0.05, (coarse, coarse * 2)).astype(np.float32)
        light += np.asarray(cv2.resize(grid, light.shape[::-1], interpolation=cv2.INTER_CUBIC))
    for _ in range(60):
        wide, high = chance.uniform(0.01, 0.16, 2) * width
        x, y = chance.uniform(-0.1, 1, 2) * light.shape[::-1]
        light[max(0, int(y)) : max(0, int(y + high)), max(0, int(x)) : max(0, int(x + wide))] = chance.uniform(
            0.03, 0.6
        )
    light *= MEAN / light.mean()
    return np.asarray(cv2.GaussianBlur(light.clip(0.01, 1), (0, 0), 1.2), np.float32)


def behind(height: int, width: int, chance: np.random.Generator) -> Light:
    """A background of a frame's size, one of a few, shifted."""
    whole = _behind(height, width, int(chance.integers(BACKGROUNDS)))
    top, left = chance.integers(0, MARGIN, 2)
    return whole[top : top + height, left : left + width].copy()
