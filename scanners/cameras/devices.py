"""Cameras on this machine and behind addresses: found by name, opened with a short exposure, looked at; knows OpenCV's devices."""

import math
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import urlsplit

import cv2
import numpy as np

from scanners.cameras.live import Taken, taken
from scanners.cameras.stills import NoPicture, Picture
from scanners.cameras.stream_clock import Arrived, StreamClock
from timing.errors import WrongUse
from timing.language import Text, _
from timing.race.clock import Clock
from timing.race.instants import MILLISECOND, Span

DEVICES: Final = Path("/sys/class/video4linux")
INDEXES_TRIED: Final = 10
SCHEMES: Final = {"rtsp", "rtsps", "rtmp", "http", "https", "udp", "srt"}
SIZES: Final = ((640, 480), (1280, 720), (1920, 1080))
FRAMES_TO_SETTLE: Final = 5
OBEYED: Final = 1.5  # an exposure within this factor of the one asked for
V4L2_UNITS_PER_S: Final = 10_000  # its exposure counts tenths of a millisecond
MANUAL: Final = {"linux": 1.0, "win32": 0.25}
"""OpenCV's value for manual exposure on each system; without one the exposure cannot be set."""


@dataclass(frozen=True, slots=True)
class CameraSettings:
    """How a camera should work: its size in pixels, and how long it exposes in seconds; None leaves that to the camera."""

    width: int = 1920
    height: int = 1080
    exposure_s: float | None = 1 / 500


class Capture(Protocol):
    """The part of OpenCV's capture that a station needs."""

    def isOpened(self) -> bool: ...
    def grab(self) -> bool: ...
    def retrieve(self) -> tuple[bool, cv2.typing.MatLike]: ...
    def get(self, propId: int) -> float: ...
    def set(self, propId: int, value: float) -> bool: ...
    def release(self) -> None: ...


