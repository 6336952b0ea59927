"""Counts in bins of a round width: how a whole field becomes forty numbers. Pure."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise
from typing import Final

from timing.instants import MINUTE, SECOND

TIME_WIDTHS: Final = tuple(
    size * SECOND for size in (5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400)
)
"""Widths for race times, in microseconds: those that people count in."""
CLOCK_WIDTHS: Final = tuple(size * MINUTE for size in (1, 2, 5, 10, 15, 30, 60, 120, 240, 720, 1_440))
"""The same by the clock on the wall."""
BARS_MOST: Final = 40
TAIL_PERCENT: Final = 2
TAIL_REACH: Final = 2
"""Where the slowest two in a hundred take as much room as all others together, one open bin holds them."""


@dataclass(frozen=True)
class Bins:
    """How many fall into each bin, series by series.

    Bin `i` holds what lies from `start + i * width` up to, not including, the next one's start; the last holds everything later
    where it is `open_ended`. Values and widths are in microseconds.
    """

    start: int
    width: int
    series: Mapping[str, tuple[int, ...]]
    open_ended: bool = False

    def __len__(self) -> int:
        return len(next(iter(self.series.values()), ()))

    @cached_property
    def totals(self) -> tuple[int, ...]:
        """Everybody in each bin."""
        return tuple(map(sum, zip(*self.series.values(), strict=True)))

    @property
    def most(self) -> int:
        return max(self.totals, default=0)

    @property
    def end(self) -> int:
        """Where the last bin ends, were it as wide as the others."""
        return self.start + len(self) * self.width

    def edges(self) -> Iterator[tuple[int, int | None]]:
        """Where each bin begins and ends; None for the end of an open one."""
        for at in range(len(self)):
            begin = self.start + at * self.width
            yield begin, None if self.open_ended and at == len(self) - 1 else begin + self.width


def binned(series: Mapping[str, Sequence[int]], widths: Sequence[int], most: int = BARS_MOST) -> Bins | None:
    """Count values, each series in any order, in at most so many bins of the smallest width that will do; None without values."""
    ordered = {name: sorted(values) for name, values in series.items()}
    everything = sorted(chain.from_iterable(ordered.values()))
    if not everything:
        return None
    first, last, reach = everything[0], everything[-1], _reach(everything)
    width = round_width(first, reach, widths, most - (reach < last))
    start = first // width * width
    whole = (reach - start) // width + 1
    open_ended = last >= start + whole * width
    edges = [start + at * width for at in range(whole + 1)]
    counted = {name: _counted(values, edges, open_ended) for name, values in ordered.items()}
    return Bins(start, width, counted, open_ended)


def round_width(first: int, last: int, widths: Sequence[int], most: int) -> int:
    """The smallest of these widths, or else a multiple of the widest, with which at most so many bins hold all."""
    for width in widths:
        if last // width - first // width < most:
            return width
    width = widths[-1]
    while last // width - first // width >= most:
        width *= 2
    return width


def _reach(ordered: Sequence[int]) -> int:
    """How far the bins must reach: to the last, or to where a long thin tail begins."""
    first, last = ordered[0], ordered[-1]
    near = ordered[len(ordered) - 1 - len(ordered) * TAIL_PERCENT // 100]
    return near if last - first > TAIL_REACH * (near - first) > 0 else last


def _counted(ordered: Sequence[int], edges: Sequence[int], open_ended: bool) -> tuple[int, ...]:
    """How many lie between each two edges: found by halving, so that the largest field costs little."""
    before = [bisect_left(ordered, edge) for edge in edges]
    inside = tuple(later - earlier for earlier, later in pairwise(before))
    return (*inside, len(ordered) - before[-1]) if open_ended else inside
