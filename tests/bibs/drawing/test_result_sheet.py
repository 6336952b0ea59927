"""Printed results: every list with headings on each page, read back from the paper."""

import io
from collections.abc import Sequence
from dataclasses import replace

import pypdfium2
import pytest

from bibs.drawing.canvas import halves
from bibs.drawing.result_sheet import draw_results
from scanners.reading.decoder import decode_texts
from timing.language import pair
from timing.printed.sheets import Cell, Clocked, Column, Sheets, Table
from timing.race.instants import Span

LONG_FIRM = "주식회사 대한민국디지털산업단지공동연구개발협력센터부설기술지원본부서울지사"
LATIN_FIRM = "Guro Advanced Semiconductor Packaging & Testing Holdings Co., Ltd. (Korea)"
NOTE = (
    "marathon/f2a74de452e6b438\n241\nkFS2n7AOnfFhhiM4ytNPQnDqbDdm5Sc6KrATmtudZuM=\n\n"
    "— marathon-f2a74de452e6b438 IyR2r0ZUe1wxqf1JAaZBuTbOj1vIVQw4j6DAczullcrWKO1vewyYAtxp0Gmr/"
    "9ktgHLxMt2mqglqtVmVClW4P03dbQQ=\n"
)
COLUMNS = (
    Column(pair("순위", "Place"), 11, "right"),
    Column(pair("성명", "Name"), 27),
    Column(pair("소속", "Firm"), 58),
    Column(pair("넷타임", "Net time"), 27, "right"),
)
TIME = Clocked("16:54", Span(1_014_000_000), Span(1_013_200_000), "16:53.200")


def sheets(rows: Sequence[tuple[Cell, ...]], *others: Table, note: str = "") -> Sheets:
    return Sheets(
        pair("제20회 G밸리 스마트 마라톤", "G Valley Smart Marathon"),
        pair("잠정 기록", "Provisional results"),
        (pair("기록 번호 241", "log position 241"), pair("비공인 기록", "uncertified course and times")),
        (Table(pair("개인", "Runners"), COLUMNS, tuple(rows)), *others),
        (pair("완주", "Finished"),),
        note,
        241 if note else 0,
    )


def field(people: int) -> list[tuple[Cell, ...]]:
    return [(place, "김*늘", "가산정밀", TIME) for place in range(1, people + 1)]


def pages(data: bytes) -> list[str]:
    """The words on each page."""
    document = pypdfium2.PdfDocument(io.BytesIO(data))
    return [page.get_textpage().get_text_bounded() for page in document]


def printed(results: Sheets) -> list[str]:
    data, missing = draw_results(results)
    assert not missing
    return pages(data)


def test_everybody_is_on_some_page_once() -> None:
    text = printed(sheets(field(120)))
    places = [int(line.split()[0]) for page in text for line in page.splitlines() if "김*늘" in line]
    assert sorted(places) == list(range(1, 121)) and len(text) > 3


def test_each_page_bears_the_race_its_state_the_headings_and_its_number() -> None:
    text = printed(sheets(field(60)))
    for number, page in enumerate(text, 1):
        for words in (
            "제20회 G밸리 스마트 마라톤",
            "잠정 기록 / Provisional results",
            "비공인 기록",
            "성명",
            "Net time",
        ):
            assert words in page
        assert f"{number} / {len(text)}" in page


def test_each_list_begins_on_a_page_of_its_own() -> None:
    firms = Table(pair("3인 단체 · 여자", "Women"), COLUMNS[:3], ((1, "가산정밀", "417 김*늘"),))
    text = printed(sheets(field(3), firms))
    assert len(text) == 2
    assert "개인" in text[0] and "3인 단체 · 여자" in text[1] and "Women" in text[1]


def test_the_published_time_stands_beside_the_exact_one() -> None:
    (page,) = printed(sheets(field(1)))
    assert "16:54" in page and "16:53.200" in page


@pytest.mark.parametrize("firm", [LONG_FIRM, LATIN_FIRM, "㈜한빛(漢光精工)", "Café 솔빛", "=1+1"])
def test_a_name_of_any_length_is_printed_whole(firm: str) -> None:
    (page,) = printed(sheets([(1, "김*늘", firm, TIME)]))
    assert firm.replace(" ", "") in "".join(page.split())


def test_an_empty_list_still_is_a_page() -> None:
    (page,) = printed(sheets([]))
    assert "개인" in page and "1 / 1" in page


def test_the_first_page_of_a_list_bears_the_signed_note_as_a_code() -> None:
    data, _ = draw_results(sheets(field(60), note=NOTE))
    pictures = [page.render(scale=150 / 72, grayscale=True) for page in pypdfium2.PdfDocument(io.BytesIO(data))]
    read = [list(decode_texts(picture.to_numpy().reshape(picture.height, picture.width))) for picture in pictures]
    assert read == [[NOTE], [], []]
    assert "241" in pages(data)[0]


def test_what_the_fonts_lack_is_told_and_shown_by_a_sign() -> None:
    data, missing = draw_results(sheets([(1, "김🏃늘", "가산\n정밀", TIME)]))
    assert missing == {"🏃"}
    assert "김〓늘" in pages(data)[0] and "가산 정밀" in pages(data)[0]


def test_the_same_results_make_the_same_bytes() -> None:
    assert draw_results(sheets(field(40), note=NOTE)) == draw_results(sheets(field(40), note=NOTE))
    assert draw_results(sheets(field(40))) != draw_results(
        replace(sheets(field(40)), state=pair("확정 기록", "Official"))
    )


@pytest.mark.parametrize("text", ["가나다", LONG_FIRM, LATIN_FIRM, "가 나", "가"])
def test_two_lines_hold_the_whole_text(text: str) -> None:
    first, second = halves(text)
    assert (first + second).replace(" ", "") == text.replace(" ", "")
    assert abs(len(first) - len(second)) <= max(2, len(text) / 2)
