"""The command `board announcer`: the private link of the announcer's page."""

from pathlib import Path

import click

from timing.commands.command_line import command, race_option
from timing.folder import open_race
from timing.language import N_, _
from timing.people.private_links import ANNOUNCER, PrivateLinks
from timing.terminal.output import say


@command("announcer", examples="marathon board announcer\nmarathon board announcer --revoke")
@race_option
@click.option("--revoke", is_flag=True, help=N_("take the link back"))
def announcer(race: Path | None, revoke: bool) -> None:
    """A new link to the announcer's page, which shows full names.

    A link given before opens nothing from then on.
    """
    with open_race(race) as opened:
        links = PrivateLinks(opened.engine, opened.settings.id)
        if revoke:
            gone = links.revoke(ANNOUNCER)
            say(_("the link is taken back") if gone else _("there was no link"))
            return
        token = links.give(ANNOUNCER)
        click.echo(f"https://{opened.settings.host.lower()}/announcer/{token}")
        say(
            _("where the server has another address, put /announcer/... behind that one; show the link to nobody"),
        )
