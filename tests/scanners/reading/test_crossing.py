"""The crossing: the instant at the line, from how the code grew; others' pace helps where it was seen too briefly, and what was seen bounds it."""

from collections.abc import Callable
from math import sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanners.reading.crossing import FEWEST, REACH, MeasuredCrossing, Pace, Paces, crossing
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


def error(found: MeasuredCrossing | None) -> int:
    assert found is not None
    return abs(found.at - CROSSES)


def hidden(sizes: Sizes, begins_s: float, ends_s: float) -> Sizes:
    """The sightings but for those from one second to another after the crossing."""
    return [(at, px) for at, px in sizes if not begins_s <= (at - CROSSES) / SECOND <= ends_s]


speeds, lines = st.floats(0.8, 6), st.floats(1, 5)
JOGGING = Pace(1.5, 0.4)


@given(speeds, lines, st.floats(15, 60), st.floats(0, 0.99))
def test_an_even_walk_is_timed_exactly(speed: float, line_m: float, fps: float, phase: float) -> None:
    after_s = min(1.0, (line_m - 0.3) / speed)
    sizes = seen(walk(line_m, speed), -2.0, after_s, fps, phase)
    assert error(crossing(sizes, line_px(line_m))) <= MILLISECOND


@given(st.floats(1, 3), st.floats(1.5, 3), st.lists(st.floats(-0.005, 0.005), min_size=80, max_size=80))
def test_a_little_noise_in_the_sizes_makes_a_little_error(speed: float, line_m: float, noise: list[float]) -> None:
    after_s = min(0.8, (line_m - 0.3) / speed)
    sizes = [
        (at, size * (1 + e)) for (at, size), e in zip(seen(walk(line_m, speed), -1.5, after_s), noise, strict=False)
    ]
    bound_s = 4 * 0.005 * (line_m / speed + 0.5)
    assert error(crossing(sizes, line_px(line_m))) <= bound_s * SECOND


@given(speeds, st.floats(1.5, 4), st.floats(-0.7, 0.0), st.floats(0.1, 0.8))
def test_a_gap_in_which_the_line_lies_does_not_hide_the_crossing(
    speed: float, line_m: float, begins: float, lasts: float
) -> None:
    after_s = min(1.0, (line_m - 0.3) / speed)
    sizes = hidden(seen(walk(line_m, speed), -2.0, after_s), begins, min(begins + lasts, after_s - 0.1))
    assert error(crossing(sizes, line_px(line_m))) <= 10 * MILLISECOND


@pytest.mark.parametrize(("begins", "ends"), [(-2.0, -0.3), (0.3, 0.9)])
def test_who_is_hidden_at_the_line_itself_is_timed_from_what_was_seen_near_it(begins: float, ends: float) -> None:
    found = crossing(seen(walk(2, 1.5), begins, ends), line_px(2), JOGGING)
    assert error(found) <= 10 * MILLISECOND
    assert found and not found.estimated


@pytest.mark.parametrize(("begins", "ends", "estimated"), [(-2.0, -0.4, False), (-2.5, -0.9, True), (0.6, 1.2, True)])
def test_an_instant_at_which_nobody_saw_the_runner_near_the_line_is_said_to_be_estimated(
    begins: float, ends: float, estimated: bool
) -> None:
    found = crossing(seen(walk(2, 1.5), begins, ends), line_px(2), JOGGING)
    assert error(found) <= 20 * MILLISECOND
    assert found and found.estimated is estimated


@pytest.mark.parametrize("at_s", [-0.3, -0.04, 0.04, 0.3])
def test_who_was_seen_once_borrows_the_pace_of_the_others_and_that_is_said(at_s: float) -> None:
    found = crossing(seen(walk(2, 3.2), at_s, at_s), line_px(2), JOGGING)
    assert error(found) <= 30 * MILLISECOND
    assert found and found.estimated and found.doubt > 0.2 * abs(at_s) * SECOND


def test_a_few_runners_teach_the_pace_and_until_then_any_runner_s_is_taken() -> None:
    paces, unknown = Paces(), Pace()
    for _ in range(FEWEST - 1):
        paces.learn(seen(walk(2, 4), -1, 0.4), line_px(2), last=False)
        assert paces.usual == unknown
    paces.learn(seen(walk(2, 4), -1, 0.4), line_px(2), last=False)
    assert paces.usual.mean == pytest.approx(2, rel=0.01)
    assert paces.usual.spread < unknown.spread


