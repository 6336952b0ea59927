"""The camera: every picture of a source once, in order, each with the instant at which it was taken."""

from pathlib import Path

import numpy as np
import pytest

from scanners.cameras.films import FOLDER_FPS, Frame, frames
from scanners.cameras.stills import NoPicture
from tests.builders import GUN
from tests.pictures import FPS, Grey, film, images
from timing.race.instants import MILLISECOND, SECOND, Instant, Span


def shade(value: int) -> Grey:
    return np.full((120, 160), value, np.uint8)


SHADES = [10 * n for n in range(12)]


def taken(source: Path | str, begins: Instant = GUN) -> list[Frame]:
    return list(frames(str(source), begins))


def shades(shots: list[Frame]) -> list[int]:
    """The pictures' brightness, to the ten that a film codec leaves intact."""
    return [10 * round(float(shot.gray.mean()) / 10) for shot in shots]


def test_a_folder_of_images_is_a_camera_of_thirty_frames_a_second(tmp_path: Path) -> None:
    shots = taken(images(tmp_path / "사진", map(shade, SHADES)))
    assert shades(shots) == SHADES
    assert [shot.index for shot in shots] == list(range(12))
    assert [shot.at - GUN for shot in shots] == [n * SECOND // FOLDER_FPS for n in range(12)]
    assert {(shot.gray.shape, shot.gray.dtype) for shot in shots} == {((120, 160), np.dtype(np.uint8))}


def test_images_are_taken_in_the_order_in_which_a_camera_counts(tmp_path: Path) -> None:
    assert shades(taken(images(tmp_path / "사진", map(shade, SHADES), "IMG{}.png"))) == SHADES


def test_other_files_in_the_folder_are_no_pictures(tmp_path: Path) -> None:
    folder = images(tmp_path / "사진", [shade(50)])
    (folder / "읽어보세요.txt").write_text("사진입니다")
    assert shades(taken(folder)) == [50]


def test_one_image_is_a_film_of_one_frame(tmp_path: Path) -> None:
    folder = images(tmp_path / "사진", [shade(50)])
    (shot,) = taken(folder / "0000.png")
    assert (shot.index, shot.at, shades([shot])) == (0, GUN, [50])


@pytest.mark.parametrize(("name", "codec"), [("결승.mp4", "mp4v"), ("결승.avi", "MJPG")])
@pytest.mark.parametrize("fps", [10, 25, 30])
def test_a_film_s_instants_count_from_its_first_frame(tmp_path: Path, name: str, codec: str, fps: int) -> None:
    shots = taken(film(tmp_path / name, [shade(value) for value in SHADES], fps, codec))
    assert shades(shots) == SHADES
    assert [shot.index for shot in shots] == list(range(12))
    for shot in shots:
        assert shot.at - GUN == pytest.approx(shot.index * SECOND / fps, abs=MILLISECOND)
    assert shots[0].at == GUN


def test_a_replay_hears_how_much_time_has_passed_before_each_frame(tmp_path: Path) -> None:
    told: list[Span] = []
    shots = list(frames(str(film(tmp_path / "결승.mp4", [shade(9)] * 3)), GUN, told.append))
    assert told == [shot.at - GUN for shot in shots] == [0, 40 * MILLISECOND, 80 * MILLISECOND]


def nothing(place: Path) -> None:
    assert not place.exists()


def empty_folder(place: Path) -> None:
    place.mkdir()


def folder_of_texts(place: Path) -> None:
    place.mkdir()
    (place / "사진.txt").write_text("사진")


def text_called_film(place: Path) -> None:
    place.write_text("영상이 아닙니다\n" * 50)


def empty_file(place: Path) -> None:
    place.touch()


def film_cut_short(place: Path) -> None:
    film(place, [shade(9)] * 20)
    place.write_bytes(place.read_bytes()[:300])


def broken_image(place: Path) -> None:
    place.mkdir()
    (place / "0.png").write_bytes(b"\x89PNG")


@pytest.mark.parametrize(
    "make", [nothing, empty_folder, folder_of_texts, text_called_film, empty_file, film_cut_short, broken_image]
)
def test_a_source_without_pictures_is_told_in_one_line(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], make: object
) -> None:
    place = tmp_path / "결승.mp4"
    assert callable(make)
    make(place)
    with pytest.raises(NoPicture) as trouble:
        taken(place)
    assert trouble.value.exit_code == 3
    assert str(place) in str(trouble.value)
    said = capfd.readouterr().err.splitlines()
    assert [line for line in said if not line.startswith("건너뛴 파일 1개: ")] == []  # the libraries below keep quiet


def test_an_image_that_breaks_off_midway_is_passed_over_and_the_others_keep_their_places(tmp_path: Path) -> None:
    folder = images(tmp_path / "사진", map(shade, SHADES))
    (folder / "0003.png").write_bytes(b"\x89PNG")
    seen = list(frames(str(folder), GUN))
    assert shades(seen) == [*SHADES[:3], *SHADES[4:]]
    assert [shot.index for shot in seen] == [0, 1, 2, *range(4, len(SHADES))]


@pytest.mark.parametrize(("kind", "codec"), [("ts", "MPEG"), ("mkv", "MJPG")])
def test_two_clips_copied_into_one_file_are_one_film_and_the_frame_where_its_clock_jumps_is_named(
    tmp_path: Path, kind: str, codec: str
) -> None:
    clips = [film(tmp_path / f"{name}.{kind}", [shade(value) for value in SHADES], codec=codec) for name in "ab"]
    both = tmp_path / f"결승.{kind}"
    both.write_bytes(b"".join(clip.read_bytes() for clip in clips))
    shots = taken(both)
    assert [shot.at - GUN for shot in shots] == [n * SECOND // FPS for n in range(2 * len(SHADES))]
    assert [shot.index for shot in shots if shot.jump] == [len(SHADES)]


def test_a_film_damaged_in_the_middle_goes_on_behind_the_damage(tmp_path: Path) -> None:
    whole = film(tmp_path / "결승.avi", [shade(n % 200) for n in range(100)], codec="MJPG")
    data = bytearray(whole.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 2_000] = bytes(2_000)
    whole.write_bytes(bytes(data))
    shots = taken(whole)
    assert len(shots) > 80
    assert shots[-1].at - GUN == pytest.approx(99 * SECOND / 25, abs=0.4 * SECOND)  # such a container counts frames


@pytest.mark.parametrize(("width", "height"), [(16, 16), (270, 480), (3840, 2160)])
def test_tiny_upright_and_huge_films_are_films_too(tmp_path: Path, width: int, height: int) -> None:
    shots = taken(film(tmp_path / "결승.avi", [np.full((height, width), 90, np.uint8)] * 2, codec="MJPG"))
    assert [shot.gray.shape for shot in shots] == [(height, width)] * 2
