"""A clock that a test sets, and random bits that repeat."""

from random import Random

from timing.race.chance import Bits
from timing.race.instants import Instant, Span, later


class ManualClock:
    """Stands still until somebody moves it."""

    def __init__(self, at: Instant) -> None:
        self.at = at

    def now(self) -> Instant:
        return self.at

    def tick(self, span: Span) -> Instant:
        self.at = later(self.at, span)
        return self.at


def seeded_bits(seed: int) -> Bits:
    """Random bits that are the same in every run."""
    return Random(seed).getrandbits
