"""Group rankings: companies and teams, each by a declarative rule. Pure."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby, takewhile, zip_longest
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace as changed

from results.ranking.places import grouped, places
from results.ranking.rows import Row, Status, is_negative, level
from results.ranking.standings import Standings
from results.ranking.team_scores import FAR, Formed, Member, formed, mixed
from timing.race.instants import Span, between, milliseconds
from timing.race.known_names import Names
from timing.race.rules import GroupRule, TieStep
from timing.race.spelling import field_key

GroupOrder = tuple[int, int | Fraction, *tuple[int | tuple[int, ...], ...]]
"""What decides between groups: complete ones first, then the score, then each step of the tie rule in its order."""


class GroupScore(Struct, frozen=True, gc=False):
    """A group's result: its score in microseconds, places, people, a share or won as the rule says, and the members counted.

    `team` numbers the teams of a group that has several, from 0.
    """

    place: int
    group: str
    score: Fraction | None
    counters: tuple[Row, ...]
    members: int
    team: int = 0


SEXES = ("M", "남", "F", "여")


@dataclass(frozen=True, slots=True)
class Ranking:
    """One list of a group rule: for everybody, or for one division."""

    rule: GroupRule
    division: str
    scores: tuple[GroupScore, ...]


class Scored(NamedTuple):
    """A group that has no place yet; `values` are what its counters bring, for duels."""

    order: GroupOrder
    score: GroupScore
    values: tuple[int, ...] = ()


def rankings(standings: Standings, names: Names) -> list[Ranking]:
    """Every group ranking of the rules, the whole at once."""
    return [ranking for rule in standings.rules.ranking for ranking in lists(rule, standings, names)]


def lists(rule: GroupRule, standings: Standings, names: Names) -> list[Ranking]:
    """The lists of one rule."""
    rows, left_out = _eligible(rule, standings), _left_out(rule, standings, names)
    if rule.mix:
        return _mixed_lists(rule, rows, left_out, standings)
    return [
        ranking(rule, division, of, left_out, standings) for division, of in divisions(rule, rows, standings).items()
    ]


def ranking(rule: GroupRule, division: str, rows: Sequence[Row], left_out: Set[str], standings: Standings) -> Ranking:
    """One list, from everybody in it."""
    groups = {group: of for group, of in grouped(rows, group_of(rule)).items() if group not in left_out}
    measured, steps = _members(rule, groups, rows, standings), _steps(rule)
    scored = [
        (decides(rule, steps, one, standings, group), group, one)
        for group, members in measured.items()
        for one in formed(rule, members)
    ]
    return listed(rule, division, [_scored(rule, *one) for one in scored if shown(rule, one[0])])


def _mixed_lists(rule: GroupRule, rows: Sequence[Row], left_out: Set[str], standings: Standings) -> list[Ranking]:
    """A list for each composition; whoever counts in one counts in no other."""
    groups = {group: of for group, of in grouped(rows, group_of(rule)).items() if group not in left_out}
    found: dict[str, list[Scored]] = {mix.name: [] for mix in rule.mix}
    steps = _steps(rule)
    for group, members in _members(rule, groups, rows, standings).items():
        for division, one in mixed(rule, members):
            whole = changed(rule, pick=len(one.values))  # a composition says how many count
            found[division].append(_scored(whole, decides(whole, steps, one, standings, group), group, one))
    return [listed(rule, division, scored) for division, scored in found.items()]


def divisions(rule: GroupRule, rows: Sequence[Row], standings: Standings) -> Mapping[str, Sequence[Row]]:
    """Who is in which list: everybody in one, or a list for each sex, category or size of company that has anybody."""
    match rule.division:
        case "all":
            return {"all": rows}
        case "sex":
            by_sex = grouped(rows, lambda row: row.entrant.sex)
            return {sex: by_sex[sex] for sex in sorted(by_sex, key=sex_order)}
        case "category":
            return dict(sorted(grouped(rows, lambda row: row.entrant.category).items()))
        case "size":
            by_band = grouped(rows, lambda row: band_of(rule, standings.employees.get(row.entrant.company, 0)))
            return {band: by_band[band] for band in rule.size_bands if band in by_band}


def band_of(rule: GroupRule, employees: int) -> str:
    """The list for companies of this size; empty for one whose size nobody declared."""
    return rule.size_bands[sum(employees >= least for least in rule.bands)] if employees else ""


def sex_order(sex: str) -> tuple[int, str]:
    """Men's lists first, then women's, then others: as result sheets stand, here and elsewhere."""
    return (SEXES.index(sex.upper()) if sex.upper() in SEXES else len(SEXES)), sex


def listed(rule: GroupRule, division: str, scored: Sequence[Scored]) -> Ranking:
    """Put the groups in order and give them their places; what decides equally shares one."""
    ordered = sorted(scored, key=_order_in_list)
    for at, step in enumerate(_steps(rule)):
        if step == "head_to_head":
            level_so_far = groupby(ordered, _decided_before(at))
            ordered = sorted((one for _, of in level_so_far for one in _dueled(list(of), at)), key=_order_in_list)
    given = places(ordered, lambda one: one.order)
    return Ranking(
        rule, division, tuple(changed(one.score, place=place) for one, place in zip(ordered, given, strict=True))
    )


def _decided_before(step: int) -> Callable[[Scored], tuple[object, ...]]:
    """What has been asked before this step of the tie rule."""
    return lambda one: one.order[: 2 + step]


def _order_in_list(one: Scored) -> tuple[GroupOrder, str, int]:
    return one.order, one.score.group, one.score.team


def group_of(rule: GroupRule) -> Callable[[Row], str]:
    """The group a row counts for under this rule; empty for none."""
    if rule.group == "company":
        return lambda row: row.entrant.company
    return lambda row: row.entrant.team


def ignored(rule: GroupRule, names: Names) -> Set[str]:
    """The ids of the groups that this rule leaves out by their names."""
    called = names.companies if rule.group == "company" else names.teams
    left_out = {field_key(rule.group, name) for name in rule.ignore}
    return {group for group, name in called.items() if field_key(rule.group, name) in left_out} if left_out else set()


def decides(rule: GroupRule, steps: Sequence[TieStep], one: Formed, standings: Standings, group: str) -> GroupOrder:
    """What decides between groups: complete ones first, then the score, then the tie rule's steps.

    `steps` are those of the tie rule that are asked. An average decides as its sum does, since all sum as many: whole numbers compare many times faster than fractions.
    """
    value = _value(rule, one, standings, group)
    ties = [_step(step, one) for step in steps]
    return (1, -len(one.values), *ties) if value is None else (0, value, *ties)


def shown(rule: GroupRule, decided: GroupOrder) -> bool:
    """Whether a group stands in the list: a complete one always, others where the rule puts them last."""
    return not decided[0] or rule.incomplete == "last"


def score_of(rule: GroupRule, decided: GroupOrder) -> Fraction | None:
    """A group's score; None where its members are too few."""
    incomplete, value, *_ = decided
    if incomplete:
        return None
    match rule.combine:
        case "average":
            return Fraction(value, rule.pick)
        case "sum" | "nth" | "together":
            return Fraction(value)
        case "count" | "share" | "donation":
            return Fraction(-value)


