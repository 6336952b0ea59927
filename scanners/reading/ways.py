"""How people come: whoever runs straight on at a steady pace is as wide as 1/distance, and every sight of a figure is on such a way. Pure.

People hide each other, and figures in a crowd are too wide, too narrow or two in one; but each body is the foremost one before it
has passed the camera. So ways are found from the near sights of all figures together, the best supported first: bibs that were
read are ways already, and what their bodies explain is nobody else. A distance is counted in those of the line from the camera:
1 at the line, 0 at the camera; a place aside and a width in pixels, as they are at the line.
"""

from collections.abc import Callable, Sequence
from math import nan
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

NEAR: Final = (0.28, 1.2)
"""Distances of the sights from which ways are found."""
NEAREST: Final = 0.15  # nearer than this a body fills the picture
USUAL_WEIGHS: Final = 0.56
"""A way's own slopes count as much as the usual pace, and no drift aside, when its instants' squared deviations sum to this, in
squared times from the line to the camera."""
PACES: Final = (0.3, 1.7)
"""Of the usual pace: whoever is slower stands about, and faster is no runner."""
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
FEWEST, BRIEFEST = 3, 0.09
"""So many frames of a way in a row, and as long as so much of the line's distance takes at the usual pace."""
MISSED: Final = 1  # frame that does not end a row
CLOSER: Final = 0.05  # so much nearer one must have come
CAME_TO: Final = 1.25
"""So near comes who crosses, a bib or a figure."""
PASSED: Final = 0.75
"""So near came who passed through the picture; where others are about, a figure that was never nearer may be two in one."""
LEAVES: Final = 1.1
"""Of the distance at which the picture's side begins to cut a body; then its width tells no more."""
LEFT_ASIDE: Final = 1.8  # as near as `CAME_TO`, for who left at the picture's side
ABOUT: Final = (2.0, 3.0)
"""Others are about within so many distances along the way, and widths aside."""
ONE_BODY: Final = (0.2, 0.6)
"""Two bodies never cross nearer to each other, likewise; unless most of one is seen beside the other."""
STEADY: Final = (5, 0.35, 0.13)
"""So many frames of a way, so far, and so little spread of the logarithms of the widths about it, are no two bodies in one figure."""
COVERED: Final = 0.6  # of a figure's width is covered by the other bodies at most, if it is another one...
COVERED_BEHIND: Final = (0.8, 0.45)
"""...or so much, if it passes the camera so many distances before whoever may have the same head: whoever runs close behind is hidden by it."""
HIDES: Final = 0.6  # of a body's width to each side, of who is farther away
UNHIDDEN: Final = 0.4  # whoever came so near is hidden by nobody
BEYOND: Final = 0.75
"""Outside of its time in view the crossing is at most so far, in distances at the usual pace."""
REFINED: Final = 5
MOST_TRIED: Final = 100
WIDTH_POINTS: Final = 19


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
    return _headed(way, seen.only(on)), on


def on_way(seen: Sights, way: Way, line_width: float) -> Mask:
    """Which sights are this body, whole."""
    far = np.maximum(way.far(seen.at), NEAREST)
    alike = np.abs(np.log(seen.far / far)) < ALIKE
    return alike & (np.abs(seen.x - way.lane(seen.at) / far) < BESIDE * line_width / far) & (far > NEAREST)


def explained(seen: Sights, ways: Sequence[Way], line_width: float) -> Mask:
    """Which sights are these bodies' parts, or have the head of one of them, whoever else shows at its sides."""
    return _parts(seen, ways, line_width) | _heads(seen, ways, line_width)


def _parts(seen: Sights, ways: Sequence[Way], line_width: float) -> Mask:
    """Which sights are parts of these bodies, or one with its arms."""
    found = np.zeros(len(seen.at), bool)
    for way in ways:
        far, aside, times = _beside_way(seen, way, line_width)
        found |= (far > NEAREST) & ((PART[0] < times) | seen.cut) & (times < PART[1]) & (aside < PART_BESIDE)
    return found


