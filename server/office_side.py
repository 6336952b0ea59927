"""The race office's part of the server: it stands on the log and its feed, beside the board and never behind it."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from server import VERSION
from server.office_bibs import bib_printer
from server.office_files import make_certificates
from server.office_firms import firm_looks
from server.office_lists import list_importer
from server.printer import note_drawing, print_results
from timing.terminal.output import complain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.types import ASGIApp, Scope

    from results.office.people.newcomers import Newcomer
    from results.office.service.other_rooms import NoPicture
    from timing.feed import RaceFeed
    from timing.folder import OpenRace
    from timing.log.sql import Beside
    from timing.people.office_seats import Official

OFFICE = "/office"
BIB_COOKIE = b"office_bib="
"""Of `results.office.web.bib_routes`, which is loaded once the office is."""


def at_the_office(scope: Scope) -> bool:
    """Whether a request is the office's: its pages, and a bib's address on a device that may have a session there."""
    path = scope["path"] if scope["type"] == "http" else ""
    if path.startswith("/B/"):
        return any(name == b"cookie" and BIB_COOKIE in value for name, value in scope["headers"])
    return path == OFFICE or path.startswith(f"{OFFICE}/")


def office_beside(opened: OpenRace, feed: RaceFeed, kept: ExitStack) -> ASGIApp:
    """The office's app; a form or page of it is reached from our own pages and by our own name alone."""
    from starlette.responses import RedirectResponse

    from results.office.jobs.day_folders import FolderSweeper
    from results.office.service.beside import BesideThePages
    from results.office.service.office_service import OfficeService
    from results.office.service.other_rooms import OtherRooms
    from results.office.web.bib_routes import moving_on
    from results.office.web.browser_words import BrowserWords
    from results.office.web.office_session import Turned, broke, turned_away
    from results.office.web.routes import office_pages
    from results.web.hosts import Hosts
    from results.web.same_origin import OwnPages
    from timing.web.app import web_app
    from timing.web.guards import NOTHING, guards

    service = OfficeService(
        opened,
        feed,
        OtherRooms(
            enter_newcomer,
            list_importer(),
            print_results,
            make_certificates,
            picture_of,
            bib_printer(),
            firm_looks(opened),
            note_drawing,
        ),
        complain,
    )
    kept.callback(service.leave)
    kept.enter_context(BesideThePages("office index", service.prepare))
    kept.enter_context(FolderSweeper(service.uploads.folders, service.jobs.folders))
    app = web_app("marathon office", office_pages(service), version=VERSION, address="/office/openapi.json")
    app.add_exception_handler(Turned, turned_away)
    app.add_exception_handler(Exception, broke)
    app.add_route("/B/{code}", moving_on)
    app.add_route("/", lambda _request: RedirectResponse(f"{OFFICE}/"))  # at a port of its own
    return OwnPages(BrowserWords(app), Hosts([opened.settings.host, *opened.settings.hosts]), guards(NOTHING))


def enter_newcomer(opened: OpenRace, person: Newcomer, who: Official, beside: Callable[[str], Beside | None]) -> str:
    """Enters somebody at the counter as a roster would; gives the id."""
    from bibs.roster.entries.entry import Fault
    from bibs.roster.registration.roster_import import FaultyRoster
    from bibs.roster.registration.walk_in import OfficeEntry, enter_walk_in
    from timing.errors import WrongUse

    entry = OfficeEntry(who.name, who.role, person.course, numbered=True, beside=beside)
    try:
        done = enter_walk_in(opened, person.columns, person.new_firm, person.namesake, office=entry)
    except FaultyRoster as faulty:
        raise WrongUse(next(one.text for one in faulty.details if isinstance(one, Fault))) from faulty
    return done.entrant.id


def picture_of(opened: OpenRace, lineage: str, seq: int) -> Path | NoPicture:
    """The picture of an item; its station is asked for one that has not come, unless it has none."""
    from scanners.intake.requested_pictures import picture_file

    try:
        return picture_file(opened.root, lineage, seq)
    except OSError:  # a full disk takes no request; the page goes on
        return "coming"