def measure(rule: GroupRule, row: Row) -> int | None:
    """What one member brings, in microseconds; None without that time or with an impossible one, and where the rule asks for places."""
    net, time = row.net_time, row.net_time if rule.by == "net" else row.gun_time
    impossible = (net is not None and net < 0) or (time is not None and time < 0)
    return None if rule.by == "place" or impossible else time


def score_text(rule: GroupRule, score: Fraction) -> str:
    """A score for files: milliseconds with at most three decimals, or places, people, per mille rounded down, won."""
    if rule.combine in ("count", "donation"):
        return str(score.numerator)
    if rule.combine == "share":
        return str(score.numerator * 1_000 // score.denominator)
    if rule.by == "place" and rule.combine != "together":
        return milliseconds(Span(round(score * 1_000)))
    return milliseconds(Span(round(score)))


def _value(rule: GroupRule, one: Formed, standings: Standings, group: str) -> int | Fraction | None:
    """The score as a number that is better when smaller; None for a group that cannot have one."""
    match rule.combine:
        case "count":
            return -one.members
        case "donation":
            return -(one.members * standings.course_m * rule.won_per_km // 1_000)
        case "share":
            employees = standings.employees.get(group, 0)
            return Fraction(-one.members, employees) if employees else None
        case _ if len(one.values) < rule.pick:
            return None
        case "nth" | "together":
            return one.values[-1]
        case "sum" | "average":
            return sum(one.values)


def _steps(rule: GroupRule) -> list[TieStep]:
    """The steps of the tie rule that are asked."""
    return list(takewhile(lambda step: step != "shared", rule.tie_steps))


def _step(step: TieStep, one: Formed) -> int | tuple[int, ...]:
    """What a step compares, better when smaller; a group that lacks it stands behind those that have it.

    A duel needs both groups: `listed` fights it in its turn.
    """
    match step:
        case "best_first":
            return one.values[0] if one.values else FAR
        case "each_in_turn":
            return (*one.values, FAR)
        case "next":
            return one.following
        case "but_last":
            return sum(one.values[:-1])
        case "more_finishers":
            return -one.members
        case "earlier_last":
            return one.last_in
        case "head_to_head" | "shared":
            return 0


def _dueled(level_groups: list[Scored], at: int) -> list[Scored]:
    """Groups that nothing has parted yet, with their duels won as step `at`: first against first, second against second, and so on."""
    won = [
        sum(_wins(one.values, other.values) > _wins(other.values, one.values) for other in level_groups)
        for one in level_groups
    ]
    return [_decided(one, at, -duels) for one, duels in zip(level_groups, won, strict=True)]


def _decided(one: Scored, at: int, value: int) -> Scored:
    state, score, *steps = one.order
    steps[at] = value
    return one._replace(order=(state, score, *steps))


def _wins(one: Sequence[int], other: Sequence[int]) -> int:
    return sum(first < second for first, second in zip_longest(one, other, fillvalue=FAR))


def _scored(rule: GroupRule, decided: GroupOrder, group: str, one: Formed) -> Scored:
    score = GroupScore(0, group, score_of(rule, decided), one.counters, one.members, one.team)
    return Scored(decided, score, one.values)


def _eligible(rule: GroupRule, standings: Standings) -> list[Row]:
    """Who may count: those the rule counts, in the order of the standings."""
    rows = standings.finished if rule.who == "finished" else [row for row in standings.rows if _counts(rule, row)]
    for name, allowed in (("sex", rule.only_sex), ("category", rule.only_category), ("wave", rule.only_wave)):
        if allowed:
            keys = {field_key(name, word) for word in allowed}
            rows = [row for row in rows if field_key(name, getattr(row.entrant, name)) in keys]
    return rows


def _counts(rule: GroupRule, row: Row) -> bool:
    """Whether somebody is counted who need not have finished."""
    if rule.who == "registered":
        return row.status is not Status.WITHDRAWN
    return row.status in (Status.STARTED, Status.FINISHED, Status.DNF)


def _left_out(rule: GroupRule, standings: Standings, names: Names) -> Set[str]:
    """Groups that the rule names, and those with too few or too many people entered."""
    if not rule.min_members and not rule.max_members:
        return ignored(rule, names)
    entered = Counter(map(group_of(rule), (row for row in standings.rows if row.status is not Status.WITHDRAWN)))
    most = rule.max_members or len(standings.rows)
    return ignored(rule, names) | {group for group, people in entered.items() if not rule.min_members <= people <= most}


def _members(
    rule: GroupRule, groups: Mapping[str, Sequence[Row]], rows: Sequence[Row], standings: Standings
) -> dict[str, list[Member]]:
    """Every group's members with what each brings."""
    if rule.combine == "together":
        return {group: _arrivals(of) for group, of in groups.items()}
    if rule.by != "place":
        return {group: [Member(measure(rule, row), row) for row in of] for group, of in groups.items()}
    place_of = _division_places(rows, standings)
    if rule.displace:
        place_of = _displaced(rule, groups, place_of, rows, standings)
    return {group: [Member(place_of.get(row.entrant.id), row) for row in of] for group, of in groups.items()}


def _arrivals(rows: Sequence[Row]) -> list[Member]:
    """When each crossed the finish, since the first gun that went for anybody of the group."""
    guns = [row.judged.gun for row in rows if row.judged.gun is not None and not row.held]
    return [Member(between(min(guns), row.finished_at) if _has_arrived(row) else None, row) for row in rows]


def _has_arrived(row: Row) -> bool:
    if row.judged.gun is None or row.held:
        return False
    return not is_negative(row.net_time) and not is_negative(row.gun_time)


def _division_places(rows: Sequence[Row], standings: Standings) -> dict[str, int]:
    """Places inside the division over all its finishers, so that groups are compared on one scale."""
    ranked = [row for row in rows if row.time is not None]
    given = places(ranked, lambda row: level(row, standings.rules))
    return {row.entrant.id: place for row, place in zip(ranked, given, strict=True)}


def _displaced(
    rule: GroupRule,
    groups: Mapping[str, Sequence[Row]],
    place_of: Mapping[str, int],
    rows: Sequence[Row],
    standings: Standings,
) -> dict[str, int]:
    """Places given anew among the first `displace` of each complete group (cross-country, NFHS rule 9-2)."""
    kept: set[str] = set()
    for of in groups.values():
        placed = [row.entrant.id for row in of if row.entrant.id in place_of]
        if len(placed) >= rule.pick:
            kept.update(placed[: rule.displace])
    return _division_places([row for row in rows if row.entrant.id in kept], standings)
