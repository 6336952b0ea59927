"""What the charts show: a histogram of finish times, finishers by the clock, and firms compared. Pure; values in microseconds.

Nothing here knows a name or a person, and no style: `plots.html` and `histogram.html` draw what is placed here.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, count, pairwise
from math import ceil
from typing import Final, NamedTuple

from results.ranking.rows import Row
from timing.race.instants import SECOND, Span, clock_face

WIDTHS: Final = tuple(
    size * SECOND for size in (5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400)
)
"""Widths of bars, and distances of the labels below them, in microseconds."""
MINUTE_WIDTHS: Final = tuple(width for width in WIDTHS if width >= 60 * SECOND)
BARS_MOST: Final = 40
BARS_LEAST: Final = 12
"""The axis has room for at least so many bars, so that one alone is not as wide as the chart."""
TAIL_PERCENT: Final = 2
TAIL_REACH: Final = 2
"""Where the slowest 2 percent would take more room than all others, one open bin holds them."""
FIRMS_MOST: Final = 20
FINISHERS_LEAST: Final = 3
"""The fewest finishers of a firm that is drawn."""

WIDTH, HEIGHT = 640, 280
LEFT, RIGHT, TOP, BOTTOM = 64, 584, 40, 248
"""The edges of the bars; outside them the labels have room, in the large letters that a phone needs."""
GAP: Final = 1.5
LABELS_MOST: Final = 5


@dataclass(frozen=True, slots=True)
class Bins:
    """How many lie in each bin: bin `i` begins at `start + i * width`; the last holds everything later where it is `open_ended`."""

    start: int
    width: int
    counts: tuple[int, ...]
    open_ended: bool

    def edges(self) -> Iterator[tuple[int, int | None]]:
        """Where each bin begins and ends; None for the end of an open one."""
        for at in range(len(self.counts)):
            begin = self.start + at * self.width
            yield begin, None if self.open_ended and at == len(self.counts) - 1 else begin + self.width


def binned(values: Sequence[int], widths: Sequence[int], until: int = 0) -> Bins | None:
    """Count values, in any order, in at most `BARS_MOST` bins of the smallest width that will do; None without values.

    The bins go on up to `until`, where the values end earlier.
    """
    ordered = sorted(values)
    if not ordered:
        return None
    first, reach = ordered[0], max(_reach(ordered), until)
    width = _step(reach - first, _times(widths), BARS_MOST - 2)
    start = first // width * width
    whole = (reach - start) // width + 1
    before = [bisect_left(ordered, start + at * width) for at in range(whole + 1)]
    late = len(ordered) - before[-1]
    counts = (*(later - earlier for earlier, later in pairwise(before)), *((late,) if late else ()))
    return Bins(start, width, counts, bool(late))


def _reach(ordered: Sequence[int]) -> int:
    """How far the bins must reach: to the last, or to where a long thin tail begins."""
    first, last = ordered[0], ordered[-1]
    near = ordered[len(ordered) - 1 - len(ordered) * TAIL_PERCENT // 100]
    return near if last - first > TAIL_REACH * (near - first) > 0 else last


def _times(widths: Sequence[int]) -> Iterator[int]:
    return chain(widths, (widths[-1] * 2**power for power in count(1)))


def _counts() -> Iterator[int]:
    return (digit * 10**power for power in count() for digit in (1, 2, 5))


def _step(reach: int, steps: Iterator[int], most: int) -> int:
    """The smallest round step of which `most` go so far."""
    return next(step for step in steps if reach <= step * most)


class Label(NamedTuple):
    """A text beside or below the bars: where it stands along its axis."""

    at: float
    text: str


@dataclass(frozen=True)
class Histogram:
    """Bins placed on a picture of `WIDTH` x `HEIGHT`; `face` writes a value of the axis below, `least` is seen on the other one."""

    bins: Bins
    face: Callable[[int], str]
    least: float = 0

    @cached_property
    def bars(self) -> str:
        """All bars as one path, the same for everybody who looks."""
        slot = self._slot
        return "".join(
            f"M{LEFT + at * slot + GAP / 2:.1f} {BOTTOM}V{self._y(number):.1f}h{slot - GAP:.1f}V{BOTTOM}z"
            for at, number in enumerate(self.bins.counts)
            if number
        )

    def line(self, values: Sequence[float]) -> str:
        """A path through a value above the middle of each bin; empty without values."""
        points = (f"{LEFT + (at + 0.5) * self._slot:.1f} {self._y(value):.1f}" for at, value in enumerate(values))
        return "M" + "L".join(points) if values else ""

    @cached_property
    def rows(self) -> list[Label]:
        """Round counts from 0 up to the first at or above the largest."""
        return [Label(round(self._y(value), 1), f"{value:,}") for value in range(0, self._top + 1, self._up)]

    @cached_property
    def columns(self) -> list[Label]:
        """Round values below."""
        low, high = self.bins.start, self._end
        step = _step(high - low, _times(WIDTHS), LABELS_MOST - 1)
        return [Label(round(self.x(at), 1), self.face(at)) for at in range(-(-low // step) * step, high + 1, step)]

    def x(self, value: int) -> float:
        """The x coordinate of a value, limited to the axis."""
        share = (value - self.bins.start) / (self._end - self.bins.start)
        return LEFT + min(max(share, 0), 1) * (RIGHT - LEFT)

    @property
    def _slot(self) -> float:
        return (RIGHT - LEFT) / max(len(self.bins.counts), BARS_LEAST)

    @property
    def _end(self) -> int:
        return self.bins.start + max(len(self.bins.counts), BARS_LEAST) * self.bins.width

    @cached_property
    def _up(self) -> int:
        return _step(self._most, _counts(), 4)

    @property
    def _top(self) -> int:
        return -(-self._most // self._up) * self._up

    @property
    def _most(self) -> int:
        return max(*self.bins.counts, ceil(self.least), 1)

    def _y(self, number: float) -> float:
        return BOTTOM - number / self._top * (BOTTOM - TOP)


class Spread(NamedTuple):
    """A firm's finishers by time."""

    company: str
    finishers: int
    fastest: int
    quarter: int
    median: int
    three_quarters: int
    slowest: int


