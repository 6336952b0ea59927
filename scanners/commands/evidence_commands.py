"""The command that fetches the picture of a scan, from this machine's stations or, through the server, from any other."""

import re
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Final
from zoneinfo import ZoneInfo

import click

from scanners.commands.around import around, moments, nearest
from scanners.intake.requested_pictures import RequestedPictures
from scanners.outbox.room import EVIDENCE
from timing.commands.command_line import command, race_option, say
from timing.commands.lookup import wore
from timing.errors import RaceError, Unreachable, WrongUse
from timing.folder import OpenRace, open_race
from timing.language import N_, _
from timing.race.clock import Clock, SystemClock
from timing.race.fold import Race
from timing.race.instants import SECOND, Instant, Span, day_of, later, span, wall
from timing.race.passings import Scan

LOOK_EVERY_S: Final = 0.3
Became = Callable[[Race, Scan], str]
"""Says whose a scan is and what became of it."""


@command(
    "evidence",
    examples="marathon evidence 1024\nmarathon evidence 3f2a9c1b#12\nmarathon evidence 3f2a9c1b#12 --wait 60\n"
    "marathon evidence --station finish-1 --at 23:49:04\n"
    "marathon evidence --at '2026-09-03 23:49:04.5' --around 10",
)
@race_option
@click.argument("what", required=False)
@click.option("--station", help=N_("only what this station saw"))
@click.option("--at", "moment", metavar="TIME", help=N_("what was seen around this time of day"))
@click.option(
    "--around",
    "within",
    type=click.FloatRange(0, 3600),
    default=5,
    show_default=True,
    help=N_("so many seconds before and after --at"),
)
@click.option(
    "--wait",
    type=click.FloatRange(0, 3600),
    default=10,
    show_default=True,
    help=N_("seconds to wait for the stations"),
)
@click.pass_obj
def evidence(
    became: Became | None,
    race: Path | None,
    what: str | None,
    station: str | None,
    moment: str | None,
    within: float,
    wait: float,
) -> None:
    """Find the picture of a scan, or ask its station for it.

    WHAT is a bib, or a scan as `marathon explain` names it. --at lists the scans and taps of that time, and what
    became of each. Pictures stay at the station, and come within seconds while it is at work.
    """
    if (what is None) == (moment is None) or (station and moment is None):
        raise WrongUse(
            _("give a bib or a scan, or else --at TIME (--station goes with --at)"),
        )
    with open_race(race) as opened:
        folded = opened.fold()
        if moment is None:
            waiting = scans_of(folded, what or "")
        else:
            waiting = _seen_around(folded, station, moment, span(within), opened.zone)
            for scan in waiting:
                click.echo(_told(folded, scan, opened.zone, became))
        lacking = _fetched(opened, waiting, wait)
    names = ", ".join(f"{scan.station} {scan.lineage[:8]}#{scan.seq}" for scan in lacking)
    text = _(
        "pictures that have not come yet: {names}; they come once the station is at work, so try again", names=names
    )
    if lacking and moment is None:
        raise Unreachable(text)
    if lacking:
        say(text)


def evidence_command(became: Became) -> click.Command:
    """The command, with a skill of another room: `became` says whose a scan is and what became of it."""
    evidence.context_settings = {"obj": became}
    return evidence


def _fetched(opened: OpenRace, waiting: list[Scan], wait: float) -> list[Scan]:
    """Print the pictures' files, as far as they come in time; the scans whose pictures did not come."""
    pictures, here = RequestedPictures(opened.root / EVIDENCE), opened.root / "stations" / EVIDENCE
    for scan in waiting:
        if not _find(pictures, here, scan):
            pictures.ask(scan.lineage, scan.seq)
    return _hand_out(pictures, here, waiting, wait, SystemClock())


def _seen_around(race: Race, station: str | None, text: str, within: Span, zone: ZoneInfo) -> list[Scan]:
    """What was seen around a moment.

    Raises:
        RaceError: nothing was, and what is nearest; the station is unknown, or several days are meant.
    """
    seen = [scan for scan in race.seen() if station in (None, scan.station)]
    if not seen:
        known = ", ".join(sorted({placed.station for every in race.placements.values() for placed in every})) or "–"
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
        named = f"{one.station} {_face(one.first_at, zone)} {one.lineage[:8]}#{one.seq}"
        raise RaceError(
            _(
                "nothing was seen within {within:g} s of {text}; the nearest is {named}",
                within=within / SECOND,
                text=text,
                named=named,
            ),
        )
    return next(iter(found.values()))


def _told(race: Race, scan: Scan, zone: ZoneInfo, became: Became | None) -> str:
    """A scan or tap in one line: where and when, its name, and what became of it."""
    until = f"~{wall(scan.last_at, zone)}" if scan.last_at != scan.first_at else ""
    named = f"{scan.station} {scan.point}  {_face(scan.first_at, zone)}{until}  {scan.lineage[:8]}#{scan.seq}  {scan.source}"
    return f"{named}  {became(race, scan)}" if became else named


def _face(at: Instant, zone: ZoneInfo) -> str:
    return f"{day_of(at, zone)} {wall(at, zone)}"


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


def _find(pictures: RequestedPictures, here: Path, scan: Scan) -> Path | None:
    at_home = here / scan.lineage / f"{scan.seq}.jpg"
    return at_home if at_home.is_file() else pictures.find(scan.lineage, scan.seq)


def _hand_out(pictures: RequestedPictures, here: Path, waiting: list[Scan], wait_s: float, clock: Clock) -> list[Scan]:
    """Print each picture's file as it comes; the scans whose pictures did not come in time."""
    over, idle = later(clock.now(), span(wait_s)), Event()
    while True:
        for scan in list(waiting):
            file = _find(pictures, here, scan)
            if file:
                click.echo(file)
            elif pictures.has_none(scan.lineage, scan.seq):
                name = f"{scan.station} {scan.lineage[:8]}#{scan.seq}"
                say(_("{name}: the station has no picture of it", name=name))
            else:
                continue
            waiting.remove(scan)
        if not waiting or clock.now() >= over:
            return waiting
        idle.wait(LOOK_EVERY_S)
