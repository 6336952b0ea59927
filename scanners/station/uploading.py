"""The uploader of a station with what it does beside the sending: heartbeats, pictures that were asked for, the roster."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Final

from scanners.outbox import Outbox
from scanners.outbox.evidence_files import evidence_beside, find_picture
from scanners.outbox.heartbeat_sender import KEEP_EVERY, HeartbeatSender
from scanners.outbox.station_checkpoints import StationCheckpoints
from scanners.outbox.uplink import HttpUplink, LogUplink, patience_ms
from scanners.outbox.uploader import Uploader
from scanners.station.at_home import HomeRoster
from scanners.station.film_recorder import FilmRecorder
from scanners.station.film_ring import FILM
from scanners.station.film_sender import FilmSender
from scanners.station.qr_clock import ClockWatch
from scanners.station.upload_status import UploadStatus
from scanners.station_roster import StationRoster
from timing.errors import RaceError
from timing.language import Text, _
from timing.log import Log
from timing.race.clock import Clock
from timing.race.events import QrClockSeen
from timing.race.instants import SECOND
from timing.stations.station_status import StationStatus

PICTURES_AT_ONCE = 2
ITEMS_SAID: Final = 10


def clock_watch(outbox: Outbox, say: Callable[[Text], object]) -> ClockWatch:
    """Records the clocks that are shown to the camera, and tells the person who holds one that it was read."""

    def keep(seen: QrClockSeen) -> None:
        outbox.keep(seen)
        apart = (seen.seen_at - seen.other_at) / SECOND
        say(
            _("read the clock {other} ({value:+.2f} s)", other=seen.other, value=-apart),
        )

    return ClockWatch(keep)


def post_evidence(http: HttpUplink, outbox: Outbox) -> Callable[[Sequence[int]], None]:
    """Sends the pictures that the office asks for, a few at each heartbeat so that scans go first."""

    def post(wanted: Sequence[int]) -> None:
        for seq in wanted[:PICTURES_AT_ONCE]:
            file = find_picture(outbox.lineage, seq, evidence_beside(outbox.path))
            with suppress(RaceError, OSError):  # they are wanted still at the next heartbeat
                http.picture(outbox.lineage, seq, file.read_bytes() if file else b"")

    return post


def fetch_roster(http: HttpUplink, roster: StationRoster) -> Callable[[str], None]:
    """Fetches the roster when the server has another version than was fetched last."""
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


def server_uploader(
    http: HttpUplink,
    outbox: Outbox,
    roster: StationRoster,
    clock: Clock,
    status: Callable[[], StationStatus],
    live: bool,
    uploads: UploadStatus,
    film: FilmRecorder | None = None,
) -> Uploader:
    """To a server, with heartbeats that carry the station's status.

    The instants of a live station are this clock's, and facts that compare it with the server's are kept; a film's instants are not,
    and nothing is learnt of its clock.
    """
    http.race = outbox.race
    heartbeats = HeartbeatSender(
        outbox,
        http,
        clock,
        status,
        keep_every=KEEP_EVERY if live else None,
        wanted=post_evidence(http, outbox),
        roster=fetch_roster(http, roster),
        checkpoints=StationCheckpoints(outbox.path, outbox.lineage, http, partial(uploads.raise_alarm, "rewritten")),
        jumped=partial(uploads.raise_alarm, "jumped"),
        film=FilmSender(film.ring, outbox.path.parent / FILM / outbox.lineage, http, outbox.lineage) if film else None,
    )
    patience = patience_ms(http.server)
    return Uploader(outbox, http, heartbeats=heartbeats, patience_ms=patience, set_aside=_set_aside(uploads))


def home_uploader(log: Log, outbox: Outbox, roster: HomeRoster, uploads: UploadStatus) -> Uploader:
    """Straight into the log on this machine, which is asked for a new roster in place of heartbeats."""
    return Uploader(outbox, LogUplink(log), heartbeats=roster, set_aside=_set_aside(uploads))


def _set_aside(uploads: UploadStatus) -> Callable[[Sequence[int]], None]:
    """Raises an alarm about items that the log keeps and does not count."""

    def alarm(items: Sequence[int]) -> None:
        numbers = ", ".join(map(str, items[:ITEMS_SAID])) + (" …" if len(items) > ITEMS_SAID else "")
        text = _(
            "the log keeps items {numbers} and cannot count them (an older server, or a damaged disk here); tell the office",
            numbers=numbers,
        )
        uploads.raise_alarm("set aside", text)

    return alarm
