"""The reader of marks: whose bib it is from any side and on any shirt, and nobody where there is no mark of the race."""

from dataclasses import dataclass
from random import Random
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from scanners.reading.mark_reader import ACCEPTED, MarkReader, MarkSighting, proof_reader
from tests.builders import code_of
from tests.faults.soak import scaled
from tests.pictures import Grey, scene, url
from timing.race.marks import PREFERRED, Mark, dark_modules, mark_book, turned

Floats = npt.NDArray[np.float32]
INK, PAPER, GREY_SHIRT, DARK_SHIRT = 25, 230, 120, 40
DRAWN_PX: Final = 16  # a cell as drawn, before it is seen from afar
FINER: Final = 3
BIBS = range(1001, 1301)
MARKS = dict(zip(BIBS, Random(7).sample(mark_book()[:PREFERRED], len(BIBS)), strict=True))
READER = MarkReader({mark: code_of(bib) for bib, mark in MARKS.items()})


@dataclass(frozen=True)
class Held:
    """A bib's mark in a picture: how large a cell is in pixels, where its middle is, and how it is turned to the left."""

    mark: Mark
    cell_px: float = 6
    at: tuple[float, float] = (120, 120)
    turned_deg: float = 0
    white_cells: int = 1


def seen(*held: Held, shirt: int = PAPER, size: tuple[int, int] = (240, 240), blur: float = 0.7, seed: int = 1) -> Grey:
    """The marks on a shirt, a little out of focus and with a sensor's noise."""
    picture = np.full(size, shirt, np.float32)
    for one in held:
        paper, cover, top, left = laid(one)
        part = picture[top : top + len(cover), left : left + len(cover)]
        part *= 1 - cover
        part += paper
    noise = np.random.default_rng(seed).normal(0, 4, size)
    return np.clip(cv2.GaussianBlur(picture, (0, 0), blur) + noise, 0, 255).astype(np.uint8)


def laid(one: Held) -> tuple[Floats, Floats, int, int]:
    """The paper with the mark, how much of each pixel it covers, and where the first pixel lies."""
    drawn = np.where(np.array(dark_modules(one.mark)), INK, PAPER).astype(np.float32)
    drawn = np.kron(drawn, np.ones((DRAWN_PX, DRAWN_PX), np.float32))
    drawn = np.pad(drawn, one.white_cells * DRAWN_PX, constant_values=PAPER)
    reach = int(0.75 * len(drawn) / DRAWN_PX * one.cell_px)
    left, top = (int(at) - reach for at in one.at)
    middle, side = (len(drawn) - 1) / 2, 2 * reach * FINER
    warp = np.asarray(cv2.getRotationMatrix2D((middle, middle), one.turned_deg, one.cell_px / DRAWN_PX), np.float64)
    warp[:, 2] += np.subtract(one.at, (left, top)) - middle
    warp = warp * FINER + [[0, 0, (FINER - 1) / 2]] * 2
    layers = [cv2.warpAffine(layer, warp, (side, side)) for layer in (drawn, np.ones_like(drawn))]
    paper, cover = (
        cv2.resize(layer, None, fx=1 / FINER, fy=1 / FINER, interpolation=cv2.INTER_AREA) for layer in layers
    )
    return np.asarray(paper, np.float32), np.asarray(cover, np.float32), top, left


def read(picture: Grey, reader: MarkReader = READER) -> set[str]:
    return {sighting.mark for sighting in reader.read(picture)}


def only(picture: Grey) -> MarkSighting:
    (sighting,) = READER.read(picture)
    return sighting


@pytest.mark.parametrize("shirt", [PAPER, GREY_SHIRT, DARK_SHIRT])
@pytest.mark.parametrize("white_cells", [1, 2])
def test_a_mark_is_read_on_any_shirt_however_it_is_turned(shirt: int, white_cells: int) -> None:
    chance = Random(f"{shirt} {white_cells}")
    for bib in chance.sample(BIBS, 12):
        held = Held(MARKS[bib], chance.uniform(3.7, 7.5), turned_deg=chance.uniform(0, 360), white_cells=white_cells)
        sighting = only(seen(held, shirt=shirt, blur=chance.uniform(0.5, 1), seed=bib))
        assert (sighting.mark, sighting.code) == (MARKS[bib], code_of(bib))
        assert sighting.margin > 0.5
        assert sighting.size_px == pytest.approx(10 * held.cell_px, rel=0.05)


