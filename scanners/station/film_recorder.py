"""Records the film of a station in a thread of its own: every frame that was read, with its instant. The reader never waits."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, Full, Queue
from threading import Thread
from typing import Final

from scanners.cameras.jpeg import fitted
from scanners.cameras.segment_writer import SegmentWriter
from scanners.station.film_ring import FilmRing
from scanners.station.observer import Picture, SeenCode
from timing.race.events import StationFact
from timing.race.instants import SECOND, Instant, Span

WIDTH: Final = 1280
"""No side of the film is longer: a number on a bib is plain, and an hour takes about a gigabyte."""
WAITING_MOST: Final = 12
"""Frames on their way to the disk; of 1080p they take 25 MB."""
LASTING: Final = Span(10 * SECOND)
BYTES: Final = 8_000_000
"""A segment ends after so long or so much: it is what the office is sent."""
PAUSE: Final = Span(SECOND)
"""Time without frames that ends a segment, and after which a disk without room is asked again."""


class FilmRecorder:
    """Looks on and keeps the film; frames for which the disk has no time are counted as `lost`."""

    def __init__(self, ring: FilmRing, told: Callable[[bool], object] = lambda _: None) -> None:
        """`told` is called with False when there is no room for film, with True when there is again; by the writing thread."""
        self.ring, self._told = ring, told
        self.lost = 0
        self.keeping = True
        """Whether the disk has room for film."""
        self._queue: Queue[tuple[Instant, Picture] | None] = Queue(WAITING_MOST)
        self._writing: _Segment | None = None
        self._again = Instant(0)
        self._thread = Thread(target=self._write, name="film", daemon=True)
        self._thread.start()

    def on_frame(self, at: Instant, gray: Picture, seen: Sequence[SeenCode]) -> None:
        """A frame was read; nobody changes it any more."""
        try:
            self._queue.put_nowait((at, gray))
        except Full:
            self.lost += 1

    def on_scan(self, seq: int, code: str, fact: StationFact) -> None:
        """Nothing: the film shows everybody."""

    def close(self) -> None:
        """Write what waits, and stop."""
        self._queue.put(None)
        self._thread.join()

    def _write(self) -> None:
        while True:
            try:
                waiting = self._queue.get(timeout=PAUSE / SECOND)
            except Empty:  # the camera is gone: what there is can be asked for
                self._end()
                continue
            if waiting is None:
                break
            self._add(*waiting)
        self._end()

    def _add(self, at: Instant, gray: Picture) -> None:
        try:
            picture = _even(fitted(gray, WIDTH))
            if self._writing and not self._writing.goes_on(at, picture):
                self._end()
            if not self._writing:
                if not self._room(at):
                    return
                self._writing = _Segment(self.ring.begin(at), at, picture)
            self._writing.add(at, picture)
        except OSError:  # FFmpeg's errors too; a full disk is told by the outbox as well, which needs it more
            self._abandon()
            self._keeps(False, at)

    def _room(self, at: Instant) -> bool:
        if not self.keeping and 0 <= self._again - at <= PAUSE:
            return False
        self._keeps(self.ring.room(), at)
        return self.keeping

    def _keeps(self, keeping: bool, at: Instant) -> None:
        self._again = Instant(at + PAUSE)
        if keeping != self.keeping:
            self.keeping = keeping
            self._told(keeping)

    def _end(self) -> None:
        segment, self._writing = self._writing, None
        if segment:
            try:
                segment.close()
                self.ring.finish(segment.file, segment.lasting)
            except OSError:
                segment.file.unlink(missing_ok=True)

    def _abandon(self) -> None:
        segment, self._writing = self._writing, None
        if segment:
            with suppress(OSError):
                segment.close()
            segment.file.unlink(missing_ok=True)


class _Segment:
    """The segment that is being written."""

    def __init__(self, file: Path, at: Instant, picture: Picture) -> None:
        self.file, self._began, self._last, self._shape = file, at, at, picture.shape
        self._bytes = 0
        self._writer = SegmentWriter(file, picture.shape[1], picture.shape[0])

    @property
    def lasting(self) -> Span:
        return Span(self._last - self._began)

    def goes_on(self, at: Instant, picture: Picture) -> bool:
        """Whether this frame belongs here too."""
        whole = at - self._began >= LASTING or self._bytes >= BYTES
        return not whole and 0 < at - self._last <= PAUSE and picture.shape == self._shape

    def add(self, at: Instant, picture: Picture) -> None:
        self._last = at
        self._bytes += self._writer.add(picture, Span(at - self._began))

    def close(self) -> None:
        self._writer.close()


def _even(picture: Picture) -> Picture:
    """Without the last row and column where there is an odd number: films want even ones."""
    return picture[: picture.shape[0] // 2 * 2, : picture.shape[1] // 2 * 2]
