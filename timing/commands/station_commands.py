"""The commands that let stations in, shut them out, and tell how they are."""

from collections.abc import Callable, Sequence
from pathlib import Path

import click
import msgspec

from timing.commands.command_line import Command, CommandGroup, race_option
from timing.commands.race_commands import StationName
from timing.commands.station_table import print_stations
from timing.errors import RaceError, WrongUse
from timing.folder import OpenRace, open_race
from timing.language import N_, _, warning
from timing.stations.enrolment import IN_THE_CLEAR, enrolment_text, in_the_clear
from timing.stations.list import FORKED
from timing.stations.registry import lines_now, new_enrolment
from timing.terminal.output import echo_drawn, say
from timing.terminal.qr_blocks import blocks

Symbol = Callable[[str], Sequence[Sequence[bool]]]
"""Draws a text as a QR: its dark modules, row by row."""
ENROL_EXAMPLES = """marathon station finish-1
marathon station finish-1 --server http://192.0.2.7:8000
marathon station finish-1 --server https://192.0.2.7:8443 --own-certificate
marathon station finish-1 --again
marathon station finish-1 --revoke
marathon station list"""


class StationGroup(CommandGroup):
    """`marathon station NAME` lets a station in, as if it said `add`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        known = any(arg in self.commands for arg in args)
        asks = not args or args[0] in ctx.help_option_names
        return super().parse_args(ctx, args if known or asks else ["add", *args])


def station_command(symbol: Symbol) -> click.Command:
    """The commands, with a skill of another room: `symbol` draws the enrolment."""

    @click.group("station", cls=StationGroup)
    def station() -> None:
        """Register and revoke stations, and see their state."""

    @station.command("add", cls=Command, examples=ENROL_EXAMPLES)
    @race_option
    @click.argument("name", type=StationName())
    @click.option("--again", is_flag=True, help=N_("a new token; the old one is void"))
    @click.option("--revoke", is_flag=True, help=N_("make its token void"))
    @click.option("--server", help=N_("the address it sends to: shows an enrolment QR too"))
    @click.option(
        "--own-certificate",
        "pinned",
        is_flag=True,
        help=N_("the enrolment names the race's own certificate (`marathon serve --own-certificate` shows it)"),
    )
    def add(race: Path | None, name: str, again: bool, revoke: bool, server: str | None, pinned: bool) -> None:
        """Register a station; its token is shown once.

        The same as `marathon station NAME`.
        """
        if pinned and not (server or "").startswith("https://"):
            raise WrongUse(
                _("--own-certificate goes with --server https://..."),
            )
        if revoke and (again or server):
            raise WrongUse(_("--revoke must be used alone"))
        with open_race(race) as opened:
            if revoke:
                _revoke(opened, name)
            else:
                _enrol(opened, name, again, server, symbol, pinned)

    station.add_command(list_stations)
    return station


def _revoke(opened: OpenRace, name: str) -> None:
    if not opened.directory.revoke(name):
        raise WrongUse(_("{name} holds no token", name=name))
    say(
        _(
            "the token of {name} is void within a second; what it sent stays, and its outbox can still be collected",
            name=name,
        ),
    )


def _enrol(opened: OpenRace, name: str, again: bool, server: str | None, symbol: Symbol, pinned: bool) -> None:
    made = new_enrolment(opened, name, server or "", again, pinned)
    word = enrolment_text(made) if server else ""
    picture = blocks(symbol(word)) if word else ""  # before the token counts: without a picture nothing has changed
    opened.directory.enrol(name, made.token)
    click.echo(made.token)
    if word:
        echo_drawn(picture, err=True)
        click.echo(word, err=True)
    if server and in_the_clear(server):
        say(warning(IN_THE_CLEAR))
    if pinned:
        say(
            _("the token alone does not know the server: give the whole enrolment above as MARATHON_TOKEN"),
        )
    say(
        _("this token is shown only now; give it to the station as MARATHON_TOKEN"),
    )


@click.command("list", cls=Command, examples="marathon station list\nmarathon station list --json")
@race_option
@click.option("--json", "as_json", is_flag=True, help=N_("as JSON"))
def list_stations(race: Path | None, as_json: bool) -> None:
    """Each station: received, pending, clock, camera, disk.

    Exit code 1 if a station's history differs from the log's.
    """
    with open_race(race) as opened:
        now = opened.clock.now()
        lines = lines_now(opened, opened.fold())
        if as_json:
            click.echo(msgspec.json.encode(lines))
        else:
            print_stations(lines, opened.zone, now)
    forked = sorted({line.station for line in lines if FORKED in line.warnings})
    if forked:
        raise RaceError(
            _("stations whose history differs: {forked}; see `marathon log quarantine`", forked=", ".join(forked)),
        )
