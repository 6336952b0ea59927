"""The live camera: the newest pictures only, unplugged and plugged in again; and what a camera does not do is told."""

from collections.abc import Callable, Iterator
from itertools import islice, pairwise
from pathlib import Path
from threading import Event

import cv2
import numpy as np
import pytest

from scanners.cameras.devices import Camera, CameraSettings, Webcam, adjust, camera_called, cameras, is_address, listed
from scanners.cameras.film_clock import FilmClockJump
from scanners.cameras.films import Frame, Lull
from scanners.cameras.health import FrameCounts
from scanners.cameras.live import WAITING_MOST, LiveCamera, Taken
from scanners.cameras.stills import NoPicture
from tests.boards import PATIENCE_S, wait_until
from tests.builders import GUN
from tests.clock_and_chance import ManualClock
from timing.errors import WrongUse
from timing.language import pair
from timing.race.clock import Clock
from timing.race.instants import MILLISECOND, SECOND, Instant, Span, later

SIZE_IDS = cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT


class FakeCapture:
    """A camera that gives so many pictures, each a shade brighter, and then fails; `slowly` waits for leave before each."""

    def __init__(self, shades: list[int], leave: Event | None = None, obeys: bool = True, opens: bool = True) -> None:
        self._shades, self._leave, self._obeys, self._opens = iter(shades), leave, obeys, opens
        self.released = False
        self.given = 0
        self._shade: int | None = None
        self.settings: dict[int, float] = {SIZE_IDS[0]: 640, SIZE_IDS[1]: 480}

    def isOpened(self) -> bool:
        return self._opens

    def grab(self) -> bool:
        if self._leave and self.given:
            self._leave.wait(PATIENCE_S)
        self._shade = next(self._shades, None)
        self.given += self._shade is not None
        return self._shade is not None

    def retrieve(self) -> tuple[bool, cv2.typing.MatLike]:
        assert self._shade is not None
        return True, np.full((48, 64, 3), self._shade, np.uint8)

    def get(self, propId: int) -> float:
        return self.settings.get(propId, 0)

    def set(self, propId: int, value: float) -> bool:
        if self._obeys:
            self.settings[propId] = value
        return self._obeys

    def release(self) -> None:
        self.released = True


