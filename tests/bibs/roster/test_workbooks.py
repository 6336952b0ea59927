"""Workbooks of any program: their people arrive as whoever opens them sees them, or one line says what cannot be read."""

import re
import struct
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from bibs.roster.entries.read_entries import read_book
from bibs.roster.files.formats import shown
from bibs.roster.files.isolated import read_sheets
from bibs.roster.files.spreadsheet import parse
from bibs.roster.table_rows import MAX_COLUMNS, MAX_ROWS, TableRow, Unreadable
from tests.rosters import SHEET, changed, tampered, xlsx_file
from timing.errors import Unreachable

HEADER = ["소속", "성명", "팀"]
PEOPLE = [["가람전자", "김하나", "1팀"], ["나래물산", "이두리", "2팀"]]
FILES = Path(__file__).parent / "files"
STYLES = "xl/styles.xml"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return xlsx_file(tmp_path / "명단.xlsx", HEADER, *PEOPLE)


def cells(path: Path) -> list[list[str]]:
    return [line.cells for line in parse(path.read_bytes())[0].lines]


def renamed(path: Path, names: dict[str, str]) -> Path:
    """The same file with other names of its parts."""
    with zipfile.ZipFile(BytesIO(path.read_bytes())) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(names.get(name, name), old.read(name))
    return path


def strict(xml: bytes) -> bytes:
    """As `Strict Open XML` writes it."""
    return xml.replace(
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    )


@pytest.mark.parametrize(
    ("member", "change"),
    [
        (STYLES, lambda xml: xml.replace(b'val="2"', b'val="99"')),
        (STYLES, lambda xml: re.sub(rb"<fill>.*?</fill>", b"<fill/>", xml)),
        ("docProps/core.xml", lambda xml: re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", b"yesterday", xml)),
        ("xl/theme/theme1.xml", lambda _: b""),
        (SHEET, strict),
    ],
)
def test_what_nobody_needs_of_a_workbook_may_be_broken_or_unusual(
    book: Path, member: str, change: Callable[[bytes], bytes]
) -> None:
    tampered(book, member, change)
    assert cells(book) == [HEADER, *PEOPLE]


def test_parts_may_be_called_in_other_case(book: Path) -> None:
    renamed(book, {SHEET: "xl/Worksheets/Sheet1.XML", STYLES: "xl/Styles.xml"})
    assert cells(book) == [HEADER, *PEOPLE]


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_xls_and_ods_say_what_people_see(kind: str) -> None:
    sheet, hidden = parse((FILES / f"list.{kind}").read_bytes())
    assert [line.cells[2:] for line in sheet.lines[1:]] == [
        ["1팀", "10km", "101", "14:00"],
        ["1팀", "10km", "102", "14:00"],
        ["2팀", "5km", "103", "2"],
        ["2팀", "5km", "104", "2"],
        ["2026-03-05", "5km", "105", "2"],
        ["#DIV/0!", "5km", "106", "2"],
    ]
    assert [line.number for line in sheet.lines if line.struck] == [4]
    assert (sheet.hidden_rows, hidden.hidden, hidden.name) == ([5], True, "숨김")


def test_an_xlsb_is_read_and_what_it_does_not_tell_is_said() -> None:
    sheets = parse(xlsb(["소속", "성명", "배번"], ["가람전자", "김하나", 101.0]))
    read = read_book("명단.xlsb", sheets)
    assert [(one.company, one.name, one.bib) for one in read.entries] == [("가람전자", "김하나", 101)]
    assert "does not tell what is hidden" in read.remarks[0].text.to("en")


def xlsb(*rows: list[str | float]) -> bytes:
    """A binary workbook ([MS-XLSB]) with these rows."""
    body = record(129) + record(148, struct.pack("<4I", 0, len(rows) - 1, 0, len(rows[0]) - 1)) + record(145)
    for number, row in enumerate(rows):
        body += record(0, struct.pack("<IIH7x", number, 0, 300))
        for at, cell in enumerate(row):
            place = struct.pack("<II", at, 0)
            body += (
                record(6, place + wide(cell)) if isinstance(cell, str) else record(5, place + struct.pack("<d", cell))
            )
    sheet = record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("명단"))
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    link = f'<Relationships xmlns="{package}"><Relationship Id="rId1" Type="{office}" Target="worksheets/sheet1.bin"/></Relationships>'
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.bin", record(131) + record(143) + sheet + record(144) + record(132))
        archive.writestr("xl/_rels/workbook.bin.rels", link)
        archive.writestr("xl/worksheets/sheet1.bin", body + record(146) + record(130))
    return file.getvalue()


