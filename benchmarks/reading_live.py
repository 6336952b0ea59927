"""Live: the real station before a real stream of 1080p at 30 frames a second on loopback, with and without other work on the machine.

The film is drawn once and kept. Camera and station are processes of their own; the camera only sends what was encoded before.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import cv2
import msgspec
import numpy as np

from benchmarks.frames.crowd import FRAME_FILE, TRUTH_FILE, Crowd, Truth
from benchmarks.frames.printed import Field, module_m
from benchmarks.frames.settings import SETTINGS
from benchmarks.live_station import Measured
from benchmarks.reading_work import Scale, shared_out
from bibs.drawing.layout import DEFAULT_LAYOUT
from scanners.station.observer import CODE_MODULES
from timing.race.instants import MILLISECOND

HERE: Final = Path(__file__).parents[1]
FILM: Final = HERE / "out" / "reading" / "live"
SEED: Final = 600
RUNNERS: Final = 48
PER_S: Final = 2.2
ROUNDS: Final = 2
LINE_M: Final = 2.5
FRAME_MS: Final = 1_000 / 30
OTHERS: Final = (0, 4)
SPINS: Final = "while True: pass"
PORTION: Final = 60  # frames drawn in one go


class Live(msgspec.Struct, frozen=True):
    """One run: what is sent, how many other programs work, the load as it was found, and what the station did."""

    kind: str
    others: int
    load: float
    """The machine's load average of the last minute before the run, which is that of others."""
    runners: int
    in_view: list[float]
    """Runners in view: the least, the median and the most of the frames between the first and the last quarter."""
    sent: int
    taken: int
    dropped: int
    """Of these `connecting` came before the first that was read: until it knows the stream's clock the station reads none."""
    connecting: int
    named: int
    wrong: int
    unread: int
    cores: float
    work_ms: list[float]
    """Median and 95th percentile of the station's work on a frame."""
    slow: float
    """Share of frames on which it worked longer than a frame lasts."""
    delays_ms: list[float]
    late_ms: list[float]
    """Stamp less the true instant: median, standard deviation, least and most."""


def measured(scale: Scale) -> list[Live]:
    """Both kinds of streams, alone and beside other work."""
    run = scale.run + SEED
    crowd = Crowd(run, RUNNERS, SETTINGS["base"].camera, SETTINGS["base"].conditions, per_s=PER_S)
    _draw(run, crowd.frame_count)
    return [_run(kind, others, run, crowd) for others, kind in product(OTHERS, ("mjpeg", "rtsp"))]


def _draw(run: int, count: int) -> None:
    done = FILM / "done"
    if done.exists() and done.read_text() == f"{run} {count}":
        return
    FILM.mkdir(parents=True, exist_ok=True)
    portions = [(run, first, min(first + PORTION, count)) for first in range(0, count, PORTION)]
    truths = dict(pair for found in shared_out(_drawn, portions, "live") for pair in found)
    (FILM / TRUTH_FILE).write_bytes(b"".join(truths[number] for number in sorted(truths)))
    done.write_text(f"{run} {count}")


def _drawn(portion: tuple[int, int, int]) -> list[tuple[int, bytes]]:
    run, first, end = portion
    setting = SETTINGS["base"]
    crowd = Crowd(run, RUNNERS, setting.camera, setting.conditions, per_s=PER_S)
    found = []
    for picture, truth in crowd.frames(first, end):
        data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 95])[1].tobytes()
        (FILM / FRAME_FILE.format(truth.frame)).write_bytes(data)
        found.append((truth.frame, msgspec.json.encode(truth) + b"\n"))
    return found


def _run(kind: str, others: int, run: int, crowd: Crowd) -> Live:
    print(f"live: {kind} beside {others} others", file=sys.stderr)
    load, race = os.getloadavg()[0], Field.of(run)
    line_px = CODE_MODULES * SETTINGS["base"].camera.size_px(module_m(DEFAULT_LAYOUT), LINE_M)
    with TemporaryDirectory() as state, _busy(others):
        camera = _child("benchmarks.live_camera", FILM, kind, ROUNDS)
        assert camera.stdout
        address = camera.stdout.readline().decode().strip()
        station = _child("benchmarks.live_station", address, run, line_px, XDG_STATE_HOME=state)
        told, truth = station.communicate()[0], camera.communicate()[0]
    found = msgspec.json.decode(told, type=Measured)
    at = msgspec.json.decode(truth, type=list[int])
    late = np.array([stamp - at[number] for number, stamp in zip(found.frames, found.at, strict=True)]) / MILLISECOND
    work, own = np.array(found.work_ms), set(race.codes[:RUNNERS])
    return Live(
        kind,
        others,
        load,
        RUNNERS,
        _in_view(crowd.frame_count),
        len(at),
        found.taken,
        found.dropped,
        found.frames[0],
        len(own & set(found.named)),
        len(set(found.named) & set(race.codes) - own),
        found.unread,
        found.cores,
        [float(np.percentile(work, share)) for share in (50, 95)],
        float((work > FRAME_MS).mean()),
        list(found.delays_ms),
        [float(one) for one in (np.median(late), late.std(), late.min(), late.max())],
    )


def _in_view(count: int) -> list[float]:
    lines = (FILM / TRUTH_FILE).read_bytes().splitlines()
    seen = [len(msgspec.json.decode(line, type=Truth).seen) for line in lines[count // 4 : 3 * count // 4]]
    return [float(np.percentile(seen, share)) for share in (0, 50, 100)]


def _child(module: str, *arguments: object, **more: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", module, *map(str, arguments)]
    return subprocess.Popen(command, cwd=HERE, stdout=subprocess.PIPE, env={**os.environ, **more})


@contextmanager
def _busy(others: int) -> Iterator[None]:
    """So many other programs at work, each of which would take a core."""
    spinning = [subprocess.Popen([sys.executable, "-c", SPINS]) for _ in range(others)]
    try:
        yield
    finally:
        for one in spinning:
            one.kill()
            one.wait()