class StallingCapture(FakeCapture):
    """One that takes 30 pictures a second; before the hundredth the machine stands still for a second, and four wait at the driver."""

    def __init__(self, clock: ManualClock, stamps: bool) -> None:
        super().__init__([n % 250 for n in range(200)])
        self._clock, self._stamps = clock, stamps

    def grab(self) -> bool:
        number = self.given
        stalls = {100: SECOND} | dict.fromkeys(range(101, 105), MILLISECOND)
        self._clock.tick(Span(stalls.get(number, SECOND // 30)))
        waited = {100: 1000 - 33, 101: 1000 - 66, 102: 1000 - 99, 103: 1000 - 132}
        self.taken = later(self._clock.now(), Span(-waited.get(number, 0) * MILLISECOND))
        return super().grab()

    def get(self, propId: int) -> float:
        said = (self.taken - GUN) / MILLISECOND if self._stamps and propId == cv2.CAP_PROP_POS_MSEC else 0
        return said or super().get(propId)


class ScriptedSource:
    """Gives these pictures and then no more."""

    def __init__(self, pictures: list[Taken]) -> None:
        self._left = iter(pictures)

    def take(self) -> Taken | None:
        return next(self._left, None)

    def close(self) -> None:
        pass


def opener(*captures: FakeCapture | None, clock: Clock | None = None) -> Callable[[], Webcam]:
    """Opens one after another; None is a camera that is not there."""
    left = iter(captures)

    def open_() -> Webcam:
        found = next(left, None)
        if found is None:
            raise NoPicture("카메라 0", pair("없음", "camera 0 is not there"))
        return Webcam(found, clock or ManualClock(GUN))

    return open_


def shades(frames: Iterator[Frame | Lull], count: int) -> list[int]:
    return [int(frame.gray[0, 0]) for frame in islice((f for f in frames if isinstance(f, Frame)), count)]


def test_pictures_come_with_their_number_and_the_instant_of_the_grab() -> None:
    clock = ManualClock(GUN)
    live = LiveCamera(opener(FakeCapture([10, 20]), clock=clock), clock, FrameCounts(), lambda _: None).frames()
    first = next(live)
    assert isinstance(first, Frame)
    assert (first.index, first.at, first.gray.shape) == (0, GUN, (48, 64))
    live.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize("stamps", [True, False])
def test_pictures_that_waited_at_the_driver_are_not_stamped_late(stamps: bool) -> None:
    clock = ManualClock(GUN)
    source = Webcam(StallingCapture(clock, stamps), clock)
    found = [one.at for one in iter(source.take, None) if one]
    held = [(at - before) / MILLISECOND for before, at in pairwise(found[98:106])]
    assert max(held[:5]) < 40 and sum(held) > 1000


def test_who_reads_slowly_gets_the_newest_and_the_rest_is_counted_as_dropped() -> None:
    camera, leave, health = FakeCapture(list(range(10, 20)), Event()), Event(), FrameCounts()
    camera._leave = leave
    live = LiveCamera(opener(camera), ManualClock(GUN), health, lambda _: None).frames()
    next(live)
    leave.set()
    wait_until(lambda: health.lost)
    assert shades(live, WAITING_MOST) == [*range(20 - WAITING_MOST, 20)]
    assert (health.taken, health.dropped) == (10, 9 - WAITING_MOST)


def test_a_jump_of_the_clock_is_told_also_where_its_picture_was_dropped() -> None:
    picture = np.zeros((4, 6), np.uint8)
    stream = ScriptedSource(
        [Taken(GUN, picture, 0, FilmClockJump(Span(3), lasts=False) if n == 1 else None) for n in range(9)]
    )
    health = FrameCounts()
    live = LiveCamera(lambda: stream, ManualClock(GUN), health, lambda _: None).frames()
    assert next(live)
    wait_until(lambda: health.lost)
    left = [frame.jump for frame in islice((f for f in live if isinstance(f, Frame)), WAITING_MOST)]
    assert left == [FilmClockJump(Span(3), lasts=False), *[None] * (WAITING_MOST - 1)]


def test_a_camera_that_is_pulled_out_and_put_back_is_told_once_each_way() -> None:
    told: list[bool] = []
    health = FrameCounts()
    one, two = FakeCapture([10, 20]), FakeCapture([30, 40])
    live = LiveCamera(opener(one, None, two), ManualClock(GUN), health, told.append).frames()
    assert shades(live, 4) == [10, 20, 30, 40]
    assert told[:2] == [False, True]
    assert one.released
    assert health.reopened == 1


def test_while_the_camera_is_away_time_goes_on() -> None:
    clock = ManualClock(GUN)
    live = LiveCamera(opener(FakeCapture([10])), clock, FrameCounts(), lambda _: None).frames()
    next(live)
    clock.tick(Span(2 * SECOND))
    assert next(live) == Lull(later(GUN, Span(2 * SECOND)))


def test_a_camera_without_a_first_picture_is_no_camera() -> None:
    dumb = FakeCapture([])
    with pytest.raises(NoPicture, match="gives no picture"):
        next(LiveCamera(opener(dumb), ManualClock(GUN), FrameCounts(), lambda _: None).frames())
    assert dumb.released
    with pytest.raises(NoPicture, match="not there"):
        next(LiveCamera(opener(None), ManualClock(GUN), FrameCounts(), lambda _: None).frames())


def warnings(capture: FakeCapture, wish: CameraSettings, system: str = "linux") -> list[str]:
    said: list[str] = []
    adjust(capture, wish, lambda told: said.append(told.to("en")), system)
    return said


def test_a_camera_that_obeys_is_set_to_the_size_and_the_exposure_and_nothing_is_said() -> None:
    capture = FakeCapture([])
    assert warnings(capture, CameraSettings(1280, 720, 1 / 500)) == []
    assert [capture.get(one) for one in SIZE_IDS] == [1280, 720]
    assert (capture.get(cv2.CAP_PROP_AUTO_EXPOSURE), capture.get(cv2.CAP_PROP_EXPOSURE)) == (1, 20)
    assert warnings(capture, CameraSettings(exposure_s=1 / 250), "win32") == []
    assert capture.get(cv2.CAP_PROP_EXPOSURE) == -8


def test_a_camera_that_does_as_it_likes_is_told_of() -> None:
    size, exposure = warnings(FakeCapture([], obeys=False), CameraSettings())
    assert "640x480 instead of 1920x1080" in size
    assert "ignores an exposure of 1/500 s" in exposure
    assert len(warnings(FakeCapture([], obeys=False), CameraSettings(exposure_s=None))) == 1
    assert "ignores" in warnings(FakeCapture([]), CameraSettings(), "darwin")[0]


@pytest.fixture
def devices(tmp_path: Path) -> Path:
    """A machine with two webcams, the first of which has a second device without pictures."""
    for number, (name, index) in enumerate([("가산 웹캠: HD", 0), ("가산 웹캠: HD", 1), ("결승 카메라", 0)]):
        (tmp_path / f"video{number}").mkdir()
        (tmp_path / f"video{number}" / "name").write_text(f"{name}\n", encoding="utf-8")
        (tmp_path / f"video{number}" / "index").write_text(f"{index}\n")
    return tmp_path


def test_cameras_are_found_by_number_and_name(devices: Path) -> None:
    assert cameras(devices) == [Camera(0, "가산 웹캠: HD"), Camera(2, "결승 카메라")]
    assert camera_called("웹캠", devices) == Camera(0, "가산 웹캠: HD")
    assert camera_called("출발", devices) is None
    with pytest.raises(WrongUse, match="choose by number: 0: 가산 웹캠: HD, 2: 결승 카메라"):
        camera_called("", devices)
    assert cameras(devices / "nowhere") == []


def test_the_list_shows_each_camera_that_gives_pictures_with_its_sizes_and_a_small_picture(
    devices: Path, tmp_path: Path
) -> None:
    captures = {0: FakeCapture([50] * 9), 2: FakeCapture([], opens=False)}
    ((camera, sizes, picture),) = listed(tmp_path / "사진", captures.__getitem__, devices)
    assert (camera.index, sizes) == (0, ["640x480", "1280x720", "1920x1080"])
    assert picture
    shown = cv2.imdecode(np.frombuffer(picture.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    assert shown is not None
    assert shown.shape == (360, 480, 3)
    assert all(capture.released for capture in captures.values())


@pytest.mark.parametrize(
    ("source", "address"),
    [("rtsp://192.0.2.30/live", True), ("http://192.0.2.9:8080/video", True), ("C:/film.mp4", False), ("0", False)],
)
def test_an_address_is_told_from_a_file(source: str, address: bool) -> None:
    assert is_address(source) is address


def test_health_tells_the_rate_and_how_long_frames_wait() -> None:
    health = FrameCounts()
    assert (health.delay_ms(), health.rate(GUN)) == (None, 0.0)
    for number in range(101):
        taken = Instant(GUN + number * SECOND // 25)
        health.read(taken, later(taken, Span(number * MILLISECOND)))
    assert health.delay_ms() == (50.0, 95.0)
    assert health.rate(Instant(GUN + 4 * SECOND)) == pytest.approx(25, rel=0.05)
