"""The command `marathon people stand-in`: somebody new runs with the bib of somebody who does not come."""

from datetime import date
from pathlib import Path

import click

from results.office.confirming import decide
from results.office.rulings import Office
from timing.commands.command_line import Command, race_option, say
from timing.errors import RaceError, WrongUse
from timing.folder import OpenRace, open_race
from timing.language import N_, _
from timing.race.ages import age_group, age_on
from timing.race.events import BibReplaced, DeskFact, StandInEntered
from timing.race.fold import Race
from timing.race.known_names import Names
from timing.race.office_state import Entrant
from timing.race.spelling import clean, group_key, name_key, same_name, sex_of


@click.command(
    "stand-in",
    cls=Command,
    examples="marathon people stand-in 417 이서연 --sex F --born 1990-01-31 --why '출장'\n"
    "marathon people stand-in 417 이서연 --sex 여 --category 10K --preview",
)
@race_option
@click.argument("who", metavar="BIB")
@click.argument("name")
@click.option("--sex", default="", help=N_("the new person's sex"))
@click.option("--category", default="", help=N_("the new person's category"))
@click.option("--born", default="", help=N_("gives the age group, and is not kept"))
@click.option("--team", help=N_("the team (default: the absent one's)"))
@click.option(
    "--bib",
    type=click.IntRange(1, 999_999),
    help=N_("wears this printed spare instead of the absent one's bib"),
)
@click.option("--why", default="대신 뜀", show_default=True, help=N_("why; it stays in the log"))
@click.option("--by", default="desk", show_default=True, help=N_("who decides"))
@click.option("--preview", is_flag=True, help=N_("only show what would change"))
@click.option("--yes", is_flag=True, help=N_("do not ask"))
def stand_in(
    race: Path | None,
    who: str,
    name: str,
    sex: str,
    category: str,
    born: str,
    team: str | None,
    bib: int | None,
    why: str,
    by: str,
    preview: bool,
    yes: bool,
) -> None:
    """Somebody else runs instead.

    A new person with an own sex and category wears the same bib; the absent one is withdrawn. Consent to a full
    name does not go over.
    """
    with open_race(race) as opened:
        person = _Person(clean(name), sex_of(sex), category, born, team, bib)
        decide(opened, lambda desk: person.instead_of(desk, who, by, why), preview, yes, person.keep)


class _Person:
    """Whoever stands in, as the command line says."""

    def __init__(self, name: str, sex: str, category: str, born: str, team: str | None, spare: int | None) -> None:
        if not name:
            raise WrongUse(_("the name is empty"))
        self._name, self._sex, self._category, self._born, self._team = name, sex, category, born, team
        self._id, self._spare = "", spare

    def instead_of(self, desk: Office, who: str, by: str, why: str) -> list[DeskFact]:
        """The fact; whom it replaces is told."""
        absent = desk.entrant(who)
        if absent.bib is None:
            raise RaceError(
                _("{who} has no bib; enter the new person by a roster", who=who),
            )
        self._id = next(desk.race.fresh_ids())
        category, aged_on = self._category_on(desk.race, desk.opened.settings.date)
        team = absent.team if self._team is None else desk.team(absent.company, self._team)
        told = f"{absent.bib} {desk.names.people.get(absent.id, absent.id)} → {self._name}"
        say(
            _("stand-in: {told}; the former entrant is withdrawn, the name is masked", told=told),
        )
        _point_out(absent, self._sex, category)
        self._point_out_names(desk, absent)
        desk.names.people[self._id] = self._name
        instead: DeskFact = StandInEntered(absent.id, self._id, team, self._sex, category, by, why, aged_on)
        if self._spare is None:
            return [instead]
        return [instead, BibReplaced(self._id, self._spare, desk.spare(self._spare), by, why)]

    def _point_out_names(self, desk: Office, absent: Entrant) -> None:
        """Somebody new who is called like the absent one, or like a colleague who is entered, may be nobody new."""
        names = desk.names.people
        if same_name(names.get(absent.id, ""), self._name):
            how = f"marathon people rename {absent.bib} '{self._name}'"
            say(
                _("⚠ same name as the absent entrant; to correct a name: `{how}`", how=how),
            )
        for one in desk.race.running():
            mine = one.id != absent.id and one.company == absent.company
            if mine and name_key(names.get(one.id, "")) == name_key(self._name):
                who = one.bib or one.id
                say(
                    _(
                        "⚠ the same firm has a {name} already ({who}); if that is who runs, they would be entered twice",
                        who=who,
                        name=self._name,
                    )
                )

    def keep(self, opened: OpenRace) -> None:
        """Write the name down, before the fact that refers to it."""
        opened.directory.keep(Names(people={self._id: self._name}))

    def _category_on(self, race: Race, day: date | None) -> tuple[str, str]:
        """The category, and the day on which the age was counted that gave it."""
        if self._category or not self._born:
            known = {group_key(one.category): one.category for one in race.entrants.values()}
            return known.get(group_key(self._category), clean(self._category)), ""
        if day is None:
            raise WrongUse(_("no `date` in race.toml to count the age on"))
        age = age_on(day, self._born)
        group = None if age is None else age_group(race.rules.age_group, age, self._sex)
        if group is None:
            raise WrongUse(
                _("no age group fits this date of birth (like 1990-01-31); --category says it outright"),
            )
        return group.name, day.isoformat()


def _point_out(absent: Entrant, sex: str, category: str) -> None:
    """What the absent one had and nobody said of the new person: it is not taken over."""
    missing = [
        text
        for text, had, has in (
            (_("--sex"), absent.sex, sex),
            (_("--category, --born"), absent.category, category),
        )
        if had and not has
    ]
    for text in missing:
        say(_("⚠ no {text} was given; it stays empty", text=text))
