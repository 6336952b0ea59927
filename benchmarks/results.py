"""`make bench-results`: all rankings of a field beside polars, and a correction's preview beside everything anew.

Writes docs/benchmarks/results.md. Nothing here judges a test: machines differ, and so do their quiet hours.
"""

import platform
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from benchmarks.field import Person
from benchmarks.machine import hardware, versions
from benchmarks.measure import Line, Spread, alternate, as_time, as_times, ratios, spread, table, taken_s
from benchmarks.rebuild import filled
from benchmarks.tables import Places, arrays, group_places_of, group_tables
from results.ranking.difference import preview
from results.ranking.projection import StandingsProjection
from results.ranking.rankings import Ranking, lists, rankings
from results.ranking.rows import Row, row_of
from results.ranking.standings import Standings, rank, standings
from timing.folder import OpenRace
from timing.race.events import BibsSwapped, DeskFact, FactUndone, GunMoved, RulesSet, ScanVoided, StatusRuled
from timing.race.fold import Race
from timing.race.instants import SECOND, Instant
from timing.race.known_names import Names
from timing.race.rules import GroupRule, Mix, Rules

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks" / "results.md"
WHO = "director", "benchmark"
PICK, TOGETHER, WINDOW_S = 3, 4, 30
RULES = Rules(
    start_window_s=900,
    min_finish_s=600,
    ranking=(
        GroupRule("sum", "company", pick=PICK),
        GroupRule("team", "team", pick=PICK),
        GroupRule("place", "company", pick=PICK, by="place"),
        GroupRule("together", "company", pick=TOGETHER, combine="together", window_s=WINDOW_S),
        GroupRule("mix", "company", mix=(Mix("2+2", ({"M": 2, "F": 2},)),)),
        GroupRule("count", "company", combine="count"),
    ),
)
ROUNDS = {2_500: 15, 150_000: 5}
GOALS = {2_500: 1.0, 150_000: 2.0}
NOTICED_S = 0.05
"""Longer than this, a director who asks for a preview notices that it takes time."""
NAMES = Names()


def measured(size: int) -> list[Line]:
    """Every row for one size."""
    with filled(size) as (opened, people, scans):
        opened.log.record([RulesSet(RULES, *WHO)])
        return [_rankings(opened.fold(), people, scans), *_previews(opened, people)]


def _rankings(race: Race, people: Sequence[Person], scans: int) -> Line:
    """Everybody judged and placed, and six group rankings, beside polars."""
    given, size = arrays(people, race.scans), len(people)
    ours = partial(_computed, race)
    theirs = partial(group_tables, given, PICK, TOGETHER, WINDOW_S * SECOND)
    assert _places(*ours()) == group_places_of(theirs()), "ours and polars differ"
    found = alternate({"ours": lambda: taken_s(ours), "polars": lambda: taken_s(theirs)}, ROUNDS[size])
    ratio = ratios(found["ours"], found["polars"])
    return Line(
        f"all rankings of {size:,} runners, {scans:,} scans: three places each, {len(RULES.ranking)} group rankings; "
        "beside it polars on arrays",
        f"{as_times(spread(found['ours']))}: {_parts(race)}",
        as_times(spread(found["polars"])),
        f"{ratio.said()} x",
        f"at most {GOALS[size]:.0f}x",
        ratio.middle <= GOALS[size],
    )


def _computed(race: Race) -> tuple[Standings, list[Ranking]]:
    ranked = standings(race)
    return ranked, rankings(ranked, NAMES)


def _parts(race: Race) -> str:
    """One more run in steps."""
    rows: list[Row] = []
    ranked: list[Standings] = []
    steps: dict[str, Callable[[], object]] = {
        "judging": lambda: rows.extend(row_of(race, one, RULES) for one in race.entrants.values()),
        "places": lambda: ranked.append(rank(rows, RULES, race)),
        **{rule.name: partial(_one_list, rule, ranked) for rule in RULES.ranking},
    }
    return ", ".join(f"{name} {as_time(taken_s(step))}" for name, step in steps.items())


def _one_list(rule: GroupRule, ranked: Sequence[Standings]) -> None:
    lists(rule, ranked[0], NAMES)


def _places(ranked: Standings, groups: Sequence[Ranking]) -> list[Places]:
    rows = ranked.ranked
    individual: Places = {
        str(row.entrant.bib): (row.place or 0, row.sex_place or 0, row.category_place or 0) for row in rows
    }
    in_groups: list[Places] = [{score.group: (score.place,) for score in one.scores} for one in groups]
    return [individual, *in_groups]