@pytest.mark.parametrize("turned_deg", range(10, 360, 30))
def test_the_corners_begin_at_the_upper_left_of_the_bib(turned_deg: float) -> None:
    corners = np.array(only(seen(Held(MARKS[1001], turned_deg=turned_deg))).corners)
    across, down = corners[1] - corners[0], corners[3] - corners[0]
    angle = np.degrees(np.arctan2(-across[1], across[0]))
    assert (angle - turned_deg + 180) % 360 - 180 == pytest.approx(0, abs=4)
    assert across[0] * down[1] - across[1] * down[0] > 0  # clockwise, as the picture's y grows downwards


@pytest.mark.parametrize(
    ("cell_px", "blur", "least"), [(1.8, 0.6, 27), (2.2, 1.0, 27), (3.0, 1.6, 27), (5.0, 3.0, 29), (5.0, 3.5, 24)]
)
def test_far_and_blurred_marks_are_read_or_missed_but_never_taken_for_another(
    cell_px: float, blur: float, least: int
) -> None:
    chance = Random(f"{cell_px}")
    right = 0
    for bib in chance.sample(BIBS, 30):
        held = Held(MARKS[bib], cell_px, (60, 60), chance.uniform(0, 360))
        found = read(seen(held, shirt=GREY_SHIRT, size=(120, 120), blur=blur, seed=bib))
        assert found <= {MARKS[bib]}
        right += bool(found)
    assert right >= least


def test_every_mark_in_a_frame_is_read_once_and_in_a_part_of_it_too() -> None:
    held = [Held(MARKS[1001 + at], 3 + at, (100 + 160 * at, 200), 10.0 * at) for at in range(6)]
    frame = seen(*held, shirt=GREY_SHIRT, size=(720, 1280))
    sightings = READER.read(frame)
    assert sorted(sighting.mark for sighting in sightings) == sorted(one.mark for one in held)
    assert [sighting.margin for sighting in sightings] == sorted((s.margin for s in sightings), reverse=True)
    for sighting in READER.read(frame[100:300, 180:340]):
        (at,) = (one.at for one in held if one.mark == sighting.mark)
        x, y = np.mean(sighting.corners, axis=0)
        assert (x + 180, y + 100) == pytest.approx(at, abs=1.5)


def test_a_small_mark_in_a_large_frame_gets_a_closer_look() -> None:
    held = [Held(MARKS[bib], 1.9, (80 * at + 60, 60), 5.0 * at) for at, bib in enumerate(range(1101, 1113))]
    found = read(seen(*held, size=(720, 1280), blur=0.6))
    assert found <= {one.mark for one in held}
    assert len(found) >= 10


def test_a_mark_of_another_race_is_nobody_s() -> None:
    for mark in Random(3).sample([mark for mark in mark_book() if mark not in MARKS.values()], 40):
        assert read(seen(Held(mark))) == set()


@pytest.mark.parametrize("people", [1, 2, 12])
def test_a_race_of_a_few_is_as_wary_as_a_large_one(people: int) -> None:
    reader = MarkReader({mark: code_of(bib) for bib, mark in list(MARKS.items())[:people]})
    assert read(seen(Held(MARKS[1001])), reader) == {MARKS[1001]}
    for mark in Random(4).sample(mark_book()[PREFERRED:], 20):
        assert read(seen(Held(mark)), reader) == set()


def test_one_mark_at_two_places_side_by_side_is_a_bib_that_bears_it_twice() -> None:
    mark, other = mark_book()[:2]

    def at(x: float, y: float = 0.0, says: Mark = mark, side: float = 40.0) -> MarkSighting:
        corners = (x, y), (x + side, y), (x + side, y + side), (x, y + side)
        return MarkSighting(says, code_of(1001), 0.3, corners, side)

    assert at(0).twin(at(44))
    assert at(44).twin(at(0))
    assert at(0).twin(at(42, 4, side=36))
    for elsewhere in (at(0), at(25), at(90), at(0, 44), at(44, 20), at(44, side=60), at(44, says=other)):
        assert not at(0).twin(elsewhere)


