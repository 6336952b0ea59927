"""Pictures for a station to look at: codes drawn by a second encoder (segno), alone or in a scene, as frames, images and films."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Final

import av
import cv2
import numpy as np
import numpy.typing as npt
import segno

from scanners.cameras.films import FOLDER_FPS, Frame
from tests.builders import code_of
from timing.race.codes import bib_url
from timing.race.instants import SECOND, Instant

Grey = npt.NDArray[np.uint8]
QUIET: Final = 4
FPS: Final = 25


def url(bib: int) -> str:
    """What the QR of this bib says in all tests."""
    return bib_url("GV.TEST", code_of(bib))


@cache
def symbol(text: str | bytes, side_px: int) -> Grey:
    """A QR symbol with its quiet zone; without it the symbol is so many pixels wide."""
    modules = 255 * (1 - np.array(segno.make(text, error="q", micro=False).matrix, np.uint8))
    paper = np.pad(np.kron(modules, np.ones((16, 16), np.uint8)), QUIET * 16, constant_values=255)
    side = round(side_px * (len(modules) + 2 * QUIET) / len(modules))
    return np.asarray(cv2.resize(paper, (side, side), interpolation=cv2.INTER_AREA), np.uint8)


def scene(*texts: str | bytes, side_px: int = 100, height: int = 200) -> Grey:
    """Codes side by side before a grey wall, three places wide; without any, the wall."""
    wall = np.full((height, 3 * height), 170, np.uint8)
    for at, text in enumerate(texts):
        paper = symbol(text, side_px)
        left = at * height + (height - len(paper)) // 2
        top = (height - len(paper)) // 2
        wall[top : top + len(paper), left : left + len(paper)] = paper
    return wall


def frames(*seen: tuple[float, Sequence[str | bytes]], begins: int = 0) -> Iterator[Frame]:
    """What a camera of 25 frames a second sees: for so many seconds these codes."""
    index = 0
    for seconds, texts in seen:
        for _ in range(round(seconds * FPS)):
            yield Frame(index, Instant(begins + index * SECOND // FPS), scene(*texts))
            index += 1


def images(folder: Path, pictures: Iterable[Grey], name: str = "{:04}.png") -> Path:
    """A folder of images; a station takes them as frames of a camera of `FOLDER_FPS`."""
    assert FOLDER_FPS == 30
    folder.mkdir(parents=True)
    for number, picture in enumerate(pictures):
        (folder / name.format(number)).write_bytes(cv2.imencode(".png", picture)[1].tobytes())
    return folder


def film(path: Path, pictures: Sequence[Grey], fps: int = FPS, codec: str = "mp4v") -> Path:
    height, width = pictures[0].shape
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*codec), fps, (width, height))
    for picture in pictures:
        writer.write(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR))
    writer.release()
    return path


def encoded(
    path: Path,
    pictures: Sequence[Grey],
    codec: str = "libx264",
    at_ms: Sequence[int] = (),
    rotation: int = 0,
    options: dict[str, str] | None = None,
    coding: dict[str, str] | None = None,
    metadata: dict[str, str] | None = None,
) -> Path:
    """A film by FFmpeg: a picture every 40 ms, or at these times; `options` are the file's, `coding` the codec's."""
    with av.open(str(path), "w", options=options or {}) as container:
        container.metadata.update(metadata or {})
        stream = container.add_stream(codec, rate=FPS, options=coding or {})
        assert isinstance(stream, av.VideoStream)
        stream.height, stream.width = pictures[0].shape
        stream.pix_fmt = {"mjpeg": "yuvj420p", "gif": "gray"}.get(codec, "yuv420p")
        stream.codec_context.time_base = Fraction(1, 1_000) if at_ms else Fraction(1, FPS)
        if rotation:
            stream.set_display_rotation(rotation)
        for number, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, format="gray")
            frame.pts, frame.time_base = (at_ms[number], Fraction(1, 1_000)) if at_ms else (number, Fraction(1, FPS))
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path
