"""Bars that stand beside each other, series upon series, with their axes: finish times, and finishers by the clock. Pure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from results.board.plots.axes import (
    BOTTOM,
    LEFT,
    RIGHT,
    TOP,
    WIDTH,
    Anchor,
    Label,
    Scale,
    count_ticks,
    fitted,
    time_ticks,
)
from results.board.plots.bins import Bins
from results.board.plots.svg import bar, figure, path, short, text

HEIGHT: Final = 280
GAP: Final = 1.5
"""Between bars, so that each is seen."""
SLOTS_LEAST: Final = 12
"""So many bars have room in any case: one alone is no wall."""
Face = Callable[[int], str]
"""How a value on the axis is written."""


@dataclass(frozen=True)
class Bars:
    """A drawing of bins; `steps` are the round distances of the labels below."""

    bins: Bins
    steps: Sequence[int]
    face: Face

    @property
    def slots(self) -> int:
        """How many bars have room."""
        return max(len(self.bins), SLOTS_LEAST)

    @property
    def across(self) -> Scale:
        return Scale(self.bins.start, self.bins.start + self.slots * self.bins.width, LEFT, WIDTH - RIGHT)

    @property
    def up(self) -> Scale:
        return Scale(0, count_ticks(self.bins.most)[-1], HEIGHT - BOTTOM, TOP)

    @cached_property
    def fixed(self) -> str:
        """The bars and the axes: the same for everybody who looks, and so put together once."""
        return "".join(self._fixed())

    def _fixed(self) -> Iterator[str]:
        yield path("grid", self._grid())
        under = [0] * len(self.bins)
        for name, counts in self.bins.series.items():
            yield path(f"s-{name}", self._series(counts, under))
            under = [low + more for low, more in zip(under, counts, strict=True)]
        yield from (text(label) for label in self.labels())

    def labels(self) -> Iterator[Label]:
        """The figures beside and below."""
        for value in count_ticks(self.bins.most):
            yield Label(LEFT - 8, self.up.at(value) + 6, f"{value:,}", "end")
        for value in time_ticks(self.across.low, self.across.high, self.steps):
            yield fitted(Label(self.across.at(value), HEIGHT - BOTTOM + 26, self.face(value)))

    def mark(self, value: int, words: str) -> Iterator[str]:
        """Where one value stands: an arrow from above, with words that stay on the picture."""
        x = self.across.at(min(value, self.bins.end))
        low, high = self.up.begin, self.up.end
        yield path("me-line", f"M{short(x)} {short(low)}V{short(high)}")
        yield path("me", f"M{short(x - 8)} {short(high - 10)}h16l-8 12z")
        anchor: Anchor = "start" if x < WIDTH / 3 else "end" if x > WIDTH * 2 / 3 else "middle"
        shift = {"start": -8, "end": 8, "middle": 0}[anchor]
        yield text(fitted(Label(x + shift, high - 16, words, anchor)), "me")

    def drawing(self, name: str, title: str, description: str, more: Iterable[str] = ()) -> str:
        """The picture, with somebody's mark where `more` holds one."""
        return figure(name, HEIGHT, title, description, (self.fixed, *more))

    def _series(self, counts: Sequence[int], under: Sequence[int]) -> str:
        across, up = self.across, self.up
        width = (across.end - across.begin) / self.slots
        gap = min(GAP, width / 4)
        return "".join(
            bar(across.begin + at * width + gap / 2, up.at(low + count), width - gap, up.at(low) - up.at(low + count))
            for at, (count, low) in enumerate(zip(counts, under, strict=True))
            if count
        )

    def _grid(self) -> str:
        return "".join(f"M{LEFT} {short(self.up.at(value))}H{WIDTH - RIGHT}" for value in count_ticks(self.bins.most))
