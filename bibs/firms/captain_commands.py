"""The `marathon firm captain` command: a firm's private link, shown once, as text and as a QR."""

import csv
import io
from pathlib import Path
from typing import Final

import click
from PIL import Image

from bibs.drawing.lists import FORMULA_STARTS
from bibs.drawing.symbol import QUIET_MODULES, note_modules
from timing.blocks import blocks
from timing.chance import new_token
from timing.command_line import command, echo_drawn, race_option, say
from timing.errors import Unreachable, WrongUse
from timing.folder import OpenRace, open_race
from timing.lookup import firm_of
from timing.private import write_private
from timing.store.private_links import Holder, PrivateLinks

PX_A_MODULE = 12
KIND: Final = "captain"


@command(
    "captain",
    examples="marathon firm captain 한빛테크\nmarathon firm captain 한빛테크 --again --qr 한빛테크.png\n"
    "marathon firm captain --all 주장.csv\nmarathon firm captain 한빛테크 --revoke",
)
@race_option
@click.argument("firm", required=False)
@click.option("--again", is_flag=True, help="새 링크: 옛 링크는 막힘 / a new link; the old one is void")
@click.option("--revoke", is_flag=True, help="링크를 거둠 / take the link back")
@click.option(
    "--qr",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.png",
    help="QR을 그림으로(기본: 화면에) / the QR as a picture instead of on the terminal",
)
@click.option(
    "--all",
    "everybody",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.csv",
    help="링크가 없는 모든 소속의 링크를 표로 / a table of links for every firm that has none",
)
@click.option("--server", metavar="URL", help="전광판의 주소(기본: race.toml의 host) / the board's address")
def captain(
    race: Path | None,
    firm: str | None,
    again: bool,
    revoke: bool,
    qr: Path | None,
    everybody: Path | None,
    server: str | None,
) -> None:
    """주장에게 줄 비밀 주소. 자기 사람들의 온전한 이름, 꾸러미, 소개, 팀. / A captain's private link: own people, packet, blurb, teams.

    주소는 한 번만 보이고 남지 않습니다. / The address is shown once and kept nowhere; who has it sees the firm's full names.
    """
    if bool(firm) == bool(everybody):
        raise WrongUse("소속을 적거나 --all을 주세요", "name a firm, or say --all FILE.csv")
    if everybody and (revoke or qr):
        raise WrongUse("--all은 --revoke나 --qr과 함께 쓸 수 없습니다", "--all goes without --revoke and --qr")
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
            f"{name}의 주장에게 이미 링크를 주었습니다. 새로 만들면 옛 링크가 막힙니다. 그래도 만들려면 --again",
            "that captain has a link already, and a new one makes the old one void; say --again to do so",
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
    say(f"{name}의 주장에게만 주세요. 다시 볼 수 없습니다", "give it to that captain alone; it is shown only now")


def _give_all(
    opened: OpenRace, companies: dict[str, str], links: PrivateLinks, file: Path, again: bool, server: str | None
) -> None:
    """The table is on the disk, whole, before any link opens: without it nobody would know them."""
    had = links.given(KIND)
    tokens = {company: new_token() for company in sorted(companies) if again or company not in had}
    if not tokens:
        say(
            f"모든 소속에 이미 링크를 주었습니다. {file}에는 쓰지 않았습니다. 새로 만들려면 --again(옛 링크는 막힘)",
            "every firm has a link already; nothing was written. --again makes new ones, and the old ones void",
        )
        return
    _refuse_to_replace(file, again)
    try:
        write_private(file, _table(opened, companies, tokens, server))
    except OSError as failure:
        raise Unreachable(f"{file}에 쓸 수 없습니다: {failure}", f"cannot write {file}: {failure}") from failure
    for company, token in tokens.items():
        links.give(Holder(KIND, company), token)
    say(
        f"{len(tokens)}개 소속의 링크: {file}. 나눠 준 뒤 지우세요",
        f"the links of {len(tokens)} firms are in {file}; remove it once they are handed out",
    )


def _refuse_to_replace(file: Path, again: bool) -> None:
    """A file of links is their only copy; what `again` makes void may go.

    Raises:
        WrongUse: there is such a file.
    """
    if file.exists() and file.stat().st_size and not again:
        raise WrongUse(
            f"{file}이(가) 이미 있습니다. 그 안의 링크는 다시 볼 수 없으니 덮어쓰지 않습니다. 다른 파일 이름을 적으세요",
            f"{file} is there already, and the links in it are kept nowhere else; name another file",
        )


def _table(opened: OpenRace, companies: dict[str, str], tokens: dict[str, str], server: str | None) -> bytes:
    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow(["company", "firm", "link"])
    for company, token in tokens.items():
        name = companies[company]
        shown = f"'{name}" if name.startswith(FORMULA_STARTS) else name
        rows.writerow([company, shown, _address(opened, token, server)])
    return ("\ufeff" + table.getvalue()).encode()


def _revoke(links: PrivateLinks, company: str, name: str) -> None:
    if not links.revoke(Holder(KIND, company)):
        raise WrongUse(f"{name}의 주장에게는 링크가 없습니다", "that captain has no link")
    say(f"{name} 주장의 링크를 거두었습니다", f"the link of {company} is void")


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
        raise Unreachable(f"{file}에 쓸 수 없습니다: {failure}", f"cannot write {file}: {failure}") from failure
    say(f"QR: {file}", f"the QR: {file}")
