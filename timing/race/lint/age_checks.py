"""Age groups: whether every age of each sex has one, and no age two."""

from collections.abc import Iterator, Sequence

from timing.language import _
from timing.race.lint.finding import RuleFinding, error, warning
from timing.race.rules import AgeGroup, Rules
from timing.race.spelling import sex_of

AGES = range(151)
SEXES = ("F", "M")


def age_findings(rules: Rules) -> Iterator[RuleFinding]:
    """What is to be said about the age groups."""
    for group in rules.age_group:
        if group.least > group.most:
            yield error(
                f"age_group {group.name!r}",
                _("least {least} is above most {most}", least=group.least, most=group.most),
            )
    for sex in _sexes(rules.age_group):
        yield from _covered(sex, [group for group in rules.age_group if sex_of(group.sex) in ("", sex)])


def _sexes(groups: Sequence[AgeGroup]) -> list[str]:
    """Every sex that a group names, and both of them where any does; where none does, all are alike."""
    named = {sex_of(group.sex) for group in groups if group.sex}
    return sorted(named | set(SEXES)) if named else [""] if groups else []


def _covered(sex: str, groups: Sequence[AgeGroup]) -> Iterator[RuleFinding]:
    holding = {age: [group.name for group in groups if group.least <= age <= group.most] for age in AGES}
    where = f"age_group {sex}".strip()
    for first, last in _runs([age for age in AGES if len(holding[age]) > 1]):
        both = ", ".join(dict.fromkeys(holding[first]))
        yield error(where, _("ages {first} are in two: {both}", first=_ages(first, last), both=both))
    for first, last in _runs([age for age in AGES if not holding[age]]):
        yield warning(where, _("ages {first} are in none", first=_ages(first, last)))


def _runs(ages: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Ages that follow each other, as first and last.

    >>> list(_runs([1, 2, 3, 7, 9, 10]))
    [(1, 3), (7, 7), (9, 10)]
    """
    known = set(ages)
    begins = [age for age in ages if age - 1 not in known]
    ends = [age for age in ages if age + 1 not in known]
    yield from zip(begins, ends, strict=True)


def _ages(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"
