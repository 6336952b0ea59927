"""Frames from a video file or a folder of images, every one of them; knows how OpenCV reads films."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from scanners.cameras.stills import (
    HEIC,
    IMAGES,
    IS_PDF,
    IS_RAW,
    NoPicture,
    PassedOver,
    Picture,
    none_read,
    read_images,
    stills,
    unread,
)
from timing.instants import SECOND, Instant, Span, later

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


def frames(
    source: str,
    begins: Instant,
    pace: Callable[[Span], None] | None = None,
    passed_over: PassedOver | None = None,
) -> Iterator[Frame]:
    """Every frame of a video file, an image or a folder of images, in which `passed_over` hears of files that are none.

    Instants count from `begins`; `pace` is called with the time since the first frame before each frame is handed on, so that
    a replay can keep the film's speed.

    Raises:
        NoPicture: the file holds no pictures.
    """
    path = Path(source)
    if path.is_dir():
        shots = _folder(path, passed_over or PassedOver())
    elif path.is_file():
        shots = _file(path)
    else:
        raise NoPicture(source, "그런 카메라나 파일이 없습니다", "no such camera, video file or folder of images")
    for index, passed, gray in shots:
        if pace:
            pace(passed)
        yield Frame(index, later(begins, passed), gray)


Shot = tuple[int, Span, Picture]
"""A picture's number, the time since the first one, and the picture."""


def _file(path: Path) -> Iterator[Shot]:
    if path.suffix.lower() in IMAGES | HEIC:
        return ((number, _of_folder(number), picture) for number, picture in enumerate(read_images(path)))
    why = unread(path)
    if why in (IS_RAW, IS_PDF):
        raise NoPicture(str(path), why.korean, why.english)
    return _film(path)


def _film(path: Path) -> Iterator[Shot]:
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)  # we say ourselves, in one line, what is wrong
    capture = cv2.VideoCapture(str(path))
    if not capture.isOpened():
        raise NoPicture(str(path), "영상을 읽을 수 없습니다", "not a video that can be read")
    timing = Timing(capture.get(cv2.CAP_PROP_FPS))
    number = -1
    while (shot := _next_picture(capture)) is not None:
        tries, picture = shot
        number += tries
        yield number, timing.passed(capture.get(cv2.CAP_PROP_POS_MSEC)), gray_of(picture)
    if not timing.begun:
        raise NoPicture(str(path), "영상에 그림이 없습니다", "the video holds no pictures")


def _next_picture(capture: cv2.VideoCapture) -> tuple[int, cv2.typing.MatLike] | None:
    """The next picture that can be read and how many tries it took: some that are damaged are passed over. None at the end."""
    for tries in range(1, DAMAGED_MOST + 1):
        found, picture = capture.read()
        if found:
            return tries, picture
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


def _folder(path: Path, passed_over: PassedOver) -> Iterator[Shot]:
    place = None
    for place, picture in stills(path, passed_over):
        yield place, _of_folder(place), picture
    if place is None:
        raise NoPicture(str(path), *none_read(passed_over))


def _of_folder(place: int) -> Span:
    return Span(place * SECOND // FOLDER_FPS)


def gray_of(picture: cv2.typing.MatLike) -> Picture:
    """The picture in grey."""
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) if picture.ndim == 3 else picture, np.uint8)
