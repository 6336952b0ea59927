"""Headings as offices write them: recognised by a rule, joined, asked about; data that we need is never an unused column."""

import pytest

from bibs.roster.entries.entry import Entries
from bibs.roster.entries.read_entries import read_book
from bibs.roster.entries.wishes import Wishes, mapping_of, refuse_unknown_headings
from bibs.roster.headings import column_of
from bibs.roster.table_rows import SourceSheet
from tests.rosters import lines, roster
from timing.errors import WrongUse


def names(read: Entries) -> list[str]:
    return [one.name for one in read.entries]


def wished(wishes: Wishes, *rows: list[str]) -> Entries:
    return read_book("명단.csv", [SourceSheet(lines(*rows))], wishes)


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("성  명(필수)", "name"),
        ("신청자 성명", "name"),
        ("선수 이름", "name"),
        ("Participant's Name", "name"),
        ("Name of runner", "name"),
        ("소속기관명", "company"),
        ("참가 단체명 (정식 명칭)", "company"),
        ("Company Name *", "company"),
        ("소속 부서명", "team"),
        ("팀 이름", "team"),
        ("희망 코스", "category"),
        ("신청 종목", "category"),
        ("참가 조", "wave"),
        ("참가자 생년월일", "born"),
        ("성별구분", "sex"),
        ("남·여", "sex"),
        ("3) 성함을 적어 주세요", "name"),
        ("② 소속", "company"),
        ("Bib #", "bib"),
        ("소속 Company", "company"),
        ("성명 Full Name", "name"),
    ],
)
def test_a_heading_is_known_by_its_core(heading: str, column: str) -> None:
    assert column_of(heading) == column


@pytest.mark.parametrize(
    "heading",
    [
        "담당자 성명",
        "보호자 이름",
        "입금자명",
        "추천인",
        "팀장",
        "접수번호",
        "사원번호",
        "참가자 구분",
        "개인/단체",
        "Emergency contact name",
        "Team captain",
        "부서장",
        "회사 주소",
        "Username",
    ],
)
def test_what_only_sounds_like_one_of_ours_is_none(heading: str) -> None:
    assert column_of(heading) == ""


def test_a_needed_column_that_is_missing_is_refused_with_the_headings_that_were_found() -> None:
    (fault,) = roster(["Bib#", "Runner", "Team"], ["1", "Ana", "A"]).faults
    assert "no column `company`; the headings found: `Bib#`, `Runner`, `Team`" in fault.text.to("en")
    assert "--map" in fault.text.to("en") and "--firm" in fault.text.to("en")


@pytest.mark.parametrize(
    ("header", "row", "name"),
    [
        (["소속", "성", "이름"], ["가람", "김", "하나"], "김하나"),
        (["소속", "이름", "성씨"], ["가람", "하나", "남궁"], "남궁하나"),
        (["소속", "성", "명"], ["가람", "鄭", "夏恩"], "鄭夏恩"),
        (["소속", "성", "이름"], ["가람", "김", "김하나"], "김하나"),
        (["Company", "First Name", "Last Name"], ["Garam", "Hana", "Kim"], "Hana Kim"),
        (["Company", "Surname", "Given Name(s)"], ["Garam", "Kim", "Hana"], "Hana Kim"),
        (["Company", "name", "lastname"], ["Garam", "Hana", "Kim"], "Hana Kim"),
        (["Company", "Last", "First", "Middle"], ["Garam", "Kim", "Hana", "Q."], "Hana Q. Kim"),
        (["Company", "Full Name", "First Name", "Last Name"], ["Garam", "Kim Hana", "Hana", "Kim"], "Kim Hana"),
    ],
)
def test_the_parts_of_a_name_are_joined_in_their_order(header: list[str], row: list[str], name: str) -> None:
    read = roster(header, row)
    assert (names(read), read.faults) == ([name], ())


def test_half_a_name_is_refused_and_a_sex_under_a_short_heading_is_none() -> None:
    (fault,) = roster(["Company", "First Name", "Bib"], ["Garam", "Hana", "1"]).faults
    assert "half of a name" in fault.text.to("en")
    (one,) = roster(["소속", "이름", "성"], ["가람", "김하나", "여"]).entries
    assert (one.name, one.sex) == ("김하나", "F")


def test_two_headings_for_one_column_that_differ_are_asked_naming_both() -> None:
    rows = [["소속", "성명", "팀", "부서"], ["가람", "김하나", "1팀", "개발부"], ["가람", "이두리", "2팀", ""]]
    (fault,) = roster(*rows).faults
    assert "columns `팀`(3), `부서`(4) are all `team` and differ in rows 2" in fault.text.to("en")
    assert [one.team for one in wished(Wishes(mapping_of(["부서=team"])), *rows).entries] == ["개발부", ""]
    assert [one.team for one in wished(Wishes(mapping_of(["부서=-"])), *rows).entries] == ["1팀", "2팀"]


