"""Frames from a video file or a folder of images, every one of them; knows how OpenCV reads films."""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from timing.errors import Unreachable
from timing.instants import SECOND, Instant, Span, later

Picture = npt.NDArray[np.uint8]
IMAGES = {".png", ".jpg", ".jpeg", ".bmp", ".webp", ".tif", ".tiff"}
FOLDER_FPS = 30  # images in a folder are taken as frames of a 30 fps camera
LEAST_FPS, MOST_FPS = 0.1, 1_000  # a film that claims another rate is not believed
DAMAGED_MOST = 25  # frames in a row
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")  # quiet: we say ourselves, in one line, what is wrong


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture in grey, its number from 0 and the instant at which it was taken."""

    index: int
    at: Instant
    gray: Picture


@dataclass(frozen=True, slots=True)
class Lull:
    """No picture has come for a while, and now it is this instant."""

    at: Instant


class NoPicture(Unreachable):
    """A camera or file gives no pictures."""

    def __init__(self, source: str, korean: str, english: str) -> None:
        super().__init__(f"{source}: {korean}", f"{english}")


def frames(source: str, begins: Instant, pace: Callable[[Span], None] | None = None) -> Iterator[Frame]:
    """Every frame of a video file, an image or a folder of images.

    Instants count from `begins`; `pace` is called with the time since the first frame before each frame is handed on, so that
    a replay can keep the film's speed.

    Raises:
        NoPicture: the file holds no pictures.
    """
    path = Path(source)
    if path.is_dir():
        shots = _folder(path)
    elif path.is_file():
        shots = _film(path)
    else:
        raise NoPicture(source, "그런 카메라나 파일이 없습니다", "no such camera, video file or folder of images")
    for index, (passed, gray) in enumerate(shots):
        if pace:
            pace(passed)
        yield Frame(index, later(begins, passed), gray)


def _film(path: Path) -> Iterator[tuple[Span, Picture]]:
    if path.suffix.lower() in IMAGES:
        yield Span(0), read_image(path)
        return
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)  # we say ourselves, in one line, what is wrong
    capture = cv2.VideoCapture(str(path))
    if not capture.isOpened():
        raise NoPicture(str(path), "영상을 읽을 수 없습니다", "not a video that can be read")
    timing = Timing(capture.get(cv2.CAP_PROP_FPS))
    while (picture := _next_picture(capture)) is not None:
        yield timing.passed(capture.get(cv2.CAP_PROP_POS_MSEC)), gray_of(picture)
    if not timing.begun:
        raise NoPicture(str(path), "영상에 그림이 없습니다", "the video holds no pictures")


def _next_picture(capture: cv2.VideoCapture) -> cv2.typing.MatLike | None:
    """The next picture that can be read: some that are damaged are passed over. None at the end."""
    for _ in range(DAMAGED_MOST):
        found, picture = capture.read()
        if found:
            return picture
        if capture.get(cv2.CAP_PROP_POS_FRAMES) >= capture.get(cv2.CAP_PROP_FRAME_COUNT) - 1:
            return None
    return None


class Timing:
    """When the frames of a film were taken, from what the film says; where it says nothing new, by its frame rate."""

    def __init__(self, fps: float) -> None:
        self._each = SECOND / fps if LEAST_FPS <= fps <= MOST_FPS else SECOND / FOLDER_FPS
        self._first: float | None = None
        self._passed = 0.0

    @property
    def begun(self) -> bool:
        return self._first is not None

    def passed(self, said_ms: float) -> Span:
        """The time since the first frame; never backwards, and never the same twice."""
        said = said_ms * 1_000
        if self._first is None:
            self._first = said
        else:
            told = said - self._first
            self._passed = told if told > self._passed else self._passed + self._each
        return Span(round(self._passed))


def _folder(path: Path) -> Iterator[tuple[Span, Picture]]:
    images = sorted((file for file in path.iterdir() if file.suffix.lower() in IMAGES), key=_numbered)
    if not images:
        raise NoPicture(str(path), "폴더에 그림이 없습니다", "the folder holds no images")
    for index, image in enumerate(images):
        yield Span(index * SECOND // FOLDER_FPS), read_image(image)


def _numbered(image: Path) -> tuple[list[tuple[int, str]], str]:
    """The order in which a camera counts: `9.jpg` before `10.jpg`."""
    parts = re.findall(r"\d+|\D+", image.name, re.ASCII)
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts], image.name


def read_image(path: Path) -> Picture:
    """A picture's file in grey.

    Raises:
        NoPicture: it is no picture.
    """
    data = np.frombuffer(path.read_bytes(), np.uint8)  # imread cannot open Korean paths everywhere
    picture = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE) if data.size else None
    if picture is None:
        raise NoPicture(str(path), "그림을 읽을 수 없습니다", "not an image that can be read")
    return np.asarray(picture, np.uint8)


def gray_of(picture: cv2.typing.MatLike) -> Picture:
    """The picture in grey."""
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) if picture.ndim == 3 else picture, np.uint8)
