"""When a bib reached the line, from how its code grew as it came nearer. Pure.

A code's size in the picture is inversely proportional to its distance, so for somebody who walks evenly `line_px / size`, the
distance in units of the line's own, falls in a straight line over time and is 1 at the line. The line's place is given as the
size that a bib's code has when it is held over the line. Whoever was seen too briefly to tell how fast they came borrows the
pace of the runners before them: the least squares have a prior for the slope, which counts for nothing beside a dozen sightings.
"""

from collections import deque
from collections.abc import Sequence
from itertools import pairwise
from math import sqrt
from statistics import fmean, stdev
from typing import Final, NamedTuple

from timing.race.instants import SECOND, Instant, Span

Sizes = Sequence[tuple[Instant, float]]
"""A code's sizes in pixels, in the order of time."""

FIT_WITHIN: Final = 0.5
"""Seconds before and after the crossing from which sightings take part in the fit: nobody walks evenly for long."""
GAP_MOST: Final = 1.0
"""Seconds out of sight across which somebody is believed to have walked evenly."""
REACH: Final = 2.0
"""Seconds beyond the sightings to which the fit may lead."""
BESIDE: Final = 0.5
"""Seconds beyond the sightings within which it still tells as well as among them: nobody walks evenly for long."""
COMMON_NOISE: Final = 0.01
"""What all sizes of one runner are off together, at the line."""
AT_THE_LINE: Final = 0.03
"""So near to 1 a distance may be on either side of the line."""
SIZE_NOISE: Final = 0.015
EDGE_NOISE_PX: Final = 0.4
"""Standard errors of a size: a part of itself (folds, the turn of the body), and what the corners are off."""
PACE: Final = 1.4
PACE_SPREAD: Final = 0.6
"""Mean and standard deviation of an unknown pace, in distances of the line a second: 1-6 m/s towards a line 1.5-4 m away."""
PACE_LEAST: Final = 0.05
REMEMBERED: Final = 50
FEWEST: Final = 3
"""Runners before the pace of the others is known, and sightings before one's own is."""
STEADY: Final = 0.15
"""An own pace is known when its standard error is at most such a part of it."""
LEAST_SPREAD: Final = 0.25
"""Of the mean: the next runner may differ more from the last ones than they from each other."""


class MeasuredCrossing(NamedTuple):
    """The instant at the line and its standard error; `estimated` where the pace is rather others', or nobody saw the runner near it."""

    at: Instant
    doubt: Span
    estimated: bool


class Pace(NamedTuple):
    """How fast runners come nearer: distances of the line a second, mean and standard deviation."""

    mean: float = PACE
    spread: float = PACE_SPREAD


class Paces:
    """The paces of one camera's last runners."""

    def __init__(self) -> None:
        self._known: deque[float] = deque(maxlen=REMEMBERED)

    @property
    def usual(self) -> Pace:
        if len(self._known) < FEWEST:
            return Pace()
        mean = fmean(self._known)
        return Pace(mean, max(stdev(self._known), LEAST_SPREAD * mean))

    def learn(self, sizes: Sizes, line_px: float, last: bool) -> None:
        """Take in a runner whose own sightings tell the pace."""
        window = _window(_distances(sizes, line_px), last)
        if len(window.near) < FEWEST:
            return
        fit = _fit(window.near, Pace(spread=1e6))
        if fit.pace > 0 and fit.pace_error <= STEADY * fit.pace:
            self._known.append(fit.pace)


class _Distance(NamedTuple):
    """One sighting: seconds since the first, distance in units of the line's, and its standard error."""

    at_s: float
    far: float
    error: float


class _Window(NamedTuple):
    """The sightings that take part, and between which two seconds the line was crossed as far as they tell."""

    near: list[_Distance]
    earliest: float = float("-inf")
    latest: float = float("inf")


class _Fit(NamedTuple):
    """A straight line through `(at_s, far)` with standard errors; `borrowed` is the prior's share of the slope."""

    at_s: float
    far: float
    far_error: float
    pace: float
    pace_error: float
    borrowed: float


def crossing(sizes: Sizes, line_px: float, pace: Pace | None = None, last: bool = True) -> MeasuredCrossing | None:
    """When the code grew past `line_px`: the last time (whoever waits at a start) or the first (whoever stays behind a finish).

    It is never before a sighting on the near side of the line or after one on the far side. None where the code does not come
    nearer, or was seen too far from the line.
    """
    if not sizes:
        return None
    window = _window(_distances(sizes, line_px), last)
    found = _solved(window, pace or Pace())
    if found is None:
        return None
    at_s, error, borrowed = found
    at = Instant(sizes[0][0] + round(at_s * SECOND))
    if at < 0:  # of a film that is tried, whose instants count from its first frame
        return None
    unseen = not window.near[0].at_s - BESIDE <= at_s <= window.near[-1].at_s + BESIDE
    return MeasuredCrossing(at, Span(round(error * SECOND)), borrowed > 0.5 or unseen)


