"""A station's clock against the server's: from exchanges of the time of day to an offset with a bound. Pure.

Each exchange says that the offset lies in an interval as wide as the exchange took. The estimate is the middle of what most
intervals have in common (Marzullo, as NTP does it); intervals from another moment are widened by the drift a clock may have.
"""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from timing.events import ClockSampled, ClockSeen
from timing.instants import MILLISECOND, Instant, Span

DRIFT = 50e-6
"""How fast a laptop's clock may run away, in seconds for each second."""
SHOWN_MOST = 250 * MILLISECOND
"""How old the instant in a shown code may be when a camera's picture of it is stamped, in microseconds.

Drawn ten times a second, then the screen, the exposure and the camera's own buffers: 0.1 + 0.05 + 0.03 + 0.07 s, a judgement.
"""
WINDOW = 32
"""So many exchanges around a moment are asked."""


class Offset(NamedTuple):
    """What is to be added to the station's instants, and how far that may be off; microseconds."""

    offset: Span
    bound: Span


class Exchange(NamedTuple):
    """One exchange: when it ended by the station's clock, the offset it suggests, and half of what it took; microseconds."""

    at: Instant
    offset: float
    half: float


def exchange(sample: ClockSampled | ClockSeen) -> Exchange:
    """What one exchange says (the four instants of NTP, RFC 5905 section 8), or one look at a shown clock."""
    if isinstance(sample, ClockSeen):
        return Exchange(sample.seen_at, sample.other_at - sample.seen_at + SHOWN_MOST / 2, SHOWN_MOST / 2)
    there, back = sample.server_received - sample.sent, sample.server_sent - sample.received
    took = (sample.received - sample.sent) - (sample.server_sent - sample.server_received)
    return Exchange(sample.received, (there + back) / 2, max(took, 0) / 2)


def estimate(exchanges: Sequence[Exchange], at: Instant) -> Offset:
    """The offset at a moment, from the exchanges around it.

    >>> estimate([Exchange(Instant(0), 2_000.0, 500.0), Exchange(Instant(0), 2_400.0, 300.0)], Instant(0))
    Offset(offset=2300, bound=200)
    """
    edges: list[tuple[float, int]] = []
    for one in exchanges:
        half = one.half + DRIFT * abs(at - one.at)
        edges += [(one.offset - half, -1), (one.offset + half, 1)]
    edges.sort()
    most = inside = 0
    low = high = 0.0
    for index, (edge, closing) in enumerate(edges):
        inside -= closing
        if inside > most:
            most, low, high = inside, edge, edges[index + 1][0]
    return Offset(Span(round((low + high) / 2)), Span(round((high - low) / 2)))


class StationClock:
    """The clock of one run of a station: its exchanges in order of time, and an estimate at each of them."""

    def __init__(self) -> None:
        self._exchanges: list[Exchange] = []
        self._estimates: list[Offset] = []

    @property
    def latest(self) -> Offset:
        """The offset at the last exchange."""
        return self._estimates[-1]

    def add(self, sample: ClockSampled | ClockSeen) -> Instant:
        """Take in an exchange; returns from which moment on estimates have changed."""
        self._exchanges.append(exchange(sample))
        first = max(0, len(self._exchanges) - WINDOW)
        del self._estimates[first:]
        for index in range(first, len(self._exchanges)):
            around = self._exchanges[max(0, index - WINDOW // 2) : index + WINDOW // 2]
            self._estimates.append(estimate(around, self._exchanges[index].at))
        return self._exchanges[first - 1].at if first else Instant(0)

    def at(self, moment: Instant) -> Offset:
        """The offset at a moment: between two exchanges on the line between them, outside as at the nearest, with more doubt."""
        index = bisect_left(self._exchanges, moment, key=lambda one: one.at)
        if 0 < index < len(self._exchanges):
            before, after = self._exchanges[index - 1], self._exchanges[index]
            share = (moment - before.at) / max(after.at - before.at, 1)
            one, other = self._estimates[index - 1], self._estimates[index]
            offset = one.offset + (other.offset - one.offset) * share
            return Offset(Span(round(offset)), max(one.bound, other.bound))
        nearest = min(index, len(self._exchanges) - 1)
        far = DRIFT * abs(moment - self._exchanges[nearest].at)
        return Offset(self._estimates[nearest].offset, Span(round(self._estimates[nearest].bound + far)))
