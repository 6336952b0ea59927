"""How people come: whoever keeps to a lane at a steady pace is as wide as 1/distance, and every sight of a figure is on such a way. Pure.

People hide each other, and figures in a crowd are too wide, too narrow or two in one; but each body is the foremost one before it
has passed the camera. So ways are found from the near sights of all figures together, the best supported first: bibs that were
read are ways already, and what their bodies explain is nobody else. A distance is counted in those of the line from the camera:
1 at the line, 0 at the camera; a place aside and a width in pixels, as they are at the line.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

NEAR: Final = (0.28, 1.2)
"""Distances of the sights from which ways are found."""
NEAREST: Final = 0.15  # nearer than this a body fills the picture
USUAL_WEIGHS: Final = 0.56
"""A way's own slope counts as much as the usual pace when its instants' squared deviations sum to this, in squared times from the
line to the camera."""
PACES: Final = (0.3, 1.7)
"""Of the usual pace: whoever is slower stands about, and faster is no runner."""
SLOWEST: Final = 0.02  # of the usual pace: a way that goes nowhere still has an instant
ALIKE: Final = 0.28  # of a factor e between a figure's width and that expected
BESIDE: Final = 0.45  # of a body's width, between their middles
PART: Final = (0.6, 1.35)
PART_BESIDE: Final = 0.75
"""Widths, in those expected, and places of what may be a part of a body, or a body with its arms."""
MERGED: Final = 1.2
"""So many times as wide as one of them is a figure of several bodies, each at least half as wide as it and together..."""
MERGED_COVER: Final = 0.6  # ...of its extent
FEWEST: Final = 4  # frames of a way
CLOSER: Final = 0.05  # so much nearer one must have come
CAME_TO: Final = 1.25
"""So near comes who crosses, a bib or a figure."""
PASSED: Final = 0.75
"""So near came who passed through the picture; where others are about, a figure that was never nearer may be two in one..."""
LEAVES: Final = 1.1
"""Of the distance at which the picture's side begins to cut a body; then its width tells no more."""
SURE_PACE: Final = 0.65  # ...and so may one that grows so slowly, in the usual pace
LEFT_ASIDE: Final = 1.8  # the same for who left at the picture's side
ABOUT: Final = (2.0, 3.0)
"""Others are about within so many distances along the way, and widths aside."""
ONE_BODY: Final = (0.35, 0.8)
"""Two bodies never cross nearer to each other, likewise."""
BEYOND_S: Final = 0.5
"""Outside of its time in view the crossing is at most so far."""
REFINED: Final = 5
MOST_TRIED: Final = 300


class Way(NamedTuple):
    """When somebody is at the line in seconds, where there in pixels from the picture's middle, and the pace in distances a second."""

    at: float
    aside: float
    pace: float

    def far(self, at: Floats) -> Floats:
        return 1 - self.pace * (at - self.at)


class Sights(NamedTuple):
    """Figures, or a bib, in some frames: instants in seconds, middles and both sides in pixels from the picture's middle, distances."""

    frame: npt.NDArray[np.int64]
    at: Floats
    x: Floats
    left: Floats
    right: Floats
    far: Floats
    cut: Mask
    """Whether the picture's side cuts the figure, so that it is nearer than it seems."""

    def only(self, which: Mask) -> "Sights":
        frame, at, x, left, right, far, cut = self
        return Sights(frame[which], at[which], x[which], left[which], right[which], far[which], cut[which])

    def and_more(self, other: "Sights") -> "Sights":
        numbers = zip(self[1:6], other[1:6], strict=True)
        at, x, left, right, far = (np.concatenate(both) for both in numbers)
        frame, cut = np.concatenate([self.frame, other.frame]), np.concatenate([self.cut, other.cut])
        return Sights(frame, at, x, left, right, far, cut)


def fitted(seen: Sights, usual: float) -> Way:
    """The way through sights; few of them lean upon the usual pace."""
    off = seen.at - seen.at.mean()
    weight = USUAL_WEIGHS / usual**2
    slope = (off @ (seen.far - seen.far.mean()) - weight * usual) / (off @ off + weight)
    pace = max(-slope, SLOWEST * usual)
    return Way(float(np.median(seen.at + (seen.far - 1) / pace)), float(np.median(seen.x * seen.far)), float(pace))


def worn_way(bib: Sights, seen: Sights, line_width: float, usual: float) -> tuple[Way, Mask]:
    """The way of a bib's body through its sights and those of the figure that wears it; and which these are."""
    first = fitted(bib, usual)
    whole = seen.only(on_way(seen, first, line_width) & ~seen.cut)
    way = fitted(bib.and_more(whole), usual)
    return way, on_way(seen, way, line_width)


def on_way(seen: Sights, way: Way, line_width: float) -> Mask:
    """Which sights are this body, whole."""
    far = np.maximum(way.far(seen.at), NEAREST)
    alike = np.abs(np.log(seen.far / far)) < ALIKE
    return alike & (np.abs(seen.x - way.aside / far) < BESIDE * line_width / far) & (far > NEAREST)


