"""The visitors' half of the server: the board from memory, and the pages beside it."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from server import VERSION
from server.features import plugs_of
from server.printer import certificate_printer, codes_of
from timing.terminal.output import complain

if TYPE_CHECKING:
    from fastapi import APIRouter
    from starlette.types import ASGIApp

    from results.board.board_projection import BoardProjection
    from timing.feed import RaceFeed
    from timing.folder import OpenRace


def board_beside(opened: OpenRace, feed: RaceFeed, kept: ExitStack) -> ASGIApp:
    """The board with the threads that it needs."""
    from results.board.board_projection import BoardProjection
    from timing.store.low_priority_writer import LowPriorityWriter

    low_priority_writer = kept.enter_context(LowPriorityWriter(opened.engine))
    follower = BoardProjection(
        opened, feed, complain, draw=codes_of(opened), plugs=plugs_of(opened, low_priority_writer)
    )
    kept.callback(follower.leave)
    app = board_app(opened, follower)
    kept.enter_context(follower)
    return app


def board_app(opened: OpenRace, follower: BoardProjection, listeners: int | None = None) -> ASGIApp:
    """The board from memory first, then its live data, and what its features, captains and the announcer do.

    `listeners` of the live data may come from one address alone, where it is given.
    """
    from results.announcer.pages import announcer_pages
    from results.board.api import live_data
    from results.board.board_app import Board
    from results.board.live_updates import FROM_ONE, LISTENERS, LiveFeed
    from results.board.missing import MissingTimes
    from results.board.plugs import landing_of
    from results.certificates.certificate_service import CertificateService
    from results.certificates.pages import certificate_pages
    from results.certificates.verdict_page import verdict_pages
    from results.web.deadline import Deadline
    from results.web.hosts import Hosts
    from results.web.standby import unavailable
    from timing.people.inbox import Inbox
    from timing.people.private_links import PrivateLinks
    from timing.web.app import web_app

    feed = LiveFeed(lambda: follower.snapshot, listeners or LISTENERS, listeners or FROM_ONE)
    follower.listen(feed.publish)
    missing = MissingTimes(Inbox(opened.engine, opened.settings.id), opened.clock)
    doors = [plug.doors(follower) for plug in follower.plugs]
    api = web_app(
        "marathon",
        live_data(feed, missing),
        *(one.router for one in doors),
        announcer_pages(lambda: follower.snapshot, PrivateLinks(opened.engine, opened.settings.id), opened.clock),
        certificate_pages(CertificateService(opened, follower, certificate_printer(), opened.clock)),
        captains_pages(opened, follower),
        version=VERSION,
        summary=opened.settings.name_en,
        unavailable=unavailable,
    )
    return Board(
        lambda: follower.snapshot,
        follower.firm_of,
        behind=Deadline(api, opened.log.head),
        verdict_of=verdict_pages(opened, follower),
        at=follower.at,
        landing=landing_of(doors),
        hosts=Hosts([opened.settings.host, *opened.settings.hosts]),
    )


def captains_pages(opened: OpenRace, follower: BoardProjection) -> APIRouter:
    """The captains' private pages, with the packets that the bibs' printer left."""
    from bibs.printing.packet_files import packet_files
    from results.captain.captain_service import CaptainService
    from results.captain.routes import captain_pages

    desk = CaptainService(opened, follower, lambda company: packet_files(opened.root / "bibs", company))
    return captain_pages(desk)
