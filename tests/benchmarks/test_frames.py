"""The frames of the reading benchmark keep their word: the truth beside them is true, and each effect has its own chance."""

from dataclasses import asdict, replace
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest

from benchmarks.engines import our_codes, our_marks
from benchmarks.frames.clutter import clutter
from benchmarks.frames.compressed import through_h264
from benchmarks.frames.conditions import DAY, FLAT, WIDE, Conditions
from benchmarks.frames.crowd import TRUTH_FILE, Crowd, Truth
from benchmarks.frames.passes import Pass
from benchmarks.frames.placed_camera import PlacedCamera
from benchmarks.frames.printed import LARGE, ONE_MARK, Field
from bibs.drawing.layout import DEFAULT_LAYOUT, BibLayout
from scanners.reading.decoder import read_zxing

RUN = 11
SMALL = replace(WIDE, width=960, height=540)


def passing(runner: int, conditions: Conditions, layout: BibLayout = DEFAULT_LAYOUT) -> Pass:
    return Pass(Field.of(RUN).wear([runner], layout)[0], RUN, runner, WIDE, conditions)


def test_the_same_runner_of_the_same_run_looks_the_same_again() -> None:
    once, again, other = (passing(runner, DAY).at_distance(2.0).picture for runner in (3, 3, 4))
    assert np.array_equal(once, again)
    assert once.shape != other.shape or not np.array_equal(once, other)


def test_an_effect_taken_away_leaves_the_others_as_they_were() -> None:
    whole, armless, smooth = passing(3, DAY), passing(3, replace(DAY, arms=0)), passing(3, replace(DAY, wrinkle_mm=0))
    assert whole.instants() == armless.instants() == smooth.instants()
    assert whole.person.cloth.wrinkle_mm == armless.person.cloth.wrinkle_mm > 0
    assert (whole.person.arm is None) == (smooth.person.arm is None)


@pytest.mark.parametrize("layout", [DEFAULT_LAYOUT, LARGE], ids=["9 cm", "12 cm"])
def test_a_flat_bib_in_clear_light_is_where_and_as_large_as_the_truth_says(layout: BibLayout) -> None:
    passed = passing(5, FLAT, layout)
    shot = passed.at_distance(1.6)
    (read,) = read_zxing(shot.picture)
    assert read.text == Field.of(RUN).text(5)
    assert read.size_px == pytest.approx(25 * shot.px_per_module, rel=0.04)
    assert (shot.code_shown, shot.mark_shown) == (1.0, 1.0)
    assert our_marks(RUN, shot.picture) == {Field.of(RUN).codes[5]}


def test_what_an_arm_hides_the_truth_does_not_call_shown() -> None:
    worst = [
        min(shot.code_shown, shot.mark_shown)
        for runner in range(4)
        for shot in (passing(runner, replace(FLAT, arms=1, bounce=True)).shoot(-0.5 + 0.05 * n, n) for n in range(4))
    ]
    assert min(worst) < 0.9


def test_a_film_s_folder_holds_each_frame_once_with_its_truth(tmp_path: Path) -> None:
    crowd = Crowd(RUN, 2, SMALL, DAY, per_s=8.0)
    crowd.write(tmp_path)
    truths = [msgspec.json.decode(line, type=Truth) for line in (tmp_path / TRUTH_FILE).read_bytes().splitlines()]
    assert len(truths) == len(list(tmp_path.glob("*.jpg"))) == crowd.frame_count
    assert {one.bib for truth in truths for one in truth.seen} == {1, 2}
    near = min((one.distance_m, truth.frame) for truth in truths for one in truth.seen if one.code_shown == 1)
    picture = cv2.imread(str(tmp_path / f"{near[1]:06}.jpg"), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    assert our_codes(np.asarray(picture, np.uint8)) <= {Field.of(RUN).text(0), Field.of(RUN).text(1)}


def test_nobody_of_the_race_is_in_the_clutter() -> None:
    ours = {Field.of(RUN).text(runner) for runner in range(2_500)}
    for number in range(6):
        shown = clutter(RUN, number)
        assert not shown.texts & ours
        assert np.array_equal(shown.picture, clutter(RUN, number).picture)


def test_an_open_jacket_hides_the_mark_and_the_truth_says_so() -> None:
    shown = {
        wide: passing(3, replace(FLAT, jacket_m=wide), ONE_MARK).at_distance(2.0).mark_shown for wide in (0.0, 0.12)
    }
    assert shown[0.0] == 1.0
    assert shown[0.12] < 0.5


@pytest.mark.parametrize(
    "worn", [replace(FLAT, flapping=True), replace(FLAT, curled=True), replace(FLAT, crease_mm=12.0)]
)
def test_wind_and_creases_move_the_bib_and_leave_the_truth_of_where_it_is(worn: Conditions) -> None:
    flat = passing(3, FLAT).at_distance(2.0)
    bent = passing(3, worn).at_distance(2.0)
    assert (bent.px_per_module, bent.mark_shown) == (flat.px_per_module, flat.mark_shown)
    assert not np.array_equal(bent.picture, flat.picture)


def test_a_mirrored_camera_shows_the_same_frame_the_other_way_round() -> None:
    street = replace(FLAT, walking=True)
    straight, mirrored = (Crowd(RUN, 1, SMALL, one) for one in (street, replace(street, mirrored=True)))
    (one, _), (other, _) = (next(film.frames(60, 61)) for film in (straight, mirrored))
    assert np.abs(one[:, ::-1].astype(int) - other).max() <= 1


def test_rows_that_are_exposed_one_after_another_shift_what_moves_as_time_goes_on() -> None:
    quick = replace(DAY, speed_mps=(6.0, 6.0), wrinkle_mm=0)
    at_once, in_turn = WIDE, PlacedCamera(**asdict(WIDE), rows_s=0.03)
    person = Pass(Field.of(RUN).wear([3])[0], RUN, 3, WIDE, quick).person
    at_s = person.motion.at_distance_s(1.5)
    page = person.worn.layout.page
    there, here = person.quad(in_turn, at_s, page), person.quad(at_once, at_s, page)
    low = here[:, 1] > here[:, 1].mean()
    wide = [float(np.ptp(quad[rows, 0])) for quad in (here, there) for rows in (low, ~low)]
    assert wide[2] / wide[0] > wide[3] / wide[1]  # the lower rows see the runner nearer


@pytest.mark.parametrize(
    "worn",
    [replace(FLAT, folded_m=0.08), replace(FLAT, torn=True), replace(FLAT, soaked=0.6), replace(FLAT, glossy=True)],
)
def test_a_spoilt_bib_has_lost_paper_or_ink_and_leaves_the_others_as_they_were(worn: Conditions) -> None:
    flat, spoilt = passing(3, FLAT).at_distance(2.0), passing(3, worn).at_distance(2.0)
    assert (np.abs(flat.picture.astype(int) - spoilt.picture) > 20).mean() > 0.002
    assert flat.mark_shown == spoilt.mark_shown


def test_a_film_through_h264_has_its_frames_still() -> None:
    pictures = [picture for picture, _ in Crowd(RUN, 1, SMALL, FLAT).frames(60, 66)]
    coded = list(through_h264(pictures, SMALL, 2_000))
    assert len(coded) == len(pictures)
    assert (
        0 < max(float(np.abs(one.astype(int) - other).mean()) for one, other in zip(pictures, coded, strict=True)) < 8
    )