def test_who_was_seen_too_briefly_or_stands_teaches_no_pace() -> None:
    paces = Paces()
    for _ in range(2 * FEWEST):
        paces.learn(seen(walk(2, 4), -0.04, 0.0), line_px(2), last=False)
        paces.learn(seen(walk(2.5, 0), -1, 1), line_px(2), last=False)
    assert paces.usual == Pace()


@given(st.floats(1.2, 4), st.floats(0.1, 5), st.floats(0.1, 8), st.booleans())
def test_the_crossing_lies_between_the_last_sight_before_the_line_and_the_first_behind_it(
    far: float, gap_s: float, pace: float, last: bool
) -> None:
    sizes = [(Instant(0), 100 / far), (Instant(round(gap_s * SECOND)), 110.0)]
    found = crossing(sizes, 100, Pace(pace, 0.1), last)
    assert found and 0 <= found.at <= sizes[-1][0]


@given(st.floats(1.04, 3), st.floats(0.05, 8))
def test_who_was_seen_on_one_side_only_crosses_on_that_side_of_the_sight(far: float, pace: float) -> None:
    before = crossing([(Instant(CROSSES), 100 / far)], 100, Pace(pace, 0.01))
    after = crossing([(Instant(CROSSES), 100 * far)], 100, Pace(pace, 0.01))
    assert before is None or before.at > CROSSES
    assert after is None or after.at < CROSSES


def test_no_instant_lies_before_time_began() -> None:
    assert crossing([(Instant(0), 150.0)], 100, JOGGING) is None


@pytest.mark.parametrize("at_s", [-3.0, 3.0])
def test_far_from_the_line_nothing_is_said(at_s: float) -> None:
    assert crossing(seen(walk(8, 1.5), at_s, at_s), line_px(8), Pace(1.5 / 8, 0.01)) is None
    assert abs(at_s) > REACH


def test_a_code_that_stands_tells_nothing() -> None:
    for distance in (1.5, 2.0, 2.5):
        assert crossing(seen(walk(distance, 0), -1, 1), line_px(2)) is None


def test_a_code_that_goes_away_tells_nothing() -> None:
    assert crossing(seen(walk(2, -1.5), -1, 1), line_px(2)) is None


def test_of_nothing_nothing_is_said() -> None:
    assert crossing([], 100.0) is None


def test_who_waits_before_the_line_is_timed_when_crossing_it() -> None:
    def waits(t: float) -> float:
        return min(3.0, 2 - 1.5 * t)

    assert error(crossing(seen(waits, -20, 0.8), line_px(2))) <= 2 * MILLISECOND


@pytest.mark.parametrize("stays_m", [1.97, 1.9, 1.5])
def test_who_stops_behind_the_finish_is_timed_when_crossing_it(stays_m: float) -> None:
    def stops(t: float) -> float:
        """Halts for half a minute, at the line itself or behind it, and sways by a centimetre."""
        return max(2 - 1.5 * t, stays_m + 0.01 * sin(20 * t))

    assert error(crossing(seen(stops, -1, 30), line_px(2), last=False)) <= 60 * MILLISECOND


def test_who_waits_on_the_start_line_itself_is_timed_on_leaving_it() -> None:
    def waits(t: float) -> float:
        """Arrives at -10 s and stands two centimetres before the line, whose place is not known so well."""
        return max(2.02, 2 - 1.5 * (t + 10)) if t < -0.015 else 2 - 1.5 * t

    assert error(crossing(seen(waits, -12, 0.8), line_px(2), last=True)) <= 100 * MILLISECOND


def back_and_forth(t: float) -> float:
    """Over the line at -8 s, back behind it at -5 s, over it again at 0."""
    if t < -7.5:
        return 2 - 1.5 * (t + 8)
    return min(1.25 + 1.5 * max(0, t + 5.5), 3.5) if t < -1 else 2 - 1.5 * t


def test_who_steps_back_and_crosses_again_is_timed_the_second_time_at_a_start() -> None:
    assert error(crossing(seen(back_and_forth, -10, 0.8), line_px(2))) <= 2 * MILLISECOND


def test_and_the_first_time_at_a_finish() -> None:
    found = crossing(seen(back_and_forth, -10, 0.8), line_px(2), last=False)
    assert found and abs(found.at - (CROSSES - 8 * SECOND)) <= 2 * MILLISECOND


def test_pictures_of_one_instant_leave_a_doubt() -> None:
    sizes = [(Instant(CROSSES), size) for size in (400.0, 600.0)]
    found = crossing(sizes, 500.0)
    assert found
    assert found.doubt > 0
