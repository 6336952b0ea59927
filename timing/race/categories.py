"""Finds outdated age categories; births are not stored, so only a new import of the roster recomputes them. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from timing.language import Text, ngettext
from timing.race.events import DeskFact, EntrantRegistered, FactUndone, RulesSet, StandInEntered
from timing.race.fold import Race
from timing.race.office_state import Entrant, undone
from timing.race.rules import AgeGroup, Rules
from timing.race.spelling import group_key

AgeGroups = tuple[AgeGroup, ...]


def outdated(race: Race, rules: Rules, day: date | None) -> Iterator[Text]:
    """Whose age was counted on another day than the race's, or by other age groups than these rules'; in Korean and English."""
    aged = [one for one in race.running() if one.aged_on]
    for counted_on, people in sorted(Counter(one.aged_on for one in aged).items()):
        if day is not None and counted_on != day.isoformat():
            yield ngettext(
                "the category of {n} person was given for {counted_on}; the race is on {day}: import the rosters again",
                "categories of {n} people were given for {counted_on}; the race is on {day}: import the rosters again",
                people,
                counted_on=counted_on,
                day=day,
            )
    groups = {group_key(group.name) for group in rules.age_group}
    gone = [one for one in aged if group_key(one.category) not in groups]
    for category, people in sorted(Counter(one.category for one in gone).items()):
        yield ngettext(
            "{n} person is in {category}, which the rules no longer have: import the rosters again",
            "{n} people are in {category}, which the rules no longer have: import the rosters again",
            people,
            category=category,
        )
    given = groups_given_by(race)
    kept = (one for one in aged if group_key(one.category) in groups)
    if changed := sum(ages_differ(one, given, rules) for one in kept):
        yield ngettext(
            "the category of {n} person was given by other age groups than these: import the rosters again",
            "categories of {n} people were given by other age groups than these: import the rosters again",
            changed,
        )


def ages_differ(one: Entrant, given: Mapping[str, AgeGroups], rules: Rules) -> bool:
    """Whether the group by which somebody got a category held other ages than it holds now."""
    if not one.aged_on or one.id not in given:
        return False
    before, now = (
        [group for group in groups if group_key(group.name) == group_key(one.category)]
        for groups in (given[one.id], rules.age_group)
    )
    return before != now


def groups_given_by(race: Race) -> Mapping[str, AgeGroups]:
    """The age groups that held when each entrant got a category by age."""
    said = sorted(race.said.items())
    held, given = Rules().age_group, dict[str, AgeGroups]()
    for at, (_pos, fact) in enumerate(said):
        if isinstance(fact, RulesSet | FactUndone):
            held = _in_force(said[: at + 1])
        elif isinstance(fact, EntrantRegistered):
            given[fact.entrant] = held
        elif isinstance(fact, StandInEntered):
            given[fact.stand_in] = held
    return given


def _in_force(said: Sequence[tuple[int, DeskFact]]) -> AgeGroups:
    gone = undone(said)
    rules = [fact.rules for pos, fact in said if isinstance(fact, RulesSet) and pos not in gone]
    return rules[-1].age_group if rules else Rules().age_group
