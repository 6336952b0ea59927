"""The scans that somebody asks for: of a bib, by name, or around a moment as read from a watch (`23:49:04`). Pure."""

import re
from collections.abc import Iterable
from datetime import date as Date
from datetime import timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from timing.errors import RaceError, WrongUse
from timing.language import _
from timing.race.fold import Race
from timing.race.instants import SECOND, Instant, Span, day_of, instant, wall
from timing.race.lookup import wore
from timing.race.moments import Unclear, race_time, time_of_day
from timing.race.passings import Scan

DATED = re.compile(r"(\d{4}-\d{2}-\d{2})[ T](\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)", re.ASCII)
CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?", re.ASCII)
DAY = timedelta(days=1)


class Visible(Protocol):
    """Anything with a first and a last instant."""

    @property
    def first_at(self) -> Instant: ...

    @property
    def last_at(self) -> Instant: ...


def moments(text: str, seen: Iterable[Visible], zone: ZoneInfo) -> list[Instant]:
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
    """The scans within this span of an instant, in the order of time."""
    return sorted((scan for scan in seen if apart(scan, at) <= within), key=lambda scan: (scan.first_at, scan.seq))


def nearest(seen: Iterable[Scan], ats: Iterable[Instant]) -> Scan:
    """The scan that is nearest to any of these instants."""
    every = list(ats)
    return min(seen, key=lambda scan: min(apart(scan, at) for at in every))


def apart(scan: Scan, at: Instant) -> Span:
    """The distance of a visit from an instant; 0 if it contains it."""
    return Span(max(scan.first_at - at, at - scan.last_at, 0))


def _on(day: Date, text: str, zone: ZoneInfo) -> Instant:
    """A time of day; without seconds that minute's beginning.

    Raises:
        ValueError: there is no such time, or (Unclear) the clocks were changed.
    """
    return time_of_day(day, race_time(text if text.count(":") == 2 else f"{text}:00"), zone)


def _each_day(text: str, seen: Iterable[Visible], zone: ZoneInfo) -> list[Instant]:
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


def seen_around(race: Race, station: str | None, text: str, within: Span, zone: ZoneInfo) -> list[Scan]:
    """The scans around a moment.

    Raises:
        RaceError: there are none (names the nearest), the station is unknown, or several days are possible.
    """
    seen = [scan for scan in race.seen() if station in (None, scan.station)]
    if not seen:
        known = ", ".join(race.station_names()) or "–"
        raise RaceError(
            _(
                "{station}: nothing was seen; the stations are {known}",
                station=station or _("any station"),
                known=known,
            ),
        )
    ats = moments(text, seen, zone)
    found = {at: near for at in ats if (near := around(seen, at, within))}
    if len(found) > 1:
        days = ", ".join(day_of(at, zone) for at in found)
        raise WrongUse(
            _(
                "{text} is on several days ({days}); give the date too: --at '{days2} {text}'",
                text=text,
                days=days,
                days2=days[:10],
            ),
        )
    if not found:
        one = nearest(seen, ats)
        named = f"{one.station} {dated(one.first_at, zone)} {one.lineage[:8]}#{one.seq}"
        raise RaceError(
            _(
                "nothing was seen within {within:g} s of {text}; the nearest is {named}",
                within=within / SECOND,
                text=text,
                named=named,
            ),
        )
    return next(iter(found.values()))


def scans_of(race: Race, what: str) -> list[Scan]:
    """The scans that a bib or a scan's name means, in the order of time.

    Raises:
        RaceError: there are none.
    """
    everybody = [scan for scans in race.scans.values() for scan in scans]
    if named := re.fullmatch(r"([0-9a-f]{4,32})#(\d{1,9})", what):
        found = [scan for scan in everybody if scan.lineage.startswith(named[1]) and scan.seq == int(named[2])]
    else:
        bib = int(what) if re.fullmatch(r"[1-9]\d{0,5}", what) else 0
        entrant = race.by_bib(bib) or wore(race, bib)
        found = race.scans_of(entrant) if entrant else []
    if not found:
        raise RaceError(_("{what}: no such bib with scans, and no such scan", what=what))
    return sorted({(scan.lineage, scan.seq): scan for scan in found}.values(), key=lambda scan: scan.first_at)


def dated(at: Instant, zone: ZoneInfo) -> str:
    """Day and time of day."""
    return f"{day_of(at, zone)} {wall(at, zone)}"
