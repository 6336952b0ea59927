"""The published columns: what a list for people says of everybody, and what it never says."""

from dataclasses import replace

import pytest

from results.files.paper_sheets import result_sheets
from results.ranking.standings import standings
from results.view.editions import digest
from results.view.view import View
from tests.boards import RACE_NAME, SEOUL, Run, desk_facts, in_both, names_of, net, stations, view_of_runs
from tests.builders import after_gun, entrant_id, log_of, opened
from timing.printed.sheets import Cell, Clocked, Table, text_of
from timing.race.events import DeskFact, EditionPublished, PassingEntered, ResultWithheld, StatusRuled, TimeAdjusted
from timing.race.fold import fold
from timing.race.instants import Span
from timing.race.rules import GroupRule, Rules

RULES = Rules(
    ranking=(GroupRule("2인 단체", "company", pick=2), GroupRule("참가상", "company", "sex", combine="count"))
)
RUNS = [
    Run(417, "0:10", "17:03.0005", team="t0001", sex="F", category="30대", name="김하늘"),
    Run(12, None, "18:00", company="c0001", sex="M", category="40대", name="박솔"),
    Run(5, "0:12.5", "17:05.500001", company="c0002", sex="M", category="", name="이보람"),
    Run(8, "0:20", company="c0002", sex="", name="최가온"),
    Run(3, company="c0003", name="Jane Mary Doe"),
]


def ruled(*facts: DeskFact, rules: Rules = RULES) -> View:
    """The race after officials have said this."""
    race = fold(log_of([opened(), *desk_facts(RUNS), *facts], *stations(RUNS)).read())
    ranked, names = standings(race, rules), names_of(RUNS)
    return View(
        race.facts,
        {"ko": RACE_NAME, "en": "G Valley Smart Marathon"},
        race.course_m,
        ranked,
        names,
        SEOUL,
    )


def row_of(table: Table, bib: int | None) -> dict[str, Cell]:
    """A runner's row by the Korean headings."""
    titles = [column.title.to("ko") for column in table.columns]
    rows = (dict(zip(titles, row, strict=True)) for row in table.rows)
    return next(row for row in rows if row["배번"] == bib)


def individuals(view: View, full_names: bool = False) -> Table:
    return result_sheets(view, full_names).tables[0]


def said(view: View, bib: int | None) -> dict[str, str]:
    return {title: text_of(cell) for title, cell in row_of(individuals(view), bib).items()}


def test_the_published_columns_in_both_languages() -> None:
    columns = individuals(view_of_runs(RUNS, RULES)).columns
    assert [column.title.to("ko") for column in columns] == [
        *("순위", "배번", "성명", "소속", "팀", "성별", "성별순위", "부문", "부문순위/인원"),
        *("넷타임", "건타임", "페이스", "상태", "기록 근거"),
    ]
    assert all(column.title.to("en").isascii() and column.title.to("en") for column in columns)


def test_a_finisher_in_words() -> None:
    assert said(view_of_runs(RUNS, RULES), 417) == {
        "순위": "2",
        "배번": "417",
        "성명": "김*늘",
        "소속": "가산정밀",
        "팀": "개발팀",
        "성별": "여자",
        "성별순위": "1",
        "부문": "30대",
        "부문순위/인원": "1/1",
        "넷타임": "16:53.000",
        "건타임": "17:04",
        "페이스": "3:45",
        "상태": "완주",
        "기록 근거": "카메라",
    }


def test_times_that_look_equal_and_are_not_are_told_exactly_where_they_rank() -> None:
    first, second = (
        row_of(individuals(view_of_runs([net(1, 1000.2), net(2, 1000.7)])), bib)["넷타임"] for bib in (1, 2)
    )
    assert first == Clocked("16:41", Span(1_001_000_000), Span(1_000_200_000), "16:40.200")
    assert second == Clocked("16:41", Span(1_001_000_000), Span(1_000_700_000), "16:40.700")


def test_equal_times_need_no_more_digits() -> None:
    assert said(view_of_runs([net(1, 1000.2), net(2, 1000.2)]), 2)["넷타임"] == "16:41"


def test_by_gun_the_gun_time_is_the_exact_one() -> None:
    told = said(view_of_runs([net(1, 1000.2), net(2, 1000.7)], Rules(basis="gun")), 1)
    assert (told["넷타임"], told["건타임"]) == ("16:41", "16:50.200")


def test_names_in_full_are_for_officials() -> None:
    view = view_of_runs(RUNS, RULES)
    assert row_of(individuals(view), 3)["성명"] == "J.M.D."
    assert row_of(individuals(view, full_names=True), 3)["성명"] == "Jane Mary Doe"


def test_a_start_nobody_saw_is_said() -> None:
    view = view_of_runs(RUNS, RULES)
    assert said(view, 12)["기록 근거"] == "출발 총성"
    assert any("출발을 보지 못했거나" in one.to("ko") for one in result_sheets(view).legend)


def test_what_a_ruling_changed_is_said() -> None:
    entered = PassingEntered(entrant_id(8), "finish", after_gun("19:00"), "judge", "사진")
    view = ruled(entered, TimeAdjusted(entrant_id(5), Span(5_000_000), "judge", "지름길"))
    assert (said(view, 8)["기록 근거"], said(view, 5)["기록 근거"]) == ("도착 판정", "조정")


