"""A made-up field on its way from start to finish: who is seen by which camera, when, how often and how well. Seeded.

Two start and three finish cameras whose views overlap; the peaks are those of a real race of this size: 45 a second over the
start, 9 a second and 167 a minute over the finish.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from random import Random
from typing import Final, NamedTuple

from tests.builders import FIRMS, GUN, after_gun, code_of, gun, runner
from timing.race.events import (
    Event,
    Scanned,
    StationClosed,
    StationFact,
    StationOpened,
)
from timing.race.instants import SECOND, Instant, Span, later

STARTS: Final = ("start-1", "start-2")
FINISHES: Final = ("finish-1", "finish-2", "finish-3")
CAMERAS: Final = STARTS + FINISHES
WHOLE = 2_500
START_PEAK, FINISH_PEAK, FINISH_MINUTE = 45, 9, 167
"""People in a second, in a second, and in a minute; of a field of `WHOLE`."""
FIRST_IN_S, FASTEST_S = 960, 940
SEXES, AGES = "FM", ("20대", "30대", "40대", "50대")
MARK_ONLY, MISSED, FOREIGN, AGAIN = 0.06, 0.01, 0.01, 0.15


class Said(NamedTuple):
    """A camera says a fact at an instant."""

    at: Instant
    camera: str
    fact: StationFact


@dataclass(frozen=True, slots=True)
class Field:
    """What the desk knows beforehand, and what the cameras say, in the order of time."""

    desk: list[Event]
    said: list[Said]

    def of(self, camera: str) -> list[StationFact]:
        return [one.fact for one in self.said if one.camera == camera]


def made_up(people: int, seed: int) -> Field:
    """So many runners, crossing as densely as the field of `WHOLE` does."""
    chance = Random(seed)
    starts, finishes = _starts(people, chance), _finishes(people, chance)
    entries = (_entry(bib, chance) for bib in range(1, people + 1))
    desk = [*chain.from_iterable(entries), gun()]
    said = [Said(after_gun("-5:00"), camera, _opened(camera)) for camera in CAMERAS]
    order = chance.sample(range(people), people)
    for bib, (start, place) in enumerate(zip(starts, order, strict=True), 1):
        said += _seen(bib, start, STARTS, chance)
        said += _seen(bib, finishes[place], FINISHES, chance)
    end = max(one.at for one in said)
    said += [Said(later(end, Span(SECOND)), camera, StationClosed(later(end, Span(SECOND)))) for camera in CAMERAS]
    return Field(desk, sorted(said, key=lambda one: one.at))


def _entry(bib: int, chance: Random) -> list[Event]:
    team = chance.choice(["", "t0001", "t0002", "t0003"])
    return runner(bib, chance.choice(list(FIRMS)), team, chance.choice(SEXES), chance.choice(AGES))


def _opened(camera: str) -> StationOpened:
    return StationOpened(camera, "start" if camera in STARTS else "finish", after_gun("-5:00"))


def _starts(people: int, chance: Random) -> list[Instant]:
    """Over the start: a second of the peak, then it thins out."""
    gaps = [SECOND / START_PEAK] * START_PEAK + [SECOND / 25] * people
    return _instants(2.0, gaps, people, chance)


def _finishes(people: int, chance: Random) -> list[Instant]:
    """Over the finish: at first a few, then every ten seconds nine in one of them, 167 a minute in all, then stragglers."""
    few = [3 * SECOND] * max(2, people // 50)
    burst = [SECOND / FINISH_PEAK] * FINISH_PEAK
    between = FINISH_MINUTE // 6 - FINISH_PEAK
    ten_seconds = (burst + [9 * SECOND / between] * between) * people
    dense = ten_seconds[: people * 9 // 10 - len(few)]
    return _instants(FIRST_IN_S, few + dense + [1.5 * SECOND] * people, people, chance)


def _instants(first_s: float, gaps: list[float], people: int, chance: Random) -> list[Instant]:
    at, found = GUN + first_s * SECOND, list[Instant]()
    for gap in gaps[:people]:
        at += gap * chance.uniform(0.5, 1.5)
        found.append(Instant(round(at)))
    return found


def _seen(bib: int, at: Instant, cameras: tuple[str, ...], chance: Random) -> Iterator[Said]:
    """One crossing by one, two or all cameras of a line; some twice, some by the mark alone, some not at all."""
    if chance.random() < MISSED:
        return
    for camera in chance.sample(cameras, chance.choice([1, 1, 2, len(cameras)])):
        first = later(at, Span(chance.randrange(-400_000, 0)))
        last = later(at, Span(chance.randrange(100_000, 900_000)))
        yield Said(later(last, Span(SECOND)), camera, _visit(bib, first, last, at, chance))
        if chance.random() < AGAIN:
            back = Span(chance.randrange(2, 20) * SECOND)
            again = _visit(bib, later(first, back), later(last, back), later(at, back), chance)
            yield Said(later(last, Span(back + SECOND)), camera, again)


def _visit(bib: int, first: Instant, last: Instant, at: Instant, chance: Random) -> Scanned:
    measured = chance.randrange(3, 40), chance.randrange(100_000), at if chance.random() < 0.7 else None
    if chance.random() < FOREIGN:
        return Scanned("qr", "?" + f"{bib:016x}", first, last, *measured)
    if chance.random() < MARK_ONLY:
        return Scanned("mark", code_of(bib), first, last, *measured, margin=chance.randrange(250, 1_000))
    return Scanned("qr", code_of(bib), first, last, *measured)
