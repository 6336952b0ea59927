"""Folders of pictures as phones, cards and laptops leave them: what can be read is read, and every other file is named with the reason."""

import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import IO

import cv2
import numpy as np
import pytest
from PIL import Image

from scanners.cameras.films import frames
from scanners.cameras.passed_over import PassedOver
from scanners.cameras.stills import NoPicture, read_image, stills
from scanners.reading.decoder import decode_texts
from tests.pictures import Grey, scene, url
from tests.terminal import marathon
from timing.race.instants import Instant

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(400)


def jpeg(bib: int) -> bytes:
    return cv2.imencode(".jpg", scene(url(bib)))[1].tobytes()


def saved(picture: Grey, kind: str, **how: object) -> bytes:
    data = BytesIO()
    Image.fromarray(picture).save(data, kind, **how)
    return data.getvalue()


def read(folder: Path, passed: PassedOver | None = None) -> list[tuple[int, str]]:
    """The place and the text of every code in a folder."""
    found = stills(folder, passed or PassedOver())
    return [(place, text) for place, picture in found for text in decode_texts(picture)]


def scanned(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, int, str]:
    """The exit code, how many scans were printed, and what was said."""
    code = marathon("scan", folder, "--station", "시험", "--jsonl")
    said = capsys.readouterr()
    return code, len(said.out.splitlines()), said.err


@pytest.mark.parametrize(
    ("name", "data", "told", "code"),
    [
        ("IMG_0002.HEIC", HEIC, "높은 호환성", 1),
        ("IMG_0002.heif", b"", "빈 파일", 1),
        ("IMG_0002.jpg", HEIC, "HEIC는 읽지 않습니다", 1),
        ("IMG_0002.HIF", b"\0\0\0\x18ftypmif1" + bytes(90), "or convert to JPEG", 1),
        ("IMG_0002.DNG", b"II*\0" + bytes(90), "RAW+JPEG", 1),
        ("DSC_0002.NEF", b"MM\0*" + bytes(90), "raw pictures are not read", 1),
        ("스캔.pdf", b"%PDF-1.4", "export its pages", 1),
        ("IMG_0002.MOV", b"\0\0\0\x14ftypqt  ", "marathon scan FILE", 1),
        (".IMG_0002.JPG.icloud", b"bplist00", "not downloaded yet", 1),
        ("IMG_0002.jpg.crdownload", jpeg(418)[:900], "아직 내려받지 않은", 1),
        ("사진.zip", b"PK", "unpack it", 1),
        ("IMG_0002.jxl", b"\xff\x0a", "convert them to JPEG", 1),
        ("IMG_0002.jpg", b"", "an empty file (0 bytes); copy it again", 1),
        ("IMG_0002.jpg", jpeg(418)[:3_000], "잘렸거나 손상된", 1),
        ("IMG_0002.png", cv2.imencode(".png", scene(url(418)))[1].tobytes()[:900], "cut off or damaged", 1),
        ("IMG_0002.jpg", bytes(5_000), "no picture in spite of its name", 1),
        ("IMG_0002.jpeg", b"<html>404 Not Found</html>", "확장자와 달리 이미지가 아닙니다", 1),
        ("._IMG_0001.jpg", b"\0\5\x16\7\0\2\0\0Mac OS X", "a macOS companion file", 0),
        (".DS_Store", b"\0\0\0\1Bud1", "macOS가 만든", 0),
        (".IMG_0002.jpg", jpeg(418), "rename it if it is a picture", 0),
        ("Thumbs.db", b"\xd0\xcf\x11\xe0", "made by Windows", 0),
        ("메모.txt", "안녕".encode(), "not named as a picture", 0),
    ],
)
def test_a_file_that_is_no_picture_is_named_and_the_others_are_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, data: bytes, told: str, code: int
) -> None:
    (tmp_path / "IMG_0001.jpg").write_bytes(jpeg(417))
    (tmp_path / name).write_bytes(data)
    (tmp_path / "IMG_0010.jpg").write_bytes(jpeg(419))
    ended, scans, said = scanned(tmp_path, capsys)
    assert (ended, scans) == (code, 2)
    (named,) = (line for line in said.splitlines() if name in line)
    assert told in named
    assert said.splitlines()[-1].endswith("2 scans, 1 file skipped")


def test_files_with_the_same_reason_are_named_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("IMG_2.HEIC", "IMG_10.HEIC"):
        (tmp_path / name).write_bytes(HEIC)
    (tmp_path / "IMG_1.jpg").write_bytes(jpeg(417))
    assert "2 files skipped: IMG_2.HEIC, IMG_10.HEIC: HEIC is not read" in scanned(tmp_path, capsys)[2]


def test_what_lies_beside_the_picture_it_belongs_to_is_named_and_does_no_harm(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("IMG_0001.MOV", "IMG_0001.DNG", "IMG_0001.HEIC", "IMG_0001.AAE"):
        (tmp_path / name).write_bytes(HEIC)
    (tmp_path / "IMG_0001.JPG").write_bytes(jpeg(417))
    ended, scans, said = scanned(tmp_path, capsys)
    assert (ended, scans) == (0, 1)
    assert all(name in said for name in ("IMG_0001.MOV", "IMG_0001.DNG", "IMG_0001.HEIC", "IMG_0001.AAE"))


def test_a_sub_folder_and_a_link_to_nothing_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "1.jpg").write_bytes(jpeg(417))
    (tmp_path / "100APPLE.jpg").mkdir()
    (tmp_path / "3.jpg").symlink_to(tmp_path / "gone.jpg")
    ended, scans, said = scanned(tmp_path, capsys)
    assert (ended, scans) == (1, 1)
    assert "100APPLE.jpg: a sub-folder is not looked into" in said
    assert "3.jpg: not a regular file" in said


