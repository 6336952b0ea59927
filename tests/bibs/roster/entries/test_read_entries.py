"""Lists as offices send them: whatever stands above, between and below the people, every row is taken in or named."""

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibs.roster.entries.entry import Entries
from bibs.roster.entries.read_entries import read_book
from bibs.roster.files.spreadsheet import parse
from bibs.roster.table_rows import SourceSheet, TableRow
from tests.rosters import entry, lines, roster, xlsx_file

HEADER = ["소속", "성명"]


def reasons(read: Entries) -> list[tuple[str, str]]:
    """Row and English reason of everything that was passed over."""
    return [(aside.where.rpartition(" ")[2], aside.text.to("en")) for aside in read.skipped_rows]


def people(read: Entries) -> list[tuple[str, str]]:
    return [(one.company, one.name) for one in read.entries]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (["합계", "", "35명"], "a total"),
        (["총 35명"], "a total"),
        (["소계", "2"], "a total"),
        (["합 계", "3명"], "a total"),
        (["예시", "홍길동", "총무팀"], "an example"),
        (["※ 변경은 총무팀으로 알려 주세요"], "a footnote"),
        (["\ufeff소속", "성명", "팀"], "the header again"),
    ],
)
def test_rows_that_are_nobody_are_passed_over_and_named(row: list[str], why: str) -> None:
    read = roster([*HEADER, "팀"], ["가산정밀", "김하늘"], row, ["구로소프트", "이서연"])
    assert people(read) == [("가산정밀", "김하늘"), ("구로소프트", "이서연")]
    assert (reasons(read), read.faults) == ([("3", why)], ())


def test_rows_made_ready_with_a_running_number_and_left_empty_are_nobody() -> None:
    read = roster(["순번", *HEADER], ["1", "가산정밀", "김하늘"], ["2"], ["3"])
    assert reasons(read) == [("3", "empty but for a running number"), ("4", "empty but for a running number")]


@pytest.mark.parametrize("row", [["합계상사", "김하늘"], ["계", "김하늘"], ["총", "예시"], ["예시", ""]])
def test_a_firm_of_an_odd_name_with_a_person_is_no_total(row: list[str]) -> None:
    read = roster(HEADER, row)
    assert len(read.entries) + len(read.skipped_rows) + len(read.faults) == 1
    assert read.entries or row[1] == ""


def test_a_running_number_from_1_is_no_bib_and_that_is_said() -> None:
    read = roster(["번호", *HEADER], ["1", "가산정밀", "김하늘"], ["2", "가산정밀", "이서연"], ["합계", "", ""])
    assert [one.bib for one in read.entries] == [None, None]
    assert any("`bib`" in remark.text.to("en") for remark in read.remarks)
    assert [one.bib for one in roster(["번호", *HEADER], ["1001", "가산정밀", "김하늘"]).entries] == [1001]
    assert [one.bib for one in roster(["배번", *HEADER], ["1", "가산정밀", "김하늘"]).entries] == [1]


def test_a_firm_written_once_above_its_people_holds_for_them_all_and_that_is_said() -> None:
    read = roster(HEADER, ["가산정밀", "김하늘"], ["", "이서연"], ["구로소프트", "박도윤"], ["", "최민준"])
    assert [firm for firm, _ in people(read)] == ["가산정밀", "가산정밀", "구로소프트", "구로소프트"]
    assert [remark.text.to("en") for remark in read.remarks] == ["rows 3, 5: an empty firm is the one above"]


def test_where_firms_are_written_row_by_row_an_empty_one_is_a_fault() -> None:
    read = roster(HEADER, ["가산정밀", "김하늘"], ["가산정밀", "이서연"], ["", "박도윤"])
    assert [fault.where for fault in read.faults] == ["명단.csv 4행 / 명단.csv, row 4"]
    assert len(read.entries) == 2


def test_a_header_of_two_rows_is_read_by_its_lower_row() -> None:
    upper, lower = TableRow(1, ["소속", "참가자", ""]), TableRow(2, ["소속", "성명", "성별"], merged=[0])
    read = read_book("명단.xlsx", [SourceSheet([upper, lower, TableRow(3, ["가산정밀", "김하늘", "여"])])])
    assert [(one.name, one.sex) for one in read.entries] == [("김하늘", "F")]


@pytest.mark.parametrize("form", [["회사명", "가산정밀", "담당", "박도윤"], ["회사명: 가산정밀"]])
def test_a_form_names_the_firm_for_everybody_below(form: list[str]) -> None:
    read = roster(["참가 신청서"], form, ["성명", "팀"], ["김하늘", "개발팀"], ["이서연", ""], ["3"])
    assert people(read)[:2] == [("가산정밀", "김하늘"), ("가산정밀", "이서연")]
    assert "everybody is of 가산정밀" in read.remarks[0].text.to("en")


def test_headings_with_an_explanation_are_known_and_the_exact_word_is_preferred() -> None:
    header = ["소속(회사)", "성명(영문)", "성명", "생년월일 (6자리)", "성별(남/여)"]
    (one,) = roster(header, ["가산정밀", "Kim", "김하늘", "900101", "1"]).entries
    assert (one.company, one.name, one.born, one.sex) == ("가산정밀", "김하늘", "900101", "M")


def test_the_firm_s_own_columns_are_read() -> None:
    header = [*HEADER, "임직원수", "건물", "층"]
    (one,) = roster(header, ["가산정밀", "김하늘", "1,200명", "대륭포스트타워 8", "3층"]).entries
    assert (one.employees, one.building, one.floor) == (1200, "대륭포스트타워 8", "3층")
    (fault,) = roster(header, ["가산정밀", "김하늘", "많음"]).faults
    assert "`employees`" in fault.text.to("en")


