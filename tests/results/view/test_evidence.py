"""What a time rests on, in words: the course's splits among them."""

from dataclasses import replace

from results.board.api_models import Split, runner_of
from results.board.site import Site
from results.ranking.standings import standings
from results.view.evidence import evidence_lines, result_facts
from results.view.view import View
from tests.boards import SEOUL, Run, desk_facts, names_of, stations
from tests.builders import Station, after_gun, log_of, opened, scan
from timing.race.events import (
    StationOpened,
)
from timing.race.fold import fold

RUNS = [Run(417, "0:12", "17:05", name="김하늘")]


def seen_on_the_course(*runs: Run) -> View:
    split = Station("split-1", "start")
    split.items.clear()
    split.says(
        StationOpened("split-1", "split", after_gun("-30:00"), metres=2_500), *(scan(run.bib, "9:42") for run in runs)
    )
    race = fold(log_of([opened(), *desk_facts(runs)], *stations(runs), split).read())
    return View(race.facts, {"ko": "대회", "en": "Race"}, 4_500, standings(race), names_of(runs), SEOUL)


def test_a_runner_s_page_shows_the_time_at_each_split_since_the_own_start() -> None:
    view = seen_on_the_course(*RUNS)
    (row,) = view.standings.rows
    assert ("2.5 km", "9:30") in result_facts(view, row, "ko")
    assert [line for line in evidence_lines(view, row, "en") if line.startswith("2,500 m")] == [
        "2,500 m 14:09:42.0 (camera split-1)"
    ]
    assert runner_of(Site(view), 417).splits == [Split(2_500, "582000", "570000")]


def test_without_an_own_start_a_split_counts_from_the_gun() -> None:
    view = seen_on_the_course(replace(RUNS[0], start=None, finish=None))
    (row,) = view.standings.rows
    assert ("2.5 km", "9:42") in result_facts(view, row, "en")
    assert runner_of(Site(view), 417).splits == [Split(2_500, "582000", None)]
