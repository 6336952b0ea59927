"""Marks that moved while the shutter was open: undone along the way they went they are read, and nobody becomes another."""

from random import Random

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanners.reading.mark_follower import WORTH, MarkFollower
from scanners.reading.mark_reader import ACCEPTED, MarkReader
from scanners.reading.moving_parts import MovingParts
from scanners.reading.pixels import Floats
from scanners.reading.smears import LARGEST_PX, still_part, unsmeared
from tests.builders import code_of
from tests.pictures import Grey
from timing.race.marks import PREFERRED, Mark, dark_modules, mark_book

BIBS = range(1001, 1301)
MARKS = dict(zip(BIBS, Random(7).sample(mark_book()[:PREFERRED], len(BIBS)), strict=True))
READER = MarkReader({mark: code_of(bib) for bib, mark in MARKS.items()})
STRANGERS = Random(4).sample(mark_book()[PREFERRED:], 5)
CELL_PX = 4
INK, PAPER, SHIRT = 30, 220, 35
PARTS = 16  # of an exposure
SIZE = 320, 240


def seen(mark: Mark, middle: tuple[float, float], smear: tuple[float, float] = (0, 0), seed: int = 1) -> Grey:
    """A mark on paper on a dark shirt, which moves so far while the shutter is open."""
    chance = np.random.default_rng(seed)
    dark = np.pad(np.array(dark_modules(mark)), 2)
    sheet = np.kron(np.where(dark, INK, PAPER), np.ones((CELL_PX, CELL_PX))).astype(np.float32)
    light = np.zeros((SIZE[1], SIZE[0]), np.float32)
    for part in np.linspace(-0.5, 0.5, PARTS):
        x, y = np.add(middle, np.multiply(part, smear)) - (len(sheet) - 1) / 2
        shift = np.array([[1, 0, x], [0, 1, y]], np.float32)
        light += np.asarray(cv2.warpAffine(sheet, shift, SIZE, borderValue=SHIRT)) / PARTS
    return np.clip(cv2.GaussianBlur(light, (0, 0), 0.8) + chance.normal(0, 3, light.shape), 0, 255).astype(np.uint8)


def outline(middle: tuple[float, float], by_px: float = 0) -> Floats:
    half = 5 * CELL_PX + by_px
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
    return np.asarray(corners + middle, np.float32)


def words(picture: Grey, quad: Floats) -> set[str]:
    """Of what is read at a place, the marks that lead by enough for a view whose smear was undone."""
    looks = READER.looks_at(picture, ACCEPTED / WORTH, quad[None])
    return {sighting.mark for sighting in READER.told(looks)}


WAYS = [(11, 0), (0, 11), (8, 8), (-9, 5)]


@pytest.mark.parametrize("way", WAYS)
def test_a_mark_smeared_by_more_than_two_cells_is_read_when_its_way_is_known(way: tuple[int, int]) -> None:
    smeared, still = 0, 0
    for bib in BIBS[:12]:
        picture, place = seen(MARKS[bib], (160, 120), way, bib), outline((161, 119), by_px=1)
        as_it_is, undone = words(picture, place), words(unsmeared(picture, np.array(way, np.float32)), place)
        assert as_it_is | undone <= {MARKS[bib]}
        smeared, still = smeared + bool(as_it_is), still + bool(undone)
    assert still >= 11
    assert smeared <= 4


@pytest.mark.parametrize("guess", [0.5, 0.7, 1.0, 1.4, 2.0])
def test_no_stranger_becomes_somebody_of_the_race_however_far_the_guess_is_off(guess: float) -> None:
    for way in WAYS:
        for stranger in STRANGERS:
            picture = unsmeared(seen(stranger, (160, 120), way), np.float32(guess) * np.array(way, np.float32))
            assert words(picture, outline((161, 119), by_px=1)) == set()


def read_of(mark: Mark, shutter: float, step: tuple[float, float]) -> list[set[str]]:
    """What is read of a mark that stands still at first and then moves from frame to frame, the shutter open for a share of the time."""
    follower, moving = MarkFollower(READER), MovingParts()
    places = [(60.0, 70.0), *((60 + step[0] * n, 70 + step[1] * n) for n in range(6))]
    smears = [(0.0, 0.0), *[(shutter * step[0], shutter * step[1])] * 6]
    frames = [seen(mark, place, smear, n) for n, (place, smear) in enumerate(zip(places, smears, strict=True))]
    return [{one.mark for one in follower.read(frame, moving)} for frame in frames]


def test_whoever_is_followed_is_read_while_a_slow_shutter_smears_the_mark() -> None:
    found, alone = 0, 0
    for bib in BIBS[:8]:
        frames = read_of(MARKS[bib], 0.5, (22, 9))
        assert set.union(*frames) == {MARKS[bib]}
        found += sum(map(bool, frames[2:]))
        alone += sum(bool(READER.read(seen(MARKS[bib], (60 + 22 * n, 70 + 9 * n), (11, 4.5), n))) for n in range(1, 6))
    assert found >= alone + 10


def test_a_stranger_who_is_followed_stays_nobody() -> None:
    for stranger in STRANGERS:
        assert set.union(*read_of(stranger, 0.5, (22, 9))) == set()


@given(st.floats(40, 200), st.floats(40, 150), st.floats(8, 40))
def test_places_in_the_part_that_is_looked_at_are_places_in_the_picture(x: float, y: float, half: float) -> None:
    quad = np.array(
        [[x - half, y - half], [x + half, y - half], [x + half, y + half], [x - half, y + half]], np.float32
    )
    part = still_part(np.full((240, 320), 128, np.uint8), quad, np.zeros(2, np.float32))
    assert part is not None
    assert part.outside(part.inside(quad)) == pytest.approx(quad, abs=0.01)
    assert float(np.ptp(part.inside(quad), axis=0).max()) <= LARGEST_PX + 0.01


def test_what_has_left_the_picture_is_not_looked_at() -> None:
    assert still_part(np.full((240, 320), 128, np.uint8), outline((-200, -200)), np.zeros(2, np.float32)) is None


def test_what_stood_still_stays_as_it_is() -> None:
    picture = seen(MARKS[1001], (160, 120))
    assert np.abs(unsmeared(picture, np.zeros(2, np.float32)).astype(int) - picture).max() <= 4