def test_what_is_read_past_is_named_once_and_not_kept() -> None:
    read = roster([*HEADER, "생년월일", "휴대폰"], ["가산정밀", "김하늘", "900101", "010-1234-5678"])
    assert [remark.text.to("en") for remark in read.remarks] == ["read past and not stored: 생년월일, 휴대폰"]
    assert "1234" not in str(read)


@pytest.mark.parametrize("error", ["#N/A", "#REF!"])
def test_an_error_of_a_formula_is_no_name(error: str) -> None:
    assert error in roster(HEADER, ["가산정밀", error]).faults[0].text.to("en")


def test_a_formula_that_was_never_calculated_is_a_fault_also_in_a_row_that_holds_nothing_else() -> None:
    rows = [*lines(HEADER, ["가산정밀", "김하늘"]), TableRow(3, [], uncalculated=[0, 1])]
    (fault,) = read_book("명단.xlsx", [SourceSheet(rows)]).faults
    assert (fault.where, "formula" in fault.text.to("en")) == ("명단.xlsx 3행 / 명단.xlsx, row 3", True)


def test_every_sheet_with_people_is_read_and_every_other_is_named() -> None:
    sheets = [
        SourceSheet(lines(["작성 방법"]), "안내"),
        SourceSheet(lines(HEADER, ["가산정밀", "김하늘"]), "1조"),
        SourceSheet(lines(HEADER, ["가산정밀", "이서연"]), "2조", hidden_rows=[2]),
        SourceSheet(lines(HEADER, ["가산정밀", "박도윤"]), "옛 명단", hidden=True),
    ]
    read = read_book("명단.xlsx", sheets)
    assert [one.where for one in read.entries] == [
        "명단.xlsx [1조] 2행 / 명단.xlsx [1조], row 2",
        "명단.xlsx [2조] 2행 / 명단.xlsx [2조], row 2",
    ]
    told = " ".join(f"{remark.where} {remark.text.to('en')}" for remark in read.remarks)
    assert (
        "[안내]" in told and "[옛 명단] a hidden sheet; its 2 rows" in told and "hidden rows were read too: 2" in told
    )


def test_a_bib_that_stands_on_two_sheets_is_named() -> None:
    sheets = [SourceSheet(lines(["배번", *HEADER], ["7", "가산정밀", name]), name) for name in ("김하늘", "이서연")]
    (fault,) = read_book("명단.xlsx", sheets).faults
    assert "[이서연]" in fault.where and "[김하늘]" in fault.text.to("ko")


@pytest.mark.parametrize("name", ["김", "가" * 40, "鄭夏恩", "=cmd()", "</script>", "O'Neil-Kim", "+김"])
def test_nasty_names_arrive_as_they_are(name: str) -> None:
    assert roster(HEADER, ["가산정밀", name]).entries == (entry(name),)


words = st.text(st.characters(codec="cp949", categories=["L", "N"]), min_size=1, max_size=6).map(
    lambda word: f"김{word}"
)
staff = st.lists(st.tuples(words, words, st.sampled_from(["", "개발팀", "영업 2팀"])), min_size=1, max_size=12)


@given(
    staff, st.sampled_from(["utf-8", "utf-8-sig", "cp949", "utf-16", "utf-16-le", "utf-16-be"]), st.sampled_from(",;\t")
)
def test_a_list_says_the_same_in_every_encoding_and_as_a_workbook(
    rows: list[tuple[str, str, str]], encoding: str, delimiter: str
) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([[*HEADER, "팀"], *rows])
    with TemporaryDirectory() as folder:
        book = xlsx_file(Path(folder) / "명단.xlsx", [*HEADER, "팀"], *rows).read_bytes()
    as_text = read_book("명단", parse(text.getvalue().encode(encoding)))
    as_book = read_book("명단", parse(book))
    assert (as_text.entries, as_text.faults, as_text.skipped_rows) == (
        as_book.entries,
        as_book.faults,
        as_book.skipped_rows,
    )
    assert [(one.company, one.name) for one in as_text.entries] == [tuple(map(clean_cell, row[:2])) for row in rows]


def clean_cell(cell: str) -> str:
    return roster(HEADER, ["가산정밀", cell]).entries[0].name


cells = st.sampled_from(
    ["", "가산정밀", "김하늘", "합계", "예시", "※ 글", "3", "35명", "900101-1", "#N/A", "소속", "성명"]
)
tables = st.lists(st.lists(cells, max_size=4).filter(any), min_size=1, max_size=15)


def test_a_resident_number_in_the_firm_s_place_is_no_firm_for_the_rows_below() -> None:
    read = roster(["번호", "소속", "성명"], ["1", "900101-1", "김하늘"], ["2", "", "이솔"])
    assert "900101-1" not in repr(read)
    assert [fault.where[-1] for fault in read.faults] == ["2", "3"]


@given(tables, st.sampled_from([[*HEADER, "비고"], ["번호", *HEADER, "비고"], [*HEADER, "배번", "생일"]]))
def test_every_row_arrives_or_is_named(rows: list[list[str]], header: list[str]) -> None:
    read = roster(header, *rows)
    named = (
        [one.where for one in read.entries]
        + [one.where for one in read.faults]
        + [one.where for one in read.skipped_rows]
    )
    expected = {f"명단.csv {number}행 / 명단.csv, row {number}" for number in range(2, len(rows) + 2)}
    assert expected <= set(named)
    assert len({one.where for one in read.entries} & {one.where for one in read.skipped_rows}) == 0
    assert "900101-1" not in str(read)