def record(kind: int, data: bytes = b"") -> bytes:
    return number_of(kind) + number_of(len(data)) + data


def number_of(number: int) -> bytes:
    return bytes([number]) if number < 128 else bytes([number & 127 | 128]) + number_of(number >> 7)


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


@pytest.mark.parametrize(
    ("value", "code", "seen"),
    [
        (1.0, '"제"0"팀"', "제1팀"),
        (10.0, "0\\k\\m", "10km"),
        (1021234567.0, "000\\-0000\\-0000", "010-2123-4567"),
        (3.5, '0.0"km"', "3.5km"),
        (5000.0, '0,"천"', "5천"),
        (-3.0, '0"팀";\\-0"팀"', "-3팀"),
        (5.0, '[>=10]0"K";0"k"', "5k"),
        ("가", '0;0;0;@"조"', "가조"),
        (1.0, 'General"조"', "1조"),
        (2.0, '[=1]"남";[=2]"여";0', "여"),
        (1.0, ";;;", "1"),
        (0.0, "0;-0;;@", "0"),
        (1.5, "# ?/?", "1.5"),
        (1.5, "0." + "0" * 40, "1.5"),
        (1e-7, "", "0.0000001"),
        (12345678.0, "0.00E+00", "12345678"),
    ],
)
def test_a_number_is_read_as_its_format_shows_it(value: float | str, code: str, seen: str) -> None:
    assert shown(value, code) == seen


def test_formats_times_and_truth_of_a_workbook_arrive_as_seen(tmp_path: Path) -> None:
    file = xlsx_file(tmp_path / "명단.xlsx", [1, 7, "가", time(14, 0), True, date(2026, 3, 5), 0.1 + 0.2])

    def formatted(sheet: Worksheet) -> None:
        for cell, code in (("A1", '0"팀"'), ("B1", "000"), ("C1", '@"조"')):
            sheet[cell].number_format = code

    changed(file, formatted)
    assert cells(file) == [["1팀", "007", "가조", "14:00", "TRUE", "2026-03-05", "0.3"]]


@pytest.mark.parametrize("code", ["h:mm", 'AM/PM h"시" mm"분"', "h:mm:ss"])
def test_a_day_that_nobody_sees_behind_a_time_is_not_read(code: str, tmp_path: Path) -> None:
    start = datetime.fromisoformat("2026-09-03T14:00:00")
    file = xlsx_file(tmp_path / "명단.xlsx", [start, start])

    def formatted(sheet: Worksheet) -> None:
        sheet["A1"].number_format, sheet["B1"].number_format = code, "yyyy-mm-dd hh:mm"

    changed(file, formatted)
    assert cells(file) == [["14:00", "2026-09-03 14:00"]]
    cell = '<table:table-cell office:value-type="{}" office:{}-value="{}"><text:p>14:00</text:p></table:table-cell>'
    seen = parse(ods(cell.format("date", "date", "2026-09-03T14:00:00") + cell.format("time", "time", "PT38H00M00S")))
    assert seen[0].lines[0].cells == ["14:00", "14:00"]


def test_escapes_of_the_format_are_the_letters_that_they_stand_for(tmp_path: Path) -> None:
    file = xlsx_file(tmp_path / "명단.xlsx", ["_xAE40__xD558_ A", "_x005F_x0041_"])
    assert cells(file) == [["김하 A", "_x0041_"]]


