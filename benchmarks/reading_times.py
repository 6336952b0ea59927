"""How long each reader takes for a frame of a busy film: one thread, by the processor's own clock, and by the wall's beside it."""

import sys
from collections.abc import Callable, Iterable
from functools import partial
from time import perf_counter, thread_time
from typing import Final, NamedTuple

import cv2
import msgspec
import numpy as np

from benchmarks.engines import CODE_AND_MARK, OPENCV, PYZBAR, SINGLES, Station, single
from benchmarks.frames.conditions import DAY, WIDE, WIDE_720, Grey
from benchmarks.frames.crowd import Crowd
from benchmarks.frames.printed import Field
from benchmarks.frames.sensor import packed
from benchmarks.reading_work import Scale
from demo.film import FilmCamera

UNPACKING: Final = "unpacking the camera's JPEG"
BOTH: Final = f"{CODE_AND_MARK}, with {UNPACKING}"
EVERY: Final = {PYZBAR: 5, OPENCV: 5}
"""The slow ones are timed on every fifth frame."""

FRAMES: Final = 240
ROUNDS: Final = 3
PER_S: Final = 3.0
SIZES: Final = (WIDE, WIDE_720)


class Times(msgspec.Struct, frozen=True):
    """Milliseconds a frame: median and 95th percentile of each round, and how many frames a round had.

    The first two are the processor's time, the last one's what a clock on the wall says, others on the machine included.
    """

    name: str
    height: int
    frames: int
    medians_ms: list[float]
    p95s_ms: list[float]
    wall_p95s_ms: list[float]


class Taken(NamedTuple):
    """Seconds for one frame."""

    busy: float
    wall: float


def measured(scale: Scale) -> list[Times]:
    """Each reader at each size."""
    return [one for camera in SIZES for one in _at_size(camera, scale.run)]


def _at_size(camera: FilmCamera, run: int) -> list[Times]:
    film = _film(camera, run)
    rounds: dict[str, list[list[Taken]]] = {}
    for turn in range(ROUNDS):
        print(f"\rtimes, {camera.height}: {turn + 1}/{ROUNDS} ", end="", file=sys.stderr, flush=True)
        for name, taken in _round(film, camera, run).items():
            rounds.setdefault(name, []).append(taken)
    print(file=sys.stderr)
    return [
        Times(
            name,
            camera.height,
            len(found[0]),
            [_percentile_ms((one.busy for one in turn), 50) for turn in found],
            [_percentile_ms((one.busy for one in turn), 95) for turn in found],
            [_percentile_ms((one.wall for one in turn), 95) for turn in found],
        )
        for name, found in rounds.items()
    ]


def _film(camera: FilmCamera, run: int) -> list[Grey]:
    """Frames from the middle of a film, when several are in view."""
    crowd = Crowd(run, round(FRAMES / camera.fps * PER_S) + 24, camera, DAY, per_s=PER_S)
    first = (crowd.frame_count - FRAMES) // 2
    return [picture for picture, _ in crowd.frames(first, first + FRAMES)]


def _round(film: list[Grey], camera: FilmCamera, run: int) -> dict[str, list[Taken]]:
    """Our station frame by frame, its slow readers left to their own thread; then the engines alone."""
    station = Station(Field.of(run).roster, slow=False)
    ours, unpacked = list[Taken](), list[Taken]()
    for picture in film:
        jpeg = packed(np.asarray(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR), np.uint8), DAY.jpeg)
        unpacked.append(_taken(partial(_unpack, jpeg)))
        ours.append(_taken(partial(station.look, picture, camera.fps)))
    found = {CODE_AND_MARK: ours, UNPACKING: unpacked}
    found[BOTH] = [Taken(one.busy + more.busy, one.wall + more.wall) for one, more in zip(ours, unpacked, strict=True)]
    for name in SINGLES:
        found[name] = [_taken(partial(single(name), picture)) for picture in film[:: EVERY.get(name, 1)]]
    return found


def _taken(work: Callable[[], object]) -> Taken:
    busy, wall = thread_time(), perf_counter()
    work()
    return Taken(thread_time() - busy, perf_counter() - wall)


def _percentile_ms(seconds: Iterable[float], percent: int) -> float:
    return 1e3 * float(np.percentile(list(seconds), percent))


def _unpack(jpeg: Grey) -> None:
    """As a capture does it: in colour, then grey."""
    picture = cv2.imdecode(jpeg, cv2.IMREAD_COLOR)
    cv2.cvtColor(np.asarray(picture, np.uint8), cv2.COLOR_BGR2GRAY)
