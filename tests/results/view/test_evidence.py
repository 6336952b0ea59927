"""What a time rests on, in words: the course's splits among them."""

from dataclasses import replace

import pytest
from msgspec import structs

from results.board.api_models import Split, runner_of
from results.board.site import Site
from results.ranking.standings import standings
from results.view.evidence import evidence_lines, result_facts
from results.view.view import View
from tests.boards import SEOUL, Run, desk_facts, names_of, stations
from tests.builders import Station, after_gun, code_of, log_of, opened, scan
from timing.race.events import Crossing, Scanned, StationOpened
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
        "2,500 m 14:09:42.0 (camera split-1; by sight, not at the line)"
    ]
    assert runner_of(Site(view), 417).splits == [Split(2_500, "582000", "570000")]


@pytest.mark.parametrize(
    ("crossed_at", "crossing", "worth"),
    [
        ("17:04", "line", ""),
        ("17:04", "estimated", "; estimated"),
        ("17:04", "seen", "; by sight, not at the line"),
        (None, "line", "; by sight, not at the line"),
    ],
)
def test_a_result_says_where_its_instant_was_not_measured_at_the_line(
    crossed_at: str | None, crossing: Crossing, worth: str
) -> None:
    finish = structs.replace(scan(417, "17:05", crossed=crossed_at), crossing=crossing)
    race = fold(log_of([opened(), *desk_facts(RUNS)], Station("finish-1").says(finish)).read())
    view = View(race.facts, {"ko": "대회", "en": "Race"}, 4_500, standings(race), names_of(RUNS), SEOUL)
    (row,) = view.standings.rows
    (line,) = (line for line in evidence_lines(view, row, "en") if line.startswith("Finish"))
    assert line.endswith(f"(camera finish-1{worth})")


def test_typed_by_hand_is_neither_measured_nor_by_sight() -> None:
    typed = Scanned("typed", code_of(417), after_gun("17:05"), after_gun("17:05"))
    race = fold(log_of([opened(), *desk_facts(RUNS)], Station("finish-1").says(typed)).read())
    view = View(race.facts, {"ko": "대회", "en": "Race"}, 4_500, standings(race), names_of(RUNS), SEOUL)
    (row,) = view.standings.rows
    assert any(line.endswith("(camera finish-1)") for line in evidence_lines(view, row, "en"))


def test_without_an_own_start_a_split_counts_from_the_gun() -> None:
    view = seen_on_the_course(replace(RUNS[0], start=None, finish=None))
    (row,) = view.standings.rows
    assert ("2.5 km", "9:42") in result_facts(view, row, "en")
    assert runner_of(Site(view), 417).splits == [Split(2_500, "582000", None)]
