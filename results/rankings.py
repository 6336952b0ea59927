"""Group rankings: companies and teams, each by a declarative rule. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from results.places import grouped, places
from results.standings import Row, Standings
from timing.directory import Names
from timing.instants import Span, milliseconds
from timing.rules import GroupRule


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
    """Every group ranking of the rules; a division by sex makes a list for each sex that has finishers."""
    return [ranking for rule in standings.rules.ranking for ranking in _divisions(rule, standings.finishers, names)]


def _divisions(rule: GroupRule, finishers: Sequence[Row], names: Names) -> list[Ranking]:
    if rule.division == "all":
        return [_ranking(rule, "all", finishers, names)]
    sexes = grouped(finishers, lambda row: row.entrant.sex)
    return [_ranking(rule, sex, sexes[sex], names) for sex in sorted(sexes)]


def _ranking(rule: GroupRule, division: str, finishers: Sequence[Row], names: Names) -> Ranking:
    place_of = _division_places(rule, finishers)
    groups = grouped(finishers, group_of(rule))
    called = names.companies if rule.group == "company" else names.teams
    scored = [
        _score(rule, group, rows, place_of) for group, rows in groups.items() if called.get(group) not in rule.ignore
    ]
    kept = [score for score in scored if score.score is not None or rule.incomplete == "last"]
    kept.sort(key=lambda score: (*_order(rule, score, place_of), score.group))
    given = places(kept, lambda score: _order(rule, score, place_of))
    return Ranking(rule, division, tuple(_with_place(score, place) for score, place in zip(kept, given, strict=True)))


def group_of(rule: GroupRule) -> Callable[[Row], str]:
    """The group a row counts for under this rule; empty for none."""
    if rule.group == "company":
        return lambda row: row.entrant.company
    return lambda row: row.entrant.team


def _division_places(rule: GroupRule, finishers: Sequence[Row]) -> dict[str, int]:
    """Places inside the division over all its finishers, so that groups are compared on one scale."""
    order = [row for row in finishers if _measure(rule, row, {}) is not None or rule.by == "place"]
    return {row.entrant.id: place for row, place in zip(order, places(order, lambda row: row.time), strict=True)}


def _measure(rule: GroupRule, row: Row, place_of: dict[str, int]) -> int | None:
    """What one member brings: a time in microseconds or a place."""
    match rule.by:
        case "net":
            return row.net_time
        case "gun":
            return row.gun_time
        case "place":
            return place_of.get(row.entrant.id)


def _score(rule: GroupRule, group: str, rows: list[Row], place_of: dict[str, int]) -> GroupScore:
    if rule.combine == "count":
        return GroupScore(0, group, Fraction(len(rows)), tuple(rows), len(rows))
    measured = [(value, row) for row in rows if (value := _measure(rule, row, place_of)) is not None]
    measured.sort(key=lambda pair: pair[0])
    best = measured[: rule.pick]
    values = [value for value, _ in best]
    complete = len(best) == rule.pick
    return GroupScore(0, group, _combined(rule, values) if complete else None, tuple(row for _, row in best), len(rows))


def _combined(rule: GroupRule, values: Sequence[int]) -> Fraction:
    match rule.combine:
        case "average":
            return Fraction(sum(values), len(values))
        case "nth":
            return Fraction(values[-1])
        case "sum" | "count":
            return Fraction(sum(values))


def _order(rule: GroupRule, score: GroupScore, place_of: dict[str, int]) -> tuple[bool, Fraction, int]:
    """What decides between groups: complete ones first, then the score, then the first counter where the rule says so."""
    value = score.score if score.score is not None else Fraction(-len(score.counters))
    best = _measure(rule, score.counters[0], place_of) if rule.tie == "best_first" and score.counters else 0
    return score.score is None, -value if rule.combine == "count" else value, best or 0


def _with_place(score: GroupScore, place: int) -> GroupScore:
    return GroupScore(place, score.group, score.score, score.counters, score.members)


def score_text(rule: GroupRule, score: Fraction) -> str:
    """A score for files: milliseconds with at most three decimals, or places or people."""
    if rule.combine == "count":
        return str(score.numerator)
    if rule.by == "place":
        return milliseconds(Span(round(score * 1_000)))
    return milliseconds(Span(round(score)))
