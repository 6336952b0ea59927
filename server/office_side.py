"""The race office's part of the server: it stands on the log and its feed, beside the board and never behind it."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from server import VERSION

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from timing.feed import RaceFeed
    from timing.folder import OpenRace

OFFICE = "/office"


def office_beside(opened: OpenRace, feed: RaceFeed, kept: ExitStack) -> ASGIApp:
    """The office's app; a form or page of it is reached from our own pages and by our own name alone."""
    from starlette.responses import RedirectResponse

    from results.office.office_service import OfficeService
    from results.office.office_session import Turned, turned_away
    from results.office.routes import office_pages
    from results.web.hosts import Hosts
    from results.web.same_origin import OwnPages
    from timing.web.app import web_app
    from timing.web.guards import NOTHING, guards

    service = OfficeService(opened, feed)
    kept.callback(service.leave)
    app = web_app("marathon office", office_pages(service), version=VERSION, address="/office/openapi.json")
    app.add_exception_handler(Turned, turned_away)
    app.add_route("/", lambda _request: RedirectResponse(f"{OFFICE}/"))  # at a port of its own
    return OwnPages(app, Hosts([opened.settings.host, *opened.settings.hosts]), guards(NOTHING))
