"""results.csv and rankings.csv: exactly the public columns, exactly the measured times, nothing that a spreadsheet would run."""

import csv
import io
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from results.files.exports import rankings_csv, results_csv, results_json
from results.ranking.rankings import rankings
from results.ranking.rows import Row, Status
from results.ranking.standings import Standings, standings
from results.view.view import View
from tests.boards import TEAMS, Run, names_of, net, race_of, view_of_runs
from tests.builders import after_gun, entrant_id
from timing.race.events import CourseClosed, ResultWithheld
from timing.race.instants import Span
from timing.race.known_names import Names
from timing.race.office_state import Entrant
from timing.race.passings import Judgement, Passing, Point
from timing.race.rules import GroupRule, Rules

RULES = Rules(
    ranking=(GroupRule("2인 단체", "company", pick=2), GroupRule("참가상", "company", "sex", combine="count"))
)
RUNS = [
    Run(417, "0:10", "17:03.0005", team="t0001", sex="F", category="30대", name="김하늘"),
    Run(12, None, "18:00", company="c0001", sex="M", category="40대", name="박솔"),
    Run(5, "0:12.5", "17:05.500001", company="c0002", sex="M", category="", name="이보람"),
    Run(8, "0:20", company="c0002", sex="", name="최가온"),
    Run(3, company="c0003", name="한결"),
]


def results_file(view: View) -> str:
    return results_csv(view.standings, view.names)


def rankings_file(view: View) -> str:
    return rankings_csv(view.rankings, view.names)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def of_417(read: list[dict[str, str]]) -> dict[str, str]:
    return next(row for row in read if row["bib"] == "417")


def called(firm: str, team: str, title: str) -> View:
    """A race in which 417's firm and team and the ranking are called so."""
    known = names_of(RUNS)
    known.companies["c0001"], known.teams["t0001"] = firm, team
    return view_of_runs(RUNS, Rules(ranking=(GroupRule(title, "company", pick=1),)), known)


def test_results_csv_to_the_letter() -> None:
    assert results_file(view_of_runs(RUNS, RULES)) == (
        "\ufeffplace,bib,status,gun_ms,net_ms,sex,sex_place,category,category_place,company,team,start_source\r\n"
        "1,5,finished,1025500.001,1013000.001,M,1,,,구로소프트,,scan\r\n"
        "2,417,finished,1023000.5,1013000.5,F,1,30대,1,가산정밀,가산정밀 개발팀,scan\r\n"
        "3,12,finished,1080000,1080000,M,2,40대,1,가산정밀,,gun\r\n"
        ",3,registered,,,F,,30대,,디지털단지상사,,\r\n"
        ",8,started,,,,,30대,,구로소프트,,\r\n"
    )


def test_rankings_csv_to_the_letter() -> None:
    assert rankings_file(view_of_runs(RUNS, RULES)) == (
        "\ufeffranking,division,place,group,score,counters\r\n"
        "2인 단체,all,1,가산정밀,2093000.5,417 12\r\n"
        "참가상,M,1,가산정밀,1,12\r\n"
        "참가상,M,1,구로소프트,1,5\r\n"
        "참가상,F,1,가산정밀,1,417\r\n"
    )


def test_an_incomplete_firm_has_an_empty_score() -> None:
    rule = GroupRule("2인 단체", "company", pick=2, incomplete="last")
    (last,) = rows(rankings_file(view_of_runs(RUNS, Rules(ranking=(rule,)))))[1:]
    assert (last["place"], last["group"], last["score"], last["counters"]) == ("2", "구로소프트", "", "5")


def test_no_name_of_a_person_is_in_a_file() -> None:
    view = view_of_runs(RUNS, RULES)
    files = results_file(view) + rankings_file(view) + results_json(view.standings, view.rankings, view.names)
    assert not [run.name for run in RUNS if run.name in files]


def test_an_empty_race_is_a_header() -> None:
    assert rows(results_file(view_of_runs([]))) == []
    assert rankings_file(view_of_runs([])) == "\ufeffranking,division,place,group,score,counters\r\n"


@pytest.mark.parametrize(
    "evil",
    [
        "=cmd()",
        "=1+1",
        "+1",
        "-1+cmd|' /C calc'!A0",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1+1",
        "＠SUM(A1)",
        "-",
        "=-5",
    ],
)
def test_a_firm_s_name_cannot_become_a_formula(evil: str) -> None:
    view = called(evil, f"{evil} 개발팀", evil)
    result, ranked = of_417(rows(results_file(view))), rows(rankings_file(view))[1]
    assert result["company"] == ranked["group"] == ranked["ranking"] == f"'{evil}"
    assert result["team"] == f"'{evil} 개발팀"


def test_a_time_before_the_gun_stays_a_number() -> None:
    gun, finish = after_gun("0:00"), after_gun("-0:01.5")
    judged = Judgement(None, Passing(Point.FINISH, finish, "scan"), gun, ())
    entrant = Entrant("e00001", "c0001", "", "F", "-5", "1", 1)
    standings = Standings(
        (Row(entrant, judged, Status.FINISHED, Span(-1_500_000), None, Span(-1_500_000)),), (), Rules()
    )
    (row,) = rows(results_csv(standings, Names()))
    assert (row["gun_ms"], row["net_ms"], row["category"]) == ("-1500", "", "-5")


