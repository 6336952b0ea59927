"""A line is so many pixels of the first picture: a source that changes its size is brought back to it, another view ends the line."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from scanners.cameras.films import Frame, Lull
from scanners.cameras.one_size import of_one_size
from scanners.cameras.sources import is_live
from timing.race.instants import MILLISECOND, Instant

FHD, HD, VGA, UPRIGHT = (1920, 1080), (1280, 720), (640, 480), (1080, 1920)


def filmed(*sizes: tuple[int, int]) -> Iterator[Frame | Lull]:
    """A picture of each width and height, the left half dark."""
    for number, (width, height) in enumerate(sizes):
        gray = np.full((height, width), 200, np.uint8)
        gray[:, : width // 2] = 20
        yield Frame(number, Instant(40 * number * MILLISECOND), gray)


def seen(shots: Sequence[Frame | Lull]) -> list[tuple[int, int]]:
    return [(shot.gray.shape[1], shot.gray.shape[0]) for shot in shots if isinstance(shot, Frame)]


def test_a_larger_picture_of_the_same_view_is_brought_to_the_first_one_s_size_and_that_is_told_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    other = list[int]()
    shots = list(of_one_size(filmed(HD, HD, FHD, FHD, HD), lambda: other.append(1)))
    assert seen(shots) == [HD] * 5 and other == []
    assert isinstance(shots[2], Frame) and (shots[2].index, shots[2].at) == (2, 80 * MILLISECOND)
    assert abs(int(shots[2].gray[360, 600]) - 20) < 3 and abs(int(shots[2].gray[360, 680]) - 200) < 3
    assert capsys.readouterr().err.count("1920x1080") == 2  # in two languages


def test_a_smaller_picture_is_made_larger_and_a_lull_is_passed_on() -> None:
    shots = [*filmed(FHD), Lull(Instant(1)), *filmed(HD)]
    assert seen(list(of_one_size(iter(shots), lambda: None))) == [FHD, FHD]
    assert list(of_one_size(iter(shots[1:2]), lambda: None)) == shots[1:2]


def test_a_camera_that_is_turned_shows_another_view_to_which_no_line_belongs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    other = list[int]()
    shots = list(of_one_size(filmed(FHD, UPRIGHT, UPRIGHT, VGA), lambda: other.append(1)))
    assert seen(shots) == [FHD, UPRIGHT, UPRIGHT, VGA] and len(other) == 2
    assert "the line holds no more" in capsys.readouterr().err


def test_a_folder_named_after_a_day_is_no_camera(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert is_live("20260903") and is_live("0")
    Path("20260903").mkdir()
    Path("0").mkdir()
    assert not is_live("20260903") and is_live("0")
