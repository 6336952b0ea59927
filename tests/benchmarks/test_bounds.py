"""The bounds of a rate, beside figures from printed tables."""

import pytest

from benchmarks.bounds import bounds


@pytest.mark.parametrize(
    ("missed", "tries", "least", "most"),
    [(0, 3_000, 0.0, 0.000998), (1, 10, 0.0025, 0.4450), (6, 789, 0.0028, 0.0165), (10, 10, 0.6915, 1.0)],
)
def test_the_bounds_are_those_of_the_tables(missed: int, tries: int, least: float, most: float) -> None:
    assert bounds(missed, tries) == pytest.approx((least, most), abs=0.0001)
