"""The `marathon firm` commands: what a firm shows of itself, and the look of its QR."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import click

from bibs.design.gate import told
from bibs.design.trial import Readers
from bibs.firms.captain_commands import captain
from bibs.firms.desk import Asked, change_card
from timing.command_line import command, race_option, say
from timing.errors import WrongUse
from timing.firms import BLURB_MOST, LOGO_PERCENT, Design, FirmCard, Shape
from timing.folder import open_race
from timing.lookup import firm_of
from timing.spelling import clean, company_key
from timing.store.directory import Names


def firm_command(readers: Callable[[], Readers]) -> click.Group:
    """The commands, with the two decoders that judge a design; they are fetched only when one must be measured."""

    @click.group("firm")
    def firm() -> None:
        """소속이 내놓는 것: 꾸러미 갈 곳, 링크, 소개, QR 디자인. / What a firm shows: place, link, blurb, its QR's design."""

    for one in (_list, _show, _rename, _set(readers), captain):
        firm.add_command(one)
    return firm


@command("list", examples="marathon firm list")
@race_option
def _list(race: Path | None) -> None:
    """소속을 모두 보여 줍니다. / All firms: id, name, runners, place, link and blurb, design."""
    with open_race(race) as opened:
        names, cards, people = opened.directory.names(), opened.directory.cards(), list(opened.fold().running())
    runners = dict.fromkeys(names.companies, 0)
    for entrant in people:
        runners[entrant.company] = runners.get(entrant.company, 0) + 1
    for company, count in sorted(runners.items()):
        card = cards.get(company, FirmCard(company))
        cells = (company, names.companies.get(company, ""), str(count), card.place, _state(card), _design(card.design))
        click.echo("\t".join(cells))


@command("show", examples="marathon firm show 한빛테크\nmarathon firm show c0003")
@race_option
@click.argument("firm")
def _show(race: Path | None, firm: str) -> None:
    """한 소속의 카드. / One firm's card."""
    with open_race(race) as opened:
        companies, cards = opened.directory.names().companies, opened.directory.cards()
    company = firm_of(companies, firm)
    for line in _card_lines(companies[company], cards.get(company, FirmCard(company))):
        click.echo(line)


@command(
    "rename", examples="marathon firm rename 한빛테크 '한빛 테크놀로지'\nmarathon firm rename c0003 '한빛 테크놀로지'"
)
@race_option
@click.argument("firm")
@click.argument("name")
def _rename(race: Path | None, firm: str, name: str) -> None:
    """소속의 이름을 바꿉니다. 사람, 팀, 링크는 그대로. / Another name for a firm; people, teams and links stay.

    예전 이름의 명단도 이 소속으로 들어옵니다. / Lists under the former name still come in for this firm.
    """
    with open_race(race) as opened:
        names = opened.directory.names()
        company, name = firm_of(names.companies, firm), clean(name)
        if not name:
            raise WrongUse("이름이 비어 있습니다", "the name is empty")
        _refuse_another_firm_s(names, company, name)
        before = names.companies[company]
        opened.directory.keep(Names(companies={company: name}, former={before: company}))
    say(f"소속 이름을 바꿨습니다: {before} → {name}", f"the firm is renamed: {before} → {name}")
    say("이미 인쇄한 배번은 `marathon bibs`로 다시 만드세요", "print its bibs again with `marathon bibs`")


def _refuse_another_firm_s(names: Names, company: str, name: str) -> None:
    called = [*((called, one) for one, called in names.companies.items()), *names.former.items()]
    other = next(
        (one for before, one in called if company_key(before) == company_key(name) and one != company), company
    )
    if other != company and company_key(names.companies.get(other, "")) != company_key(name):
        now = names.companies.get(other, other)
        raise WrongUse(
            f"{name}은(는) {now}의 예전 이름이라 그 이름의 명단은 {now} 소속으로 들어옵니다. 다른 이름을 쓰세요",
            f"{name} was the name of {now}, and lists under it come in for {now}; choose another name",
        )
    if other != company:
        raise WrongUse(
            f"{name}은(는) 이미 있는 소속입니다. 한 회사라면: marathon rule merge {company} {other} --why '같은 회사'",
            f"there is a firm {name} already; if they are one, `marathon rule merge {company} {other}`",
        )


