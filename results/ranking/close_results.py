"""Results whose order the instants leave open: closer than the clocks can tell, or than an estimated crossing is right to. Pure."""

from collections.abc import Iterator, Sequence
from math import hypot
from typing import Final, NamedTuple

from results.ranking.rows import Row
from results.ranking.standings import Standings
from timing.race.instants import MILLISECOND, Span
from timing.race.passings import Passing, Scan
from timing.race.rules import Rules

BY_BODY: Final = Span(200 * MILLISECOND)
"""Two standard deviations of an instant by the width of the body, which an unread person has (docs/benchmarks/reading.md)."""
BY_PACE: Final = Span(150 * MILLISECOND)
"""What a crossing with the speed of other runners is off at most, 0.13 s, and a little more (docs/benchmarks/crossings.md)."""


class Estimate(NamedTuple):
    """A passing whose instant is estimated, and how far that may be off either way."""

    margin: Span
    passing: Passing


class CloseResults(NamedTuple):
    """Neighbours by rank, two or more, whose places may be others; each with the estimates on which the time rests."""

    rows: Sequence[Row]
    estimates: Sequence[Sequence[Estimate]]
    """By row; all empty where only the clocks' uncertainty is in question."""

    @property
    def roughest(self) -> Estimate | None:
        """The estimate that may be off most, the first of several."""
        return max((one for own in self.estimates for one in own), key=_margin, default=None)


def close_results(standings: Standings) -> list[CloseResults]:
    """Each run of neighbours whose order is open, in order of rank; whoever cannot change places is in none.

    Two are open where their times differ by no more than the root of the squares of the clocks' uncertainty and of both margins.
    Equal times of measured instants share a place; those that were ruled a dead heat are settled, as is a time that was let stand.
    """
    ranked, rules = standings.ranked, standings.rules
    estimates = [estimates_of(row, rules) for row in ranked]
    doubts = [hypot(*(one.margin for one in own)) for own in estimates]
    runs = _runs(ranked, doubts, rules.uncertainty_ms * MILLISECOND)
    return [CloseResults(ranked[first : last + 1], estimates[first : last + 1]) for first, last in runs]


def estimates_of(row: Row, rules: Rules) -> list[Estimate]:
    """The estimated passings on which the time rests that ranks; none where an official let it stand."""
    timed = (row.judged.start, row.judged.finish) if rules.basis == "net" else (row.judged.finish,)
    found = [Estimate(margin_of(one.scan), one) for one in timed if one and one.scan]
    return [one for one in found if one.margin and not row.confirmed]


def margin_of(scan: Scan) -> Span:
    """How far the instant of a scan may be off where it was estimated; 0 where it was not."""
    if scan.source == "unread":
        return BY_BODY
    return BY_PACE if scan.crossed_at is not None and scan.crossing == "estimated" else Span(0)


def _margin(estimate: Estimate) -> Span:
    return estimate.margin


def _runs(ranked: Sequence[Row], doubts: Sequence[float], clocks: float) -> Iterator[tuple[int, int]]:
    """First and last index of each run; pairs that have somebody in common, or overlap, are one."""
    most = max(doubts, default=0)
    if not (most or clocks):
        return
    first = last = 0
    for at in range(len(ranked)):
        if at > last:
            if last > first:
                yield first, last
            first = last = at
        last = max(last, _reach(at, ranked, doubts, clocks, most))
    if last > first:
        yield first, last


def _reach(at: int, ranked: Sequence[Row], doubts: Sequence[float], clocks: float, most: float) -> int:
    """The last index of somebody whose order with this one is open; `most` is the greatest doubt of all."""
    row, own = ranked[at], hypot(clocks, doubts[at])
    farthest, reach = hypot(own, most), at
    for index in range(at + 1, len(ranked)):
        other = ranked[index]
        apart = (other.time or 0) - (row.time or 0)
        if apart > farthest:
            break
        measured = not (doubts[at] or doubts[index])
        settled = row.ruled.dead_heat and row.ruled.dead_heat == other.ruled.dead_heat
        if apart <= hypot(own, doubts[index]) and not settled and (apart or not measured):
            reach = index
    return reach
