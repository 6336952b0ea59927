"""Which parts of a frame are searched, and how: what moves, now and then what stands still, and in one way where all of it moves."""

import numpy as np

from scanners.reading.moving_parts import MUCH, STILL_EVERY, MovingParts
from scanners.reading.pixels import Picture
from scanners.reading.quads import ALWAYS, IN_TURN, Darker

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
    assert moving.next(passing(300)).where is None
    parts = moving.next(passing(320)).where
    assert parts is not None
    assert (parts[200:300, 300:380] == 255).all()
    assert searched(parts) < 0.15


def test_whoever_stands_still_is_searched_for_everywhere_within_a_second() -> None:
    moving, seen = MovingParts(), np.zeros((HEIGHT, WIDTH), np.uint8)
    moving.next(STREET)
    for _ in range(3 * STILL_EVERY):
        parts = moving.next(STREET).where
        assert parts is not None
        seen |= parts
        assert searched(parts) < MUCH
    assert (seen == 255).all()


def test_whoever_stands_still_anywhere_is_searched_for_in_every_way_in_turn() -> None:
    moving, ways = MovingParts(), dict[int, set[Darker]]()
    moving.next(STREET)
    for _ in range(9 * STILL_EVERY):
        parts, used = moving.next(STREET)
        assert parts is not None
        for x in np.flatnonzero(parts[0, ::100]).tolist():
            ways.setdefault(x, set()).update(used)
    assert len(ways) == WIDTH // 100 + 1
    assert all(used == {ALWAYS, *IN_TURN} for used in ways.values())


def test_where_nearly_all_moves_every_frame_is_searched_in_one_way_and_in_each_within_six() -> None:
    chance = np.random.default_rng(5)
    moving, ways = MovingParts(), list[Darker]()
    for frame in range(8):
        parts, used = moving.next(
            chance.integers(0, 2, (HEIGHT // 20, WIDTH // 20)).repeat(20, 0).repeat(20, 1).astype(np.uint8) * 200
        )
        assert searched(parts) > MUCH
        assert len(used) == (1 if frame else 2)
        ways += used[:frame]
    assert set(ways[:6]) == {ALWAYS, *IN_TURN}


def test_grain_in_the_dark_is_no_movement_and_whoever_walks_through_it_is() -> None:
    chance = np.random.default_rng(6)

    def dark(x: int) -> Picture:
        picture = np.full((HEIGHT, WIDTH), 40.0)
        picture[200:300, x : x + 60] = 90
        return (picture + chance.normal(0, 5, picture.shape)).clip(0, 255).astype(np.uint8)

    moving = MovingParts()
    moving.next(dark(300))
    parts = moving.next(dark(320)).where
    assert parts is not None
    assert (parts[200:300, 300:320] == 255).all()
    assert searched(parts) < 0.15
