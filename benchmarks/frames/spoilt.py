"""What a morning does to a bib's page: a corner folded over, tears, water and mud, and the shine of a lamp."""

from typing import Final

import cv2
import numpy as np

from benchmarks.frames.conditions import Conditions, Light
from benchmarks.frames.printed import DOTS_PER_MM

BACK: Final = 0.80
"""The reflectance of the paper's back."""

TEAR_M, TEARS = 0.09, 2
CORNER_M: Final = 0.04
"""Of a torn bib one corner is gone, so far along both its sides."""

WET, MUD, SPATTERS = 0.55, 0.08, 60
SHINE_M, SHINE = (0.02, 0.06), 0.9
PER_M: Final = 1_000 * DOTS_PER_MM


def spoilt(page: Light, chance: np.random.Generator, conditions: Conditions) -> Light:
    """The page's reflectance, and beside it 1 where there is paper: height x width x 2."""
    page, paper = page.copy(), np.ones_like(page)
    if conditions.soaked:
        _soak(page, chance, conditions.soaked)
    if conditions.glossy:
        page += _shine(page, chance)
    if conditions.folded_m:
        _fold(page, paper, chance, conditions.folded_m * chance.uniform(0.8, 1.2) * PER_M)
    if conditions.torn:
        _tear(paper, chance)
    return np.dstack([page, paper])


def _fold(page: Light, paper: Light, chance: np.random.Generator, along: float) -> None:
    """One corner lies on the page, its back outwards."""
    height, width = page.shape
    right, low = (bool(turn) for turn in chance.integers(0, 2, 2))
    x, y = (width - 1) * right, (height - 1) * low
    inwards = np.array([1 - 2 * right, 1 - 2 * low]) * along
    ends = np.array([[x + inwards[0], y], [x, y + inwards[1]]])
    for over, which, value in ((np.array([x, y]), paper, 0.0), (ends.sum(0) - (x, y), page, BACK)):
        cv2.fillConvexPoly(which, np.rint([*ends, over]).astype(np.int32), (value,))


def _tear(paper: Light, chance: np.random.Generator) -> None:
    """Gaps from an edge inwards, which stand open, and a corner that is gone."""
    height, width = paper.shape
    for _ in range(TEARS):
        x, side = chance.uniform(0.1, 0.9) * width, int(chance.integers(0, 2)) * (height - 1)
        inwards = (1 if side == 0 else -1) * TEAR_M * PER_M
        wide, aside = chance.uniform(0.004, 0.012) * PER_M, chance.normal(0, 0.02) * PER_M
        gap = [(x - wide, side), (x + wide, side), (x + aside, side + inwards)]
        cv2.fillConvexPoly(paper, np.rint(gap).astype(np.int32), (0.0,))
    x, y = (int(turn) * (side - 1) for turn, side in zip(chance.integers(0, 2, 2), (width, height), strict=True))
    reach = CORNER_M * PER_M
    corner = [(x, y), (x + (reach if x == 0 else -reach), y), (x, y + (reach if y == 0 else -reach))]
    cv2.fillConvexPoly(paper, np.rint(corner).astype(np.int32), (0.0,))


def _soak(page: Light, chance: np.random.Generator, share: float) -> None:
    """Wet paper is darker; mud hides what it lies on."""
    height, width = page.shape
    coarse = chance.normal(0, 1, (5, 6)).astype(np.float32)
    blots = np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC))
    page[blots > np.quantile(blots, 1 - share)] *= WET
    for _ in range(round(SPATTERS * share)):
        at = (chance.uniform(0, 1, 2) * (width, height)).astype(int).tolist()
        cv2.circle(page, at, int(chance.exponential(0.0025) * PER_M) + 1, (MUD,), -1)


def _shine(page: Light, chance: np.random.Generator) -> Light:
    """A lamp's reflection somewhere on the bib."""
    height, width = page.shape
    (x, y), (wide, high) = chance.uniform(0.1, 0.9, 2) * (width, height), chance.uniform(*SHINE_M, 2) * PER_M
    across = np.exp(-(((np.arange(width) - x) / wide) ** 2) / 2)
    down = np.exp(-(((np.arange(height) - y) / high) ** 2) / 2)
    return np.asarray(SHINE * down[:, None] * across, np.float32)
