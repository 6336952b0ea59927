"""Standings: everybody's status, times and places, from the folded race and the rules. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from results.places import grouped, places
from timing.instants import Instant, Span
from timing.passings import Judgement, judge
from timing.race import Entrant, Race
from timing.rules import Rules


class Status(StrEnum):
    """How far an entrant is known to have come."""

    REGISTERED = "registered"
    STARTED = "started"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Row:
    """One entrant's result. Places are None for whoever does not rank."""

    entrant: Entrant
    judged: Judgement
    status: Status
    time: Span | None
    place: int | None = None
    sex_place: int | None = None
    category_place: int | None = None

    @property
    def gun_time(self) -> Span | None:
        return self.judged.gun_time

    @property
    def net_time(self) -> Span | None:
        return self.judged.net_time

    @property
    def start_source(self) -> str:
        return self.judged.start.source if self.judged.start else ""

    @property
    def finished_at(self) -> Instant:
        """For ordering: the finish, or the end of time."""
        return self.judged.finish.at if self.judged.finish else Instant(2**62)


@dataclass(frozen=True, slots=True)
class Standings:
    """Finishers in order of place, then the others by bib."""

    rows: tuple[Row, ...]
    rules: Rules

    @property
    def finishers(self) -> list[Row]:
        """Those with a place, in order."""
        return [row for row in self.rows if row.place is not None]

    def by_bib(self, bib: int) -> Row | None:
        return next((row for row in self.rows if row.entrant.bib == bib), None)

    def count(self, *statuses: Status) -> int:
        return sum(row.status in statuses for row in self.rows)


def standings(race: Race, rules: Rules) -> Standings:
    """Judge every entrant and rank the finishers."""
    rows = [_row(race, entrant, rules) for entrant in race.entrants.values()]
    ranked = sorted((row for row in rows if row.time is not None), key=_order)
    others = sorted((row for row in rows if row.time is None), key=lambda row: (row.entrant.bib or 0, row.entrant.id))
    within_sex = rules.category_within == "sex"
    ranked = _placed(ranked, rules, lambda row: "all", lambda row, place: replace(row, place=place))
    ranked = _placed(ranked, rules, lambda row: row.entrant.sex, lambda row, place: replace(row, sex_place=place))
    ranked = _placed(
        ranked,
        rules,
        lambda row: _category(row.entrant, within_sex),
        lambda row, place: replace(row, category_place=place),
    )
    return Standings((*ranked, *others), rules)


def _row(race: Race, entrant: Entrant, rules: Rules) -> Row:
    judged = judge(race.scans_of(entrant), race.guns.get(entrant.wave), rules)
    status = Status.FINISHED if judged.finish else Status.STARTED if judged.start else Status.REGISTERED
    time = judged.net_time if rules.basis == "net" else judged.gun_time
    unranked = rules.missing_start == "unranked" and judged.start is None
    return Row(entrant, judged, status, None if unranked else time)


def _order(row: Row) -> tuple[Span, Instant, int, str]:
    """Time first; the rest only makes the order the same on every machine."""
    assert row.time is not None
    return row.time, row.finished_at, row.entrant.bib or 0, row.entrant.id


def _category(entrant: Entrant, within_sex: bool) -> str:
    if not entrant.category or (within_sex and not entrant.sex):
        return ""
    return f"{entrant.sex}\n{entrant.category}" if within_sex else entrant.category


def _placed(ranked: list[Row], rules: Rules, key: Callable[[Row], str], give: Callable[[Row, int], Row]) -> list[Row]:
    """Give every row its place inside its group; the order of the rows stays."""
    given: dict[str, Row] = {row.entrant.id: row for row in ranked}
    for group in grouped(ranked, key).values():
        for row, place in zip(group, places(group, lambda row: row.time, rules.ties), strict=True):
            given[row.entrant.id] = give(row, place)
    return [given[row.entrant.id] for row in ranked]
