"""Frames from a webcam, a video file or a folder of images; the one file of the station that knows OpenCV's capture."""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from timing.clock import Clock
from timing.errors import Unreachable
from timing.instants import SECOND, Instant, Span, later

Picture = npt.NDArray[np.uint8]
IMAGES = {".png", ".jpg", ".jpeg", ".bmp", ".webp", ".tif", ".tiff"}
FOLDER_FPS = 30  # images in a folder are taken as frames of a 30 fps camera
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")  # quiet: we say ourselves, in one line, what is wrong


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture in grey, its number from 0 and the instant at which it was taken."""

    index: int
    at: Instant
    gray: Picture


class NoPicture(Unreachable):
    """A camera or file gives no pictures."""

    def __init__(self, source: str, korean: str, english: str) -> None:
        super().__init__(f"{source}: {korean}", f"{english}")


def frames(source: str, begins: Instant, clock: Clock, pace: Callable[[Span], None] | None = None) -> Iterator[Frame]:
    """The frames of a source: a webcam's index, a video file, or a folder of images.

    A webcam's frames are stamped by the clock as they are grabbed. A file's instants count from `begins`; `pace` is called
    with the time since the first frame before each frame is handed on, so that a replay can keep the film's speed.

    Raises:
        NoPicture: the camera does not open, or the file holds no pictures.
    """
    if source.isdecimal():
        yield from _webcam(int(source), clock)
        return
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


def camera_gives_picture(index: int) -> bool:
    """Whether a camera of this number opens and delivers."""
    capture = _open(index)
    delivered = capture.isOpened() and capture.read()[0]
    capture.release()
    return delivered


def _open(index: int) -> cv2.VideoCapture:
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)  # we say ourselves, in one line, what is wrong
    return cv2.VideoCapture(index)


def _webcam(index: int, clock: Clock) -> Iterator[Frame]:
    capture = _open(index)
    if not capture.isOpened():
        raise NoPicture(
            f"카메라 {index}",
            "열 수 없습니다. 연결과 다른 프로그램의 사용을 확인하세요(`marathon doctor`)",
            f"camera {index} does not open; is it plugged in, or used by another program? try `marathon doctor`",
        )
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, 1920)
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, 1080)
    number = 0
    while capture.grab():
        at = clock.now()  # the instant of the grab, before the picture is unpacked
        retrieved, picture = capture.retrieve()
        if retrieved:
            yield Frame(number, at, _gray(picture))
            number += 1
    raise NoPicture(f"카메라 {index}", "신호가 끊겼습니다", f"camera {index} was lost")


def _film(path: Path) -> Iterator[tuple[Span, Picture]]:
    if path.suffix.lower() in IMAGES:
        yield Span(0), read_image(path)
        return
    capture = cv2.VideoCapture(str(path))
    if not capture.isOpened():
        raise NoPicture(str(path), "영상을 읽을 수 없습니다", "not a video that can be read")
    begun = None
    while True:
        found, picture = capture.read()
        if not found:
            break
        position = Span(round(capture.get(cv2.CAP_PROP_POS_MSEC) * 1_000))
        begun = position if begun is None else begun
        yield Span(position - begun), _gray(picture)
    if begun is None:
        raise NoPicture(str(path), "영상에 그림이 없습니다", "the video holds no pictures")


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


def _gray(picture: cv2.typing.MatLike) -> Picture:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) if picture.ndim == 3 else picture, np.uint8)
