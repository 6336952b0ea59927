"""Somebody new runs with the bib of somebody who does not come: the decision, and what is odd about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from results.office.rulings.ruling_preview import Decision
from results.office.rulings.rulings import Office
from timing.errors import RaceError, WrongUse
from timing.language import Text, _
from timing.race.ages import age_group, age_on
from timing.race.events import BibReplaced, DeskFact, StandInEntered
from timing.race.fold import Race
from timing.race.known_names import Names
from timing.race.office_state import Entrant
from timing.race.spelling import clean, group_key, name_key, same_name


@dataclass(frozen=True, slots=True)
class Substitute:
    """Who runs instead; `team` None is the absent entrant's, `spare` a printed spare bib to wear instead of the absent one's."""

    name: str
    sex: str = ""
    category: str = ""
    born: str = ""
    """Gives the age group, and is not kept."""
    team: str | None = None
    spare: int | None = None


def substitution(office: Office, who: str, person: Substitute, by: str, why: str) -> Decision:
    """The new person is entered in the place of `who`, a bib, an id or a name, who is withdrawn.

    Raises:
        WrongUse: no name, or a date of birth that gives no age group.
        RaceError: nobody is called so, or has no bib.
    """
    if not person.name:
        raise WrongUse(_("the name is empty"))
    absent = office.entrant(who)
    if absent.bib is None:
        raise RaceError(
            _("{who} has no bib; enter the new person by a roster", who=who),
        )
    new = next(office.race.fresh_ids())
    category, aged_on = category_on(person, office.race, office.opened.settings.date)
    team = absent.team if person.team is None else office.team(absent.company, person.team)
    facts: list[DeskFact] = [StandInEntered(absent.id, new, team, person.sex, category, by, why, aged_on)]
    if person.spare is not None:
        facts.append(BibReplaced(new, person.spare, office.spare(person.spare), by, why))
    remarks = [
        *_whom(office, absent, person),
        *_left_empty(absent, person.sex, category),
        *_alike(office, absent, person),
    ]
    return Decision(facts, remarks, Names(people={new: person.name}))


def _whom(office: Office, absent: Entrant, person: Substitute) -> Iterator[Text]:
    told = f"{absent.bib} {office.names.people.get(absent.id, absent.id)} → {person.name}"
    yield _("stand-in: {told}; the former entrant is withdrawn, the name is masked", told=told)


def _left_empty(absent: Entrant, sex: str, category: str) -> Iterator[Text]:
    """What the absent entrant had and was not given for the new one: it is not copied."""
    for text, had, has in (
        (_("sex"), absent.sex, sex),
        (_("category or birth"), absent.category, category),
    ):
        if had and not has:
            yield _("⚠ no {text} was given; it stays empty", text=text)


def _alike(office: Office, absent: Entrant, person: Substitute) -> Iterator[Text]:
    """Somebody new who is called like the absent entrant, or like a colleague who is entered, may be nobody new."""
    names = office.names.people
    if same_name(names.get(absent.id, ""), person.name):
        how = f"marathon people rename {absent.bib} '{person.name}'"
        yield _("⚠ same name as the absent entrant; to correct a name: `{how}`", how=how)
    for one in office.race.running():
        colleague = one.id != absent.id and one.company == absent.company
        if colleague and name_key(names.get(one.id, "")) == name_key(person.name):
            yield _(
                "⚠ the same firm has a {name} already ({who}); if that is who runs, they would be entered twice",
                who=one.bib or one.id,
                name=person.name,
            )


def category_on(person: Substitute, race: Race, day: date | None) -> tuple[str, str]:
    """The category, and the day on which the age was counted that gave it."""
    if person.category or not person.born:
        known = {group_key(one.category): one.category for one in race.entrants.values()}
        return known.get(group_key(person.category), clean(person.category)), ""
    if day is None:
        raise WrongUse(_("no `date` in race.toml to count the age on"))
    age = age_on(day, person.born)
    group = None if age is None else age_group(race.rules.age_group, age, person.sex)
    if group is None:
        raise WrongUse(
            _("no age group fits this date of birth (like 1990-01-31); --category says it outright"),
        )
    return group.name, day.isoformat()
