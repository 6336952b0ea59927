"""Looks at a live camera become shorter while its pictures come faster than they can be read."""

from collections.abc import Iterable

import pytest

from scanners.reading.look_pace import TAKES, LookPace
from tests.builders import GUN
from tests.clock_and_chance import ManualClock
from timing.race.instants import MILLISECOND, SECOND, Instant, Span


class Watch:
    """A camera of so many pictures a second; a look takes so long, in milliseconds, or less if it searches in fewer ways."""

    def __init__(self, fps: int) -> None:
        self._fps, self._clock, self._number = fps, ManualClock(GUN), 0
        self._pace = LookPace(self._clock)

    def looks(self, milliseconds: Iterable[float], skipped: int = 0) -> list[int]:
        """In how many ways these looks search; of the camera's pictures so many are skipped before each."""
        return [self._look(ms, skipped) for ms in milliseconds]

    def _look(self, ms: float, skipped: int) -> int:
        self._number += 1 + skipped
        ways = self._pace.begin(self._number, Instant(GUN + self._number * SECOND // self._fps))
        self._clock.tick(Span(round(ms * MILLISECOND * TAKES[ways])))
        self._pace.end()
        return ways


@pytest.mark.parametrize(("fps", "ms", "ways"), [(30, 20, 2), (30, 30, 1), (15, 30, 2), (60, 16, 1)])
def test_a_look_may_take_three_quarters_of_the_time_between_two_pictures(fps: int, ms: float, ways: int) -> None:
    assert Watch(fps).looks([ms] * 20)[1:] == [ways] * 19


def test_where_even_one_way_takes_too_long_every_other_picture_is_searched() -> None:
    assert Watch(30).looks([60] * 9)[1:] == [0, 1] * 4


def test_a_hurry_lasts_as_long_as_the_crowd() -> None:
    assert Watch(30).looks([10] * 5 + [32] * 5 + [10] * 5) == [2] * 6 + [1] * 5 + [2] * 4


def test_pictures_that_were_skipped_leave_no_more_time_for_a_look() -> None:
    assert Watch(30).looks([32] * 10, skipped=1)[1:] == [1] * 9
