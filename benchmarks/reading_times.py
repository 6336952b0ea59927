"""How long each reader takes for a frame of a busy film: one thread, one process, nobody else of ours at work."""

import sys
from functools import partial
from typing import Final

import cv2
import msgspec
import numpy as np

from benchmarks.engines import CODE_AND_MARK, OPENCV, PYZBAR, SINGLES, Station, single
from benchmarks.frames.conditions import DAY, WIDE, WIDE_720, Grey
from benchmarks.frames.crowd import Crowd
from benchmarks.frames.printed import Field
from benchmarks.frames.sensor import packed
from benchmarks.measure import taken_s
from benchmarks.reading_work import Scale
from scanners.film import Camera

UNPACKING: Final = "unpacking the camera's JPEG"
BOTH: Final = f"{CODE_AND_MARK}, with {UNPACKING}"
EVERY: Final = {PYZBAR: 5, OPENCV: 5}
"""The slow ones are timed on every fifth frame."""

FRAMES: Final = 240
ROUNDS: Final = 3
PER_S: Final = 3.0
SIZES: Final = (WIDE, WIDE_720)


class Times(msgspec.Struct, frozen=True):
    """Milliseconds a frame: the median and the 95th percentile of each round, and how many frames a round had."""

    name: str
    height: int
    frames: int
    medians_ms: list[float]
    p95s_ms: list[float]


def measured(scale: Scale) -> list[Times]:
    """Each reader at each size."""
    return [one for camera in SIZES for one in _at_size(camera, scale.run)]


def _at_size(camera: Camera, run: int) -> list[Times]:
    film = _film(camera, run)
    rounds: dict[str, list[list[float]]] = {}
    for turn in range(ROUNDS):
        print(f"\rtimes, {camera.height}: {turn + 1}/{ROUNDS} ", end="", file=sys.stderr, flush=True)
        for name, seconds in _round(film, camera, run).items():
            rounds.setdefault(name, []).append(seconds)
    print(file=sys.stderr)
    return [
        Times(
            name,
            camera.height,
            len(found[0]),
            [1e3 * float(np.percentile(seconds, 50)) for seconds in found],
            [1e3 * float(np.percentile(seconds, 95)) for seconds in found],
        )
        for name, found in rounds.items()
    ]


def _film(camera: Camera, run: int) -> list[Grey]:
    """Frames from the middle of a film, when several are in view."""
    crowd = Crowd(run, round(FRAMES / camera.fps * PER_S) + 24, camera, DAY, per_s=PER_S)
    first = (crowd.frame_count - FRAMES) // 2
    return [picture for picture, _ in crowd.frames(first, first + FRAMES)]


def _round(film: list[Grey], camera: Camera, run: int) -> dict[str, list[float]]:
    """Our station frame by frame, its slow readers left to their own thread; then the engines alone."""
    station, ours, unpacked = Station(Field.of(run).roster, slow=False), [], []
    for picture in film:
        jpeg = packed(picture, DAY.jpeg)
        unpacked.append(taken_s(partial(cv2.imdecode, jpeg, cv2.IMREAD_GRAYSCALE)))
        ours.append(taken_s(partial(station.look, picture, camera.fps)))
    found = {CODE_AND_MARK: ours, UNPACKING: unpacked}
    found[BOTH] = [one + more for one, more in zip(ours, unpacked, strict=True)]
    for name in SINGLES:
        found[name] = [taken_s(partial(single(name), picture)) for picture in film[:: EVERY.get(name, 1)]]
    return found
