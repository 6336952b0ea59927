"""How many arrive in each minute, and how many are expected: what a line that reads nobody, or a rush to come, is seen by. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import erfc, exp, log, pi, sqrt
from statistics import NormalDist, fmean, median, pvariance
from typing import Final

from results.board.plots import MINUTE_WIDTHS, Bins, binned
from results.ranking.rows import Row, Status
from timing.race.instants import SECOND, Instant

FEWEST: Final = 5
"""People who are in, before anything is expected of the others."""
LOST: Final = 3
"""Whoever is out for so many times the median is not waited for."""
SPREADS: Final = tuple(step / 25 for step in range(3, 13))
"""What the spread of the logarithm of net times is sought among: 0.12 is a field of racers, 0.48 one of racers and walkers."""
USUAL_SPREAD: Final = NormalDist(0.22, 0.06)
"""Of 4 to 10 km for everybody; says something only while few are in."""
GRAIN_S: Final = 30
"""Starts and ages are counted in steps of so many seconds."""
EXPECTED: Final = 0.98
"""The picture ends when so many of those who are expected are in."""
STEP_S: Final = 60
TINY: Final = 1e-300
"""Has a logarithm."""


@dataclass(frozen=True, slots=True)
class ArrivalCurve:
    """Arrivals by the clock, and for each of these bins how many are expected; nothing while too few are in."""

    came: Bins
    expected: tuple[float, ...] = ()


def arrival_curve(rows: Iterable[Row], now: Instant) -> ArrivalCurve | None:
    """Arrivals in minutes (or more, where the race is long); None while nobody has arrived.

    Expected are all who started, each from their own start, with net times whose logarithm is normally distributed, the
    likeliest such distribution for the times so far, where whoever is still out counts as "longer than until now". So the curve follows
    the field, and minutes in which nobody was read stand out below it.
    """
    rows = list(rows)
    came = [row.judged.finish.at for row in rows if row.judged.finish]
    begun = [(at, row) for row in rows if (at := _begun(row)) is not None]
    ran = [net / SECOND for _, row in begun if row.status is Status.FINISHED and (net := row.net_time or 0) > 0]
    if len(ran) < FEWEST:
        bins = binned(came, MINUTE_WIDTHS)
        return ArrivalCurve(bins) if bins else None
    longest = LOST * median(ran)
    waited = [at for at, row in begun if row.status is Status.FINISHED or (now - at) / SECOND <= longest]
    starts = Counter(at // SECOND // GRAIN_S * GRAIN_S for at in waited)
    out = [
        (now - at) / SECOND for at, row in begun if row.status is Status.STARTED and 0 < now - at <= longest * SECOND
    ]
    times = _fitted(ran, out)
    bins = binned(came, MINUTE_WIDTHS, _end(starts, times, longest) * SECOND)
    assert bins
    edges = [(bins.start + at * bins.width) / SECOND for at in range(len(bins.counts) + 1)]
    before = [_in_by(starts, times, edge) for edge in edges]
    return ArrivalCurve(bins, tuple(later - earlier for earlier, later in pairwise(before)))


def _begun(row: Row) -> Instant | None:
    """When somebody set out, as far as is known: the start, else the gun."""
    if row.status not in (Status.STARTED, Status.FINISHED):
        return None
    return row.judged.start.at if row.judged.start else row.judged.gun


def _fitted(ran: Sequence[float], out: Iterable[float]) -> NormalDist:
    """The likeliest distribution of the logarithm of net times; seconds of those who are in, and since the starts of those still out."""
    logs = [log(seconds) for seconds in ran]
    middle, variance, number = fmean(logs), pvariance(logs), len(logs)
    waiting = Counter(max(1, int(seconds) // GRAIN_S) * GRAIN_S for seconds in out)

    def likelihood(one: NormalDist) -> float:
        """Its logarithm, but for a constant."""
        read = number * (log(one.stdev) + (variance + (middle - one.mean) ** 2) / (2 * one.variance))
        still = sum(people * log(max(_more(one, seconds), TINY)) for seconds, people in waiting.items())
        return still - read + log(USUAL_SPREAD.pdf(one.stdev))

    def of_spread(spread: float) -> NormalDist:
        """The likeliest of this spread: halves the range of its middle, for the likelihood has one summit."""
        low, high = middle, middle + log(LOST) * 2
        for _ in range(20):
            tried = NormalDist((low + high) / 2, spread)
            pull = sum(people * _hazard((log(seconds) - tried.mean) / spread) for seconds, people in waiting.items())
            if pull > number * (tried.mean - middle) / spread:
                low = tried.mean
            else:
                high = tried.mean
        return NormalDist((low + high) / 2, spread)

    return max(map(of_spread, SPREADS), key=likelihood)


def _hazard(deviations: float) -> float:
    """Density by what is left above, of the standard normal distribution."""
    if deviations > 25:  # where both are next to nothing
        return deviations
    return sqrt(2 / pi) * exp(-deviations * deviations / 2) / erfc(deviations / sqrt(2))


def _more(times: NormalDist, seconds: float) -> float:
    """The share who run for longer; exact where it is next to nothing, as 1 - cdf is not."""
    return 1.0 if seconds <= 0 else erfc((log(seconds) - times.mean) / times.stdev / sqrt(2)) / 2


def _in_by(starts: Mapping[int, int], times: NormalDist, at: float) -> float:
    return sum(people * (1 - _more(times, at - start)) for start, people in starts.items())


def _end(starts: Mapping[int, int], times: NormalDist, longest: float) -> int:
    """The second by which nearly all are expected to be in."""
    first, total = min(starts), sum(starts.values())
    last = max(starts) + int(longest)
    minutes = range(first, last, STEP_S)
    return next((at for at in minutes if _in_by(starts, times, at) >= EXPECTED * total), last)
