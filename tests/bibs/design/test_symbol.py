"""The symbol: what another encoder draws is what we draw, and what is drawn is what reads back."""

import numpy as np
import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from bibs.design.symbol import LONGEST_V2, QUIET_MODULES, modules, note_modules, rectangles
from scanners.reading.decoder import decode_texts
from tests.clock_and_chance import seeded_bits
from timing.race.codes import bib_url, new_code

URL = bib_url("GV.TEST", new_code(seeded_bits(417)))
V2, V3 = 25, 29  # modules a side


def read_back(rows: list[list[bool]]) -> list[str]:
    """What the station's decoder finds in the printed modules."""
    paper = np.pad(np.where(np.array(rows), 0, 255).astype(np.uint8), QUIET_MODULES, constant_values=255)
    return decode_texts(np.kron(paper, np.ones((4, 4), np.uint8)))


@given(st.integers(0, 2**50 - 1).map(lambda drawn: new_code(lambda _: drawn)))
def test_every_code_reads_back(code: str) -> None:
    url = f"HTTPS://GV.TEST/B/{code}"
    assert read_back(modules(url)) == [url]


def test_a_second_encoder_draws_the_same_symbol() -> None:
    other = segno.make(URL, version=2, error="q", mode="alphanumeric", mask=2, boost_error=False)
    assert modules(URL) == [[bool(module) for module in row] for row in other.matrix]


@pytest.mark.parametrize(("length", "side"), [(LONGEST_V2, V2), (LONGEST_V2 + 1, V3)])
def test_up_to_twenty_nine_characters_the_symbol_is_of_version_two(length: int, side: int) -> None:
    rows = modules("A" * length)
    assert {len(rows), *map(len, rows)} == {side}


def test_a_practice_host_s_url_is_short_enough() -> None:
    assert len(URL) <= LONGEST_V2


matrices = st.integers(1, 30).flatmap(
    lambda width: st.lists(st.lists(st.booleans(), min_size=width, max_size=width), min_size=1, max_size=30)
)


@given(matrices)
def test_the_rectangles_cover_exactly_the_dark_modules(rows: list[list[bool]]) -> None:
    covered = np.zeros(np.shape(rows), int)
    for dark in rectangles(rows):
        assert dark.width > 0
        assert dark.height > 0
        covered[dark.y : dark.y + dark.height, dark.x : dark.x + dark.width] += 1
    assert (covered == np.array(rows, int)).all()


def test_a_symbol_is_drawn_in_far_fewer_pieces_than_it_has_modules() -> None:
    rows = modules(URL)
    assert len(list(rectangles(rows))) < sum(map(sum, rows)) * 0.75


def test_a_note_of_any_letters_reads_back() -> None:
    note = "marathon/f2a7\n241\nkFS2n7A=\n\n— marathon-f2a7 IyR2r0ZUe1wxqf1J한\n"
    assert read_back(note_modules(note)) == [note]
