"""The routes of the intake as OpenAPI tells them: what each takes and answers, and who is let in."""

from typing import Final

from scanners.protocol import BatchAnswer, BatchBody, HeartbeatAnswer, NoteBody, RosterAnswer, StationsAnswer
from timing.race.events import StationFact
from timing.stations.station_status import StationStatus
from timing.web.contract import Media, Secret, described

TOKEN: Final = Secret(
    "station token",
    {
        "type": "http",
        "scheme": "bearer",
        "description": "What `marathon station NAME` shows once. Its enrolment, a text or QR, is `marathon-station:` and a URL query: "
        "`server`, the address; `name`, which goes into the facts as `station`; `token`; and, where the server's certificate is its own, "
        "`fingerprint`, the SHA-256 of that certificate (DER) in hexadecimal, to be compared before the token is sent.",
    },
)
ABOUT: Final = """How stations send what they saw.

A station keeps an outbox, its *lineage*: 128 random bits, and facts numbered from 1. The first fact says where it stands
(`StationOpened`), `StationClosed` is the last. It sends them in order in batches, each with the number
of its first item and the hash that the server had before that (`head_hash` of the last answer; empty before item 1). What `acked`
covers is committed; everything else is sent again, byte for byte. Instants are microseconds since 1970 (UTC) by the station's own
steady clock: the server compares it with its own by `ClockSampled`, which the station records of its heartbeats.

Every refusal tells why in both languages. 503 and 507 mean: come again; so do 408 and 431, which end a request that is too slow or
whose headers are too large, without a body."""
DOOR: Final = {
    400: "It cannot be read",
    401: "The token is none of this race's",
    503: "The database does not answer now; come again",
}
ENDED: Final = {408: ("The request came too slowly", None), 431: ("Its headers are too large", None)}
TOO_LONG: Final = "The body is longer than it can mean something"
FULL: Final = "The server's disk is full; nothing was taken, come again"
MINE: Final = {**DOOR, 403: "The lineage is another station's", 413: TOO_LONG, 507: FULL}

BATCH: Final = described(
    "send_batch",
    {
        200: ("Stored, now or before; all up to `acked` is committed", BatchAnswer),
        409: ("Items before these are missing: go on from `acked`", BatchAnswer),
        422: (
            "The lineage has another history here (a copied outbox): these items were put into quarantine",
            BatchAnswer,
        ),
        **ENDED,
    },
    {
        **MINE,
        403: "The lineage or the name is another station's, or the outbox another race's",
    },
    body=BatchBody,
    secrets=[TOKEN],
    also=[StationFact],
)
BEAT: Final = described(
    "send_heartbeat",
    {200: ("Heard; the time by the server's steady clock", HeartbeatAnswer), **ENDED},
    MINE,
    body=StationStatus,
    secrets=[TOKEN],
)
PICTURE: Final = described(
    "send_picture",
    {204: ("Kept", None), **ENDED},
    {**MINE, 404: "Nobody asked for this picture, or it is none"},
    body=Media("image/jpeg"),
    secrets=[TOKEN],
)
SEGMENT: Final = described(
    "send_film",
    {204: ("Kept", None), **ENDED},
    {**MINE, 404: "Nobody asked for this segment, or it is not the one that a heartbeat told of"},
    body=Media("video/mp4"),
    secrets=[TOKEN],
)
NOTE: Final = described(
    "send_note",
    {204: ("Kept", None), **ENDED},
    {**MINE, 404: "This server signs nothing"},
    body=NoteBody,
    secrets=[TOKEN],
)
LIST: Final = described("list_stations", {200: ("As last heard", StationsAnswer), **ENDED}, DOOR, secrets=[TOKEN])
ROSTER: Final = described(
    "get_roster",
    {
        200: ("The roster in force; its version is the ETag", RosterAnswer),
        304: ("It is the one that you have", None),
        **ENDED,
    },
    DOOR,
    secrets=[TOKEN],
)
