"""A station's status as far as it does not depend on what the frames show: outbox, server, camera, disk and clock."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

from scanners.outbox import Outbox
from scanners.station.evidence_recorder import EvidenceRecorder
from scanners.station.film_recorder import FilmRecorder
from scanners.station.line_control import LineControl
from scanners.station.passer_watch import PasserWatch
from scanners.station.station import Station
from scanners.station.upload_status import UploadStatus, unsaved_warnings
from timing.disk import free_bytes
from timing.errors import RaceError
from timing.language import Text
from timing.race.chain import Head
from timing.race.clock import SteadyClock
from timing.stations.station_status import StationAlarm, StationStatus


def basic_status(
    outbox: Outbox,
    station: Station,
    clock: SteadyClock,
    uploads: UploadStatus,
    evidence: EvidenceRecorder | None,
    film: FilmRecorder | None,
    line: LineControl,
    direct: bool,
    trial: bool,
) -> StationStatus:
    """How these parts are now; `direct` says that the log is on this machine, and no server is used, `trial` that nothing is recorded.

    An outbox that cannot be read is an alarm of its own.
    """
    head, unreadable = _head(outbox)
    health, refused, alarms = station.health, uploads.refused(), [*unreadable, *_alarms(outbox, uploads)]
    return StationStatus(
        head.seq,
        head.hash.hex(),
        uploads.unsent_now(),
        drops=health.dropped if health else 0,
        disk_free=_disk_free(outbox.path),
        wall_moved=clock.moved(),
        live=health is not None,
        camera_lost=health is not None and health.lost,
        lacks_line=line.missing,
        conflicts=station.tally.disputed,
        **_passers(station.passers),
        film_stopped=film is not None and not film.keeping,
        evidence_stopped=evidence is not None and not evidence.keeping,
        alarms=tuple(StationAlarm.of(text) for text in alarms),
        direct=direct,
        trial=trial,
        away_s=uploads.away_s(),
        refused=StationAlarm.of(refused) if refused else None,
    )


class _Passers(TypedDict, total=False):
    unread: int
    passed_lately: int
    unread_lately: int


def _passers(passers: PasserWatch | None) -> _Passers:
    if not passers:
        return {}
    unread, passed = passers.share()
    return {"unread": passers.counts.all_unread, "passed_lately": passed, "unread_lately": unread}


def _head(outbox: Outbox) -> tuple[Head, list[Text]]:
    try:
        return outbox.head(), []
    except RaceError as failure:
        return Head(), [failure.text]


def _alarms(outbox: Outbox, uploads: UploadStatus) -> Iterator[Text]:
    yield from uploads.alarms.copy().values()
    yield from unsaved_warnings(outbox)


def _disk_free(outbox: Path) -> int | None:
    try:
        return free_bytes(outbox)
    except OSError:
        return None
