"""Video files, by PyAV (FFmpeg): every picture with what the file says of its time, and how many were promised; never OpenCV."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import av
import cv2
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from scanners.cameras.stills import NoPicture, Picture
from timing.language import _
from timing.race.instants import Span

if TYPE_CHECKING:
    from av.packet import Packet

    VideoPacket = Packet[VideoStream]

av.logging.set_level(None)  # we say ourselves, in one line, what is wrong

PLANAR: Final = re.compile(r"yuvj?4[024][0-9]p|nv(12|16|21|24)|gray")
"""The formats of 8 bits whose first plane is the picture in grey."""
FULL_RANGE: Final = 2  # of FFmpeg's color_range
WIDENED: Final = np.clip(np.round((np.arange(256) - 16) * (255 / 219)), 0, 255).astype(np.uint8)
"""From the 16 to 235 that films mostly keep to grey of 0 to 255."""
AVI_CHUNK: Final = 8  # bytes between what the index says of a frame's place and the frame itself
STUCK_MOST: Final = 25  # errors of the container in a row


class FilmPicture(NamedTuple):
    """A picture in grey, upright, what the film says of its time in milliseconds, and how many before it could not be read."""

    gray: Picture
    said_ms: float
    unread: int


class Video:
    """A video file, open. Instants are those of the packets: of an AVI whose middle is damaged those of its index."""

    def __init__(self, path: Path) -> None:
        """Open the file.

        Raises:
            NoPicture: it is no video, or of a codec that is not known here, which is named.
        """
        try:
            self._container = av.open(str(path), metadata_errors="replace")
        except (av.FFmpegError, OSError, ValueError) as failure:
            raise NoPicture(str(path), _("not a video that can be read")) from failure
        self._stream = video_stream(self._container, str(path))
        self._stream.thread_type = "SLICE"  # frames decoded side by side lose more behind damage
        index = self._stream.index_entries if self._container.format.name == "avi" else ()
        self._indexed = {entry.pos + AVI_CHUNK: entry.timestamp for entry in index}
        self._shift = self._errors = self._read = 0
        self._last_ms = 0.0

    def __enter__(self) -> "Video":
        return self

    def __exit__(self, *_: object) -> None:
        self._container.close()

    @property
    def fps(self) -> float:
        """Frames a second according to the film's header; 0 where it has no rate."""
        return float(self._stream.average_rate or self._stream.guessed_rate or 0)

    def pictures(self) -> Iterator[FilmPicture]:
        """Every picture that can be read, in order."""
        told = 0
        for packet in self._demuxed():
            for frame in self._decoded(packet):
                self._read += 1
                self._last_ms = self._said_ms(frame)
                yield FilmPicture(gray_frame(frame), self._last_ms, self._errors - told)
                told = self._errors

    def lacking(self) -> tuple[int, Span]:
        """After the last picture: how many frames the file promised and nobody read, and how much of its time is missing at the end."""
        promised = self._stream.frames
        frames = max(promised - self._read, self._errors, 0) if promised else self._errors
        lasts = self._container.duration or 0
        began = (self._container.start_time or 0) / 1_000
        end = Span(round(lasts - (self._last_ms - began) * 1_000)) if lasts and not promised else Span(0)
        return frames, end

    def _demuxed(self) -> "Iterator[VideoPacket | None]":
        """The packets, and None at the end; behind damage it goes on."""
        stuck = 0
        while stuck < STUCK_MOST:
            try:
                for packet in self._container.demux(self._stream):
                    stuck = 0
                    if packet.size:
                        yield self._timed(packet)
                break
            except (av.FFmpegError, OSError):
                stuck += 1
        yield None

    def _timed(self, packet: "VideoPacket") -> "VideoPacket":
        """An AVI's frames are counted as they come: where some are gone the index still tells which this one is."""
        if self._indexed and packet.pts is not None and packet.pos is not None:
            indexed = self._indexed.get(packet.pos)
            self._shift = self._shift if indexed is None else indexed - packet.pts
            packet.pts += self._shift
            packet.dts = packet.pts if packet.dts is None else packet.dts + self._shift
        return packet

    def _decoded(self, packet: "VideoPacket | None") -> list[VideoFrame]:
        try:
            return self._stream.codec_context.decode(packet)
        except (av.FFmpegError, OSError):
            self._errors += packet is not None
            return []

    def _said_ms(self, frame: VideoFrame) -> float:
        said = frame.dts if frame.pts is None else frame.pts
        return float("nan") if said is None else float(said * (self._stream.time_base or 0) * 1_000)


def video_stream(container: InputContainer, source: str) -> VideoStream:
    """The pictures in a file or stream.

    Raises:
        NoPicture: there are none, or of a codec that is not known here, which is named.
    """
    found = next(iter(container.streams.video), None)
    if found is None:
        raise NoPicture(source, _("the video holds no pictures"))
    if not found.codec_context:
        codec = _codec(container)
        raise NoPicture(source, _("nothing here decodes its codec ({codec}); use H.264", codec=codec))
    return found


def _codec(container: InputContainer) -> str:
    """The codec of the file as FFmpeg names it: `none (dvh1 / 0x31687664)`."""
    av.logging.set_level(av.logging.INFO)
    try:
        told = re.search(r"Video: ([^,\n]*)", getattr(container, "dumps_format", str)())
    finally:
        av.logging.set_level(None)
    return told[1].strip() if told else "?"


def gray_frame(frame: VideoFrame) -> Picture:
    """A decoded frame in grey, 0 to 255, upright."""
    if PLANAR.fullmatch(frame.format.name):
        plane = frame.planes[0]
        rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
        gray = rows[: frame.height, : frame.width]
        full = frame.color_range == FULL_RANGE or frame.format.name.startswith(("yuvj", "gray"))
        gray = gray.copy() if full else np.asarray(cv2.LUT(np.ascontiguousarray(gray), WIDENED), np.uint8)
    else:
        gray = np.asarray(frame.to_ndarray(format="gray"), np.uint8)
    turns = round(frame.rotation / 90) % 4
    return np.ascontiguousarray(np.rot90(gray, turns)) if turns else gray


def last_ms(path: Path) -> float | None:
    """The timestamp of the last picture in milliseconds from the first; None if there is no picture."""
    try:
        with Video(path) as video:
            said = [shot.said_ms for shot in video.pictures()]
    except NoPicture:
        return None
    return said[-1] - said[0] if said else None