def test_a_row_that_is_struck_through_is_known_and_a_text_struck_in_part_is_a_fault(book: Path) -> None:
    def struck(sheet: Worksheet) -> None:
        for cell in sheet[2]:
            cell.font = Font(strike=True)
        sheet["B3"] = CellRichText(TextBlock(InlineFont(strike=True), "이두리"), " 박세찬")

    changed(book, struck)
    read = read_book("명단.xlsx", parse(book.read_bytes()))
    assert "struck through: rows 2 imported all the same" in read.remarks[0].text.to("en")
    assert [(fault.where[-1], "struck through in part" in fault.text.to("en")) for fault in read.faults] == [
        ("3", True)
    ]


def test_an_error_of_a_formula_is_told_and_not_lost(book: Path) -> None:
    tampered(book, SHEET, lambda xml: re.sub(rb'<c r="C2".*?</c>', b'<c r="C2" t="e"><f>X</f><v>#NAME?</v></c>', xml))
    (fault,) = read_book("명단.xlsx", parse(book.read_bytes())).faults
    assert "`team` is an error, #NAME?" in fault.text.to("en")


ODS = (
    '<office:document-content xmlns:office="o" xmlns:text="t" xmlns:table="b" xmlns:xlink="x"><office:body><office:spreadsheet>'
    '<table:table table:name="명단">{}</table:table></office:spreadsheet></office:body></office:document-content>'
)
CELL = "<table:table-cell{}><text:p>{}</text:p></table:table-cell>"


def ods(*rows: str, row: str = "") -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        body = "".join(f"<table:table-row{row}>{cells}</table:table-row>" for cells in rows)
        archive.writestr("content.xml", ODS.format(body))
    return file.getvalue()


def test_comments_are_no_text_of_a_cell_and_spaces_are(tmp_path: Path) -> None:
    comment = "<table:table-cell><office:annotation><text:p>늦게 옴</text:p></office:annotation><text:p>김<text:s/>하나</text:p></table:table-cell>"
    merged = CELL.format(' table:number-rows-spanned="2"', "가람전자")
    below = "<table:covered-table-cell/>" + CELL.format("", "이두리")
    lines = parse(ods(merged + comment, below))[0].lines
    assert lines == [TableRow(1, ["가람전자", "김 하나"]), TableRow(2, ["가람전자", "이두리"], merged=[0])]


@pytest.mark.parametrize(
    "data",
    [
        ods(CELL.format(f' table:number-columns-repeated="{MAX_COLUMNS + 1}"', "x")),
        ods(CELL.format("", "x"), row=f' table:number-rows-repeated="{MAX_ROWS + 1}"'),
        ods(CELL.format(' table:number-columns-repeated="9999999999999"', "x")),
    ],
)
def test_an_ods_that_repeats_itself_beyond_measure_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable, match="more than"):
        parse(data)


def test_cells_that_an_ods_repeats_empty_are_nothing() -> None:
    data = ods(CELL.format("", "x") + '<table:table-cell table:number-columns-repeated="16383"/>')
    assert parse(data)[0].lines == [TableRow(1, ["x"])]


def test_a_protected_ods_says_so() -> None:
    file = BytesIO(ods(CELL.format("", "x")))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>")
    with pytest.raises(Unreadable, match="password"):
        parse(file.getvalue())


@pytest.mark.parametrize("kind", ["xls", "ods"])
@pytest.mark.parametrize("place", [0.05, 0.3, 0.6, 0.95])
def test_a_workbook_cut_short_or_overwritten_is_read_or_refused_and_never_a_crash(
    tmp_path: Path, kind: str, place: float
) -> None:
    data = (FILES / f"list.{kind}").read_bytes()
    at = int(place * len(data))
    for mangled in (data[:at], data[:at] + b"\xff" * 64 + data[at + 64 :]):
        file = tmp_path / f"명단.{kind}"
        file.write_bytes(mangled)
        try:
            assert isinstance(read_sheets(file), list)
        except Unreachable as refused:
            assert str(file) in str(refused)
