"""Resident numbers: a row that holds one anywhere is refused, and what it held is told to nobody."""

import pytest

from bibs.roster.entries.read_entries import read_book
from bibs.roster.entries.resident import holds_resident_number, is_resident_number
from bibs.roster.table_rows import SourceSheet
from tests.rosters import lines, roster

HEADER = ["소속", "성명", "생년월일", "비고", "법인등록번호"]


@pytest.mark.parametrize("text", ["900101-1234567", "900101-1******", "900101 - 2", "9001011234567", "900101–1"])
def test_a_birth_that_goes_on_is_one(text: str) -> None:
    assert is_resident_number(text)


@pytest.mark.parametrize("text", ["1990-01-01", "900101", "19900101", "90-01-01", "32874", ""])
def test_a_date_is_none(text: str) -> None:
    assert not is_resident_number(text) and not holds_resident_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "900101-1234567",
        "확인 900101-1●●●●●● 끝",
        "900101-*******",
        "900101-12*****",
        "900101 1234567",
        "주민 9001011234567",
        "(900101-2)",
        "501013234567",  # 2005, stored as a number
    ],
)
def test_it_is_found_inside_any_text(text: str) -> None:
    assert holds_resident_number(text)


@pytest.mark.parametrize(
    "text", ["010-1234-5678", "260901-260903", "123456-1234567", "352-0123-4567-13", "821012345678", "2026-09-03 14:00"]
)
def test_phones_periods_and_accounts_are_none(text: str) -> None:
    assert not holds_resident_number(text)


@pytest.mark.parametrize("column", ["소속", "성명", "생년월일", "비고"])
def test_whatever_column_it_stands_in_the_row_is_refused_and_nothing_of_it_told(column: str) -> None:
    row = dict.fromkeys(HEADER, "") | {"소속": "가산정밀", "성명": "김하늘", column: "９００１０１－１２３４５６７"}
    (fault,) = roster(HEADER, list(row.values()), ["구로소프트", "이서연"]).faults
    assert fault.where == "명단.csv 2행 / 명단.csv, row 2"
    assert "resident number" in fault.text.to("en") and "234567" not in str(fault)


def test_above_the_header_and_on_sheets_that_nobody_reads_it_is_refused_too() -> None:
    sheets = [
        SourceSheet(lines(["담당 900101-1234567"], ["소속", "성명"], ["가산정밀", "김하늘"]), "명단"),
        SourceSheet(lines(["900101-1234567"]), "숨김", hidden=True),
    ]
    assert [fault.where for fault in read_book("명단.xlsx", sheets).faults] == [
        "명단.xlsx 1행 / 명단.xlsx, row 1",
        "명단.xlsx [숨김] 1행 / 명단.xlsx [숨김], row 1",
    ]


def test_under_its_own_heading_any_digits_are_refused_and_the_first_half_alone_is_a_birth() -> None:
    (fault,) = roster(["소속", "성명", "주민등록번호"], ["가산정밀", "김하늘", "900101"]).faults
    assert "resident number" in fault.text.to("en")
    assert roster(["소속", "성명", "주민번호 앞자리"], ["가산정밀", "김하늘", "900101"]).entries[0].born == "900101"


def test_the_number_of_a_corporation_has_the_same_shape_and_is_nobody_s() -> None:
    assert not roster(HEADER, ["가산정밀", "김하늘", "", "", "110111-1234567"]).faults


def test_the_headings_that_are_told_hold_none() -> None:
    read = roster(["성명", "담당 900101-1234567"], ["김하늘", "x"])
    assert "성명" in str(read.faults[-1]) and "900101" not in repr(read)
