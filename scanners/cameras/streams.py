"""Network cameras by PyAV (FFmpeg): RTSP and every other address that FFmpeg opens; frames have the stream's own timestamps."""

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

import av
from av.container import InputContainer
from av.video.frame import VideoFrame

from scanners.cameras.live import LiveSource, Taken, taken
from scanners.cameras.motion_jpeg import open_motion_jpeg
from scanners.cameras.stills import NoPicture
from scanners.cameras.stream_clock import Arrived, StreamClock
from scanners.cameras.video import gray_frame, video_stream
from timing.language import _
from timing.race.clock import Clock
from timing.race.instants import SECOND, Span

ANSWERS_WITHIN_S: Final = 5.0
RTSP: Final = {"rtsp_transport": "tcp", "allowed_media_types": "video"}
"""Over TCP, for a lost packet smears many frames; and no sound, whose clock would move the pictures'."""


def open_stream(address: str, clock: Clock, stamps: StreamClock | None = None) -> LiveSource:
    """A stream on the network; `stamps` is what was learnt of its clock in former connections.

    Raises:
        NoPicture: nobody answers there, or not with pictures, or with a codec that is not known here, which is named.
    """
    stamps = stamps or StreamClock()
    web = address.lower().startswith("http")
    source = open_motion_jpeg(address, clock, stamps, ANSWERS_WITHIN_S) if web else None
    return source or AvStream(address, clock, stamps)


class AvStream:
    """Anything that FFmpeg opens; reads and waits are ended after some seconds."""

    def __init__(self, address: str, clock: Clock, stamps: StreamClock) -> None:
        self._clock, self._undecoded = clock, 0
        options = {"fpsprobesize": "0"} | (RTSP if address.lower().startswith("rtsp") else {})
        try:
            self._container = av.open(address, options=options, timeout=ANSWERS_WITHIN_S, metadata_errors="replace")
        except (av.FFmpegError, OSError, ValueError) as failure:
            text = _("no pictures come from there; check the address, and that both are on one network")
            raise NoPicture(without_password(address), text) from failure
        try:
            self._stream = video_stream(self._container, without_password(address))
        except NoPicture:
            self._container.close()
            raise
        self._stream.thread_type = "SLICE"  # frames decoded side by side come later
        self._taken = taken(stamps.timed(self._decoded(self._container)), gray_frame)

    def take(self) -> Taken | None:
        shot = next(self._taken, None)
        if shot:
            shot = shot._replace(skipped=shot.skipped + self._undecoded)
            self._undecoded = 0
        return shot

    def close(self) -> None:
        self._container.close()

    def _decoded(self, container: InputContainer) -> Iterator[Arrived[VideoFrame]]:
        """Each picture with its arrival. Ends when the stream does, or is silent."""
        packets = container.demux(self._stream)
        while True:
            try:
                packet = next(packets, None)
            except (av.FFmpegError, OSError):
                return
            if packet is None or not packet.size:
                return
            arrived = self._clock.now()
            try:
                frames = self._stream.codec_context.decode(packet)
            except av.FFmpegError:
                self._undecoded += 1
                continue
            yield from [Arrived(self._said(frame), arrived, frame) for frame in frames]

    def _said(self, frame: VideoFrame) -> Span | None:
        base = self._stream.time_base
        return None if frame.pts is None or base is None else Span(round(frame.pts * base * SECOND))


def without_password(address: str) -> str:
    """An address as it may be shown."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
