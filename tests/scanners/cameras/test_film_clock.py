"""A film's clock: followed where it runs, carried on where it goes back, and told wherever it jumped."""

from collections.abc import Sequence
from itertools import pairwise
from math import inf, nan

import pytest

from scanners.cameras.film_clock import JUMPS_MOST, USUAL_FPS, FilmClock, FilmClockJump
from timing.race.instants import SECOND, Span


def told(said: Sequence[float], fps: float = 25.0) -> tuple[list[int], dict[int, FilmClockJump]]:
    """The times that frames get for what the film says of them in milliseconds, and the jumps by frame."""
    clock = FilmClock(fps)
    ticks = [clock.tick(now, then) for now, then in zip(said, [*said[1:], None], strict=True)]
    return [round(passed / 1_000) for passed, _ in ticks], {n: jump for n, (_, jump) in enumerate(ticks) if jump}


def by_ms(jumps: dict[int, FilmClockJump]) -> dict[int, tuple[int, bool]]:
    return {frame: (round(jump.by / 1_000), jump.lasts) for frame, jump in jumps.items()}


def test_a_film_that_runs_is_followed_whatever_its_rate_does() -> None:
    said = [500, 540, 573, 700, 1_500, 1_533]
    assert told(said) == ([0, 40, 73, 200, 1_000, 1_033], {})


@pytest.mark.parametrize("fps", [0.0, nan, 1e9, -25.0])
def test_a_film_without_times_and_rate_is_counted_at_thirty_a_second_and_that_is_told_once(fps: float) -> None:
    passed, jumps = told([0.0] * 4, fps)
    assert passed == [round(n * 1_000 / USUAL_FPS) for n in range(4)]
    assert jumps == {1: FilmClockJump(Span(0), True)}


def test_a_film_without_times_is_counted_by_its_rate() -> None:
    assert told([0.0] * 4, 10.0) == ([0, 100, 200, 300], {})


@pytest.mark.parametrize("nothing", [nan, inf, -inf, 1e300])
def test_a_frame_of_which_nothing_is_said_comes_one_frame_later(nothing: float) -> None:
    assert told([0, 40, nothing, 120, 160]) == ([0, 40, 80, 120, 160], {})
    assert told([nothing, 40, 80]) == ([0, 40, 80], {})


def test_clips_one_behind_the_other_go_on_where_the_first_ended() -> None:
    passed, jumps = told([0, 40, 80, 120, 0, 40, 80, 0, 40])
    assert passed == [0, 40, 80, 120, 160, 200, 240, 280, 320]
    assert by_ms(jumps) == {4: (-160, True), 7: (-120, True)}


def test_a_clock_that_was_set_back_goes_on_from_where_it_was() -> None:
    passed, jumps = told([10_000, 10_040, 7_000, 7_040, 7_090])
    assert passed == [0, 40, 80, 120, 170]
    assert by_ms(jumps) == {2: (-3_080, True)}


def test_a_gap_behind_which_the_film_goes_on_is_believed_and_told() -> None:
    passed, jumps = told([0, 40, 80, 9_080, 9_120, 9_160])
    assert passed == [0, 40, 80, 9_080, 9_120, 9_160]
    assert by_ms(jumps) == {3: (8_960, True)}


def test_a_camera_that_films_only_when_something_moves_is_believed_whatever_rate_it_claims() -> None:
    said = [0.0, 5_000, 10_000, 15_000, 22_000, 22_040, 22_080, 600_000, 600_040, 604_000]
    passed, jumps = told(said)
    assert passed == said
    assert by_ms(jumps) == {1: (4_960, True), 7: (577_880, True)}
    many = [at for n in range(100) for at in (n * 60_000.0, n * 60_000.0 + 40)]
    passed, jumps = told(many)
    assert passed == many
    assert len(jumps) <= 5


@pytest.mark.parametrize("wrong", [3_600_000.0, -5_000.0, 0.0])
def test_one_frame_that_is_wrong_does_not_move_the_others(wrong: float) -> None:
    passed, jumps = told([1_000, 1_040, 1_080, wrong, 1_160, 1_200])
    assert passed == [0, 40, 80, 120, 160, 200]
    assert by_ms(jumps) == {3: (round(wrong) - 1_120, False)}


def test_frames_told_twice_or_out_of_order_are_no_jumps_and_nothing_drifts() -> None:
    for said in ([0, 0, 33, 33, 66, 66, 99, 99], [0, 40, 20, 60, 50, 90]):
        passed, jumps = told(said, 30.0)
        assert jumps == {}
        assert all(one <= other for one, other in pairwise(passed))
        assert all(abs(at - now) <= 34 for at, now in zip(passed, said, strict=True))


def test_a_film_that_boasts_of_a_thousand_frames_a_second_is_followed_all_the_same() -> None:
    passed, jumps = told([0, 40, 20, 60, 60, 100], 1_000.0)
    assert jumps == {}
    assert passed == [0, 40, 40, 60, 61, 100]


def test_what_is_said_of_the_last_frame_alone_is_no_jump() -> None:
    assert told([0, 40, 80, -40]) == ([0, 40, 80, 120], {})


def test_a_clock_that_jumps_all_the_time_is_asked_no_more() -> None:
    passed, jumps = told([(-1) ** n * 10_000.0 * n for n in range(200)])
    assert len(jumps) <= 2 * JUMPS_MOST
    assert all(one < other for one, other in pairwise(passed))
    assert passed[-1] - passed[-2] == 40


def test_times_always_grow_whatever_a_film_says() -> None:
    said = [0, 40, nan, 30, 3e6, 10, 50, -1e9, 90, 90, 90, 2_000, inf, 2_040]
    clock = FilmClock(25.0)
    ticks = [clock.tick(now, then)[0] for now, then in zip(said, [*said[1:], None], strict=True)]
    assert all(one < other for one, other in pairwise(ticks))
    assert ticks[-1] < 60 * SECOND
