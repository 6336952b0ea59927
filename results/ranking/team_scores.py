"""Who counts for a group: the best so many, a mixture of the sexes, or those who arrived together. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from operator import attrgetter
from typing import NamedTuple

from msgspec import Struct

from results.ranking.rows import Row
from timing.race.instants import Instant, span
from timing.race.rules import HEADS, GroupRule, Mix
from timing.race.spelling import field_key

FAR = 2**62
"""Behind every time and every place."""


class Member(Struct, frozen=True, gc=False):
    """A member of a group and what they bring: microseconds or a place; None for what cannot be counted."""

    value: int | None
    row: Row


class Formed(NamedTuple):
    """One scoring team of a group: the members that count, best first, and the value of the next best.

    `members` is how many people the group has; of `together`, how many of them crossed inside the window.
    """

    values: tuple[int, ...]
    counters: tuple[Row, ...]
    members: int
    following: int = FAR
    team: int = 0

    @property
    def last_in(self) -> Instant:
        """When the last who counts crossed the finish."""
        return max((row.finished_at for row in self.counters), default=Instant(FAR))


def formed(rule: GroupRule, members: Sequence[Member]) -> Iterator[Formed]:
    """The teams of one group: one, or as many as its people suffice for; the last may be incomplete."""
    if rule.combine in HEADS:
        rows = tuple(member.row for member in members)
        yield Formed(tuple(FAR if member.value is None else member.value for member in members), rows, len(rows))
        return
    left = list(members)
    for team in range(len(members) + 1):
        one = _together(rule, left) if rule.combine == "together" else _best(rule, left)
        complete = len(one.values) >= rule.pick
        if team == 0 or complete:
            yield one._replace(members=one.members or len(members), team=team)
        if rule.teams == "one" or not complete:
            return
        used = {row.entrant.id for row in one.counters}
        left = [member for member in left if member.row.entrant.id not in used]


def _best(rule: GroupRule, members: Iterable[Member]) -> Formed:
    measured = sorted((m for m in members if m.value is not None), key=attrgetter("value"))
    counting, following = measured[: rule.pick], [m.value or 0 for m in measured[rule.pick : rule.pick + 1]]
    return Formed(tuple([m.value or 0 for m in counting]), tuple([m.row for m in counting]), 0, *following)


def _together(rule: GroupRule, members: Iterable[Member]) -> Formed:
    """The first run of `pick` members who cross within the window, both ends included: the earliest that fits."""
    arrived = sorted((m for m in members if m.value is not None), key=lambda m: (m.value, m.row.entrant.bib or 0))
    window = span(rule.window_s or 0)
    for at, (first, last) in enumerate(zip(arrived, islice(arrived, rule.pick - 1, None), strict=False)):
        if (last.value or 0) - (first.value or 0) <= window:
            run = arrived[at : at + rule.pick]
            inside = sum((member.value or 0) - (first.value or 0) <= window for member in arrived[at:])
            return Formed(tuple(member.value or 0 for member in run), tuple(member.row for member in run), inside)
    return Formed((), (), 0)


def mixed(rule: GroupRule, members: Sequence[Member]) -> Iterator[tuple[str, Formed]]:
    """The teams of one group by division of composition.

    Divisions take turns in the order of the rule, each with the best team that those still free can make; nobody counts twice.
    """
    free = sorted((member for member in members if member.value is not None), key=lambda member: member.value or 0)
    for team in range(len(members) + 1):
        any_formed = False
        for mix in rule.mix:
            chosen = _best_mix(mix, free)
            if chosen is None:
                continue
            any_formed = True
            yield (
                mix.name,
                Formed(tuple(m.value or 0 for m in chosen), tuple(m.row for m in chosen), len(members), team=team),
            )
            used = {member.row.entrant.id for member in chosen}
            free = [member for member in free if member.row.entrant.id not in used]
        if rule.teams == "one" or not any_formed:
            return


def _best_mix(mix: Mix, free: Sequence[Member]) -> list[Member] | None:
    """The composition with the least sum; of equal ones the first that the rule names."""
    possible = [team for composition in mix.of if (team := _composed(composition, free))]
    return min(possible, key=lambda team: sum(member.value or 0 for member in team), default=None)


def _composed(composition: Mapping[str, int], free: Sequence[Member]) -> list[Member] | None:
    """The best of each sex, best first; None where somebody is missing."""
    team: list[Member] = []
    for sex, wanted in composition.items():
        asked = field_key("sex", sex)
        of_sex = list(islice((m for m in free if field_key("sex", m.row.entrant.sex) == asked), wanted))
        if len(of_sex) < wanted:
            return None
        team += of_sex
    return sorted(team, key=lambda member: member.value or 0)
