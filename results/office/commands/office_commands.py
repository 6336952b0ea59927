"""The command `office`: who may work in the race office."""

from collections.abc import Callable, Sequence
from pathlib import Path

import click

from timing.commands.command_line import CommandGroup, command, race_option
from timing.errors import RaceError
from timing.folder import open_race
from timing.language import N_, _, ngettext
from timing.log.narration import ROLE_NAMES
from timing.people.office_seats import ROLES, OfficeSeats, Official
from timing.race.events import Role
from timing.race.instants import wall
from timing.terminal.output import echo_drawn, say
from timing.terminal.qr_blocks import blocks

LINK_EXAMPLES = """\
marathon office link counter 김하늘
marathon office link director --server https://office.example
marathon office list
marathon office revoke 김하늘
"""
SymbolOf = Callable[[str], Sequence[Sequence[bool]]]
"""Draws a text as the modules of a QR."""


def office_command(symbol_of: SymbolOf) -> click.Command:
    """The command, with the bibs' drawing of a QR."""

    @click.group("office", cls=CommandGroup)
    def office() -> None:
        """Who may work in the race office, at /office/ of the board's server."""

    @command("link", examples=LINK_EXAMPLES)
    @race_option
    @click.argument("role", type=click.Choice(ROLES))
    @click.argument("name", required=False)
    @click.option("--server", metavar="URL", help=N_("the server's address, where it is not the one in the bibs' QR"))
    def link(race: Path | None, role: Role, name: str | None, server: str | None) -> None:
        """A link, and its QR, that opens the office once and on one device.

        The name stands in the log beside each ruling; without one the role does.
        """
        with open_race(race) as opened:
            seats = OfficeSeats(opened.engine, opened.settings.id)
            secret = seats.give(Official(name or role, role), opened.clock.now())
            address = f"{(server or f'https://{opened.settings.host.lower()}').rstrip('/')}/office/enter/{secret}"
            click.echo(address)
            echo_drawn(blocks(symbol_of(address)), err=True)
            say(_("opens once, within a day; it cannot be shown again"))

    @command("list", examples="marathon office list")
    @race_option
    def list_(race: Path | None) -> None:
        """Who may come in, and since when they are in."""
        with open_race(race) as opened:
            for seat in OfficeSeats(opened.engine, opened.settings.id).seats():
                since = _("not yet") if seat.opened_at is None else wall(seat.opened_at, opened.zone)
                click.echo(f"{seat.official.name}\t{ROLE_NAMES[seat.official.role]}\t{since}")

    @command("revoke", examples="marathon office revoke 김하늘")
    @race_option
    @click.argument("name")
    def revoke(race: Path | None, name: str) -> None:
        """Take back all links and sessions of a name, at once."""
        with open_race(race) as opened:
            if not (gone := OfficeSeats(opened.engine, opened.settings.id).revoke(name)):
                raise RaceError(_("nobody called {name} is in the office; see `marathon office list`", name=name))
            say(ngettext("{n} link or session is taken back", "{n} links and sessions are taken back", gone))

    for one in (link, list_, revoke):
        office.add_command(one)
    return office
