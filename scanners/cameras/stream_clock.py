"""When the pictures of a stream were taken, by the stream's own timestamps. Pure.

Arrival alone is late whenever the network or this machine is: a new connection delivers what was buffered in one burst. A
timestamp is mapped to the station's clock by the least delay between the two of the last minute (a minimum filter, as network time
protocols use): what remains is the delay that every picture has, which nobody can measure here.
"""

from collections import deque
from typing import Final

from timing.race.instants import MILLISECOND, SECOND, Instant, Span

WINDOW: Final = Span(60 * SECOND)
"""Two clocks that differ by 100 ppm are 6 ms apart after so long."""
FALLS: Final = Span(5 * MILLISECOND)
CALM: Final = Span(200 * MILLISECOND)
SETTLES_WITHIN: Final = Span(3 * SECOND)


class StreamClock:
    """The clock of one connection; frames without timestamps get their time of arrival."""

    def __init__(self) -> None:
        self._delays: deque[tuple[Instant, Span]] = deque()  # by arrival, each delay less than those behind it
        self._said: Span | None = None
        self._began: Instant | None = None
        self._fell_at = Instant(0)
        self.settled = False
        """Whether the burst at the connection's beginning is over: until then stamps are late by what was buffered."""
        self.behind = Span(0)
        """How much longer than the least the last picture took to arrive."""

    def stamp(self, said: Span | None, arrived: Instant) -> Instant:
        """The instant of the picture that arrived now; `said` is its timestamp, None where it has none."""
        if self._began is None:
            self._began = self._fell_at = arrived
        least = arrived if said is None else self._least(said, arrived)
        calm, late = arrived - self._fell_at >= CALM, arrived - self._began >= SETTLES_WITHIN
        self.settled = self.settled or calm or late
        return least

    def _least(self, said: Span, arrived: Instant) -> Instant:
        if self._said is not None and said < self._said:  # the stream's clock was set back
            self._delays.clear()
        self._said = said
        delay = Span(arrived - said)
        while self._delays and arrived - self._delays[0][0] > WINDOW:
            self._delays.popleft()
        if not self._delays or delay < self._delays[0][1] - FALLS:
            self._fell_at = arrived
        while self._delays and self._delays[-1][1] >= delay:
            self._delays.pop()
        self._delays.append((arrived, delay))
        least = self._delays[0][1]
        self.behind = Span(delay - least)
        return Instant(said + least)