def test_a_file_that_may_not_be_opened_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: Callable[..., IO[bytes]] = Path.open

    def refusing(path: Path, *how: object, **more: object) -> IO[bytes]:
        if path.name == "2.jpg":
            raise PermissionError(13, "Permission denied")
        return opened(path, *how, **more)

    for number in (1, 2, 3):
        (tmp_path / f"{number}.jpg").write_bytes(jpeg(416 + number))
    monkeypatch.setattr(Path, "open", refusing)
    ended, scans, said = scanned(tmp_path, capsys)
    assert (ended, scans) == (1, 2)
    assert "2.jpg: cannot be opened (Permission denied); check its permissions" in said


def test_without_any_picture_it_says_how_many_files_were_passed_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.heic").write_bytes(HEIC)
    (tmp_path / "b.jpg").write_bytes(b"")
    ended, scans, said = scanned(tmp_path, capsys)
    assert (ended, scans) == (3, 0)
    assert "a.heic: HEIC" in said
    assert "b.jpg: an empty file" in said
    assert "no pictures that can be read (2 files skipped)" in said.splitlines()[-1]


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoPicture, match=r"holds no pictures that can be read$"):
        list(frames(str(tmp_path), Instant(0)))


def test_what_cannot_be_read_keeps_its_place_in_time(tmp_path: Path) -> None:
    for number, data in ((1, jpeg(417)), (2, b""), (3, jpeg(418))):
        (tmp_path / f"{number}.jpg").write_bytes(data)
    (tmp_path / "._2.jpg").write_bytes(b"\0\5\x16\7")
    assert [(frame.index, frame.at) for frame in frames(str(tmp_path), Instant(0))] == [(0, 0), (2, 66_666)]


def test_one_file_alone_says_why_it_is_no_picture(tmp_path: Path) -> None:
    for name, data, why in (
        ("a.heic", HEIC, "높은 호환성"),
        ("b.dng", b"II*\0", "RAW"),
        ("c.pdf", b"%PDF", "PNG"),
        ("d.jpg", b"", "빈 파일"),
        ("e.mp4", b"", "빈 파일"),
    ):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(NoPicture, match=why):
            list(frames(str(tmp_path / name), Instant(0)))


def test_pictures_in_colour_depth_and_turned_as_cameras_save_them_are_read(tmp_path: Path) -> None:
    picture, turned = scene(url(417), side_px=120), Image.Exif()
    turned[274] = 6
    cmyk = BytesIO()
    Image.fromarray(picture).convert("RGB").convert("CMYK").save(cmyk, "JPEG")
    deep = cv2.imencode(".png", picture.astype(np.uint16) * 16)[1].tobytes()
    floats = cv2.imencode(".tif", picture.astype(np.float32) / 255)[1].tobytes()
    see_through = np.dstack([picture, picture, picture, np.zeros_like(picture)])
    made = {
        "cmyk.jpg": cmyk.getvalue(),
        "exif.jpg": saved(picture, "JPEG", exif=turned),
        "12bit.png": deep,
        "float.tif": floats,
        "gif.gif": saved(picture, "GIF"),
        "alpha.png": cv2.imencode(".png", see_through)[1].tobytes(),
        "bilevel.tiff": saved((picture > 100).astype(np.uint8) * 255, "TIFF"),
        "jpeg inside.heic": jpeg(417),
    }
    for name, data in made.items():
        (tmp_path / name).write_bytes(data)
        assert decode_texts(read_image(tmp_path / name)) == [url(417)], name
    assert read_image(tmp_path / "exif.jpg").shape == picture.shape[::-1]


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF"])
def test_every_picture_of_an_animation_or_of_pages_is_read(tmp_path: Path, kind: str) -> None:
    first, *others = (Image.fromarray(scene(url(bib), side_px=120)) for bib in (417, 418, 419))
    first.save(tmp_path / f"1.{kind.lower()}", kind, save_all=True, append_images=others)
    (tmp_path / "2.jpg").write_bytes(jpeg(420))
    assert read(tmp_path) == [(0, url(417)), (1, url(418)), (2, url(419)), (3, url(420))]


def test_pictures_of_several_sizes_lie_in_one_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number, side in ((1, 200), (2, 300), (3, 240)):
        picture = scene(url(416 + number), height=side)
        upright = picture.T.copy() if number == 2 else picture
        (tmp_path / f"{number}.jpg").write_bytes(cv2.imencode(".jpg", upright)[1].tobytes())
    assert scanned(tmp_path, capsys)[:2] == (0, 3)


@pytest.mark.skipif(os.name != "posix", reason="a pipe in a folder")
def test_a_pipe_in_the_folder_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "1.jpg")
    (tmp_path / "2.jpg").write_bytes(jpeg(417))
    passed = PassedOver()
    assert read(tmp_path, passed) == [(0, url(417))]
    assert passed.count == 1
