"""Instants as people at a race say them: time of day, time after the gun, or a full instant. Pure."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from timing.instants import EPOCH, SECOND, Instant, Span, instant, later

CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{2}(?:\.\d{1,6})?)", re.ASCII)
NUMBER = re.compile(r"[+-]?\d+(?:\.\d{1,6})?", re.ASCII)


def moment(text: str, gun: Instant | None, zone: ZoneInfo) -> Instant:
    """Read `14:17:05.2` (on the day of the gun), `+17:05.2` (after the gun), or ISO 8601 with an offset.

    Raises:
        ValueError: it is none of these, or there is no gun to count from.

    >>> moment("+17:05", Instant(1_000_000), ZoneInfo("Asia/Seoul"))
    1026000000
    """
    said = text.strip()
    if "T" in said.upper():
        return instant(said)
    if gun is None:
        raise ValueError(f"{text!r}: no gun to count from; write for instance 2026-09-03T14:17:05+09:00")
    if said.startswith("+"):
        return later(gun, race_time(said[1:]))
    day = (EPOCH + timedelta(microseconds=gun)).astimezone(zone).date()
    midnight = Instant((datetime(day.year, day.month, day.day, tzinfo=zone) - EPOCH) // timedelta(microseconds=1))
    if said.count(":") != 2:
        raise ValueError(f"{text!r}: neither a time of day (14:17:05.2) nor a time after the gun (+17:05.2)")
    return later(midnight, race_time(said))


def race_time(text: str) -> Span:
    """Read a time as a clock at the finish shows it: `17:05.2`, `1:02:03`.

    Raises:
        ValueError: it is no such time.

    >>> race_time("1:02:03.25"), race_time("17:05")
    (3723250000, 1025000000)
    """
    found = CLOCK.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r}: write a time as 17:05.2 or 1:02:03")
    hours, minutes, seconds = int(found[1] or 0), int(found[2]), Decimal(found[3])
    if seconds >= 60 or (found[1] and minutes >= 60):
        raise ValueError(f"{text!r}: there are 60 seconds in a minute and 60 minutes in an hour")
    return Span(int((hours * 3_600 + minutes * 60 + seconds) * SECOND))


def seconds(text: str) -> Span:
    """Read a signed number of seconds, digit by digit: `-2.5`, `+600`.

    Raises:
        ValueError: it is no such number.

    >>> seconds("-2.5"), seconds("+600")
    (-2500000, 600000000)
    """
    if not NUMBER.fullmatch(text.strip()):
        raise ValueError(f"{text!r}: write seconds as -2.5 or +600")
    return Span(int(Decimal(text.strip()) * SECOND))
