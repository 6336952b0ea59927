"""Films of every kind: read by the times of their packets, and whatever is missing in them is told."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from scanners.cameras.film_gaps import FilmGap, FilmGaps
from scanners.cameras.films import Frame, frames
from scanners.cameras.passed_over import PassedOver
from scanners.cameras.stills import NoPicture
from tests.builders import GUN
from tests.pictures import Grey, encoded
from timing.race.instants import MILLISECOND, SECOND, Span


def shade(value: int) -> Grey:
    return np.full((120, 160), value, np.uint8)


SHADES = [shade(10 * n) for n in range(20)]


def read(film: Path) -> tuple[list[Frame], PassedOver]:
    passed_over = PassedOver()
    return list(frames(str(film), GUN, passed_over=passed_over)), passed_over


def ms(shots: list[Frame]) -> list[int]:
    return [round((shot.at - GUN) / MILLISECOND) for shot in shots]


def shades(shots: list[Frame]) -> list[int]:
    return [10 * round(float(shot.gray.mean()) / 10) for shot in shots]


@pytest.mark.parametrize("name", ["f.mp4", "f.mkv", "f.mov", "f.webm"])
def test_a_film_of_varying_rate_is_followed_by_the_times_of_its_pictures(tmp_path: Path, name: str) -> None:
    at = [0, 33, 66, 120, 400, 433, 466, 500, 950, 983]
    codec = "libvpx-vp9" if name == "f.webm" else "libx264"
    shots, passed_over = read(encoded(tmp_path / name, SHADES[:10], codec, at))
    assert ms(shots) == at
    assert not passed_over.grave


def test_av1_is_read(tmp_path: Path) -> None:
    shots, _ = read(encoded(tmp_path / "f.mp4", SHADES, "libsvtav1"))
    assert shades(shots) == [10 * n for n in range(20)]


def test_a_codec_that_nobody_here_knows_is_named(tmp_path: Path) -> None:
    film = encoded(tmp_path / "f.mp4", SHADES)
    film.write_bytes(film.read_bytes().replace(b"avc1", b"zzz1").replace(b"avcC", b"zzzC"))
    with pytest.raises(NoPicture, match=r"codec \(none \(zzz1"):
        read(film)


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_telephone_s_film_stands_upright(tmp_path: Path, turned: int) -> None:
    picture = np.full((120, 160), 200, np.uint8)
    picture[:40, :40] = 20
    (shot, *_), _ = read(encoded(tmp_path / "f.mp4", [picture] * 3, rotation=turned))
    upright = np.rot90(picture, turned // 90)
    assert shot.gray.shape == upright.shape
    assert float(np.abs(shot.gray.astype(int) - upright).mean()) < 5


def test_frames_that_are_gone_from_the_middle_of_an_avi_shift_no_instant(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    film = encoded(tmp_path / "f.avi", SHADES, "mjpeg")
    data = bytearray(film.read_bytes())
    data[len(data) // 3 : len(data) // 3 + 3_000] = bytes(3_000)
    film.write_bytes(bytes(data))
    shots, passed_over = read(film)
    assert 14 <= len(shots) < 20
    assert [abs(at - 4 * shade) <= 20 for at, shade in zip(ms(shots), shades(shots), strict=True)].count(False) <= 1
    assert ms(shots)[-1] == 760
    assert passed_over.grave
    assert f"{20 - len(shots)} frame" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        ("f.mp4", "libx264", {"movflags": "faststart"}),
        ("f.avi", "mjpeg", {}),
        ("f.mov", "mjpeg", {"movflags": "faststart"}),
    ],
)
def test_a_film_that_was_cut_off_says_how_many_frames_are_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, codec: str, options: dict[str, str]
) -> None:
    film = encoded(tmp_path / name, SHADES, codec, options=options)
    film.write_bytes(film.read_bytes()[: film.stat().st_size * 8 // 10])
    shots, passed_over = read(film)
    assert 0 < len(shots) < 20
    assert passed_over.grave
    assert f"f{film.suffix}: {20 - len(shots)} frame" in capsys.readouterr().err


def test_a_matroska_film_that_was_cut_off_says_how_much_time_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    film = encoded(tmp_path / "f.mkv", SHADES * 10, "mjpeg")
    film.write_bytes(film.read_bytes()[: film.stat().st_size // 2])
    shots, passed_over = read(film)
    assert len(shots) > 50
    assert passed_over.grave
    assert "s more than it holds" in capsys.readouterr().err


def test_frames_that_are_damaged_are_counted_and_those_behind_keep_their_times(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    film = encoded(tmp_path / "f.mp4", SHADES * 3, options={"movflags": "faststart", "g": "10"})
    data = bytearray(film.read_bytes())
    data[len(data) * 9 // 10 : len(data) * 9 // 10 + 200] = bytes(200)
    film.write_bytes(bytes(data))
    shots, passed_over = read(film)
    assert len(shots) < 60
    assert all(at % 40 == 0 for at in ms(shots))
    assert passed_over.grave
    assert "cannot be read" in capsys.readouterr().err


def test_a_whole_film_says_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, codec in (("f.mp4", "libx264"), ("f.mkv", "libx264"), ("f.avi", "mjpeg"), ("f.ts", "libx264")):
        shots, passed_over = read(encoded(tmp_path / name, SHADES * 3, codec))
        assert len(shots) == 60
        assert not passed_over.grave
    assert capsys.readouterr().err == ""


def test_a_gap_is_what_is_longer_than_half_a_second_and_thrice_the_usual_step_or_holds_unread_frames() -> None:
    gaps = FilmGaps()
    steps = [0, 40, 80, 480, 520, 2_000, 2_040]
    found = [gaps.before(Span(at * MILLISECOND), 0) for at in steps]
    assert [gap for gap in found if gap] == [FilmGap(Span(520 * MILLISECOND), Span(1_480 * MILLISECOND), 0)]
    assert gaps.before(Span(2_120 * MILLISECOND), 1) == FilmGap(Span(2_040 * MILLISECOND), Span(80 * MILLISECOND), 1)


def test_a_camera_that_films_a_picture_a_second_has_no_gaps() -> None:
    gaps = FilmGaps()
    found = [gaps.before(Span(n * SECOND), 0) for n in range(50)]
    assert [gap for gap in found if gap] == []
    assert all(one is None for one, _ in pairwise(found))
