"""The `marathon unread` commands: who passed and was not read, with pictures, and who they may be; named or dismissed by an official."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from results.office.commands.rule_commands import ruling
from timing.commands.command_line import Command, CommandGroup, race_option
from timing.language import N_, _
from timing.race.instants import wall
from timing.race.passings import Scan
from timing.terminal.output import say

if TYPE_CHECKING:  # help is quick
    from results.office.rulings.rulings import Office
    from results.office.service.other_rooms import NoPicture
    from timing.folder import OpenRace

Picture = Callable[["OpenRace", str, int], "Path | NoPicture"]
"""The file with the picture of an item of a lineage, or why there is none. Asks its station for it."""

SUGGESTED: Final = 3  # in the list; `show` gives more
DECISIONS: Final = "results.office.rulings.unread_decisions"
BY_PICTURE: Final = "사진 판독"


@click.group("unread", cls=CommandGroup)
def unread() -> None:
    """People who passed and were not read: name them.

    Each has a number and a picture; who they may be is suggested with reasons, and a person decides.
    """


@unread.command("list", cls=Command, examples="marathon unread list\nmarathon unread list --all")
@race_option
@click.option("--all", "everything", is_flag=True, help=N_("also those who were named or dismissed"))
@click.pass_obj
def unread_list(picture: Picture | None, race: Path | None, everything: bool) -> None:
    """Who passed unread: number, station, time, picture, and who it may be."""
    from results.office.rulings.rulings import at_desk
    from results.office.rulings.unread_decisions import all_unread, state_of_unread
    from results.view.suggestions import suggestions_for
    from timing.folder import open_race

    with open_race(race) as opened:
        desk = at_desk(opened)
        listed = [(one, state_of_unread(desk, one.scan)) for one in all_unread(desk)]
        open_ = [one.scan for one, state in listed if not state]
        likely = iter(suggestions_for(desk.race, desk.live.standings(), open_, SUGGESTED))
        for (number, scan), state in listed:
            if state and not everything:
                continue
            click.echo(f"{number:>4}  {_place(desk, scan)}  {_path(opened, scan, picture)}")
            for one in [] if state else next(likely):
                click.echo(f"        → {desk.label(one.entrant.id)}: {'; '.join(map(str, one.reasons))}")
            if state:
                click.echo(f"        {state}")
        _say_sums(desk)


@unread.command("show", cls=Command, examples="marathon unread show 3")
@race_option
@click.argument("number", type=click.IntRange(min=1))
@click.pass_obj
def unread_show(picture: Picture | None, race: Path | None, number: int) -> None:
    """One who passed unread: the picture, and everybody it may be."""
    from results.office.rulings.rulings import at_desk
    from results.office.rulings.unread_decisions import numbered, state_of_unread
    from results.view.suggestions import suggestions
    from timing.folder import open_race

    with open_race(race) as opened:
        desk = at_desk(opened)
        scan = numbered(desk, number)
        click.echo(f"{number:>4}  {_place(desk, scan)}  {scan.lineage[:8]}#{scan.seq} ×{scan.sightings}")
        click.echo(f"        {_path(opened, scan, picture)}")
        if state := state_of_unread(desk, scan):
            click.echo(f"        {state}")
        for place, one in enumerate(suggestions(desk.race, desk.live.standings(), scan), start=1):
            click.echo(f"    {place}. {desk.label(one.entrant.id)}")
            for reason in one.reasons:
                click.echo(f"         {reason}")


@ruling(
    "name",
    "marathon unread name 3 417\nmarathon unread name 3 김하늘 --preview",
    group=unread,
    usual_why=BY_PICTURE,
    module=DECISIONS,
)
@click.argument("number", type=click.IntRange(min=1))
@click.argument("bib")
def name_unread() -> None:
    """This is who passed there; shows first who moves."""


@ruling(
    "dismiss",
    "marathon unread dismiss 3 --why '진행 요원'\nmarathon unread dismiss 3 --preview",
    group=unread,
    module=DECISIONS,
)
@click.argument("number", type=click.IntRange(min=1))
def dismiss_unread() -> None:
    """This was no runner, or one who is known already."""


@ruling("undo", "marathon unread undo 3 --why '다른 사람이었음'", group=unread, module=DECISIONS)
@click.argument("number", type=click.IntRange(min=1))
def undo_unread() -> None:
    """Take back how this one was named or dismissed; it is open again."""


def unread_command(picture: Picture) -> click.Command:
    """The commands, with a skill of another room: `picture` finds the picture of an item."""
    unread.context_settings = {"obj": picture}
    return unread


def _place(desk: Office, scan: Scan) -> str:
    where = f"{scan.station} {scan.point}" if scan.station else scan.lineage[:8]
    return f"{where}  {wall(scan.instant, desk.opened.zone)}"


def _path(opened: OpenRace, scan: Scan, picture: Picture | None) -> str:
    found = picture(opened, scan.lineage, scan.seq) if picture else "none"
    if found == "none":
        return str(_("(its station has no picture of it)"))
    return str(_("(the picture has not come yet; its station is asked)") if found == "coming" else found)


def _say_sums(desk: Office) -> None:
    from results.office.review.unread_lines import sum_words
    from results.view.completeness import by_station, completeness

    for one in by_station(completeness(desk.race)):
        say(sum_words(one))
