"""Real streams on loopback: RTSP and MJPEG, their instants, silence, ends, and what cannot be opened."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from functools import partial
from itertools import islice

import numpy as np
import pytest

from scanners.cameras import streams
from scanners.cameras.health import FrameCounts
from scanners.cameras.live import LiveCamera, LiveSource, Taken
from scanners.cameras.stills import NoPicture
from scanners.cameras.streams import open_stream
from tests.pictures import Grey
from tests.programs import free_port
from tests.streams import LoopbackCamera, h264, jpegs, mjpeg_server, rtsp_server
from timing.race.clock import SteadyClock
from timing.race.instants import SECOND, Span

FPS = 30
SHADES = 50
BUFFERED = 2 * FPS // 3
CLOSE = BUFFERED * SECOND // FPS // 2  # stamped by arrival, the first picture would be late by all that was buffered
CLOCK = SteadyClock()


def pictures() -> Iterator[Grey]:
    """Each of a shade that tells its number."""
    return (np.full((72, 128), 5 * (number % SHADES), np.uint8) for number in range(10_000))


def number_of(taken: Taken, near: int) -> int:
    """Which picture it is, of those around a number."""
    shade = round(float(taken.gray.mean()) / 5)
    return near + (shade - near + SHADES // 2) % SHADES - SHADES // 2


Serving = Callable[[LoopbackCamera], AbstractContextManager[str]]


def rtsp(camera: LoopbackCamera) -> AbstractContextManager[str]:
    return rtsp_server(lambda: h264(camera.pictures(pictures())))


def mjpeg(camera: LoopbackCamera, length: bool = True, times: bool = False) -> AbstractContextManager[str]:
    return mjpeg_server(lambda: jpegs(camera.pictures(pictures())), length, times)


def taken(source: LiveSource, count: int) -> list[Taken]:
    found = [source.take() for _ in range(count)]
    return [one for one in found if one]


def late(camera: LoopbackCamera, shots: list[Taken]) -> list[int]:
    """How much later than they were taken pictures are stamped, in microseconds."""
    numbers = [number_of(shot, sum(at <= shot.at for at in camera.taken)) for shot in shots]
    return [shot.at - camera.taken[number] for shot, number in zip(shots, numbers, strict=True)]


@pytest.mark.parametrize("serve", [rtsp, partial(mjpeg, times=True)])
def test_what_was_buffered_before_a_connection_moves_no_instant(serve: Serving) -> None:
    camera = LoopbackCamera(CLOCK, FPS, ahead=Span(-9 * SECOND), buffered=BUFFERED)
    with serve(camera) as address, closing(open_stream(address, CLOCK)) as source:
        shots = taken(source, 10)
        camera.over.set()
    assert len(shots) == 10
    assert max(map(abs, late(camera, shots))) < CLOSE
    assert shots[0].skipped >= FPS // 2  # what was buffered is told of


@pytest.mark.parametrize("length", [True, False])
def test_a_jpeg_counts_once_its_last_byte_is_there_whether_or_not_its_length_is_told(length: bool) -> None:
    camera = LoopbackCamera(CLOCK, fps=2)

    def two_alone() -> Iterator[Grey]:
        first, second, *more = islice(pictures(), 3)
        yield from (first, second)  # a burst is over by the second
        camera.hang.set()
        yield from more

    served = mjpeg_server(lambda: jpegs(camera.pictures(two_alone())), length)
    with served as address, closing(open_stream(address, CLOCK)) as source:
        assert source.take()
        camera.over.set()


@pytest.mark.parametrize("serve", [rtsp, mjpeg])
def test_a_stream_that_falls_silent_or_ends_gives_no_picture_and_hangs_nobody(
    serve: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "ANSWERS_WITHIN_S", 2)
    for end in ("hang", "over"):
        camera = LoopbackCamera(CLOCK, FPS)
        with serve(camera) as address, closing(open_stream(address, CLOCK)) as source:
            assert source.take()
            getattr(camera, end).set()
            while source.take():
                pass
            camera.over.set()


def test_a_stream_that_comes_back_goes_on_in_the_same_station() -> None:
    cameras = [LoopbackCamera(CLOCK, FPS), LoopbackCamera(CLOCK, FPS, ahead=Span(-77 * SECOND))]
    served, told, health = iter(cameras), list[bool](), FrameCounts()
    with rtsp_server(lambda: h264(next(served).pictures(pictures()))) as address:
        live = LiveCamera(partial(open_stream, address, CLOCK), CLOCK, health, told.append).frames()
        next(live)
        cameras[0].over.set()
        while not health.reopened:
            next(live)
        live.close()  # type: ignore[attr-defined]
        cameras[1].over.set()
    assert told == [False, True]


def test_a_codec_that_is_not_known_here_is_named() -> None:
    with rtsp_server(lambda: [], codec="QUIRK9") as address, pytest.raises(NoPicture, match="decodes its codec"):
        open_stream(address, CLOCK)


@pytest.mark.parametrize("scheme", ["rtsp", "http"])
def test_an_address_at_which_nobody_answers_is_named_without_its_password(scheme: str) -> None:
    address = f"127.0.0.1:{free_port()}/live"
    with pytest.raises(NoPicture, match="no pictures come from there") as refused:
        open_stream(f"{scheme}://chief:secret@{address}", CLOCK)
    assert str(refused.value).startswith(f"{scheme}://{address}:")
    assert "secret" not in str(refused.value)
