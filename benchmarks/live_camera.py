"""A camera on the network in a process of its own: `python -m benchmarks.live_camera FOLDER rtsp|mjpeg ROUNDS`.

Sends the JPEGs of a folder, or what they are as H.264, at 30 frames a second to whoever connects. Prints its address, and when
it was left each frame's instant as JSON. Each picture bears its number as a row of black and white squares in its lower left corner.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Final

import cv2
import msgspec
import numpy as np

from benchmarks.frames.conditions import Grey
from tests.streams import LoopbackCamera, Shot, h264, mjpeg_server, rtsp_server
from timing.race.clock import SteadyClock
from timing.race.instants import SECOND, Span

FPS: Final = 30
SQUARE: Final = 16
BITS: Final = 12
QUALITY: Final = 85


def main(folder: Path, kind: str, rounds: int) -> None:
    """Serve one station until the pictures are over."""
    pictures = _numbered(folder, rounds)
    whole = list(_h264(pictures) if kind == "rtsp" else map(_jpeg, pictures))
    camera, over = LoopbackCamera(SteadyClock(), FPS), Event()

    def shots() -> Iterator[Shot]:
        yield from (Shot(said, data) for said, data in camera.pictures(whole))
        over.set()

    with rtsp_server(shots) if kind == "rtsp" else mjpeg_server(shots) as address:
        print(address, flush=True)
        over.wait()
    print(msgspec.json.encode(camera.taken).decode(), flush=True)


def _numbered(folder: Path, rounds: int) -> Iterator[Grey]:
    files = sorted(folder.glob("*.jpg"))
    for number in range(rounds * len(files)):
        file = files[number % len(files)]
        gray = np.asarray(cv2.imread(str(file), cv2.IMREAD_GRAYSCALE), np.uint8)
        for bit in range(BITS):
            gray[-SQUARE:, bit * SQUARE : (bit + 1) * SQUARE] = 255 * (number >> bit & 1)
        yield gray


def number_in(gray: Grey) -> int:
    """The number that a picture bears."""
    half = SQUARE // 2
    return sum(1 << bit for bit in range(BITS) if gray[-half, bit * SQUARE + half] > 127)


def _jpeg(gray: Grey) -> bytes:
    colour = cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR)
    return cv2.imencode(".jpg", colour, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes()


def _h264(pictures: Iterator[Grey]) -> Iterator[bytes]:
    timed = ((Span(number * SECOND // FPS), gray) for number, gray in enumerate(pictures))
    return (shot.data for shot in h264(timed))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
