"""The server's side: takes stations' batches into the log and answers only after the commit."""

from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Annotated, Any, Protocol

import msgspec
from fastapi import APIRouter, Header, Path, Request, Response
from fastapi.routing import APIRoute

from scanners.album import Album
from scanners.outbox.protocol import (
    BODY_MOST,
    PICTURE_MOST,
    Answer,
    BatchBody,
    BeatAnswer,
    NoteBody,
    Refusal,
    StationsAnswer,
    StationState,
    encode,
)
from scanners.roster import FirmNames, told_of
from timing.aside import Aside
from timing.clock import Clock
from timing.errors import Unreachable
from timing.events import PenOpened, SplitOpened, StationOpened
from timing.feed import Roster
from timing.log import DiskFull, Outcome, Receipt
from timing.log.admission import admitted
from timing.log.chain import Batch
from timing.log.checkpoint import BadNote
from timing.log.encoding import from_json
from timing.log.notary import Attested
from timing.log.sql import told_plainly
from timing.stations.door import Door
from timing.stations.heartbeat import Heard, Heartbeat

STATUS = {Outcome.STORED: 200, Outcome.GAP: 409, Outcome.FORK: 422}
BAD_TOKEN = Refusal(
    "스테이션 토큰이 맞지 않습니다. `marathon station 이름`으로 새로 만드세요",
    "wrong station token; make one with `marathon station NAME`",
)
OTHER_RACE = Refusal("이 보관함은 다른 대회의 것입니다", "this outbox belongs to another race")
OTHER_NAME = Refusal(
    "이 토큰은 다른 이름의 스테이션 것입니다. --station을 확인하세요",
    "this token belongs to a station of another name; check --station",
)
OTHER_STATION = Refusal(
    "이 보관함은 다른 스테이션의 것입니다. 자기 토큰으로 보내세요",
    "this outbox belongs to another station; send it with that station's own token",
)
BAD_NOTE = Refusal("서명한 점검표가 아닙니다", "no signed note of this race")
BAD_BEAT = Refusal("읽을 수 없는 심장 박동", "a heartbeat that cannot be read")
HERE = ("127.0.0.1", "::1")
TOO_LARGE = Refusal("한 번에 보내기에는 너무 큽니다", "the batch is too large")
THREADS = 8
NO_ROOM = Refusal("사진을 둘 자리가 없습니다", "there is no room for pictures")
NOT_READ_YET = Refusal("기록을 아직 읽고 있습니다", "the log is still being read")
NOT_WANTED = Refusal("아무도 청하지 않은 사진입니다", "nobody asked for this picture")
Lineage = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
Handler = Callable[[Request], Coroutine[Any, Any, Response]]
Token = Annotated[str, Header()]
Number = Annotated[int, Path(ge=1, le=2**53)]


class Testimonies(Protocol):
    """Signs the log, and compares it with what stations keep of it."""

    def attest(self, size: int) -> Attested: ...

    def take(self, station: str, text: str, verifier: str) -> None: ...


class Ward(Protocol):
    """Watches over the race's stations: whose a lineage is, and how each was when last heard."""

    def owner(self, lineage: str, station: str) -> str:
        """Whose this lineage is: of the first station that came with it."""
        ...

    def hear(self, lineage: str, station: str, beat: Heartbeat) -> Heard: ...

    def heard(self) -> list[Heard]: ...


@dataclass(frozen=True, slots=True)
class Watched:
    """What the routes of the heartbeats need: who watches, the time, and how much of a lineage the log holds."""

    ward: Ward
    clock: Clock
    received: Callable[[str], int]
    notes: Testimonies | None = None

    def states(self) -> Sequence[StationState]:
        return [StationState(heard, self.received(heard.lineage)) for heard in self.ward.heard()]


