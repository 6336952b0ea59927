"""When a stream's pictures were taken: by its own timestamps or without, whatever the camera's clock and the network do."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import pytest

from scanners.cameras.stream_clock import SETTLES_WITHIN, WINDOW, Arrived, StreamClock, Timed
from tests.builders import GUN
from timing.race.instants import MILLISECOND, SECOND, Instant, Span

STEP: Final = SECOND // 30
DELAY: Final = 40 * MILLISECOND
SECONDS: Final = 40
CLOSE: Final = 0.08
"""Seconds that an instant may be off: a moment of sight at 30 frames a second is two frames long."""


class Shot(NamedTuple):
    """A picture, when it was taken and when it arrived, in microseconds since the first."""

    taken: int
    arrives: int


class Stall(NamedTuple):
    """The network holds up everything for so long; `room` pictures wait, and those that the camera takes then are lost."""

    at_s: float
    lasts_s: float
    room: int = 1_000
    drains: float = 20.0
    """So many times as fast as they are taken waiting pictures are delivered."""


def filmed(stalls: Sequence[Stall] = (), pauses: Sequence[tuple[float, float]] = (), fps: int = 30) -> list[Shot]:
    """What a camera takes in some seconds, and when it arrives. Of a second of network, some milliseconds differ from picture to picture."""
    shots, free = list[Shot](), 0.0
    for number in range(SECONDS * fps):
        taken = number / fps + sum(lasts for at, lasts in pauses if number / fps >= at)
        arrives = taken
        for stall in stalls:
            waits = sum(stall.at_s <= shot.taken / SECOND < taken for shot in shots)
            if stall.at_s <= taken < stall.at_s + stall.lasts_s:
                arrives = stall.at_s + stall.lasts_s if waits < stall.room else -1
        if arrives >= 0:
            free = max(arrives, free + 1 / fps / (stalls[0].drains if stalls else 20.0))
            shots.append(Shot(round(taken * SECOND), round(free * SECOND) + number * 7 % 5 * MILLISECOND + DELAY))
    return shots


def timed(shots: Iterable[Shot], said: Callable[[int], int | None] = lambda taken: None) -> list[Timed[Shot]]:
    """What a station makes of them; `said` is the camera's timestamp of a picture, in microseconds."""

    def arriving() -> Iterator[Arrived[Shot]]:
        for shot in shots:
            stamp = said(shot.taken)
            yield Arrived(None if stamp is None else Span(stamp), Instant(GUN + shot.arrives), shot)

    return list(StreamClock().timed(arriving()))


def late_s(one: Timed[Shot]) -> float:
    """How much later than it was taken a picture is stamped, beyond the delay that all have."""
    return (one.at - GUN - one.picture.taken - DELAY) / SECOND


def wrong(found: Iterable[Timed[Shot]]) -> list[float]:
    return [late for one in found if abs(late := late_s(one)) > CLOSE]


def of_its_own(taken: int) -> int:
    """A clock that counts from its own start."""
    return taken + 77 * SECOND


CLOCKS: Final[dict[str, Callable[[int], int | None]]] = {
    "no timestamps": lambda taken: None,
    "timestamps": of_its_own,
    "whole seconds": lambda taken: taken // SECOND * SECOND,
    "always the same": lambda taken: 5,
    "too fast by 2 %": lambda taken: round(1.02 * taken),
    "set back by a minute": lambda taken: taken + SECOND * (100 if taken < 15 * SECOND else 40),
    "set on by a minute": lambda taken: taken + SECOND * (100 if taken < 15 * SECOND else 160),
}


@pytest.mark.parametrize("said", CLOCKS.values(), ids=CLOCKS.keys())
@pytest.mark.parametrize("stall_s", [0.3, 0.8, 1.7, 3.0])
def test_a_network_that_holds_pictures_up_and_delivers_them_at_once_moves_no_instant(
    stall_s: float, said: Callable[[int], int | None]
) -> None:
    found = timed(filmed([Stall(20, stall_s)]), said)
    assert len(found) > (SECONDS - 4) * 30
    assert not wrong(found)


