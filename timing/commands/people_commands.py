"""The `marathon people` commands: who is entered, mending a name, full names by consent, forgetting a person."""

from pathlib import Path

import click

from timing.commands.command_line import Command, CommandGroup, race_option
from timing.commands.named import named_entrant
from timing.errors import RaceError, WrongUse
from timing.folder import OpenRace, open_race
from timing.language import N_, _
from timing.race.known_names import Names
from timing.race.office_state import Entrant
from timing.race.spelling import clean, same_name
from timing.terminal.output import confirm, say


@click.group("people", cls=CommandGroup)
def people() -> None:
    """Names, kept apart from the log, can be corrected and erased."""


@people.command("list")
@race_option
def people_list(race: Path | None) -> None:
    """Everybody who is entered: id, bib, firm, name, and whether the full name is public."""
    with open_race(race) as opened:
        names, folded = opened.directory.names(), opened.fold()
        for entrant in folded.entrants.values():
            firm = names.companies.get(entrant.company, entrant.company)
            agreed = str(_("\tfull name")) if entrant.id in names.open else ""
            gone = str(_("\twithdrawn")) if folded.ruled(entrant.id).status == "withdrawn" else ""
            click.echo(f"{entrant.id}\t{entrant.bib or ''}\t{firm}\t{names.people.get(entrant.id, '')}{agreed}{gone}")
        for one in sorted(names.people.keys() - folded.entrants.keys()):
            click.echo(f"{one}\t\t\t{names.people[one]}\t{_('the entry was taken back')}")


@people.command("rename")
@race_option
@click.argument("who")
@click.argument("name")
def people_rename(race: Path | None, who: str, name: str) -> None:
    """Correct a name; WHO is a bib or an entrant's id.

    The same person under the right spelling; for somebody else it is `marathon people stand-in`. With another
    name the consent to show it is gone. Print the bib again with `marathon bibs`.
    """
    name = clean(name)
    if not name:
        raise WrongUse(
            _("the name is empty; to erase it: `marathon people erase`"),
        )
    with open_race(race) as opened:
        entrant, names = named_entrant(opened.fold(), who), opened.directory.names()
        before, former = _told(entrant, names), names.people.get(entrant.id, "")
        opened.directory.keep(Names(people={entrant.id: name}))
        say(_("renamed: {before} → {name}", before=before, name=name))
        if former and not same_name(former, name):
            _drop_consent(opened, entrant, names, name)


def _drop_consent(opened: OpenRace, entrant: Entrant, names: Names, name: str) -> None:
    """Another name may be another person, who agreed to nothing."""
    if entrant.id in names.open:
        opened.directory.keep_consents({entrant.id: None})
        say(
            _("the consent to a full name is gone (given anew: `marathon people consent`)"),
        )
    who = entrant.bib or entrant.id
    say(
        _(
            "if it is another person, take the name back and use: marathon people stand-in {who} '{name}'",
            who=who,
            name=name,
        ),
    )


@people.command(
    "consent",
    cls=Command,
    examples="marathon people consent 417\nmarathon people consent 417 1024 e00031 --withdraw",
)
@race_option
@click.argument("who", nargs=-1, required=True)
@click.option("--withdraw", is_flag=True, help=N_("take it back: masked again"))
def people_consent(race: Path | None, who: tuple[str, ...], withdraw: bool) -> None:
    """Full names on public pages for whoever agreed; all others stay masked.

    WHO is a bib or an entrant's id. A roster's column `consent` does the same, but never again for somebody who
    took it back.
    """
    with open_race(race) as opened:
        folded, names = opened.fold(), opened.directory.names()
        entrants = [named_entrant(folded, one) for one in who]
        opened.directory.keep_consents({entrant.id: not withdraw for entrant in entrants})
    told = ", ".join(_told(entrant, names) for entrant in entrants)
    if withdraw:
        say(_("masked from now on: {told}", told=told))
    else:
        say(_("shown in full from now on: {told}", told=told))


@people.command("erase")
@race_option
@click.argument("who")
@click.option("--yes", is_flag=True, help=N_("do not ask"))
def people_erase(race: Path | None, who: str, yes: bool) -> None:
    """Erase a person's name.

    The log stays valid, and the place in the results stays taken. This cannot be undone. Whose entry was taken
    back is named by the id that `marathon people list` shows.
    """
    with open_race(race) as opened:
        names, folded = opened.directory.names(), opened.fold()
        left = who in names.people and who not in folded.entrants
        entrant = Entrant(who, "", "", "", "", "") if left else named_entrant(folded, who)
        told = _told(entrant, names)
        refused = _("an erased name cannot be brought back")
        confirm(_("{told}: erase this name?", told=told), refused, yes)
        erased = opened.directory.forget(entrant.id, opened.clock.now())
    if not erased:
        raise RaceError(_("the name is gone already: {told}", told=told))
    say(_("the name was erased: {told}", told=told))
    say(
        _("bibs printed before still bear it: captains get no such file until `marathon bibs` prints it anew"),
    )


def _told(entrant: Entrant, names: Names) -> str:
    """A person's bib and name; the id of a person with neither."""
    return " ".join(filter(None, (str(entrant.bib or ""), names.people.get(entrant.id, "")))) or entrant.id
