"""From what a person calls a source to its pictures: a webcam by number or name, an address, a video file, a folder of images."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from scanners.cameras.devices import (
    Camera,
    CameraSettings,
    Webcam,
    camera_called,
    cameras,
    is_address,
    open_camera,
)
from scanners.cameras.films import Frame, Lull, frames
from scanners.cameras.health import FrameCounts
from scanners.cameras.live import LiveCamera, LiveSource
from scanners.cameras.one_size import of_one_size
from scanners.cameras.passed_over import PassedOver
from scanners.cameras.stills import NoPicture
from scanners.cameras.stream_clock import StreamClock
from timing.language import Text, _, warning
from timing.race.clock import Clock
from timing.race.instants import Instant, Span
from timing.terminal.output import say

CAMERA_DIGITS: Final = 2


def is_live(source: str) -> bool:
    """Whether the source gives pictures now, and not of some earlier time. A long number may be a folder's name: a day."""
    there = Path(source).exists()
    numbered = source.isdecimal() and not (there and len(source) > CAMERA_DIGITS)
    return numbered or is_address(source) or (not there and camera_called(source) is not None)


def pictures(
    source: str,
    begins: Instant,
    clock: Clock,
    wish: CameraSettings,
    health: FrameCounts,
    pace: Callable[[Span], None] | None = None,
    passed_over: PassedOver | None = None,
    other_view: Callable[[], object] = lambda: None,
) -> Iterator[Frame | Lull]:
    """The frames of a source: of a live one the newest, of a file every one; files that are no pictures are added to `passed_over`.

    All of a camera or film are of one size; `other_view` hears when they begin to show something else. Photographs are as they are.

    Raises:
        NoPicture: there is none.
    """
    if is_live(source):
        return of_one_size(LiveCamera(_opener(source, wish, clock), clock, health, _tell).frames(), other_view)
    shots = frames(source, begins, pace, passed_over)
    return shots if Path(source).is_dir() else of_one_size(shots, other_view)


def _opener(source: str, wish: CameraSettings, clock: Clock) -> Callable[[], LiveSource]:
    """Opens the source, also when it was plugged in again and bears another number now."""
    if is_address(source):
        from scanners.cameras.streams import open_stream  # FFmpeg is loaded by whoever has a stream

        stamps = StreamClock()
        return lambda: open_stream(source, clock, stamps)
    name = _named(source)
    warned = set[str]()

    def warn(text: Text) -> None:
        if text.msgid not in warned:
            warned.add(text.msgid)
            say(warning(text))

    def open_again() -> LiveSource:
        again = camera_called(name) if name else None
        if name and not again:
            raise NoPicture(name, _("{name} is not plugged in", name=name))
        return Webcam(open_camera(again.index if again else int(source), wish, warn), clock)

    return open_again


def _named(source: str) -> str:
    """The camera's own name, if no other camera here has it."""
    known = cameras()
    found: Camera | None
    if source.isdecimal():
        found = next((camera for camera in known if camera.index == int(source)), None)
    else:
        found = camera_called(source)
    alone = found and sum(camera.name == found.name for camera in known) == 1
    return found.name if found and alone else ""


def _tell(there: bool) -> None:
    if there:
        say(_("the camera is back"))
    else:
        say(
            _("⚠ the camera was lost; plug it in again and the station goes on; scans so far are safe"),
        )
