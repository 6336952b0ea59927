"""What wearing does to a bib: wrinkles, the chest's round, and the shades of both."""

from collections.abc import Sequence
from math import cos, sin
from typing import Final

import cv2
import numpy as np

from benchmarks.frames.conditions import Conditions, Light, stream
from benchmarks.frames.folds import Bend, Crease, crease_shifts, creased
from benchmarks.frames.printed import DOTS_PER_MM, Worn
from benchmarks.frames.spoilt import spoilt

CHEST_M: Final = 0.18
AROUND_M: Final = 0.008
"""Room round the page, for corners that wrinkles push outwards."""

MIP_STEP: Final = 1.26
SHADE: Final = 0.15
SHADES: Final = (0.55, 1.25)
FULL_SHADE_MM: Final = 3.0
PER_M: Final = 1_000 * DOTS_PER_MM


class Cloth:
    """A worn bib as reflectance times cover, beside the cover itself, in falling sizes for near and far views."""

    def __init__(self, worn: Worn, run: int, runner: int, conditions: Conditions) -> None:
        chance = stream(run, runner, "wrinkle")
        self.wrinkle_mm = abs(chance.normal(0, 1)) * conditions.wrinkle_mm
        folds = creased(stream(run, runner, "crease"), conditions.crease_mm)
        page = spoilt(worn.page, stream(run, runner, "spoilt"), conditions)
        self.sizes = [_crumpled(page, self.wrinkle_mm, chance, conditions.round_body, folds)]
        self.bend = Bend.of(stream(run, runner, "bend"), conditions)
        self.size_m = (worn.layout.width / 1_000, worn.layout.height / 1_000)

    def for_width(self, width_px: float) -> Light:
        """The smallest size that still has a pixel for each pixel shown."""
        while (width := self.sizes[-1].shape[1] / MIP_STEP) >= width_px:
            largest = self.sizes[0]
            size = (round(width), round(width * largest.shape[0] / largest.shape[1]))
            self.sizes.append(np.asarray(cv2.resize(largest, size, interpolation=cv2.INTER_AREA), np.float32))
        return next(size for size in reversed(self.sizes) if size.shape[1] >= width_px or size is self.sizes[0])


def _crumpled(
    page: Light, wrinkle_mm: float, chance: np.random.Generator, round_body: bool, folds: Sequence[Crease]
) -> Light:
    """The page, and where it is, with its room around, moved by the wrinkles and foreshortened by the chest."""
    room = round(AROUND_M * PER_M)
    height, width = page.shape[0] + 2 * room, page.shape[1] + 2 * room
    x_m = ((np.arange(width, dtype=np.float32) + 0.5) - width / 2) / PER_M
    y_m = ((np.arange(height, dtype=np.float32) + 0.5) - height / 2) / PER_M
    across, down = (_field(chance, grid, x_m, y_m) for grid in ((4, 5), (5, 4)))
    shade = 1 + SHADE * min(1.0, wrinkle_mm / FULL_SHADE_MM) * (across + down)
    if round_body:
        shade = shade * (1 - 0.5 * (x_m / CHEST_M) ** 2)[None, :]
        x_m = CHEST_M * np.arcsin(np.clip(x_m / CHEST_M, -1, 1))
    aside, along, darker = crease_shifts(folds, x_m, y_m)
    shade = np.asarray(shade * darker, np.float32)
    from_x = (x_m[None, :] + wrinkle_mm / 1_000 * across + aside) * PER_M + page.shape[1] / 2 - 0.5
    from_y = (y_m[:, None] + wrinkle_mm / 1_000 * down + along) * PER_M + page.shape[0] / 2 - 0.5
    at = from_x.astype(np.float32), from_y.astype(np.float32)
    moved = cv2.remap(page, *at, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    moved[:, :, 0] *= np.clip(shade, *SHADES)
    return np.asarray(moved, np.float32)


def _field(chance: np.random.Generator, grid: tuple[int, int], x_m: Light, y_m: Light) -> Light:
    """Smooth displacement about as large as 1: a coarse random grid and one fold that runs across the bib."""
    coarse = chance.uniform(-1, 1, grid).astype(np.float32)
    smooth = cv2.resize(coarse, (len(x_m), len(y_m)), interpolation=cv2.INTER_CUBIC)
    per_m, turned, phase = chance.uniform(20, 60), chance.uniform(-0.5, 0.5), chance.uniform(0, 6.3)
    fold = np.sin(per_m * (cos(turned) * x_m[None, :] + sin(turned) * y_m[:, None]) + phase)
    return np.asarray(0.6 * np.asarray(smooth) + 0.5 * fold, np.float32)
