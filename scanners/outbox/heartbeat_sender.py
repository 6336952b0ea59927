"""The station's heartbeats: every other second it tells the server how the station is, and learns what time it is there.

The quickest of some exchanges is kept as a fact: from those the race's fold reckons what the station's clock was off.
"""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Protocol

import msgspec

from scanners.outbox import Outbox
from scanners.outbox.station_checkpoints import StationCheckpoints
from scanners.outbox.uplink import HeartbeatUplink
from scanners.protocol import HeartbeatAnswer
from timing.language import Text, _
from timing.race.chance import Bits, system_bits
from timing.race.clock import Clock
from timing.race.events import ClockSampled
from timing.race.instants import MILLISECOND, SECOND, Instant, Span, later
from timing.race.station_clock import StationClock
from timing.stations.station_status import FilmSegment, StationStatus

BEAT_EVERY = Span(2 * SECOND)
JITTER_MS = 400
"""Random part of the interval: stations that were started together must not send together."""
KEEP_EVERY = Span(30 * SECOND)


class FilmHeld(Protocol):
    """The film of the station: what the server has not heard of, and what it answered to that."""

    def untold(self) -> tuple[FilmSegment, ...]: ...

    def answered(self, told: Sequence[FilmSegment], answer: HeartbeatAnswer) -> None: ...


class HeartbeatSender:
    """Sends a heartbeat when it is due; the first exchange is kept at once, then the quickest of each half minute.

    `status` gives what a heartbeat carries. `keep_every` None keeps no exchange: for replays of a day whose instants are not the
    present. `wanted` is called with the scans whose pictures the office asks for, `roster` with the version of the roster in force,
    `jumped` when the server's clock or this one jumped; `checkpoints` keeps the server's signed checkpoints, `film` what is filmed.
    """

    def __init__(
        self,
        outbox: Outbox,
        uplink: HeartbeatUplink,
        clock: Clock,
        status: Callable[[], StationStatus],
        bits: Bits = system_bits,
        keep_every: Span | None = KEEP_EVERY,
        wanted: Callable[[Sequence[int]], object] = lambda _: None,
        roster: Callable[[str], object] = lambda _: None,
        checkpoints: StationCheckpoints | None = None,
        jumped: Callable[[Text], object] = lambda _: None,
        film: FilmHeld | None = None,
    ) -> None:
        self._outbox, self._uplink, self._clock, self._status, self._bits = outbox, uplink, clock, status, bits
        self._checkpoints, self._jumped, self._compared = checkpoints, jumped, StationClock()
        self._film = film
        self._keep_every, self._wanted, self._roster = keep_every, wanted, roster
        self._due = self._keep_due = Instant(0)
        self._best: ClockSampled | None = None
        self._keeping = Lock()

    def run_if_due(self) -> None:
        """Send a heartbeat if it is time to.

        Raises:
            Unreachable, Refused: nobody answered, or nobody who knows us. The next heartbeat is due all the same.
        """
        sent = self._clock.now()
        if sent < self._due:
            return
        self._due = later(sent, Span(BEAT_EVERY + (self._bits(16) % (2 * JITTER_MS) - JITTER_MS) * MILLISECOND))
        size = self._checkpoints.size if self._checkpoints else 0
        film = self._film.untold() if self._film else ()
        status = msgspec.structs.replace(self._status(), noted=size, film=film)
        sent = self._clock.now()  # asking for the disk's room took its time
        answer = self._uplink.send_heartbeat(self._outbox.lineage, status)
        self._sample(ClockSampled(sent, answer.received, answer.sent, self._clock.now()))
        self._roster(answer.roster)
        self._wanted(answer.wanted)
        if self._film:
            self._film.answered(film, answer)
        if self._checkpoints:
            self._checkpoints.compare(answer)

    def flush(self) -> None:
        """Record the best exchange that is not recorded yet, and none after it: the station is about to close."""
        with self._keeping:
            self._keep_best()
            self._keep_every = None

    def _sample(self, sample: ClockSampled) -> None:
        with self._keeping:
            if self._best is None or _duration(sample) < _duration(self._best):
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
        """Detect a jump as the race's fold will, so that the operator learns of it at once."""
        known = len(self._compared.jumps)
        self._compared.add(sample)
        if len(self._compared.jumps) > known:
            by = f"{self._compared.jumps[-1].by / SECOND:+.3f}"
            self._jumped(
                _("the server's clock or this one jumped by {by} s: leave the clocks alone, and tell the office", by=by)
            )


def _duration(sample: ClockSampled) -> int:
    """Round-trip time without the time spent in the server, in microseconds."""
    return (sample.received - sample.sent) - (sample.server_sent - sample.server_received)
