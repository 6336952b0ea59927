"""Text files: whatever stands between the cells; a row that cannot stand under its headings is named."""

import pytest

from bibs.roster.entries.entry import Entries
from bibs.roster.entries.read_entries import read_book
from bibs.roster.files.spreadsheet import parse
from bibs.roster.table_rows import Unreadable


def read(text: str | bytes) -> Entries:
    return read_book("명단.csv", parse(text if isinstance(text, bytes) else text.encode()))


def named(roster: Entries) -> list[tuple[str, str]]:
    return [(one.company, one.name) for one in roster.entries]


def rows_of_faults(roster: Entries) -> list[str]:
    return [fault.where.rpartition(" ")[2] for fault in roster.faults]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_headings_tell_what_stands_between_cells(sign: str) -> None:
    text = f"소속{sign}성명\n가람{sign}김하나\n" if sign == "," else f"소속{sign}성명\n가람, 본사, 3층{sign}김하나\n"
    assert named(read(text)) == [(text.splitlines()[1].split(sign)[0], "김하나")]


def test_the_line_that_tells_excel_what_stands_between_cells_is_no_row() -> None:
    assert named(read("sep=;\n소속;성명\n가람;김하나\n")) == [("가람", "김하나")]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('소속,성명\n가람,"김하나" 님\n', "row 2, column 2"),
        ('소속,성명\n가람,김하나\n"나래,이두리\n다온,박세찬\n', "row 3, column 1"),
        ('소속,성명,팀\n가람,"김하나,1팀\n나래,이두리,2팀\n다온,박"세찬,3팀\n', "row 2, column 2"),
        ('소속,성명,팀\n가람,"김하나,1팀\n나래,이두리,2팀\n다온,박세찬",3팀\n', "row 2, column 2"),
    ],
)
def test_a_stray_quote_is_named_by_row_and_column_and_swallows_nobody(text: str, where: str) -> None:
    with pytest.raises(Unreadable, match=where):
        parse(text.encode())


def test_a_remark_of_several_lines_in_quotes_is_one_cell() -> None:
    assert named(read('소속,성명,비고\n가람,김하나,"늦게 옴,\n채식"\n')) == [("가람", "김하나")]


def test_a_row_with_more_cells_than_headings_is_refused() -> None:
    roster = read("소속,성명,팀\n나래물산,Smith, John,1팀\n나래물산,박세찬,1팀\n")
    assert rows_of_faults(roster) == ["2"]
    assert "put cells with a comma into quotes" in roster.faults[0].text.to("en")


def test_a_shifted_row_is_refused_also_where_a_column_without_heading_takes_its_end() -> None:
    assert rows_of_faults(read("소속,성명,부문,\n가람,김하나,10K,\n나래, 본사,이두리,10K\n")) == ["3"]


def test_empty_cells_at_the_end_are_nothing_and_remarks_without_a_heading_are_named() -> None:
    assert read("소속,성명,팀\n가람,김하나,1팀,,,\n").remarks == ()
    roster = read("소속,성명,팀,\n가람,김하나,1팀,채식\n나래,이두리,2팀,\n")
    assert (len(roster.entries), roster.faults) == (2, ())
    assert "rows 2 hold something where no heading stands" in roster.remarks[0].text.to("en")


def test_both_halves_of_a_line_torn_in_two_are_refused() -> None:
    roster = read("소속,성명,팀,성별\n가람,김하나,1팀,여\n나래,이두\n리,2팀,남\n가람,박세찬,1팀,남\n")
    assert rows_of_faults(roster) == ["3", "4"]
    assert "torn in two" in roster.faults[0].text.to("en")


def test_short_rows_of_a_list_typed_by_hand_are_people() -> None:
    assert len(read("소속,성명,팀,성별\n가람,김하나\n가람,이두리,2팀\n").entries) == 2
    roster = read("소속,성명,팀,성별\n가람,김하나,1팀,여\n가람,이두리,2팀,남\n가람,박세찬\n")
    assert len(roster.entries) == 3
    assert "rows 4 have fewer cells" in roster.remarks[0].text.to("en")
