"""A bib that somebody holds still over the line is told from one that is carried by, from two, and from a poster's code; a small QR
that is read once is followed by the marks beside it."""

from collections.abc import Iterable

import pytest

from scanners.station.held_bib import ILLEGIBLE, NOBODY, SEVERAL, UNSTEADY, HeldBib, StillBibFinder
from scanners.station.observer import SeenCode
from tests.operators import seen
from timing.language import Text
from timing.race.instants import SECOND, Instant

FPS = 20
Frames = Iterable[list[SeenCode]]


def marks(bib: int, left: float = 50, side: float = 30) -> list[SeenCode]:
    """The two marks of a bib whose QR is four thirds as large."""
    corners = [seen(bib, place, side).corners for place in (left, left + 1.1 * side)]
    return [SeenCode(seen(bib).code, one, "mark", side / 10) for one in corners]


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


@pytest.mark.parametrize("together", [True, False], ids=["in one frame", "one frame later"])
def test_a_small_qr_that_is_read_once_is_followed_by_the_marks_beside_it(together: bool) -> None:
    once: Frames = [[seen(417, side=40), *marks(417)]] if together else [[seen(417, side=40)]]
    held = found([*once, *[marks(417)] * 50])
    assert isinstance(held, HeldBib)
    assert held.px == 40


def test_somebody_who_walked_up_has_the_size_of_where_they_stand() -> None:
    walking: Frames = [[seen(417, side=20 + number), *marks(417, side=15 + 0.75 * number)] for number in range(20)]
    held = found([*walking, *[marks(417, side=36) if number % 5 else marks(417, side=36)[:1] for number in range(50)]])
    assert isinstance(held, HeldBib)
    assert held.px == 48


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
        ([marks(417)] * 50, ILLEGIBLE),
        ([[seen(417, side=40)], *[[]] * (FPS // 4), *[marks(417)] * 50], ILLEGIBLE),
        ([[seen(417, side=40), *marks(417)], *[marks(417, 20 * number) for number in range(50)]], UNSTEADY),
        ([[seen(417, side=40), *marks(417)], *[[*marks(417), seen(418, 300)]] * 50], SEVERAL),
        ([[seen(417), *marks(418)]] * 20 + [marks(418)] * 50, ILLEGIBLE),
        ([[seen(417)]] * 50 + [[]] * 2 * FPS, NOBODY),
    ],
)
def test_nothing_else_is_taken_for_the_line(frames: Frames, told: Text) -> None:
    assert found(frames) == told
