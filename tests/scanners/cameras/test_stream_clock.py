"""A stream's timestamps on the station's clock: by the least delay seen, so that neither a burst nor jitter moves an instant."""

from scanners.cameras.stream_clock import SETTLES_WITHIN, WINDOW, StreamClock
from tests.builders import GUN
from timing.race.instants import MILLISECOND, SECOND, Instant, Span

STEP = SECOND // 30
DELAY = 40 * MILLISECOND
SAID = 77 * SECOND  # of a camera that counts from its own start


def arrive(clock: StreamClock, number: int, late: int, said: bool = True) -> int:
    """How late the stamp of a picture is, beyond the delay that all have, in microseconds."""
    taken = GUN + number * STEP
    at = clock.stamp(Span(SAID + number * STEP) if said else None, Instant(taken + DELAY + late))
    return at - taken - DELAY


def test_pictures_that_were_buffered_are_not_settled_and_those_behind_them_are_stamped_right() -> None:
    clock = StreamClock()
    for number in range(51):  # 1.7 s of pictures come at once
        arrive(clock, number, late=(50 - number) * STEP)
        assert not clock.settled
    late = {number: arrive(clock, number, late=0) for number in range(51, 60)}
    assert clock.settled
    assert max(late.values()) == 0


def test_a_picture_that_the_network_holds_up_keeps_its_instant() -> None:
    clock = StreamClock()
    for number in range(30):
        arrive(clock, number, late=0)
    assert arrive(clock, 30, late=800 * MILLISECOND) == 0
    assert clock.behind == 800 * MILLISECOND


def test_a_camera_whose_clock_is_slow_is_followed() -> None:
    clock = StreamClock()
    late = 0
    for number in range(30 * 180):
        late = arrive(clock, number, late=number * STEP // 10_000)  # 100 ppm
    assert abs(late - 180 * SECOND // 10_000) <= WINDOW // 10_000 + MILLISECOND


def test_a_camera_that_sets_its_clock_is_stamped_by_arrival_from_there() -> None:
    clock = StreamClock()
    for number in range(30):
        arrive(clock, number, late=0)
    for shift in (-40 * SECOND, 90 * SECOND):
        arrived = Instant(GUN + 30 * STEP)
        assert clock.stamp(Span(SAID + shift), arrived) == arrived


def test_a_stream_without_timestamps_is_stamped_by_arrival_and_settles_all_the_same() -> None:
    clock = StreamClock()
    assert [arrive(clock, number, late=5_000, said=False) for number in range(10)] == [5_000] * 10
    assert clock.settled


def test_a_stream_that_never_calms_down_is_used_after_some_seconds() -> None:
    clock = StreamClock()
    for number in range(40):
        clock.stamp(Span(SAID + number * SECOND), Instant(GUN + number * SETTLES_WITHIN // 39))
    assert clock.settled
