"""Network cameras by PyAV (FFmpeg): RTSP and every other address that FFmpeg opens; frames have the stream's own timestamps."""

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

import av
from av.container import InputContainer
from av.video.frame import VideoFrame

from scanners.cameras.live import LiveSource, Taken
from scanners.cameras.motion_jpeg import open_motion_jpeg
from scanners.cameras.stills import NoPicture
from scanners.cameras.stream_clock import StreamClock
from scanners.cameras.video import gray_frame, video_stream
from timing.language import _
from timing.race.clock import Clock
from timing.race.instants import SECOND, Instant, Span

ANSWERS_WITHIN_S: Final = 5.0
BEHIND_MOST: Final = Span(4 * SECOND)
"""A stream that is later is connected anew: what it had buffered is of no use to a live station."""
RTSP: Final = {"rtsp_transport": "tcp", "allowed_media_types": "video"}
"""Over TCP, for a lost packet smears many frames; and no sound, whose clock would move the pictures'."""


def open_stream(address: str, clock: Clock) -> LiveSource:
    """A stream on the network.

    Raises:
        NoPicture: nobody answers there, or not with pictures, or with a codec that is not known here, which is named.
    """
    source = open_motion_jpeg(address, clock, ANSWERS_WITHIN_S) if address.lower().startswith("http") else None
    return source or AvStream(address, clock)


class AvStream:
    """Anything that FFmpeg opens; reads and waits are ended after some seconds."""

    def __init__(self, address: str, clock: Clock) -> None:
        self._clock, self._stamps = clock, StreamClock()
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
        self._frames = self._decoded(self._container)

    def take(self) -> Taken | None:
        for skipped, (arrived, frame) in enumerate(self._frames):
            at = self._stamps.stamp(self._said(frame), arrived) if frame else arrived
            if self._stamps.behind > BEHIND_MOST:
                return None
            if frame and self._stamps.settled:
                return Taken(at, gray_frame(frame), skipped)
        return None

    def close(self) -> None:
        self._container.close()

    def _decoded(self, container: InputContainer) -> Iterator[tuple[Instant, VideoFrame | None]]:
        """Each picture with its arrival; None for a packet that cannot be decoded. Ends when the stream does, or is silent."""
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
                yield from [(arrived, frame) for frame in self._stream.codec_context.decode(packet)]
            except av.FFmpegError:
                yield arrived, None

    def _said(self, frame: VideoFrame) -> Span | None:
        base = self._stream.time_base
        return None if frame.pts is None or base is None else Span(round(frame.pts * base * SECOND))


def without_password(address: str) -> str:
    """An address as it may be shown."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