@dataclass(frozen=True, slots=True)
class Desk:
    """The race's side of the door: how to let a station in, hand its batch to the log's writer, and tell it who wears what.

    Whatever may have to wait for the database or the disk is done aside, and given up in time: a station comes again.
    """

    submit: Callable[[Batch], "Future[Receipt]"]
    door: Door
    aside: Aside
    roster: Callable[[], Roster | None]
    race: str
    watched: Watched
    album: Album | None = None
    owners: dict[str, str] = field(default_factory=dict)
    """Whose lineages are, as far as they came by here: they never change hands, so that asking once will do."""

    async def sender(self, authorization: str) -> str:
        """The station that holds the token.

        Raises:
            Turned: nobody here holds it, or the database does not say.
        """
        scheme, _, token = authorization.partition(" ")
        with _turning():
            station = await self.door.station_of(token) if scheme.lower() == "bearer" else None
        if station is None:
            raise Turned(401, BAD_TOKEN)
        return station

    def read(self, lineage: str, body: bytes, sender: str) -> Batch:
        """The batch in a request; which of its items count is for the log to say.

        Raises:
            Turned: it is no batch, belongs to another race, or speaks in another station's name.
        """
        try:
            sent = msgspec.json.decode(body, type=BatchBody)
            items = [from_json(item) for item in sent.items]
        except (msgspec.MsgspecError, RecursionError, UnicodeError) as wrong:
            why = Refusal(f"읽을 수 없는 묶음: {wrong}", f"a batch that cannot be read: {wrong}")
            raise Turned(400, why) from wrong
        if sent.race not in ("", self.race):
            raise Turned(403, OTHER_RACE)
        facts = (admitted(item, lineage) for item in items)
        if any(isinstance(fact, StationOpened | PenOpened | SplitOpened) and fact.station != sender for fact in facts):
            raise Turned(403, OTHER_NAME)
        return Batch(lineage, sent.first, bytes.fromhex(sent.prev_hash), items)

    async def take(self, batch: Batch, sender: str) -> Receipt:
        """Hand the batch to the log, and wait for its commit.

        Raises:
            Turned: the lineage is another station's, the disk is full, too many wait, or the database is gone for the moment.
        """
        with _turning():
            await self._refuse_foreign(batch.lineage, sender)
            return await self.aside.answer(self.submit(batch))

    async def hear(self, lineage: str, body: bytes, sender: str) -> BeatAnswer:
        """Take a heartbeat, and tell the time and which roster is in force.

        Raises:
            Turned: it is none, or as `take`.
        """
        received = self.watched.clock.now()
        try:
            beat = msgspec.json.decode(body, type=Heartbeat)
        except (msgspec.MsgspecError, RecursionError, UnicodeError) as wrong:
            raise Turned(400, BAD_BEAT) from wrong
        with _turning():
            await self._refuse_foreign(lineage, sender)
            await self.aside(self.watched.ward.hear, lineage, sender, beat)
            wanted = await self.aside(self.album.wanted, lineage) if self.album else []
        known = self.roster()
        told = self.watched.notes.attest(beat.noted) if self.watched.notes else Attested()
        roster = known.version if known else ""
        return BeatAnswer(received, self.watched.clock.now(), wanted, roster, told.note, told.verifier, told.root)

    async def testify(self, lineage: str, body: bytes, sender: str) -> Response:
        """Take a signed note that a station kept and that the log contradicts.

        Raises:
            Turned: it is none, nobody here signs, or as `take`.
        """
        with _turning():
            await self._refuse_foreign(lineage, sender)
        try:
            sent = msgspec.json.decode(body, type=NoteBody)
            if self.watched.notes is None:
                raise Turned(404, NOT_WANTED)
            with _turning():
                await self.aside(self.watched.notes.take, sender, sent.note, sent.verifier)
        except (msgspec.MsgspecError, RecursionError, UnicodeError, BadNote) as wrong:
            raise Turned(400, BAD_NOTE) from wrong
        except OSError as failure:
            raise Turned(507, NO_ROOM) from failure
        return Response(status_code=204)

    def known(self) -> Roster:
        """Who wears what.

        Raises:
            Turned: the log was not read yet.
        """
        roster = self.roster()
        if roster is None:
            raise Turned(503, NOT_READ_YET)
        return roster

    async def see(self, lineage: str, seq: int, picture: bytes, sender: str) -> Response:
        """Take the picture of a scan, if somebody asked for it.

        Raises:
            Turned: nobody did, it is no picture, the disk is full, or as `take`.
        """
        with _turning():
            await self._refuse_foreign(lineage, sender)
            try:
                taken = self.album is not None and await self.aside(self.album.take, lineage, seq, picture)
            except OSError as failure:
                raise Turned(507, NO_ROOM) from failure
        if not taken:
            raise Turned(404, NOT_WANTED)
        return Response(status_code=204)

    async def stations(self) -> StationsAnswer:
        """All stations, as last heard."""
        with _turning():
            states = await self.aside(self.watched.states)
        return StationsAnswer(self.watched.clock.now(), list(states))

    async def _refuse_foreign(self, lineage: str, sender: str) -> None:
        if lineage not in self.owners:
            self.owners[lineage] = await self.aside(self.watched.ward.owner, lineage, sender)
        if self.owners[lineage] != sender:
            raise Turned(403, OTHER_STATION)


class Turned(Exception):
    """A request that is not taken, and why."""

    def __init__(self, status: int, why: Refusal) -> None:
        super().__init__(why.english)
        self.response = Response(
            encode(why), status, {"retry-after": "1"} if status == 503 else None, media_type="application/json"
        )


