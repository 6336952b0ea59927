"""Frames from a video file or a folder of images, every one of them; knows how OpenCV reads films."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from scanners.cameras.film_clock import USUAL_FPS, FilmClock, FilmClockJump
from scanners.cameras.passed_over import HEIC, IMAGES, IS_PDF, IS_RAW, PassedOver, none_read, unread
from scanners.cameras.stills import NoPicture, Picture, read_images, stills, unopened
from timing.language import _
from timing.race.instants import SECOND, Instant, Span, later

FOLDER_FPS = USUAL_FPS  # images in a folder are taken as frames of a 30 fps camera
DAMAGED_MOST = 25  # frames in a row
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")  # quiet: we say ourselves, in one line, what is wrong


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture in grey, its number from 0 and the instant at which it was taken; of a film, whether its clock jumped there."""

    index: int
    at: Instant
    gray: Picture
    jump: FilmClockJump | None = None


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
        raise NoPicture(source, _("no such camera, video file or folder of images"))
    for index, passed, gray, jump in shots:
        if pace:
            pace(passed)
        yield Frame(index, later(begins, passed), gray, jump)


Shot = tuple[int, Span, Picture, FilmClockJump | None]
"""A picture's number, the time since the first one, the picture, and a jump of the film's clock."""


def _file(path: Path) -> Iterator[Shot]:
    if path.suffix.lower() in IMAGES | HEIC:
        return ((number, _of_folder(number), picture, None) for number, picture in enumerate(read_images(path)))
    why = unread(path)
    why = why if why in (IS_RAW, IS_PDF) else unopened(path)
    if why:
        raise NoPicture(str(path), why.text)
    return _film(path)


def _film(path: Path) -> Iterator[Shot]:
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)  # we say ourselves, in one line, what is wrong
    capture = cv2.VideoCapture(str(path))
    if not capture.isOpened():
        raise NoPicture(str(path), _("not a video that can be read"))
    clock, shot = FilmClock(capture.get(cv2.CAP_PROP_FPS)), _next_picture(capture)
    if shot is None:
        raise NoPicture(str(path), _("the video holds no pictures"))
    number = -1
    while shot:
        following = _next_picture(capture)
        number += shot.tries
        passed, jump = clock.tick(shot.said_ms, following.said_ms if following else None)
        yield number, passed, gray_of(shot.picture), jump
        shot = following


class _Taken(NamedTuple):
    """A picture, what the film says of its time, and how many tries it took to read it."""

    picture: cv2.typing.MatLike
    said_ms: float
    tries: int


def _next_picture(capture: cv2.VideoCapture) -> _Taken | None:
    """The next picture that can be read: some that are damaged are passed over. None at the end."""
    for tries in range(1, DAMAGED_MOST + 1):
        found, picture = capture.read()
        if found:
            return _Taken(picture, capture.get(cv2.CAP_PROP_POS_MSEC), tries)
        if capture.get(cv2.CAP_PROP_POS_FRAMES) >= capture.get(cv2.CAP_PROP_FRAME_COUNT) - 1:
            return None
    return None


def _folder(path: Path, passed_over: PassedOver) -> Iterator[Shot]:
    place = None
    for place, picture in stills(path, passed_over):
        yield place, _of_folder(place), picture, None
    if place is None:
        raise NoPicture(str(path), none_read(passed_over))


def _of_folder(place: int) -> Span:
    return Span(place * SECOND // FOLDER_FPS)


def gray_of(picture: cv2.typing.MatLike) -> Picture:
    """The picture in grey."""
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) if picture.ndim == 3 else picture, np.uint8)
