"""The marks: a frozen book, words far apart however they are turned, and never one mark for two bibs."""

import hashlib
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.clock_and_chance import seeded_bits
from timing.race.codes import Code
from timing.race.events import MarkDrawn
from timing.race.marks import (
    CELLS,
    PREFERRED,
    SIDE,
    YEARS_APART,
    Mark,
    TooManyMarks,
    cells,
    changes,
    dark_modules,
    draw_marks,
    mark_book,
    marks_in_force,
    turned,
)

DIGEST = "4d766cf1d5fa438110f5ba759f6a03ef7a5f30a9dd34b06c6adb8ea5b69ac952"
LEAST_DISTANCE = 22
marks = st.sampled_from(mark_book())
anything = st.integers(0, 2**CELLS - 1).map(lambda word: Mark(f"{word:016x}"))


def codes(count: int, first: int = 0) -> list[Code]:
    return [Code(f"{number:011}") for number in range(first, first + count)]


def four_ways(mark: Mark) -> list[Mark]:
    turns = [mark]
    while len(turns) < 4:
        turns.append(turned(turns[-1]))
    return turns


def distance(one: Mark, other: Mark) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


def drawn(facts: Sequence[MarkDrawn]) -> list[str]:
    return [fact.mark for fact in facts]


def test_the_book_is_the_one_that_bibs_were_printed_from() -> None:
    assert len(mark_book()) == 40_196
    assert mark_book()[0] == "000a4db1abcce73d"
    assert hashlib.sha256(b"".join(map(bytes.fromhex, mark_book()))).hexdigest() == DIGEST


def test_no_mark_stands_in_the_book_twice_not_even_turned() -> None:
    turns = {turn for mark in mark_book()[:2_000] for turn in four_ways(mark)}
    assert len(turns) == 4 * 2_000
    assert turns & set(mark_book()) == set(mark_book()[:2_000])


@given(marks, marks)
def test_two_marks_differ_in_at_least_twenty_two_cells_however_they_are_turned(one: Mark, other: Mark) -> None:
    apart = [distance(one, turn) for turn in four_ways(other)]
    assert min(apart[one == other :]) >= LEAST_DISTANCE


@given(marks)
def test_a_mark_looks_neither_plain_nor_like_a_checker(mark: Mark) -> None:
    rows = [cells(mark)[at : at + SIDE] for at in range(0, CELLS, SIDE)]
    columns = list(zip(*rows, strict=True))
    seen = sum(a != b for line in (*rows, *columns) for a, b in pairwise(line))
    assert seen == changes(int(mark, 16))
    assert 52 <= seen <= 60


def test_the_marks_tried_in_pictures_come_first() -> None:
    assert all(55 <= changes(int(mark, 16)) <= 57 for mark in mark_book()[:PREFERRED])


@given(anything)
def test_a_mark_is_its_cells_in_reading_order(mark: Mark) -> None:
    assert [bool(int(mark, 16) >> at & 1) for at in range(63, -1, -1)] == list(cells(mark))
    assert cells(mark)[0] == (int(mark, 16) >= 2**63)
    assert cells(mark)[63] == int(mark, 16) % 2


@given(anything)
def test_four_quarter_turns_bring_a_mark_back(mark: Mark) -> None:
    assert turned(four_ways(mark)[3]) == mark
    left = [cells(mark)[SIDE * row + SIDE - 1] for row in range(SIDE)]
    assert cells(turned(mark))[:SIDE] == left  # the right column is on top after a turn to the left


@given(anything)
def test_what_is_printed_is_the_dark_cells_within_a_dark_border(mark: Mark) -> None:
    rows = dark_modules(mark)
    assert [len(row) for row in rows] == [SIDE + 2] * (SIDE + 2)
    assert all(rows[0]) and all(rows[-1]) and all(row[0] and row[-1] for row in rows)
    assert [not dark for row in rows[1:-1] for dark in row[1:-1]] == cells(mark)


@given(st.integers(0, 2**32), st.integers(0, 300), st.integers(0, 300))
def test_no_bib_gets_a_mark_that_another_ever_had(seed: int, before: int, more: int) -> None:
    bits = seeded_bits(seed)
    first = draw_marks(codes(before), (), bits)
    then = draw_marks(codes(more, before), drawn(first), bits)
    assert [fact.code for fact in (*first, *then)] == codes(before + more)
    assert len({*drawn(first), *drawn(then)}) == before + more
    assert {*drawn(first), *drawn(then)} <= set(mark_book()[:PREFERRED])


def test_the_same_chance_draws_the_same_marks_and_another_others() -> None:
    one, same, other = (draw_marks(codes(50), (), seeded_bits(seed)) for seed in (1, 1, 2))
    assert one == same
    assert len(set(drawn(one)) & set(drawn(other))) < 10


def test_every_preferred_mark_may_be_drawn() -> None:
    assert set(drawn(draw_marks(codes(PREFERRED), (), seeded_bits(1)))) == set(mark_book()[:PREFERRED])


def test_races_of_three_years_in_a_row_share_no_mark() -> None:
    years = [set(drawn(draw_marks(codes(2_600), (), seeded_bits(year), year))) for year in (2026, 2027, 2028)]
    assert len(set.union(*years)) == 3 * 2_600


def test_a_large_race_goes_on_with_the_preferred_marks_of_other_years() -> None:
    facts = draw_marks(codes(5_000), (), seeded_bits(1), 2026)
    own = set(mark_book()[2026 % YEARS_APART : PREFERRED : YEARS_APART])
    assert own < set(drawn(facts)) < set(mark_book()[:PREFERRED])


def test_a_race_that_needs_more_takes_the_rest_of_the_book() -> None:
    taken = mark_book()[: PREFERRED - 1]
    facts = draw_marks(codes(3), taken, seeded_bits(1))
    assert facts[0].mark == mark_book()[PREFERRED - 1]
    assert {fact.mark for fact in facts[1:]} <= set(mark_book()[PREFERRED:])


def test_a_race_cannot_draw_more_marks_than_there_are() -> None:
    assert len(draw_marks(codes(1), mark_book()[:-1], seeded_bits(1))) == 1
    with pytest.raises(TooManyMarks, match="2 marks are needed and only 1 are left"):
        draw_marks(codes(2), mark_book()[:-1], seeded_bits(1))


def test_a_reprinted_bib_bears_its_last_mark() -> None:
    old, new, other = mark_book()[:3]
    one, two = codes(2)
    assert marks_in_force({old: one, other: two, new: one}) == {one: new, two: other}
