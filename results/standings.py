"""Standings: everybody's status, times and places, from the folded race and the rules. Pure."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from heapq import nsmallest
from itertools import chain, count
from operator import attrgetter
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from results.places import places, places_within
from timing.book import Entrant
from timing.instants import Instant, Span
from timing.passings import UNRULED, Judgement, Reason, Ruled, judge
from timing.race import Race
from timing.rules import Rules

OrderKey = tuple[Span, Instant, str, int, int, str]
Fields = tuple[str, str, str]
Field = tuple[int, str]
"""One of somebody's fields: which of the three, and its name."""
NEVER = Span(2**62)
PRESENT = (Reason.IN_PEN, Reason.BEFORE_GUN, Reason.AFTER_WINDOW, Reason.AFTER_CLOSE)
"""What became of scans that give no time and yet tell that somebody came to run."""


class Status(StrEnum):
    """How far an entrant is known to have come, or what officials decided about it."""

    REGISTERED = "registered"
    STARTED = "started"
    FINISHED = "finished"
    DNS = "dns"
    DNF = "dnf"
    DSQ = "dsq"
    WITHDRAWN = "withdrawn"


class Flag(StrEnum):
    """What somebody should look at. No flag ever keeps a result from being published."""

    NO_COMPANY = "no_company"
    NO_SEX = "no_sex"
    NO_CATEGORY = "no_category"
    NO_BIB = "no_bib"
    NO_GUN = "no_gun"
    START_NOT_SEEN = "start_not_seen"
    BY_HAND = "by_hand"
    BY_MARK = "by_mark"
    ADJUSTED = "adjusted"
    QUESTIONABLE = "questionable"
    CLOCK_DOUBTFUL = "clock_doubtful"
    IMPOSSIBLE = "impossible"


Kind = tuple[Status, str, str]
"""What is counted of everybody: status, sex and category."""
LATEST = 20


class Row(Struct, frozen=True, gc=False):
    """One entrant's result. `time` is what ranks, `net_time` and `gun_time` are the judgement's; places are None for whoever does not rank.

    `recorded` is the finish's place in its lineage where the rules let the order of recording decide between equal times.
    """

    entrant: Entrant
    judged: Judgement
    status: Status
    time: Span | None
    net_time: Span | None
    gun_time: Span | None
    place: int | None = None
    sex_place: int | None = None
    category_place: int | None = None
    ruled: Ruled = UNRULED
    recorded: tuple[str, int] = ("", 0)

    @property
    def start_source(self) -> str:
        return self.judged.start.source if self.judged.start else ""

    @property
    def finished_at(self) -> Instant:
        """For ordering: the finish, or the end of time."""
        return self.judged.finish.at if self.judged.finish else Instant(2**62)

    @property
    def flags(self) -> tuple[Flag, ...]:
        """What about this row should be looked at."""
        return tuple(_flags(self))


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
    """The share of finishers whose own start is known."""
    sources = [row.start_source for row in rows if row.status is Status.FINISHED]
    return 1 - sum(source in ("", "gun") for source in sources) / len(sources) if sources else None


def row_of(race: Race, entrant: Entrant, rules: Rules) -> Row:
    """One entrant judged, without places: a pure function of the entrant's entry, scans, rulings and gun."""
    scans, ruled = race.scans_of(entrant, rules), race.ruled(entrant.id)
    closed_at = race.book.closed_at
    judged = judge(scans, race.guns.get(race.wave_of(entrant, scans)), rules, ruled, closed_at)
    status = _status(judged, ruled, closed_at is not None)
    net_time, gun_time = judged.net_time, judged.gun_time
    time = net_time if rules.basis == "net" else gun_time
    if time is not None and (heat := ruled.dead_heat) and heat.time is not None and heat.basis == rules.basis:
        time = Span(heat.time)
    unranked = rules.missing_start == "unranked" and judged.start is None
    scan = judged.finish.scan if judged.finish and rules.ties == "arrival" else None
    recorded = (scan.lineage, scan.seq) if scan else ("", 0)
    time = None if unranked else time
    return Row(entrant, judged, status, time, net_time, gun_time, ruled=ruled, recorded=recorded)


