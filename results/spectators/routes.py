"""The doors for spectators' phones, described for programs: `/v1/spectator` and `/v1/vote`."""

from collections.abc import Callable
from typing import Any

import msgspec
from fastapi import APIRouter, Request, Response

from results.board.answers import GUARDS, sender_of
from results.board.asset import TYPES
from results.board.bodies import read_body
from results.board.snapshot import Snapshot
from results.spectators.arrivals import Arrivals, Counted, Shown
from results.spectators.desk import BODY_MOST, Asked
from results.spectators.fans import FanTable
from results.spectators.votes import Receipt, Vote, Votes


def spectator_routes(arrivals: Arrivals, votes: Votes, current: Callable[[], Snapshot]) -> APIRouter:
    """The routes; each takes one small JSON object. The ranking is served by the board, and stands here to be described."""
    router = APIRouter(tags=["spectators"])

    @router.get("/qrpr.json", response_model=FanTable, summary="The firms whose bibs spectators scanned most")
    def ranking() -> Response:
        asset = current().get("qrpr.json")
        return Response(asset.plain if asset else b"", media_type="application/json")

    @router.post(
        "/v1/spectator",
        response_model=Counted,
        summary="A phone that scanned a bib shows its ticket; counted once a firm, device and day",
        openapi_extra=_body(Shown),
    )
    async def spectator(request: Request) -> Response:
        return _json(await arrivals.take(await _asked(request)), 200)

    @router.post(
        "/v1/vote",
        response_model=Receipt,
        summary="A vote for a firm's QR design; a later one of the same device stands instead",
        openapi_extra=_body(Vote),
    )
    async def vote(request: Request) -> Response:
        receipt = await votes.take(await _asked(request))
        return _json(receipt, receipt.status)

    return router


async def _asked(request: Request) -> Asked:
    return Asked(await read_body(request.stream(), BODY_MOST), sender_of(request), dict(request.headers))


def _body(kind: type[Any]) -> dict[str, Any]:
    (schema,), parts = msgspec.json.schema_components([kind])
    found = parts.get(kind.__name__, schema)
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": found}}}}


def _json(found: object, status: int) -> Response:
    return Response(msgspec.json.encode(found), status, GUARDS, TYPES[".json"])
