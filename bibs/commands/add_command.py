"""The command `marathon people add`: somebody who stands at the counter and is in no list."""

from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

import click

from bibs.commands.roster_commands import FaultyRoster, take_in
from bibs.roster.entries.entry import Entries, Entry, Fault, entry_of
from bibs.roster.registration.entrant_matcher import Answers
from bibs.roster.registration.preview import preview
from bibs.roster.table_rows import TableRow
from timing.commands.command_line import Command, race_option, say
from timing.errors import RaceError
from timing.folder import open_race
from timing.language import N_, _, warning
from timing.race.fold import Race
from timing.race.known_names import Names
from timing.race.spelling import company_key, name_key

PLACE = "people add"


@click.command(
    "add",
    cls=Command,
    examples="marathon people add 이서연 --firm 가람전자 --sex F --born 1990-01-31 --bib 1250\n"
    "marathon people add 박새로 --firm 새솔정밀 --new-firm --sex M --team 1팀 --preview",
)
@race_option
@click.argument("name")
@click.option("--firm", "company", required=True, help=N_("the firm"))
@click.option("--new-firm", is_flag=True, help=N_("a firm of which nobody is entered yet"))
@click.option("--team", default="", help=N_("a team inside the firm"))
@click.option("--joint-team", "joint_team", default="", help=N_("a team across firms"))
@click.option("--sex", default="", help=N_("the sex"))
@click.option("--category", default="", help=N_("the category"))
@click.option("--born", default="", help=N_("gives the age group, and is not kept"))
@click.option("--wave", default="", help=N_("the wave (default: 1)"))
@click.option("--bib", default="", help=N_("a printed spare, or another free number"))
@click.option("--consent", is_flag=True, help=N_("agrees to the full name in public"))
@click.option("--namesake", is_flag=True, help=N_("another person of the same name"))
@click.option("--preview", "only_preview", is_flag=True, help=N_("only show what would be entered"))
def people_add(
    race: Path | None, new_firm: bool, consent: bool, namesake: bool, only_preview: bool, **said: str
) -> None:
    """Enter somebody who is in no list, on the spot.

    With the number of a printed spare there is nothing to print; else `marathon bibs --only-new --output office`
    prints the bib.
    """
    with open_race(race) as opened:
        columns = {column: text for column, text in said.items() if text}
        entry = _entry(columns | ({"consent": "yes"} if consent else {}))
        folded = opened.fold()
        before, cards = opened.names(folded), opened.directory.cards()
        _refuse_unknown_firm(before, entry.company, new_firm)
        entry = _in_wave(folded, entry)
        others = _refuse_namesake(folded, before, entry, namesake)
        done = take_in(opened, [Entries((entry,))], only_preview, Answers(other=others))
        done.missing.clear()  # nobody is missing from a list of one
        for line in preview(done, before, cards):
            click.echo(line)
        for fault in done.flagged:
            click.echo(f"  {fault}", err=True)
        if only_preview:
            say(_("nothing was recorded"))
            return
        entered = done.people[0].after
        _say_entered(entered.id, entered.bib, entered.bib in folded.office.spares)


def _entry(columns: dict[str, str]) -> Entry:
    """What was said as a row of a list would say it.

    Raises:
        FaultyRoster: a value that no list may hold either.
    """
    read = entry_of(PLACE, {column: at for at, column in enumerate(columns)}, TableRow(1, list(columns.values())))
    if isinstance(read, Fault):
        raise FaultyRoster([read])
    return read


def _in_wave(race: Race, entry: Entry) -> Entry:
    """In the wave that people mean; one of which nobody has heard is told."""
    if not entry.wave:
        return entry
    wave, known = race.office.wave_called(entry.wave), sorted(set(race.office.waves.values()))
    if known and wave not in known:
        say(warning(_("wave {wave} is new; waves: {known}", wave=wave, known=", ".join(known))))
    return replace(entry, wave=wave)


def _refuse_unknown_firm(names: Names, company: str, new: bool) -> None:
    called = [*names.companies.values(), *names.former]
    if new or company_key(company) in map(company_key, called):
        return
    near = ", ".join(get_close_matches(company, called, 3, 0.4))
    raise RaceError(
        _(
            "there is no firm {company} yet{close}; for a new one say --new-firm",
            company=company,
            close=_("; close: {found}", found=near) if near else "",
        ),
    )


def _refuse_namesake(race: Race, names: Names, entry: Entry, meant: bool) -> list[str]:
    """The ids of those of the same firm and name; nobody is entered twice by a slip."""
    found = [
        one
        for one in race.entrants.values()
        if name_key(names.people.get(one.id, "")) == name_key(entry.name)
        and company_key(names.companies.get(one.company, "")) == company_key(entry.company)
    ]
    if found and not meant:
        shown = ", ".join(str(one.bib or one.id) for one in found)
        raise RaceError(
            _(
                "{company} {name} is entered already ({shown}); for another person of that name say --namesake",
                company=entry.company,
                name=entry.name,
                shown=shown,
            ),
        )
    return [one.id for one in found]


def _say_entered(entrant: str, bib: int | None, spare: bool) -> None:
    undo = f"marathon rule status withdrawn {bib or entrant} --why '잘못 등록'"
    say(_("entered; `{undo}` takes it out", undo=undo))
    if not spare:
        say(
            _("there is no printed bib yet: `marathon bibs --only-new --output office`"),
        )
