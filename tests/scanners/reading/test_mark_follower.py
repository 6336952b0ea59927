"""Marks are followed: what was promising once is read where it has moved to, in blur that leaves no outline, and never as another."""

from collections.abc import Iterable
from dataclasses import replace
from random import Random

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanners.reading.mark_follower import MarkFollower
from scanners.reading.mark_reader import MarkReader, MarkView
from scanners.reading.moving_parts import MovingParts
from scanners.reading.pixels import Floats
from scanners.reading.quads import ALWAYS, CRISP, IN_TURN, find_quads, followed
from tests.builders import code_of
from tests.pictures import Grey
from timing.race.marks import PREFERRED, Mark, dark_modules, mark_book

BIBS = range(1001, 1301)
MARKS = dict(zip(BIBS, Random(7).sample(mark_book()[:PREFERRED], len(BIBS)), strict=True))
READER = MarkReader({mark: code_of(bib) for bib, mark in MARKS.items()})
CELL_PX = 4
INK, PAPER, SHIRT = 30, 220, 35
PLAIN = np.full((60, 60), PAPER, np.uint8)
NOT_AT_ALL = np.zeros(2, np.float32)


def paper(mark: Mark, twice: bool = False, white: int = 2) -> Grey:
    """A mark, or a mark and its twin with one cell between them, on paper with so many white cells around."""
    dark = np.array(dark_modules(mark))
    shown = np.hstack([dark, np.zeros((10, 1), bool), dark]) if twice else dark
    cells = np.where(np.pad(shown, white), INK, PAPER).astype(np.uint8)
    return np.kron(cells, np.ones((CELL_PX, CELL_PX), np.uint8))


def frame(sheet: Grey, middle: tuple[int, int], smear: int = 1, seed: int = 1, grain: int = 3) -> Grey:
    """A sheet on a dark shirt, moving so many pixels sideways while the shutter is open; grain in counts of grey."""
    chance = np.random.default_rng(seed)
    picture = np.full((240, 360), SHIRT, np.uint8)
    left, top = middle[0] - sheet.shape[1] // 2, middle[1] - sheet.shape[0] // 2
    picture[top : top + sheet.shape[0], left : left + sheet.shape[1]] = sheet
    smeared = cv2.blur(cv2.GaussianBlur(picture, (0, 0), 0.8), (smear, 1))
    return np.clip(smeared + chance.normal(0, grain, picture.shape), 0, 255).astype(np.uint8)


def seen(frames: Iterable[Grey]) -> list[set[str]]:
    follower, moving = MarkFollower(READER), MovingParts()
    return [{one.mark for one in follower.read(frame, moving)} for frame in frames]


def strapped(sheet: Grey) -> Grey:
    """Two dark straps, from above and from the left, join the mark's border with the shirt: it has no outline of its own."""
    covered, middle = sheet.copy(), sheet.shape[0] // 2
    covered[: 3 * CELL_PX, middle - 6 : middle + 6] = covered[middle - 6 : middle + 6, : 3 * CELL_PX] = INK
    return covered


@pytest.mark.parametrize("steps", [(0, 0), (9, 5), (-7, 3), (4, -10)])
def test_a_mark_is_read_where_it_has_moved_to_when_its_outline_is_lost(steps: tuple[int, int]) -> None:
    alone = 0
    for bib in BIBS[:6]:
        sheet, places = paper(MARKS[bib]), [(150 + steps[0] * n, 120 + steps[1] * n) for n in range(6)]
        film = [frame(strapped(sheet) if n else sheet, at, 5, bib + n) for n, at in enumerate(places)]
        assert seen(film) == [{MARKS[bib]}] * 6
        alone += sum(bool(READER.read(one)) for one in film[1:])
    assert alone <= 20  # of 30


def test_a_mark_and_its_twin_that_blur_has_joined_are_both_found() -> None:
    found = 0
    for bib in BIBS[:20]:
        joined = frame(paper(MARKS[bib], twice=True), (180, 120), smear=7, seed=bib)
        middles = find_quads(joined, ways=(ALWAYS,)).mean(1)
        expected = np.array([[180 - 5.5 * CELL_PX, 120], [180 + 5.5 * CELL_PX, 120]])
        found += int((np.linalg.norm(middles[:, None] - expected, axis=2).min(0) <= 1.5 * CELL_PX).all())
    assert found >= 18


@pytest.mark.parametrize(("smear", "least"), [(1, 20), (12, 18), (20, 12)])
def test_a_mark_smeared_by_up_to_five_cells_has_an_outline_in_one_of_the_ways_in_which_frames_are_searched(
    smear: int, least: int
) -> None:
    found = dict.fromkeys(((CRISP,), (ALWAYS, *IN_TURN)), 0)
    for bib in BIBS[:20]:
        smeared = frame(paper(MARKS[bib], white=4), (180, 120), smear, bib)
        for ways in found:
            corners = find_quads(smeared, ways=ways)
            expected = np.array([180, 120]) + 5 * CELL_PX * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
            turned = np.stack([np.roll(corners, turns, 1) for turns in range(4)])
            found[ways] += int(np.linalg.norm(turned - expected, axis=3).max(2).min(initial=99) <= 2 * CELL_PX)
    alone, together = found.values()
    assert together >= max(least, alone)


