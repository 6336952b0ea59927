"""When the pictures of a stream were taken. Pure.

Arrival alone is late whenever the camera, the network or this machine holds pictures up and delivers them in one burst. So each
picture has an instant at which it is expected: by the stream's own timestamp and the least delay of the last seconds between that
and arrival (a minimum filter, as network time protocols use), or without timestamps one usual period after the picture before.
What comes late and in a burst was held up and is believed to have been taken as expected. What comes late at the usual pace was
taken when it came: the camera paused, or its clock did not count a pause or runs slow.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from statistics import median
from typing import Final, Generic, NamedTuple, TypeVar

from scanners.cameras.film_clock import FilmClockJump
from timing.race.instants import MILLISECOND, SECOND, Instant, Span

T = TypeVar("T")

WINDOW: Final = Span(30 * SECOND)
"""Two clocks that differ by 100 ppm are 3 ms apart after so long."""
FALLS: Final = Span(5 * MILLISECOND)
CALM: Final = Span(200 * MILLISECOND)
SETTLES_WITHIN: Final = Span(3 * SECOND)
LATE: Final = Span(60 * MILLISECOND)
"""A picture that comes so much later than expected waits for those behind it to tell why."""
BEHIND_MOST: Final = Span(4 * SECOND)
"""A stream that is later is connected anew: what it had buffered is of no use to a live station."""
FOLLOWING, BURST = 3, 0.85
"""So many pictures follow in less than such a part of the usual time: what was held up is being delivered."""
PATIENCE: Final = Span(SECOND // 2)
"""For so long a camera's clock is believed against pictures that come late at the usual pace."""
RISES, PROVEN, PATIENCE_MOST = 0.06, Span(10 * SECOND), Span(10 * SECOND)
"""...and longer where the delay grows by more than such a part of the time, so long after the connection: that is the network."""
CORRECTED_MOST: Final = 2
"""A camera's clock that had to be corrected more often within the window does not run evenly and is used no more."""
REMEMBERED, STEPS, FEWEST = 60, 8, 16
"""The usual period is the median of how long eight pictures took, among so many, once there are enough."""


class Arrived(NamedTuple, Generic[T]):
    """A picture and when it arrived; `said` is its timestamp by the stream's own clock, None where it has none."""

    said: Span | None
    at: Instant
    picture: T


class Timed(NamedTuple, Generic[T]):
    """A picture and when it was taken; `skipped` came before it, whose instants could not be told.

    With a jump, the pictures shortly before it may have been given instants that are off by as much.
    """

    at: Instant
    picture: T
    skipped: int
    jump: FilmClockJump | None