def test_lines_that_rest_on_the_same_are_said_together() -> None:
    at_both = [
        PassingEntered(entrant_id(8), "start", after_gun("0:20"), "judge", "사진"),
        PassingEntered(entrant_id(8), "finish", after_gun("19:00"), "judge", "사진"),
    ]
    assert said(ruled(*at_both), 8)["기록 근거"] == "출발·도착 판정"
    assert said(ruled(PassingEntered(entrant_id(12), "finish", after_gun("18:01"), "judge", "사진")), 12)[
        "기록 근거"
    ] == ("출발 총성 · 도착 판정")


@pytest.mark.parametrize(
    ("status", "word"), [("dsq", "실격"), ("dnf", "미완주"), ("dns", "미출발"), ("withdrawn", "참가 취소")]
)
def test_whoever_is_ruled_out_stands_last_in_words_and_without_a_time(status: str, word: str) -> None:
    view = ruled(StatusRuled(entrant_id(5), status, "judge", "배번 미착용"))  # type: ignore[arg-type]
    told = said(view, 5)
    assert (told["상태"], told["순위"], told["넷타임"], told["기록 근거"]) == (word, "", "", "")
    assert word in [one.to("ko") for one in result_sheets(view).legend]
    assert [row[0] for row in individuals(view).rows] == [1, 2, None, None, None]


def test_a_withheld_result_keeps_its_place_and_its_time_and_nothing_else() -> None:
    view = ruled(ResultWithheld(entrant_id(417), "desk", "본인 요청"))
    told = said(view, None)
    assert (told["순위"], told["성명"], told["상태"], told["건타임"]) == ("2", "비공개", "비공개", "17:04")
    assert {told.get(key, "") for key in ("배번", "소속", "팀", "성별", "성별순위", "부문", "부문순위/인원")} == {""}
    everything = repr(result_sheets(view, full_names=True))
    assert "김하늘" not in everything and "417" not in everything


def test_each_ranking_is_a_list_with_those_who_count() -> None:
    teams, men, women = result_sheets(view_of_runs(RUNS, RULES)).tables[1:]
    assert in_both(teams.title) == ("2인 단체", "")
    assert teams.rows == ((1, "가산정밀", "34:53.0", "417 김*늘, 12 박*"),)
    assert (in_both(women.title), in_both(men.title)) == (("참가상 · 여자", "Women"), ("참가상 · 남자", "Men"))
    assert women.rows == ((1, "가산정밀", "1명"),)


def test_columns_that_nobody_fills_are_left_out() -> None:
    table = individuals(view_of_runs([Run(1, "0:10", "17:00", sex="", category="", name="김솔")]))
    shown = {column.title.to("ko") for column in table.columns}
    assert shown == {"순위", "배번", "성명", "소속", "넷타임", "건타임", "페이스", "상태", "기록 근거"}


def test_what_a_sheet_must_say_besides_the_times() -> None:
    view = view_of_runs(RUNS, Rules(basis="gun", ties="arrival", rounding="down"))
    korean = [one.to("ko") for one in result_sheets(view).facts]
    assert korean == [
        f"기록 번호 {view.version}",
        "건타임(총성부터 결승선까지) 순위",
        "같은 기록은 기록된 순서",
        "코스 4.5 km",
        "비공인 기록",
        "표시는 초 아래를 버림",
    ]


def test_results_are_provisional_until_an_edition_made_them_official() -> None:
    view = view_of_runs(RUNS, RULES)
    assert in_both(result_sheets(view).state) == ("잠정 기록", "Provisional results")
    published = EditionPublished(
        2, "official", view.version, digest(view.standings, view.rankings), None, (), "desk", ""
    )
    official = replace(view, state="official", edition=published)
    assert in_both(result_sheets(official).state) == ("확정 기록 2판", "Official results, edition 2")


def test_what_changed_since_an_edition_does_not_bear_its_number() -> None:
    view = view_of_runs(RUNS, RULES)
    older = EditionPublished(1, "official", 3, "0" * 64, None, (), "desk", "")
    changed = result_sheets(replace(view, edition=older)).state
    assert in_both(changed) == ("잠정 · 확정 1판 뒤 바뀜", "Provisional: changed since official edition 1")
    never_official = EditionPublished(1, "provisional", 3, "0" * 64, None, (), "desk", "")
    assert in_both(result_sheets(replace(view, edition=never_official)).state) == ("잠정 기록", "Provisional results")


def test_a_provisional_edition_bears_its_number_on_paper_while_it_says_just_this() -> None:
    view = view_of_runs(RUNS, RULES)
    published = EditionPublished(
        1, "provisional", view.version, digest(view.standings, view.rankings), None, (), "desk", ""
    )
    assert in_both(result_sheets(replace(view, edition=published)).state) == (
        "잠정 기록 1판",
        "Provisional results, edition 1",
    )


def test_a_race_with_one_name_says_it_once() -> None:
    view = replace(view_of_runs(RUNS, RULES), race_name={"ko": RACE_NAME, "en": RACE_NAME})
    assert in_both(result_sheets(view).race) == (RACE_NAME, "")


def test_a_race_without_anybody_is_an_empty_list() -> None:
    sheets = result_sheets(view_of_runs([], RULES))
    assert [table.rows for table in sheets.tables] == [()]


def test_a_held_result_says_so_where_others_say_what_they_rest_on() -> None:
    view = view_of_runs([Run(4, "-8:00", "40:00", name="정일찍")], Rules(start_window_s=900))
    assert (said(view, 4)["기록 근거"], said(view, 4)["순위"]) == ("출발 확인, 판정까지 보류", "")
    assert any("보류" in one.to("ko") for one in result_sheets(view).legend)
