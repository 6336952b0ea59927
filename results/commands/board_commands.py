"""The `marathon board` commands: the board as files for any web server, and what runners report from it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event

import click

from results.board.board_projection import following, view_of
from results.board.missing import known_of
from results.board.plugs import Plug
from results.board.publishing import Published, Publisher, keep_publishing
from results.board.snapshot import Snapshot
from results.ranking.standings import standings
from results.view.view import Drawing
from timing.commands.command_line import Command, CommandGroup, command, race_option
from timing.errors import RaceError
from timing.folder import OpenRace, open_race
from timing.language import N_, _, ngettext
from timing.people.inbox import Inbox, Message
from timing.race.instants import wall
from timing.terminal.output import say

BETWEEN_PUBLISHES_S = 1.0


@click.group("board", cls=CommandGroup)
def board() -> None:
    """The board as files, and the reports of missing times."""


def board_command(
    codes_of: Callable[[OpenRace], Drawing], plugs_of: Callable[[OpenRace], Sequence[Plug]]
) -> click.Group:
    """The commands, with what draws firms' QR codes for the pages, and what features add to them."""
    board.add_command(_publish(codes_of, plugs_of))
    return board


def _publish(codes_of: Callable[[OpenRace], Drawing], plugs_of: Callable[[OpenRace], Sequence[Plug]]) -> click.Command:
    @command(
        "publish",
        examples="marathon board publish /var/www/board\nmarathon board publish /var/www/board --follow --compress",
    )
    @race_option
    @click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
    @click.option("--follow", is_flag=True, help=N_("go on with every new version until stopped"))
    @click.option("--compress", is_flag=True, help=N_(".gz and .br beside each file"))
    def publish(race: Path | None, folder: Path, follow: bool, compress: bool) -> None:
        """Write the board as files for any web server or CDN.

        Only what changed, each file at once, at most once a second.
        """
        with open_race(race) as opened:
            publisher, draw, plugs = Publisher(folder, opened.clock, compress), codes_of(opened), plugs_of(opened)
            if follow:
                _keep_on(opened, publisher, draw, plugs)
            else:
                sections = [plug.now() for plug in plugs]
                view = view_of(opened, opened.fold(), takes_messages=False, draw=draw, sections=sections)
                snapshot = Snapshot(view, sections=sections)
                _tell(snapshot, publisher.publish(snapshot, whole=True))

    return publish


def _keep_on(opened: OpenRace, publisher: Publisher, draw: Drawing, plugs: Sequence[Plug]) -> None:
    stop = Event()

    def complain(trouble: str) -> None:
        click.echo(f"marathon: {trouble}", err=True)

    with following(opened, complain, takes_messages=False, draw=draw, plugs=plugs) as follower:
        say(_("Ctrl-C ends it"))
        keep_publishing(publisher, lambda: follower.snapshot, _tell, lambda: stop.wait(BETWEEN_PUBLISHES_S), complain)


def _tell(snapshot: Snapshot, done: Published) -> None:
    later = _(", {n} to follow", n=done.waiting) if done.waiting else ""
    say(
        ngettext(
            "version {version}: {n} file written, {removed} removed{later}",
            "version {version}: {n} files written, {removed} removed{later}",
            done.written,
            version=snapshot.version,
            removed=done.removed,
            later=later,
        ),
    )


@board.command("inbox", cls=Command, examples="marathon board inbox\nmarathon board inbox --done 3")
@race_option
@click.option("--done", "settled", type=click.IntRange(min=1), metavar="N", help=N_("mark no. N as dealt with"))
@click.option("--all", "everything", is_flag=True, help=N_("those dealt with, too"))
def inbox(race: Path | None, settled: int | None, everything: bool) -> None:
    """Reports of missing or wrong times.

    The bib as it was written, and below it what is known of that bib.
    """
    with open_race(race) as opened:
        box = Inbox(opened.engine, opened.settings.id)
        if settled is not None and not box.settle(settled):
            raise RaceError(_("there is no report no. {settled}", settled=settled))
        found = box.messages(None if everything else False)
        if not found:
            say(_("no reports") if everything else _("no open reports"))
        _show(opened, found)


def _show(opened: OpenRace, messages: Sequence[Message]) -> None:
    race, names = opened.fold(), opened.directory.names()
    rows = {row.entrant.id: row for row in standings(race).rows} if messages else {}
    for one in messages:
        mark = "✓" if one.done else " "
        click.echo(f"{one.number:>4} {mark} {wall(one.at, opened.zone)}  {one.written or '–':>6}  {one.text}")
        click.echo(f"         ↳ {known_of(one.bib, race, rows, names)}")
