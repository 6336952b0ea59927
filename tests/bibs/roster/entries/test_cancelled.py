"""People whose row says that they do not come are pointed at by row, and left out when somebody says so."""

import pytest

from bibs.roster.entries.read_entries import read_book
from bibs.roster.entries.wishes import Wishes
from bibs.roster.table_rows import SourceSheet
from tests.rosters import lines, roster

CANCELLED = [
    ("상태", "취소요청"), ("결제상태", "환불완료"), ("비고", "개인사정으로 불참"), ("Status", "Withdrawn"), ("Cancelled", "TRUE"),
    ("취소여부", "Y"), ("취소일", "2026-08-01"), ("참석여부", "X"), ("참가여부", "아니오"), ("탈퇴", "○"), ("deleted", "1"), ("Attending", "no"),
    ("비고", "참가 불가"), ("참가여부", "보류"), ("비고", "노쇼"), ("비고", "중복 신청"),
]  # fmt: skip
COMING = [
    ("상태", "참가확정"), ("결제상태", "결제완료"), ("비고", "채식"), ("비고", "취소 불가 확인"), ("환불 규정 동의", "예"), ("Cancelled", "FALSE"),
    ("취소여부", "N"), ("참석여부", "O"), ("Status", "confirmed"), ("비고", "취소 아님"),
    ("비고", "티셔츠 취소"), ("비고", "셔틀버스 취소"), ("중식", "불참"), ("비고", "불참→참가"), ("비고", "취소 후 재신청"), ("호텔 취소", "Y"),
]  # fmt: skip


@pytest.mark.parametrize(("heading", "cell"), CANCELLED)
def test_a_row_that_looks_cancelled_is_told_and_taken_in_until_somebody_chooses(heading: str, cell: str) -> None:
    rows = [["소속", "성명", heading], ["가람", "김하나", ""], ["가람", "이두리", cell]]
    read = roster(*rows)
    assert len(read.entries) == 2
    assert any(f"`{cell}`: rows 3 imported all the same" in remark.text.to("en") for remark in read.remarks)
    skipped = read_book("명단.csv", [SourceSheet(lines(*rows))], Wishes(skip_cancelled=True))
    assert [one.name for one in skipped.entries] == ["김하나"]
    assert [(aside.where[-1], "cancelled" in aside.text.to("en")) for aside in skipped.skipped_rows] == [("3", True)]


@pytest.mark.parametrize(("heading", "cell"), COMING)
def test_who_comes_is_not_pointed_at(heading: str, cell: str) -> None:
    read = roster(["소속", "성명", heading], ["가람", "김하나", cell])
    assert not any("imported all the same" in remark.text.to("en") for remark in read.remarks)


def test_a_name_that_says_so_is_told() -> None:
    read = roster(["소속", "성명"], ["가람", "김하나(취소)"])
    assert "the name says `취소`: rows 2" in read.remarks[0].text.to("en")


def test_a_sheet_that_is_called_so_is_told_and_left_out() -> None:
    sheets = [
        SourceSheet(lines(["소속", "성명"], ["가람", name]), title)
        for title, name in (("참가자", "김하나"), ("취소자", "이두리"))
    ]
    read = read_book("명단.xlsx", sheets)
    assert len(read.entries) == 2
    assert "the sheet is called `취소자`: rows 2 imported" in read.remarks[0].text.to("en")
    assert [one.name for one in read_book("명단.xlsx", sheets, Wishes(skip_cancelled=True)).entries] == ["김하나"]
