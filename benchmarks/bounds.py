"""What so many misses in so many tries say about the true rate: the exact bounds of Clopper and Pearson (Biometrika, 1934)."""

from collections.abc import Callable
from math import exp, lgamma, log, log1p
from typing import NamedTuple

CERTAIN = 0.95
HALVINGS = 60


class Bounds(NamedTuple):
    """The least and the greatest rate that 95 % certainty leaves."""

    least: float
    most: float


def bounds(missed: int, tries: int) -> Bounds:
    """Two-sided; without a miss the upper one is the one-sided bound, about 3 in `tries`.

    >>> [f"{bound:.4f}" for bound in bounds(6, 789)]
    ['0.0028', '0.0165']
    >>> f"{bounds(0, 541).most:.4f}"
    '0.0055'
    """
    tail = (1 - CERTAIN) / 2 if missed else 1 - CERTAIN
    least = _solve(lambda rate: 1 - _at_most(missed - 1, tries, rate) >= tail) if missed else 0.0
    most = _solve(lambda rate: _at_most(missed, tries, rate) <= tail) if missed < tries else 1.0
    return Bounds(least, most)


def _solve(reached: Callable[[float], bool]) -> float:
    """The rate from which on this holds."""
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high


def _at_most(missed: int, tries: int, rate: float) -> float:
    """The chance of so few misses."""
    if rate <= 0 or rate >= 1:
        return float(rate <= 0 and missed >= 0)
    whole = lgamma(tries + 1)
    return sum(
        exp(whole - lgamma(k + 1) - lgamma(tries - k + 1) + k * log(rate) + (tries - k) * log1p(-rate))
        for k in range(missed + 1)
    )
