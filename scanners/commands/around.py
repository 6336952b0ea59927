"""What stations saw around a moment, as somebody says it who looked at a watch: `23:49:04`. Pure."""

import re
from collections.abc import Iterable
from datetime import date as Date
from datetime import timedelta
from zoneinfo import ZoneInfo

from timing.errors import WrongUse
from timing.language import _
from timing.race.instants import Instant, Span, day_of, instant
from timing.race.moments import Unclear, race_time, time_of_day
from timing.race.passings import Scan

DATED = re.compile(r"(\d{4}-\d{2}-\d{2})[ T](\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)", re.ASCII)
CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?", re.ASCII)
DAY = timedelta(days=1)


def moments(text: str, seen: Iterable[Scan], zone: ZoneInfo) -> list[Instant]:
    """The instants that may be meant: one where a date or an offset is given, else one for each day on which anything was seen.

    Raises:
        WrongUse: it is no time of day and no instant, or the clocks were changed just then.
    """
    said = text.strip()
    try:
        if dated := DATED.fullmatch(said):
            return [_on(Date.fromisoformat(dated[1]), dated[2], zone)]
        return _each_day(said, seen, zone) if CLOCK.fullmatch(said) else [instant(said)]
    except Unclear:
        raise
    except ValueError as wrong:
        raise WrongUse(
            _("--at {text} is no time; write 23:49:04 or '2026-09-03 23:49:04'", text=text),
        ) from wrong


def around(seen: Iterable[Scan], at: Instant, within: Span) -> list[Scan]:
    """Who was in view so shortly before or after, in the order of time."""
    return sorted((scan for scan in seen if apart(scan, at) <= within), key=lambda scan: (scan.first_at, scan.seq))


def nearest(seen: Iterable[Scan], ats: Iterable[Instant]) -> Scan:
    """Of what was seen what is nearest to any of these instants."""
    every = list(ats)
    return min(seen, key=lambda scan: min(apart(scan, at) for at in every))


def apart(scan: Scan, at: Instant) -> Span:
    """How far a visit lies from an instant; nothing where it holds it."""
    return Span(max(scan.first_at - at, at - scan.last_at, 0))


def _on(day: Date, text: str, zone: ZoneInfo) -> Instant:
    """A time of day; without seconds that minute's beginning.

    Raises:
        ValueError: there is no such time, or (Unclear) the clocks were changed.
    """
    return time_of_day(day, race_time(text if text.count(":") == 2 else f"{text}:00"), zone)


def _each_day(text: str, seen: Iterable[Scan], zone: ZoneInfo) -> list[Instant]:
    """A day on which the clocks were changed at this very time is left out, unless there is no other."""
    found = {Date.fromisoformat(day_of(at, zone)) for scan in seen for at in (scan.first_at, scan.last_at)}
    either: list[Instant | Unclear] = []
    for day in sorted({day + shift for day in found for shift in (-DAY, timedelta(0), DAY)}):
        try:
            either.append(_on(day, text, zone))
        except Unclear as changed:
            either.append(changed)
    clear = [at for at in either if not isinstance(at, Unclear)]
    if either and not clear:
        raise next(one for one in either if isinstance(one, Unclear))
    return clear
