"""The XLSX workbook, read back: texts are texts, times are times, and it prints."""

import io
from datetime import time
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from results.files.paper_sheets import result_sheets
from results.files.xlsx_file import sheet_title, workbook
from tests.boards import Run, names_of, net, view_of_runs
from tests.faults.soak import scaled
from timing.language import pair
from timing.printed.sheets import Clocked, Column, Sheets, Table
from timing.race.instants import SECOND, Span
from timing.race.rules import GroupRule, Rules

HEAD = 5
RULES = Rules(ranking=(GroupRule("2인 단체", "company", pick=2), GroupRule("참가상", "company", combine="count")))
RUNS = [
    Run(417, "0:10", "17:03.2", team="t0001", name="김하늘"),
    Run(12, "0:12", "17:05.5", company="c0001", name="박솔"),
    Run(5, "0:12", "1:17:05", company="c0002", name="이보람"),
]


def read(sheets: Sheets) -> Any:
    return openpyxl.load_workbook(io.BytesIO(workbook(sheets)))


def one_list(*rows: tuple[str | int | Clocked | None, ...], title: str = "개인") -> Sheets:
    columns = tuple(Column(pair(f"열{at}", f"Column {at}"), 10) for at in range(len(rows[0])))
    return Sheets(
        pair("대회", "Race"),
        pair("잠정 기록", "Provisional"),
        (pair("기록 번호 1", "log position 1"),),
        (Table(pair(title, ""), columns, rows),),
        (),
    )


def test_a_sheet_for_each_list_and_one_with_what_must_be_said() -> None:
    book = read(result_sheets(view_of_runs(RUNS, RULES)))
    assert book.sheetnames == ["개인", "2인 단체", "참가상", "안내 Notes"]
    notes = [row[0] for row in book["안내 Notes"].iter_rows(values_only=True)]
    assert "비공인 기록 / uncertified course and times" in notes and "코스 4.5 km / Course 4.5 km" in notes


def test_the_headings_stay_in_sight_filter_and_print_on_each_page() -> None:
    sheet = read(result_sheets(view_of_runs(RUNS, RULES)))["개인"]
    assert [cell.value.split("\n")[0] for cell in sheet[HEAD]][:3] == ["순위", "배번", "성명"]
    assert (sheet.freeze_panes, sheet.print_title_rows) == (f"A{HEAD + 1}", f"${HEAD}:${HEAD}")
    assert sheet.auto_filter.ref == f"A{HEAD}:{sheet.cell(HEAD, sheet.max_column).column_letter}{HEAD + 3}"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
    assert "잠정 기록" in sheet["A2"].value


def test_columns_are_wide_enough_for_hangul() -> None:
    sheet = read(one_list(("㈜한빛소프트웨어테크놀로지", "Hanbit")))["개인"]
    assert sheet.column_dimensions["A"].width >= 26 > sheet.column_dimensions["B"].width


def test_places_and_bibs_are_numbers_and_times_are_times() -> None:
    sheet = read(result_sheets(view_of_runs(RUNS, RULES)))["개인"]
    titles = [cell.value.split("\n")[0] for cell in sheet[HEAD]]
    rows = [dict(zip(titles, row, strict=True)) for row in sheet.iter_rows(min_row=HEAD + 1, values_only=True)]
    assert [(row["순위"], row["배번"]) for row in rows] == [(1, 417), (2, 12), (3, 5)]
    assert [row["넷타임"] for row in rows] == [time(0, 16, 54), time(0, 16, 54), time(1, 16, 53)]
    assert [row["1000분의 1초"] for row in rows[:2]] == [time(0, 16, 53, 200_000), time(0, 16, 53, 500_000)]


def test_a_time_before_the_gun_is_a_text() -> None:
    sheet = read(one_list((Clocked("-0:01", Span(-1 * SECOND), Span(-1_500_000)),)))["개인"]
    assert sheet.cell(HEAD + 1, 1).value == "-0:01"


EVIL = ["=1+1", "=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(A1)", "{=1}", "#REF!", "#N/A", "\t=1", "\x00=1", "'=1"]


@pytest.mark.parametrize("evil", EVIL)
def test_a_firm_s_name_cannot_become_a_formula(evil: str) -> None:
    known = names_of(RUNS)
    known.companies["c0001"] = evil
    named = view_of_runs(RUNS, Rules(ranking=(GroupRule(evil, "company", pick=1),)), known)
    book = read(result_sheets(named))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert any(cell.value == evil.replace("\x00", "�") for cell in cells)


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1+1", "@SUM(A1)"])
def test_it_stays_a_text_also_when_somebody_edits_the_cell(evil: str) -> None:
    sheet = read(one_list((evil, "가산정밀")))["개인"]
    found = {cell.value: cell.quotePrefix for row in sheet.iter_rows() for cell in row if cell.value}
    assert (found[evil], found["가산정밀"]) == (True, False)


@settings(max_examples=scaled(15, 500))
@given(st.text(min_size=1), st.text())
def test_whatever_a_name_is_the_workbook_opens_and_holds_no_formula(name: str, title: str) -> None:
    book = read(one_list((name, 1), title=title))
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


@given(st.lists(st.text(max_size=40), max_size=6))
def test_every_list_gets_a_name_that_spreadsheets_take(wanted: list[str]) -> None:
    taken: list[str] = []
    for one in wanted:
        taken.append(sheet_title(one, taken))
    assert len({title.casefold() for title in taken}) == len(taken)
    for title in taken:
        assert (0 < len(title) <= 31 and not set(title) & set("[]:*?/\\")) or title.startswith("?")
        assert title[0] != "'" != title[-1]


def test_the_same_results_make_the_same_bytes() -> None:
    sheets = result_sheets(view_of_runs(RUNS, RULES))
    assert workbook(sheets) == workbook(sheets)
    assert b"2026" not in workbook(sheets)


def test_more_than_a_day_is_told_in_hours() -> None:
    day = Span(25 * 3600 * SECOND)
    cell = read(one_list((Clocked("25:00:00", day, day),)))["개인"].cell(HEAD + 1, 1)
    assert cell.number_format.endswith("[h]:mm:ss") and cell.data_type == "d"


def test_the_signed_note_stands_among_the_words() -> None:
    noted = result_sheets(view_of_runs([net(1, 1000)]), note="marathon/1\n4\nabc=\n\n— marathon-1 xyz\n", covered=4)
    notes = [row[0] for row in read(noted)["안내 Notes"].iter_rows(values_only=True)]
    assert notes[-5:] == ["marathon/1", "4", "abc=", None, "— marathon-1 xyz"]
