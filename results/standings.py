"""Standings: everybody's status, times and places, from the folded race and the rules. Pure."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from results.places import places_within
from timing.book import Entrant
from timing.instants import Instant, Span
from timing.passings import UNRULED, Judgement, Reason, Ruled, judge
from timing.race import Race
from timing.rules import Rules

OrderKey = tuple[Span, Instant, str, int, int, str]
Fields = tuple[str, str, str]
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


@dataclass(frozen=True, slots=True)
class Standings:
    """Finishers in order of place, then the others by bib; `rules` are those in force, `course_m` metres."""

    rows: tuple[Row, ...]
    rules: Rules
    course_m: int = 0
    employees: Mapping[str, int] = field(default_factory=dict)

    @property
    def finishers(self) -> list[Row]:
        """Those with a place, in order."""
        return [row for row in self.rows if row.place is not None]

    @property
    def finished(self) -> list[Row]:
        """Everybody who crossed the finish, those without a place last."""
        unplaced = (row for row in self.rows if row.place is None and row.status is Status.FINISHED)
        return self.finishers + sorted(unplaced, key=order_of)

    @property
    def coverage(self) -> float | None:
        """The share of finishers whose own start is known; None before the first finish."""
        return coverage_of(self.rows)

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
        return next((row for row in self.rows if row.entrant.bib == bib), None)

    def count(self, *statuses: Status) -> int:
        return sum(row.status in statuses for row in self.rows)


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
    return placed(sorted(timed, key=order_of), sorted(others, key=bib_order_of), rules, race)


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
    within_sex = rules.category_within == "sex"
    category = entrant.category if entrant.sex or not within_sex else ""
    return "all", entrant.sex, f"{entrant.sex}\n{category}" if category and within_sex else category


def placed(ranked: Sequence[Row], others: Sequence[Row], rules: Rules, race: Race) -> Standings:
    """Give those who rank, in order already, their places in each of their fields."""
    if heats_reorder(race, rules):
        ranked = _heats_together(ranked)
    levels = [level(row, rules) for row in ranked]
    fields = zip(*(fields_of(row.entrant, rules) for row in ranked), strict=True)
    rows = map(with_places, ranked, zip(*(places_within(field, levels) for field in fields), strict=True))
    return Standings((*rows, *others), rules, race.course_m, race.book.employees.copy())


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
