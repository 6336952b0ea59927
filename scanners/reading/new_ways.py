"""Who crosses besides those whose bibs were read: ways through the near sights of all figures, the best supported first. Pure.

Bibs that were read are ways already, and what their bodies explain is nobody else. A figure in a crowd may be two in one or a part
of one, so whoever is found must come nearer, over the line, on sights that no other body is likelier to have made.
"""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from scanners.reading.ways import NEAREST, Mask, Sights, Way, explained, fitted, headed, heads_of, on_way, parts_of

NEAR: Final = (0.28, 1.2)
"""Distances of the sights from which ways are found."""
PACES: Final = (0.3, 1.7)
"""Of the usual pace: whoever is slower stands about, and faster is no runner."""
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
                found.append((headed(way, seen.only(on)), on))
                left = left & ~explained(seen, [found[-1][0]], line_width)

    def somebody(mine: Sights, way: Way, others: list[Way]) -> bool:
        return _is_somebody(mine, way, others, line_width, usual, half)

    def before_others(mine: Sights, way: Way, others: list[Way]) -> bool:
        return _crosses(mine, way, usual) and _is_before(mine, way, others, line_width, usual)

    taken = explained(seen, known, line_width)
    search(near & ~taken, taken, FEWEST, somebody)
    parts = parts_of(seen, [*known, *(way for way, _ in found)], line_width)
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
    last = [other.gone - way.gone for other in others if heads_of(mine, [other], line_width).any()]
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
