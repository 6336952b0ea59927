"""One entrant's row in the standings: status, flags and times, and where it stands among others. Pure."""

from collections.abc import Hashable, Iterable, Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from timing.race.fold import Race
from timing.race.instants import Instant, Span
from timing.race.office_state import Entrant
from timing.race.passings import UNRULED, Judgement, Passing, Reason, Rulings, judge
from timing.race.rules import Rules

OrderKey = tuple[Span, Instant, str, int, int, str]
Fields = tuple[str, str, str]
Field = tuple[int, str]
"""One of somebody's fields: which of the three, and its name."""
NEVER = Span(2**62)
BEHIND = "\U0010ffff"
"""Sorts behind the name of every lineage."""
EARLY = (Reason.TOO_EARLY, Reason.TOO_SOON)
CAME = (Reason.IN_PEN, Reason.AFTER_CLOSE)
"""Reasons of scans that show, once the course is closed, that somebody had come to run."""


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
    HELD = "held"
    START_NOT_SEEN = "start_not_seen"
    START_NOT_COUNTED = "start_not_counted"
    FINISH_NOT_COUNTED = "finish_not_counted"
    BY_HAND = "by_hand"
    BY_MARK = "by_mark"
    ADJUSTED = "adjusted"
    QUESTIONABLE = "questionable"
    CLOCK_DOUBTFUL = "clock_doubtful"
    FILM_JUMPED = "film_jumped"
    IMPOSSIBLE = "impossible"


StatusGroup = tuple[Status, str, str]
"""What is counted of everybody: status, sex and category."""


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
    ruled: Rulings = UNRULED
    recorded: tuple[str, int] = ("", 0)

    @property
    def held(self) -> bool:
        """Whether a finisher is held for officials, because the start was seen and cannot count."""
        return self.judged.held

    @property
    def start_missing(self) -> bool:
        """Whether a finisher ranks without a start of their own."""
        return self.status is Status.FINISHED and not self.held and self.start_source in ("", "gun")

    @property
    def start_source(self) -> str:
        return self.judged.start.source if self.judged.start else ""

    @property
    def finished_at(self) -> Instant:
        """For ordering: the finish, or the end of time."""
        return self.judged.finish.at if self.judged.finish else Instant(2**62)

    @property
    def impossible(self) -> bool:
        """Whether the time is impossible. A finish before the gun is not where net times rank and the start was earlier still."""
        nothing = any(time is not None and time <= 0 for time in (self.net_time, self.time))
        return nothing or (self.time is None and is_negative(self.judged.since_gun))

    @property
    def confirmed(self) -> bool:
        """Whether an official let this very time stand."""
        return self.time is not None and self.time == self.ruled.confirmed

    @property
    def flags(self) -> tuple[Flag, ...]:
        """What about this row should be looked at."""
        return tuple(_flags(self))


def row_of(race: Race, entrant: Entrant, rules: Rules) -> Row:
    """One entrant judged, without places: a pure function of the entrant's entry, scans, rulings and gun."""
    judged, ruled = judged_of(race, entrant, rules), race.ruled(entrant.id)
    status = _status(judged, ruled, race.office.closed_at is not None)
    time = own_time(judged, rules)
    if time is not None and ruled.dead_heat:
        time = _best_of(race, ruled.dead_heat, rules)
    recorded = _recorded(judged.finish, ruled) if rules.ties == "arrival" else ("", 0)
    return Row(entrant, judged, status, time, judged.net_time, judged.gun_time, ruled=ruled, recorded=recorded)


def judged_of(race: Race, entrant: Entrant, rules: Rules) -> Judgement:
    """The entrant's scans judged."""
    scans = race.scans_of(entrant, rules)
    gun = race.guns.get(race.wave_of(entrant, scans))
    return judge(scans, gun, rules, race.ruled(entrant.id), race.office.closed_at)


def own_time(judged: Judgement, rules: Rules) -> Span | None:
    """What ranks, dead heats apart; None for whoever has no place. Nobody finishes before they start."""
    if rules.missing_start == "unranked" and judged.start is None:
        return None
    time = judged.net_time if rules.basis == "net" else judged.gun_time
    return None if is_negative(judged.net_time) or is_negative(time) else time


def is_negative(time: Span | None) -> bool:
    return time is not None and time < 0


