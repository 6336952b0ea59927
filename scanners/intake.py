"""The server's side: takes stations' batches into the log and answers only after the commit."""

from asyncio import wrap_future
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Annotated

import msgspec
from fastapi import APIRouter, Header, Path, Request, Response

from scanners.protocol import BODY_MOST, Answer, BatchBody, Refusal, encode
from timing.chain import Batch
from timing.encoding import UnknownEvent, decode_station_fact
from timing.errors import Unreachable
from timing.log import DiskFull, Outcome, Receipt

STATUS = {Outcome.STORED: 200, Outcome.GAP: 409, Outcome.FORK: 422}
BAD_TOKEN = Refusal(
    "스테이션 토큰이 맞지 않습니다. `marathon station 이름`으로 새로 만드세요",
    "wrong station token; make one with `marathon station NAME`",
)
TOO_LARGE = Refusal("한 번에 보내기에는 너무 큽니다", "the batch is too large")
Lineage = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]


def intake(
    submit: Callable[[Batch], "Future[Receipt]"],
    station_of: Callable[[str], str | None],
    roster: Callable[[], Mapping[str, int]],
) -> APIRouter:
    """The routes that stations talk to; `submit` hands a batch to the log's writer, which answers after its commit.

    A station is let in by its token; whatever it saw is taken, for judgement comes later.
    """
    router = APIRouter(prefix="/v1", tags=["stations"])

    def stranger(authorization: str) -> bool:
        scheme, _, token = authorization.partition(" ")
        return scheme.lower() != "bearer" or station_of(token) is None

    @router.post("/lineages/{lineage}/batch", summary="A batch of a station's outbox")
    async def batch(lineage: Lineage, request: Request, authorization: Annotated[str, Header()] = "") -> Response:
        body = await _body(request)
        if body is None:
            return _refuse(413, TOO_LARGE)
        if stranger(authorization):
            return _refuse(401, BAD_TOKEN)
        try:
            sent = _batch(lineage, body)
        except (msgspec.MsgspecError, RecursionError, UnknownEvent) as wrong:
            return _refuse(400, Refusal(f"읽을 수 없는 묶음: {wrong}", f"a batch that cannot be read: {wrong}"))
        try:
            return _answer(await wrap_future(submit(sent)))
        except DiskFull as full:
            return _refuse(507, Refusal(full.korean, full.english))
        except Unreachable as away:  # too many wait, or the database is gone for the moment
            return _refuse(503, Refusal(away.korean, away.english), {"retry-after": "1"})

    @router.get("/roster", summary="Which bib carries which code")
    async def known(authorization: Annotated[str, Header()] = "") -> Response:
        if stranger(authorization):
            return _refuse(401, BAD_TOKEN)
        return Response(encode(dict(roster())), media_type="application/json")

    return router


async def _body(request: Request) -> bytes | None:
    """The request's body; None as soon as it grows too large to be a batch."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > BODY_MOST:
            return None
    return bytes(body)


def _batch(lineage: str, body: bytes) -> Batch:
    sent = msgspec.json.decode(body, type=BatchBody)
    items = [bytes(item) for item in sent.items]
    for item in items:
        decode_station_fact(item)
    return Batch(lineage, sent.first, bytes.fromhex(sent.prev_hash), items)


def _answer(receipt: Receipt) -> Response:
    answer = Answer(receipt.outcome, receipt.head.seq, receipt.head.hash.hex())
    return Response(encode(answer), STATUS[receipt.outcome], media_type="application/json")


def _refuse(status: int, why: Refusal, headers: Mapping[str, str] | None = None) -> Response:
    return Response(encode(why), status, headers, media_type="application/json")
