"""The `marathon unread` commands: who passed and was not read, with pictures, and who they may be; named or dismissed by an official."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import click

from results.office.rule_commands import ruling, undo_all
from timing.commands.command_line import Command, CommandGroup, race_option, say
from timing.errors import RaceError
from timing.language import N_, _
from timing.race import events as said
from timing.race.events import DeskFact, Unread
from timing.race.instants import wall
from timing.race.passings import Scan

if TYPE_CHECKING:  # help is quick
    from results.office.rulings import Office
    from timing.folder import OpenRace

Picture = Callable[["OpenRace", str, int], Path | None]
"""The file with the picture of an item of a lineage; None where it has not come. Asks its station for it."""

SUGGESTED: Final = 3  # in the list; `show` gives more
BY_PICTURE: Final = "사진 판독"


class ListedUnread(NamedTuple):
    """An unread person by number, which never changes: they count in the order in which the log took them."""

    number: int
    scan: Scan


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
    from results.office.rulings import at_desk
    from results.view.suggestions import suggestions
    from timing.folder import open_race

    with open_race(race) as opened:
        desk = at_desk(opened)
        for number, scan in _all(desk):
            state = _state(desk, scan)
            if state and not everything:
                continue
            click.echo(f"{number:>4}  {_place(desk, scan)}  {_path(opened, scan, picture)}")
            found = [] if state else suggestions(desk.race, desk.live.standings(), scan, SUGGESTED)
            for one in found:
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
    from results.office.rulings import at_desk
    from results.view.suggestions import suggestions
    from timing.folder import open_race

    with open_race(race) as opened:
        desk = at_desk(opened)
        scan = _numbered(desk, number)
        click.echo(f"{number:>4}  {_place(desk, scan)}  {scan.lineage[:8]}#{scan.seq} ×{scan.sightings}")
        click.echo(f"        {_path(opened, scan, picture)}")
        if state := _state(desk, scan):
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
)
@click.argument("number", type=click.IntRange(min=1))
@click.argument("bib")
def name_unread(desk: Office, number: int, bib: str, by: str, why: str) -> list[DeskFact]:
    """This is who passed there; shows first who moves."""
    scan = _numbered(desk, number)
    return [said.UnreadNamed(scan.lineage, scan.seq, desk.entrant(bib).id, by, why)]


@ruling("dismiss", "marathon unread dismiss 3 --why '진행 요원'\nmarathon unread dismiss 3 --preview", group=unread)
@click.argument("number", type=click.IntRange(min=1))
def dismiss_unread(desk: Office, number: int, by: str, why: str) -> list[DeskFact]:
    """This was no runner, or one who is known already."""
    scan = _numbered(desk, number)
    if _state(desk, scan):
        raise RaceError(
            _("unread {number} is settled: {state}; take that back first", number=number, state=_state(desk, scan))
        )
    return [said.UnreadDismissed(scan.lineage, scan.seq, by, why)]


@ruling("undo", "marathon unread undo 3 --why '다른 사람이었음'", group=unread)
@click.argument("number", type=click.IntRange(min=1))
def undo_unread(desk: Office, number: int, by: str, why: str) -> list[DeskFact]:
    """Take back how this one was named or dismissed; it is open again."""
    scan = _numbered(desk, number)
    return undo_all(desk, lambda fact: _is_about(fact, scan), by, why)


def unread_command(picture: Picture) -> click.Command:
    """The commands, with a skill of another room: `picture` finds the picture of an item."""
    unread.context_settings = {"obj": picture}
    return unread


def _all(desk: Office) -> Iterator[ListedUnread]:
    """Every unread person of the log; those of a lineage that never said where it stands have no place."""
    told = (one for one in desk.opened.log.read() if isinstance(one.admitted, Unread))
    for number, one in enumerate(told, start=1):
        scan = desk.race.crossing(one.lineage, one.seq)
        if scan:
            yield ListedUnread(number, scan)


def _numbered(desk: Office, number: int) -> Scan:
    """The unread person with this number.

    Raises:
        RaceError: there is none.
    """
    found = next((scan for one, scan in _all(desk) if one == number), None)
    if found is None:
        raise RaceError(_("there is no unread person {number}; see `marathon unread list`", number=number))
    return found


def _is_about(fact: DeskFact, scan: Scan) -> bool:
    match fact:
        case (
            said.UnreadNamed(lineage=lineage, seq=seq)
            | said.UnreadDismissed(lineage=lineage, seq=seq)
            | said.ScanNamed(lineage=lineage, seq=seq)
            | said.ScanVoided(lineage=lineage, seq=seq)
        ):
            return (lineage, seq) == (scan.lineage, scan.seq)
        case _:
            return False


def _state(desk: Office, scan: Scan) -> str:
    """What officials or the station said of this one; empty while it is open."""
    if (scan.lineage, scan.seq) in desk.race.office.voided:
        return str(_("dismissed"))
    owner = desk.race.owner(scan)
    return str(_("named: {who}", who=desk.label(owner.id))) if owner else ""


def _place(desk: Office, scan: Scan) -> str:
    where = f"{scan.station} {scan.point}" if scan.station else scan.lineage[:8]
    return f"{where}  {wall(scan.instant, desk.opened.zone)}"


def _path(opened: OpenRace, scan: Scan, picture: Picture | None) -> str:
    found = picture(opened, scan.lineage, scan.seq) if picture else None
    return str(found or _("(the picture has not come yet; its station is asked)"))


def _say_sums(desk: Office) -> None:
    from results.office.unread_lines import sum_words
    from results.view.completeness import by_station, completeness

    for one in by_station(completeness(desk.race)):
        say(sum_words(one))
