"""The `marathon vote` commands: opening and closing the vote on the firms' QR designs, and how it stands."""

from collections.abc import Mapping
from pathlib import Path

import click

from results.spectators.ballots import Ballots, Origin
from results.spectators.scans import Rejections, ScanStore
from timing.commands.command_line import Command, CommandGroup, race_option
from timing.errors import RaceError
from timing.folder import OpenRace, open_race
from timing.language import N_, _, ngettext, warning
from timing.race.instants import day_of
from timing.store.low_priority_writer import low_priority_writing
from timing.terminal.output import say

BUSIEST_SHOWN = 5
SUSPECT_VOTES = 50
"""So many for one firm from one network are a crowd behind one carrier, a firm's own office, or one person: look at it."""


@click.group("vote", cls=CommandGroup)
def vote() -> None:
    """Spectators' vote on the best QR design."""


def _ballots(opened: OpenRace) -> Ballots:
    return Ballots(opened.engine, opened.settings.id)


@vote.command("open", cls=Command, examples="marathon vote open\nmarathon vote open --live")
@race_option
@click.option("--live", is_flag=True, help=N_("show the counts while it is open"))
def open_(race: Path | None, live: bool) -> None:
    """Open the vote; its counts are shown once it is closed.

    It puts up every firm that has a QR design of its own; opened again, it takes in new ones.
    """
    with open_race(race) as opened:
        companies = [company for company, card in opened.directory.cards().items() if not card.design.plain]
        if not companies:
            raise RaceError(
                _("no firm has a QR design of its own; make one with `marathon firm set`"),
            )
        _ballots(opened).open(companies, live)
    say(_("the vote is open, with {count} to choose from", count=len(companies)))


@vote.command("close", cls=Command, examples="marathon vote close")
@race_option
def close(race: Path | None) -> None:
    """Close the vote; its counts are shown from now on."""
    with open_race(race) as opened:
        if not _ballots(opened).close():
            raise RaceError(_("no vote is open"))
    say(_("the vote is closed"))


@vote.command("show", cls=Command, examples="marathon vote show")
@race_option
def show(race: Path | None) -> None:
    """Counts and where they came from, spectators' scans, what was not taken.

    A device draws its own number, so one person may vote often: look at each ⚠ before a prize is given. A carrier
    may also have hundreds of people behind one address.
    """
    with open_race(race) as opened:
        names = opened.directory.names().companies
        _echo_votes(_ballots(opened), names)
        _echo_scans(opened, names)


def _echo_votes(ballots: Ballots, names: Mapping[str, str]) -> None:
    poll, origins = ballots.poll(), ballots.origins()
    if poll is None:
        click.echo(_("no vote was opened"))
        return
    click.echo(_("designs: {value}", value=str(_("open")) if poll.open else str(_("closed"))))
    for company in sorted(poll.candidates, key=lambda one: (-_votes(origins.get(one)), one)):
        click.echo(f"  {_votes(origins.get(company)):>6}  {names.get(company, company)}{_origin(origins.get(company))}")
    busiest = ", ".join(map(str, ballots.busiest(BUSIEST_SHOWN)))
    if busiest:
        click.echo(_("votes of the busiest networks: {busiest}", busiest=busiest))


def _votes(origin: Origin | None) -> int:
    return origin.votes if origin else 0


def _origin(origin: Origin | None) -> str:
    if origin is None:
        return ""
    told = str(
        ngettext(
            "{n} network, at most {most} from one",
            "{n} networks, at most {most} from one",
            origin.networks,
            most=origin.most,
        )
    )
    return f"  {told}" + (f"  {warning(_('look at it'))}" if origin.most >= SUSPECT_VOTES else "")


def _echo_scans(opened: OpenRace, names: Mapping[str, str]) -> None:
    spectators, now = ScanStore(opened.engine, opened.settings.id), opened.clock.now()
    with low_priority_writing(opened.engine) as connection:
        spectators.tidy(connection, day_of(now, opened.zone), now)
    scans = spectators.scans()
    click.echo(_("scans: {values}", values=sum(scans.values())))
    for company, number in sorted(scans.items(), key=lambda one: (-one[1], one[0])):
        click.echo(f"  {number:>6}  {names.get(company, company)}")
    click.echo(_("not counted:"))
    for (what, reason), number in sorted(Rejections(opened.engine, opened.settings.id).noted().items()):
        click.echo(f"  {number:>6}  {what} {reason}")
