"""Who reads slowly: at once for a file, in a thread of its own beside a live camera."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, NamedTuple, Protocol

from scanners.reading.boxes import Point
from scanners.reading.decoder import Sighting
from scanners.reading.pixels import Picture
from timing.race.instants import Instant

WAITING_MOST: Final = 4
"""So many questions wait at most; another is dropped and counted."""


class FrameView(NamedTuple):
    """A part of one frame, and where in the frame it lies."""

    part: Picture
    corner: Point
    frame: int
    at: Instant


Answer = tuple[FrameView, list[Sighting]]
Slow = Callable[[Sequence[FrameView]], Answer]
"""Reads the first of these views that can be read."""


class SlowReader(Protocol):
    """Is asked now and answers some time."""

    dropped: int

    def ask(self, views: Sequence[FrameView]) -> None: ...
    def answers(self) -> list[Answer]: ...
    def last_answers(self) -> list[Answer]:
        """As `answers`, when all have been given."""
        ...


class InlineReader:
    """Reads while the film waits: the same film gives the same answers every time."""

    def __init__(self, read: Slow) -> None:
        self._read, self._done = read, list[Answer]()
        self.dropped = 0

    def ask(self, views: Sequence[FrameView]) -> None:
        self._done.append(self._read(views))

    def answers(self) -> list[Answer]:
        done, self._done = self._done, []
        return done

    last_answers = answers


class BackgroundReader:
    """Reads in a thread while the camera goes on."""

    def __init__(self, read: Slow) -> None:
        self._read, self._asked = read, list[Future[Answer]]()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="slow reader")
        self.dropped = 0

    def ask(self, views: Sequence[FrameView]) -> None:
        if sum(not asked.done() for asked in self._asked) >= WAITING_MOST:
            self.dropped += 1
        else:
            self._asked.append(self._pool.submit(self._read, views))

    def answers(self) -> list[Answer]:
        done = [asked for asked in self._asked if asked.done()]
        self._asked = [asked for asked in self._asked if asked not in done]
        return [asked.result() for asked in done]

    def last_answers(self) -> list[Answer]:
        self._pool.shutdown(wait=True)
        return self.answers()
