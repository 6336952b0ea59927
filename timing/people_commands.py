"""The `marathon people` commands: who is entered, mending a name, full names by consent, forgetting a person."""

import sys
from pathlib import Path

import click

from timing.book import Entrant
from timing.command_line import Command, race_option, say
from timing.errors import RaceError, WrongUse
from timing.folder import OpenRace, open_race
from timing.store.directory import Names


@click.group("people")
def people() -> None:
    """참가자의 이름. 기록과 따로 있어 고치고 지울 수 있습니다. / Names, kept apart from the log, can be mended and erased."""


@people.command("list")
@race_option
def people_list(race: Path | None) -> None:
    """참가자를 모두 보여 줍니다. / Everybody who is entered: id, bib, firm, name, and whether the full name is public."""
    with open_race(race) as opened:
        names = opened.directory.names()
        for entrant in opened.fold().entrants.values():
            firm = names.companies.get(entrant.company, entrant.company)
            agreed = "\t공개 동의 / full name" if entrant.id in names.open else ""
            click.echo(f"{entrant.id}\t{entrant.bib or ''}\t{firm}\t{names.people.get(entrant.id, '')}{agreed}")


@people.command("rename")
@race_option
@click.argument("who")
@click.argument("name")
def people_rename(race: Path | None, who: str, name: str) -> None:
    """이름을 고칩니다. WHO는 배번이나 참가자 번호(e00012). / Mend a name; WHO is a bib or an entrant's id.

    이미 인쇄한 배번은 `marathon bibs`로 다시 만드세요. / Print the bib again with `marathon bibs`.
    """
    with open_race(race) as opened:
        entrant = _find(opened, who)
        opened.directory.keep(Names(people={entrant.id: name.strip()}))
    say(f"{entrant.id}의 이름을 고쳤습니다", f"{entrant.id} has the new name")


@people.command(
    "consent",
    cls=Command,
    examples="marathon people consent 417\nmarathon people consent 417 1024 e00031 --withdraw",
)
@race_option
@click.argument("who", nargs=-1, required=True)
@click.option("--withdraw", is_flag=True, help="동의를 거둠: 다시 가림 / take it back: masked again")
def people_consent(race: Path | None, who: tuple[str, ...], withdraw: bool) -> None:
    """이름을 온전히 보여도 된다고 동의한 사람. / Full names on public pages for whoever agreed; all others stay masked.

    WHO는 배번이나 참가자 번호(e00012). 명단의 `공개 동의` 열로도 되지만, 거둔 사람은 명단이 다시 열지 못합니다. / WHO is a bib
    or an entrant's id. A roster's column `consent` does the same, but never again for somebody who took it back.
    """
    with open_race(race) as opened:
        entrants = [_find(opened, one).id for one in who]
        opened.directory.keep_consents(dict.fromkeys(entrants, not withdraw))
    told = ", ".join(entrants)
    if withdraw:
        say(f"{told}의 이름을 다시 가립니다", f"masked from now on: {told}")
    else:
        say(f"{told}의 이름을 온전히 보여 줍니다", f"shown in full from now on: {told}")


@people.command("erase")
@race_option
@click.argument("who")
@click.option("--yes", is_flag=True, help="묻지 않음 / do not ask")
def people_erase(race: Path | None, who: str, yes: bool) -> None:
    """이름을 지웁니다. 기록은 그대로 맞고 순위의 자리도 그대로입니다. / Erase a person's name.

    The log stays valid, and the place in the results stays taken. 되돌릴 수 없습니다. / This cannot be undone.
    """
    with open_race(race) as opened:
        entrant = _find(opened, who)
        if not yes and not sys.stdin.isatty():
            raise WrongUse("되돌릴 수 없습니다. --yes를 주세요", "this cannot be undone; say --yes")
        if not yes:
            click.confirm(
                f"{entrant.id} (배번 {entrant.bib}) 이름을 지울까요? / erase this name?", abort=True, err=True
            )
        erased = opened.directory.forget(entrant.id)
    if not erased:
        raise RaceError(f"{entrant.id}의 이름은 이미 없습니다", f"{entrant.id} has no name any more")
    say(f"{entrant.id}의 이름을 지웠습니다", f"the name of {entrant.id} was erased")


def _find(opened: OpenRace, who: str) -> Entrant:
    race = opened.fold()
    found = race.by_bib(int(who)) if who.isdecimal() else race.entrants.get(who)
    if found is None:
        raise RaceError(f"{who}은(는) 이 대회에 없습니다", f"there is no {who} in this race")
    return found
