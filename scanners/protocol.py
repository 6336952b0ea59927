"""The words that station and server exchange over HTTP, and the limits both keep."""

from typing import Annotated

import msgspec
from msgspec import Meta, Raw, Struct

from timing.log import Outcome

ITEMS_MOST = 500
BYTES_MOST = 64_000
BODY_MOST = 2 * BYTES_MOST

Seq = Annotated[int, Meta(ge=0, le=2**53)]
Hex = Annotated[str, Meta(pattern="^([0-9a-f]{64})?$")]


class BatchBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Items of a lineage as their canonical bytes, the first numbered `first`, following `prev_hash`.

    `race` is the race that the outbox belongs to, so that scans of a rehearsal never end in the race's log; empty while the
    station has not heard yet which race it serves.
    """

    first: Annotated[int, Meta(ge=1, le=2**53)]
    prev_hash: Hex
    items: Annotated[list[Raw], Meta(min_length=1, max_length=ITEMS_MOST)]
    race: str = ""


class RosterAnswer(Struct, frozen=True):
    """The race that this server runs, and which bib carries which code."""

    race: str
    bibs: dict[str, int]


class Answer(Struct, frozen=True):
    """How the batch was taken, and the lineage's contiguous watermark with the server's hash there."""

    outcome: Outcome
    acked: Seq
    head_hash: Hex


class Refusal(Struct, frozen=True):
    """Why a request was not taken, in both languages."""

    korean: str
    english: str


encode = msgspec.json.encode