def _heads(seen: Sights, ways: Sequence[Way], line_width: float) -> Mask:
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


def new_ways(
    seen: Sights, known: Sequence[Way], line_width: float, usual: float, half: float
) -> list[tuple[Way, Mask]]:
    """Who crosses besides the known ones: each way, and which sights are on it; the best supported first.

    `half` is the half of the picture's width: whoever leaves at its side comes no nearer.
    """
    near = (NEAR[0] < seen.far) & (seen.far < NEAR[1])
    found = list[tuple[Way, Mask]]()

    def search(left: Mask, taken: Mask, fewest: int, is_somebody: Callable[[Sights, Way, list[Way]], bool]) -> None:
        while first := _best(seen, left, line_width, usual, fewest):
            way = _refined(seen, first, left, line_width, usual)
            mine = on_way(seen, way, line_width) & left
            left = left & ~(mine if mine.any() else on_way(seen, first, line_width))
            if is_somebody(seen.only(mine), way, [*known, *(one for one, _ in found)]):
                on = on_way(seen, way, line_width) & ~taken
                found.append((_headed(way, seen.only(on)), on))
                left = left & ~explained(seen, [found[-1][0]], line_width)

    def somebody(mine: Sights, way: Way, others: list[Way]) -> bool:
        return _is_somebody(mine, way, others, line_width, usual, half)

    def before_others(mine: Sights, way: Way, others: list[Way]) -> bool:
        return _crosses(mine, way, usual) and _is_before(mine, way, others, line_width, usual)

    taken = explained(seen, known, line_width)
    search(near & ~taken, taken, FEWEST, somebody)
    parts = _parts(seen, [*known, *(way for way, _ in found)], line_width)
    search(near & ~parts & ~seen.cut, parts, STEADY[0], before_others)
    return found


def _refined(seen: Sights, way: Way, left: Mask, line_width: float, usual: float) -> Way:
    """The way through those of the sights left that are on this one, and so on."""
    before = np.zeros_like(left)
    for _ in range(REFINED):
        mine = on_way(seen, way, line_width) & left
        if (mine == before).all():
            break
        whole, before = mine & ~seen.cut, mine
        if mine.any():
            way = fitted(seen.only(whole if whole.sum() >= FEWEST else mine), usual)
    return way


def _headed(way: Way, mine: Sights) -> Way:
    """With the row of the head, where enough whole sights tell."""
    mine = mine.only(~mine.cut & (mine.top > 1))
    nearness = 1 / np.maximum(way.far(mine.at), NEAREST)
    if len(nearness) < HEADED or np.ptp(nearness) < NEARED:
        return way
    rise, horizon = np.polyfit(nearness, mine.top, 1).tolist()
    return way._replace(horizon=horizon, rise=rise)


