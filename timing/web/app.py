"""Makes a web app of routers: security headers in one place, refusals by one handler, its OpenAPI document from its routes."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final

import msgspec
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from timing.errors import Unreachable
from timing.language import _
from timing.log import DiskFull
from timing.log.sql import translate_errors
from timing.web.contract import document
from timing.web.guards import NOTHING, Guarded, guards
from timing.web.refusal import HttpError, Refusal

Handler = Callable[[Request, Exception], Awaitable[Response]]
REFUSED: Final = (HttpError, HTTPException, RequestValidationError)
AWAY: Final = (Unreachable, SQLAlchemyError)
AGAIN: Final = {"retry-after": "1"}


def web_app(
    title: str,
    *routers: APIRouter,
    version: str = "0",
    summary: str = "",
    about: str = "",
    address: str = "/openapi.json",
    unavailable: Handler | None = None,
) -> FastAPI:
    """The app, described at `address`.

    `unavailable` answers where what it stands on is away or a route fails; without it 503, or 507 for a full disk, with a refusal.
    """
    app = FastAPI(
        title=title, version=version, summary=summary, description=about, openapi_url=address, docs_url=None, redoc_url=None, redirect_slashes=False
    )  # fmt: skip
    # The routes as they are: FastAPI analyses those of an included router once more, at the first request.
    for router in routers:
        app.router.routes.extend(router.routes)
    for kind in REFUSED if unavailable else (*REFUSED, *AWAY):
        app.add_exception_handler(kind, refuse)
    if unavailable:
        app.add_exception_handler(Exception, unavailable)
    app.add_middleware(Guarded, headers=guards(NOTHING))
    app.openapi = lambda: document(app)  # type: ignore[method-assign]
    return app


async def refuse(_request: Request, failure: Exception) -> Response:
    """The answer to a request that is not taken."""
    error = as_http_error(failure)
    return Response(msgspec.json.encode(error.why), error.status, error.headers, "application/json")


def as_http_error(failure: Exception) -> HttpError:
    """The HTTP refusal for a failure.

    >>> as_http_error(DiskFull()).status, as_http_error(HTTPException(405)).why.english
    (507, 'Method Not Allowed')
    """
    match failure:
        case HttpError():
            return failure
        case DiskFull():
            return HttpError(507, Refusal.of(failure.text))
        case Unreachable():
            return HttpError(503, Refusal.of(failure.text), AGAIN)
        case SQLAlchemyError():
            return as_http_error(_in_plain_words(failure))
        case HTTPException():
            said = HTTPStatus(failure.status_code).phrase
            return HttpError(failure.status_code, Refusal(said, said), failure.headers)
        case RequestValidationError():
            return HttpError(400, _misfit(failure))
        case _:
            raise failure


def _misfit(failure: RequestValidationError) -> Refusal:
    """Which part of the address, the query or the headers is wrong, and how."""
    first = failure.errors()[0]
    where = ".".join(str(step) for step in first["loc"])
    return Refusal.of(_("{where} of the request is wrong: {first}", where=where, first=first["msg"]))


def _in_plain_words(failure: SQLAlchemyError) -> Exception:
    try:
        with translate_errors():
            raise failure
    except Unreachable as told:
        return told
