"""A look at made-up pictures: dark, glaring, blurred, moved, with people in them."""

import cv2
import numpy as np
import pytest

from scanners.cameras.jpeg import shrunk
from scanners.station.image_quality import SMALL, ImageQuality, edge, smear
from tests.operators import Grey, wall
from tests.pictures import symbol, url
from timing.race.instants import SECOND, Instant


def street(seed: int = 1, light: float = 1.0) -> Grey:
    """A place with houses: nothing in it is like another."""
    blocks = np.random.default_rng(seed).integers(30, 220, (36, 64)).repeat(20, 0).repeat(20, 1)
    return np.asarray(np.clip(blocks * light, 0, 255), np.uint8)


def blurred(picture: Grey, sigma: float) -> Grey:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.uint8)


def looked(eye: ImageQuality, *pictures: Grey, read: bool = False) -> ImageQuality:
    begun = eye._looked or Instant(0)
    for number, picture in enumerate(pictures, 1):
        eye.look(Instant(begun + number * SECOND // 2), picture, shrunk(picture, *SMALL), read)
    return eye


def walkers(step: int, count: int = 6) -> Grey:
    """The street with people who go by."""
    picture = street().copy()
    for number in range(count):
        left = (number * 190 + step * 57) % 1200
        picture[200:620, left : left + 90] = 90 + 20 * (number % 5)
    return picture


def test_a_lens_cap_and_a_night_are_dark_and_a_street_is_not() -> None:
    assert (looked(ImageQuality(), *[street()] * 5).paper or 0) > 150
    assert (looked(ImageQuality(), *[street(light=0.15)] * 5).paper or 0) < 60


def test_the_sun_in_the_lens_glares() -> None:
    sunny = street().copy()
    sunny[:500] = 255
    assert looked(ImageQuality(), *[sunny] * 5).glare > 0.6
    assert looked(ImageQuality(), *[street()] * 5).glare == 0


@pytest.mark.parametrize("light", [0.4, 1.0])
def test_an_unfocused_lens_has_no_sharp_edges_in_any_light(light: float) -> None:
    sharp, soft = edge(street(light=light)), edge(blurred(street(light=light), 5))
    assert sharp and soft
    assert soft < 0.12 < 0.3 < sharp


def test_a_white_wall_says_nothing_of_the_focus() -> None:
    assert edge(np.full((720, 1280), 200, np.uint8)) is None


def test_a_code_in_movement_is_smeared_and_one_at_rest_is_not() -> None:
    still = blurred(symbol(url(417), 125), 0.7)
    moving = np.asarray(cv2.blur(still, (1, 8)), np.uint8)
    assert (smear(still, 5.0) or 0) < 0.2
    assert (smear(moving, 5.0) or 0) > 0.6
    assert smear(still, 2.0) is None  # too small to tell


def test_a_camera_that_was_pushed_aside_is_noticed_within_a_few_seconds() -> None:
    eye = looked(ImageQuality(), *[street()] * 12)
    assert eye.changed == 0
    looked(eye, *[np.roll(street(), (37, 130), (0, 1))] * 12)
    assert eye.changed > 0.6


def test_passers_by_and_a_cloud_do_not_move_the_camera() -> None:
    eye = looked(ImageQuality(), *[street()] * 12)
    looked(eye, *[walkers(step) for step in range(20)])
    assert eye.changed < 0.3
    looked(eye, *[street(light=0.6)] * 12)
    assert eye.changed < 0.1


def test_the_new_place_may_be_the_right_one() -> None:
    eye = looked(ImageQuality(), *[street()] * 12, *[street(2)] * 12)
    assert eye.changed > 0.6
    eye.here()
    assert looked(eye, *[street(2)] * 20).changed == 0


def test_movement_without_a_reading_adds_up_until_something_is_read() -> None:
    eye = looked(ImageQuality(), *[walkers(step) for step in range(25)])
    assert eye.moving_s == pytest.approx(12.0)
    assert looked(eye, walkers(26), read=True).moving_s < 1
    assert looked(ImageQuality(), *[street()] * 25).moving_s == 0


def test_it_looks_twice_a_second_also_when_the_clock_goes_back() -> None:
    eye = looked(ImageQuality(), wall())
    assert [eye.due(Instant(at)) for at in (600_000, 900_000, 1_000_000, 100_000)] == [False, False, True, True]