def spread_of(company: str, times: Sequence[int]) -> Spread:
    """The spread of times that are in order.

    >>> spread_of("c0001", [10, 20, 30, 50])
    Spread(company='c0001', finishers=4, fastest=10, quarter=10, median=25, three_quarters=50, slowest=50)
    """
    last = len(times) - 1
    quarter = last // 4
    median = (times[last // 2] + times[-1 - last // 2]) // 2
    return Spread(company, len(times), times[0], times[quarter], median, times[last - quarter], times[last])


@dataclass(frozen=True, slots=True)
class PlotFigures:
    """The figures of one version; `firms` are those with the most finishers, by median."""

    finishers: int
    times: Histogram | None
    clock: Bins | None
    firms: list[Spread]


def figures_of(finishers: Sequence[Row]) -> PlotFigures:
    """The figures of all with a place. Withheld runners count in the histograms, which name nobody, and in no firm's spread."""
    times = [row.time for row in finishers if row.time is not None]
    crossed = [row.judged.finish.at for row in finishers if row.time is not None and row.judged.finish]
    bins = binned(times, WIDTHS)
    histogram = Histogram(bins, time_face) if bins else None
    return PlotFigures(len(finishers), histogram, binned(crossed, MINUTE_WIDTHS), _firms(finishers))


def _firms(finishers: Sequence[Row]) -> list[Spread]:
    times: defaultdict[str, list[int]] = defaultdict(list)
    for row in finishers:
        if row.time is not None and row.entrant.company and not row.ruled.withheld:
            times[row.entrant.company].append(row.time)
    found = [spread_of(company, sorted(own)) for company, own in times.items() if len(own) >= FINISHERS_LEAST]
    most = sorted(found, key=lambda one: (-one.finishers, one.median, one.company))[:FIRMS_MOST]
    return sorted(most, key=lambda one: (one.median, one.company))


def time_face(time: int) -> str:
    """A time in microseconds as it stands on an axis or at the edge of a bin."""
    return clock_face(Span(time), "down")
