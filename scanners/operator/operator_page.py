"""The operator's page over HTTP, for this machine alone: no page from elsewhere can read it or press its keys."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final, TypeVar

import msgspec
from msgspec import Meta, Struct
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from scanners.operator.operator_html import operator_html
from scanners.operator.operator_view import OperatorView
from timing.errors import RaceError
from timing.language import Language, _
from timing.web.app import refuse
from timing.web.bodies import read_body
from timing.web.guards import NEVER_KEPT, NOTHING, Guarded, guards
from timing.web.refusal import HttpError, Refusal

STATIC: Final = Path(__file__).parent / "static"
TYPES: Final = {".css": "text/css", ".js": "text/javascript"}
BODY_MOST: Final = 1_000
HERE: Final = ("127.0.0.1", "localhost")
SECURITY: Final = [
    *guards(
        f"{NOTHING}; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'"
    ),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    NEVER_KEPT,
]

T = TypeVar("T", bound=Struct)
Ago = Annotated[int, Meta(ge=0, le=2**31)]


class TapRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """The space bar was pressed, `ago_ms` milliseconds ago."""

    ago_ms: Ago


class TypedBib(Struct, frozen=True, forbid_unknown_fields=True):
    """A bib was typed: for a tap, or for now."""

    bib: Annotated[int, Meta(ge=1, le=999_999)]
    ago_ms: Ago
    tap: Annotated[int, Meta(ge=1, le=2**53)] | None = None


class SetLine(Struct, frozen=True, forbid_unknown_fields=True):
    """The line is where a bib is held still now; with `undo` it is what it was before."""

    undo: bool = False


class ActionDone(Struct, frozen=True):
    """It is in the outbox, as item `seq`."""

    seq: int


def operator_page(view: OperatorView, token: str) -> ASGIApp:
    """The page of one station. Only who has read the page knows the token, and only pages of this address can read it."""
    pages = _Pages(view, token)
    return Guarded(
        OnlyHere(
            Starlette(
                routes=[
                    Route("/", pages.page),
                    Route("/state.json", pages.state),
                    Route("/picture/{number:int}.jpg", pages.picture),
                    Route("/tap", pages.tap, methods=["POST"]),
                    Route("/bib", pages.bib, methods=["POST"]),
                    Route("/here", pages.here, methods=["POST"]),
                    Route("/line", pages.line, methods=["POST"]),
                    Route("/{name}", pages.file),
                ],
                exception_handlers={HttpError: refuse},
            ),
            token,
        ),
        SECURITY,
    )


class OnlyHere:
    """Refuses requests by another host name than this machine's (DNS rebinding), and POSTs without the token."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app, self._token = app, token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return

        headers = dict(scope["headers"])
        host = headers.get(b"host", b"").decode("latin-1").rpartition(":")
        ours = (host[0] or host[2]) in HERE
        ordered = scope["method"] in ("GET", "HEAD") or headers.get(b"x-token") == self._token
        if ours and ordered:
            await self._app(scope, receive, send)
        else:
            await Response("", 403)(scope, receive, send)


class _Pages:
    def __init__(self, view: OperatorView, token: str) -> None:
        self._view, self._token = view, token

    async def page(self, request: Request) -> Response:
        return Response(operator_html(self._token, _language(request)), media_type="text/html")

    async def file(self, request: Request) -> Response:
        path = STATIC / request.path_params["name"]
        if path.suffix not in TYPES or not path.is_file():
            return Response("", 404)
        return Response(path.read_bytes(), media_type=TYPES[path.suffix])

    async def state(self, request: Request) -> Response:
        return _json(await run_in_threadpool(self._view.state, _language(request)))

    async def picture(self, request: Request) -> Response:
        taken = await run_in_threadpool(self._view.picture, request.path_params["number"])
        return Response("", 404) if taken is None else Response(taken, media_type="image/jpeg")

    async def tap(self, request: Request) -> Response:
        return await _answered(request, TapRequest, lambda tap: self._view.manual_entry.tap(tap.ago_ms))

    async def bib(self, request: Request) -> Response:
        entry = self._view.manual_entry
        return await _answered(
            request, TypedBib, lambda t: entry.type_bib(t.bib, t.ago_ms) if t.tap is None else entry.name(t.tap, t.bib)
        )

    async def line(self, request: Request) -> Response:
        def do(asked: SetLine) -> int:
            (self._view.undo_line if asked.undo else self._view.set_line)()
            return 0

        return await _answered(request, SetLine, do)

    async def here(self, request: Request) -> Response:
        self._view.confirm_place()
        return _json(ActionDone(0))


def _language(request: Request) -> Language:
    """The language that was asked for; Korean where none was."""
    return "en" if request.query_params.get("lang") == "en" else "ko"


async def _answered(request: Request, kind: type[T], do: Callable[[T], int]) -> Response:
    """Do what was asked, in a thread that may wait for the disk."""
    body = await read_body(request, BODY_MOST)
    try:
        asked = msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as misfit:
        raise HttpError(400, Refusal.of(_("a bib is a number"))) from misfit
    try:
        return _json(ActionDone(await run_in_threadpool(do, asked)))
    except RaceError as wrong:
        raise HttpError(409, Refusal.of(wrong.text)) from wrong


def _json(told: Struct) -> Response:
    return Response(msgspec.json.encode(told), media_type="application/json")
