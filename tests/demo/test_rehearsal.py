"""The rehearsal: a race whose truth is known beforehand, and a comparison that can fail."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.film import LanePlace, Rehearsal, differences, film_seconds, rehearse
from demo.film.rehearsal import ABSENT, GIVE_UP, LEAD_S, TOLERANCE
from tests.builders import GUN
from timing.race.instants import SECOND, Instant, Span, later, span

BIBS = list(range(1001, 1061))
seeds, fields = st.integers(0, 2**32), st.integers(12, 80).map(lambda size: list(range(1001, 1001 + size)))


def test_the_same_seed_is_the_same_race_and_another_seed_another() -> None:
    assert rehearse(BIBS, 7) == rehearse(BIBS, 7)
    assert rehearse(BIBS, 7) != rehearse(BIBS, 8)


@settings(max_examples=25)
@given(fields, seeds)
def test_nobody_finishes_without_starting_and_some_do_neither(bibs: list[int], seed: int) -> None:
    race = rehearse(bibs, seed)
    assert set(race.finish) < set(race.start) < set(bibs)
    assert len(race.start) == len(bibs) - ABSENT
    assert len(race.finish) == len(race.start) - GIVE_UP


@settings(max_examples=25)
@given(fields, seeds)
def test_the_films_are_long_enough_for_everybody(bibs: list[int], seed: int) -> None:
    race = rehearse(bibs, seed)
    for line in (race.start, race.finish):
        assert min(place.crosses_s for place in line.values()) >= LEAD_S
        assert film_seconds(line.values()) == max(place.crosses_s for place in line.values()) + LEAD_S


def test_net_times_count_from_the_own_start_across_both_films() -> None:
    race = Rehearsal({1: LanePlace(3.0, 0.0), 2: LanePlace(4.5, 0.0)}, {1: LanePlace(10.25, 0.0)})
    assert race.net_times(GUN, later(GUN, span(900))) == {1: span(907.25)}


def test_the_truth_is_told_as_json() -> None:
    race = Rehearsal({2: LanePlace(4.5, 0.0), 1: LanePlace(3.0, 0.0)}, {1: LanePlace(10.25, 0.0)})
    assert json.loads(race.told()) == {
        "1": {"start_s": 3.0, "finish_s": 10.25},
        "2": {"start_s": 4.5, "finish_s": None},
    }


def truth() -> dict[int, Span]:
    return rehearse(BIBS, 1).net_times(GUN, Instant(GUN + 900 * SECOND))


def test_the_truth_differs_from_itself_in_nothing() -> None:
    assert differences(truth(), truth()) == []


def test_a_runner_missing_from_the_results_is_found() -> None:
    measured = truth()
    bib = next(iter(measured))
    del measured[bib]
    (found,) = differences(truth(), measured)
    assert f"bib {bib} is missing" in found


def test_a_runner_who_never_finished_is_found() -> None:
    (found,) = differences(truth(), truth() | {9999: span(1_000)})
    assert "bib 9999 never finished" in found


@pytest.mark.parametrize("sign", [1, -1])
def test_a_time_that_is_off_is_found_and_one_within_the_tolerance_is_not(sign: int) -> None:
    bib, time = next(iter(truth().items()))
    assert differences(truth(), truth() | {bib: Span(time + sign * TOLERANCE)}) == []
    (found,) = differences(truth(), truth() | {bib: Span(time + sign * (TOLERANCE + 1_000))})
    assert f"bib {bib} is off by {sign * 201:+} ms" in found


def test_everything_that_is_wrong_is_told_not_only_the_first() -> None:
    measured = truth()
    missing, slow, *_ = measured
    measured[slow] = Span(measured[slow] + SECOND)
    measured[9999] = measured.pop(missing)
    assert len(differences(truth(), measured)) == 3


def test_an_empty_result_list_misses_everybody() -> None:
    assert len(differences(truth(), {})) == len(truth())
