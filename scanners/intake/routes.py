"""The server's routes for stations: batches are acknowledged only after their commit to the log."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock
from typing import Annotated, Protocol

import msgspec
from fastapi import APIRouter, Depends, Header, Path, Request, Response

from scanners.intake.requested_films import RequestedFilms
from scanners.intake.requested_pictures import RequestedPictures
from scanners.intake.station_api import BATCH, BEAT, LIST, NOTE, PICTURE, ROSTER, SEGMENT
from scanners.protocol import (
    BODY_MOST,
    FILM_MOST,
    PICTURE_MOST,
    BatchAnswer,
    BatchBody,
    HeartbeatAnswer,
    NoteBody,
    StationsAnswer,
    StationState,
    encode,
)
from scanners.station_roster import FirmNames, told_of
from timing.bounded_threads import BoundedThreads
from timing.feed import BibRoster
from timing.language import _
from timing.log import Outcome, Receipt
from timing.log.checkpoint import BadNote
from timing.log.notary import Attested
from timing.race.admission import admitted
from timing.race.chain import Batch
from timing.race.clock import Clock
from timing.race.encoding import from_json
from timing.race.events import StationOpened
from timing.race.instants import Instant
from timing.stations.station_status import LastHeartbeat, StationStatus
from timing.stations.token_cache import TokenCache
from timing.web.bodies import read_body
from timing.web.refusal import HttpError, Refusal

STATUS = {Outcome.STORED: 200, Outcome.GAP: 409, Outcome.FORK: 422}
BAD_TOKEN = Refusal.of(
    _("wrong station token; make one with `marathon station NAME`"),
)
OTHER_RACE = Refusal.of(_("this outbox belongs to another race"))
OTHER_NAME = Refusal.of(
    _("this token belongs to a station of another name; check --station"),
)
OTHER_STATION = Refusal.of(
    _("this outbox belongs to another station; send it with that station's own token"),
)
BAD_NOTE = Refusal.of(_("no signed checkpoint of this race"))
BAD_BEAT = Refusal.of(_("a heartbeat that cannot be read"))
THREADS = 8
NO_ROOM = Refusal.of(_("there is no room for pictures"))
NOT_READ_YET = Refusal.of(_("the log is still being read"))
NO_FILM = Refusal.of(_("nobody asked for this film, or it is not what the station told of it"))
NOT_WANTED = Refusal.of(_("nobody asked for this picture"))
Lineage = Annotated[
    str, Path(pattern="^[0-9a-f]{32}$", description="Of a station's outbox: 128 random bits in hexadecimal")
]
Number = Annotated[int, Path(ge=1, le=2**53, description="The number of the scan in its lineage")]


Began = Annotated[int, Path(ge=0, le=2**53, description="When the segment's first frame was taken")]


class CheckpointAttester(Protocol):
    """Signs the log, and compares it with what stations keep of it."""

    def attest(self, size: int) -> Attested: ...

    def accept_note(self, station: str, text: str, verifier: str) -> None: ...


class StationRegistry(Protocol):
    """Which station owns a lineage, and the last heartbeat of each."""

    def owner(self, lineage: str, station: str) -> str:
        """The station that owns this lineage: the first that sent it."""
        ...

    def record_heartbeat(self, lineage: str, station: str, status: StationStatus) -> LastHeartbeat: ...

    def last_heartbeats(self) -> list[LastHeartbeat]: ...


@dataclass(frozen=True, slots=True)
class ObservedStations:
    """Dependencies of the heartbeat routes: the registry, the clock, and the number of items that the log holds of a lineage."""

    registry: StationRegistry
    clock: Clock
    received: Callable[[str], int]
    notes: CheckpointAttester | None = None

    def states(self) -> Sequence[StationState]:
        return [StationState(heard, self.received(heard.lineage)) for heard in self.registry.last_heartbeats()]


@dataclass(frozen=True, slots=True)
class IntakeService:
    """Authenticates stations, passes their batches to the log's writer, and serves the roster to them.

    Whatever may wait for the database or the disk runs in a bounded thread pool with a time limit: a station retries.
    """

    submit: Callable[[Batch], "Future[Receipt]"]
    door: TokenCache
    aside: BoundedThreads
    roster: Callable[[], BibRoster | None]
    race: str
    watched: ObservedStations
    pictures: RequestedPictures | None = None
    films: RequestedFilms | None = None
    owners: dict[str, str] = field(default_factory=dict)
    """Cache of lineage owners; owners never change."""

    async def sender(self, request: Request) -> str:
        """The station that holds the request's token.

        Raises:
            HttpError: nobody here holds it.
            Unreachable: the database does not say.
        """
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        station = await self.door.station_of(token) if scheme.lower() == "bearer" else None
        if station is None:
            raise HttpError(401, BAD_TOKEN, {"www-authenticate": "Bearer"})
        return station

    def read(self, lineage: str, body: bytes, sender: str) -> Batch:
        """Decode the batch in a request; which of its items count is decided by the log.

        Raises:
            HttpError: it is no batch, belongs to another race, or speaks in another station's name.
        """
        try:
            sent = msgspec.json.decode(body, type=BatchBody)
            items = [from_json(item) for item in sent.items]
        except (msgspec.MsgspecError, RecursionError, UnicodeError) as wrong:
            why = Refusal.of(_("a batch that cannot be read: {wrong}", wrong=wrong))
            raise HttpError(400, why) from wrong
        if sent.race not in ("", self.race):
            raise HttpError(403, OTHER_RACE)
        facts = (admitted(item, lineage) for item in items)
        if any(isinstance(fact, StationOpened) and fact.station != sender for fact in facts):
            raise HttpError(403, OTHER_NAME)
        return Batch(lineage, sent.first, bytes.fromhex(sent.prev_hash), items)

    async def store(self, batch: Batch, sender: str) -> Receipt:
        """Append the batch to the log, and wait for its commit.

        Raises:
            HttpError: the lineage is another station's, the disk is full, too many wait, or the database is gone for the moment.
        """
        await self._refuse_foreign(batch.lineage, sender)
        return await self.aside.answer(self.submit(batch))

    async def on_heartbeat(self, lineage: str, body: bytes, sender: str) -> HeartbeatAnswer:
        """Record a heartbeat; the answer has the server's time and the version of the roster.

        Raises:
            HttpError: it is no heartbeat, or as `store`.
        """
        received = self.watched.clock.now()
        try:
            beat = msgspec.json.decode(body, type=StationStatus)
        except (msgspec.MsgspecError, RecursionError, UnicodeError) as wrong:
            raise HttpError(400, BAD_BEAT) from wrong
        await self._refuse_foreign(lineage, sender)
        await self.aside(self.watched.registry.record_heartbeat, lineage, sender, beat)
        wanted = await self.aside(self.pictures.wanted, lineage) if self.pictures else []
        films, film_before = await self.aside(_film, self.films, lineage, beat)
        known = self.roster()
        told = self.watched.notes.attest(beat.noted) if self.watched.notes else Attested()
        roster = known.version if known else ""
        sent, note = self.watched.clock.now(), (told.note, told.verifier, told.root)
        return HeartbeatAnswer(received, sent, wanted, roster, *note, films, film_before)

    async def return_note(self, lineage: str, body: bytes, sender: str) -> Response:
        """Store a signed checkpoint that a station kept and that the log contradicts.

        Raises:
            HttpError: it is no checkpoint, this server signs none, or as `store`.
        """
        await self._refuse_foreign(lineage, sender)
        try:
            sent = msgspec.json.decode(body, type=NoteBody)
            if self.watched.notes is None:
                raise HttpError(404, NOT_WANTED)
            await self.aside(self.watched.notes.accept_note, sender, sent.note, sent.verifier)
        except (msgspec.MsgspecError, RecursionError, UnicodeError, BadNote) as wrong:
            raise HttpError(400, BAD_NOTE) from wrong
        except OSError as failure:
            raise HttpError(507, NO_ROOM) from failure
        return Response(status_code=204)

    def known(self) -> BibRoster:
        """The roster in force.

        Raises:
            HttpError: the log was not read yet.
        """
        roster = self.roster()
        if roster is None:
            raise HttpError(503, NOT_READ_YET)
        return roster

    async def accept_picture(self, lineage: str, seq: int, picture: bytes, sender: str) -> Response:
        """Store the picture of a scan, if somebody asked for it.

        Raises:
            HttpError: nobody did, it is no picture, the disk is full, or as `store`.
        """
        await self._refuse_foreign(lineage, sender)
        try:
            taken = self.pictures is not None and await self.aside(self.pictures.accept, lineage, seq, picture)
        except OSError as failure:
            raise HttpError(507, NO_ROOM) from failure
        if not taken:
            raise HttpError(404, NOT_WANTED)
        return Response(status_code=204)

    async def take_film(self, lineage: str, start: Instant, film: bytes, sender: str) -> Response:
        """Take a segment of film, if somebody asked for it.

        Raises:
            HttpError: nobody did, it is not what the station told of it, the disk is full, or as `take`.
        """
        await self._refuse_foreign(lineage, sender)
        try:
            taken = self.films is not None and await self.aside(self.films.take, lineage, start, film)
        except OSError as failure:
            raise HttpError(507, NO_ROOM) from failure
        if not taken:
            raise HttpError(404, NO_FILM)
        return Response(status_code=204)

    async def stations(self) -> StationsAnswer:
        """All stations, as last heard."""
        states = await self.aside(self.watched.states)
        return StationsAnswer(self.watched.clock.now(), list(states))

    async def _refuse_foreign(self, lineage: str, sender: str) -> None:
        if lineage not in self.owners:
            self.owners[lineage] = await self.aside(self.watched.registry.owner, lineage, sender)
        if self.owners[lineage] != sender:
            raise HttpError(403, OTHER_STATION)


class RosterPage:
    """The roster as stations get it, encoded once for each version."""

    def __init__(self, race: str, firm_names: FirmNames) -> None:
        self._race, self._firm_names, self._lock = race, firm_names, Lock()
        self._made = "", b""

    def of(self, roster: BibRoster) -> bytes:
        with self._lock:
            if self._made[0] != roster.version:
                self._made = roster.version, encode(told_of(self._race, roster, self._firm_names))
            return self._made[1]


def intake(
    submit: Callable[[Batch], "Future[Receipt]"],
    enrolled: Callable[[], Mapping[bytes, str]],
    roster: Callable[[], BibRoster | None],
    race: str,
    watched: ObservedStations,
    firm_names: FirmNames = lambda firms: firms,
    pictures: RequestedPictures | None = None,
    aside: BoundedThreads | None = None,
    films: RequestedFilms | None = None,
) -> APIRouter:
    """The routes for the stations of this race; `submit` passes a batch to the log's writer, which answers after its commit.

    `enrolled` returns the enrolled stations' names by their tokens' hashes. A token gives access to the station's own lineages only.
    Every scan is accepted, because judgement comes later. `roster` returns None until the log was read; a station then keeps the
    roster that it has.
    """
    aside = aside or BoundedThreads("intake", THREADS)
    service = IntakeService(submit, TokenCache(enrolled, aside), aside, roster, race, watched, pictures, films)
    page = RosterPage(race, firm_names)
    router = APIRouter(prefix="/v1", tags=["stations"])
    Sender = Annotated[str, Depends(service.sender)]

    @router.post("/lineages/{lineage}/batch", summary="A batch of a station's outbox", **BATCH)
    async def receive(lineage: Lineage, request: Request, sender: Sender) -> Response:
        batch = service.read(lineage, await read_body(request, BODY_MOST), sender)
        return _answer(await service.store(batch, sender))

    @router.post("/lineages/{lineage}/heartbeat", summary="How a station is; the answer tells the time", **BEAT)
    async def heard(lineage: Lineage, request: Request, sender: Sender) -> Response:
        return _json(await service.on_heartbeat(lineage, await read_body(request, BODY_MOST), sender))

    @router.post("/lineages/{lineage}/evidence/{seq}", summary="The picture of a scan that was asked for", **PICTURE)
    async def pictured(lineage: Lineage, seq: Number, request: Request, sender: Sender) -> Response:
        return await service.accept_picture(lineage, seq, await read_body(request, PICTURE_MOST), sender)

    @router.post("/lineages/{lineage}/film/{start}", summary="A segment of film that was asked for", **SEGMENT)
    async def filmed(lineage: Lineage, start: Began, request: Request, sender: Sender) -> Response:
        return await service.take_film(lineage, Instant(start), await read_body(request, FILM_MOST), sender)

    @router.post(
        "/lineages/{lineage}/note", summary="A signed checkpoint that a station kept and the log contradicts", **NOTE
    )
    async def testified(lineage: Lineage, request: Request, sender: Sender) -> Response:
        return await service.return_note(lineage, await read_body(request, BODY_MOST), sender)

    @router.get("/stations", summary="All stations as last heard; with a station's token", **LIST)
    async def stations(sender: Sender) -> Response:
        return _json(await service.stations())

    @router.get("/roster", summary="Which bib carries which code and which mark, and for which firm", **ROSTER)
    async def known(sender: Sender, if_none_match: Annotated[str, Header()] = "") -> Response:
        roster = service.known()
        tag = {"etag": f'"{roster.version}"'}
        if if_none_match == tag["etag"]:
            return Response(status_code=304, headers=tag)
        return Response(await aside(page.of, roster), headers=tag, media_type="application/json")

    return router


def _film(films: RequestedFilms | None, lineage: str, beat: StationStatus) -> tuple[list[Instant], Instant]:
    """Remember what film a station holds; which of it is asked for, and before when it is to be deleted."""
    if films is None:
        return [], Instant(0)
    with suppress(OSError):  # a disk without room for this keeps no heartbeat from being heard
        films.record_held(lineage, beat.film)
    return films.wanted(lineage), films.delete_before()


def _answer(receipt: Receipt) -> Response:
    answer = BatchAnswer(receipt.outcome, receipt.head.seq, receipt.head.hash.hex(), list(receipt.set_aside))
    return Response(encode(answer), STATUS[receipt.outcome], media_type="application/json")


def _json(answer: HeartbeatAnswer | StationsAnswer) -> Response:
    return Response(encode(answer), media_type="application/json")
