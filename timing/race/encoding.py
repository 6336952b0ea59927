"""Encodes facts as canonical bytes and decodes them; the only module that knows the stored form.

The bytes equal `json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)`; no fact holds a float.
"""

from typing import Any, Final

import msgspec
from msgspec import Raw

from timing.errors import RaceError, WrongUse
from timing.language import _
from timing.race.events import Event

_encoder = msgspec.json.Encoder(order="sorted")
_decoder: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)

FORMER: Final[dict[str, dict[str, Any]]] = {
    "PenOpened/1": {"event": "StationOpened/1", "point": "pen"},
    "SplitOpened/1": {"event": "StationOpened/1", "point": "split"},
    "ScanRecorded/1": {"event": "Scanned/1", "source": "qr"},
    "MarkRecorded/1": {"event": "Scanned/1", "source": "mark"},
    "BibTyped/1": {"event": "Scanned/1", "source": "typed"},
    "TapRecorded/1": {"event": "Scanned/1", "source": "tap", "code": ""},
    "ClockSeen/1": {"event": "QrClockSeen/1"},
    "CourseMeasured/1": {"event": "CourseOpened/1"},
}
"""Tags written only by rehearsals before the first release, with the fields that such a fact has today in addition."""


class UnknownEvent(RaceError):
    """The log holds a fact this version cannot read."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            _("a fact that this version cannot read ({reason}); upgrade marathon", reason=reason),
        )


class Unrecordable(WrongUse):
    """A fact that could not be decoded again and is therefore never written."""

    def __init__(self, reason: str) -> None:
        super().__init__(_("a value that the log cannot hold ({reason})", reason=reason))


def encode(event: Event) -> bytes:
    """The canonical bytes of a fact: keys sorted, no spaces, UTF-8.

    Raises:
        Unrecordable: a field is out of its limits, or not valid Unicode.
    """
    try:
        data = _encoder.encode(event)
        _decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeError) as broken:
        raise Unrecordable(str(broken)) from broken
    return data


def decode(data: bytes) -> Event:
    """Read a stored fact.

    Raises:
        UnknownEvent: the bytes are no fact of a known version.
    """
    try:
        return _decode(data)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as broken:  # deep nesting, and bytes that are no UTF-8
        raise UnknownEvent(str(broken)) from broken


def _decode(data: bytes) -> Event:
    try:
        return _decoder.decode(data)
    except msgspec.ValidationError:
        fields = msgspec.json.decode(data, type=dict[str, Any])
        if str(fields.get("event")) not in FORMER:
            raise
        event: Event = msgspec.convert(_renewed(fields), Event)
        return event


def _renewed(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of a fact with a former tag as they are written today. Facts entered by hand had a single instant, `at`."""
    renewed = fields | FORMER[fields["event"]]
    if renewed["event"] == "Scanned/1" and "at" in renewed:
        at = renewed.pop("at")
        renewed |= {"first_at": at, "last_at": at}
    return renewed


def in_json(data: bytes) -> Raw:
    """An item as a JSON value on one line: a fact unchanged, any other bytes as a base64 string."""
    return Raw(data if _is_plain(data) else msgspec.json.encode(data))


def from_json(value: Raw) -> bytes:
    """The item's bytes again.

    Raises:
        ValidationError: the string is not base64.
    """
    data = bytes(value)
    return msgspec.json.decode(data, type=bytes) if data.startswith(b'"') else data


def _is_plain(data: bytes) -> bool:
    """Whether the bytes survive inside JSON unchanged: a readable fact without surrounding space or line breaks."""
    if not (data.startswith(b"{") and data.endswith(b"}")) or b"\n" in data or b"\r" in data:
        return False
    try:
        decode(data)
    except UnknownEvent:
        return False
    return True
