"""Standings: everybody in order with their places, from the folded race and the rules. Pure."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from heapq import nsmallest
from itertools import chain, count
from operator import attrgetter
from typing import NamedTuple

from msgspec.structs import replace

from results.ranking.places import places, places_within
from results.ranking.rows import (
    Field,
    Kind,
    Row,
    Status,
    arrival_of,
    bib_order_of,
    fields_of,
    is_told,
    kind_of,
    level,
    order_of,
    row_of,
    with_places,
)
from timing.race import Race
from timing.rules import Rules

LATEST = 20


class Lists(NamedTuple):
    """What follows from the rows. Whoever follows the log hands it over ready; else it is worked out when first asked for."""

    fields: Mapping[Field, Sequence[Row]]
    """Who ranks in each field that has anybody, in order, without places."""
    kinds: Mapping[Kind, int]
    latest: Sequence[Row]
    """Who came in last and may be told, the newest first, without places."""


@dataclass(frozen=True, eq=False)
class Standings:
    """Who ranks, in order, and the others by bib; `rules` are those in force, `course_m` metres.

    The rows in `ranked`, `others` and `lists` know no places yet: in a large field a version is cheap until somebody looks.
    """

    ranked: Sequence[Row]
    others: Sequence[Row]
    rules: Rules
    course_m: int = 0
    employees: Mapping[str, int] = field(default_factory=dict)
    ready: Lists | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Standings) and self._told == other._told

    __hash__ = None  # type: ignore[assignment]  # compared, never looked up

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Everybody with all places: finishers in order, then the others."""
        levels = [level(row, self.rules) for row in self.ranked]
        fields = zip(*(fields_of(row.entrant, self.rules) for row in self.ranked), strict=True)
        given = zip(*(places_within(names, levels) for names in fields), strict=True)
        return (*map(with_places, self.ranked, given), *self.others)

    @cached_property
    def lists(self) -> Lists:
        return self.ready or Lists(_fields(self.ranked, self.rules), _kinds(self.judged), _latest(self.judged))

    @property
    def judged(self) -> Iterator[Row]:
        """Everybody in order, for whoever asks for no places."""
        return chain(self.ranked, self.others)

    def placed(self, row: Row) -> Row:
        """One of these rows with its places, while all the others still have none."""
        if row.time is None:
            return row
        return with_places(row, [self._place(row, each) for each in enumerate(fields_of(row.entrant, self.rules))])

    def with_nobody_ranked(self, rows: Sequence[Row]) -> "Standings":
        """The same race with these rows alone, of whom nobody has a time."""
        return Standings((), rows, self.rules, self.course_m, self.employees)

    @property
    def finishers(self) -> list[Row]:
        """Those with a place, in order."""
        return list(self.rows[: len(self.ranked)])

    @property
    def finished(self) -> list[Row]:
        """Everybody who crossed the finish, those without a place last."""
        unplaced = (row for row in self.others if row.status is Status.FINISHED)
        return self.finishers + sorted(unplaced, key=order_of)

    @property
    def coverage(self) -> float | None:
        """The share of finishers whose own start is known; None before the first finish."""
        return coverage_of(self.judged)

    @property
    def start_alarm(self) -> bool:
        """Whether too many starts are missing for net times to be fair."""
        return self.coverage is not None and self.coverage < self.rules.start_coverage

    def too_close(self) -> list[tuple[Row, Row]]:
        """Neighbours whose times differ by less than the clocks can tell: a picture must decide, or the judge."""
        apart = round(self.rules.uncertainty_ms * 1_000)
        pairs = zip(self.finishers, self.finishers[1:], strict=False) if apart else ()
        return [(one, next_) for one, next_ in pairs if 0 < (next_.time or 0) - (one.time or 0) <= apart]

    def by_bib(self, bib: int) -> Row | None:
        return next((self.placed(row) for row in self.judged if row.entrant.bib == bib), None)

    def count(self, *statuses: Status) -> int:
        return sum(row.status in statuses for row in self.judged)

    def _place(self, row: Row, each: Field) -> int | None:
        """The place in one field: how many are faster, and who among those with the same time stands in front."""
        _, name = each
        if not name:
            return None
        rows = self.lists.fields[each]
        begin = bisect_left(rows, row.time, key=attrgetter("time"))
        if self.rules.ties == "share":
            return begin + 1
        end = next(at for at in count(begin) if rows[at].entrant.id == row.entrant.id)
        return begin + places(rows[begin : end + 1], lambda one: level(one, self.rules))[-1]

    @property
    def _told(self) -> tuple[object, ...]:
        return self.rows, self.rules, self.course_m, self.employees


