"""Estimates the offset of a station's clock from the server's, with an error bound, from exchanges of timestamps. Pure.

Each exchange says that the offset lies in an interval as wide as the exchange took. The estimate is the middle of what most
intervals have in common (Marzullo, as NTP does it); intervals from another moment are widened by the drift a clock may have.

Two intervals that no drift reconciles show that a clock jumped. The exchanges cannot tell which one: until officials decide, the
station's own count is used, and instants since then may be off by the whole jump.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from timing.race.events import ClockSampled, QrClockSeen
from timing.race.instants import MILLISECOND, Instant, Span

DRIFT = 50e-6
"""The drift of a laptop's clock at most, in seconds per second."""
SHOWN_MOST = 250 * MILLISECOND
"""How old the instant in a shown code may be when a camera's picture of it is stamped, in microseconds.

Drawn ten times a second, then the screen, the exposure and the camera's own buffers: 0.1 + 0.05 + 0.03 + 0.07 s, a judgement.
"""
WINDOW = 32
"""The number of exchanges around a moment that an estimate uses."""


JUMP_LEAST = 50 * MILLISECOND
JUMP_DRIFT = 200e-6
"""What two clocks may disagree, and run apart in seconds for each second, before it is a jump: more than any quartz does.

A clock that NTP slews by the usual 500 microseconds a second is followed from one exchange to the next, half a minute later."""

Party = Literal["server", "station"]
Ruling = Callable[[int], Party | None]
"""Tells whose clock jumped, by the number of the item in which the jump was detected; None while there is no ruling."""


def unruled(_: int) -> None:
    """The `Ruling` without any ruling."""


class Offset(NamedTuple):
    """The correction to be added to a station's instants, and its error bound; microseconds."""

    offset: Span
    bound: Span


class Exchange(NamedTuple):
    """One exchange: its end by the station's clock, the offset that it suggests, and half of its duration; microseconds."""

    at: Instant
    offset: float
    half: float


class Jump(NamedTuple):
    """Somebody's clock jumped: from here on the server is ahead of the station by so much more, give or take `bound`.

    `seq` is the item of the outbox in which it shows. It was between `before` and `after` by the station's clock, and between
    `server_before` and `server_after` by the server's, of which the later one may say less.
    """

    seq: int
    before: Instant
    after: Instant
    server_before: Instant
    server_after: Instant
    by: Span
    bound: Span

    def meets(self, other: "Jump") -> bool:
        """Whether both may be the same jump of the server's clock, seen by two stations."""
        times = (sorted((one.server_before, one.server_after)) for one in (self, other))
        (begins, ends), (begun, ended) = times
        alike = abs(self.by - other.by) <= self.bound + other.bound + JUMP_LEAST
        return alike and begins <= ended and begun <= ends


def exchange(sample: ClockSampled | QrClockSeen) -> Exchange:
    """The exchange from the four timestamps of NTP (RFC 5905 section 8), or from one sight of a QR clock."""
    if isinstance(sample, QrClockSeen):
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


def _agreeing(found: Offset, own: Exchange) -> Offset:
    """The estimate, unless the exchange of that moment contradicts it: then the clock is being slewed, and the exchange counts."""
    apart = abs(found.offset - own.offset) > found.bound + own.half
    return Offset(Span(round(own.offset)), Span(round(own.half))) if apart else found


