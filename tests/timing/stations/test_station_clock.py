"""A station's clock: what the exchanges say, how sure that is, and that results stand on it."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import Station, after_gun, entrant_id, gun, log_of, race, runner, scan
from timing.events import ClockSampled
from timing.instants import SECOND, Instant, Span, later
from timing.race import fold
from timing.stations.clock import DRIFT, StationClock

BEHIND = 2_350_000
"""Microseconds that the station's clock is behind the server's."""


def sampled(at: Instant, behind: float, there: int, back: int) -> ClockSampled:
    """An exchange begun at `at` by a clock that is behind; the way there and back in microseconds."""
    arrived = round(at + behind + there)
    return ClockSampled(at, Instant(arrived), Instant(arrived + 50), Instant(round(arrived + 50 + back - behind)))


@given(st.integers(1, 200), st.integers(-(10**9), 10**9), st.floats(-DRIFT, DRIFT), st.integers(0, 99))
def test_the_truth_is_always_within_the_bound(count: int, behind: int, drift: float, seed: int) -> None:
    clock, chance = StationClock(), Random(seed)
    for number in range(count):
        at = after_gun(str(5 * number))
        ways = [int(chance.expovariate(1 / 8_000)) + 1_500 for _ in range(2)]
        clock.add(sampled(at, behind + drift * 5 * SECOND * number, *ways))
    for second in range(0, 5 * count, 7):
        moment = after_gun(str(second))
        truth = behind + drift * SECOND * second
        offset, bound = clock.at(moment)
        assert abs(offset - truth) <= bound + DRIFT * 32 * 5 * SECOND + 1


def test_over_wireless_the_estimate_is_good_to_two_milliseconds() -> None:
    clock, chance = StationClock(), Random(4)
    for number in range(120):
        ways = [int(chance.expovariate(1 / 8_000)) + 3_000 for _ in range(2)]
        clock.add(sampled(after_gun(str(5 * number)), BEHIND, *ways))
    errors = [abs(clock.at(after_gun(str(second))).offset - BEHIND) for second in range(600)]
    assert max(errors) < 2_000
    assert max(clock.at(after_gun(str(second))).bound for second in range(600)) < 10_000


def test_a_clock_that_was_behind_is_put_right_for_scans_before_and_after_the_exchange() -> None:
    finish = Station("finish-1")
    finish.says(scan(1, "17:00")).says(sampled(after_gun("17:05"), BEHIND, 900, 900)).says(scan(2, "17:10"))
    folded = fold(log_of(race(*runner(1), *runner(2), gun()), finish).read())
    for bib, at in ((1, "17:00"), (2, "17:10")):
        (found,) = folded.scans_of(folded.entrants[entrant_id(bib)])
        assert found.instant == later(after_gun(at), Span(BEHIND))


def test_a_station_that_starts_again_has_a_clock_of_its_own() -> None:
    finish = Station("finish-1").says(sampled(after_gun("1:00"), BEHIND, 900, 900)).says(scan(1, "17:00"))
    finish.says(*Station("finish-1").facts, scan(2, "17:10"))
    folded = fold(log_of(race(*runner(1), *runner(2), gun()), finish).read())
    (second,) = folded.scans_of(folded.entrants[entrant_id(2)])
    assert second.instant == after_gun("17:10")


def test_without_an_exchange_the_station_s_own_word_stands() -> None:
    folded = fold(log_of(race(*runner(1), gun()), Station().says(scan(1, "17:00"))).read())
    (found,) = folded.scans_of(folded.entrants[entrant_id(1)])
    assert (found.instant, found.doubtful) == (after_gun("17:00"), False)
