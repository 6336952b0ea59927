"""The `marathon people` commands: who is entered, mending a name, full names by consent, forgetting a person."""

from pathlib import Path

import click

from timing.book import Entrant
from timing.command_line import Command, confirm, race_option, say
from timing.errors import RaceError, WrongUse
from timing.folder import OpenRace, open_race
from timing.lookup import entrant_of
from timing.spelling import clean, same_name
from timing.store.directory import Names


@click.group("people")
def people() -> None:
    """참가자의 이름. 기록과 따로 있어 고치고 지울 수 있습니다. / Names, kept apart from the log, can be mended and erased."""


@people.command("list")
@race_option
def people_list(race: Path | None) -> None:
    """참가자를 모두 보여 줍니다. / Everybody who is entered: id, bib, firm, name, and whether the full name is public."""
    with open_race(race) as opened:
        names, folded = opened.directory.names(), opened.fold()
        for entrant in folded.entrants.values():
            firm = names.companies.get(entrant.company, entrant.company)
            agreed = "\t공개 동의 / full name" if entrant.id in names.open else ""
            gone = "\t참가 취소 / withdrawn" if folded.ruled(entrant.id).status == "withdrawn" else ""
            click.echo(f"{entrant.id}\t{entrant.bib or ''}\t{firm}\t{names.people.get(entrant.id, '')}{agreed}{gone}")


@people.command("rename")
@race_option
@click.argument("who")
@click.argument("name")
def people_rename(race: Path | None, who: str, name: str) -> None:
    """잘못 적은 이름을 고칩니다. WHO는 배번이나 참가자 번호(e00012). / Mend a name; WHO is a bib or an entrant's id.

    같은 사람의 이름만 고칩니다. 다른 사람이 대신 뛰면 `marathon people stand-in`. 이름이 달라지면 이름 공개 동의는 없어집니다. 이미 인쇄한 배번은
    `marathon bibs`로 다시 만드세요.
    The same person under the right spelling; for somebody else it is `marathon people stand-in`. With another name the consent to show it
    is gone. Print the bib again with `marathon bibs`.
    """
    name = clean(name)
    if not name:
        raise WrongUse(
            "이름이 비어 있습니다. 지우려면 marathon people erase",
            "the name is empty; to erase it: `marathon people erase`",
        )
    with open_race(race) as opened:
        entrant, names = entrant_of(opened.fold(), who), opened.directory.names()
        before, former = _told(entrant, names), names.people.get(entrant.id, "")
        opened.directory.keep(Names(people={entrant.id: name}))
        say(f"이름을 고쳤습니다: {before} → {name}", f"renamed: {before} → {name}")
        if former and not same_name(former, name):
            _drop_consent(opened, entrant, names, name)


def _drop_consent(opened: OpenRace, entrant: Entrant, names: Names, name: str) -> None:
    """Another name may be another person, who agreed to nothing."""
    if entrant.id in names.open:
        opened.directory.keep_consents({entrant.id: None})
        say(
            "이름 공개 동의를 없앴습니다(다시 받으면 marathon people consent)",
            "the consent to a full name is gone (given anew: `marathon people consent`)",
        )
    who = entrant.bib or entrant.id
    say(
        f"다른 사람이면 이름을 되돌리고: marathon people stand-in {who} '{name}'",
        f"if it is another person, take the name back and use `marathon people stand-in {who}`",
    )


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
        folded, names = opened.fold(), opened.directory.names()
        entrants = [entrant_of(folded, one) for one in who]
        opened.directory.keep_consents({entrant.id: not withdraw for entrant in entrants})
    told = ", ".join(_told(entrant, names) for entrant in entrants)
    if withdraw:
        say(f"이름을 다시 가립니다: {told}", f"masked from now on: {told}")
    else:
        say(f"이름을 온전히 보여 줍니다: {told}", f"shown in full from now on: {told}")


@people.command("erase")
@race_option
@click.argument("who")
@click.option("--yes", is_flag=True, help="묻지 않음 / do not ask")
def people_erase(race: Path | None, who: str, yes: bool) -> None:
    """이름을 지웁니다. 기록은 그대로 맞고 순위의 자리도 그대로입니다. / Erase a person's name.

    The log stays valid, and the place in the results stays taken. 되돌릴 수 없습니다. / This cannot be undone.
    """
    with open_race(race) as opened:
        entrant = entrant_of(opened.fold(), who)
        told = _told(entrant, opened.directory.names())
        refused = "이름을 지우면 되돌릴 수 없습니다", "an erased name cannot be brought back"
        confirm(f"{told}: 이름을 지울까요? / erase this name?", refused, yes)
        erased = opened.directory.forget(entrant.id, opened.clock.now())
    if not erased:
        raise RaceError(f"이름이 이미 없습니다: {told}", f"the name is gone already: {told}")
    say(f"이름을 지웠습니다: {told}", f"the name was erased: {told}")
    say(
        "배번을 이미 인쇄했다면 그 파일에는 이름이 남아 있습니다. `marathon bibs`로 다시 인쇄할 때까지 주장에게 내주지 않습니다",
        "bibs printed before still bear it: captains get no such file until `marathon bibs` prints it anew",
    )


def _told(entrant: Entrant, names: Names) -> str:
    """A person as the desk knows them: bib and name; the id of whoever has neither."""
    return " ".join(filter(None, (str(entrant.bib or ""), names.people.get(entrant.id, "")))) or entrant.id
