"""Categories that came from ages, and are out of date: births are kept nowhere, so only the rosters can give them anew. Pure."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from timing.race import Race
from timing.rules import Rules
from timing.spelling import group_key


def outdated(race: Race, rules: Rules, day: date | None) -> Iterator[tuple[str, str]]:
    """Whose age was counted on another day than the race's, and who is in a group that these rules do not have; in Korean and English."""
    aged = [one for one in race.running() if one.aged_on]
    for counted_on, people in sorted(Counter(one.aged_on for one in aged).items()):
        if day is not None and counted_on != day.isoformat():
            yield (
                f"{people}명의 연령대는 {counted_on} 기준인데 대회 날은 {day}입니다. 명단을 다시 들이세요",
                f"categories of {people} people were given for {counted_on}; the race is on {day}: import the rosters again",
            )
    groups = {group_key(group.name) for group in rules.age_group}
    for category, people in sorted(Counter(one.category for one in aged).items()):
        if group_key(category) not in groups:
            yield (
                f"{people}명이 규칙에 없는 연령대 {category}에 있습니다. 명단을 다시 들이세요",
                f"{people} people are in {category}, which the rules no longer have: import the rosters again",
            )
