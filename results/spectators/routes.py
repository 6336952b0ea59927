"""The routes for spectators' phones: `/v1/spectator` and `/v1/vote`."""

import msgspec
from fastapi import APIRouter, Request, Response

from results.board.answers import FORM, GUARDS, sender_of
from results.board.api import describe_files
from results.spectators.arrivals import Counted, ShownPage, SpectatorScans
from results.spectators.qr_scans import FirmScanTable
from results.spectators.spectator_service import BODY_MOST, SpectatorRequest
from results.spectators.votes import STATUS, Vote, VoteReceipt, Votes
from results.web.asset import TYPES
from timing.web.bodies import body_within
from timing.web.contract import described


def spectator_routes(arrivals: SpectatorScans, votes: Votes) -> APIRouter:
    """The routes; each takes one small JSON object. The ranking is served by the board and only described here."""
    router = APIRouter(tags=["spectators"])

    describe_files(router, {"qrpr": (FirmScanTable, "The firms whose bibs spectators scanned most")})

    @router.post(
        "/v1/spectator",
        summary="A phone that scanned a bib shows its ticket; counted once a firm, device and day",
        **described("count_scan", {200: ("Whether it was counted", Counted), **FORM}, body=ShownPage),
    )
    async def spectator(request: Request) -> Response:
        return _json(await arrivals.take(await _asked(request)), 200)

    @router.post(
        "/v1/vote",
        summary="A vote for a firm's QR design; a later one of the same device stands instead",
        **described(
            "vote",
            {**FORM, **{status: (outcome, VoteReceipt) for outcome, status in STATUS.items()}},
            body=Vote,
        ),
    )
    async def vote(request: Request) -> Response:
        receipt = await votes.take(await _asked(request))
        return _json(receipt, receipt.status)

    return router


async def _asked(request: Request) -> SpectatorRequest:
    return SpectatorRequest(await body_within(request.stream(), BODY_MOST), sender_of(request), dict(request.headers))


def _json(found: object, status: int) -> Response:
    return Response(msgspec.json.encode(found), status, GUARDS, TYPES[".json"])
