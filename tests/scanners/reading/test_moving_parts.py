"""Which parts of a frame are searched: what moves, now and then what stands still, and never nearly everything at once."""

import numpy as np

from scanners.reading.moving_parts import MUCH, STILL_EVERY, MovingParts
from scanners.reading.pixels import Picture

HEIGHT, WIDTH = 540, 960
STREET = np.full((HEIGHT, WIDTH), 90, np.uint8)


def passing(x: int) -> Picture:
    """A street on which something bright stands at a place."""
    picture = STREET.copy()
    picture[200:300, x : x + 60] = 240
    return picture


def searched(parts: Picture | None) -> float:
    return 1.0 if parts is None else float((parts > 0).mean())


def test_the_first_frame_is_searched_everywhere_and_the_next_where_something_has_moved() -> None:
    moving = MovingParts()
    assert moving.of(passing(300)) is None
    parts = moving.of(passing(320))
    assert parts is not None
    assert (parts[200:300, 300:380] == 255).all()
    assert searched(parts) < 0.15


def test_whoever_stands_still_is_searched_for_everywhere_within_a_second() -> None:
    moving, seen = MovingParts(), np.zeros((HEIGHT, WIDTH), np.uint8)
    for frame in range(1 + 3 * STILL_EVERY):
        parts = moving.of(STREET)
        if frame:
            assert parts is not None
            seen |= parts
            assert searched(parts) < MUCH
    assert (seen == 255).all()


def test_a_swaying_camera_has_every_place_searched_in_three_frames_and_never_more_than_half_of_it_at_once() -> None:
    chance = np.random.default_rng(5)
    moving, seen = MovingParts(), list[Picture]()
    for _ in range(7):
        parts = moving.of(chance.integers(0, 255, (HEIGHT, WIDTH)).astype(np.uint8))
        seen += [] if parts is None else [parts]
    assert max(searched(parts) for parts in seen) <= 0.5
    for first in range(len(seen) - 2):
        assert (np.maximum.reduce(seen[first : first + 3]) == 255).all()
