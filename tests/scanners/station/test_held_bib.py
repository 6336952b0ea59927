"""A bib that somebody holds still over the line is told from one that is carried by, from two, and from a poster's code."""

from collections.abc import Iterable

import pytest

from scanners.station.held_bib import NOBODY, SEVERAL, UNSTEADY, HeldBib, StillBibFinder
from scanners.station.observer import SeenCode
from tests.operators import seen
from timing.language import Text
from timing.race.instants import SECOND, Instant

FPS = 20
Frames = Iterable[list[SeenCode]]


def found(frames: Frames) -> HeldBib | Text:
    finder = StillBibFinder()
    for number, codes in enumerate(frames):
        finder.saw(Instant(number * SECOND // FPS), 1000, 500, codes)
    return finder.held()


def test_a_bib_that_is_held_for_a_second_is_taken_with_its_size_and_its_place() -> None:
    held = found([[seen(417, left=50, side=100 + number % 3)] for number in range(FPS + 2)])
    assert isinstance(held, HeldBib)
    assert (held.px, held.width, held.height) == (101, 1000, 500)
    assert held.corners[0] == (0.05, 0.1)


def test_a_frame_in_which_it_is_not_read_does_no_harm() -> None:
    assert isinstance(found([[seen(417)] if number % 3 else [] for number in range(FPS + 4)]), HeldBib)


@pytest.mark.parametrize(
    ("frames", "told"),
    [
        ([], NOBODY),
        ([[]] * 50, NOBODY),
        ([[seen(417)]] * (FPS // 2), UNSTEADY),
        ([[seen(417, side=60 + 2 * number)] for number in range(50)], UNSTEADY),
        ([[seen(417, left=10 * number)] for number in range(50)], UNSTEADY),
        ([[seen(417), seen(418, 300)]] * 50, SEVERAL),
        ([[SeenCode("?0123456789abcdef", seen(417).corners, "qr", 4)]] * 50, NOBODY),
        ([[SeenCode(seen(417).code, seen(417).corners, "mark", 4)]] * 50, NOBODY),
        ([[seen(417)]] * 50 + [[]] * 2 * FPS, NOBODY),
    ],
)
def test_nothing_else_is_taken_for_the_line(frames: Frames, told: Text) -> None:
    assert found(frames) == told