def _fields(ranked: Iterable[Row], rules: Rules) -> dict[Field, tuple[Row, ...]]:
    found: dict[Field, list[Row]] = {}
    for row in ranked:
        for each in enumerate(fields_of(row.entrant, rules)):
            if each[1]:
                found.setdefault(each, []).append(row)
    return {each: tuple(rows) for each, rows in found.items()}


def _kinds(rows: Iterable[Row]) -> Counter[Kind]:
    return Counter(kind_of(row) for row in rows)


def _latest(rows: Iterable[Row]) -> tuple[Row, ...]:
    return tuple(nsmallest(LATEST, filter(is_told, rows), key=arrival_of))


def standings(race: Race, rules: Rules | None = None) -> Standings:
    """Judge every entrant and rank the finishers: the whole at once, which `live` must always equal.

    `rules` are other rules than the race's own, to see what they would change.
    """
    rules = race.rules if rules is None else rules
    rows = [row_of(race, entrant, rules) for entrant in race.entrants.values()]
    in_force = guarded(rules, coverage_of(rows))
    if in_force.basis != rules.basis:
        rows = [row_of(race, entrant, in_force) for entrant in race.entrants.values()]
    return rank(rows, in_force, race)


def rank(rows: Iterable[Row], rules: Rules, race: Race) -> Standings:
    """Put judged rows in order and give them their places."""
    timed, others = list[Row](), list[Row]()
    for row in rows:
        (others if row.time is None else timed).append(row)
    return standing(sorted(timed, key=order_of), sorted(others, key=bib_order_of), rules, race)


def guarded(rules: Rules, coverage: float | None) -> Rules:
    """The rules in force: under the guard everybody ranks by gun time while too few starts are known."""
    if rules.missing_start != "guard" or coverage is None or coverage >= rules.start_coverage:
        return rules
    by_gun = (replace(rule, by="gun") if rule.by == "net" else rule for rule in rules.ranking)
    return replace(rules, basis="gun", ranking=tuple(by_gun))


def coverage_of(rows: Iterable[Row]) -> float | None:
    """The share of finishers whose own start is known, of those who are not held for it."""
    finished = [row for row in rows if row.status is Status.FINISHED and not row.held]
    return 1 - sum(row.start_missing for row in finished) / len(finished) if finished else None


def standing(
    ranked: Sequence[Row], others: Sequence[Row], rules: Rules, race: Race, ready: Lists | None = None
) -> Standings:
    """Standings of rows that are in order already; `ready` follows from them."""
    if heats_reorder(race, rules):
        ranked, ready = _heats_together(ranked), None
    return Standings(ranked, others, rules, race.course_m, race.book.employees.copy(), ready)


def heats_reorder(race: Race, rules: Rules) -> bool:
    """Whether dead heats stand against the order of recording, which otherwise decides."""
    return rules.ties == "arrival" and any(ruled.dead_heat for ruled in race.book.ruled.values())


def _heats_together(ranked: Iterable[Row]) -> list[Row]:
    """Of those with equal times, whoever was ruled a dead heat stands beside the first of the heat."""
    blocks: dict[Hashable, list[Row]] = {}
    for row in ranked:
        blocks.setdefault((row.time, row.ruled.dead_heat or row.entrant.id), []).append(row)
    by_time = sorted(blocks.values(), key=lambda block: block[0].time or 0)  # keeps the order of those with equal times
    return [row for block in by_time for row in block]