@contextmanager
def _turning() -> Iterator[None]:
    """A log that cannot be written or read now is answered as such; the station comes again."""
    try:
        with told_plainly():
            yield
    except DiskFull as full:
        raise Turned(507, Refusal(full.korean, full.english)) from full
    except Unreachable as away:
        raise Turned(503, Refusal(away.korean, away.english)) from away


class TurningRoute(APIRoute):
    """A route whose refusals are answers."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except Turned as turned:
                return turned.response

        return handled


class RosterPage:
    """The roster as stations get it: put into words once for each version."""

    def __init__(self, race: str, firm_names: FirmNames) -> None:
        self._race, self._firm_names, self._lock = race, firm_names, Lock()
        self._made = "", b""

    def of(self, roster: Roster) -> bytes:
        with self._lock:
            if self._made[0] != roster.version:
                self._made = roster.version, encode(told_of(self._race, roster, self._firm_names))
            return self._made[1]


def intake(
    submit: Callable[[Batch], "Future[Receipt]"],
    enrolled: Callable[[], Mapping[bytes, str]],
    roster: Callable[[], Roster | None],
    race: str,
    watched: Watched,
    firm_names: FirmNames = lambda firms: firms,
    album: Album | None = None,
    aside: Aside | None = None,
) -> APIRouter:
    """The routes that stations of this race talk to; `submit` hands a batch to the log's writer, which answers after its commit.

    `enrolled` asks for the names of those that are let in, by their tokens' hashes. A station is let in by its token, and to its own lineages only; whatever it saw is taken, for judgement comes later. `roster`
    gives None until the log was read: a station then goes on with what it knows.
    """
    aside = aside or Aside("intake", THREADS)
    desk = Desk(submit, Door(enrolled, aside), aside, roster, race, watched, album)
    page = RosterPage(race, firm_names)
    router = APIRouter(prefix="/v1", tags=["stations"], route_class=TurningRoute)

    @router.post("/lineages/{lineage}/batch", summary="A batch of a station's outbox")
    async def receive(lineage: Lineage, request: Request, authorization: Token = "") -> Response:
        body = await _body(request)
        sender = await desk.sender(authorization)
        return _answer(await desk.take(desk.read(lineage, body, sender), sender))

    @router.post("/lineages/{lineage}/heartbeat", summary="How a station is; the answer tells the time")
    async def heard(lineage: Lineage, request: Request, authorization: Token = "") -> Response:
        return _json(await desk.hear(lineage, await _body(request), await desk.sender(authorization)))

    @router.post("/lineages/{lineage}/evidence/{seq}", summary="The picture of a scan that was asked for")
    async def pictured(lineage: Lineage, seq: Number, request: Request, authorization: Token = "") -> Response:
        sender = await desk.sender(authorization)
        return await desk.see(lineage, seq, await _body(request, PICTURE_MOST), sender)

    @router.post("/lineages/{lineage}/note", summary="A signed note that a station kept and the log contradicts")
    async def testified(lineage: Lineage, request: Request, authorization: Token = "") -> Response:
        return await desk.testify(lineage, await _body(request), await desk.sender(authorization))

    @router.get("/stations", summary="All stations as last heard; on this machine, or with a station's token")
    async def stations(request: Request, authorization: Token = "") -> Response:
        if not (request.client and request.client.host in HERE):
            await desk.sender(authorization)
        return _json(await desk.stations())

    @router.get("/roster", summary="Which bib carries which code and which mark, and for which firm")
    async def known(authorization: Token = "", if_none_match: Token = "") -> Response:
        await desk.sender(authorization)
        roster = desk.known()
        tag = {"etag": f'"{roster.version}"'}
        if if_none_match == tag["etag"]:
            return Response(status_code=304, headers=tag)
        with _turning():
            return Response(await aside(page.of, roster), headers=tag, media_type="application/json")

    return router


async def _body(request: Request, most: int = BODY_MOST) -> bytes:
    """The request's body, read no further than a batch (or what else it should be) can reach.

    Raises:
        Turned: it grows larger.
    """
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > most:
            raise Turned(413, TOO_LARGE)
    return bytes(body)


def _answer(receipt: Receipt) -> Response:
    answer = Answer(receipt.outcome, receipt.head.seq, receipt.head.hash.hex(), list(receipt.set_aside))
    return Response(encode(answer), STATUS[receipt.outcome], media_type="application/json")


def _json(answer: BeatAnswer | StationsAnswer) -> Response:
    return Response(encode(answer), media_type="application/json")
