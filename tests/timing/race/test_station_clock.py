"""A station's clock: what the exchanges say, how sure that is, and that results stand on it."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import GUN, Station, after_gun, entrant_id, gun, log_of, race, runner, scan
from timing.race.events import ClockJumpRuled, ClockSampled, FactUndone
from timing.race.fold import Race, fold
from timing.race.instants import SECOND, Instant, Span, later
from timing.race.station_clock import DRIFT, Offset, StationClock
from timing.stations.list import JUMPED, station_lines

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


def stepped(step: Span, at: str, until: str = "30:00", station: str = "finish-1") -> Station:
    """A station with a perfect clock, whose server's clock is set by `step` at a moment."""
    told = Station(station)
    for second in range(0, round(after_gun(until) - after_gun("0:00")) // SECOND, 30):
        moment = after_gun(str(second))
        told.says(sampled(moment, step if moment >= after_gun(at) else 0, 900, 900))
    return told


def offsets(folded: Race, station: Station) -> dict[str, Offset]:
    """The first run's offset before, at and after a jump at 20:00."""
    clock = folded.clocks[station.lineage, 1]
    ruled = folded.office.jumps
    return {
        when: clock.at(after_gun(when), None, lambda seq: ruled.get((station.lineage, seq)))
        for when in ("19:00", "19:45", "25:00")
    }


STEPS = [Span(30 * SECOND), Span(2 * SECOND), Span(-2 * SECOND), Span(-30 * SECOND)]


@pytest.mark.parametrize("step", STEPS)
def test_a_clock_that_jumps_moves_nobody_and_widens_the_bound_to_the_jump(step: Span) -> None:
    finish = stepped(step, "20:00")
    log = log_of(race(*runner(1), gun()), finish)
    folded = fold(log.read())
    (jump,) = folded.open_jumps()
    assert abs(jump.jump.by - step) < 2_000
    found = offsets(folded, finish)
    assert all(abs(one.offset) < 2_000 for one in found.values())
    assert found["19:00"].bound < 5_000
    assert all(abs(step) <= found[when].bound < abs(step) + 10_000 for when in ("19:45", "25:00"))
    assert JUMPED in station_lines(folded, [], lambda _: 0, [], GUN)[0].warnings


@pytest.mark.parametrize("step", STEPS)
def test_officials_say_whose_clock_it_was_and_may_take_it_back(step: Span) -> None:
    finish = stepped(step, "20:00")
    log = log_of(race(*runner(1), gun()), finish)
    (jump,) = fold(log.read()).open_jumps()
    log.record([ClockJumpRuled(finish.lineage, jump.jump.seq, "server", "desk", "")])
    server_s = fold(log.read())
    assert server_s.open_jumps() == []
    assert all(abs(one.offset) < 2_000 and one.bound < 10_000 for one in offsets(server_s, finish).values())
    log.record([FactUndone(log.head().seq, "desk", "")])
    assert fold(log.read()).open_jumps() == [jump]
    log.record([ClockJumpRuled(finish.lineage, jump.jump.seq, "station", "desk", "")])
    station_s = offsets(fold(log.read()), finish)
    assert abs(station_s["25:00"].offset - step) < 2_000 and station_s["25:00"].bound < 10_000
    assert station_s["19:45"].bound >= abs(step)


def test_who_began_after_the_server_s_clock_was_set_is_doubted_and_put_right_once_that_is_known() -> None:
    before, after = stepped(Span(30 * SECOND), "20:00"), Station("finish-2")
    for minute in range(22, 30):
        after.says(sampled(after_gun(f"{minute}:00"), 30 * SECOND, 900, 900))
    after.says(scan(1, "25:00"))
    log = log_of(race(*runner(1), gun()), before, after)
    lineage = after.lineage
    unsure = fold(log.read()).offset_now(lineage, 1)
    assert unsure and unsure.bound >= 30 * SECOND
    (jump,) = fold(log.read()).open_jumps()
    log.record([ClockJumpRuled(before.lineage, jump.jump.seq, "server", "desk", "")])
    sure = fold(log.read())
    assert (now := sure.offset_now(lineage, 1)) and abs(now.offset) < 2_000 and now.bound < 10_000
    (found,) = sure.scans_of(sure.entrants[entrant_id(1)])
    assert abs(found.instant - after_gun("25:00")) < 2_000


def test_stations_that_saw_the_same_jump_themselves_are_not_doubted_twice() -> None:
    both = [stepped(Span(30 * SECOND), "20:00", station=name) for name in ("finish-1", "finish-2")]
    folded = fold(log_of(race(*runner(1), gun()), *both).read())
    assert len(folded.open_jumps()) == 2
    assert all((now := folded.offset_now(one.lineage, 1)) and now.bound < 31 * SECOND for one in both)


def test_a_clock_that_is_slewed_is_followed_without_an_alarm() -> None:
    finish = Station()
    for second in range(0, 1_800, 30):
        finish.says(sampled(after_gun(str(second)), second * 500, 900, 900))  # 500 microseconds a second, as NTP slews
    folded = fold(log_of(race(*runner(1), gun()), finish).read())
    assert folded.open_jumps() == []
    offset, bound = folded.clocks[finish.lineage, 1].at(after_gun("15:15"))
    assert abs(offset - 915 * 500) <= bound < 20_000


def test_a_wide_exchange_hides_no_jump() -> None:
    finish = Station().says(sampled(after_gun("1:00"), 0, 900, 900))
    finish.says(sampled(after_gun("2:00"), 0, 1, 40 * SECOND))
    finish.says(sampled(after_gun("3:00"), 30 * SECOND, 900, 900))
    assert len(fold(log_of(race(*runner(1), gun()), finish).read()).open_jumps()) == 1


def test_a_backlog_that_comes_late_tells_of_the_jump_as_if_it_had_come_at_once() -> None:
    finish, start = stepped(Span(30 * SECOND), "20:00"), stepped(Span(30 * SECOND), "20:00", station="start-1")
    finish.says(scan(1, "25:00"))
    desk = race(*runner(1), gun())
    at_once, late = log_of(desk, finish, start), log_of(desk, start)
    for first in range(1, len(finish.items) + 1, 7):
        late.receive(finish.batch(first, min(first + 6, len(finish.items))))
    one, other = fold(at_once.read()), fold(late.read())
    assert one.open_jumps() == other.open_jumps()
    assert one.scans_of(one.entrants[entrant_id(1)]) == other.scans_of(other.entrants[entrant_id(1)])


def test_a_station_whose_own_clock_is_set_back_says_some_moments_twice_and_the_outbox_s_order_tells_them_apart() -> (
    None
):
    finish = Station()
    for minute in range(10):
        finish.says(sampled(after_gun(f"{minute}:00"), 0, 900, 900))
    finish.says(scan(1, "9:10"))
    for minute in range(5, 15):
        finish.says(sampled(after_gun(f"{minute}:30"), 300 * SECOND, 900, 900))
    finish.says(scan(2, "9:10"))
    log = log_of(race(*runner(1), *runner(2), gun()), finish)
    (jump,) = fold(log.read()).open_jumps()
    log.record([ClockJumpRuled(finish.lineage, jump.jump.seq, "station", "desk", "")])
    told = fold(log.read())
    (one,), (two,) = (told.scans_of(told.entrants[entrant_id(bib)]) for bib in (1, 2))
    assert abs(one.instant - after_gun("9:10")) < 2_000
    assert abs(two.instant - after_gun("14:10")) < 2_000