def _best(seen: Sights, left: Mask, line_width: float, usual: float, fewest: int) -> Way | None:
    """The way at the usual pace through one of the sights left that most frames support; None where fewer do."""
    rest = seen.only(left)
    tried = np.arange(0, len(rest.at), max(1, len(rest.at) // MOST_TRIED))
    ways = [Way(float(rest.at[n] + (rest.far[n] - 1) / usual), float(rest.x[n] * rest.far[n]), usual) for n in tried]
    support = [len(np.unique(rest.frame[on_way(rest, way, line_width)])) for way in ways]
    if not support or max(support) < fewest:
        return None
    return ways[int(np.argmax(support))]


def _is_somebody(mine: Sights, way: Way, others: Sequence[Way], line_width: float, usual: float, half: float) -> bool:
    """Whether these sights are of somebody who crosses the line and is none of the others."""
    if not _crosses(mine, way, usual) or _beside(way, others, ONE_BODY, line_width, usual):
        return False
    leaves_at = LEAVES * (abs(way.aside) + line_width / 2) / half
    passed = mine.far.min() <= max(PASSED, min(leaves_at, CAME_TO))
    if not passed and _beside(way, others, ABOUT, line_width, usual):
        return False
    return mine.far.min() < UNHIDDEN or not _hidden(mine, way, others, line_width).all()


def _is_before(mine: Sights, way: Way, others: Sequence[Way], line_width: float, usual: float) -> bool:
    """Whether these sights, whose heads may be others', are of somebody before them, or half beside them."""
    frames, reach, spread = STEADY
    steady = np.ptp(mine.far) >= reach and np.log(mine.far / way.far(mine.at)).std() <= spread
    if len(np.unique(mine.frame)) < frames or not steady or mine.far.min() > PASSED:
        return False
    covered, (behind, ahead) = _covered(mine, others, line_width), COVERED_BEHIND
    last = [other.gone - way.gone for other in others if _heads(mine, [other], line_width).any()]
    return covered <= COVERED or (covered <= behind and min(last, default=0.0) * usual >= ahead)


def _covered(mine: Sights, others: Sequence[Way], line_width: float) -> float:
    """Which share of the figures' widths these bodies cover."""
    points = np.linspace(mine.left, mine.right, WIDTH_POINTS + 2)[1:-1]
    found = np.zeros(points.shape, bool)
    for other in others:
        far = other.far(mine.at)
        there = np.maximum(far, NEAREST)
        found |= (far > NEAREST) & (np.abs(points - other.lane(mine.at) / there) < line_width / 2 / there)
    return float(found.mean())


def _crosses(mine: Sights, way: Way, usual: float) -> bool:
    """Whether these sights are of somebody who crosses the line."""
    if _in_a_row(mine) < FEWEST or not PACES[0] * usual < way.pace < PACES[1] * usual:
        return False
    came_to = LEFT_ASIDE if mine.cut[np.argmax(mine.at)] else CAME_TO
    near, brief = mine.far.min() <= came_to, np.ptp(mine.at) * usual < BRIEFEST
    beyond = BEYOND / usual
    return bool(near and not brief and _came_closer(mine) and mine.at.min() - beyond < way.at < mine.at.max() + beyond)


def _in_a_row(mine: Sights) -> int:
    """The most frames that follow each other: single sights of others, far between, are no sight of one body."""
    frames = np.unique(mine.frame)
    breaks = np.flatnonzero(np.diff(frames) > MISSED + 1) + 1
    return max(len(row) for row in np.split(frames, breaks))


def _came_closer(mine: Sights) -> bool:
    """Whether somebody was ever nearer; a side of the picture that cuts a body makes it seem to go back, and never nearer."""
    whole = mine.only(~mine.cut)
    if len(whole.at) < FEWEST:
        return bool(np.ptp(mine.far) > CLOSER)
    if mine.far.min() < whole.far.min() - CLOSER:
        return True
    off = whole.at - whole.at.mean()
    return bool(-(off @ whole.far) * np.ptp(off) > CLOSER * (off @ off))


def _beside(way: Way, others: Sequence[Way], reach: tuple[float, float], line_width: float, usual: float) -> bool:
    along, aside = reach
    return any(
        abs(way.at - other.at) * usual < along and abs(way.aside - other.aside) < aside * line_width for other in others
    )


def _hidden(mine: Sights, way: Way, others: Sequence[Way], line_width: float) -> Mask:
    """Which sights are where somebody nearer stands before this body, and so are rather a part of that one."""
    far, hidden = way.far(mine.at), np.zeros(len(mine.at), bool)
    for other in others:
        nearer = other.far(mine.at)
        there = np.maximum(nearer, NEAREST)
        before = np.abs(other.lane(mine.at) / there - way.lane(mine.at) / far) < HIDES * line_width / there
        hidden |= (nearer > NEAREST) & (nearer < far) & before
    return hidden