def _status(judged: Judgement, ruled: Ruled, closed: bool) -> Status:
    """A ruling stands above what was seen, and that above what the closing of the course leaves."""
    if ruled.status is not None:
        return Status(ruled.status)
    if judged.finish:
        return Status.FINISHED
    if not closed:
        return Status.STARTED if judged.start or judged.splits else Status.REGISTERED
    present = judged.start or judged.splits or any(reason in PRESENT for _, reason in judged.reasons)
    return Status.DNF if present else Status.DNS


def order_of(row: Row) -> OrderKey:
    """The order of finishers: time first (without one, last), then the order of recording; the rest makes it the same everywhere."""
    time = NEVER if row.time is None else row.time
    return time, row.finished_at, *row.recorded, row.entrant.bib or 0, row.entrant.id


def level(row: Row, rules: Rules) -> Hashable:
    """What two rows must have in common to share a place."""
    if rules.ties == "share":
        return row.time
    return (row.time, row.ruled.dead_heat) if row.ruled.dead_heat else row.entrant.id


def bib_order_of(row: Row) -> tuple[int, str]:
    """The order of those who do not rank."""
    return row.entrant.bib or 0, row.entrant.id


def fields_of(entrant: Entrant, rules: Rules) -> Fields:
    """Among whom an entrant is placed: everybody, the sex, the category; empty where the entrant names none."""
    return "all", entrant.sex, category_field(entrant.sex, entrant.category, rules)


def category_field(sex: str, category: str, rules: Rules) -> str:
    """The field of a category: where sexes are placed apart, that of one sex."""
    if rules.category_within != "sex":
        return category
    return f"{sex}\n{category}" if sex and category else ""


def kind_of(row: Row) -> Kind:
    return row.status, row.entrant.sex, row.entrant.category


def is_told(row: Row) -> bool:
    """Whether the board may say that this runner has come in."""
    came_in = row.status is Status.FINISHED and row.judged.finish is not None
    return came_in and row.entrant.bib is not None and not row.ruled.withheld


def arrival_of(row: Row) -> tuple[int, OrderKey]:
    """The order of coming in, the newest first."""
    return -row.finished_at, order_of(row)


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


def with_places(row: Row, given: Sequence[int | None]) -> Row:
    """The row with its places, in the order of `fields_of`."""
    place, sex_place, category_place = given
    return replace(row, place=place, sex_place=sex_place, category_place=category_place)


def _flags(row: Row) -> Iterable[Flag]:
    entrant, judged = row.entrant, row.judged
    reasons = {reason for _, reason in judged.reasons}
    told: dict[Flag, bool] = {
        Flag.NO_COMPANY: not entrant.company,
        Flag.NO_SEX: not entrant.sex,
        Flag.NO_CATEGORY: not entrant.category,
        Flag.NO_BIB: entrant.bib is None,
        Flag.NO_GUN: judged.finish is not None and judged.gun is None,
        Flag.START_NOT_SEEN: judged.finish is not None and row.start_source in ("", "gun"),
        Flag.BY_HAND: any(passing and passing.source == "ruling" for passing in (judged.start, judged.finish)),
        Flag.BY_MARK: any(p and p.scan and p.scan.source == "mark" for p in (judged.start, judged.finish)),
        Flag.ADJUSTED: bool(judged.adjusted) or row.ruled.dead_heat is not None,
        Flag.QUESTIONABLE: Reason.RULED_OUT in reasons and row.status is not Status.DSQ,  # who is disqualified did run
        Flag.CLOCK_DOUBTFUL: Reason.CLOCK_DOUBTFUL in reasons,
        Flag.IMPOSSIBLE: row.net_time is not None and row.net_time <= 0,
    }
    return [flag for flag, is_so in told.items() if is_so]
