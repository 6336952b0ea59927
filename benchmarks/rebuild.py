"""Everything anew from the stored facts, beside polars on arrays in memory; and one more finish, beside everything anew."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.field import Camera, Person, fill, seen
from benchmarks.field import field as field_of
from benchmarks.measure import Line, alternate, as_time, as_times, ratios, spread, taken_s
from benchmarks.tables import Places, arrays, places_of, tables
from results.ranking.live import LiveStandings
from results.ranking.rankings import Ranking, rankings
from results.ranking.rows import Row
from results.ranking.standings import Standings, standings
from timing.folder import OpenRace, create_race
from timing.instants import Instant
from timing.log import Recorded
from timing.log.encoding import decode
from timing.race import Race, fold
from timing.store.directory import Names

GOALS = {2_500: 1.0, 150_000: 2.0, 999_999: 3.0}
ROUNDS = {2_500: 9, 150_000: 5, 999_999: 1}
MORE = 200
"""Finishes that come in one after the other, each read at once."""


@dataclass(slots=True)
class Parts:
    """How long the parts of a rebuild took, in seconds, by name."""

    taken: dict[str, list[float]] = field(default_factory=dict)

    def said(self) -> str:
        """The median of each part."""
        return ", ".join(f"{name} {as_time(median(found))}" for name, found in self.taken.items())


@contextmanager
def filled(size: int) -> Iterator[tuple[OpenRace, list[Person], int]]:
    """A race folder with a whole field's facts, and how many scans there are."""
    with TemporaryDirectory() as folder, create_race(Path(folder), "경주", "race", "GV.TEST", 4_500) as race:
        people = field_of(size, Random(size))
        yield race, people, fill(race.log, people, Random(size + 1))


def rebuilt(size: int) -> tuple[Line, float, list[float]]:
    """Row 4 for one size, how long a rebuild takes, and how long each of some later finishes (row 5)."""
    with filled(size) as (race, people, scans):
        rules, parts = race.fold().rules, Parts()
        whole: list[tuple[Standings, list[Ranking]]] = []

        def ours() -> float:
            whole.clear()
            return taken_s(lambda: whole.append(_computed(race.fold())))

        given = arrays(people, race.fold().scans)
        rounds = ROUNDS[size]
        found = alternate({"ours": ours, "polars": lambda: taken_s(lambda: tables(given))}, rounds, warm=rounds > 1)
        assert _places(*whole[0]) == places_of(tables(given)), "ours and polars differ"
        whole.clear()
        for _ in range(min(rounds, 3)):
            _split(race, parts)
        finishes = _one_more(race, people)
    ratio = ratios(found["ours"], found["polars"])
    line = Line(
        f"rebuild from SQLite, {size:,} runners, {scans:,} scans, {len(rules.ranking)} group rankings; beside it polars on arrays"
        + (" (one round)" if rounds == 1 else ""),
        f"{as_times(spread(found['ours']))}: {parts.said()}",
        as_times(spread(found["polars"])),
        f"{ratio.said()} x",
        f"at most {GOALS[size]:.0f}x",
        ratio.middle <= GOALS[size],
    )
    return line, median(found["ours"]), finishes


def _computed(race: Race) -> tuple[Standings, list[Ranking]]:
    ranked = standings(race)
    return ranked, rankings(ranked, Names())


def _split(race: OpenRace, parts: Parts) -> None:
    """The same once more in steps; folding is what remains of it without the decoding in it."""
    rows: list[Recorded] = []
    folded: list[Race] = []
    ranked: list[Standings] = []
    steps: dict[str, Callable[[], object]] = {
        "reading": lambda: rows.extend(race.log.read()),
        "decoding": lambda: [decode(row.data) for row in rows],
        "folding": lambda: folded.append(fold(rows)),
        "judging and order": lambda: ranked.append(standings(folded[0])),
        "places and group rankings": lambda: rankings(ranked[0], Names()),
    }
    taken = {name: taken_s(step) for name, step in steps.items()}
    taken["folding"] -= taken["decoding"]
    for name, seconds in taken.items():
        parts.taken.setdefault(name, []).append(seconds)


def _places(ranked: Standings, groups: Sequence[Ranking]) -> list[Places]:
    def of(row: Row) -> tuple[int, ...]:
        return row.place or 0, row.sex_place or 0, row.category_place or 0

    lists: list[Places] = [{score.group: (score.place,) for score in one.scores} for one in groups]
    return [{str(row.entrant.bib): of(row) for row in ranked.finishers}, *lists]


def _one_more(race: OpenRace, people: Sequence[Person]) -> list[float]:
    """Seconds for each of some finishes: the fact folded, then five places read."""
    rules, live, names = race.fold().rules, LiveStandings(), Names()
    for recorded in race.log.read():
        live.apply(recorded)
    live.rankings(names)  # as the follower does: everybody judged, every list in order
    late = [person for person in people if person.finish is None and person.entered.team][:MORE]
    camera, facts = Camera("finish", 9), live.race.facts
    arrivals = [seen(one.bib.code, Instant(one.gun + 3_600_000_000 + number)) for number, one in enumerate(late)]
    race.log.receive(camera.batch([camera.opened(), *arrivals]))
    opening, *finishes = race.log.read(facts)
    live.apply(opening)

    def finish(recorded: Recorded, person: Person) -> None:
        live.apply(recorded)
        row = live.row(person.entered.entrant)
        live.group_place(rules.ranking[0], person.entered.company, names)
        live.group_place(rules.ranking[1], person.entered.team, names)
        assert row.place and row.sex_place and row.category_place

    return [taken_s(partial(finish, recorded, person)) for recorded, person in zip(finishes, late, strict=True)]
