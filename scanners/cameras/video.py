"""Video files, by PyAV (FFmpeg): every picture with what the file says of its time, and how many were promised; never OpenCV."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import av
import cv2
import numpy as np
from av.container import InputContainer
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from scanners.cameras.film_packets import FilmPackets
from scanners.cameras.stills import NoPicture, Picture
from timing.language import _
from timing.race.instants import Span

if TYPE_CHECKING:
    from scanners.cameras.film_packets import VideoPacket

av.logging.set_level(None)  # we say ourselves, in one line, what is wrong

PLANAR: Final = re.compile(r"yuvj?4[024][0-9]p|nv(12|16|21|24)|gray")
"""The formats of 8 bits whose first plane is the picture in grey."""
FULL_RANGE: Final = 2  # of FFmpeg's color_range
WIDENED: Final = np.clip(np.round((np.arange(256) - 16) * (255 / 219)), 0, 255).astype(np.uint8)
"""From the 16 to 235 that films mostly keep to grey of 0 to 255."""
STILLS: Final = {"mjpeg", "png", "bmp", "gif", "webp"}
"""The codecs of pictures beside a film; one alone may be a film too."""
BESIDE_A_FILM: Final = Disposition.attached_pic | Disposition.timed_thumbnails | Disposition.still_image
CAPTURE_FPS: Final = "com.android.capture.fps"
SLOWED: Final = 1.5
"""A telephone that took so many times as many pictures a second as its film shows made a slow-motion film."""


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
            NoPicture: it is no video, or of a codec that is not known here, which is named, or a slow-motion film.
        """
        try:  # by its name alone FFmpeg would take what stands before a colon for a protocol
            self._container = av.open(f"file:{path.resolve()}", metadata_errors="replace")
        except (av.FFmpegError, OSError, ValueError) as failure:
            raise NoPicture(str(path), _("not a video that can be read")) from failure
        self._stream = video_stream(self._container, str(path))
        self._stream.thread_type = "SLICE"  # frames decoded side by side lose more behind damage
        taken = _number(self._container.metadata.get(CAPTURE_FPS, ""))
        if 0 < SLOWED * self.fps < taken:
            text = _(
                "a slow-motion film: {taken:.0f} pictures a second, shown as {shown:.0f}; its times are not the race's; save it at the speed at which it was taken",
                taken=taken,
                shown=self.fps,
            )
            raise NoPicture(str(path), text)
        self._packets = FilmPackets(self._container, self._stream, self.fps, path.stat().st_size)
        self._errors = self._read = 0
        self.begins_ms = float("nan")
        """When the film begins, whether its first pictures can be read or not; known with the first picture."""

    def __enter__(self) -> "Video":
        return self

    def __exit__(self, *_: object) -> None:
        self._container.close()

    @property
    def fps(self) -> float:
        """Frames a second according to the film's header; 0 where it has no rate."""
        return float(self._stream.average_rate or self._stream.guessed_rate or 0)

    @property
    def views(self) -> int:
        """How many streams of pictures the film has; the largest is read."""
        return sum(_is_film(one) for one in self._container.streams.video)

    def pictures(self) -> Iterator[FilmPicture]:
        """Every picture that can be read, in order."""
        told = 0
        for packet in self._packets:
            for frame in self._decoded(packet):
                said_ms = self._said_ms(frame)
                unread, told = self._errors - told + self._packets.gone(said_ms), self._errors
                if not self._read:
                    self.begins_ms, before = self._packets.begins_ms(said_ms)
                    unread = max(unread, before)
                self._read += 1
                yield FilmPicture(gray_frame(frame), said_ms, unread)

    def lacking(self) -> tuple[int, Span]:
        """After the last picture: how many frames the file promised and nobody read, and how much of its time is missing at the end."""
        promised = self._stream.frames - self._packets.skipped
        known = self._errors + self._packets.gone(float("inf"))
        frames = max(promised - self._read, known) if promised > 0 else known
        lasts = self._container.duration or 0
        began_ms = min((self._container.start_time or 0) / 1_000, self.begins_ms)
        missing = Span(round(lasts - (self._packets.until_ms - began_ms) * 1_000))
        return frames, missing if lasts and promised <= 0 else Span(0)

    def _decoded(self, packet: "VideoPacket | None") -> list[VideoFrame]:
        try:
            return self._stream.codec_context.decode(packet)
        except (av.FFmpegError, OSError):
            self._errors += packet is not None
            return []

    def _said_ms(self, frame: VideoFrame) -> float:
        said = frame.dts if frame.pts is None else frame.pts
        return float("nan") if said is None else self._packets.ms(said)


def video_stream(container: InputContainer, source: str) -> VideoStream:
    """The pictures in a file or stream.

    Raises:
        NoPicture: there are none, or of a codec that is not known here, which is named.
    """
    found = max(container.streams.video, key=_worth, default=None)
    if found is None:
        raise NoPicture(source, _("the video holds no pictures"))
    if not found.codec_context:
        codec = _codec(container)
        raise NoPicture(source, _("nothing here decodes its codec ({codec}); use H.264", codec=codec))
    return found


def _is_film(stream: VideoStream) -> bool:
    """Whether it moves, and is no cover or thumbnail."""
    codec = stream.codec_context
    return bool(codec) and codec.name not in STILLS and not stream.disposition & BESIDE_A_FILM


def _worth(stream: VideoStream) -> tuple[bool, int]:
    """A preview is smaller than the film."""
    return _is_film(stream), stream.width * stream.height if stream.codec_context else 0


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


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