def test_two_columns_of_the_very_same_heading_cannot_be_told_apart_by_it() -> None:
    rows = [["소속", "성명", "팀", "팀"], ["가람", "김하나", "1팀", "2팀"]]
    assert "rename one of the headings" in roster(*rows).faults[0].text.to("en")
    assert wished(Wishes(mapping_of(["팀=team"])), *rows).faults


def test_two_headings_that_complete_each_other_or_agree_are_one_column() -> None:
    read = roster(
        ["소속", "회사명", "성명", "팀", "소속팀"],
        ["㈜가람", "가람", "김하나", "", "1팀"],
        ["가람", "", "이두리", "2 팀", "2팀"],
    )
    assert read.faults == ()
    assert [(one.company, one.team) for one in read.entries] == [("㈜가람", "1팀"), ("가람", "2 팀")]


@pytest.mark.parametrize("heading", ["연합팀", "팀(연합)", "연합 팀명", "Joint Team Name"])
def test_a_joint_team_is_none_of_the_firm(heading: str) -> None:
    (one,) = roster(["소속", "성명", heading], ["가람", "김하나", "무지개"]).entries
    assert (one.team, one.joint_team) == (None, "무지개")


def test_a_name_in_other_letters_stands_back() -> None:
    assert names(roster(["소속", "성명(영문)", "성명(한글)"], ["가람", "Hana Kim", "김하나"])) == ["김하나"]
    assert names(roster(["소속", "영문 이름"], ["가람", "Hana Kim"])) == ["Hana Kim"]


def test_a_firm_for_a_list_without_the_column() -> None:
    list_ = [["Bib#", "First Name", "Last Name", "Team"], ["1", "Ana", "Alba", "Uno"]]
    (one,) = wished(Wishes(firm="Club Dos"), *list_).entries
    assert (one.company, one.name, one.team, one.bib) == ("Club Dos", "Ana Alba", "Uno", 1)
    (fault,) = wished(Wishes(firm="나래"), ["소속", "성명"], ["가람", "김하나"]).faults
    assert "--firm is for lists without" in fault.text.to("en")


@pytest.mark.parametrize("pair", ["Team", "Team=", "=team", "Team=shoes"])
def test_a_mapping_that_means_nothing_is_refused_with_the_columns(pair: str) -> None:
    with pytest.raises(WrongUse, match="joint_team"):
        mapping_of([pair])


def test_a_mapping_of_a_heading_that_is_not_there_is_refused_with_those_that_are() -> None:
    sheet = SourceSheet(lines(["제목"], ["소속", "회원"], ["가람", "김하나"]))
    with pytest.raises(WrongUse, match=r"`이름`.*소속, 회원"):
        refuse_unknown_headings({"이름": "name"}, [sheet])
    refuse_unknown_headings({" 회 원": "name"}, [sheet])


@pytest.mark.parametrize(
    ("header", "row", "name"),
    [
        (["소속", "성(한글)", "명(한글)", "영문 성", "영문 이름"], ["가람", "김", "하나", "Kim", "Hana"], "김하나"),
        (["소속", "영문 성", "영문 이름", "성", "이름"], ["가람", "Kim", "Hana", "김", "하나"], "김하나"),
        (["소속", "성(姓)", "명(名)"], ["가람", "김", "하나"], "김하나"),
        (["소속", "성 (Family name)", "이름 (Given name)"], ["가람", "김", "하나"], "김하나"),
        (
            ["Company", "Last Name (as on passport)", "First Name (as on passport)"],
            ["Garam", "Kim", "Hana"],
            "Hana Kim",
        ),
        (["Company", "Name (First)", "Name (Last)"], ["Garam", "Hana", "Kim"], "Hana Kim"),
        (["소속", "참가자 성", "참가자 이름"], ["가람", "김", "하나"], "김하나"),
        (["소속", "한글성", "한글명", "영문성", "영문명"], ["가람", "김", "하나", "Kim", "Hana"], "김하나"),
        (["소속", "한글명", "영문명"], ["가람", "김하나", "Hana Kim"], "김하나"),
        (["소속", "성/이름"], ["가람", "김하나"], "김하나"),
    ],
)
def test_parts_of_a_name_are_known_by_what_is_written_around_them(header: list[str], row: list[str], name: str) -> None:
    read = roster([*header, "배번"], [*row, "1"])
    assert (names(read), read.faults) == ([name], ())


def test_a_row_without_the_first_name_column_is_called_by_the_other_and_that_is_told() -> None:
    read = roster(
        ["소속", "성명(한글)", "성명(영문)", "배번"], ["가람", "김하나", "Kim Hana", "1"], ["가람", "", "Lee Duri", "2"]
    )
    assert names(read) == ["김하나", "Lee Duri"]
    assert any("rows read by their names in other letters: 3" in remark.text.to("en") for remark in read.remarks)
    header = ["소속", "성(한글)", "명(한글)", "Last Name", "First Name", "배번"]
    parts = roster(header, ["가람", "김", "하나", "Kim", "Hana", "1"], ["가람", "", "", "Lee", "Duri", "2"])
    assert names(parts) == ["김하나", "Duri Lee"]
