"""Instants and spans: integers in microseconds, so that no rounding ever decides a place."""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Literal, NewType

Instant = NewType("Instant", int)
"""Microseconds since 1970-01-01 00:00 UTC."""
Span = NewType("Span", int)
"""Microseconds between two instants; may be negative."""
Rounding = Literal["up", "down", "none"]

MILLISECOND = 1_000
SECOND = 1_000_000
MINUTE = 60 * SECOND
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def span(seconds: float) -> Span:
    return Span(round(seconds * SECOND))


def later(at: Instant, by: Span) -> Instant:
    return Instant(at + by)


def between(start: Instant, end: Instant) -> Span:
    return Span(end - start)


def instant(text: str) -> Instant:
    """Read ISO 8601 with a UTC offset (`2026-09-03T14:00:00+09:00`, `...Z`).

    Raises:
        ValueError: the text is no instant, or has no offset and so could mean any hour.

    >>> instant("1970-01-01T09:00:01+09:00")
    1000000
    """
    moment = datetime.fromisoformat(text.strip())
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no UTC offset; write for instance {text}+09:00")
    return Instant((moment - EPOCH) // timedelta(microseconds=1))


def iso(at: Instant) -> str:
    """Write an instant as ISO 8601 in UTC with six decimals.

    >>> iso(Instant(1_500_000))
    '1970-01-01T00:00:01.500000Z'
    """
    return (EPOCH + timedelta(microseconds=at)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def wall(at: Instant, zone: tzinfo) -> str:
    """Time of day at the race, in tenths of a second, as people read it from a watch."""
    moment = (EPOCH + timedelta(microseconds=at)).astimezone(zone)
    return f"{moment:%H:%M:%S}.{moment.microsecond // 100_000}"


def dated(at: Instant, now: Instant, zone: tzinfo) -> str:
    """Time of day at the race, with the date before it where that is not today's.

    >>> from zoneinfo import ZoneInfo
    >>> noon, seoul = instant("2026-09-03T12:00:00+09:00"), ZoneInfo("Asia/Seoul")
    >>> dated(noon, noon, seoul), dated(noon, Instant(0), seoul)
    ('12:00:00.0', '2026-09-03 12:00:00.0')
    """
    return wall(at, zone) if day_of(at, zone) == day_of(now, zone) else f"{day_of(at, zone)} {wall(at, zone)}"


def day_of(at: Instant, zone: tzinfo) -> str:
    """The calendar's day at the race, as ISO 8601.

    >>> from zoneinfo import ZoneInfo
    >>> day_of(instant("2026-09-03T14:59:59Z"), ZoneInfo("Asia/Seoul")), day_of(instant("2026-09-03T15:00:00Z"), ZoneInfo("Asia/Seoul"))
    ('2026-09-03', '2026-09-04')
    """
    return (EPOCH + timedelta(microseconds=at)).astimezone(zone).date().isoformat()


def clock_face(time: Span, rounding: Rounding = "up") -> str:
    """A race time as printed: `17:05`, `1:02:03`; "none" shows the milliseconds.

    "up" goes to the next whole second, as road races publish (World Athletics technical rules, hand and transponder times).

    >>> clock_face(Span(1_024_000_001)), clock_face(Span(1_024_000_001), "down"), clock_face(Span(3_723_004_000), "none")
    ('17:05', '17:04', '1:02:03.004')
    """
    sign, size = ("-", -time) if time < 0 else ("", time)
    seconds = -(-size // SECOND) if rounding == "up" else size // SECOND
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    decimals = f".{size % SECOND // MILLISECOND:03}" if rounding == "none" else ""
    hour = f"{hours}:{minute:02}" if hours else f"{minute}"
    return f"{sign}{hour}:{second:02}{decimals}"


def milliseconds(time: Span) -> str:
    """Exact milliseconds for files: at most three decimals, no trailing zeros.

    >>> milliseconds(Span(1_024_000_500)), milliseconds(Span(7_000))
    ('1024000.5', '7')
    """
    whole, rest = divmod(abs(time), MILLISECOND)
    text = f"{whole}.{rest:03}".rstrip("0").rstrip(".") if rest else str(whole)
    return f"-{text}" if time < 0 and text != "0" else text


def from_milliseconds(text: str) -> Span:
    """Read what `milliseconds` writes, digit by digit, so that no binary fraction creeps in.

    Raises:
        ValueError: the text is no decimal number of milliseconds.

    >>> from_milliseconds("1024000.5")
    1024000500
    """
    found = re.fullmatch(r"([+-]?)(\d+)(?:\.(\d{1,3})0*)?", text.strip(), re.ASCII)
    if not found:
        raise ValueError(f"{text!r} is no number of milliseconds with at most three decimals")
    sign, whole, decimals = found.groups()
    size = int(whole) * MILLISECOND + int((decimals or "0").ljust(3, "0"))
    return Span(-size if sign == "-" else size)
