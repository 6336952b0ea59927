"""The roster: every row of a firm's list becomes an entry, or a fault that names file, row and column."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibs.roster.entries.entry import LONGEST
from bibs.roster.headings import ALIASES
from tests.rosters import entry, roster
from timing.race.spelling import SEXES, clean, company_key

HEADER = ["소속", "성명", "팀", "성별", "부문", "배번", "조"]
HANEUL = ["가산정밀", "김하늘", "개발팀", "남", "30대", "417", "2"]


def test_a_row_becomes_an_entry() -> None:
    read = roster(HEADER, HANEUL)
    whole = entry("김하늘", bib=417, wave="2", team="개발팀", sex="M", category="30대")
    assert (read.entries, read.faults) == ((whole,), ())


def test_only_company_and_name_are_needed() -> None:
    assert roster(["성명", "소속"], ["김하늘", "가산정밀"]).entries == (entry("김하늘"),)


@pytest.mark.parametrize(("column", "alias"), [(c, alias) for c in ALIASES for alias in ALIASES[c].split()])
def test_every_heading_that_offices_use_is_known(column: str, alias: str) -> None:
    cells = {"company": "가산정밀", "name": "김하늘", column: "김하늘" if column == "name" else "7"}
    header = [{"company": "소속", "name": "성명", column: alias}[asked] for asked in cells]
    (read,) = roster(header, list(cells.values())).entries
    assert str(getattr(read, column)) == cells[column]


@pytest.mark.parametrize(
    "header",
    [["COMPANY", "Full Name"], ["회사 명", "이 름"], ["소속*", "성명(name)"], ["소속:", "ＮＡＭＥ"], ["team_name", "no.", "firm", "runner"]],
)  # fmt: skip
def test_spaces_case_and_punctuation_of_a_heading_do_not_matter(header: list[str]) -> None:
    folded = [heading.replace("(name)", "") for heading in header]
    row = ["7" if heading == "no." else "가람" for heading in folded]
    read = roster(folded, row)
    assert (read.entries[0].company, read.entries[0].name) == ("가람", "가람")


def test_titles_may_stand_above_the_header() -> None:
    read = roster(["제20회 대회 참가 신청서"], ["담당자", "박도윤"], ["소속", "성명"], ["가산정밀", "김하늘"])
    assert read.entries == (entry("김하늘", row=4),)


def test_a_form_line_above_the_header_is_not_the_header() -> None:
    read = roster(["회사명", "가산정밀"], ["소속", "성명"], ["가산정밀", "김하늘"])
    assert (read.entries, read.faults) == ((entry("김하늘", row=3),), ())


def test_columns_nobody_asked_for_are_ignored() -> None:
    assert roster(["순번", "소속", "비고", "성명"], ["1", "가산정밀", "채식", "김하늘"]).entries == (entry("김하늘"),)


def test_a_running_number_is_no_bib_where_bibs_stand() -> None:
    read = roster(["번호", "소속", "성명", "배번"], ["1", "가산정밀", "김하늘", "417"])
    assert read.entries == (entry("김하늘", bib=417),)


def test_of_two_equal_headings_that_say_the_same_the_first_counts() -> None:
    assert roster(["소속", "성명", "이름"], ["가산정밀", "김하늘", "하늘"]).entries == (entry("김하늘"),)


def test_a_short_row_has_empty_cells_at_its_end() -> None:
    short = entry("김하늘", team="", sex="", category="", wave="")
    assert roster(HEADER, ["가산정밀", "김하늘"]).entries == (short,)


@pytest.mark.parametrize(("sex", "word"), [(sex, word) for sex in SEXES for word in SEXES[sex].split()])
def test_the_sexes_by_any_name(sex: str, word: str) -> None:
    assert roster(HEADER, [*HANEUL[:3], word.upper()]).entries[0].sex == sex


def test_an_unknown_sex_stays_as_it_was_written() -> None:
    assert [roster(HEADER, [*HANEUL[:3], word]).entries[0].sex for word in ("", "d", "미기재")] == ["", "d", "미기재"]


def test_a_number_alone_is_a_runner_too() -> None:
    assert roster(["소속", "배번"], ["가산정밀", "0417"]).entries == (entry("", bib=417),)


@pytest.mark.parametrize(
    ("rows", "where", "said"),
    [
        ([["성명", "팀"], ["김하늘", "개발팀"]], "명단.csv", "`company`"),
        ([], "명단.csv", "`company`"),
        ([["소속", "팀"], ["가산정밀", "개발팀"]], "명단.csv 1행 / 명단.csv, row 1", "`name`"),
        ([HEADER, ["", "김하늘"]], "명단.csv 2행 / 명단.csv, row 2", "`company`"),
        ([HEADER, HANEUL, ["가산정밀", ""]], "명단.csv 3행 / 명단.csv, row 3", "`name`"),
        ([HEADER, [*HANEUL[:5], "백번"]], "명단.csv 2행 / 명단.csv, row 2", "`bib`"),
        ([HEADER, [*HANEUL[:5], "0"]], "명단.csv 2행 / 명단.csv, row 2", "`bib`"),
        ([HEADER, [*HANEUL[:5], "-3"]], "명단.csv 2행 / 명단.csv, row 2", "`bib`"),
        ([HEADER, [*HANEUL[:5], "1000000"]], "명단.csv 2행 / 명단.csv, row 2", "`bib`"),
    ],
)
def test_a_fault_names_file_row_and_column(rows: list[list[str]], where: str, said: str) -> None:
    (fault,) = roster(*rows).faults
    assert fault.where == where
    assert said in fault.text.to("en")
    assert re.search("[가-힣]", fault.text.to("ko"))


@pytest.mark.parametrize("column", LONGEST)
def test_a_cell_may_be_long_but_not_too_long(column: str) -> None:
    header = ["소속", "성명", column] if column not in ("company", "name") else ["company", "name"]
    cells = dict.fromkeys(header, "가산정밀")
    fits, bursts = cells | {column: "가" * LONGEST[column]}, cells | {column: "가" * (LONGEST[column] + 1)}
    assert roster(header, list(fits.values())).faults == ()
    (fault,) = roster(header, list(bursts.values())).faults
    assert f"`{column}`" in fault.text.to("en")


def test_a_bib_that_stands_twice_names_both_rows() -> None:
    (fault,) = roster(HEADER, HANEUL, ["가산정밀", "이서연", "", "", "", "417"]).faults
    assert fault.where.endswith("row 3")
    assert "row 2" in fault.text.to("ko")
    assert "`bib`" in fault.text.to("en")


def test_full_width_digits_and_letters_are_ordinary_ones() -> None:
    read = roster(HEADER, ["ＡＢ전자", "김　하늘", "", "", "", "４１７"])
    (found,) = read.entries
    assert (found.name, found.company, found.bib) == ("김 하늘", "AB전자", 417)


def test_invisible_signs_do_not_make_somebody_else() -> None:
    read = roster(["소속", "성명"], ["가산\u200b정밀", "\ufeff김하\u200d늘"])
    assert read.entries == (entry("김하늘"),)


def test_a_name_from_a_mac_is_the_same_name() -> None:
    apart = [unicodedata.normalize("NFD", cell) for cell in HANEUL]
    assert apart != HANEUL
    header = [unicodedata.normalize("NFD", cell) for cell in HEADER]
    assert roster(header, apart) == roster(HEADER, HANEUL)


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    "spelling",
    ["㈜한빛테크", "(주)한빛테크", "（주） 한빛테크", "한빛테크(주)", "주식회사 한빛테크", "한빛테크 주식회사", " 한빛 테크 "],
)  # fmt: skip
def test_the_legal_form_does_not_tell_firms_apart(spelling: str) -> None:
    assert company_key(spelling) == company_key("한빛테크")


def test_an_english_name_with_or_without_its_legal_form() -> None:
    assert len({company_key(name) for name in ("Daon Robotics Co., Ltd.", "DAON ROBOTICS", "Daon Robotics Inc.")}) == 1


def test_letters_inside_a_name_are_no_legal_form() -> None:
    assert company_key("Incheon Daon") != company_key("Heon Daon")


def test_a_firm_called_only_by_its_legal_form_has_a_key() -> None:
    assert company_key("주식회사")


cells = st.one_of(
    st.sampled_from(["", "가산정밀", "김하늘", "417", "418", "0", "팀", "남", "백번"]), st.text(max_size=90)
)
tables = st.lists(st.lists(cells, max_size=8).filter(any), min_size=1, max_size=30)


def test_a_header_without_people_below_it_is_a_fault() -> None:
    (fault,) = roster(HEADER).faults
    assert fault.where == "명단.csv"


@given(tables)
def test_every_row_becomes_an_entry_or_a_fault(rows: list[list[str]]) -> None:
    read = roster(HEADER, *rows)
    expected = [f"명단.csv {number}행 / 명단.csv, row {number}" for number in range(2, len(rows) + 2)]
    entered = [taken.where for taken in read.entries]
    assert entered == [where for where in expected if where in entered]
    assert set(entered) | {fault.where for fault in read.faults} | {aside.where for aside in read.skipped_rows} == set(
        expected
    )
