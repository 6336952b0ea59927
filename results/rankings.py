"""Group rankings: companies and teams, each by a declarative rule. Pure."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from fractions import Fraction

from results.places import grouped, places
from results.standings import Row, Standings
from timing.directory import Names
from timing.instants import Span, milliseconds
from timing.rules import GroupRule

GroupOrder = tuple[bool, int, int]


@dataclass(frozen=True, slots=True)
class GroupScore:
    """A group's result: its score in microseconds, places or people as the rule says, and the members counted."""

    place: int
    group: str
    score: Fraction | None
    counters: tuple[Row, ...]
    members: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """One list of a group rule: for everybody, or for one sex."""

    rule: GroupRule
    division: str
    scores: tuple[GroupScore, ...]


def rankings(standings: Standings, names: Names) -> list[Ranking]:
    """Every group ranking of the rules, the whole at once."""
    finishers = standings.finishers
    return [
        ranking(rule, division, rows, names)
        for rule in standings.rules.ranking
        for division, rows in divisions(rule, finishers).items()
    ]


def divisions(rule: GroupRule, finishers: Sequence[Row]) -> Mapping[str, Sequence[Row]]:
    """Who is in which list: everybody in one, or a list for each sex that has finishers."""
    if rule.division == "all":
        return {"all": finishers}
    return dict(sorted(grouped(finishers, lambda row: row.entrant.sex).items()))


def ranking(rule: GroupRule, division: str, finishers: Sequence[Row], names: Names) -> Ranking:
    """One list, from everybody in it."""
    place_of = _division_places(finishers) if rule.by == "place" else {}
    groups = grouped(finishers, group_of(rule))
    scores = [_score(rule, group, groups[group], place_of) for group in groups.keys() - ignored(rule, names)]
    kept = [score for score in scores if shown(rule, score[0])]
    return listed(rule, division, sorted(kept, key=lambda score: (score[0], score[1].group)))


def listed(rule: GroupRule, division: str, ordered: Sequence[tuple[GroupOrder, GroupScore]]) -> Ranking:
    """Give the groups, in order already, their places; what decides equally shares one."""
    given = places(ordered, lambda score: score[0])
    scores = (replace(score, place=place) for (_, score), place in zip(ordered, given, strict=True))
    return Ranking(rule, division, tuple(scores))


def group_of(rule: GroupRule) -> Callable[[Row], str]:
    """The group a row counts for under this rule; empty for none."""
    if rule.group == "company":
        return lambda row: row.entrant.company
    return lambda row: row.entrant.team


def ignored(rule: GroupRule, names: Names) -> Set[str]:
    """The ids of the groups that this rule leaves out by their names."""
    called = names.companies if rule.group == "company" else names.teams
    return {group for group, name in called.items() if name in rule.ignore} if rule.ignore else set()


def decides(rule: GroupRule, values: Sequence[int], members: int) -> GroupOrder:
    """What decides between groups: complete ones first, then the score, then the first counter where the rule says so.

    `values` is what the counting members bring, best first. An average decides as its sum does, since all sum as many: whole
    numbers compare many times faster than fractions.
    """
    first = values[0] if rule.tie == "best_first" and values else 0
    if rule.combine == "count":
        return False, -members, first
    if len(values) < rule.pick:
        return True, -len(values), first
    return False, values[-1] if rule.combine == "nth" else sum(values), first


def shown(rule: GroupRule, decided: GroupOrder) -> bool:
    """Whether a group stands in the list: a complete one always, others where the rule puts them last."""
    return not decided[0] or rule.incomplete == "last"


def score_of(rule: GroupRule, decided: GroupOrder) -> Fraction | None:
    """A group's score; None where its members are too few."""
    incomplete, value, _ = decided
    if incomplete:
        return None
    match rule.combine:
        case "average":
            return Fraction(value, rule.pick)
        case "sum" | "nth":
            return Fraction(value)
        case "count":
            return Fraction(-value)


def measure(rule: GroupRule, row: Row) -> int | None:
    """What one member brings, in microseconds; None without that time, and where the rule asks for places."""
    match rule.by:
        case "net":
            return row.net_time
        case "gun":
            return row.gun_time
        case "place":
            return None


def _score(
    rule: GroupRule, group: str, rows: Sequence[Row], place_of: Mapping[str, int]
) -> tuple[GroupOrder, GroupScore]:
    measured = [(place_of.get(row.entrant.id, measure(rule, row)), row) for row in rows]
    counting = [(value or 0, row) for value, row in measured if value is not None or rule.combine == "count"]
    if rule.combine != "count":
        counting = sorted(counting, key=lambda pair: pair[0])[: rule.pick]
    decided = decides(rule, [value for value, _ in counting], len(rows))
    return decided, GroupScore(0, group, score_of(rule, decided), tuple(row for _, row in counting), len(rows))


def _division_places(finishers: Sequence[Row]) -> dict[str, int]:
    """Places inside the division over all its finishers, so that groups are compared on one scale."""
    given = places(finishers, lambda row: row.time)
    return {row.entrant.id: place for row, place in zip(finishers, given, strict=True)}


def score_text(rule: GroupRule, score: Fraction) -> str:
    """A score for files: milliseconds with at most three decimals, or places or people."""
    if rule.combine == "count":
        return str(score.numerator)
    if rule.by == "place":
        return milliseconds(Span(round(score * 1_000)))
    return milliseconds(Span(round(score)))
