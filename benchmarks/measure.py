"""Contenders in turn, on the same machine in the same minutes; what counts is the median of their rounds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import NamedTuple


class Spread(NamedTuple):
    """The least, the middle and the most of some rounds."""

    least: float
    middle: float
    most: float

    def said(self, unit: str = "", scale: float = 1.0) -> str:
        """`15,312 (14,201-16,020)/s`; small numbers keep their decimals."""
        return f"{_number(self.middle * scale)} ({_number(self.least * scale)}-{_number(self.most * scale)}){unit}"


def spread(figures: Sequence[float]) -> Spread:
    return Spread(min(figures), median(figures), max(figures))


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table: two contenders, their ratio, the goal, and whether it was met."""

    work: str
    ours: str
    other: str
    ratio: str
    goal: str
    met: bool


def table(lines: Sequence[Line]) -> list[str]:
    """The rows as a Markdown table."""
    return [
        "| what | ours | beside it | ratio | goal | met |",
        "|---|---|---|---|---|---|",
        *(
            f"| {one.work} | {one.ours} | {one.other} | {one.ratio} | {one.goal} | {'yes' if one.met else '**no**'} |"
            for one in lines
        ),
    ]


def taken_s(work: Callable[[], object]) -> float:
    """How long this took."""
    begun = perf_counter()
    work()
    return perf_counter() - begun


def alternate(contenders: Mapping[str, Callable[[], float]], rounds: int, warm: bool = True) -> dict[str, list[float]]:
    """Let each contender run once a round, every other round in reverse order; a first, warming round is not counted."""
    figures: dict[str, list[float]] = {name: [] for name in contenders}
    for turn in range(0 if warm else 1, rounds + 1):
        for name in list(contenders)[:: 1 if turn % 2 else -1]:
            figure = contenders[name]()
            if turn:
                figures[name].append(figure)
    return figures


def ratios(upper: Sequence[float], lower: Sequence[float]) -> Spread:
    """The ratio of two contenders, round by round: whatever slowed a round slowed both."""
    return spread([one / other for one, other in zip(upper, lower, strict=True)])


def as_time(seconds: float) -> str:
    """`11.19 s`, `95.5 ms`."""
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1e3:.1f} ms"


def as_times(found: Spread) -> str:
    """A spread of times: the middle (least-most)."""
    return f"{as_time(found.middle)} ({as_time(found.least)}-{as_time(found.most)})"


def _number(value: float) -> str:
    if abs(value) >= 1_000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