def with_their_heats(race: Race, entrants: Iterable[str]) -> set[str]:
    """These entrants and those in a dead heat with any of them, for the best time of a dead heat is everybody's in it."""
    concerned = set(entrants)
    heats = [race.ruled(entrant).dead_heat for entrant in concerned]
    return concerned.union(*(heat for heat in heats if heat)).intersection(race.entrants)


def _best_of(race: Race, heat: Iterable[str], rules: Rules) -> Span | None:
    """The best of the times of a dead heat as they stand now."""
    members = [race.entrants[one] for one in heat if one in race.entrants]
    times = [own_time(judged_of(race, one, rules), rules) for one in members]
    return min((time for time in times if time is not None), default=None)


def _recorded(finish: Passing | None, ruled: Rulings) -> tuple[str, int]:
    """A finish's place in the order of recording: one set by hand stands behind every scan."""
    if finish is None:
        return "", 0
    return (finish.scan.lineage, finish.scan.seq) if finish.scan else (BEHIND, ruled.finish_row)


def _status(judged: Judgement, ruled: Rulings, closed: bool) -> Status:
    """The status by ruling, else by what was seen, else by the closing of the course."""
    if ruled.status is not None:
        return Status(ruled.status)
    if judged.finish:
        return Status.FINISHED
    started = judged.start or judged.splits or judged.uncounted_starts
    if not closed:
        return Status.STARTED if started else Status.REGISTERED
    return Status.DNF if started or any(reason in CAME for _, reason in judged.reasons) else Status.DNS


def order_of(row: Row) -> OrderKey:
    """The order of finishers: time first (without one, last), then the order of recording; the rest makes it the same everywhere."""
    time = NEVER if row.time is None else row.time
    return time, row.finished_at, *row.recorded, row.entrant.bib or 0, row.entrant.id


def level(row: Row, rules: Rules) -> Hashable:
    """What is equal of two rows that share a place."""
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


def status_group(row: Row) -> StatusGroup:
    return row.status, row.entrant.sex, row.entrant.category


def is_told(row: Row) -> bool:
    """Whether the board may say that this runner has come in."""
    came_in = row.status is Status.FINISHED and row.judged.finish is not None
    return came_in and row.entrant.bib is not None and not row.ruled.withheld


def with_places(row: Row, given: Sequence[int | None]) -> Row:
    """The row with its places, in the order of `fields_of`."""
    place, sex_place, category_place = given
    return replace(row, place=place, sex_place=sex_place, category_place=category_place)


def _flags(row: Row) -> Iterable[Flag]:
    entrant, judged = row.entrant, row.judged
    reasons = {reason for _, reason in judged.reasons}
    missing = row.start_source in ("", "gun")
    told: dict[Flag, bool] = {
        Flag.NO_COMPANY: not entrant.company,
        Flag.NO_SEX: not entrant.sex,
        Flag.NO_CATEGORY: not entrant.category,
        Flag.NO_BIB: entrant.bib is None and row.status is not Status.WITHDRAWN,  # a stand-in has it
        Flag.NO_GUN: judged.finish is not None and judged.gun is None,
        Flag.HELD: row.held,
        Flag.START_NOT_SEEN: judged.finish is not None and missing and not judged.uncounted_starts and not row.held,
        Flag.START_NOT_COUNTED: judged.finish is not None and not row.held and bool(judged.uncounted_starts),
        Flag.FINISH_NOT_COUNTED: judged.finish is None and not reasons.isdisjoint(EARLY),
        Flag.BY_HAND: any(passing and passing.source == "ruling" for passing in (judged.start, judged.finish)),
        Flag.BY_MARK: any(p and p.scan and p.scan.source == "mark" for p in (judged.start, judged.finish)),
        Flag.ADJUSTED: bool(judged.adjusted or row.ruled.dead_heat),
        Flag.QUESTIONABLE: Reason.RULED_OUT in reasons and row.status is not Status.DSQ,  # who is disqualified did run
        Flag.CLOCK_DOUBTFUL: Reason.CLOCK_DOUBTFUL in reasons,
        Flag.FILM_JUMPED: any(p and p.scan and p.scan.jumped for p in (judged.start, judged.finish)),
        Flag.IMPOSSIBLE: row.impossible,
    }
    return [flag for flag, is_so in told.items() if is_so]