def _distances(sizes: Sizes, line_px: float) -> list[_Distance]:
    origin = sizes[0][0] if sizes else 0
    return [
        _Distance((at - origin) / SECOND, line_px / px, line_px / px * sqrt(SIZE_NOISE**2 + (EDGE_NOISE_PX / px) ** 2))
        for at, px in sizes
    ]


def _window(seen: Sequence[_Distance], last: bool) -> _Window:
    """The sightings around the crossing, on both sides of a gap; only on the nearer side of a long one."""
    clear = [one for one in seen if abs(one.far - 1) > AT_THE_LINE]
    passed = [(far, near) for far, near in pairwise(clear) if far.far > 1 > near.far]
    if passed:
        before, after = passed[-1 if last else 0]
        return _Window(_between(seen, before, after, last), before.at_s, after.at_s)
    return _one_sided(seen, clear, last)


def _between(seen: Sequence[_Distance], before: _Distance, after: _Distance, last: bool) -> list[_Distance]:
    """Both sides of the line, unless they are so far apart in time that the pace between them is not known."""
    if after.at_s - before.at_s <= GAP_MOST:
        return _around(seen, [before, after])
    if any(before.at_s < one.at_s < after.at_s for one in seen):  # stood at the line itself
        return _since(seen, after) if last else _until(seen, before)
    return _around(seen, [min(before, after, key=lambda one: abs(one.far - 1))])


def _one_sided(seen: Sequence[_Distance], clear: Sequence[_Distance], last: bool) -> _Window:
    """Seen on one side of the line only: it was crossed after the last sighting there, or before the first.

    Who stands at the line itself has crossed it on arriving there, or at a start crosses it on leaving.
    """
    if not clear:
        return _Window(_around(seen, seen[-1:] if last else seen[:1]))
    if clear[-1].far > 1:
        return _Window(_until(seen, seen[-1] if last else clear[-1]), earliest=clear[-1].at_s)
    return _Window(_since(seen, clear[0] if last else seen[0]), latest=clear[0].at_s)


def _until(seen: Sequence[_Distance], end: _Distance) -> list[_Distance]:
    return [one for one in seen if end.at_s - FIT_WITHIN <= one.at_s <= end.at_s]


def _since(seen: Sequence[_Distance], first: _Distance) -> list[_Distance]:
    return [one for one in seen if first.at_s <= one.at_s <= first.at_s + FIT_WITHIN]


def _around(seen: Sequence[_Distance], ends: Sequence[_Distance]) -> list[_Distance]:
    return [one for one in seen if ends[0].at_s - FIT_WITHIN <= one.at_s <= ends[-1].at_s + FIT_WITHIN]


def _solved(window: _Window, pace: Pace) -> tuple[float, float, float] | None:
    """The second of the crossing, its standard error, and how much of the pace is borrowed."""
    fit = _fit(window.near, pace)
    between = window.latest - window.earliest
    if fit.pace < PACE_LEAST:
        if between == float("inf"):
            return None
        return (window.earliest + window.latest) / 2, between / sqrt(12), 1.0
    at_s = fit.at_s + (fit.far - 1) / fit.pace
    error = sqrt(COMMON_NOISE**2 + fit.far_error**2 + ((at_s - fit.at_s) * fit.pace_error) ** 2) / fit.pace
    at_s = min(max(at_s, window.earliest), window.latest)
    if not window.near[0].at_s - REACH <= at_s <= window.near[-1].at_s + REACH:
        return None
    return at_s, min(error, between / sqrt(12)) if between > 0 else error, fit.borrowed


def _fit(near: Sequence[_Distance], pace: Pace) -> _Fit:
    """Weighted least squares with a prior for the slope."""
    weights = [1 / one.error**2 for one in near]
    total = sum(weights)
    at_s = sum(w * one.at_s for w, one in zip(weights, near, strict=True)) / total
    far = sum(w * one.far for w, one in zip(weights, near, strict=True)) / total
    told = sum(w * (one.at_s - at_s) ** 2 for w, one in zip(weights, near, strict=True))
    slope = -sum(w * (one.at_s - at_s) * (one.far - far) for w, one in zip(weights, near, strict=True))
    prior = 1 / pace.spread**2
    return _Fit(
        at_s,
        far,
        1 / sqrt(total),
        (slope + prior * pace.mean) / (told + prior),
        1 / sqrt(told + prior),
        prior / (told + prior),
    )
