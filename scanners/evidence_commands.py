"""The command that fetches the picture of a scan, from this machine's stations or, through the server, from any other."""

import re
from pathlib import Path
from threading import Event
from typing import Final

import click

from scanners.album import Album
from scanners.evidence import FOLDER
from timing.clock import Clock, SystemClock
from timing.command_line import command, race_option, say
from timing.errors import RaceError, Unreachable
from timing.folder import open_race
from timing.instants import later, span
from timing.lookup import wore
from timing.passings import Scan
from timing.race import Race

LOOK_EVERY_S: Final = 0.3


@command(
    "evidence",
    examples="marathon evidence 1024\nmarathon evidence 3f2a9c1b#12\nmarathon evidence 3f2a9c1b#12 --wait 60",
)
@race_option
@click.argument("what")
@click.option(
    "--wait",
    type=click.FloatRange(0, 3600),
    default=10,
    show_default=True,
    help="스테이션이 보낼 때까지 기다릴 초 / seconds to wait for the stations",
)
def evidence(race: Path | None, what: str, wait: float) -> None:
    """스캔의 사진을 찾거나 스테이션에 청합니다. / Find the picture of a scan, or ask its station for it.

    WHAT: 배번, 또는 `marathon explain`이 보여 주는 스캔의 이름(3f2a9c1b#12) / a bib, or a scan as `marathon explain` names it.
    사진은 스테이션에 남아 있고, 스테이션이 켜져 있으면 몇 초 안에 옵니다. / Pictures stay at the station, and come within seconds while it
    is at work.
    """
    with open_race(race) as opened:
        album, here = Album(opened.root / FOLDER), opened.root / "stations" / FOLDER
        waiting = scans_of(opened.fold(), what)
        for scan in waiting:
            if not _find(album, here, scan):
                album.ask(scan.lineage, scan.seq)
        lacking = _hand_out(album, here, waiting, wait, SystemClock())
    if lacking:
        names = ", ".join(f"{scan.station} {scan.lineage[:8]}#{scan.seq}" for scan in lacking)
        raise Unreachable(
            f"아직 오지 않은 사진: {names}. 스테이션이 켜져 있으면 곧 오니 다시 해 보세요",
            f"pictures that have not come yet: {names}; they come once the station is at work, so try again",
        )


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
        raise RaceError(f"{what}: 그런 배번이나 스캔이 없습니다", f"{what}: no such bib with scans, and no such scan")
    return sorted({(scan.lineage, scan.seq): scan for scan in found}.values(), key=lambda scan: scan.first_at)


def _find(album: Album, here: Path, scan: Scan) -> Path | None:
    at_home = here / scan.lineage / f"{scan.seq}.jpg"
    return at_home if at_home.is_file() else album.find(scan.lineage, scan.seq)


def _hand_out(album: Album, here: Path, waiting: list[Scan], wait_s: float, clock: Clock) -> list[Scan]:
    """Print each picture's file as it comes; the scans whose pictures did not come in time."""
    over, idle = later(clock.now(), span(wait_s)), Event()
    while True:
        for scan in list(waiting):
            file = _find(album, here, scan)
            if file:
                click.echo(file)
            elif album.has_none(scan.lineage, scan.seq):
                name = f"{scan.station} {scan.lineage[:8]}#{scan.seq}"
                say(f"{name}: 남은 사진이 없습니다", f"{name}: the station has no picture of it")
            else:
                continue
            waiting.remove(scan)
        if not waiting or clock.now() >= over:
            return waiting
        idle.wait(LOOK_EVERY_S)
