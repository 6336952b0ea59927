"""The live data described for programs: what the board serves from memory, the event stream, and the form's address.

The board answers most of these before the router is asked; the routes stand here so that `/openapi.json` tells them.
"""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Header, Path, Request, Response
from fastapi.responses import RedirectResponse
from starlette.types import Receive, Scope, Send

from results.board.feed import Feed
from results.board.head import Head, Index
from results.board.missing import MissingTimes
from results.board.plot_pages import Plots
from results.board.snapshot import Snapshot
from results.board.twins import FirmResult, FirmTable, GroupTable, RunnerResult, RunnerTable

Number = Annotated[int, Path(ge=1)]


def live_data(
    current: Callable[[], Snapshot], at: Callable[[str], Snapshot | None], feed: Feed, missing: MissingTimes
) -> APIRouter:
    """The routes of the board's data."""
    router = APIRouter(tags=["board"])
    _tables(router, current)

    @router.get(
        "/head.json", response_model=Head, summary="Where the board stands; poll it every `next_ms` milliseconds"
    )
    def head() -> Response:
        return _file(current(), "head.json")

    @router.get(
        "/s/{version}-{revision}/index.json",
        response_model=Index,
        summary="The search index of a version and revision, which never changes",
    )
    def index(version: int, revision: int) -> Response:
        found = at(f"{version}-{revision}")
        return _file(found, "index.json") if found else Response(status_code=404)

    @router.get("/v1/live", summary="Every new head as a server-sent event", response_class=Listening, status_code=200)
    async def live(last_event_id: Annotated[str, Header()] = "") -> Response:
        return Listening(feed)

    @router.post("/missing", summary="My time is missing or wrong: fields `bib` and `text`", status_code=303)
    async def report(request: Request) -> Response:
        sender = request.client.host if request.client else ""
        body = await missing.read(request.stream())
        answer = await missing.answer(body, sender)
        return RedirectResponse(answer.location, 303) if answer.taken else _refusal(answer.status, answer.told)

    return router


def _tables(router: APIRouter, current: Callable[[], Snapshot]) -> None:
    """Each list, firm and runner; with `.csv` in place of `.json` the same rows for a spreadsheet."""

    @router.get("/overall.json", response_model=RunnerTable, summary="Everybody who finished, in order")
    def overall() -> Response:
        return _file(current(), "overall.json")

    @router.get("/sex/{number}.json", response_model=RunnerTable, summary="The finishers of a sex")
    def of_sex(number: Number) -> Response:
        return _file(current(), f"sex/{number}.json")

    @router.get("/category/{number}.json", response_model=RunnerTable, summary="The finishers of a category")
    def of_category(number: Number) -> Response:
        return _file(current(), f"category/{number}.json")

    @router.get("/rankings/{number}.json", response_model=GroupTable, summary="A ranking of firms or teams")
    def ranking(number: str) -> Response:
        return _file(current(), f"rankings/{number}.json")

    @router.get("/participation.json", response_model=FirmTable, summary="Every firm, with how many are in")
    def participation() -> Response:
        return _file(current(), "participation.json")

    @router.get("/plots.json", response_model=Plots, summary="Finish times, finishers by the clock and firms compared")
    def plots() -> Response:
        return _file(current(), "plots.json")

    @router.get("/c/{company}.json", response_model=FirmResult, summary="A firm and its people")
    def firm(company: str) -> Response:
        return _file(current(), f"c/{company}.json")

    @router.get("/r/{bib}.json", response_model=RunnerResult, summary="A runner, and what the time rests on")
    def runner(bib: Number) -> Response:
        return _file(current(), f"r/{bib}.json")


class Listening(Response):
    """The feed answers for itself."""

    media_type = "text/event-stream"

    def __init__(self, feed: Feed) -> None:
        super().__init__()
        self._feed = feed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._feed(scope, receive, send)


def _file(snapshot: Snapshot, path: str) -> Response:
    asset = snapshot.get(path)
    return Response(asset.plain, media_type=asset.type) if asset else Response(status_code=404)


def _refusal(status: int, told: str) -> Response:
    later = {"retry-after": "60"} if status == 503 else {}
    return Response(told, status, {"cache-control": "no-store"} | later, "text/plain; charset=utf-8")
