"""How fast a firm's people are: the fastest, the middle half, the slowest, as a thin line, a thick one and a stroke. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from results.board.plots.axes import Scale
from results.board.plots.svg import path, short

ROW_WIDTH: Final = 300
ROW_HEIGHT: Final = 28
EDGE: Final = 4


@dataclass(frozen=True, slots=True)
class Spread:
    """A firm's finishers by time, in microseconds."""

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


def spread_scale(spreads: Sequence[Spread]) -> Scale:
    """One scale for all rows of a table."""
    low, high = min(one.fastest for one in spreads), max(one.slowest for one in spreads)
    return Scale(low, high, EDGE, ROW_WIDTH - EDGE)


def spread_row(one: Spread, scale: Scale) -> str:
    """One row's drawing. It stretches with its cell, and says nothing that the row's figures do not say: nobody reads it out."""
    middle = ROW_HEIGHT / 2
    fastest, quarter, median, three, slowest = (
        short(scale.at(value)) for value in (one.fastest, one.quarter, one.median, one.three_quarters, one.slowest)
    )
    return (
        f'<svg class="spread" viewBox="0 0 {ROW_WIDTH} {ROW_HEIGHT}" preserveAspectRatio="none" aria-hidden="true">'
        + path("range", f"M{fastest} {short(middle)}H{slowest}")
        + path("half", f"M{quarter} {short(middle)}H{three}")
        + path("ends", f"M{fastest} {short(middle - 5)}v10M{slowest} {short(middle - 5)}v10")
        + path("median", f"M{median} {short(middle - 11)}v22")
        + "</svg>"
    )