def test_nobody_runs_without_a_roster() -> None:
    assert MarkReader({}).read(seen(Held(MARKS[1001]))) == []


def test_a_mark_seen_in_a_mirror_is_nobody_s() -> None:
    for bib in range(1001, 1021):
        assert read(np.ascontiguousarray(seen(Held(MARKS[bib]))[:, ::-1])) == set()


def test_a_turned_word_is_the_same_mark() -> None:
    (bib, mark), *_ = MARKS.items()
    assert only(seen(Held(turned(mark)))).code == code_of(bib)


def test_a_hand_over_a_corner_of_the_cells_does_not_change_who_it_is() -> None:
    for bib in range(1001, 1021):
        picture = seen(Held(MARKS[bib], 8))
        picture[88:106, 88:112] = 90
        assert read(picture) == {MARKS[bib]}


@pytest.mark.parametrize("aside", range(0, 360, 45))
def test_a_lamp_s_shine_over_one_side_of_a_mark_leaves_it_readable(aside: int) -> None:
    y, x = np.indices((240, 240)) - 120
    shine = 120 + 1.9 * (x * np.cos(np.radians(aside)) + y * np.sin(np.radians(aside)))
    for bib in range(1001, 1013):
        picture = np.clip(0.55 * seen(Held(MARKS[bib], 8)) + shine, 0, 250).astype(np.uint8)
        assert read(picture) == {MARKS[bib]}


CHECKERS = np.kron((np.indices((10, 10)).sum(0) % 2 * 200 + 25).astype(np.uint8), np.ones((9, 9), np.uint8))


def windows(seed: int) -> Grey:
    """A house: dark panes in a bright wall, some of them crossed by bars."""
    chance = np.random.default_rng(seed)
    wall = np.full((360, 640), 180, np.uint8)
    for top in range(10, 330, 60):
        for left in range(10, 600, 50):
            wall[top : top + 44, left : left + 40] = chance.integers(20, 150)
            for bar in chance.integers(0, 40, chance.integers(0, 5)):
                wall[top + bar : top + bar + 4, left : left + 40] = 170
                wall[top : top + 44, left + bar : left + min(40, bar + 4)] = 170
    return wall


def bordered_noise(seed: int) -> Grey:
    """Squares as a mark is built, with cells at random: no word of the book."""
    chance = np.random.default_rng(seed)
    wall = np.full((360, 640), 200, np.uint8)
    for left in range(20, 600, 120):
        cells = np.pad(chance.choice([25, 230], (8, 8)), 1, constant_values=25).astype(np.uint8)
        wall[100:200, left : left + 100] = np.kron(cells, np.ones((10, 10), np.uint8))
    return wall


@pytest.mark.parametrize(
    "clutter",
    [
        *(pytest.param(windows(seed), id=f"windows {seed}") for seed in range(8)),
        *(pytest.param(bordered_noise(seed), id=f"squares {seed}") for seed in range(8)),
        *(pytest.param(scene(url(417), url(418), url(419), side_px=side), id=f"QR {side}") for side in (40, 70, 100, 140)),
        *(
            pytest.param(np.random.default_rng(seed).integers(0, 256, (360, 640), np.uint8), id=f"noise {seed}")
            for seed in range(scaled(1, 4))
        ),
        pytest.param(np.pad(CHECKERS, 60, constant_values=235), id="checkers"),
        pytest.param(np.zeros((1, 1), np.uint8), id="a single pixel"),
        pytest.param(np.full((400, 400), 128, np.uint8), id="a wall"),
    ],
)  # fmt: skip
@pytest.mark.at_length
def test_clutter_is_nobody(clutter: Grey) -> None:
    assert READER.read(clutter) == []


def test_a_proof_hears_the_mark_and_its_lead() -> None:
    ((mark, lead),) = proof_reader({MARKS[1001]: code_of(1001)})(seen(Held(MARKS[1001]), blur=0.5))
    assert mark == MARKS[1001]
    assert lead > 2 * ACCEPTED
