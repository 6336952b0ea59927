"""The station's heartbeats: every other second it tells the server how the station is, and learns what time it is there.

The quickest of some exchanges is kept as a fact: from those the race's fold reckons what the station's clock was off.
"""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Protocol

from scanners.outbox import Outbox
from scanners.outbox.room import free_bytes
from scanners.outbox.station_checkpoints import StationCheckpoints
from scanners.outbox.uplink import HeartbeatUplink
from timing.language import Text, _
from timing.race.chance import Bits, system_bits
from timing.race.clock import Clock
from timing.race.events import ClockSampled
from timing.race.instants import MILLISECOND, SECOND, Instant, Span, later
from timing.race.station_clock import StationClock
from timing.stations.heartbeat import Heartbeat, Vitals

BEAT_EVERY = Span(2 * SECOND)
JITTER_MS = 400
"""Stations that were switched on together must not speak together for ever."""
KEEP_EVERY = Span(30 * SECOND)


class Steady(Clock, Protocol):
    """A clock that nobody sets, and that knows how far the wall clock has gone since."""

    def moved(self) -> Span: ...


class HeartbeatSender:
    """Beats when it is due; the first exchange is kept at once, then the best of each half minute.

    `keep_every` None keeps none: for replays of a day whose instants are not the present. `wanted` hears whose pictures the
    desk asks for, `roster` which version of the roster is in force, and `testimony` keeps the server's signed notes.
    `jumped` hears, in both languages, that the server's clock or this one jumped.
    """

    def __init__(
        self,
        outbox: Outbox,
        pulse: HeartbeatUplink,
        clock: Steady,
        vitals: Callable[[], Vitals] = Vitals,
        bits: Bits = system_bits,
        keep_every: Span | None = KEEP_EVERY,
        wanted: Callable[[Sequence[int]], object] = lambda _: None,
        roster: Callable[[str], object] = lambda _: None,
        testimony: StationCheckpoints | None = None,
        jumped: Callable[[Text], object] = lambda _: None,
    ) -> None:
        self._outbox, self._pulse, self._clock, self._vitals, self._bits = outbox, pulse, clock, vitals, bits
        self._testimony, self._jumped, self._compared = testimony, jumped, StationClock()
        self._keep_every, self._wanted, self._roster = keep_every, wanted, roster
        self._due = self._keep_due = Instant(0)
        self._best: ClockSampled | None = None
        self._keeping = Lock()

    def beat(self, acked: int) -> None:
        """Speak if it is time to; `acked` is the last item that the server provably holds.

        Raises:
            Unreachable, Refused: nobody answered, or nobody who knows us. The next beat is due all the same.
        """
        sent = self._clock.now()
        if sent < self._due:
            return
        self._due = later(sent, Span(BEAT_EVERY + (self._bits(16) % (2 * JITTER_MS) - JITTER_MS) * MILLISECOND))
        beat = self._state(acked)
        sent = self._clock.now()  # asking for the disk's room took its time
        answer = self._pulse.beat(self._outbox.lineage, beat)
        self._take(ClockSampled(sent, answer.received, answer.sent, self._clock.now()))
        self._roster(answer.roster)
        self._wanted(answer.wanted)
        if self._testimony:
            self._testimony.hear(answer)

    def flush(self) -> None:
        """Keep what has not been kept yet, and nothing after: the station is about to say that it closes."""
        with self._keeping:
            self._keep_best()
            self._keep_every = None

    def _take(self, sample: ClockSampled) -> None:
        with self._keeping:
            if self._best is None or _took(sample) < _took(self._best):
                self._best = sample
            if self._keep_every is not None and sample.received >= self._keep_due:
                self._keep_due = later(sample.received, self._keep_every)
                self._keep_best()

    def _keep_best(self) -> None:
        if self._best is not None and self._keep_every is not None:
            self._compare(self._best)
            self._outbox.keep(self._best)
            self._best = None

    def _compare(self, sample: ClockSampled) -> None:
        """As the race's fold will: whoever stands beside the camera hears at once that a clock jumped."""
        known = len(self._compared.jumps)
        self._compared.add(sample)
        if len(self._compared.jumps) > known:
            by = f"{self._compared.jumps[-1].by / SECOND:+.3f}"
            self._jumped(
                _("the server's clock or this one jumped by {by} s: leave the clocks alone, and tell the office", by=by)
            )

    def _state(self, acked: int) -> Heartbeat:
        head, vitals = self._outbox.head(), self._vitals()
        return Heartbeat(
            head.seq,
            head.hash.hex(),
            head.seq - acked,
            vitals.fps,
            vitals.drops,
            free_bytes(self._outbox.path),
            self._clock.moved(),
            self._testimony.size if self._testimony else 0,
        )


def _took(sample: ClockSampled) -> int:
    """How long the way there and back was."""
    return (sample.received - sample.sent) - (sample.server_sent - sample.server_received)
