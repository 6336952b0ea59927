"""Answers of the routes behind the board: guarded like its files, and kept by nobody."""

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
"""What any route behind the board may answer."""
FORM: Final = {**ASKED, 403: ("Not sent from our own page", WORDS)}
"""What any form may be answered."""
FIELDS: Final = Media("application/x-www-form-urlencoded")
GUARDS: Final = as_text([*SECURITY, NEVER_KEPT])


def page_answer(page: str, status: int = 200) -> Response:
    """A page for whoever asked, and for nobody else."""
    return Response(page.encode("utf-8", "replace"), status, GUARDS, TYPES[".html"])


def data_answer(told: bytes, kind: str = TYPES[".json"], name: str = "") -> Response:
    """Data for whoever asked; with a `name` (of plain letters) as a file to keep."""
    kept = {"content-disposition": f'attachment; filename="{name}"'} if name else {}
    return Response(told, 200, GUARDS | kept, kind)


def told_answer(told: str, status: int) -> Response:
    """A few words without a page."""
    return Response(told, status, GUARDS, TYPES[".txt"])


def sender_of(request: Request) -> str:
    """Where a request came from, for counting alone."""
    return request.client.host if request.client else ""
