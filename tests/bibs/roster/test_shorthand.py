"""Shorthand of offices: ditto marks, marks under headings, several people in a cell, names that come later."""

import pytest

from tests.rosters import roster

HEADER = ["소속", "성명", "성별", "팀"]


@pytest.mark.parametrize("mark", ["〃", "″", '"', "상동", "위와 같음", "ditto"])
def test_a_ditto_mark_is_the_cell_above_and_no_firm_of_its_own(mark: str) -> None:
    read = roster(HEADER, ["가람", "김하나", "여", "1팀"], [mark, "이두리", "남", mark], [mark, "박세나", "여", "2팀"])
    assert [(one.company, one.team) for one in read.entries] == [("가람", "1팀"), ("가람", "1팀"), ("가람", "2팀")]
    assert [remark.english for remark in read.remarks] == ["rows 3-4: a ditto mark is the cell above"]


def test_a_firm_without_a_letter_is_none() -> None:
    (fault,) = roster(HEADER, ["-", "김하나", "여", "1팀"]).faults
    assert "column `company` has no letter" in fault.english


@pytest.mark.parametrize(
    "cell", ["김하나, 이두리", "김하나/이두리", "김하나\n이두리", "김하나 외 3명", "김하나、이두리"]
)
def test_several_people_in_a_cell_are_asked_for_one_by_one(cell: str) -> None:
    (fault,) = roster(HEADER, ["가람", cell, "", ""]).faults
    assert fault.where.endswith("row 2") and "several people" in fault.english


@pytest.mark.parametrize("cell", ["김하나/대리", "김하나\n(개발팀)", "Kim, Hana", "김하나/개발팀", "김 하 나"])
def test_what_stands_beside_a_name_is_no_second_person(cell: str) -> None:
    assert roster(HEADER, ["가람", cell, "", ""]).faults == ()


def test_several_people_in_a_row_are_refused_and_no_column_is_proposed() -> None:
    (fault,) = roster(["소속", "성명1", "성별1", "성명2", "성별2"], ["가람", "김하나", "여", "이두리", "남"]).faults
    assert "a row holds several people (`성명1`, `성명2`)" in fault.english and "--map" not in fault.english


def test_a_name_that_is_none_yet_is_told() -> None:
    read = roster(HEADER, ["가람", "김하나", "여", ""], ["가람", "미정", "남", ""], ["가람", "참가자 3", "남", ""])
    assert len(read.entries) == 3
    assert any("rows 3-4: a name that is none yet" in remark.english for remark in read.remarks)


def test_marks_under_headings_say_what_the_headings_say() -> None:
    header = ["소속", "성명", "남", "여", "10km", "5K"]
    read = roster(
        header,
        ["가람", "김하나", "", "O", "○", ""],
        ["가람", "이두리", "v", "", "", "1"],
        ["가람", "박세", "", "", "O", "O"],
    )
    assert [(one.sex, one.category) for one in read.entries] == [("F", "10km"), ("M", "5K"), ("", "10km, 5K")]
    assert any("marks under 남, 여 were read as sex" in remark.english for remark in read.remarks)
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
