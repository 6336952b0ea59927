"""The `marathon firm captain` command: a firm's private link, shown once, as text and as a QR."""

from pathlib import Path

import click

from bibs.design.symbol import note_modules
from bibs.firms.captain_links import CaptainLinks, refuse_to_replace, save_qr
from timing.commands.command_line import command, race_option
from timing.errors import WrongUse
from timing.folder import open_race
from timing.language import N_, _, ngettext
from timing.race.lookup import firm_of
from timing.terminal.output import echo_drawn, say
from timing.terminal.qr_blocks import blocks


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
        companies, links = opened.directory.names().companies, CaptainLinks(opened, server)
        if everybody:
            _give_all(links, companies, everybody, again)
            return
        company = firm_of(companies, firm or "")
        if revoke:
            _revoke(links, company, companies[company])
        else:
            _give(links, company, companies[company], again, qr)


def _give(links: CaptainLinks, company: str, name: str, again: bool, qr: Path | None) -> None:
    if links.given_to(company) and not again:
        raise WrongUse(
            _(
                "the captain of {name} has a link already, and a new one would void it; use --again to make one all the same",
                name=name,
            ),
        )
    if qr:
        refuse_to_replace(qr, again)
    address = links.give(company)
    click.echo(address)
    if qr:
        save_qr(qr, address)
        say(_("the QR: {file}", file=qr))
    else:
        echo_drawn(blocks(note_modules(address)), err=True)
    say(_("give it to the captain of {name} only; it cannot be shown again", name=name))


def _give_all(links: CaptainLinks, companies: dict[str, str], file: Path, again: bool) -> None:
    count = links.give_all(companies, file, again)
    if not count:
        say(
            _(
                "every firm has a link already; nothing was written to {file}. --again makes new links and voids the old ones",
                file=file,
            ),
        )
        return
    say(
        ngettext(
            "the link of {n} firm is in {file}; remove it once they are handed out",
            "the links of {n} firms are in {file}; remove it once they are handed out",
            count,
            file=file,
        ),
    )


def _revoke(links: CaptainLinks, company: str, name: str) -> None:
    if not links.revoke(company):
        raise WrongUse(_("the captain of {name} has no link", name=name))
    say(_("the link of the captain of {name} is revoked", name=name))
