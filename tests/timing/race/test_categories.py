"""Age groups that are out of date: of another day than the race's, or of rules that were changed since."""

from datetime import date

from tests.builders import opened
from timing.race.categories import outdated
from timing.race.events import DeskFact, EntrantRegistered, RulesSet, StatusRuled
from timing.race.fold import Race
from timing.race.rules import AgeGroup, Rules

RULES = Rules(age_group=(AgeGroup("30대", 30, 39), AgeGroup("40대", 40, 49)))


def race() -> Race:
    race = Race()
    facts: list[DeskFact] = [opened(), RulesSet(RULES, "desk", "연령대")]
    for number, (category, aged_on) in enumerate(
        [("30대", "2026-09-03"), ("40 대", "2026-09-03"), ("10km", ""), ("40대", "2026-11-01")], 1
    ):
        facts.append(EntrantRegistered(f"e{number}", "c1", "", "F", category, "1", aged_on))
    for pos, fact in enumerate(facts, 1):
        race.apply_fact(pos, "", 0, fact)
    return race


def english(race: Race, rules: Rules, day: date | None) -> list[str]:
    return [told.to("en") for told in outdated(race, rules, day)]


def test_groups_of_another_day_are_counted() -> None:
    assert english(race(), RULES, date(2026, 11, 1)) == [
        "categories of 2 people were given for 2026-09-03; the race is on 2026-11-01: import the rosters again"
    ]
    assert english(race(), RULES, None) == []


def test_a_group_that_the_rules_lost_is_named_and_a_category_that_was_written_is_not() -> None:
    renamed = Rules(age_group=(AgeGroup("30-39", 30, 39), AgeGroup("40대", 40, 49)))
    assert english(race(), renamed, None) == [
        "1 person is in 30대, which the rules no longer have: import the rosters again"
    ]


def test_groups_of_the_same_names_with_other_ages_are_told() -> None:
    wider = Rules(age_group=(AgeGroup("30대", 30, 39), AgeGroup("40대", 40, 50)))
    assert english(race(), wider, None) == [
        "categories of 2 people were given by other age groups than these: import the rosters again"
    ]


def test_who_withdrew_is_not_counted() -> None:
    late = race()
    late.office.apply(StatusRuled("e1", "withdrawn", "desk", "부상"))
    late.office.apply(StatusRuled("e2", "withdrawn", "desk", "부상"))
    assert english(late, RULES, date(2026, 11, 1)) == []
