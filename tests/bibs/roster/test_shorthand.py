"""Shorthand of offices: ditto marks, marks under headings, several people in a cell, names that come later."""

import pytest

from bibs.roster.entries.read_entries import read_book
from bibs.roster.entries.wishes import Wishes, mapping_of
from bibs.roster.table_rows import SourceSheet, TableRow
from tests.rosters import lines, roster

HEADER = ["소속", "성명", "성별", "팀"]


@pytest.mark.parametrize("mark", ["〃", "″", '"', "상동", "위와 같음", "ditto"])
def test_a_ditto_mark_is_the_cell_above_and_no_firm_of_its_own(mark: str) -> None:
    read = roster(HEADER, ["가람", "김하나", "여", "1팀"], [mark, "이두리", "남", mark], [mark, "박세나", "여", "2팀"])
    assert [(one.company, one.team) for one in read.entries] == [("가람", "1팀"), ("가람", "1팀"), ("가람", "2팀")]
    assert [remark.text.to("en") for remark in read.remarks] == ["rows 3-4: a ditto mark is the cell above"]


def test_a_firm_without_a_letter_is_none() -> None:
    (fault,) = roster(HEADER, ["-", "김하나", "여", "1팀"]).faults
    assert "column `company` has no letter" in fault.text.to("en")


@pytest.mark.parametrize(
    "cell", ["김하나, 이두리", "김하나/이두리", "김하나\n이두리", "김하나 외 3명", "김하나、이두리"]
)
def test_several_people_in_a_cell_are_asked_for_one_by_one(cell: str) -> None:
    (fault,) = roster(HEADER, ["가람", cell, "", ""]).faults
    assert fault.where.endswith("row 2") and "several people" in fault.text.to("en")


@pytest.mark.parametrize("cell", ["김하나/대리", "김하나\n(개발팀)", "Kim, Hana", "김하나/개발팀", "김 하 나"])
def test_what_stands_beside_a_name_is_no_second_person(cell: str) -> None:
    assert roster(HEADER, ["가람", cell, "", ""]).faults == ()


def test_several_people_in_a_row_are_refused_and_no_column_is_proposed() -> None:
    (fault,) = roster(["소속", "성명1", "성별1", "성명2", "성별2"], ["가람", "김하나", "여", "이두리", "남"]).faults
    assert "a row holds several people (`성명1`, `성명2`)" in fault.text.to("en") and "--map" not in fault.text.to("en")


def test_a_name_that_is_none_yet_is_told() -> None:
    read = roster(HEADER, ["가람", "김하나", "여", ""], ["가람", "미정", "남", ""], ["가람", "참가자 3", "남", ""])
    assert len(read.entries) == 3
    assert any("rows 3-4: a name that is none yet" in remark.text.to("en") for remark in read.remarks)


def test_marks_under_headings_say_what_the_headings_say() -> None:
    header = ["소속", "성명", "남", "여", "10km", "5K"]
    read = roster(
        header,
        ["가람", "김하나", "", "O", "○", ""],
        ["가람", "이두리", "v", "", "", "1"],
        ["가람", "박세", "", "", "O", "O"],
    )
    assert [(one.sex, one.category) for one in read.entries] == [("F", "10km"), ("M", "5K"), ("", "10km, 5K")]
    assert any("marks under 남, 여 were read as sex" in remark.text.to("en") for remark in read.remarks)
    kept = roster(["소속", "성명", "성별", "남", "여"], ["가람", "김하나", "여", "", "O"])
    assert [one.sex for one in kept.entries] == ["F"]


@pytest.mark.parametrize(
    ("cell", "bib"), [("7번", 7), ("No.7", 7), ("#7", 7), ("-", None), ("없음", None), ("미정", None)]
)
def test_a_bib_as_offices_write_it(cell: str, bib: int | None) -> None:
    (one,) = roster(["소속", "성명", "배번"], ["가람", "김하나", cell]).entries
    assert one.bib == bib


def test_a_sex_that_says_both_is_neither() -> None:
    (one,) = roster(HEADER, ["가람", "김하나", "남/여", ""]).entries
    assert one.sex == "남/여"


def test_the_sheet_s_name_says_sex_or_category_where_no_column_does() -> None:
    rows = lines(["소속", "성명"], ["가람", "김하나"])
    (woman,) = read_book("명단.xlsx", [SourceSheet(rows, "여자 명단")]).entries
    (short,) = read_book("명단.xlsx", [SourceSheet(rows, "5km 참가자")]).entries
    assert (woman.sex, short.category) == ("F", "5km")
    told = lines(["소속", "성명", "성별"], ["가람", "김하나", "남"])
    assert [one.sex for one in read_book("명단.xlsx", [SourceSheet(told, "여")]).entries] == ["M"]


def test_a_sheet_that_is_an_older_version_of_another_is_asked_about() -> None:
    old = lines(HEADER, ["가람", "김하나", "여", "1팀"], ["가람", "이두리", "남", "1팀"])
    new = lines(HEADER, ["가람", "김하나", "여", "1팀"], ["가람", "이두리", "남", "1팀"], ["가람", "박세", "남", ""])
    (fault,) = read_book("명단.xlsx", [SourceSheet(old, "명단"), SourceSheet(new, "명단(수정)")]).faults
    assert fault.where == "명단.xlsx [명단(수정)]" and "2 rows stand on 명단.xlsx [명단] too" in fault.text.to("en")
    apart = lines(HEADER, ["가람", "김하나", "여", "1팀"], ["가람", "최네", "남", "1팀"])
    assert read_book("명단.xlsx", [SourceSheet(old, "1차"), SourceSheet(apart, "2차")]).faults == ()
    assert read_book("명단.xlsx", [SourceSheet(old, "명단", hidden=True), SourceSheet(new, "명단(수정)")]).faults == ()


@pytest.mark.parametrize("heading", ["변경 성명", "변경 후 이름", "대체 참가자", "변경 부문", "Replacement runner"])
def test_a_change_beside_the_row_is_not_passed_over(heading: str) -> None:
    rows = [["소속", "성명", heading], ["가람", "김하나", "박새별"], ["가람", "이두리", "-"]]
    (fault,) = roster(*rows).faults
    assert fault.where.endswith("row 2") and "holds the change" in fault.text.to("en")
    passed = Wishes(mapping_of([f"{heading}=-"]))
    assert len(read_book("명단.csv", [SourceSheet(lines(*rows))], passed).entries) == 2


@pytest.mark.parametrize("heading", ["변경 사유", "성명 변경일", "변경 전 성명"])
def test_what_merely_tells_of_a_change_is_unused(heading: str) -> None:
    assert roster(["소속", "성명", heading], ["가람", "김하나", "박새별"]).faults == ()


def test_a_name_over_two_rows_is_one_person_or_two_and_is_asked() -> None:
    rows = [
        TableRow(1, HEADER),
        TableRow(2, ["가람", "김하나", "여", ""]),
        TableRow(3, ["가람", "김하나", "남", ""], merged=[1]),
    ]
    (fault,) = read_book("명단.xlsx", [SourceSheet(rows)]).faults
    assert fault.where.endswith("row 3") and "merged with the one above" in fault.text.to("en")
