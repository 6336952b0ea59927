"""Where things stand on a plot: scales, round ticks, and labels that neither touch nor leave the picture. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

WIDTH: Final = 640
LEFT: Final = 64
RIGHT: Final = 40
TOP: Final = 40
BOTTOM: Final = 32
LETTER_PX: Final = 22
"""The largest size of a label: on a phone, where the whole picture is half as wide. A desk shows smaller ones."""
DIGIT_EM: Final = 0.6
LABELS_MOST: Final = 5
TICKS_MOST: Final = 4
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from `low` to `high` on the picture from `begin` to `end`; values outside stand at the nearest end."""

    low: int
    high: int
    begin: float
    end: float

    def at(self, value: float) -> float:
        if self.high == self.low:
            return self.begin
        share = min(max((value - self.low) / (self.high - self.low), 0), 1)
        return self.begin + share * (self.end - self.begin)


@dataclass(frozen=True, slots=True)
class Label:
    """A text at a place on the picture."""

    x: float
    y: float
    text: str
    anchor: Anchor = "middle"

    @property
    def width(self) -> float:
        """At most how wide it is, in the largest size; for figures, which are all that plots are labelled with."""
        return len(self.text) * LETTER_PX * DIGIT_EM

    @property
    def reach(self) -> tuple[float, float]:
        """From where to where it stands."""
        before = {"start": 0.0, "middle": self.width / 2, "end": self.width}[self.anchor]
        return self.x - before, self.x - before + self.width


def count_ticks(most: int, ticks_most: int = TICKS_MOST) -> list[int]:
    """Round counts from 0 up to the first at or above the largest.

    >>> count_ticks(177), count_ticks(3), count_ticks(0), count_ticks(9)
    ([0, 50, 100, 150, 200], [0, 1, 2, 3], [0, 1], [0, 5, 10])
    """
    step, size = 1, 1
    while -(-most // step) > ticks_most:
        step = next((round_one * size for round_one in (1, 2, 5) if round_one * size > step), 0)
        if not step:
            size *= 10
            step = size
    return list(range(0, max(-(-most // step), 1) * step + 1, step))


def time_ticks(low: int, high: int, steps: Sequence[int], most: int = LABELS_MOST) -> list[int]:
    """Multiples of a round step between two values, as many as labels have room for.

    >>> time_ticks(14, 51, (5, 10, 20))
    [20, 30, 40, 50]
    """
    step = steps[-1]
    for each in steps:
        if high // each + -low // each < most:
            step = each
            break
    while high // step + -low // step >= most:
        step *= 2
    return list(range(-(-low // step) * step, high + 1, step))


def fitted(label: Label) -> Label:
    """A label that leaves the picture, held at its edge."""
    left, right = label.reach
    if left < 0:
        return Label(0, label.y, label.text, "start")
    if right > WIDTH:
        return Label(WIDTH, label.y, label.text, "end")
    return label
