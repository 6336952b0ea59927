"""The stations' half of the server: it needs the log and its feed alone, and loads nothing of the board."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from server import VERSION
from timing.terminal.output import complain

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from timing.feed import RaceFeed
    from timing.folder import OpenRace
    from timing.log.notary import Notary
    from timing.log.writer import Writer
    from timing.timekeeper import Timekeeper


@contextmanager
def intake_alone(stations: OpenRace, feed: RaceFeed) -> Iterator[ASGIApp]:
    """The intake with the threads that it needs: the log's writer, the race's feed, the notary and the timekeeper."""
    from timing.log.writer import Writer

    notary, timekeeper = _notary(stations), _timekeeper(stations)
    with Writer(stations.log) as writer:
        app = intake_app(stations, feed, writer, notary)
        with feed, notary, timekeeper:  # only now: reading a long log would keep the intake from being loaded
            yield app


def intake_app(stations: OpenRace, feed: RaceFeed, writer: Writer, notary: Notary | None = None) -> ASGIApp:
    """The app for the stations."""
    from scanners.intake.requested_films import RequestedFilms
    from scanners.intake.requested_pictures import RequestedPictures
    from scanners.intake.routes import THREADS, ObservedStations, intake
    from scanners.intake.station_api import ABOUT
    from scanners.outbox.evidence_files import EVIDENCE
    from timing.bounded_threads import BoundedThreads
    from timing.stations.registry import StationTable
    from timing.web.app import web_app

    book = StationTable(stations.engine, stations.settings.id, stations.clock)
    watched = ObservedStations(book, stations.clock, lambda lineage: stations.log.lineage_head(lineage).seq, notary)
    router = intake(
        writer.submit,
        stations.directory.stations,
        lambda: feed.roster,
        stations.settings.id,
        watched,
        stations.firm_names,
        RequestedPictures(stations.root / EVIDENCE),
        BoundedThreads("intake", THREADS, complain=complain),
        RequestedFilms(stations.root / "evidence" / "film"),
    )
    api = web_app("marathon stations", router, version=VERSION, about=ABOUT, address="/v1/openapi.json")
    api.openapi()  # has FastAPI make its routes ready now, while nothing else runs; else the first station would wait for it
    return api


def _notary(opened: OpenRace) -> Notary:
    """Signs the log while the server runs, so that every station keeps a note of it."""
    from timing.log.notary import Notary
    from timing.log.side_tables import SideTables
    from timing.race.clock import SteadyClock

    beside = SideTables(opened.engine, opened.settings.id)
    return Notary(opened.root, opened.settings.id, opened.log, SteadyClock(), complain, beside)


def _timekeeper(opened: OpenRace) -> Timekeeper:
    """Has the race's time go on as it went before this server was started, if this machine knows it."""
    from timing.race.clock import SteadyClock
    from timing.timekeeper import Timekeeper

    assert isinstance(opened.clock, SteadyClock)
    timekeeper = Timekeeper(opened.log, opened.settings.id, opened.clock, complain)
    timekeeper.begin()
    return timekeeper