Warn = Callable[[Text], None]
"""Hears what a camera does not do."""


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera of this machine: its number and what it calls itself."""

    index: int
    name: str


class Webcam:
    """A camera of this machine at work: its pictures are timed by the driver's stamps or by the grab, before they are unpacked.

    Pictures that waited at the driver while this machine was held up were taken before they are grabbed.
    """

    def __init__(self, capture: Capture, clock: Clock) -> None:
        self._capture, self._clock = capture, clock
        self._taken = taken(StreamClock(buffers=False).timed(self._grabbed()), lambda gray: gray)

    def take(self) -> Taken | None:
        return next(self._taken, None)

    def close(self) -> None:
        self._capture.release()

    def _grabbed(self) -> Iterator[Arrived[Picture]]:
        while self._capture.grab():
            at, said_ms = (
                self._clock.now(),
                self._capture.get(cv2.CAP_PROP_POS_MSEC),
            )  # V4L2 says when the driver got it
            found, picture = self._capture.retrieve()
            if not found:
                return
            yield Arrived(Span(round(said_ms * MILLISECOND)) if said_ms > 0 else None, at, _gray(picture))


def is_address(source: str) -> bool:
    """Whether a source is a stream on the network: a phone or an IP camera."""
    return urlsplit(source).scheme.lower() in SCHEMES


def cameras(devices: Path = DEVICES) -> list[Camera]:
    """The cameras with a name, by number; empty where the system keeps no such list."""
    found = []
    for device in devices.glob("video*") if devices.is_dir() else ():
        number = device.name.removeprefix("video")
        if number.isdecimal() and _line(device / "index") in ("", "0"):  # others of one camera give no pictures
            found.append(Camera(int(number), _line(device / "name") or device.name))
    return sorted(found, key=lambda camera: camera.index)


def camera_called(name: str, devices: Path = DEVICES) -> Camera | None:
    """The camera whose name holds these words; None if there is none.

    Raises:
        WrongUse: several do.
    """
    found = [camera for camera in cameras(devices) if name.casefold() in camera.name.casefold()]
    exact = [camera for camera in found if camera.name.casefold() == name.casefold()]
    if len(exact or found) > 1:
        named = ", ".join(f"{camera.index}: {camera.name}" for camera in found)
        raise WrongUse(
            _("several cameras are called {name!r}; choose by number: {named}", name=name, named=named),
        )
    return next(iter(exact or found), None)


def open_camera(index: int, wish: CameraSettings, warn: Warn) -> Capture:
    """A webcam, set as wished as far as it obeys.

    Raises:
        NoPicture: it does not open.
    """
    capture = _quietly(lambda: cv2.VideoCapture(index))
    if not capture.isOpened():
        raise NoPicture(
            str(_("camera {index}", index=index)),
            _(
                "camera {index} does not open; is it plugged in, or used by another program? try `marathon doctor`",
                index=index,
            ),
        )
    adjust(capture, wish, warn)
    return capture


def adjust(capture: Capture, wish: CameraSettings, warn: Warn, system: str = sys.platform) -> None:
    """Set size and exposure, and tell what the camera does not do."""
    capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))  # else a large picture comes five times a second
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, wish.width)
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, wish.height)
    capture.set(cv2.CAP_PROP_FPS, 30)
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
    size = round(capture.get(cv2.CAP_PROP_FRAME_WIDTH)), round(capture.get(cv2.CAP_PROP_FRAME_HEIGHT))
    if size != (wish.width, wish.height):
        said = f"{size[0]}x{size[1]}"
        warn(_("the camera gives {said} instead of {width}x{height}", said=said, width=wish.width, height=wish.height))
    if wish.exposure_s is not None and not _exposes(capture, wish.exposure_s, system):
        shown = f"1/{round(1 / wish.exposure_s)}"
        warn(
            _(
                "the camera ignores an exposure of {shown} s and running bibs will blur; fix it in the camera's own settings, and add light",
                shown=shown,
            ),
        )


def _exposes(capture: Capture, seconds: float, system: str) -> bool:
    """Whether the camera took this exposure."""
    if system not in MANUAL:
        return False
    wanted = seconds * V4L2_UNITS_PER_S if system == "linux" else round(math.log2(seconds))
    capture.set(cv2.CAP_PROP_AUTO_EXPOSURE, MANUAL[system])
    taken = capture.set(cv2.CAP_PROP_EXPOSURE, wanted)
    told = capture.get(cv2.CAP_PROP_EXPOSURE)
    if system == "linux":
        return taken and told > 0 and wanted / OBEYED <= told <= wanted * OBEYED
    return taken and told <= wanted + 0.5


def listed(
    folder: Path, opened: Callable[[int], Capture], devices: Path = DEVICES
) -> Iterator[tuple[Camera, list[str], Path | None]]:
    """Each camera that gives pictures with the sizes it takes, and a small picture of what it sees written to the folder."""
    for camera in cameras(devices) or [Camera(index, "") for index in range(INDEXES_TRIED)]:
        capture = opened(camera.index)
        if capture.isOpened():
            sizes = [f"{width}x{height}" for width, height in SIZES if _takes(capture, width, height)]
            yield camera, sizes, _small_picture(capture, folder / f"camera-{camera.index}.jpg")
        capture.release()


def plain_capture(index: int) -> Capture:
    """A webcam as it is."""
    return _quietly(lambda: cv2.VideoCapture(index))


def _takes(capture: Capture, width: int, height: int) -> bool:
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, width)
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, height)
    return (capture.get(cv2.CAP_PROP_FRAME_WIDTH), capture.get(cv2.CAP_PROP_FRAME_HEIGHT)) == (width, height)


def _small_picture(capture: Capture, path: Path) -> Path | None:
    """A picture of the camera after it has adapted to the light; None if it gives none."""
    for _try in range(FRAMES_TO_SETTLE):
        if not capture.grab():
            return None
    found, picture = capture.retrieve()
    if not found:
        return None
    small = cv2.resize(picture, (480, round(480 * picture.shape[0] / picture.shape[1])), interpolation=cv2.INTER_AREA)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cv2.imencode(".jpg", small)[1].tobytes())  # imwrite cannot write Korean paths everywhere
    return path


def _gray(picture: cv2.typing.MatLike) -> Picture:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) if picture.ndim == 3 else picture, np.uint8)


def _quietly(make: Callable[[], cv2.VideoCapture]) -> cv2.VideoCapture:
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)  # we say ourselves, in one line, what is wrong
    return make()


def _line(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
