"""Standings: everybody's status, times and places, from the folded race and the rules. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from results.places import grouped, places
from timing.instants import Instant, Span
from timing.passings import Judgement, judge
from timing.race import Entrant, Race
from timing.rules import Rules

OrderKey = tuple[Span, Instant, int, str]
Fields = tuple[str, str, str]


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
    """Judge every entrant and rank the finishers: the whole at once, which `live` must always equal."""
    rows = [row_of(race, entrant, rules) for entrant in race.entrants.values()]
    ranked = sorted((row for row in rows if row.time is not None), key=order_of)
    return placed(ranked, sorted((row for row in rows if row.time is None), key=bib_order_of), rules)


def row_of(race: Race, entrant: Entrant, rules: Rules) -> Row:
    """One entrant judged, without places: a pure function of the entrant's entry, scans and gun."""
    judged = judge(race.scans_of(entrant), race.guns.get(entrant.wave), rules)
    status = Status.FINISHED if judged.finish else Status.STARTED if judged.start else Status.REGISTERED
    time = judged.net_time if rules.basis == "net" else judged.gun_time
    unranked = rules.missing_start == "unranked" and judged.start is None
    return Row(entrant, judged, status, None if unranked else time)


def order_of(row: Row) -> OrderKey:
    """The order of those who rank. Time first; the rest only makes the order the same on every machine."""
    assert row.time is not None
    return row.time, row.finished_at, row.entrant.bib or 0, row.entrant.id


def bib_order_of(row: Row) -> tuple[int, str]:
    """The order of those who do not rank."""
    return row.entrant.bib or 0, row.entrant.id


def fields_of(entrant: Entrant, rules: Rules) -> Fields:
    """Among whom an entrant is placed: everybody, the sex, the category; empty where the entrant names none."""
    within_sex = rules.category_within == "sex"
    category = entrant.category if entrant.sex or not within_sex else ""
    return "all", entrant.sex, f"{entrant.sex}\n{category}" if category and within_sex else category


def placed(ranked: Sequence[Row], others: Sequence[Row], rules: Rules) -> Standings:
    """Give those who rank, in order already, their places in each of their fields."""
    overall, sexes, categories = (_places_in(at, ranked, rules) for at in range(3))
    rows = (with_places(row, [field.get(row.entrant.id) for field in (overall, sexes, categories)]) for row in ranked)
    return Standings((*rows, *others), rules)


def with_places(row: Row, given: Sequence[int | None]) -> Row:
    """The row with its places, in the order of `fields_of`."""
    return Row(row.entrant, row.judged, row.status, row.time, *given)


def _places_in(at: int, ranked: Sequence[Row], rules: Rules) -> dict[str, int]:
    """Everybody's place in the field at this index of `fields_of`, by entrant."""
    fields = grouped(ranked, lambda row: fields_of(row.entrant, rules)[at]).values()
    given = [(field, places(field, lambda row: row.time, rules.ties)) for field in fields]
    return {row.entrant.id: place for field, found in given for row, place in zip(field, found, strict=True)}
