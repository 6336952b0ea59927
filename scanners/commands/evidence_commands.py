"""The command that fetches the picture of a scan, from this machine's stations or, through the server, from any other."""

from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from scanners.intake.requested_pictures import RequestedPictures, fetched
from scanners.outbox.evidence_files import EVIDENCE
from timing.commands.command_line import command, race_option
from timing.errors import Unreachable, WrongUse
from timing.folder import OpenRace, open_race
from timing.language import N_, _
from timing.race.clock import SystemClock
from timing.race.fold import Race
from timing.race.instants import Span, span, wall
from timing.race.passings import Scan
from timing.race.scan_search import dated, scans_of, seen_around
from timing.terminal.output import say

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
            scans = scans_of(folded, what or "")
        else:
            scans = seen_around(folded, station, moment, span(within), opened.zone)
            for scan in scans:
                click.echo(_line(folded, scan, opened.zone, became))
        lacking = _print_pictures(opened, scans, span(wait))
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


def _print_pictures(opened: OpenRace, scans: list[Scan], wait: Span) -> list[Scan]:
    """Print the pictures' files, as far as they come in time; the scans whose pictures did not come."""
    pictures, at_home = RequestedPictures(opened.root / EVIDENCE), opened.root / "stations" / EVIDENCE
    lacking = scans.copy()
    for scan, file in fetched(pictures, at_home, scans, wait, SystemClock()):
        lacking.remove(scan)
        if file:
            click.echo(file)
        else:
            say(_("{name}: the station has no picture of it", name=f"{scan.station} {scan.lineage[:8]}#{scan.seq}"))
    return lacking


def _line(race: Race, scan: Scan, zone: ZoneInfo, became: Became | None) -> str:
    """A scan or tap in one line: where and when, its name, and what became of it."""
    until = f"~{wall(scan.last_at, zone)}" if scan.last_at != scan.first_at else ""
    named = f"{scan.station} {scan.point}  {dated(scan.first_at, zone)}{until}  {scan.lineage[:8]}#{scan.seq}  {scan.source}"
    return f"{named}  {became(race, scan)}" if became else named
