"""Responses of the routes behind the board: with its security headers, stored by no cache."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from results.board.board_app import SECURITY
from results.web.asset import TYPES
from timing.web.contract import Media
from timing.web.guards import NEVER_KEPT, as_text
from timing.web.refusal import Refusal

PAGE: Final = Media("text/html")
WORDS: Final = Media("text/plain")
ASKED: Final = {
    400: ("The address or the query cannot be read", Refusal),
    421: ("Asked by another name than the race's own", WORDS),
    503: ("Away just now; come again", PAGE),
}
"""The OpenAPI responses that any route behind the board may give."""
FORM: Final = {**ASKED, 403: ("Not sent from our own page", WORDS)}
"""The responses that any form may get."""
FIELDS: Final = Media("application/x-www-form-urlencoded")
GUARDS: Final = as_text([*SECURITY, NEVER_KEPT])


def page_answer(page: str, status: int = 200) -> Response:
    """An HTML page that no cache stores."""
    return Response(page.encode("utf-8", "replace"), status, GUARDS, TYPES[".html"])


def data_answer(told: bytes, kind: str = TYPES[".json"], name: str = "") -> Response:
    """Data that no cache stores; with a `name` (ASCII) as a download."""
    kept = {"content-disposition": f'attachment; filename="{name}"'} if name else {}
    return Response(told, 200, GUARDS | kept, kind)


def told_answer(told: str, status: int) -> Response:
    """A plain text response."""
    return Response(told, status, GUARDS, TYPES[".txt"])


def sender_of(request: Request) -> str:
    """The client's address, for rate limits alone; empty where it is not known."""
    return request.client.host if request.client else ""
