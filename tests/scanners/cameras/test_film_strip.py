"""The strip of a film shows when who was where: a person reads the time below it, of a fast camera and of a slow one."""

import numpy as np
import pytest

from scanners.cameras.film_strip import AXIS_PX, FilmStrip, seconds_between
from tests.boards import SEOUL
from tests.builders import GUN
from tests.pictures import Grey
from timing.race.instants import SECOND, Instant, wall

HEIGHT = 60


def strip_of(ats: list[int]) -> Grey:
    strip = FilmStrip(0.5)
    for number, at in enumerate(ats):
        strip.add(Instant(GUN + at), np.full((HEIGHT, 80), 40 + number % 60, np.uint8))
    seconds = seconds_between(GUN, Instant(GUN + ats[-1]))
    return strip.picture("finish-1", [(at, wall(at, SEOUL)) for at in seconds])


def inked(row: Grey) -> list[int]:
    return [int(at) for at in np.flatnonzero(row < 128)]


@pytest.mark.parametrize("fps", [5, 8, 12, 30, 60])
def test_each_second_has_room_for_its_time_and_tenths_are_marked(fps: int) -> None:
    strip = strip_of([number * SECOND // fps for number in range(4 * fps + 1)])
    assert len(strip) == HEIGHT + AXIS_PX
    seconds, tenths = inked(strip[HEIGHT + 7]), inked(strip[HEIGHT + 2])
    assert len(seconds) == 5 and len(tenths) == 41
    assert min(np.diff(seconds)) >= 70


def test_times_within_a_gap_are_not_written_over_each_other() -> None:
    gap = strip_of([*range(0, SECOND, 40_000), *range(200 * SECOND, 201 * SECOND, 40_000)])
    whole = strip_of([*range(0, SECOND, 40_000)])
    text = [int((strip[HEIGHT + 9 : HEIGHT + 20] < 128).sum()) for strip in (gap, whole)]
    assert text[0] / gap.shape[1] < 1.5 * text[1] / whole.shape[1]
