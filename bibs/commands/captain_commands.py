"""The `marathon firm captain` command: a firm's private link, shown once, as text and as a QR."""

import io
from pathlib import Path
from typing import Final

import click
from PIL import Image

from bibs.design.symbol import QUIET_MODULES, note_modules
from timing.commands.command_line import command, race_option
from timing.errors import Unreachable, WrongUse
from timing.folder import OpenRace, open_race
from timing.language import N_, _, ngettext
from timing.people.private_links import Holder, PrivateLinks
from timing.printed.spreadsheet_text import BOM, csv_table
from timing.private import write_private
from timing.race.chance import new_token
from timing.race.lookup import firm_of
from timing.terminal.output import echo_drawn, say
from timing.terminal.qr_blocks import blocks

PX_A_MODULE = 12
KIND: Final = "captain"


@command(
    "captain",
    examples="marathon firm captain 한빛테크\nmarathon firm captain 한빛테크 --again --qr 한빛테크.png\n"
    "marathon firm captain --all 주장.csv\nmarathon firm captain 한빛테크 --revoke",
)
@race_option
@click.argument("firm", required=False)
@click.option("--again", is_flag=True, help=N_("a new link; the old one is void"))
@click.option("--revoke", is_flag=True, help=N_("take the link back"))
@click.option(
    "--qr",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.png",
    help=N_("the QR as a picture instead of on the terminal"),
)
@click.option(
    "--all",
    "everybody",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.csv",
    help=N_("a table of links for every firm that has none"),
)
@click.option("--server", metavar="URL", help=N_("the board's address"))
def captain(
    race: Path | None,
    firm: str | None,
    again: bool,
    revoke: bool,
    qr: Path | None,
    everybody: Path | None,
    server: str | None,
) -> None:
    """A captain's private link: own people, packet, blurb, teams.

    The address is shown once and kept nowhere; who has it sees the firm's full names.
    """
    if bool(firm) == bool(everybody):
        raise WrongUse(_("name a firm, or say --all FILE.csv"))
    if everybody and (revoke or qr):
        raise WrongUse(_("--all goes without --revoke and --qr"))
    with open_race(race) as opened:
        companies, links = opened.directory.names().companies, PrivateLinks(opened.engine, opened.settings.id)
        if everybody:
            _give_all(opened, companies, links, everybody, again, server)
            return
        company = firm_of(companies, firm or "")
        if revoke:
            _revoke(links, company, companies[company])
        else:
            _give(opened, links, company, companies[company], again, qr, server)


def _give(
    opened: OpenRace, links: PrivateLinks, company: str, name: str, again: bool, qr: Path | None, server: str | None
) -> None:
    if company in links.given(KIND) and not again:
        raise WrongUse(
            _(
                "the captain of {name} has a link already, and a new one would void it; use --again to make one all the same",
                name=name,
            ),
        )
    if qr:
        _refuse_to_replace(qr, again)
    address = _address(opened, links.give(Holder(KIND, company)), server)
    click.echo(address)
    modules = note_modules(address)
    if qr:
        _save(qr, modules)
    else:
        echo_drawn(blocks(modules), err=True)
    say(_("give it to the captain of {name} only; it cannot be shown again", name=name))


def _give_all(
    opened: OpenRace, companies: dict[str, str], links: PrivateLinks, file: Path, again: bool, server: str | None
) -> None:
    """The table is on the disk, whole, before any link opens: without it nobody would know them."""
    had = links.given(KIND)
    tokens = {company: new_token() for company in sorted(companies) if again or company not in had}
    if not tokens:
        say(
            _(
                "every firm has a link already; nothing was written to {file}. --again makes new links and voids the old ones",
                file=file,
            ),
        )
        return
    _refuse_to_replace(file, again)
    try:
        write_private(file, _table(opened, companies, tokens, server))
    except OSError as failure:
        raise Unreachable(_("cannot write {file}: {failure}", file=file, failure=failure)) from failure
    for company, token in tokens.items():
        links.give(Holder(KIND, company), token)
    say(
        ngettext(
            "the link of {n} firm is in {file}; remove it once they are handed out",
            "the links of {n} firms are in {file}; remove it once they are handed out",
            len(tokens),
            file=file,
        ),
    )


def _refuse_to_replace(file: Path, again: bool) -> None:
    """A file of links is their only copy; what `again` makes void may go.

    Raises:
        WrongUse: there is such a file.
    """
    if file.exists() and file.stat().st_size and not again:
        raise WrongUse(
            _("{file} is there already, and the links in it are kept nowhere else; name another file", file=file),
        )


def _table(opened: OpenRace, companies: dict[str, str], tokens: dict[str, str], server: str | None) -> bytes:
    rows = [(company, companies[company], _address(opened, token, server)) for company, token in tokens.items()]
    return (BOM + csv_table(["company", "firm", "link"], rows)).encode()


def _revoke(links: PrivateLinks, company: str, name: str) -> None:
    if not links.revoke(Holder(KIND, company)):
        raise WrongUse(_("the captain of {name} has no link", name=name))
    say(_("the link of the captain of {name} is revoked", name=name))


def _address(opened: OpenRace, token: str, server: str | None) -> str:
    base = (server or f"https://{opened.settings.host.lower()}").rstrip("/")
    return f"{base}/captain/{token}"


def _save(file: Path, modules: list[list[bool]]) -> None:
    side = len(modules)
    picture = Image.new("1", (side + 2 * QUIET_MODULES,) * 2, 1)
    for y, row in enumerate(modules):
        for x, dark in enumerate(row):
            if dark:
                picture.putpixel((x + QUIET_MODULES, y + QUIET_MODULES), 0)
    try:
        drawn = io.BytesIO()
        picture.resize((picture.width * PX_A_MODULE,) * 2, Image.Resampling.NEAREST).save(drawn, "PNG")
        write_private(file, drawn.getvalue())
    except OSError as failure:
        raise Unreachable(_("cannot write {file}: {failure}", file=file, failure=failure)) from failure
    say(_("the QR: {file}", file=file))
