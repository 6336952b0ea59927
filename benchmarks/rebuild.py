"""Everything anew from the stored facts, beside polars on arrays in memory."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.field import Person, fill
from benchmarks.field import field as field_of
from benchmarks.measure import Line, alternate, as_time, as_times, ratios, spread, taken_s
from benchmarks.tables import Places, arrays, places_of, tables
from results.ranking.rankings import Ranking, rankings
from results.ranking.rows import Row
from results.ranking.standings import Standings, standings
from timing.folder import OpenRace, create_race
from timing.race.encoding import decode
from timing.race.fold import Race, fold
from timing.race.known_names import Names
from timing.race.records import Recorded

GOALS = {2_500: 1.0, 150_000: 2.0, 999_999: 3.0}
ROUNDS = {2_500: 9, 150_000: 5, 999_999: 1}


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


def rebuilt(size: int) -> Line:
    """The row for one size."""
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
    ratio = ratios(found["ours"], found["polars"])
    return Line(
        f"rebuild from SQLite, {size:,} runners, {scans:,} scans, {len(rules.ranking)} group rankings; beside it polars on arrays"
        + (" (one round)" if rounds == 1 else ""),
        f"{as_times(spread(found['ours']))}: {parts.said()}",
        as_times(spread(found["polars"])),
        f"{ratio.said()} x",
        f"at most {GOALS[size]:.0f}x",
        ratio.middle <= GOALS[size],
    )


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
        "judging, order and places": lambda: ranked.append(standings(folded[0])),
        "group rankings": lambda: rankings(ranked[0], Names()),
    }
    taken = {name: taken_s(step) for name, step in steps.items()}
    taken["folding"] -= taken["decoding"]
    for name, seconds in taken.items():
        parts.taken.setdefault(name, []).append(seconds)


def _places(ranked: Standings, groups: Sequence[Ranking]) -> list[Places]:
    def of(row: Row) -> tuple[int, ...]:
        return row.place or 0, row.sex_place or 0, row.category_place or 0

    lists: list[Places] = [{score.group: (score.place,) for score in one.scores} for one in groups]
    return [{str(row.entrant.bib): of(row) for row in ranked.ranked}, *lists]
