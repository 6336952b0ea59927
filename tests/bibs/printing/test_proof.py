"""The proof catches every fault that was ever planted, and says on which page and whose bib."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from msgspec.structs import replace as changed

from bibs.design.qr_style import QrStyle
from bibs.drawing.imposition import sheet_for
from bibs.drawing.layout import DEFAULT_LAYOUT, BibLayout, layout_named
from bibs.drawing.sheet import FirmPacket, NotPrintable, draw_bibs
from bibs.printing.proof import Decoders, NotProved, squeezed, verify_pages
from tests.prints import OCCASION, eyes_for, firm_of
from timing.race.firms import Design

FIRM = firm_of(3)
FILE = "10-배번.pdf"


def with_bib(**changes: object) -> FirmPacket:
    """The firm with its second runner's bib changed."""
    first, second, third = FIRM.bibs
    return replace(FIRM, bibs=(first, replace(second, **changes), third))  # type: ignore[arg-type]  # any field


def swapped() -> FirmPacket:
    first, second, third = FIRM.bibs
    return replace(FIRM, bibs=(first, third, second))


def refused(path: Path, decoders: Decoders | None = None, layout: BibLayout = DEFAULT_LAYOUT) -> str:
    """What the proof says of this file."""
    with pytest.raises(NotProved) as told:
        verify_pages(path, FIRM, OCCASION, decoders or eyes_for(FIRM), layout)
    return told.value.text.to("en")


def test_what_is_right_is_proved_bib_by_bib(tmp_path: Path) -> None:
    draw_bibs(tmp_path / FILE, FIRM, OCCASION)
    done: list[int] = []
    verify_pages(tmp_path / FILE, FIRM, OCCASION, eyes_for(FIRM), progress=done.append)
    assert sum(done) == len(FIRM.bibs)


@pytest.mark.parametrize(
    ("drawn", "english"),
    [
        (swapped, "page 2, bib 1002: the QR does not read back"),
        (lambda: replace(FIRM, name="가산정멸"), "page 1, bib 1001: the firm reads '가산정멸' instead of '가산정밀'"),
        (lambda: with_bib(name="선"), "page 2, bib 1002: the name reads '선' instead of '선수1'"),
        (lambda: with_bib(name=""), "page 2, bib 1002: the name reads '' instead of '선수1'"),
        (lambda: with_bib(number=102), "page 2, bib 1002: the number reads '102'"),
        (lambda: with_bib(number=10022), "page 2, bib 1002: the number reads '10022'"),
        (lambda: with_bib(team="없는 팀"), "page 2, bib 1002: the team reads '없는 팀' instead of ''"),
        (lambda: with_bib(mark=FIRM.bibs[2].mark), "page 2, bib 1002: the mark does not read back"),
        (lambda: with_bib(mark=None), "page 2, bib 1002: the mark does not read back"),
        (lambda: with_bib(code=FIRM.bibs[0].code), "page 2, bib 1002: the QR does not read back"),
        (
            lambda: replace(FIRM, look=QrStyle(Design(colour="#FFFFFF"))),
            "page 1, bib 1001: the QR does not read back: []",
        ),
        (lambda: replace(FIRM, bibs=FIRM.bibs[:2]), "page 3, bib 1003: the page is missing"),
        (lambda: replace(FIRM, bibs=(*FIRM.bibs, FIRM.bibs[0])), "page 4 is one too many"),
    ],
)
def test_a_planted_fault_is_named(tmp_path: Path, drawn: Callable[[], FirmPacket], english: str) -> None:
    draw_bibs(tmp_path / FILE, drawn(), OCCASION)
    assert english in refused(tmp_path / FILE)


def test_a_page_that_went_missing_in_the_middle_is_noticed(tmp_path: Path) -> None:
    draw_bibs(tmp_path / FILE, FIRM, OCCASION)
    document = pypdfium2.PdfDocument(tmp_path / FILE)
    document.del_page(1)
    document.save(tmp_path / "cut.pdf")
    told = refused(tmp_path / "cut.pdf")
    assert "page 2, bib 1002: the QR does not read back" in told


