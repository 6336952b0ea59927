"""A live source, read in a thread of its own: the newest pictures only, and again and again when it is lost."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from threading import Condition, Event, Thread
from typing import Final, NamedTuple, Protocol, TypeVar

from scanners.cameras.film_clock import FilmClockJump
from scanners.cameras.films import Frame, Lull
from scanners.cameras.health import FrameCounts
from scanners.cameras.stills import NoPicture, Picture
from scanners.cameras.stream_clock import Timed
from timing.language import _
from timing.race.clock import Clock
from timing.race.instants import Instant

WAITING_MOST: Final = 4
"""So many pictures wait to be read; a newer one takes the place of the oldest. As many as come at once from a stream that was late."""

LULL_S: Final = 0.5
WAIT_FIRST_S: Final = 0.25
WAIT_MOST_S: Final = 5.0
JOIN_S: Final = 2.0

T = TypeVar("T")
Tell = Callable[[bool], None]
"""Hears False when the camera is lost, and True when it is there again."""


class Taken(NamedTuple):
    """A picture in grey, when it was taken, how many before it came and could not be used, and whether its clock jumped here."""

    at: Instant
    gray: Picture
    skipped: int = 0
    jump: FilmClockJump | None = None


class LiveSource(Protocol):
    """An open camera or stream."""

    def take(self) -> Taken | None:
        """The next picture; waits for it for some seconds at most. None once the source gives none any more."""
        ...

    def close(self) -> None: ...


def taken(pictures: Iterable[Timed[T]], decoded: Callable[[T], Picture | None]) -> Iterator[Taken]:
    """Those of a stream's pictures that can be decoded."""
    skipped, jump = 0, None
    for one in pictures:
        skipped, jump = skipped + one.skipped, one.jump or jump
        gray = decoded(one.picture)
        if gray is None:
            skipped += 1
            continue
        yield Taken(one.at, gray, skipped, jump)
        skipped, jump = 0, None


class LiveCamera:
    """Pictures of a source that may be unplugged and come back."""

    def __init__(self, open_: Callable[[], LiveSource], clock: Clock, health: FrameCounts, tell: Tell) -> None:
        self._open, self._clock, self._health, self._tell = open_, clock, health, tell
        self._waiting: deque[Frame] = deque()
        self._came, self._stop = Condition(), Event()

    def frames(self) -> Iterator[Frame | Lull]:
        """The newest pictures as they come; a lull when there are none for a while. Ends when the caller stops asking.

        Raises:
            NoPicture: it gives no picture at the very beginning.
        """
        source = self._open()
        first = self._take(source)
        if first is None:
            source.close()
            raise NoPicture(str(_("camera")), _("the camera opens and gives no picture"))
        thread = Thread(target=self._keep_taking, args=(source,), name="camera", daemon=True)
        thread.start()
        try:
            yield first
            while True:
                yield self._next()
        finally:
            self._stop.set()
            thread.join(JOIN_S)

    def _next(self) -> Frame | Lull:
        with self._came:
            self._came.wait_for(lambda: self._waiting, LULL_S)
            return self._waiting.popleft() if self._waiting else Lull(self._clock.now())

    def _keep_taking(self, source: LiveSource | None) -> None:
        wait_s = WAIT_FIRST_S
        while not self._stop.is_set():
            frame = self._take(source) if source else None
            if frame:
                self._put(frame)
                wait_s = WAIT_FIRST_S
                continue
            self._lost(source)
            self._stop.wait(wait_s)
            wait_s = min(2 * wait_s, WAIT_MOST_S)
            source = self._reopened()
        if source:
            source.close()

    def _take(self, source: LiveSource) -> Frame | None:
        taken = source.take()
        if taken is None:
            return None
        self._health.dropped += taken.skipped
        self._health.taken += 1 + taken.skipped
        return Frame(self._health.taken - 1, taken.at, taken.gray, taken.jump)

    def _put(self, frame: Frame) -> None:
        if self._health.lost:
            self._health.lost = False
            self._health.reopened += 1
            self._tell(True)
        with self._came:
            if len(self._waiting) >= WAITING_MOST:
                jump = self._waiting.popleft().jump
                self._waiting[0] = replace(self._waiting[0], jump=self._waiting[0].jump or jump)
                self._health.dropped += 1
            self._waiting.append(frame)
            self._came.notify()

    def _lost(self, source: LiveSource | None) -> None:
        if source:
            source.close()
        if not self._health.lost:
            self._health.lost = True
            self._tell(False)

    def _reopened(self) -> LiveSource | None:
        try:
            return self._open()
        except NoPicture:
            return None