class StreamClock:
    """The clock of a stream, which may be connected again and again; what was learnt of its timestamps is kept.

    Without `buffers` there is no burst at a connection's beginning.
    """

    def __init__(self, buffers: bool = True) -> None:
        self._buffers = buffers
        self._delays = _LeastDelay()
        self._said: Span | None = None
        self._trusted, self._corrected = True, deque[Instant]()
        self._taken = deque[Instant](maxlen=REMEMBERED)
        self._begun: Instant | None = None
        self._settled, self._skipped = not buffers, 0
        self._guessed = False
        self._late_since: tuple[Instant, Span] | None = None

    def timed(self, pictures: Iterable[Arrived[T]]) -> Iterator[Timed[T]]:
        """The pictures of one connection behind its first burst, each as soon as its instant is known.

        Ends with them, or when they come too late to be of use.
        """
        self._delays, self._begun, self._settled, self._skipped = _LeastDelay(), None, not self._buffers, 0
        self._prompt()
        waiting = deque[Arrived[T]]()
        for came in pictures:
            if came.said is not None and came.said == self._said:
                self._trusted = False  # it counts too coarsely, or not at all
            self._said = came.said
            waiting.append(came)
            while waiting and (known := self._known(waiting)):
                if self._settled:
                    yield known
                    self._skipped = 0
                else:
                    self._skipped += 1
            if waiting and waiting[0].at - self._expected(waiting[0]) > BEHIND_MOST:
                return

    def _known(self, waiting: deque[Arrived[T]]) -> Timed[T] | None:
        """The first of these pictures, once its instant is known."""
        expected = self._expected(waiting[0])
        if waiting[0].at - expected <= LATE:
            self._prompt()
            came = waiting.popleft()
            return self._stamped(came, expected if self._believes(came) else came.at)
        return self._late(waiting.popleft(), expected, waiting[-1]) if len(waiting) > FOLLOWING else None

    def _believes(self, came: Arrived[T]) -> bool:
        return self._trusted and came.said is not None

    def _expected(self, came: Arrived[T]) -> Instant:
        """When this picture should have come; never after it came."""
        if self._trusted and came.said is not None:
            return self._delays.expected(came.said, came.at)
        period = self._period
        return came.at if period is None or not self._settled else min(came.at, Instant(self._taken[-1] + period))

    @property
    def _period(self) -> Span | None:
        """The usual time between two pictures."""
        taken = list(self._taken)
        if len(taken) < FEWEST:
            return None
        return Span(round(median(last - first for first, last in zip(taken, taken[STEPS:], strict=False)) / STEPS))

    def _late(self, late: Arrived[T], expected: Instant, following: Arrived[T]) -> Timed[T]:
        """A late picture, now that those behind it have come."""
        if following.at - late.at < BURST * self._step(late, following):
            self._guessed, self._late_since = True, None
            return self._stamped(late, expected)
        if self._believes(late) and self._is_held_up(late.at, Span(late.at - expected)):
            self._guessed = True
            return self._stamped(late, expected)
        jump = FilmClockJump(Span(late.at - expected), lasts=False) if self._guessed else None
        self._correct(late)
        return self._stamped(late, late.at, jump)

    def _is_held_up(self, at: Instant, late: Span) -> bool:
        """Whether pictures that come late at the usual pace are more likely held up by the network than by a wrong clock."""
        since, before = self._late_since = self._late_since or (at, late)
        grows = self._begun is not None and at - self._begun > PROVEN and late - before > RISES * PATIENCE
        return at - since < (PATIENCE_MOST if grows else PATIENCE)

    def _step(self, late: Arrived[T], following: Arrived[T]) -> Span:
        """The time from a picture to the one so many behind it, as the camera says or as usual."""
        if self._believes(late) and late.said is not None and following.said is not None:
            return Span(following.said - late.said)
        return Span(FOLLOWING * (self._period or 0))

    def _correct(self, late: Arrived[T]) -> None:
        """This picture was taken when it came: a camera that says otherwise is corrected, or believed no more."""
        if self._believes(late) and late.said is not None:
            self._delays.restart(late.said, late.at)
            self._corrected.append(late.at)
            while late.at - self._corrected[0] > WINDOW:
                self._corrected.popleft()
            self._trusted = len(self._corrected) <= CORRECTED_MOST
        self._prompt()

    def _prompt(self) -> None:
        """Nothing is held up now."""
        self._guessed, self._late_since = False, None

    def _stamped(self, came: Arrived[T], at: Instant, jump: FilmClockJump | None = None) -> Timed[T]:
        self._begun = came.at if self._begun is None else self._begun
        calm = came.at - max(self._begun, self._delays.fell_at) >= CALM
        self._settled = self._settled or calm or came.at - self._begun >= SETTLES_WITHIN
        if self._settled:
            self._taken.append(at)
        return Timed(at, came.picture, self._skipped, jump)


class _LeastDelay:
    """Takes timestamps of one clock to another by the least delay of the last seconds."""

    def __init__(self) -> None:
        self._delays = deque[tuple[Instant, Span]]()  # by arrival, each delay less than those behind it
        self._said: Span | None = None
        self.fell_at = Instant(0)
        """When a picture was last less delayed than all before it."""

    def expected(self, said: Span, arrived: Instant) -> Instant:
        """When a picture with this timestamp should have come; the same picture may be asked for again."""
        if self._said is not None and said < self._said:  # the stream's clock was set back
            self._delays.clear()
        self._said = said
        delay = Span(arrived - said)
        while self._delays and arrived - self._delays[0][0] > WINDOW:
            self._delays.popleft()
        if not self._delays or delay < self._delays[0][1] - FALLS:
            self.fell_at = arrived
        while self._delays and self._delays[-1][1] >= delay:
            self._delays.pop()
        self._delays.append((arrived, delay))
        return Instant(said + self._delays[0][1])

    def restart(self, said: Span, arrived: Instant) -> None:
        """Forget everything but this picture."""
        self._delays.clear()
        self._delays.append((arrived, Span(arrived - said)))
