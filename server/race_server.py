"""One server for a race: its two halves side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Literal

from server.board_side import board_beside
from server.intake_side import intake_alone
from server.office_side import at_the_office, office_beside
from timing.terminal.output import complain

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from timing.folder import OpenRace

Part = Literal["board", "office"]
Parts = Sequence[Part]
STATIONS = ("/v1/lineages/", "/v1/roster", "/v1/stations", "/v1/openapi.json")
"""The addresses of the stations' intake; all others are the board's."""


@contextmanager
def race_app(opened: OpenRace, stations: OpenRace | None, parts: Parts = ("board", "office")) -> Iterator[ASGIApp]:
    """The app of a race. `stations` is the race opened once more for the intake, None for the other parts alone.

    The intake needs only the log and its feed. The board is built beside it, on connections of its own, so that no failure or delay
    there affects scans.
    """
    from results.web.standby import Standby
    from timing.feed import RaceFeed
    from timing.race.clock import SteadyClock
    from timing.timekeeper import race_clock

    with ExitStack() as stack:
        feed = RaceFeed(stations or opened, complain)
        intake = stack.enter_context(intake_alone(stations, feed)) if stations else None
        if isinstance(opened.clock, SteadyClock):
            # begun only now, perhaps; by the intake's own connections, since whoever visits the board may hold all of its
            race_clock((stations or opened).log, opened.settings.id, opened.clock)
        if not stations:
            stack.enter_context(feed)
        builders = {"board": board_beside, "office": office_beside}
        built = {part: stack.enter_context(Standby(partial(builders[part], opened, feed), complain)) for part in parts}
        yield apart(intake, built.get("board"), built.get("office"))


def apart(intake: ASGIApp | None, board: ASGIApp | None, office: ASGIApp | None = None) -> ASGIApp:
    """Stations to the intake, officials to the office, everybody else to the board; without a board, to the office."""
    elsewhere = board or office

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"] if scope["type"] == "http" else ""
        if intake and path.startswith(STATIONS):
            await intake(scope, receive, send)
        elif office and at_the_office(scope):
            await office(scope, receive, send)
        elif elsewhere:
            await elsewhere(scope, receive, send)

    return app
