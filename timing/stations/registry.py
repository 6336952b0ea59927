"""The stations' tables beside the log: who is let in, the owner of each lineage, and its last heartbeat."""

from collections.abc import Mapping
from threading import Lock

import msgspec
from sqlalchemy import Connection, Engine, delete, insert, select
from sqlalchemy.exc import IntegrityError

from timing.errors import WrongUse
from timing.folder import OpenRace
from timing.language import _
from timing.log.sql import translate_errors
from timing.race.admission import admitted
from timing.race.arrival import implausible_arrivals
from timing.race.chance import new_token
from timing.race.clock import Clock
from timing.race.events import StationOpened
from timing.race.fold import Race
from timing.race.instants import SECOND, Instant
from timing.stations.enrolment import Enrolment, station_name
from timing.stations.list import StationLine, station_lines
from timing.stations.station_status import LastHeartbeat, StationStatus
from timing.stations.tls_certificate import fingerprint, own_certificate
from timing.store.database import writing
from timing.store.tables import event, heartbeat, station_lineage

WRITE_AFTER = 4 * SECOND
"""Heartbeats come every other second; the table, which other servers read, need not be as quick."""


def lines_now(opened: OpenRace, race: Race, odd: Mapping[str, int] | None = None) -> list[StationLine]:
    """How every station of the race is at this moment.

    `odd` counts by lineage the scans whose time disagrees with their arrival; where it is not given, the whole log is read for it.
    """
    book = StationTable(opened.engine, opened.settings.id, opened.clock)
    enrolled = opened.directory.stations().values()
    return station_lines(
        race,
        book.last_heartbeats(),
        lambda lineage: opened.log.lineage_head(lineage).seq,
        enrolled,
        opened.clock.now(),
        implausible_arrivals(race, opened.log.read()) if odd is None else odd,
    )


def new_enrolment(opened: OpenRace, name: str, server: str, again: bool, pinned: bool) -> Enrolment:
    """What lets a station in once its token is kept (`Directory.enrol`); `pinned`: with the race's own certificate.

    Raises:
        WrongUse: the name is none, or the station holds a token already and this is not `again`.
    """
    if opened.directory.enrolled(station_name(name)) and not again:
        raise WrongUse(
            _(
                "{name} has a token already, and a new one shuts out the station that uses it; say --again to do so",
                name=name,
            ),
        )
    known_by = fingerprint(own_certificate(opened.root, opened.clock.now())) if pinned else ""
    return Enrolment(server, name, new_token(), known_by)


class StationTable:
    """Lineages and their stations, and the stations' last heartbeats; safe for several threads, and several servers."""

    def __init__(self, engine: Engine, race: str, clock: Clock) -> None:
        self._engine, self._race, self._clock = engine, race, clock
        self._heard: dict[str, LastHeartbeat] = {}
        self._written: dict[str, Instant] = {}
        self._lock = Lock()

    def owner(self, lineage: str, station: str) -> str:
        """The station that owns this lineage: the one that the log names, else the first that sent it, for good.

        Raises:
            DiskFull, LogAway: the database does not say now.
        """
        with translate_errors():
            return self._known(lineage) or self._bind(lineage, station)

    def record_heartbeat(self, lineage: str, station: str, status: StationStatus) -> LastHeartbeat:
        """Store a heartbeat; a lineage that contradicted the log once stays marked as forked."""
        forked = self._contradicts(lineage, status)
        with self._lock:
            before = self._heard.get(lineage)
            now = self._clock.now()
            heard = LastHeartbeat(lineage, station, now, status, forked or (before is not None and before.forked))
            self._heard[lineage] = heard
            alarm = heard.forked and not (before and before.forked)
            due = alarm or not 0 <= now - self._written.get(lineage, Instant(-WRITE_AFTER)) < WRITE_AFTER
            if due:
                self._written[lineage] = now
        if due:
            with translate_errors():
                self._write(heard)
        return heard

    def last_heartbeats(self) -> list[LastHeartbeat]:
        """The last heartbeat of each lineage, whichever server heard it."""
        query = select(heartbeat.c.data).where(heartbeat.c.race == self._race)
        with translate_errors(), self._engine.connect() as connection:
            rows = [msgspec.json.decode(row.data, type=LastHeartbeat) for row in connection.execute(query)]
        with self._lock:
            found = sorted([*rows, *self._heard.values()], key=lambda heard: heard.at)
        latest = {heard.lineage: heard for heard in found}
        alarms = {heard.lineage for heard in found if heard.forked}
        told = (msgspec.structs.replace(heard, forked=heard.lineage in alarms) for heard in latest.values())
        return sorted(told, key=lambda heard: (heard.station, heard.lineage))

    def _known(self, lineage: str) -> str | None:
        with self._engine.connect() as connection:
            known = select(station_lineage.c.station).where(station_lineage.c.lineage == lineage)
            found: str | None = connection.execute(known).scalar_one_or_none()
            return found

    def _bind(self, lineage: str, station: str) -> str:
        try:
            with writing(self._engine) as connection:
                owner = self._named(connection, lineage) or station
                connection.execute(insert(station_lineage).values(lineage=lineage, race=self._race, station=owner))
        except IntegrityError:  # another server was as quick
            return self._known(lineage) or station
        return owner

    def _named(self, connection: Connection, lineage: str) -> str | None:
        """The station that the lineage's first fact names, if the log holds it already."""
        first = select(event.c.data).where(event.c.lineage == lineage, event.c.seq == 1)
        data = connection.execute(first).scalar_one_or_none()
        fact = admitted(bytes(data), lineage) if data is not None else None
        return fact.station if isinstance(fact, StationOpened) else None

    def _contradicts(self, lineage: str, status: StationStatus) -> bool:
        """Whether the log holds another item at the number that the station says is its last."""
        stored = select(event.c.lineage_hash).where(event.c.lineage == lineage, event.c.seq == status.seq)
        with translate_errors(), self._engine.connect() as connection:
            found = connection.execute(stored).scalar_one_or_none()
        return found is not None and bytes(found).hex() != status.hash

    def _write(self, heard: LastHeartbeat) -> None:
        with writing(self._engine) as connection:
            connection.execute(delete(heartbeat).where(heartbeat.c.lineage == heard.lineage))
            data = msgspec.json.encode(heard)
            connection.execute(insert(heartbeat).values(lineage=heard.lineage, race=self._race, data=data))