class StationClock:
    """The clock of one run of a station: its exchanges in order of time, and an estimate at each of them.

    Each jump begins a segment; estimates never mix what was measured on two sides of one.
    """

    def __init__(self) -> None:
        self._exchanges: list[Exchange] = []
        self._estimates: list[Offset] = []
        self._servers: list[Instant] = []
        self._firsts: list[int] = []
        """The index of the first exchange of each segment."""
        self.jumps: list[Jump] = []
        """The jump before each segment but the first."""

    @property
    def begun(self) -> Instant:
        """The first answer of the server, by its own clock."""
        return self._servers[0]

    def latest(self, ruled: Ruling = unruled) -> Offset:
        """The offset at the last exchange."""
        return self._corrected(self._estimates[-1], len(self.jumps), ruled)

    def add(self, sample: ClockSampled | QrClockSeen, seq: int = 0) -> Instant:
        """Add an exchange (item `seq` of the outbox); return the moment from which estimates have changed."""
        new = exchange(sample)
        server = sample.other_at if isinstance(sample, QrClockSeen) else sample.server_received
        if not self._exchanges:
            self._firsts.append(0)
        elif jump := self._jump(new, server, seq):
            self._firsts.append(len(self._exchanges))
            self.jumps.append(jump)
        self._exchanges.append(new)
        self._servers.append(server)
        first = max(self._firsts[-1], len(self._exchanges) - WINDOW)
        del self._estimates[first:]
        for index in range(first, len(self._exchanges)):
            around = self._exchanges[max(first, index - WINDOW // 2) : index + WINDOW // 2]
            self._estimates.append(_agreeing(estimate(around, self._exchanges[index].at), self._exchanges[index]))
        return self._exchanges[first - 1].at if first else Instant(0)

    def at(self, moment: Instant, seq: int | None = None, ruled: Ruling = unruled) -> Offset:
        """The offset at a moment, of what is item `seq` of the outbox.

        Between two exchanges it lies on the line between them, outside as at the nearest, with more doubt. Between two exchanges
        with a jump it is that of the first, and the whole jump is doubt.
        """
        segment = self._segment(moment, seq)
        found = self._corrected(self._within(segment, moment), segment, ruled)
        if segment < len(self.jumps) and moment > self.jumps[segment].before:
            jump = self.jumps[segment]
            doubt = 0 if ruled(jump.seq) == "server" else abs(jump.by)
            return Offset(found.offset, Span(max(found.bound, found.bound + doubt)))
        return found

    def _jump(self, new: Exchange, server: Instant, seq: int) -> Jump | None:
        """The jump, if this exchange contradicts the most precise recent one."""

        def vague(one: Exchange) -> float:
            return one.half + JUMP_DRIFT * abs(new.at - one.at)

        last, known = self._exchanges[-1], self._exchanges[self._firsts[-1] :][-WINDOW:]
        best = min(reversed(known), key=vague)
        if abs(new.offset - best.offset) <= vague(best) + new.half + JUMP_LEAST:
            return None
        by, bound = Span(round(new.offset - best.offset)), Span(round(vague(best) + new.half))
        return Jump(seq, last.at, new.at, self._servers[-1], server, by, bound)

    def _segment(self, moment: Instant, seq: int | None) -> int:
        """In which segment a moment lies, a moment between two in the first of them.

        A clock that was set back says some moments twice; then the order of the outbox tells which is meant.
        """
        segment = len(self.jumps)
        while segment and self._is_before(self.jumps[segment - 1], moment, seq):
            segment -= 1
        return segment

    @staticmethod
    def _is_before(jump: Jump, moment: Instant, seq: int | None) -> bool:
        if jump.before <= jump.after or seq is None:
            return moment < jump.after
        return seq < jump.seq

    def _within(self, segment: int, moment: Instant) -> Offset:
        """The offset at a moment, from the exchanges of one segment."""
        first, end = self._firsts[segment], (*self._firsts, len(self._exchanges))[segment + 1]
        index = bisect_left(self._exchanges, moment, first, end, key=lambda one: one.at)
        if first < index < end:
            return self._between(index - 1, moment)
        nearest = min(index, end - 1)
        far = DRIFT * abs(moment - self._exchanges[nearest].at)
        return Offset(self._estimates[nearest].offset, Span(round(self._estimates[nearest].bound + far)))

    def _between(self, index: int, moment: Instant) -> Offset:
        """Interpolate between two exchanges; a difference beyond the drift widens the bound."""
        before, after = self._exchanges[index], self._exchanges[index + 1]
        one, other = self._estimates[index], self._estimates[index + 1]
        passed = max(after.at - before.at, 1)
        offset = one.offset + (other.offset - one.offset) * (moment - before.at) / passed
        unexplained = abs(other.offset - one.offset) - one.bound - other.bound - DRIFT * passed
        return Offset(Span(round(offset)), Span(round(max(one.bound, other.bound) + max(unexplained, 0))))

    def _corrected(self, measured: Offset, segment: int, ruled: Ruling) -> Offset:
        """Correct by the jumps ruled to be the server's; jumps without a ruling widen the bound."""
        if not segment:
            return measured
        jumps = [(jump, ruled(jump.seq)) for jump in self.jumps[:segment]]
        server_s = [jump for jump, whose in jumps if whose != "station"]
        doubt = doubt_of([jump.by for jump, whose in jumps if whose is None])
        offset = measured.offset - sum(jump.by for jump in server_s)
        return Offset(Span(offset), Span(measured.bound + sum(jump.bound for jump in server_s) + doubt))


def doubt_of(jumps: Sequence[Span]) -> Span:
    """The largest shift that these jumps can have caused, regardless of whose clock jumped."""
    return Span(max((abs(sum(jumps)), *map(abs, jumps))))
