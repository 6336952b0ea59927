"""The board's files described in OpenAPI, the event stream, and the form for missing times.

Files are served ahead of the router; a request that reaches their routes here asks for one that does not exist.
"""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import RedirectResponse
from starlette.types import Receive, Scope, Send

from results.board import page_addresses as at
from results.board.answers import ASKED, FIELDS, FORM, WORDS, sender_of, told_answer
from results.board.api_models import FirmResult, FirmTable, GroupTable, RunnerResult, RunnerTable
from results.board.head import BoardHead, SearchIndex
from results.board.live_updates import LiveFeed
from results.board.missing import BODY_MOST, MissingTimes
from timing.language import _
from timing.web.bodies import body_within
from timing.web.contract import Media, described
from timing.web.refusal import HttpError, Refusal

NO_FILE: Final = Refusal.of(_("there is no such page"))
HEADS: Final = {
    at.HEAD: (BoardHead, "Where the board stands; poll it every `next_ms` milliseconds"),
    at.INDEX: (SearchIndex, "The search index of now"),
}
VERSIONED: Final = {
    f"s/{{stamp}}/{at.INDEX}": (SearchIndex, "The search index of a version and revision, which never changes")
}
TABLES: Final[dict[str, tuple[Any, str]]] = {
    at.OVERALL: (RunnerTable, "Everybody who finished, in order"),
    at.SEX: (RunnerTable, "The finishers of a sex"),
    at.CATEGORY: (RunnerTable, "The finishers of a category"),
    at.RANKING: (GroupTable, "A ranking of firms or teams"),
    at.PARTICIPATION: (FirmTable, "Every firm, with how many are in"),
    at.FIRM: (FirmResult, "A firm and its people"),
    at.RUNNER: (RunnerResult, "A runner, and what the time rests on"),
}
"""Also as CSV, for a spreadsheet."""
DATA: Final[dict[str, tuple[Any, str]]] = {**HEADS, **VERSIONED, **TABLES}


def live_data(feed: LiveFeed, missing: MissingTimes) -> APIRouter:
    """The routes of the board's data."""
    router = APIRouter(tags=["board"])
    describe_files(router, DATA)
    for template, (_kind, summary) in TABLES.items():
        _describe(router, f"{template}.csv", f"{summary}, for a spreadsheet", Media("text/csv"))

    @router.get(
        "/v1/live",
        summary="Every new head as a server-sent event",
        **described(
            "listen",
            {200: ("The heads", Media("text/event-stream")), **ASKED, 503: ("Too many listen; come again", WORDS)},
        ),
    )
    async def live(last_event_id: Annotated[str, Header()] = "") -> Response:
        return Listening(feed)

    @router.post(
        "/missing",
        summary="My time is missing or wrong: fields `bib` and `text`",
        **described(
            "report_missing",
            {
                **FORM,
                303: ("Taken; go on there", None),
                413: ("Too long", WORDS),
                422: ("Nothing was written", WORDS),
                429: ("Too many from one address or from all; later", WORDS),
                503: ("The box is full, or the board is away", WORDS),
            },
            body=FIELDS,
        ),
    )
    async def report(request: Request) -> Response:
        answer = await missing.answer(await body_within(request.stream(), BODY_MOST), sender_of(request))
        if answer.taken:
            return RedirectResponse(answer.location, 303)
        refused = told_answer(answer.told, answer.status)
        if answer.status == 503:
            refused.headers["retry-after"] = "60"
        return refused

    return router


def describe_files(router: APIRouter, files: dict[str, tuple[Any, str]]) -> None:
    """Add the OpenAPI of JSON files: by address template without ending, the type and a summary."""
    for template, (kind, summary) in files.items():
        _describe(router, f"{template}.json", summary, kind)


def _describe(router: APIRouter, template: str, summary: str, kind: Any) -> None:
    name = template.replace("/", "_").replace(".", "_").replace("{", "").replace("}", "").replace("-", "_")
    told = described(
        f"get_{name}",
        {200: ("The file; its ETag saves asking for it again", kind), 304: ("As you have it", None), **ASKED},
        {404: "There is none"},
    )
    told["openapi_extra"]["parameters"] = [_variable(one) for one in at.variables_of(template)]
    router.add_api_route(f"/{template}", _no_file, methods=["GET"], summary=summary, **told)


def _variable(name: str) -> dict[str, Any]:
    schema = {"type": "string", "pattern": f"^{at.VARIABLES[name]}$"}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _no_file() -> Response:
    raise HttpError(404, NO_FILE)


class Listening(Response):
    """The response of a route that leaves the connection to the feed."""

    media_type = "text/event-stream"

    def __init__(self, feed: LiveFeed) -> None:
        super().__init__()
        self._feed = feed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._feed(scope, receive, send)