@pytest.mark.parametrize("drains", [1.4, 2, 5])
def test_what_waited_and_comes_slowly_moves_no_instant_either(drains: float) -> None:
    assert not wrong(timed(filmed([Stall(20, 0.8, drains=drains)])))


def test_where_the_phone_lost_pictures_meanwhile_at_most_two_are_off_and_it_is_told() -> None:
    found = timed(filmed([Stall(20, 1.7, room=12)]))
    assert len(wrong(found)) <= 2
    jump = [one for one in found if one.jump]
    assert len(jump) == 1
    assert 20 <= jump[0].picture.taken / SECOND <= 22


@pytest.mark.parametrize("fps", [5, 12, 30])
@pytest.mark.parametrize("said", [CLOCKS["no timestamps"], of_its_own])
def test_a_camera_that_pauses_is_stamped_as_it_goes_on(fps: int, said: Callable[[int], int | None]) -> None:
    found = timed(filmed(pauses=[(10, 0.7), (20, 3)], fps=fps), said)
    assert not wrong(found)
    assert not any(one.jump for one in found)


def test_a_camera_whose_clock_stands_while_it_pauses_is_corrected_within_half_a_second_and_it_is_told() -> None:
    found = timed(filmed(pauses=[(20, 3)]), lambda taken: taken - 3 * SECOND * (taken >= 23 * SECOND))
    off = [one.picture.taken / SECOND for one in found if abs(late_s(one)) > CLOSE]
    assert off
    assert 23 <= min(off) <= max(off) <= 23.6
    assert [round(one.jump.by / SECOND) for one in found if one.jump] == [3]


def test_a_camera_whose_clock_runs_slow_is_corrected_and_then_believed_no_more() -> None:
    found = timed(filmed(), lambda taken: round(0.96 * taken))
    assert max(abs(late_s(one)) for one in found) < 0.15
    assert not wrong(found[-SECONDS * 15 :])
    assert sum(one.jump is not None for one in found) == 3


def test_a_network_that_grows_slower_for_seconds_moves_no_instant_of_a_stream_with_timestamps() -> None:
    shots, slower = filmed(), 0
    congested = list[Shot]()
    for shot in shots:
        slower += 5 * MILLISECOND if 20 * SECOND < shot.taken < 26 * SECOND else -20 * MILLISECOND
        slower = max(0, slower)
        congested.append(Shot(shot.taken, shot.arrives + slower))
    assert not wrong(timed(congested, of_its_own))


def test_pictures_that_were_buffered_before_the_connection_are_not_stamped() -> None:
    buffered = [Shot(number * STEP, 50 * STEP + number + DELAY) for number in range(50)]  # 1.7 s come at once
    prompt = [Shot(number * STEP, number * STEP + DELAY) for number in range(50, 90)]
    found = timed([*buffered, *prompt], of_its_own)
    assert found[0].skipped >= 50
    assert not wrong(found)


def test_a_stream_that_never_calms_down_is_used_after_some_seconds() -> None:
    hurried = [Shot(number * SECOND, number * SETTLES_WITHIN // 39) for number in range(45)]
    assert timed(hurried, of_its_own)


def test_a_stream_that_is_far_behind_ends_so_that_it_is_connected_anew() -> None:
    found = timed(filmed([Stall(20, 6)]), of_its_own)
    assert max(one.picture.taken for one in found) < 21 * SECOND


def test_a_camera_whose_clock_differs_a_little_is_followed() -> None:
    found = timed(filmed(), lambda taken: taken - taken // 10_000)  # 100 ppm
    assert max(abs(late_s(one)) for one in found) <= WINDOW / 10_000 / SECOND + 0.005


def test_what_was_learnt_of_a_clock_holds_after_it_is_connected_anew() -> None:
    clock, shots = StreamClock(), filmed()

    def arriving(since: int) -> Iterator[Arrived[Shot]]:
        return (Arrived(Span(round(0.96 * shot.taken)), Instant(GUN + since + shot.arrives), shot) for shot in shots)

    assert sum(one.jump is not None for one in clock.timed(arriving(0))) == 3
    again = list(clock.timed(arriving(100 * SECOND)))
    assert again
    assert not any(one.jump for one in again)