def _previews(opened: OpenRace, people: Sequence[Person]) -> list[Line]:
    """Each kind of correction on standings that have caught up, in turn with a rebuild from the stored facts."""
    live = StandingsProjection()
    for recorded in opened.log.read():
        live.apply(recorded)
    live.rankings(NAMES)  # as whoever follows the log: everybody judged, every list made
    asked = {name: partial(_preview, live, fact) for name, fact in _corrections(live, people).items()}
    rebuild = {"rebuild": lambda: taken_s(lambda: _computed(opened.fold()))}
    found = alternate({**asked, **rebuild}, ROUNDS[len(people)])
    anew = spread(found["rebuild"])
    return [_line(name, len(people), found[name], found["rebuild"], anew) for name in asked]


def _preview(live: StandingsProjection, fact: DeskFact) -> float:
    return taken_s(lambda: preview(live, [fact], NAMES))


def _line(name: str, size: int, found: Sequence[float], rebuilds: Sequence[float], anew: Spread) -> Line:
    few = size == min(ROUNDS)
    middle = spread(found).middle
    return Line(
        f"preview at {size:,} runners: {name}; beside it a rebuild from SQLite",
        as_times(spread(found)),
        as_times(anew),
        f"{ratios(found, rebuilds).said()} x",
        f"under {NOTICED_S * 1e3:.0f} ms" if few else "less than a rebuild",
        middle < (NOTICED_S if few else anew.middle),
    )


def _corrections(live: StandingsProjection, people: Sequence[Person]) -> Mapping[str, DeskFact]:
    """One that takes a runner out, one about a scan, one that concerns a wave, and one everybody."""
    first, other = (row.entrant for row in live.standings().ranked[:2])
    scan = live.race.scans_of(first)[-1]
    ruled = max(pos for pos, fact in live.race.said.items() if isinstance(fact, RulesSet))
    return {
        "the winner disqualified": StatusRuled(first.id, "dsq", *WHO),
        "a scan voided": ScanVoided(scan.lineage, scan.seq, *WHO),
        "two bibs swapped": BibsSwapped(first.id, other.id, *WHO),
        "a gun moved (its wave judged again)": GunMoved("1", Instant(people[0].gun + 4 * SECOND), *WHO),
        "the rules undone (the book written anew, everybody judged again)": FactUndone(ruled, *WHO),
    }


def page(lines: Sequence[Line]) -> str:
    """The page, without host names and paths."""
    return "\n".join(
        [
            "# 순위의 속도 / The rankings' speed",
            "",
            "`make bench-results`가 이 쪽을 씁니다. 두 쪽을 같은 실행에서 번갈아 재고, 가운데값과 (가장 작은 값-가장 큰 값)을 적습니다. /",
            "Written by `make bench-results`. Contenders take turns in one run; a figure is the median of its rounds with",
            "(least-most), a ratio the median of the ratios round by round.",
            "",
            f"- {hardware()}",
            f"- Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}",
            f"- {versions('msgspec', 'sqlalchemy', 'polars')}",
            "",
            *table(lines),
            "",
            NOTES,
        ]
    )


NOTES = """\
## How to read it

- **All rankings.** Ours begins with the folded race in memory and ends with every judged row, a reason for each scan, places
  overall, in the sex and in the category, and six group rankings: the best three of a firm and of a team, the sum of three
  places, four of a firm inside half a minute (`together`), two men and two women (`mix`), and the most finishers. polars begins
  with columns of numbers, whose making is not timed, and knows no reasons. All tables were compared and are equal. The parts
  are one run in steps.
- **A preview** is everything between the director's question and the answer: the fact supposed, whoever it concerns judged
  again, all places and group rankings made anew, and both states compared runner by runner and group by group. The standings
  that follow the log stay as they are. A rebuild reads every fact from SQLite and judges everybody.

## Where a goal is missed, and why

- **Rankings against polars**: polars sorts and sums columns in machine code on all cores; ours makes a Python object for each
  runner and says for each scan why it counts or not. The board judges again only whom a fact concerns; order, places
  and lists it makes anew for each version (`docs/benchmarks/board.md`). A wish of once or twice polars' time would mean judging in columns, and the reasons
  with it.
- **The slowest rounds** of a preview are those in which Python looks through all its objects for garbage: some fifty
  milliseconds more at 2,500 runners, once in several previews.
- **At 150,000 runners** no goal is set for a preview; it makes all places and lists anew, also those that stay, and takes
  seconds whatever the correction. One that concerns everybody judges everybody as well.
"""


def main() -> None:
    """Measure, print and write the page."""
    text = page([line for size in ROUNDS for line in measured(size)])
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
