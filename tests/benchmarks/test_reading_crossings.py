"""The figures of the crossings' benchmark, on a runner whose sizes are known exactly."""

import pytest

from benchmarks.reading_crossings import (
    Hide,
    Watched,
    at_the_line,
    near_the_line,
    never,
    page,
    with_a_line,
    without_a_line,
)
from scanners.reading.frame_reader import FrameResult, Reading
from tests.builders import code_of
from tests.pictures import url
from timing.race.codes import Code
from timing.race.instants import SECOND, Instant

FPS, LINE_PX, SPEED, CROSSES_S = 30, 38.4, 4.0, 2.0


def film(*bibs: int) -> Watched:
    """Each runner alone, ten seconds after the one before, from 6 m to 1 m; the line is 2.5 m before the camera."""
    looks = []
    for turn, bib in enumerate(bibs):
        for frame in range(round(3 * FPS)):
            at_s = frame / FPS
            metres = 2.5 - SPEED * (at_s - CROSSES_S)
            at, number = Instant(round((10 * turn + at_s) * SECOND)), 300 * turn + frame
            reads = [Reading(number, at, "whole", LINE_PX * 2.5 / metres, (), url(bib))] if 1 < metres < 6 else []
            looks.append((at, FrameResult(reads)))
    crossings = {Code(code_of(bib)): 10 * turn + CROSSES_S for turn, bib in enumerate(bibs)}
    return Watched(1, looks, crossings, LINE_PX, 1920)


@pytest.mark.parametrize("hide", [never, at_the_line, near_the_line])
def test_of_an_even_walk_nobody_is_missing_and_hardly_anybody_late(hide: Hide) -> None:
    errors = with_a_line([film(417, 418, 419, 420)], hide)
    assert (len(errors.late_s), errors.missing) == (4, 0)
    assert all(abs(one) < 0.05 for one in errors.late_s)


def test_sights_are_early_and_late_and_the_stand_in_is_neither() -> None:
    errors = without_a_line([film(417, 418)])
    assert all(one < -0.5 for one in errors["first sight"].late_s)
    assert all(one > 0.2 for one in errors["last sight"].late_s)
    assert all(abs(one) < 0.05 for one in errors["stand-in"].late_s)


def test_the_page_has_a_row_for_every_case() -> None:
    told = page([film(417, 418)], {"dusk": film(419)})
    assert "| as filmed | 2 | 0 | 0 |" in told
    assert "| dusk | 1 | 0 | 0 |" in told
    assert "| stand-in at both |" in told
