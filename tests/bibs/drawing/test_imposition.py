"""How bibs stand on sheets: after the cuts they lie in order, and a print shop finds trim and bleed where it looks."""

from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bibs.drawing.imposition import A4, BLEED_MM, OUTPUTS, Output, PrintSheet, cut_marks, folds, sheet_for
from bibs.drawing.layout import DEFAULT_LAYOUT, BibLayout, layout_named, shipped, widened
from bibs.drawing.sheet import draw_bibs
from bibs.printing.proof import verify_pages
from tests.prints import OCCASION, eyes_for, firm_of
from timing.errors import WrongUse

A5 = layout_named("a5", Path())
POINTS_PER_MM = 72 / 25.4


def stacked(sheet: PrintSheet, bibs: int) -> list[int]:
    """What lies on the table after every place's pile was cut and put under the one before."""
    pages = sheet.pages(bibs)
    return [at for pile in range(len(sheet.places)) for page in pages if (at := page[pile]) is not None]


@given(st.integers(1, 400), st.sampled_from(OUTPUTS), st.sampled_from([A5, DEFAULT_LAYOUT]))
def test_after_the_cuts_the_bibs_lie_in_order(bibs: int, output: Output, layout: BibLayout) -> None:
    sheet = sheet_for(layout, output)
    assert stacked(sheet, bibs) == list(range(bibs))
    spots = sheet.spots(bibs)
    assert len(set(spots)) == bibs
    assert {spot.page for spot in spots} == set(range(-(-bibs // len(sheet.places))))


def test_the_office_sheet_holds_as_many_as_fit() -> None:
    told = {name: sheet_for(layout, "office") for name, layout in shipped().items()}
    assert {name: len(sheet.places) for name, sheet in told.items()} == {
        "240x200": 1,
        "240x200-one-mark": 1,
        "a4": 1,
        "a5": 2,
        "a5-plain": 2,
    }
    assert (told["240x200"].width, told["240x200"].height) == A4[::-1]
    assert (told["a5"].width, told["a5"].height) == A4


@pytest.mark.parametrize("name", shipped())
@pytest.mark.parametrize("output", OUTPUTS)
def test_every_bib_lies_within_its_sheet_and_none_on_another(name: str, output: Output) -> None:
    layout = shipped()[name]
    sheet = sheet_for(layout, output)
    trims = sheet.trims(layout)
    for one in trims:
        assert widened(one, sheet.bleed).x >= -0.01 and one.right + sheet.bleed <= sheet.width + 0.01
        assert widened(one, sheet.bleed).y >= -0.01 and one.bottom + sheet.bleed <= sheet.height + 0.01
        assert not any(one.meets(other) for other in trims if other is not one)


def test_no_cut_mark_is_drawn_where_ink_remains() -> None:
    cases: list[tuple[BibLayout, Output]] = [(DEFAULT_LAYOUT, "shop"), (A5, "shop"), (DEFAULT_LAYOUT, "office")]
    for layout, output in cases:
        sheet = sheet_for(layout, output, marks=output == "shop")
        lines = list(cut_marks(sheet, layout))
        assert len(lines) == 8
        (trim,) = sheet.trims(layout)
        inked = widened(trim, sheet.bleed)
        for line in lines:
            outside = line.x2 <= inked.x or line.x1 >= inked.right or line.y2 <= inked.y or line.y1 >= inked.bottom
            assert outside, line


def test_two_bibs_on_a_sheet_are_parted_by_one_line() -> None:
    ((x1, y1, x2, y2),) = folds(sheet_for(A5, "office"), A5)
    assert (x1, x2) == (0, 210) and y1 == y2 == pytest.approx(148.5, abs=0.6)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(WrongUse, match="does not fit on A4"):
        sheet_for(replace(DEFAULT_LAYOUT, width=320), "office")
    with pytest.raises(WrongUse, match="--output shop only"):
        sheet_for(DEFAULT_LAYOUT, "office", marks=True)


@pytest.mark.parametrize("marks", [False, True])
def test_a_print_shop_finds_trim_and_bleed(tmp_path: Path, marks: bool) -> None:
    sheet = sheet_for(DEFAULT_LAYOUT, "shop", marks)
    draw_bibs(tmp_path / "배번.pdf", firm_of(1), OCCASION, DEFAULT_LAYOUT, sheet)
    (page,) = pypdfium2.PdfDocument(tmp_path / "배번.pdf")
    margin = BLEED_MM + (7 if marks else 0)
    for box, away in ((page.get_trimbox(), margin), (page.get_bleedbox(), margin - BLEED_MM)):
        left, bottom, right, top = (edge / POINTS_PER_MM for edge in box)
        assert (left, bottom) == pytest.approx((away, away), abs=0.01)
        assert (right, top) == pytest.approx((sheet.width - away, sheet.height - away), abs=0.01)
    assert ("c0001" in page.get_textpage().get_text_bounded()) == marks


@pytest.mark.parametrize("name", shipped())
@pytest.mark.parametrize(("output", "marks"), [("plain", False), ("shop", False), ("shop", True), ("office", False)])
def test_every_layout_is_proved_on_every_sheet(tmp_path: Path, name: str, output: Output, marks: bool) -> None:
    layout, firm = shipped()[name], firm_of(3)
    sheet = sheet_for(layout, output, marks)
    for file in (tmp_path / "a.pdf", tmp_path / "b.pdf"):
        draw_bibs(file, firm, OCCASION, layout, sheet)
    verify_pages(tmp_path / "a.pdf", firm, OCCASION, eyes_for(firm), layout, sheet)
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    assert b"Helvetica" not in (tmp_path / "a.pdf").read_bytes()
