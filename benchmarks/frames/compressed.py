"""A film through a camera's H.264, and back."""

from collections.abc import Iterable, Iterator
from io import BytesIO

import av
import numpy as np

from benchmarks.frames.conditions import Grey
from demo.film import FilmCamera


def through_h264(pictures: Iterable[Grey], camera: FilmCamera, kbps: int) -> Iterator[Grey]:
    """Every picture as it is seen after coding at such a rate, without frames that look ahead, as cameras do it."""
    data = BytesIO()
    with av.open(data, "w", format="mp4") as film:
        stream = film.add_stream("libx264", camera.fps, {"preset": "veryfast", "tune": "zerolatency"})
        stream.bit_rate, stream.pix_fmt = 1_000 * kbps, "yuv420p"
        stream.width, stream.height = camera.width, camera.height
        for picture in pictures:
            film.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "gray")))
        film.mux(stream.encode())
    data.seek(0)
    with av.open(data, "r") as film:
        for frame in film.decode(video=0):
            yield np.asarray(frame.to_ndarray(format="gray"), np.uint8)
