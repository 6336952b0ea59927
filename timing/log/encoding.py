"""Facts to canonical bytes and back; the only place that knows how a fact is stored.

The bytes equal `json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)`; no fact holds a float.
"""

from typing import TypeVar

import msgspec

from timing.errors import RaceError, WrongUse
from timing.events import Event, StationFact

T = TypeVar("T")
_encoder = msgspec.json.Encoder(order="sorted")
_decoder: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)
_station_decoder: msgspec.json.Decoder[StationFact] = msgspec.json.Decoder(StationFact)


class UnknownEvent(RaceError):
    """The log holds a fact this version cannot read."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"이 버전이 읽지 못하는 기록이 있습니다({reason}). marathon을 새 버전으로 올리세요",
            f"a fact that this version cannot read ({reason}); upgrade marathon",
        )


class Unrecordable(WrongUse):
    """A fact that nobody could read again; the log takes none, since one would close it for ever."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"기록할 수 없는 값입니다({reason})", f"a value that the log cannot hold ({reason})")


def encode(event: Event) -> bytes:
    """The canonical bytes of a fact: keys sorted, no spaces, UTF-8.

    Raises:
        Unrecordable: a field is longer, larger or smaller than the fact allows, or no text.
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
    return _decode(_decoder, data)


def decode_station_fact(data: bytes) -> StationFact:
    """Read a fact that a station sent; a desk's fact is refused like an unknown one."""
    return _decode(_station_decoder, data)


def _decode(decoder: "msgspec.json.Decoder[T]", data: bytes) -> T:
    try:
        return decoder.decode(data)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as broken:  # deep nesting, and bytes that are no UTF-8
        raise UnknownEvent(str(broken)) from broken