def _card_lines(name: str, card: FirmCard) -> Iterator[str]:
    yield f"{card.company}  {name}"
    yield f"곳 / place: {card.place or '-'}"
    yield f"링크 / link: {card.link or '-'}"
    yield f"소개 / blurb: {card.blurb or '-'}"
    yield f"승인 / approval: {_state(card)}"
    yield f"QR 디자인 / QR design: {_design(card.design)}"
    if card.design.scores:
        yield f"까만 QR에 견주어 / against a black QR: {told(card.design.scores)}"


def _state(card: FirmCard) -> str:
    if not (card.link or card.blurb):
        return "-"
    return "승인 / approved" if card.approved else "승인 전 / not approved"


def _design(design: Design) -> str:
    if design.plain:
        return "검정 / black"
    ground = f" on {design.ground}" if design.ground != Design().ground else ""
    logo = f", {design.logo} {design.logo_percent} %" if design.logo else ""
    return f"{design.colour}{ground}, {design.shape}{logo}"


def _set(readers: Callable[[], Readers]) -> click.Command:
    @command(
        "set",
        examples="marathon firm set 한빛테크 --building '대륭포스트타워 8차' --floor 12층\n"
        "marathon firm set 한빛테크 --link https://hanbit.example/jobs --blurb '함께 달릴 동료를 찾습니다' --approve\n"
        "marathon firm set 한빛테크 --colour '#0B4F8A' --shape rounded --logo hanbit.svg --preview qr.png\n"
        "marathon firm set 한빛테크 --plain",
    )
    @race_option
    @click.argument("firm")
    @click.option("--building", help="꾸러미가 갈 건물 / the building its packet goes to")
    @click.option("--floor", help="층 / the floor")
    @click.option("--link", help="소속 쪽의 링크, https만; ''은 지움 / the link on its page, https only; '' clears it")
    @click.option("--blurb", help=f"소개, {BLURB_MOST}자까지; ''은 지움 / its blurb, at most {BLURB_MOST} characters")
    @click.option("--approve", is_flag=True, help="링크와 소개를 보여도 됨 / link and blurb may be shown")
    @click.option("--colour", metavar="#RRGGBB", help="QR의 색 / the QR's colour")
    @click.option(
        "--ground", metavar="#RRGGBB", help="QR의 바탕색(둘레는 희게 남음) / its ground; the margin stays white"
    )
    @click.option("--shape", type=click.Choice(get_args(Shape)), help="점의 모양 / the shape of its modules")
    @click.option(
        "--logo",
        type=click.Path(path_type=Path, dir_okay=False),
        help="가운데의 로고, SVG나 PNG / a logo in the middle, SVG or PNG",
    )
    @click.option(
        "--logo-percent",
        type=int,
        metavar="N",
        help=f"로고의 너비, QR 너비의 %(기본 {LOGO_PERCENT}) / the logo's width in % of the QR's (default {LOGO_PERCENT})",
    )
    @click.option("--no-logo", is_flag=True, help="로고 빼기 / take the logo out")
    @click.option("--plain", is_flag=True, help="까만 QR에서 다시 시작 / start again from the black QR")
    @click.option(
        "--preview",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE.png",
        help="인쇄될 QR을 그림으로 / the code as it would be printed, as a picture",
    )
    def set_(race: Path | None, firm: str, **asked: Any) -> None:
        """소속의 카드를 고칩니다. / Change a firm's card.

        QR 디자인은 상한 사진 600장에서 까만 QR만큼 읽혀야 받습니다: 대비 4.5 이상(7 권장), 밝은 바탕, 로고 20% 이하. 링크나 소개를 바꾸면 승인도
        다시 받아야 합니다. 아무것도 바꾸지 않으면 디자인을 다시 잽니다.
        A design is taken only if two decoders read it nearly as well as plain black in 600 damaged pictures: contrast 4.5 or more
        (7 advised), dark on light, logo at most 20 %. A changed link or blurb must be approved again. Without any change the
        design is measured again.
        """
        with open_race(race) as opened:
            company = firm_of(opened.directory.names().companies, firm)
            change_card(opened, company, Asked(**asked), readers)

    return set_
