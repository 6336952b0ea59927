"""The packets of a film's file: those of its pictures in order, and how many of them are gone where the file holds something unread.

A camera that pauses leaves no bytes behind; damage does, or FFmpeg calls the packets beside it corrupt.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple, cast

import av
from av.container import InputContainer
from av.video.stream import VideoStream

if TYPE_CHECKING:
    from av.packet import Packet

    AnyPacket = Packet[av.stream.Stream]
    VideoPacket = Packet[VideoStream]

AVI_CHUNK: Final = 8  # bytes between what the index says of a frame's place and the frame itself
STUCK_MOST: Final = 25  # errors of the container in a row
LONG_STEP: Final = 2.5
"""Frames' time: a longer step from one picture to the next may hold some that are gone."""
JUMP_MS: Final = 60_000.0  # a longer one is rather a jump of the film's clock
HELD: Final = 0.5
"""Of the bytes that the file mostly has in such a time: with so many that no packet claims it held pictures."""
CORRUPT_LATELY: Final = 3  # packets, since one that FFmpeg calls corrupt
FROM_ZERO: Final = "matroska"  # the format in which a film's time begins at 0
HEADER: Final = 16_384  # bytes that may stand before a film's first packet
BEGINS_BEFORE: Final = 3.0
"""A film began before its first picture by so many frames' time at most for each packet before that, and a second."""


class Gone(NamedTuple):
    """So many pictures are gone before the one of this time, in milliseconds."""

    before_ms: float
    pictures: int


class FilmPackets:
    """Goes through a file once; what it tells of the packets is known as far as they were read."""

    def __init__(self, container: InputContainer, stream: VideoStream, fps: float, size: int) -> None:
        """`fps` is 0 where unknown; `size` the file's in bytes."""
        self._container, self._stream, self._each_ms = container, stream, 1_000 / fps if fps else 0.0
        self._bytes_each_ms = size * 1_000 / container.duration if container.duration else float("inf")
        index = stream.index_entries if container.format.name == "avi" else ()
        self._indexed = {entry.pos + AVI_CHUNK: entry.timestamp for entry in index}
        self._shift = self._claimed = 0
        self._since_corrupt = CORRUPT_LATELY + 1
        self._last_ms: float | None = 0.0 if FROM_ZERO in container.format.name else None
        self._first_ms: list[float] | None = []
        """Times of the packets, until the first picture."""
        self._gone: list[Gone] = []
        self.skipped = 0
        """Pictures that the file keeps and says are not of the film, as it was trimmed."""
        self.until_ms = 0.0
        """The end of the last packet, of pictures or sound."""

    def __iter__(self) -> "Iterator[VideoPacket | None]":
        """The packets of the pictures, and None at the end; behind damage it goes on."""
        stuck = 0
        while stuck < STUCK_MOST:
            try:
                for packet in self._container.demux():
                    stuck = 0
                    if packet.size and packet.stream.index == self._stream.index:
                        yield self._placed(self._timed(cast("VideoPacket", packet)))
                    self._claim(packet)
                break
            except (av.FFmpegError, OSError):
                stuck += 1
        yield None

    def begins_ms(self, first_ms: float) -> tuple[float, int]:
        """When the film begins whose first picture is that of `first_ms`, and how many packets before it gave none."""
        before, self._first_ms = [one for one in self._first_ms or () if one < first_ms], None
        if not before or first_ms - min(before) > 1_000 + BEGINS_BEFORE * self._each_ms * len(before):
            return first_ms, 0
        return min(before), len(before)

    def gone(self, until_ms: float) -> int:
        """How many pictures are gone before the one of this time, since this was asked last."""
        found = [one for one in self._gone if one.before_ms <= until_ms]
        self._gone = [one for one in self._gone if one.before_ms > until_ms]
        return sum(one.pictures for one in found)

    def _timed(self, packet: "VideoPacket") -> "VideoPacket":
        """An AVI's frames are counted as they come: where some are gone the index still tells which this one is."""
        if self._indexed and packet.pts is not None and packet.pos is not None:
            indexed = self._indexed.get(packet.pos)
            self._shift = self._shift if indexed is None else indexed - packet.pts
            packet.pts += self._shift
            packet.dts = packet.pts if packet.dts is None else packet.dts + self._shift
        return packet

    def _placed(self, packet: "VideoPacket") -> "VideoPacket":
        """The same; what is gone before it is noted."""
        self._since_corrupt = 0 if packet.is_corrupt else self._since_corrupt + 1
        if packet.is_discard:
            self.skipped += 1
        elif packet.pts is not None and self._first_ms is not None:
            self._first_ms.append(self.ms(packet.pts))
        if packet.pts is None or packet.dts is None:
            return packet
        last_ms, self._last_ms = self._last_ms, self.ms(packet.dts)
        step = 0.0 if last_ms is None else self._last_ms - last_ms
        unclaimed = (packet.pos or 0) - (self._claimed or HEADER)
        held = unclaimed >= HELD * self._bytes_each_ms * step or self._since_corrupt <= CORRUPT_LATELY
        if self._each_ms and LONG_STEP * self._each_ms < step <= JUMP_MS and held:
            self._note(self.ms(packet.pts), round(step / self._each_ms))
        return packet

    def _note(self, at_ms: float, steps: int) -> None:
        """What is gone between two pictures, or before the first one, which nobody has seen: then the film begins at 0."""
        if self._claimed or self._first_ms is None:
            self._gone.append(Gone(at_ms, steps - 1))
        else:
            self._first_ms += [0.0] * steps

    def _claim(self, packet: "AnyPacket") -> None:
        self._claimed = max(self._claimed, (packet.pos or 0) + packet.size)
        if packet.pts is not None and packet.time_base:
            self.until_ms = max(self.until_ms, float((packet.pts + (packet.duration or 0)) * packet.time_base * 1_000))

    def ms(self, ticks: int) -> float:
        """A time of the pictures in milliseconds."""
        return float(ticks * (self._stream.time_base or 0) * 1_000)
