"""Writes one segment of a station's film: H.264 in fragments of a second, so that a killed program loses no more; by PyAV."""

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import numpy as np

from scanners.cameras.stills import Picture
from timing.race.instants import SECOND, Span

MICROSECONDS: Final = Fraction(1, SECOND)
GREY: Final = 128  # of the planes of colour
FRAGMENTS: Final = {
    "movflags": "frag_keyframe+empty_moov+default_base_moof",
    "flush_packets": "1",
    "video_track_timescale": str(SECOND),
}
CODEC: Final = {"preset": "ultrafast", "tune": "zerolatency", "crf": "28", "g": "30", "x264-params": "threads=1"}


class SegmentWriter:
    """A file being written; pictures are grey, all of one size, whose sides are even."""

    def __init__(self, file: Path, width: int, height: int) -> None:
        """Begin the file, which has to be there.

        Raises:
            OSError: the disk does not take it.
        """
        with _as_os_error():
            self._container = av.open(str(file), "w", format="mp4", options=FRAGMENTS)
        stream = self._container.add_stream("libx264", rate=30, options=CODEC)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuvj420p"
        stream.codec_context.time_base = MICROSECONDS
        self._stream = stream
        self._planes = np.full((height * 3 // 2, width), GREY, np.uint8)

    def add(self, gray: Picture, since: Span) -> int:
        """Add a picture that was taken so long after the first one; returns how many bytes that made.

        Raises:
            OSError: the disk does not take it.
        """
        self._planes[: gray.shape[0]] = gray
        frame = av.VideoFrame.from_ndarray(self._planes, format="yuvj420p")
        frame.pts, frame.time_base = since, MICROSECONDS
        return self._mux(frame)

    def close(self) -> None:
        """Finish the file.

        Raises:
            OSError: the disk does not take it.
        """
        try:
            self._mux(None)
        finally:
            with _as_os_error():
                self._container.close()

    def _mux(self, frame: av.VideoFrame | None) -> int:
        with _as_os_error():
            packets = self._stream.encode(frame)
            self._container.mux(packets)
            return sum(packet.size for packet in packets)


@contextmanager
def _as_os_error() -> Iterator[None]:
    try:
        yield
    except av.FFmpegError as failure:
        raise OSError(failure.errno, failure.strerror) from failure
