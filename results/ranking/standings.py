"""Standings: everybody in order with their places, from the folded race and the rules. Pure."""

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from heapq import nsmallest

from msgspec.structs import replace

from results.ranking.places import places_within
from results.ranking.rows import (
    Field,
    Row,
    Status,
    StatusGroup,
    bib_order_of,
    fields_of,
    is_told,
    level,
    order_of,
    row_of,
    status_group,
    with_places,
)
from timing.race.fold import Race
from timing.race.rules import Rules

LATEST = 20


@dataclass(frozen=True)
class Standings:
    """Who ranks, in order and with their places, and the others by bib; `rules` are those in force, `course_m` metres."""

    ranked: tuple[Row, ...]
    others: tuple[Row, ...]
    rules: Rules
    course_m: int = 0
    employees: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Everybody: finishers in order, then the others."""
        return self.ranked + self.others

    @cached_property
    def by_id(self) -> dict[str, Row]:
        """Everybody in this order, by the entrant's id."""
        return {row.entrant.id: row for row in self.rows}

    @cached_property
    def fields(self) -> Mapping[Field, Sequence[Row]]:
        """Who ranks in each field that has anybody, in order."""
        found: dict[Field, list[Row]] = {}
        for row in self.ranked:
            for each in enumerate(fields_of(row.entrant, self.rules)):
                if each[1]:
                    found.setdefault(each, []).append(row)
        return found

    @cached_property
    def status_counts(self) -> Mapping[StatusGroup, int]:
        """How many there are of each status, sex and category."""
        return Counter(map(status_group, self.rows))

    @cached_property
    def latest(self) -> list[Row]:
        """Who came in last and may be told, the newest first."""
        return nsmallest(LATEST, filter(is_told, self.finished), key=lambda row: -row.finished_at)

    @cached_property
    def finished(self) -> list[Row]:
        """Everybody who crossed the finish, those without a place last."""
        unplaced = (row for row in self.others if row.status is Status.FINISHED)
        return [*self.ranked, *sorted(unplaced, key=order_of)]

    def with_nobody_ranked(self, rows: Iterable[Row]) -> "Standings":
        """The same race with these rows alone, none of them ranked."""
        return Standings((), tuple(rows), self.rules, self.course_m, self.employees)

    @property
    def coverage(self) -> float | None:
        """The share of finishers whose own start is known; None before the first finish."""
        return coverage_of(self.rows)

    @property
    def start_alarm(self) -> bool:
        """Whether too many starts are missing for net times to be fair."""
        return self.coverage is not None and self.coverage < self.rules.start_coverage

    def by_bib(self, bib: int) -> Row | None:
        """Whoever wears the bib."""
        return self._by_bib.get(bib)

    @cached_property
    def _by_bib(self) -> dict[int | None, Row]:
        return {row.entrant.bib: row for row in self.rows}

    def count(self, *statuses: Status) -> int:
        return sum(row.status in statuses for row in self.rows)


def standings(race: Race, rules: Rules | None = None) -> Standings:
    """Judge every entrant and rank the finishers: the whole at once, which `StandingsProjection` always equals.

    `rules` are other rules than the race's own, to see what they would change.
    """
    rules = race.rules if rules is None else rules
    rows = [row_of(race, entrant, rules) for entrant in race.entrants.values()]
    in_force = guarded(rules, rows)
    if in_force.basis != rules.basis:
        rows = [row_of(race, entrant, in_force) for entrant in race.entrants.values()]
    return rank(rows, in_force, race)


def rank(rows: Iterable[Row], rules: Rules, race: Race) -> Standings:
    """Put judged rows in order and give them their places; nearly linear where they are nearly in order."""
    timed, others = list[Row](), list[Row]()
    for row in rows:
        (others if row.time is None else timed).append(row)
    timed.sort(key=order_of)
    others.sort(key=bib_order_of)
    ranked = _heats_together(timed) if _heats_reorder(race, rules) else timed
    return Standings(_placed(ranked, rules), tuple(others), rules, race.course_m, race.office.employees.copy())


def _placed(ranked: Sequence[Row], rules: Rules) -> tuple[Row, ...]:
    """Rows that are in order, with their places in their fields."""
    levels = [level(row, rules) for row in ranked]
    fields = zip(*(fields_of(row.entrant, rules) for row in ranked), strict=True)
    given = zip(*(places_within(names, levels) for names in fields), strict=True)
    return tuple(map(with_places, ranked, given))


def guarded(rules: Rules, rows: Collection[Row]) -> Rules:
    """The rules in force: with `missing_start = "guard"` everybody ranks by gun time while too few starts are known."""
    coverage = coverage_of(rows) if rules.missing_start == "guard" else None
    if coverage is None or coverage >= rules.start_coverage:
        return rules
    by_gun = (replace(rule, by="gun") if rule.by == "net" else rule for rule in rules.ranking)
    return replace(rules, basis="gun", ranking=tuple(by_gun))


def coverage_of(rows: Iterable[Row]) -> float | None:
    """The share of finishers whose own start is known, of those who are not held for it."""
    finished = [row for row in rows if row.status is Status.FINISHED and not row.held]
    return 1 - sum(row.start_missing for row in finished) / len(finished) if finished else None


def _heats_reorder(race: Race, rules: Rules) -> bool:
    """Whether dead heats stand against the order of recording, which otherwise decides."""
    return rules.ties == "arrival" and any(ruled.dead_heat for ruled in race.office.ruled.values())


def _heats_together(ranked: Iterable[Row]) -> list[Row]:
    """Of those with equal times, whoever was ruled a dead heat stands beside the first of the heat."""
    blocks: dict[Hashable, list[Row]] = {}
    for row in ranked:
        blocks.setdefault((row.time, row.ruled.dead_heat or row.entrant.id), []).append(row)
    by_time = sorted(blocks.values(), key=lambda block: block[0].time or 0)  # keeps the order of those with equal times
    return [row for block in by_time for row in block]
