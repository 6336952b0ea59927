"""The messages that station and server exchange over HTTP, and their limits."""

from typing import Annotated

import msgspec
from msgspec import Meta, Raw, Struct

from timing.log import Outcome
from timing.race.events import StationFact
from timing.race.instants import Instant
from timing.stations.station_status import LastHeartbeat

ITEMS_MOST = 500
BYTES_MOST = 64_000
BODY_MOST = 2 * BYTES_MOST
NOTE_MOST = 2_000
"""Characters of a signed checkpoint."""
PICTURE_MOST = 200_000
"""Bytes of a scan's picture."""
FILM_MOST = 32_000_000
"""Bytes of a segment of film."""

(_FACT,), _ = msgspec.json.schema_components([StationFact], ref_template="#/components/schemas/{name}")
_ITEM = {**_FACT, "anyOf": [*_FACT["anyOf"], {"type": "string", "contentEncoding": "base64"}]}
StoredItem = Annotated[Raw, Meta(extra_json_schema=_ITEM)]
"""An item: told in OpenAPI as a fact or base64, held as the bytes that came."""

Seq = Annotated[int, Meta(ge=0, le=2**53)]
Hex = Annotated[str, Meta(pattern="^([0-9a-f]{64})?$")]


class BatchBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Items of a lineage, the first numbered `first`, following `prev_hash`: facts as their canonical bytes, any others as base64.

    `race` is the race that the outbox belongs to, so that scans of a rehearsal never get into the race's log; empty while the
    station does not know its race.
    """

    first: Annotated[int, Meta(ge=1, le=2**53)]
    prev_hash: Hex
    items: Annotated[list[StoredItem], Meta(min_length=1, max_length=ITEMS_MOST)]
    race: str = ""


class RosterAnswer(Struct, frozen=True):
    """The race that this server runs, which bib carries which code, and which code's bib bears which mark.

    The marks stand in the order in which they were drawn, revoked ones too: of a code's marks the last is in force.
    """

    race: str
    bibs: dict[str, int]
    marks: dict[str, str] = {}
    firms: dict[str, str] = {}
    """The name of the firm for which the bearer of each code runs."""
    version: str = ""
    """Heartbeats are answered with another one when this roster is no longer in force."""


class BatchAnswer(Struct, frozen=True):
    """How the batch was taken, and the lineage's contiguous watermark with the server's hash there.

    `set_aside` are the numbers of the batch's items that the log keeps and that count for nothing there.
    """

    outcome: Outcome
    acked: Seq
    head_hash: Hex
    set_aside: list[Seq] = []


class HeartbeatAnswer(Struct, frozen=True):
    """When the server received a heartbeat and when it sent this answer, by its own steady clock.

    `wanted` are scans of the lineage whose pictures somebody at the desk asks for; `roster` is the version of the roster in force,
    empty while the server does not know it. `note` is the server's last signed checkpoint, `verifier` the key that it is checked by, and
    `noted` the root of the server's log at the size of the note that the station told of: of all its facts where it has fewer, empty
    while it was not looked up. A server that signs nothing leaves them empty. `films` are the beginnings of the segments of film that
    the office asks for; film that began before `film_before` is to be deleted.
    """

    received: Instant
    sent: Instant
    wanted: list[Seq] = []
    roster: str = ""
    note: Annotated[str, Meta(max_length=NOTE_MOST)] = ""
    verifier: Annotated[str, Meta(max_length=200)] = ""
    noted: Hex = ""
    films: list[Instant] = []
    film_before: Instant = Instant(0)


class NoteBody(Struct, frozen=True, forbid_unknown_fields=True):
    """A signed checkpoint that a station kept and the server's log contradicts, with the key that it was signed by then."""

    note: Annotated[str, Meta(max_length=NOTE_MOST)]
    verifier: Annotated[str, Meta(max_length=200)]


class StationState(Struct, frozen=True):
    """A lineage as last heard, and how much of it the log holds."""

    heard: LastHeartbeat
    received: Seq

    @property
    def pending(self) -> int:
        """How many items the station holds that the log does not."""
        return max(0, self.heard.status.seq - self.received)


class StationsAnswer(Struct, frozen=True):
    """The last heartbeat of every station, and the server's time."""

    at: Instant
    stations: list[StationState]


encode = msgspec.json.encode