def test_what_too_few_single_frames_tell_in_the_dark_is_read_from_several_together() -> None:
    alone = together = 0
    for bib in BIBS[:4]:
        film = [frame(paper(MARKS[bib]), (120 + 4 * n, 120), 5, 10 * bib + n, grain=125) for n in range(30)]
        named = seen(film)
        assert all(marks <= {MARKS[bib]} for marks in named)
        together += sum(map(bool, named))
        alone += sum(bool(READER.read(one)) for one in film)
    # three and a half times, where each frame is looked at for itself, following what was found before
    assert together >= 4 * alone > 0


@pytest.mark.parametrize("frames", [1, 6])
@pytest.mark.parametrize("grain", [3, 40])
def test_whoever_else_comes_to_the_place_is_not_taken_for_who_was_there(frames: int, grain: int) -> None:
    """Marks of other races, which are nobody's, follow at once where one of this race was."""
    chance = Random(4)
    for bib, stranger in zip(BIBS[:6], chance.sample(mark_book()[PREFERRED:], 6), strict=True):
        film = [
            *(frame(paper(MARKS[bib]), (180, 120), 5, bib + n) for n in range(frames)),
            *(frame(paper(stranger), (180, 120), 5, n, grain) for n in range(6)),
        ]
        assert seen(film) == [*[{MARKS[bib]}] * frames, *[set()] * 6]


@given(st.integers(-12, 12), st.integers(-12, 12), st.integers(12, 60))
def test_what_is_followed_is_found_where_it_moved(right: int, down: int, side: int) -> None:
    chance = np.random.default_rng(side)
    street = cv2.GaussianBlur(chance.integers(0, 256, (200, 200)).astype(np.uint8), (0, 0), 1.5)
    quad = np.array([[70, 70], [70 + side, 70], [70 + side, 70 + side], [70, 70 + side]], np.float32)
    if max(abs(right), abs(down)) > side / 2:
        return
    after = np.asarray(np.roll(street, (down, right), (0, 1)), np.uint8)
    step = followed(np.asarray(street, np.uint8), after, quad, NOT_AT_ALL)
    assert step == pytest.approx(np.array([right, down]), abs=2)


def test_what_leaves_the_picture_or_changes_wholly_is_taken_to_go_on_as_it_did() -> None:
    chance = np.random.default_rng(5)
    one, other = (chance.integers(0, 256, (200, 200)).astype(np.uint8) for _ in range(2))
    quad = np.array([[70, 70], [90, 70], [90, 90], [70, 90]], np.float32)
    ahead = np.array([4, 3], np.float32)
    assert np.array_equal(followed(one, other, quad, ahead), ahead)
    assert np.array_equal(followed(one, one, quad - 300, ahead), ahead)


def test_pictures_of_another_size_are_another_camera_s() -> None:
    film = [
        frame(paper(MARKS[1001]), (180, 120)),
        np.full((90, 160), 128, np.uint8),
        frame(paper(MARKS[1001]), (60, 60)),
    ]
    assert seen(film) == [{MARKS[1001]}, set(), {MARKS[1001]}]


class Scripted(MarkReader):
    """A reader that is told what it sees in one frame after another."""

    def __init__(self, frames: Iterable[list[MarkView]]) -> None:
        super().__init__({mark: code_of(bib) for bib, mark in MARKS.items()})
        self._frames = iter(frames)

    def looks(self, *_: object) -> list[MarkView]:
        return next(self._frames)

    def looks_at(self, *_: object, **__: object) -> list[MarkView]:
        return []


def view(word: int, margin: float, side: float, cells: Floats) -> MarkView:
    """A look at a square around one place."""
    square = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)], np.float32) * np.float32(side / 2)
    return MarkView(word, margin, square + np.float32(100), cells)


def test_what_surrounds_a_mark_is_not_read_by_what_was_seen_of_the_mark() -> None:
    mark = np.where(np.array(dark_modules(MARKS[1001]))[1:-1, 1:-1], -1, 1).astype(np.float32)
    bib = mark.copy()
    bib[:, :2] *= -1  # a whole bib on a dark shirt, which happens to be a little like the mark on it
    small, large = view(0, 0.5, 14.0, mark), view(7, 0.1, 52.0, bib)
    large = replace(large, corners=large.corners + np.float32(9))
    follower, blank, moving = (
        MarkFollower(Scripted([*[[small]] * 4, [small, large]])),
        frame(PLAIN, (180, 120)),
        MovingParts(),
    )
    found = [follower.read(blank, moving) for _ in range(5)]
    assert [round(one.size_px) for one in found[3]] == [round(one.size_px) for one in found[4]] == [14]
