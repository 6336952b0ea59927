"""Whatever office wrote the file: its rows arrive as text, or one clear line says why not."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from bibs.roster.files.isolated import read_sheets
from bibs.roster.files.spreadsheet import OLD_OFFICE, parse
from bibs.roster.table_rows import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, MAX_UNPACKED_BYTES, TableRow, Unreadable
from tests.rosters import SHEET, changed, csv_file, tampered, xlsx_file
from timing.errors import Unreachable

HEADER = ["소속", "성명"]


def read_rows(file: Path) -> list[TableRow]:
    """The rows of a file's first sheet, parsed here and not in a child: a child for every case would take minutes."""
    return parse(file.read_bytes())[0].lines


RARE = ["똠방상사", "샾하늘"]  # syllables that are in CP949 and not in EUC-KR


ENCODINGS = ["utf-8", "utf-8-sig", "cp949", "utf-16", "utf-16-le", "utf-16-be"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_csv_file_of_any_korean_office_arrives(tmp_path: Path, encoding: str) -> None:
    file = csv_file(tmp_path / "명단.csv", HEADER, RARE, encoding=encoding)
    assert read_rows(file) == [TableRow(1, HEADER), TableRow(2, RARE)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("title", [[], [["제20회 참가 신청"], []]])
def test_the_delimiter_is_found_also_under_a_title(tmp_path: Path, delimiter: str, title: list[list[str]]) -> None:
    file = csv_file(tmp_path / "명단.csv", *title, HEADER, ["가산정밀", "김하늘"], delimiter=delimiter)
    assert [line.cells for line in read_rows(file)][-2:] == [HEADER, ["가산정밀", "김하늘"]]


def test_a_cell_may_hold_a_comma_and_a_line_break(tmp_path: Path) -> None:
    file = csv_file(tmp_path / "명단.csv", HEADER, ["가산정밀, 본사", "김\n하늘"], ["구로소프트", "이서연"])
    assert read_rows(file)[1:] == [TableRow(2, ["가산정밀, 본사", "김\n하늘"]), TableRow(3, ["구로소프트", "이서연"])]


def test_empty_rows_are_left_out_and_counted(tmp_path: Path) -> None:
    file = csv_file(tmp_path / "명단.csv", [], HEADER, [], ["", " "], ["가산정밀", "김하늘"])
    assert read_rows(file) == [TableRow(2, HEADER), TableRow(5, ["가산정밀", "김하늘"])]


names = st.text(st.characters(codec="utf-8", exclude_characters="\x00\ufeff;\t|'="), max_size=8)


@given(st.lists(st.tuples(names, names), max_size=20))
def test_every_cell_of_a_csv_file_arrives(cells: list[tuple[str, str]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([HEADER, *cells])
    with TemporaryDirectory() as folder:
        file = Path(folder) / "명단.csv"
        file.write_bytes(text.getvalue().encode())
        arrived = {line.number: line.cells for line in read_rows(file)}
    for number, (company, name) in enumerate(cells, 2):
        assert [*arrived.get(number, []), "", ""][:2] == [company.strip(), name.strip()]


def test_the_cells_of_a_workbook_are_text_as_people_see_it(tmp_path: Path) -> None:
    row: list[object] = [" 가산정밀 ", 1001.0, 1002, 17.5, datetime(2026, 9, 3), None, "김하늘", None]  # noqa: DTZ001
    file = xlsx_file(tmp_path / "명단.xlsx", [], row)
    assert read_rows(file) == [TableRow(2, ["가산정밀", "1001", "1002", "17.5", "2026-09-03", "", "김하늘"])]


@pytest.mark.parametrize("lie", [b"A1:B2", b"A1"])
def test_rows_outside_the_range_that_a_workbook_declares_arrive(tmp_path: Path, lie: bytes) -> None:
    people: list[list[object]] = [["가산정밀", f"김하늘{n}", "개발팀"] for n in range(20)]
    file = xlsx_file(tmp_path / "명단.xlsx", *people)
    tampered(file, SHEET, lambda sheet: sheet.replace(b'ref="A1:C20"', b'ref="' + lie + b'"'))
    assert [line.cells for line in read_rows(file)] == people


def test_rows_and_columns_that_only_bear_a_format_are_no_rows(tmp_path: Path) -> None:
    file = xlsx_file(tmp_path / "명단.xlsx", list(HEADER), ["가산정밀", "김하늘", *[None] * MAX_COLUMNS, ""])
    formatted = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (n, n) for n in range(3, MAX_ROWS + 10))
    tampered(file, SHEET, lambda sheet: sheet.replace(b"</sheetData>", formatted + b"</sheetData>"))
    assert read_rows(file) == [TableRow(1, HEADER), TableRow(2, ["가산정밀", "김하늘"])]


def test_a_workbook_s_remarks_about_styles_are_no_trouble(tmp_path: Path) -> None:
    file = xlsx_file(tmp_path / "명단.xlsx", list(HEADER))
    bare = b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    tampered(file, "xl/styles.xml", lambda _: bare)
    assert read_rows(file) == [TableRow(1, HEADER)]


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_lines_may_end_as_on_any_system(end: str) -> None:
    rows = ["소속,성명", "가산정밀,김하늘", "구로소프트,이서연"]
    assert [line.cells for line in parse(end.join(rows).encode())[0].lines] == [row.split(",") for row in rows]


def test_files_joined_to_one_leave_no_mark_between_them(tmp_path: Path) -> None:
    file = csv_file(tmp_path / "명단.csv", HEADER, ["가산정밀", "김하늘"])
    file.write_bytes(file.read_bytes() + file.read_bytes())
    assert [line.cells for line in read_rows(file)] == [HEADER, ["가산정밀", "김하늘"]] * 2


def test_a_comma_inside_cells_does_not_hide_the_tabs_between_them() -> None:
    text = "소속\t성명\n가산정밀, 본사, 1층\t김하늘\n구로, 본사, 2층\t이서연\n"
    assert parse(text.encode())[0].lines[1].cells == ["가산정밀, 본사, 1층", "김하늘"]


def test_the_name_of_a_file_does_not_tell_what_it_is(tmp_path: Path) -> None:
    workbook = xlsx_file(tmp_path / "명단.xlsx", list(HEADER)).rename(tmp_path / "실은통합문서.csv")
    text = csv_file(tmp_path / "실은글.xlsx", HEADER, encoding="cp949")
    assert read_rows(workbook) == read_rows(text) == [TableRow(1, HEADER)]


def test_cells_merged_downwards_say_the_same_in_every_row(tmp_path: Path) -> None:
    people = ["김하늘", "이서연", "박도윤"]
    file = xlsx_file(
        tmp_path / "명단.xlsx",
        ["소속", "성명"],
        *[["가산정밀" if at == 0 else None, one] for at, one in enumerate(people)],
    )
    changed(file, lambda sheet: sheet.merge_cells("A2:A4"))
    lines = read_rows(file)
    assert [line.cells for line in lines[1:]] == [["가산정밀", one] for one in people]
    assert [line.merged for line in lines] == [[], [], [0], [0]]


def test_all_sheets_arrive_with_their_names_and_what_is_hidden(tmp_path: Path) -> None:
    file = xlsx_file(tmp_path / "명단.xlsx", list(HEADER), ["가산정밀", "김하늘"], ["가산정밀", "이서연"])

    def more(sheet: Worksheet) -> None:
        sheet.row_dimensions[3].hidden = True
        code = sheet.parent.create_sheet("코드")
        code.append(["30대"])
        code.sheet_state = "veryHidden"

    changed(file, more)
    first, second = parse(file.read_bytes())
    assert (len(first.lines), first.hidden, first.hidden_rows) == (3, False, [3])
    assert (second.name, second.hidden, second.lines) == ("코드", True, [TableRow(1, ["30대"])])


def test_a_formula_shows_its_value_and_one_that_was_never_calculated_is_known(tmp_path: Path) -> None:
    file = xlsx_file(
        tmp_path / "명단.xlsx", list(HEADER), ["가산정밀", '="김"&"하늘"'], ["가산정밀", "=B2"], ["가산정밀", "=B4"]
    )

    def saved(sheet: bytes) -> bytes:
        """As a program saves it that calculated B2 and B4, whose text is empty, and not B3."""
        for cell, value in (("B2", "김하늘"), ("B4", "")):
            sheet = re.sub(
                f'<c r="{cell}"[^>]*>(<f>.*?</f>)<v ?/?>(</v>)?'.encode(),
                f'<c r="{cell}" t="str">'.encode() + rb"\1<v>" + f"{value}</v>".encode(),
                sheet,
            )
        return sheet

    tampered(file, SHEET, saved)
    lines = read_rows(file)
    assert [(line.cells[1:], line.uncalculated) for line in lines[1:]] == [(["김하늘"], []), ([], [1]), ([], [])]


def test_text_that_looks_like_a_formula_is_text(tmp_path: Path) -> None:
    file = xlsx_file(tmp_path / "명단.xlsx", list(HEADER), ["가산정밀", "x"])

    def typed(sheet: Worksheet) -> None:
        sheet["B2"].value, sheet["B2"].data_type = "=cmd()", "s"

    changed(file, typed)
    assert read_rows(file)[1].cells == ["가산정밀", "=cmd()"]


@pytest.mark.parametrize(("old", "new"), [(b'r="2"', b'r="1"'), (b'r="B2"', b'r="A2"'), (b'<row r="1"', b'<row r="7"')])
def test_rows_or_cells_out_of_order_are_refused_and_nobody_is_lost(tmp_path: Path, old: bytes, new: bytes) -> None:
    file = xlsx_file(tmp_path / "명단.xlsx", list(HEADER), ["가산정밀", "김하늘"])
    tampered(file, SHEET, lambda sheet: sheet.replace(old, new))
    with pytest.raises(Unreadable, match="out of order"):
        read_rows(file)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (OLD_OFFICE + bytes(600), "save it as .xlsx"),
        (OLD_OFFICE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "password"),
        ("<html><p>소속</p></html>".encode(), "web page"),
        (b"%PDF-1.7\n\xe2\xe3\xcf\xd3\n\x00", "PDF"),
    ],
)
def test_other_kinds_of_files_are_named_with_what_to_do(data: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said) as refused:
        parse(data)
    assert refused.value.text.to("ko")


def missing(path: Path) -> None:
    assert not path.exists()


def folder(path: Path) -> None:
    path.mkdir()


def too_large(path: Path) -> None:
    path.write_bytes(b"a" * (MAX_BYTES + 1))


def too_many_rows(path: Path) -> None:
    path.write_bytes("가산정밀\n".encode() * (MAX_ROWS + 1))


def too_many_columns(path: Path) -> None:
    csv_file(path, ["소속"] * (MAX_COLUMNS + 1))


def no_spreadsheet(path: Path) -> None:
    path.write_bytes(OLD_OFFICE + bytes(600))  # the .xls of long ago


def unknown_letters(path: Path) -> None:
    path.write_bytes(b"\xff\xff\xff")


def open_quote(path: Path) -> None:
    path.write_bytes('소속,"성명\n'.encode())


def another_archive(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("사진.txt", "x")


def zip_bomb(path: Path) -> None:
    xlsx_file(path, list(HEADER))
    tampered(path, SHEET, lambda sheet: sheet + b" " * MAX_UNPACKED_BYTES)
    assert path.stat().st_size < MAX_BYTES


def cut_short(path: Path) -> None:
    data = xlsx_file(path, list(HEADER)).read_bytes()
    path.write_bytes(data[: len(data) // 2])


def sheet_cut_short(path: Path) -> None:
    xlsx_file(path, list(HEADER))
    tampered(path, SHEET, lambda sheet: sheet[:-40])


def row_without_end(path: Path) -> None:
    xlsx_file(path, list(HEADER), list(HEADER))
    tampered(path, SHEET, lambda sheet: sheet.replace(b'<row r="2"', b'<row r="999999999999"'))


UNREADABLE = [
    missing, folder, too_large, too_many_rows, too_many_columns, no_spreadsheet, unknown_letters, open_quote,
    another_archive, zip_bomb, cut_short, sheet_cut_short, row_without_end,
]  # fmt: skip


@pytest.mark.parametrize("make", UNREADABLE)
def test_a_file_that_cannot_be_read_is_named_in_one_line(tmp_path: Path, make: Callable[[Path], None]) -> None:
    file = tmp_path / "명단.xlsx"
    make(file)
    with pytest.raises(Unreachable) as refused:
        read_sheets(file)
    assert str(file) in str(refused.value)
    assert "\n" not in str(refused.value)
    assert refused.value.exit_code == 3


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return xlsx_file(tmp_path_factory.mktemp("book") / "명단.xlsx", list(HEADER), ["가산정밀", "김하늘"]).read_bytes()


@example(0.86, b"\xff" * 50)
@given(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=60))
def test_a_mangled_workbook_is_read_or_refused_and_never_a_crash(workbook: bytes, place: float, dirt: bytes) -> None:
    at = int(place * len(workbook))
    with suppress(Unreadable):
        parse(workbook[:at] + dirt + workbook[at + len(dirt) :])


@pytest.mark.parametrize(
    ("data", "called"),
    [
        (b"", "empty file"),
        (b" \r\n", "empty file"),
        (b"%PDF-1.7\n1 0 obj", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + b"HWP Document File V5.00", "HWP"),
    ],
)
def test_what_offices_send_instead_of_a_list_is_called_by_its_name(data: bytes, called: str) -> None:
    with pytest.raises(Unreadable, match=called):
        parse(data)
