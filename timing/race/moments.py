"""Parses instants as people write them: a time of day, a time after the gun, or a full instant. Pure."""

import re
from datetime import date as Date
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from timing.errors import WrongUse
from timing.language import _
from timing.race.instants import EPOCH, SECOND, Instant, Span, between, instant, later

CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{2}(?:\.\d{1,6})?)", re.ASCII)
NUMBER = re.compile(r"[+-]?\d+(?:\.\d{1,6})?", re.ASCII)
DAY = timedelta(days=1)
HALF_A_DAY = Span(12 * 3_600 * SECOND)


class Unclear(WrongUse, ValueError):
    """The text is not an instant, or could be several."""


def moment(text: str, gun: Instant | None, zone: ZoneInfo, may_precede: bool = False) -> Instant:
    """Read `14:17:05.2` (a time of day), `+17:05.2` (after the gun), or ISO 8601 with an offset.

    A time of day is one of the gun's day. Where that is more than half a day before the gun, it is the next day's: 00:20 of a race
    from 23:50. What `may_precede` the gun (a start, the gun itself) is the day before's where that is the nearer one.

    Raises:
        Unclear: it is none of these, there is no gun to count from, or the clocks were changed just then.

    >>> moment("+17:05", Instant(1_000_000), ZoneInfo("Asia/Seoul"))
    1026000000
    """
    said = text.strip()
    if "T" in said.upper():
        return _full(said)
    if gun is None:
        raise Unclear(
            _("{text!r}: no gun to count from; write for instance 2026-09-03T14:17:05+09:00", text=text),
        )
    if said.startswith("+"):
        return later(gun, _clock(said[1:]))
    if said.count(":") != 2:
        raise Unclear(
            _("{text!r}: neither a time of day (14:17:05.2) nor a time after the gun (+17:05.2)", text=text),
        )
    day = (EPOCH + timedelta(microseconds=gun)).astimezone(zone).date()
    time = _clock(said)
    at = time_of_day(day, time, zone)
    if between(at, gun) > HALF_A_DAY:
        return time_of_day(day + DAY, time, zone)
    if may_precede and between(gun, at) > HALF_A_DAY:
        return time_of_day(day - DAY, time, zone)
    return at


def time_of_day(day: Date, time: Span, zone: ZoneInfo) -> Instant:
    """What clocks on the wall show as `time` after midnight of this day (24:05 and more: of the next).

    Raises:
        Unclear: the clocks were changed, and this time came twice, or never.
    """
    local = datetime.combine(day, datetime.min.time()) + timedelta(microseconds=time)
    either = [local.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
    first, second = (Instant((one - EPOCH) // timedelta(microseconds=1)) for one in either)
    if first != second:
        _refuse_changed(local, either, first < second)
    return first


def _refuse_changed(local: datetime, either: list[datetime], twice: bool) -> None:
    ways = ", ".join(one.isoformat() for one in either)
    text = _("came twice") if twice else _("never came")
    raise Unclear(
        _(
            "{local}: the clocks were changed that day, and this time {text}; write one of these in full: {ways}",
            local=local,
            text=text,
            ways=ways,
        ),
    )


def _full(text: str) -> Instant:
    try:
        return instant(text)
    except ValueError as wrong:
        raise Unclear(_("{text!r}: not an instant; write for instance 2026-09-03T14:17:05+09:00", text=text)) from wrong


def _clock(text: str) -> Span:
    try:
        return race_time(text)
    except Unclear as wrong:
        raise Unclear(_("{wrong}; write it like 14:17:05.2 or +17:05.2", wrong=wrong.text)) from wrong


def race_time(text: str) -> Span:
    """Read a time as a clock at the finish shows it: `17:05.2`, `1:02:03`.

    Raises:
        Unclear: it is no such time.

    >>> race_time("1:02:03.25"), race_time("17:05")
    (3723250000, 1025000000)
    """
    found = CLOCK.fullmatch(text.strip())
    if not found:
        raise Unclear(_("{text!r} is no time (17:05.2, 1:02:03)", text=text))
    hours, minutes, seconds = int(found[1] or 0), int(found[2]), Decimal(found[3])
    if seconds >= 60 or (found[1] and minutes >= 60):
        raise Unclear(_("{text!r}: there are 60 seconds in a minute and 60 minutes in an hour", text=text))
    return Span(int((hours * 3_600 + minutes * 60 + seconds) * SECOND))


def seconds(text: str) -> Span:
    """Read a signed number of seconds, digit by digit: `-2.5`, `+600`.

    Raises:
        Unclear: it is no such number.

    >>> seconds("-2.5"), seconds("+600")
    (-2500000, 600000000)
    """
    if not NUMBER.fullmatch(text.strip()):
        raise Unclear(_("{text!r}: write seconds as -2.5 or +600", text=text))
    return Span(int(Decimal(text.strip()) * SECOND))
