"""The steady clock: whoever sets the wall clock moves none of its instants."""

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import GUN
from tests.clock_and_chance import ManualClock
from timing.race.clock import SteadyClock, SystemClock, system_ticks
from timing.race.instants import MILLISECOND, SECOND, Instant, Span, later

steps = st.lists(st.tuples(st.integers(0, 3_600 * SECOND), st.integers(-3_600 * SECOND, 3_600 * SECOND)), max_size=20)


@given(steps)
def test_it_goes_on_evenly_whatever_is_done_to_the_wall_clock(steps: list[tuple[int, int]]) -> None:
    wall, ticks = ManualClock(GUN), [5_000]
    steady = SteadyClock(wall, lambda: ticks[0])
    passed = set_by = 0
    for goes_by, is_set_by in steps:
        wall.tick(Span(goes_by + is_set_by))
        ticks[0] += goes_by
        passed, set_by = passed + goes_by, set_by + is_set_by
        assert steady.now() == later(GUN, Span(passed))
        assert steady.moved() == set_by


def test_it_begins_with_the_wall_clock_s_time() -> None:
    before = SystemClock().now()
    steady = SteadyClock()
    assert before <= steady.now() <= SystemClock().now() + SECOND
    assert abs(steady.moved()) < SECOND


def test_the_machine_s_count_never_goes_back() -> None:
    counted = [system_ticks() for _ in range(1_000)]
    assert counted == sorted(counted)


class Interrupted:
    """A wall clock and a count that agree; between readings of the two a busy machine lets ten milliseconds pass, but for the third."""

    def __init__(self) -> None:
        self.passed, self.readings = 0, 0

    def now(self) -> Instant:
        self.readings += 1
        self.passed += 1 if self.readings == 3 else 10 * MILLISECOND
        return later(GUN, Span(self.passed))


def test_on_a_busy_machine_it_begins_where_nothing_came_between_the_count_and_the_wall_clock() -> None:
    world = Interrupted()
    steady = SteadyClock(world, lambda: world.passed)
    assert abs(steady.at(world.passed) - later(GUN, Span(world.passed))) <= 1
