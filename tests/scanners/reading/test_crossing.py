"""The crossing: the instant at the line, from how the code grew; and silence where the sightings do not tell it."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanners.reading.crossing import crossing
from timing.race.instants import MILLISECOND, SECOND, Instant

CROSSES = 100 * SECOND
FOCUS = 1_000.0
"""Pixels: a code one metre away is so large, if its side is a metre."""

Sizes = list[tuple[Instant, float]]
Distance = Callable[[float], float]


def walk(line_m: float, speed: float) -> Distance:
    """An even walk to the camera; seconds count from the crossing."""
    return lambda t: line_m - speed * t


def seen(distance_m: Distance, begins_s: float, ends_s: float, fps: float = 25, phase: float = 0.0) -> Sizes:
    """How large the code is in the frames of a camera, while it is in front of it."""
    count = int((ends_s - begins_s) * fps) + 1
    times = [begins_s + (n + phase) / fps for n in range(count)]
    return [(Instant(CROSSES + round(t * SECOND)), FOCUS / distance_m(t)) for t in times if distance_m(t) > 0.2]


def line_px(line_m: float) -> float:
    return FOCUS / line_m


def error(found: Instant | None) -> int:
    assert found is not None
    return abs(found - CROSSES)


speeds, lines = st.floats(0.8, 6), st.floats(1, 5)


@given(speeds, lines, st.floats(15, 60), st.floats(0, 0.99))
def test_an_even_walk_is_timed_exactly(speed: float, line_m: float, fps: float, phase: float) -> None:
    after_s = min(1.0, (line_m - 0.3) / speed)
    sizes = seen(walk(line_m, speed), -2.0, after_s, fps, phase)
    assert error(crossing(sizes, line_px(line_m))) <= 20


@given(st.floats(1, 3), st.floats(1.5, 3), st.lists(st.floats(-0.005, 0.005), min_size=80, max_size=80))
def test_a_little_noise_in_the_sizes_makes_a_little_error(speed: float, line_m: float, noise: list[float]) -> None:
    after_s = min(0.8, (line_m - 0.3) / speed)
    sizes = [
        (at, size * (1 + e)) for (at, size), e in zip(seen(walk(line_m, speed), -1.5, after_s), noise, strict=False)
    ]
    bound_s = 4 * 0.005 * (line_m / speed + 0.5)
    assert error(crossing(sizes, line_px(line_m))) <= bound_s * SECOND


@pytest.mark.parametrize(("begins", "ends"), [(-2.0, -0.3), (0.3, 0.9)])
def test_who_is_hidden_at_the_line_itself_is_timed_from_what_was_seen_near_it(begins: float, ends: float) -> None:
    assert error(crossing(seen(walk(2, 1.5), begins, ends), line_px(2))) <= MILLISECOND


@pytest.mark.parametrize(("begins", "ends"), [(-3.0, -0.6), (0.6, 1.1)])
def test_far_from_the_line_nothing_is_said(begins: float, ends: float) -> None:
    assert crossing(seen(walk(2, 1.5), begins, ends), line_px(2)) is None


def test_a_code_that_stands_tells_nothing() -> None:
    for distance in (1.5, 2.0, 2.5):
        assert crossing(seen(walk(distance, 0), -1, 1), line_px(2)) is None


def test_a_code_that_goes_away_tells_nothing() -> None:
    assert crossing(seen(walk(2, -1.5), -1, 1), line_px(2)) is None


def test_two_sightings_are_too_few_and_three_are_enough() -> None:
    sizes = seen(walk(2, 1.5), -0.05, 0.1)
    assert crossing(sizes[:1], line_px(2)) is None
    assert crossing(sizes[:2], line_px(2)) is None
    assert error(crossing(sizes[:3], line_px(2))) <= MILLISECOND


def test_three_sightings_of_one_instant_tell_nothing() -> None:
    assert crossing([(Instant(5), 499.0), (Instant(5), 500.0), (Instant(5), 501.0)], 500.0) is None


def test_who_waits_before_the_line_is_timed_when_crossing_it() -> None:
    def waits(t: float) -> float:
        return min(3.0, 2 - 1.5 * t)

    assert error(crossing(seen(waits, -20, 0.8), line_px(2))) <= MILLISECOND


def test_who_steps_back_and_crosses_again_is_timed_the_second_time() -> None:
    def back_and_forth(t: float) -> float:
        """Over the line at -8 s, back behind it at -5 s, over it again at 0."""
        if t < -7.5:
            return 2 - 1.5 * (t + 8)
        return min(1.25 + 1.5 * max(0, t + 5.5), 3.5) if t < -1 else 2 - 1.5 * t

    assert error(crossing(seen(back_and_forth, -10, 0.8), line_px(2))) <= MILLISECOND
