"""Web pages under a spreadsheet's name, as groupware writes them: their tables are read."""

import pytest

from bibs.roster.entries.read_entries import read_book
from bibs.roster.files.spreadsheet import parse
from bibs.roster.table_rows import TableRow, Unreadable

PAGE = """<html><head><meta charset="euc-kr"><style>td {mso-number-format:"\\@"}</style></head><body>
<table><tr><td>참가 신청<table><tr><th>소속<th>성명<th>팀
<tr><td rowspan=2>가람&amp;전자<td>김하나<br>(과장)<td>1팀
<tr style="display: none"><td><s>이두리</s><td>2팀</table></td></tr></table></body></html>"""
WORKBOOK = """<?xml version="1.0"?><Workbook xmlns="urn:x" xmlns:ss="urn:x"><Worksheet ss:Name="명단"><Table>
<Row><Cell><Data>소속</Data></Cell><Cell><Data>성명</Data></Cell><Cell><Data>조</Data></Cell></Row>
<Row ss:Index="3"><Cell><Data>가람</Data></Cell><Cell><Data>김하나</Data></Cell><Cell><Data>1899-12-31T14:00:00.000</Data></Cell></Row>
<Row><Cell><Data>나래</Data></Cell><Cell ss:Index="3"><Data>2</Data></Cell></Row></Table></Worksheet></Workbook>"""


@pytest.mark.parametrize("encoding", ["utf-8", "cp949"])
def test_the_tables_of_a_page_are_sheets(encoding: str) -> None:
    title, people = parse(PAGE.encode(encoding))
    assert title.lines == [TableRow(1, ["참가 신청"])]
    assert people.lines[1:] == [
        TableRow(2, ["가람&전자", "김하나 (과장)", "1팀"]),
        TableRow(3, ["가람&전자", "이두리", "2팀"], merged=[0], struck=[1]),
    ]
    assert people.hidden_rows == [3]
    assert [one.name for one in read_book("명단.xls", [title, people]).entries] == ["김하나 (과장)", "이두리"]


def test_an_xml_workbook_of_2003_is_read_with_its_gaps() -> None:
    (sheet,) = parse(WORKBOOK.encode())
    assert sheet.name == "명단"
    assert sheet.lines[1:] == [TableRow(3, ["가람", "김하나", "14:00"]), TableRow(4, ["나래", "", "2"])]


@pytest.mark.parametrize(
    "page",
    [
        "<html><p>로그인하세요</p></html>",
        "MIME-Version: 1.0\nContent-Type: multipart/related\n",
        '<table><tr><td colspan="x">1</table>',
    ],
)
def test_a_page_without_a_table_that_we_can_read_is_named(page: str) -> None:
    with pytest.raises(Unreadable, match="web page"):
        parse(page.encode())


def test_a_table_beyond_measure_is_refused() -> None:
    for attribute in ("colspan=99999999", "ss:index=99999999"):
        with pytest.raises(Unreadable, match="more than"):
            parse(f"<table><tr><td {attribute}>1</table>".encode())
