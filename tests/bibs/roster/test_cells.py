"""Cells are not text: what spreadsheets make of it is unwrapped, kept to the minute, or pointed at by row and column."""

import pytest

from bibs.roster.entries.read_entries import read_book
from bibs.roster.entries.wishes import Wishes
from bibs.roster.files.spreadsheet import parse
from bibs.roster.table_rows import SourceSheet
from tests.rosters import lines, roster

DATES = [
    "2026-03-05", "2026. 3. 5.", "2026년 3월 5일", "2026-03-05 00:00:00", "03월 05일", "3/5/2026", "03/05/26", "5-Mar", "Mar-05",
    "5-Mar-26", "March 5, 2026", "5 March", "2026/3/5", "2026-03-05(목)",
]  # fmt: skip
NO_DATES = ["3-5", "3/5", "5월", "3월팀", "1.5", "2026", "10-20대", "10km", "5-10K", "3-5팀"]


@pytest.mark.parametrize("column", ["소속", "성명", "팀", "부문", "배번", "조", "연합팀"])
@pytest.mark.parametrize("text", DATES)
def test_a_date_where_a_name_should_be_is_refused_with_what_it_may_have_been(column: str, text: str) -> None:
    row = {"소속": "가람", "성명": "김하나"} | {column: text}
    (fault,) = roster(list(row), list(row.values())).faults
    assert fault.where.endswith("row 2")
    assert "holds a date" in fault.text.to("en") and "3-5" in fault.text.to("en")


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date_is_a_team(text: str) -> None:
    assert [one.team for one in roster(["소속", "성명", "팀"], ["가람", "김하나", text]).entries] == [text]


def test_a_team_that_is_called_so_is_let_in_after_an_answer() -> None:
    rows = lines(["소속", "성명", "팀"], ["가람", "김하나", "5월 18일"])
    assert read_book("명단.csv", [SourceSheet(rows)], Wishes(keep_dates=True)).entries[0].team == "5월 18일"


@pytest.mark.parametrize("text", ["14:00:00", "14:00", "2:00 PM", "오후 2:00", "오후 2:00:00"])
def test_a_wave_that_became_a_time_is_kept_to_the_minute(text: str) -> None:
    assert roster(["소속", "성명", "조"], ["가람", "김하나", text]).entries[0].wave == "14:00"


def test_a_birth_that_a_form_wrote_with_its_minute_is_a_birth() -> None:
    assert roster(["소속", "성명", "생일"], ["가람", "김하나", "1990-01-02 00:00:00"]).entries[0].born == "1990-01-02"


def test_signs_that_keep_spreadsheets_from_counting_are_unwrapped() -> None:
    text = '소속,성명,배번,팀\n="가람",\'김하나,="0102",=""\n나래,이두리,\'0103,"=""3-5"""\n'
    read = read_book("명단.csv", parse(text.encode()))
    assert [(one.company, one.name, one.bib, one.team) for one in read.entries] == [
        ("가람", "김하나", 102, ""),
        ("나래", "이두리", 103, "3-5"),
    ]


@pytest.mark.parametrize("text", ["7", "-", "???", "12,000"])
def test_a_name_without_a_letter_is_refused(text: str) -> None:
    assert "`name` has no letter" in roster(["소속", "성명"], ["가람", text]).faults[0].text.to("en")


def test_the_end_of_a_file_is_nobody() -> None:
    read = roster(
        ["소속", "성명", "팀", "성별"], ["가람", "김하나", "1팀", "여"], ["가람", "이두리", "1팀", "남"],
        ["이상"], ["", "끝."], ["담당자", "박도윤", "010-1234-5678"], ["", "위와 같이 신청합니다."], ["", "2026년 8월 1일"],
        ["작성자: 박도윤 (인)"], ["", "3명"], ["</table>"], ["</body></html>"],
    )  # fmt: skip
    assert ([one.name for one in read.entries], read.faults) == (["김하나", "이두리"], ())
    assert len(read.skipped_rows) == 9


def test_a_lonely_name_below_whole_rows_is_asked_and_no_person_of_the_firm_above() -> None:
    rows = [
        ["성명", "소속", "팀", "성별"],
        ["김하나", "가람", "1팀", "여"],
        ["이두리", "", "2팀", "남"],
        ["가람 대표 홍길동"],
    ]
    (fault,) = roster(*rows).faults
    assert (fault.where[-1], "`company` is empty" in fault.text.to("en")) == ("4", True)


def test_a_second_list_with_other_columns_is_refused_where_it_begins() -> None:
    faults = roster(
        ["소속", "성명", "팀"], ["가람", "김하나", "1팀"], ["성명", "연락처", "소속"], ["박자원", "010", "나래"]
    ).faults
    assert (faults[0].where[-1], "another list" in faults[0].text.to("en")) == ("3", True)


@pytest.mark.parametrize("name", ["이상", "정드림", "김 바람", "한올림"])
def test_names_that_are_words_of_an_end_are_people_below_the_firm_of_all(name: str) -> None:
    read = roster(["소속", "성명"], ["가람", "김하나"], ["", name], ["", "이두리"])
    assert [one.name for one in read.entries] == ["김하나", name, "이두리"]
