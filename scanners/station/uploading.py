"""A uploader with a heartbeats, for a station that sends to a server."""

from collections.abc import Callable, Sequence
from contextlib import suppress

from scanners.outbox import Outbox
from scanners.outbox.heartbeat_sender import KEEP_EVERY, HeartbeatSender, Steady
from scanners.outbox.room import EVIDENCE
from scanners.outbox.station_checkpoints import StationCheckpoints
from scanners.outbox.uplink import HttpUplink, patience_ms
from scanners.outbox.uploader import Uploader
from scanners.station.evidence_recorder import picture_of
from scanners.station.qr_clock import ClockWatch
from scanners.station.station import Station
from scanners.station_roster import StationRoster
from timing.commands.command_line import say
from timing.errors import RaceError
from timing.language import Text, _
from timing.race.clock import Clock
from timing.race.events import ClockSeen
from timing.race.instants import SECOND
from timing.stations.heartbeat import Vitals

RATE_MOST = 10_000.0
PICTURES_AT_ONCE = 2


class FrameRate:
    """Frames a second since it was last asked."""

    def __init__(self, clock: Clock, frames: Callable[[], int]) -> None:
        self._clock, self._frames = clock, frames
        self._asked_at, self._counted = clock.now(), frames()

    def __call__(self) -> Vitals:
        now, frames = self._clock.now(), self._frames()
        rate = (frames - self._counted) * SECOND / max(now - self._asked_at, 1)
        self._asked_at, self._counted = now, frames
        return Vitals(max(0.0, min(rate, RATE_MOST)))


def vitals_of(station: Station, clock: Clock) -> Callable[[], Vitals]:
    """How a station's camera does; of a film, how quickly it is read."""
    health = station.health
    if health is None:
        return FrameRate(clock, lambda: station.tally.frames)
    return lambda: Vitals(max(0.0, health.rate(clock.now())), health.dropped)


def clock_watch(outbox: Outbox) -> ClockWatch:
    """Keeps what a shown clock tells, and says so: whoever holds it before the camera must know when it was read."""

    def keep(seen: ClockSeen) -> None:
        outbox.keep(seen)
        apart = (seen.seen_at - seen.other_at) / SECOND
        say(
            _("read the clock {other} ({value:+.2f} s)", other=seen.other, value=-apart),
        )

    return ClockWatch(keep)


def post_evidence(http: HttpUplink, outbox: Outbox) -> Callable[[Sequence[int]], None]:
    """Delivers the pictures that the desk asks for, a few at each heartbeat: scans go first."""

    def post(wanted: Sequence[int]) -> None:
        for seq in wanted[:PICTURES_AT_ONCE]:
            picture = picture_of(outbox.path.parent / EVIDENCE, outbox.lineage, seq)
            with suppress(RaceError):  # they are wanted still at the next heartbeat
                http.picture(outbox.lineage, seq, picture or b"")

    return post


def fetch_roster(http: HttpUplink, roster: StationRoster) -> Callable[[str], None]:
    """Brings the roster anew when the server has another version than was brought last."""
    known = roster.told.version

    def fetch(version: str) -> None:
        nonlocal known
        if version in ("", known):
            return
        try:
            told = http.roster()
        except RaceError:  # it is another one still at the next heartbeat
            return
        known = told.version
        if http.race in ("", told.race):  # another race's people are nobody here
            roster.replace(told)

    return fetch


def uploader_to(
    http: HttpUplink,
    outbox: Outbox,
    roster: StationRoster,
    clock: Steady,
    vitals: Callable[[], Vitals],
    live: bool,
    set_aside: Callable[[Sequence[int]], object],
    alarm: Callable[[Text], object],
    jumped: Callable[[Text], object],
) -> Uploader:
    """`live` says that the station's instants are this clock's; a film's are not, and nothing is learnt of its clock.

    `set_aside` hears which items the log does not count, `alarm` that the server's log or key is another than it was,
    `jumped` that this clock or the server's did.
    """
    keep_every, wanted, fetch = KEEP_EVERY if live else None, post_evidence(http, outbox), fetch_roster(http, roster)
    testimony = StationCheckpoints(outbox.path, outbox.lineage, http, alarm)
    heartbeats = HeartbeatSender(
        outbox,
        http,
        clock,
        vitals,
        keep_every=keep_every,
        wanted=wanted,
        roster=fetch,
        testimony=testimony,
        jumped=jumped,
    )
    return Uploader(outbox, http, heartbeats=heartbeats, patience_ms=patience_ms(http.server), set_aside=set_aside)
