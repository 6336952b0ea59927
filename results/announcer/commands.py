"""The command `board announcer`: the private link of the announcer's page."""

from pathlib import Path

import click

from timing.command_line import command, race_option, say
from timing.folder import open_race
from timing.store.private_links import ANNOUNCER, PrivateLinks


@command("announcer", examples="marathon board announcer\nmarathon board announcer --revoke")
@race_option
@click.option("--revoke", is_flag=True, help="링크를 거둬들임 / take the link back")
def announcer(race: Path | None, revoke: bool) -> None:
    """아나운서만 보는 쪽의 새 링크: 이름이 다 보입니다. / A new link to the announcer's page, which shows full names.

    먼저 준 링크는 그때부터 열리지 않습니다. / A link given before opens nothing from then on.
    """
    with open_race(race) as opened:
        links = PrivateLinks(opened.engine, opened.settings.id)
        if revoke:
            gone = links.revoke(ANNOUNCER)
            say(
                *(
                    ("링크를 거둬들였습니다", "the link is taken back")
                    if gone
                    else ("준 링크가 없습니다", "there was no link")
                )
            )
            return
        token = links.give(ANNOUNCER)
        click.echo(f"https://{opened.settings.host.lower()}/announcer/{token}")
        say(
            "다른 주소로 여는 서버라면 그 주소 뒤에 /announcer/… 를 붙이세요. 남에게 보이지 마세요",
            "where the server has another address, put /announcer/... behind that one; show the link to nobody",
        )
