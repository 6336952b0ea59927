"""People parted from the street behind them, whatever befalls the whole picture: a swaying mast, an exposure set anew, lamps."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from scanners.reading.pixels import Picture
from scanners.reading.silhouettes import Silhouette, SilhouetteFinder, figures


def street(seed: int = 1, noise: int = 10) -> Picture:
    return np.random.default_rng(seed).integers(100 - noise, 100 + noise, (180, 320)).astype(np.uint8)


def stand(picture: Picture, x: int, grey: int = 30, size: int = 1) -> None:
    """A head on shoulders."""
    picture[40 - 16 * size : 42, x - 5 * size : x + 5 * size] = grey
    picture[40:170, x - 13 * size : x + 13 * size] = grey


def found(*after: Picture) -> list[Silhouette]:
    finder = SilhouetteFinder()
    for seed in range(60):
        finder.find(street(seed))
    return [finder.find(one) for one in after][-1]


def test_two_who_touch_are_parted_between_their_heads() -> None:
    picture = street()
    stand(picture, 100)
    stand(picture, 126)
    assert sorted(round(one.box.middle[0] / 10) for one in found(picture)) == [10, 13]


def test_a_change_of_exposure_and_a_shadow_on_the_road_are_nobody() -> None:
    darker, shadow = (street() * 0.6).astype(np.uint8), street()
    shadow[150:170, 60:200] //= 2
    assert (found(darker), found(shadow)) == ([], [])


def test_somebody_is_found_although_the_exposure_changed() -> None:
    picture = street()
    stand(picture, 160)
    (one,) = found((picture * 0.7).astype(np.uint8))
    assert (round(one.box.middle[0] / 10), round(one.across)) == (16, 26)


@pytest.mark.parametrize("places", [(100, 118), (82, 100, 118), (90, 106, 122)])
def test_a_body_that_others_touch_is_as_wide_as_its_head_tells(places: tuple[int, ...]) -> None:
    picture = street()
    for x in places:
        stand(picture, x)
    assert [one.across for one in found(picture)] == [pytest.approx(26, abs=3)] * len(places)


def test_a_head_before_others_tells_no_more_than_what_is_seen_of_its_body() -> None:
    mask = np.zeros((180, 320), np.uint8)
    mask[30:60, 100:140] = mask[45:170, 108:160] = mask[20:170, 150:180] = 255  # a head before a farther one
    assert min(one.across for one in figures(mask)) < 60


def test_the_middle_of_two_heads_in_one_figure_is_that_of_one() -> None:
    mask = np.zeros((180, 320), np.uint8)
    mask[42:170, 100:140] = mask[38:42, 105:112] = mask[38:42, 128:135] = 255
    (one,) = figures(mask)
    assert one.x == pytest.approx(108.5, abs=1)


def test_whoever_stood_in_view_at_first_leaves_no_figure_behind() -> None:
    finder = SilhouetteFinder()
    for seed in range(60):
        waits = street(seed, 3)
        stand(waits, 160)
        finder.find(waits)
    left = [finder.find(street(seed, 3)) for seed in range(90)]
    assert left[0] and not any(left[70:])


@pytest.mark.parametrize(("frames", "greys"), [(45, (30,)), (300, (30, 45))])
def test_a_slow_walker_in_plain_clothes_and_a_crowd_of_ten_seconds_leave_no_figure_behind(
    frames: int, greys: tuple[int, ...]
) -> None:
    finder = SilhouetteFinder()
    for seed in range(60):
        finder.find(street(seed, 3))
    for seed in range(frames):
        covered = street(seed, 3)
        stand(covered, 160, greys[seed // 5 % len(greys)])
        finder.find(covered)
    assert finder.find(street(frames, 3)) == []


def test_nothing_is_found_in_an_empty_mask() -> None:
    assert figures(np.zeros((90, 160), np.uint8)) == []


LOCKERS = cv2.GaussianBlur(np.kron(np.random.default_rng(5).integers(40, 200, (28, 46)), np.ones((7, 7))), (0, 0), 1.0)
"""A street full of edges, wider and higher than a picture."""


def swaying(number: int, picture: Picture) -> Picture:
    """A mast moves the picture by two pixels and a half to each side, some twice a second."""
    x, y = 2.5 * np.sin(0.45 * number), 1.0 * np.sin(0.3 * number)
    return np.asarray(cv2.warpAffine(picture, np.array([[1, 0, x], [0, 1, y]]), (322, 196)), np.uint8)


def pumping(number: int, picture: Picture) -> Picture:
    """The exposure is set anew again and again; at the longest the lightest places are white."""
    return np.asarray(np.clip(picture * np.exp(0.5 * np.sin(0.15 * number)), 0, 255), np.uint8)


def flickering(number: int, picture: Picture) -> Picture:
    """Lamps flicker while the rows are read one after another."""
    rows = np.arange(len(picture))[:, None]
    return np.asarray(np.clip(picture * (0.8 + 0.3 * np.sin(rows / 9 + 2.1 * number)), 0, 255), np.uint8)


@pytest.mark.parametrize("befalls", [swaying, pumping, flickering])
def test_what_befalls_the_whole_picture_makes_and_hides_nobody(befalls: Callable[[int, Picture], Picture]) -> None:
    finder, empty = SilhouetteFinder(), np.asarray(LOCKERS, np.uint8)
    somebody = empty.copy()
    stand(somebody, 170, 20)
    first = [finder.find(befalls(number, empty)[8:188, :320]) for number in range(60)]
    ((one,), *_) = after = [finder.find(befalls(number, somebody)[8:188, :320]) for number in range(60, 66)]
    assert (first[-1], [len(found) for found in after]) == ([], [1] * 6)
    assert one.across == pytest.approx(26, abs=3)
