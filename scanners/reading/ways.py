"""How people come: whoever runs straight on at a steady pace is as wide as 1/distance, and every sight of a figure is on such a way. Pure.

People hide each other, and figures in a crowd are too wide, too narrow or two in one; but each body is the foremost one before it
has passed the camera. A distance is counted in those of the line from the camera: 1 at the line, 0 at the camera; a place aside
and a width in pixels, as they are at the line.
"""

from collections.abc import Sequence
from math import nan
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

NEAREST: Final = 0.15  # nearer than this a body fills the picture
USUAL_WEIGHS: Final = 0.56
"""A way's own slopes count as much as the usual pace, and no drift aside, when its instants' squared deviations sum to this, in
squared times from the line to the camera."""
SLOWEST: Final = 0.02  # of the usual pace: a way that goes nowhere still has an instant
ALIKE: Final = 0.25  # of a factor e between a figure's width and that expected
BESIDE: Final = 0.45  # of a body's width, between their middles
PART: Final = (0.6, 1.2)
PART_BESIDE: Final = 0.4
"""Widths, in those expected, and places of what may be a part of a body, or a body with its arms."""
HEAD_BESIDE, HEAD_OFF = 0.3, 0.3
"""So near, aside and in height, in a body's widths, is a head to where this body's is expected..."""
HEAD_TIMES: Final = (0.5, 4.0)
"""...on a figure of so many times the width expected: somebody behind may show at its sides..."""
HEAD_TIMES_ASIDE: Final = 2.0  # ...at most, where the head's height is not known
HEADED: Final = 6
NEARED: Final = 0.2
"""So many sights, and so different nearness of them (one over the distance), tell where a head is."""


class Way(NamedTuple):
    """When somebody is at the line in seconds, where there in pixels from the picture's middle, and the pace in distances a second."""

    at: float
    aside: float
    pace: float
    drift: float = 0.0
    """Pixels a second that somebody moves aside, as they are at the line."""
    horizon: float = nan
    rise: float = nan
    """The head is in row `horizon + rise / distance`, where enough of this body was seen to tell."""

    def far(self, at: Floats) -> Floats:
        return 1 - self.pace * (at - self.at)

    @property
    def gone(self) -> float:
        """When somebody passes the camera, in seconds."""
        return self.at + 1 / self.pace

    def lane(self, at: Floats) -> Floats:
        """How far aside somebody is at these instants."""
        return self.aside + self.drift * (at - self.at)

    def mirrored(self) -> "Way":
        """The same in a picture whose left is right."""
        return self._replace(aside=-self.aside, drift=-self.drift)


class Sights(NamedTuple):
    """Figures, or a bib, in some frames: instants in seconds, middles and distances, rows of the tops, and how far the figures reach.

    Columns of pixels are counted from the picture's middle.
    """

    frame: npt.NDArray[np.int64]
    cut: Mask
    """Whether the picture's side cuts the figure, so that it is nearer than it seems, and may be any part of a body."""
    at: Floats
    x: Floats
    far: Floats
    top: Floats
    left: Floats
    right: Floats

    def only(self, which: Mask) -> "Sights":
        numbers = (one[which] for one in self.numbers)
        return Sights(self.frame[which], self.cut[which], *numbers)

    def and_more(self, other: "Sights") -> "Sights":
        numbers = (np.concatenate(both) for both in zip(self.numbers, other.numbers, strict=True))
        return Sights(np.concatenate([self.frame, other.frame]), np.concatenate([self.cut, other.cut]), *numbers)

    @property
    def numbers(self) -> tuple[Floats, ...]:
        """All columns of decimal numbers."""
        return self.at, self.x, self.far, self.top, self.left, self.right


def fitted(seen: Sights, usual: float) -> Way:
    """The way through sights; few of them lean upon the usual pace, and straight on."""
    off = seen.at - seen.at.mean()
    weight = USUAL_WEIGHS / usual**2
    slope = (off @ (seen.far - seen.far.mean()) - weight * usual) / (off @ off + weight)
    pace, lanes = max(-slope, SLOWEST * usual), seen.x * seen.far
    drift = off @ (lanes - lanes.mean()) / (off @ off + weight)
    at = np.median(seen.at + (seen.far - 1) / pace)
    return Way(float(at), float(np.median(lanes - drift * (seen.at - at))), float(pace), float(drift))


def worn_way(bib: Sights, seen: Sights, line_width: float, usual: float) -> tuple[Way, Mask]:
    """The way of a bib's body through its sights and those of the figure that wears it; and which these are."""
    first = fitted(bib, usual)
    whole = seen.only(on_way(seen, first, line_width) & ~seen.cut)
    way = fitted(bib.and_more(whole), usual)
    on = on_way(seen, way, line_width)
    return headed(way, seen.only(on)), on


def on_way(seen: Sights, way: Way, line_width: float) -> Mask:
    """Which sights are this body, whole."""
    far = np.maximum(way.far(seen.at), NEAREST)
    alike = np.abs(np.log(seen.far / far)) < ALIKE
    return alike & (np.abs(seen.x - way.lane(seen.at) / far) < BESIDE * line_width / far) & (far > NEAREST)


def explained(seen: Sights, ways: Sequence[Way], line_width: float) -> Mask:
    """Which sights are these bodies' parts, or have the head of one of them, whoever else shows at its sides."""
    return parts_of(seen, ways, line_width) | heads_of(seen, ways, line_width)


def parts_of(seen: Sights, ways: Sequence[Way], line_width: float) -> Mask:
    """Which sights are parts of these bodies, or one with its arms."""
    found = np.zeros(len(seen.at), bool)
    for way in ways:
        far, aside, times = _beside_way(seen, way, line_width)
        found |= (far > NEAREST) & ((PART[0] < times) | seen.cut) & (times < PART[1]) & (aside < PART_BESIDE)
    return found


def heads_of(seen: Sights, ways: Sequence[Way], line_width: float) -> Mask:
    """Which sights have a head where one of these bodies has it."""
    found = np.zeros(len(seen.at), bool)
    for way in ways:
        far, aside, times = _beside_way(seen, way, line_width)
        off = np.abs(seen.top - np.maximum(way.horizon + way.rise / far, 0.0)) * far / line_width
        alike = (HEAD_TIMES[0] < times) & np.where(np.isnan(off), times < HEAD_TIMES_ASIDE, times < HEAD_TIMES[1])
        found |= (far > NEAREST) & alike & (aside < HEAD_BESIDE) & ~(off > HEAD_OFF)
    return found


def _beside_way(seen: Sights, way: Way, line_width: float) -> tuple[Floats, Floats, Floats]:
    """How far a body is in each sight's instant; and how far aside of it the sight is and how many times as wide, in its widths."""
    far = np.maximum(way.far(seen.at), NEAREST)
    return far, np.abs(seen.x - way.lane(seen.at) / far) * far / line_width, far / seen.far


def headed(way: Way, mine: Sights) -> Way:
    """With the row of the head, where enough whole sights tell."""
    mine = mine.only(~mine.cut & (mine.top > 1))
    nearness = 1 / np.maximum(way.far(mine.at), NEAREST)
    if len(nearness) < HEADED or np.ptp(nearness) < NEARED:
        return way
    rise, horizon = np.polyfit(nearness, mine.top, 1).tolist()
    return way._replace(horizon=horizon, rise=rise)