def explained(seen: Sights, ways: Sequence[Way], line_width: float) -> Mask:
    """Which sights are parts of these bodies, or several of them in one figure."""
    bodies = [_expected(seen, way, line_width) for way in ways]
    found = np.zeros(len(seen.at), bool)
    for there, middle, wide in bodies:
        times = line_width / seen.far / wide
        part = (PART[0] < times) & (times < PART[1]) & (np.abs(seen.x - middle) < PART_BESIDE * wide)
        found |= there & part
    return found | _merged(seen, bodies, line_width)


def new_ways(
    seen: Sights, known: Sequence[Way], line_width: float, usual: float, half: float
) -> list[tuple[Way, Mask]]:
    """Who crosses besides the known ones: each way, and which sights are on it; the best supported first.

    `half` is the half of the picture's width: whoever leaves at its side comes no nearer.
    """
    ways, found = list(known), list[tuple[Way, Mask]]()
    near = (NEAR[0] < seen.far) & (seen.far < NEAR[1])
    others = explained(seen, known, line_width)
    left = near & ~others
    while way := _best(seen, left, line_width, usual):
        first = on_way(seen, way, line_width) & left
        for _ in range(REFINED):
            mine = on_way(seen, way, line_width) & left
            whole = mine & ~seen.cut
            if mine.any():
                way = fitted(seen.only(whole if whole.sum() >= FEWEST else mine), usual)
        mine = on_way(seen, way, line_width) & left
        if _crosses(seen.only(mine), way, usual) and not _beside(way, ways, ONE_BODY, line_width, usual):
            leaves_at = LEAVES * (abs(way.aside) + line_width / 2) / half
            passed = seen.far[mine].min() <= max(PASSED, min(leaves_at, CAME_TO))
            sure = passed and way.pace > SURE_PACE * usual
            if sure or not _beside(way, ways, ABOUT, line_width, usual):
                ways.append(way)
                found.append((way, on_way(seen, way, line_width) & ~others))
                left &= ~explained(seen, [way], line_width)
        left &= ~(mine if mine.any() else first)
    return found


def _expected(seen: Sights, way: Way, line_width: float) -> tuple[Mask, Floats, Floats]:
    """Whether the body is in view at each sight's instant, where its middle is and how wide it is."""
    far = way.far(seen.at)
    there = np.maximum(far, NEAREST)
    return far > NEAREST, way.aside / there, line_width / there


def _merged(seen: Sights, bodies: Sequence[tuple[Mask, Floats, Floats]], line_width: float) -> Mask:
    """Which figures are filled by two bodies or more."""
    figure = line_width / seen.far
    sides = []
    for there, middle, wide in bodies:
        left, right = np.maximum(seen.left, middle - wide / 2), np.minimum(seen.right, middle + wide / 2)
        inside = there & (right > left) & (figure > MERGED * wide) & (wide > figure / 2)
        sides.append((np.where(inside, left, np.inf), np.where(inside, right, -np.inf)))
    if len(sides) < 2:
        return np.zeros(len(seen.at), bool)
    lefts, rights = np.array([one for one, _ in sides]), np.array([one for _, one in sides])
    order = np.argsort(lefts, axis=0)
    lefts, rights = np.take_along_axis(lefts, order, 0), np.take_along_axis(rights, order, 0)
    until, filled = np.full(len(seen.at), -np.inf), np.zeros(len(seen.at))
    for left, right in zip(lefts, rights, strict=True):
        filled += np.maximum(right - np.maximum(left, until), 0.0)
        until = np.maximum(until, right)
    several = np.isfinite(lefts).sum(axis=0) >= 2
    return np.asarray(several & (filled > MERGED_COVER * (seen.right - seen.left)), bool)


def _best(seen: Sights, left: Mask, line_width: float, usual: float) -> Way | None:
    """The way at the usual pace through one of the sights left that most frames support; None where too few do."""
    rest = seen.only(left)
    tried = np.arange(0, len(rest.at), max(1, len(rest.at) // MOST_TRIED))
    ways = [Way(float(rest.at[n] + (rest.far[n] - 1) / usual), float(rest.x[n] * rest.far[n]), usual) for n in tried]
    support = [len(np.unique(rest.frame[on_way(rest, way, line_width)])) for way in ways]
    if not support or max(support) < FEWEST:
        return None
    return ways[int(np.argmax(support))]


def _crosses(mine: Sights, way: Way, usual: float) -> bool:
    """Whether these sights are of somebody who crosses the line."""
    if len(np.unique(mine.frame)) < FEWEST or not PACES[0] * usual < way.pace < PACES[1] * usual:
        return False
    came_to = LEFT_ASIDE if mine.cut[np.argmax(mine.at)] else CAME_TO
    near, closer = mine.far.min() <= came_to, np.ptp(mine.far) > CLOSER
    return bool(near and closer and mine.at.min() - BEYOND_S < way.at < mine.at.max() + BEYOND_S)


def _beside(way: Way, others: Sequence[Way], reach: tuple[float, float], line_width: float, usual: float) -> bool:
    along, aside = reach
    return any(
        abs(way.at - other.at) * usual < along and abs(way.aside - other.aside) < aside * line_width for other in others
    )
