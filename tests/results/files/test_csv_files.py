"""CSV for spreadsheets, in UTF-8 and in CP949; whatever stands in a cell, it is never a formula."""

import csv
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from results.files.csv_files import Misfit, csv_bytes, csv_text, fitted
from timing.printed.spreadsheet_text import harmless

texts = st.text(st.characters(codec="utf-8"))


def cells(data: str) -> list[str]:
    """The cells of the only column, header left out."""
    return [row["소속"] for row in csv.DictReader(io.StringIO(data.removeprefix("\ufeff"), newline=""))]


def in_cp949(*texts: str) -> tuple[list[str], list[Misfit]]:
    data, misfits = csv_bytes(["소속"], [{"소속": text} for text in texts], "cp949")
    return cells(data.decode("cp949")), misfits


def test_utf_8_begins_with_the_mark_by_which_spreadsheets_know_it() -> None:
    assert csv_bytes(["소속"], [{"소속": "가산정밀"}], "utf-8") == ("\ufeff소속\r\n가산정밀\r\n".encode(), [])


@pytest.mark.parametrize("name", ["가산정밀", "㈜한빛", "똠방각하", "漢光精工", "Ｇ밸리", "Guro & Co. (Korea)"])
def test_what_korean_offices_write_fits_cp949(name: str) -> None:
    assert in_cp949(name) == ([name], [])


def test_hangul_in_parts_as_a_mac_writes_it_fits_too() -> None:
    assert in_cp949(unicodedata.normalize("NFD", "가산정밀")) == (["가산정밀"], [])


@pytest.mark.parametrize(
    ("text", "written"),
    [("Café", "Cafe"), ("Señor Ñ", "Senor N"), ("한빛 🏃", "한빛 ?"), ("김\u200b하늘", "김?하늘"), ("ﬁrma", "firma")],
)
def test_what_does_not_fit_is_written_with_what_comes_nearest(text: str, written: str) -> None:
    assert in_cp949(text)[0] == [written]


def test_each_misfit_says_where_it_stands_and_what_stands_instead() -> None:
    _, misfits = in_cp949("가산정밀", "Café 🏃")
    assert misfits == [Misfit("é", "e", 3, "소속", "Café 🏃"), Misfit("🏃", "?", 3, "소속", "Café 🏃")]


@pytest.mark.parametrize("sneaky", ["⁼1+1", "﹦1+1", "⁺1", "﹣1+1", "﹫SUM(A1)"])
def test_a_sign_that_only_becomes_a_formula_s_by_its_stand_in_is_held_too(sneaky: str) -> None:
    (written,), _ = in_cp949(sneaky)
    assert written.startswith("'") or written[0] not in "=+-@"


@pytest.mark.parametrize("number", ["0", "-5", "-1500", "1024000.5", "-0.001"])
def test_numbers_stay_numbers(number: str) -> None:
    assert harmless(number) == number


@pytest.mark.parametrize("text", ["--5", "-5-5", "-1.2.3", "-", "+82 2 555", "-٣", "=1", "@a", "＝1"])
def test_what_only_looks_like_a_number_is_text(text: str) -> None:
    assert harmless(text) == f"'{text}"


@given(texts)
def test_no_cell_of_either_file_begins_as_a_formula_does(text: str) -> None:
    for read in (cells(csv_text(["소속"], [{"소속": text}])), in_cp949(text)[0]):
        (cell,) = read or [""]
        assert not cell.startswith(("=", "+", "@", "\t", "\r", "\n")) or not text
        assert not cell.startswith("-") or float(cell) <= 0


@given(texts)
def test_whatever_is_written_in_cp949_reads_back_and_nothing_is_lost_in_silence(text: str) -> None:
    (cell,), misfits = in_cp949(f"회사 {text}")
    assert cell == fitted(f"회사 {text}")
    assert misfits or cell == unicodedata.normalize("NFC", f"회사 {text}")