def test_json_says_what_the_csv_says() -> None:
    view = view_of_runs(RUNS, RULES)
    document = json.loads(results_json(view.standings, view.rankings, view.names))
    assert document["results"] == rows(results_file(view))
    assert document["rankings"] == rows(rankings_file(view))
    assert list(document) == ["results", "rankings"]


def test_json_needs_no_protection_from_spreadsheets() -> None:
    view = called("=cmd()", "+팀", "@순위")
    document = json.loads(results_json(view.standings, view.rankings, view.names))
    assert of_417(document["results"])["company"] == "=cmd()"
    assert document["rankings"][0]["ranking"] == "@순위"


@given(st.text(st.characters(codec="utf-8"), min_size=1), st.text(st.characters(codec="utf-8")))
def test_whatever_a_firm_is_called_the_file_reads_back(firm: str, team: str) -> None:
    view = called(firm, team, "순위")
    read = rows(results_file(view))
    assert len(read) == len(RUNS)
    shown = of_417(read)
    assert shown["company"] in (firm, f"'{firm}")
    assert shown["team"] in (team, f"'{team}")
    assert not shown["company"].startswith(("=", "+", "@"))


@given(st.lists(st.integers(900_000_000, 1_100_000_000), min_size=1, max_size=6))
def test_times_in_files_are_exact_to_the_microsecond(spans: list[int]) -> None:
    runs = [Run(bib, "0:00", f"{span / 1e6:.6f}") for bib, span in enumerate(spans, 1)]
    read = {row["bib"]: row["net_ms"] for row in rows(results_file(view_of_runs(runs)))}
    for bib, span in enumerate(spans, 1):
        whole, _, decimals = read[str(bib)].partition(".")
        assert int(whole) * 1_000 + int(decimals.ljust(3, "0")) == span
        assert not decimals.endswith("0")


def test_the_unnamed_are_called_by_their_id() -> None:
    view = view_of_runs([net(1, 1000, company="c0077", team="t0088")])
    (row,) = rows(results_csv(view.standings, Names()))
    assert (row["company"], row["team"]) == ("c0077", "t0088")


def test_a_finisher_whom_the_rule_does_not_rank_has_finished_and_no_place() -> None:
    view = view_of_runs([Run(1, None, "17:00")], Rules(missing_start="unranked"))
    (row,) = rows(results_file(view))
    assert (row["place"], row["status"], row["gun_ms"], row["net_ms"], row["start_source"]) == (
        "",
        "finished",
        "1020000",
        "",
        "",
    )


def test_a_ranking_keeps_its_place_in_the_file_whatever_else_is_in_it() -> None:
    view = view_of_runs(RUNS, RULES)
    shown = replace(view, lists=lambda *_: view.rankings[::-1])
    assert [row["ranking"] for row in rows(rankings_file(shown))] == ["참가상", "참가상", "참가상", "2인 단체"]


def test_a_withheld_runner_s_row_tells_the_place_and_nothing_else() -> None:
    """Also of whoever did not finish."""
    facts = [ResultWithheld(entrant_id(bib), "desk", "동의 철회") for bib in (12, 8)]
    ranked = standings(race_of(RUNS, *facts), RULES)
    withheld = [row for row in rows(results_csv(ranked, names_of(RUNS))) if row["status"] == "withheld"]
    assert ["|".join(filter(None, row.values())) for row in withheld] == ["3|withheld", "withheld"]
    (count,) = (one for one in rankings(ranked, names_of(RUNS)) if one.division == "M")
    told = rows(rankings_csv([count], names_of(RUNS)))
    assert [row["counters"] for row in told] == ["*", "5"]


def test_the_last_column_tells_which_teams_have_people_of_several_firms() -> None:
    joint = [net(1, 1000, team="t0001"), net(2, 1100, company="c0002", team="t0001"), net(3, 1200, team="t0002")]
    read = rows(results_file(view_of_runs(joint)))
    assert [row["joint_team"] for row in read] == [TEAMS["t0001"], TEAMS["t0001"], ""]
    assert "joint_team" not in rows(results_file(view_of_runs(joint[1:])))[0]


def test_the_close_of_the_course_changes_words_and_nothing_else() -> None:
    """Seen before the gun, after the window, in time, not at all: on the course or not come, then DNF or DNS."""
    field = [Run(bib, at) for bib, at in enumerate(["-0:00.5", "16:00", "0:20", None], 1)]
    rules = Rules(start_window_s=900)
    before, after = (
        results_csv(standings(race_of(field, *facts), rules), names_of(field))
        for facts in ([], [CourseClosed(after_gun("60:00"), "desk", "시간 종료")])
    )
    assert (before.count("started"), before.count("registered")) == (3, 1)
    assert before.replace("started", "dnf").replace("registered", "dns") == after
