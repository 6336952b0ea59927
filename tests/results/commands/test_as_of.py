"""Results as the log stood: at a position, or as received until an instant."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibs.drawing.result_sheet import draw_results
from results.commands.as_of import AsOf, AsOfParam, facts_as_of
from results.commands.results_commands import explain_command, results_command
from results.ranking.projection import StandingsProjection
from results.ranking.rankings import rankings
from results.ranking.standings import standings
from tests.boards import Run, late_finish, race_folder
from tests.builders import GUN, after_gun, entrant
from tests.clock_and_chance import ManualClock
from tests.drawn_races import NAMES, DrawnRace, drawn_races, told
from tests.rulings import rule_books
from timing.commands.command_line import run
from timing.errors import WrongUse
from timing.folder import OpenRace
from timing.race.fold import fold
from timing.race.instants import SECOND, Instant, iso
from timing.race.rules import Rules

RUNS = [
    Run(1, "0:10", "17:00", company="c0001", name="김하늘"),
    Run(2, "0:11", company="c0002", name="이보람"),
    Run(3, "0:12", company="c0002", name="박솔"),
]
Captured = pytest.CaptureFixture[str]
results = results_command(draw_results)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenRace]:
    with race_folder(tmp_path / "race", RUNS) as made:
        yield made


def marathon(command: click.Command, opened: OpenRace, *arguments: str) -> int:
    return run(command, ["--race", str(opened.root), *arguments])


def printed(capsys: Captured, command: click.Command, opened: OpenRace, *arguments: str) -> str:
    assert marathon(command, opened, *arguments) == 0
    return capsys.readouterr().out


@given(drawn_races(), rule_books)
def test_as_of_a_position_is_what_was_current_when_the_log_ended_there(drawn: DrawnRace, rules: Rules) -> None:
    log, live = told(drawn), StandingsProjection(rules)
    for fact in log.read():
        live.apply(fact)
        race = fold(facts_as_of(log, AsOf(position=fact.pos)))
        ranked = standings(race, rules)
        assert (race, ranked, rankings(ranked, NAMES)) == (live.race, live.standings(), live.rankings(NAMES))


@given(drawn_races())
def test_as_of_an_instant_is_as_of_the_last_position_received_by_then(drawn: DrawnRace) -> None:
    log = told(drawn)
    for fact in log.read():
        last = max(one.pos for one in log.read() if one.received_at <= fact.received_at)
        until = facts_as_of(log, AsOf(until=fact.received_at))
        assert list(until) == list(facts_as_of(log, AsOf(position=last)))


def test_as_of_nothing_is_the_whole_log_and_as_of_position_0_is_an_empty_one() -> None:
    log = told([])
    log.record([entrant(1)])
    assert [fact.pos for fact in facts_as_of(log, None)] == [1]
    assert list(facts_as_of(log, AsOf(position=0))) == []


def test_nothing_that_was_received_later_is_told_and_what_came_at_that_very_instant_is() -> None:
    log = told([])
    log.record([entrant(1)])
    assert len(list(facts_as_of(log, AsOf(until=GUN)))) == 1
    assert list(facts_as_of(log, AsOf(until=Instant(GUN - 1)))) == []


@pytest.mark.parametrize("end", [0, 3])
def test_a_position_beyond_the_end_is_refused(end: int) -> None:
    log = told([])
    log.record([entrant(bib) for bib in range(1, end + 1)])
    with pytest.raises(WrongUse, match=f"{end}번까지.*ends at position {end}"):
        facts_as_of(log, AsOf(position=end + 1))


@given(st.integers(0, 2**53))
def test_digits_are_a_position(position: int) -> None:
    assert AsOfParam().convert(str(position), None, None) == AsOf(position=position)


@given(st.integers(0, 4_102_444_800 * SECOND))
def test_an_instant_with_an_offset_is_an_instant(at: int) -> None:
    assert AsOfParam().convert(iso(Instant(at)), None, None) == AsOf(until=Instant(at))
    assert AsOfParam().convert("2026-09-03T14:00:00+09:00", None, None) == AsOf(until=GUN)


@pytest.mark.parametrize("text", ["", "-1", "12.5", "２", "14:00", "2026-09-03T14:00:00", "어제", "9" * 5_000])
def test_anything_else_is_wrong_use(opened: OpenRace, capsys: Captured, text: str) -> None:
    assert marathon(results, opened, f"--as-of={text}") == 2
    told = capsys.readouterr()
    assert "위치나 시각이 아닙니다: " in told.err and "neither a position nor an instant: " in told.err
    assert "Traceback" not in told.err and told.out == ""


def test_the_results_of_then_are_the_bytes_of_then(opened: OpenRace, capsys: Captured) -> None:
    was: dict[int, tuple[str, str]] = {}
    for bib, at in ((2, "18:00"), (3, "17:30")):
        was[opened.log.head().seq] = (
            printed(capsys, results, opened, "--csv"),
            printed(capsys, results, opened, "--json"),
        )
        late_finish(opened, bib, at, camera=f"finish-{bib + 10}")
    for position, (table, document) in was.items():
        assert printed(capsys, results, opened, "--csv", "--as-of", str(position)) == table
        assert printed(capsys, results, opened, "--json", "--as-of", str(position)) == document


def test_it_is_said_how_the_log_stood_and_only_beside_the_results(opened: OpenRace, capsys: Captured) -> None:
    assert marathon(results, opened, "--csv", "--as-of", "5") == 0
    told = capsys.readouterr()
    assert told.err == "기록 5번 시점 기준입니다 / as the log stood at position 5\n"
    assert list(csv.DictReader(io.StringIO(told.out.removeprefix("\ufeff"))))


def test_until_an_instant_counts_what_the_log_had_received(tmp_path: Path, capsys: Captured) -> None:
    with race_folder(tmp_path / "race", RUNS) as opened:
        clock = opened.clock
        assert isinstance(clock, ManualClock)
        clock.at = after_gun("20:00")  # the finish's network was away: what was seen at 18:00 arrives now
        late_finish(opened, 2, "18:00")
        before = printed(capsys, results, opened, "--csv", "--as-of", "2026-09-03T14:19:59+09:00")
        after = printed(capsys, results, opened, "--csv", "--as-of", iso(after_gun("20:00")))
    assert ("1,1,finished" in before, "2,2,finished" in before) == (True, False)
    assert "2,2,finished" in after


def test_beyond_the_end_of_the_log_is_one_clear_line(opened: OpenRace, capsys: Captured) -> None:
    end = opened.log.head().seq
    for command, bib in ((results, []), (explain_command, ["1"])):
        assert marathon(command, opened, *bib, "--as-of", str(end + 1)) == 2
        told = capsys.readouterr()
        assert told.out == ""
        assert told.err == (
            f"marathon: 기록은 {end}번까지 있습니다. {end + 1}번은 아직 없습니다"
            f" / the log ends at position {end}; there is no position {end + 1} yet\n"
        )


def test_an_explanation_of_then_knows_nothing_of_later(opened: OpenRace, capsys: Captured) -> None:
    end = opened.log.head().seq
    was = printed(capsys, explain_command, opened, "2")
    late_finish(opened, 2, "18:00")
    assert "아직 순위가 없습니다" in was
    assert printed(capsys, explain_command, opened, "2", "--as-of", str(end)) == was
    assert "finish-2" in printed(capsys, explain_command, opened, "2")


def test_a_bib_that_was_not_yet_given_is_not_yet_explained(opened: OpenRace, capsys: Captured) -> None:
    assert marathon(explain_command, opened, "3", "--as-of", "2") == 1
    assert "there is no 3 in this race" in capsys.readouterr().err