def test_another_host_is_noticed(tmp_path: Path) -> None:
    draw_bibs(tmp_path / FILE, FIRM, replace(OCCASION, host="OLD.TEST"))
    assert "bib 1001: the QR does not read back: ['HTTPS://OLD.TEST/B/" in refused(tmp_path / FILE)


def test_text_without_ink_is_no_text(tmp_path: Path) -> None:
    """On a layout without its band the firm's white letters would stand on white paper; here only the proof thinks so."""
    hidden = changed(DEFAULT_LAYOUT, band=None)
    draw_bibs(tmp_path / FILE, FIRM, OCCASION, hidden)
    verify_pages(tmp_path / FILE, FIRM, OCCASION, eyes_for(FIRM), hidden)  # the letters turned black
    white = replace(FIRM, look=FIRM.look, bibs=tuple(replace(bib, team="개발팀") for bib in FIRM.bibs))
    draw_bibs(tmp_path / FILE, _Unseen(white.id, white.name, white.bibs), OCCASION)
    with pytest.raises(NotProved, match="there is no ink where the team should be"):
        verify_pages(tmp_path / FILE, white, OCCASION, eyes_for(FIRM))


class _Unseen(FirmPacket):
    """A firm whose colour is the paper's."""

    @property
    def ink(self) -> tuple[float, float, float, float]:
        return 0, 0, 0, 0


def test_the_second_decoder_has_a_say(tmp_path: Path) -> None:
    draw_bibs(tmp_path / FILE, FIRM, OCCASION)
    told = refused(tmp_path / FILE, replace(eyes_for(FIRM), second=lambda _: ["HTTPS://GV.TEST/B/00000000000"]))
    assert "the second decoder reads the QR as" in told
    told = refused(tmp_path / FILE, replace(eyes_for(FIRM), second=lambda _: []))
    assert "the second decoder reads the QR as []" in told


def test_a_layout_s_own_places_are_looked_at(tmp_path: Path) -> None:
    draw_bibs(tmp_path / FILE, FIRM, OCCASION)
    assert "the mark does not read back" in refused(tmp_path / FILE, layout=layout_named("a4", Path()))


def test_two_bibs_that_changed_places_on_a_sheet_are_noticed(tmp_path: Path) -> None:
    layout = layout_named("a5", Path())
    sheet = sheet_for(layout, "office")
    draw_bibs(tmp_path / FILE, swapped(), OCCASION, layout, sheet)
    with pytest.raises(NotProved, match="page 1, bib 1003: the QR does not read back"):
        verify_pages(tmp_path / FILE, FIRM, OCCASION, eyes_for(FIRM), layout, sheet)


def test_only_so_many_faults_are_told_at_once(tmp_path: Path) -> None:
    draw_bibs(tmp_path / FILE, firm_of(30, "다른회사"), OCCASION)
    with pytest.raises(NotProved) as told:
        verify_pages(tmp_path / FILE, firm_of(30), OCCASION, eyes_for(firm_of(30)))
    assert told.value.text.to("en").count("instead of") == 5 and told.value.text.to("en").endswith("…")


def test_a_character_without_a_glyph_is_never_drawn_as_something_else(tmp_path: Path) -> None:
    with pytest.raises(NotPrintable, match="김하늘🏃"):
        draw_bibs(tmp_path / FILE, with_bib(name="김하늘🏃"), OCCASION)
    assert not (tmp_path / FILE).exists()


def test_white_space_and_composition_do_not_matter_letters_do() -> None:
    assert squeezed("Alexandra\r\nKim") == squeezed("Alexandra Kim")
    assert squeezed("한") == squeezed("한")
    assert squeezed("김하늘") != squeezed("김하")
