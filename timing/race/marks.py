"""The mark beside a bib's QR: 8 x 8 coarse cells that a camera tells apart from far away and through blur. Pure.

The marks are words of an extended BCH code [64, 18, 22] over the field of 64 elements. Each cell stands for one element,
laid out so that a quarter turn of the square is a map of the field which keeps the code. So a turned word is a word again,
and any two marks differ in at least 22 cells, however either of them is turned.

A word is kept as an integer whose highest bit is the cell at the top left; 1 is white.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final, NewType

from timing.errors import RaceError
from timing.language import ngettext
from timing.race.chance import Bits
from timing.race.codes import Code
from timing.race.events import MarkDrawn

Mark = NewType("Mark", str)
"""Sixteen hexadecimal digits: the 64 cells in reading order, 1 for white."""

SIDE: Final = 8
CELLS: Final = SIDE * SIDE
PREFERRED: Final = 10_000
"""The first marks of the book, which were tested in pictures; a race uses others only when it needs more."""

YEARS_APART: Final = 3
"""Races of so many years in a row share no mark while each needs no more than its part: last year's bib in this year's race is
nobody's, however blurred its QR."""

FIELD: Final = 0b1000011  # x^6 + x + 1
EXPONENTS: Final = (1, 5, 9, 21)
TURNING: Final = 2  # the map x -> x^8 + 2 goes round in fours and leaves no element in its place
MIDDLING: Final = 56  # changes between black and white in a random word, of 112 pairs of neighbours
STRAY: Final = 4
"""How far the number of changes of a mark may be from `MIDDLING`: walls resemble nearly plain words, windows and QR codes checkered ones."""

COLUMNS_BUT_THE_LAST: Final = 0xFEFEFEFEFEFEFEFE
ROWS_BUT_THE_LAST: Final = 0xFFFFFFFFFFFFFF00


class TooManyMarks(RaceError):
    """A race cannot draw more marks than the book has."""


def cells(mark: str) -> list[bool]:
    """The 64 cells in reading order; True is white."""
    word = int(mark, 16)
    return [bool(word >> at & 1) for at in reversed(range(CELLS))]


def turned(mark: Mark) -> Mark:
    """The mark after a quarter turn to the left."""
    return _mark(_turned(int(mark, 16)))


def dark_modules(mark: str) -> list[list[bool]]:
    """What is printed, row by row: the dark cells within a border of one dark cell."""
    inner = cells(mark)
    rows = [[not white for white in inner[at : at + SIDE]] for at in range(0, CELLS, SIDE)]
    edge = [True] * (SIDE + 2)
    return [edge, *([True, *row, True] for row in rows), edge]


@cache
def mark_book() -> tuple[Mark, ...]:
    """Every mark there is, 40,196 of them. Their order is frozen: another one would rename every runner.

    Of the four turns of a word the smallest stands for all; words that look the same after half a turn are left out.
    """
    bases = [_basis()]
    for _turn in range(3):
        bases.append([_turned(word) for word in bases[-1]])
    words = [one for one, *turns in zip(*map(_span, bases), strict=True) if one < min(turns)]
    strays = sorted((abs(changes(word) - MIDDLING), word) for word in words)
    return tuple(_mark(word) for stray, word in strays if stray <= STRAY)


def changes(word: int) -> int:
    """How many neighbouring cells differ, of 112 pairs."""
    across, down = (word ^ word << 1) & COLUMNS_BUT_THE_LAST, (word ^ word << SIDE) & ROWS_BUT_THE_LAST
    return across.bit_count() + down.bit_count()


def draw_marks(codes: Iterable[Code], taken: Collection[str], bits: Bits, year: int | None = None) -> list[MarkDrawn]:
    """Draw a random unused mark for each of these codes, first from the part of the book for the race's `year`.

    Raises:
        TooManyMarks: the book has too few marks left.
    """
    wanted, gone = list(codes), set(taken)
    parts = [[mark for mark in part if mark not in gone] for part in _parts(year)]
    left = sum(map(len, parts))
    if len(wanted) > left:
        raise TooManyMarks(
            ngettext(
                "{n} mark is needed and only {left} are left",
                "{n} marks are needed and only {left} are left",
                len(wanted),
                left=left,
            ),
        )
    drawn: list[Mark] = []
    for part in parts:
        drawn += _drawn(part, min(len(wanted) - len(drawn), len(part)), bits)
    return [MarkDrawn(code, mark) for code, mark in zip(wanted, drawn, strict=True)]


def _parts(year: int | None) -> list[Sequence[Mark]]:
    """The book in the order of drawing: the part of the year, the other preferred marks, the rest."""
    preferred, rest = mark_book()[:PREFERRED], mark_book()[PREFERRED:]
    if year is None:
        return [preferred, rest]
    own = year % YEARS_APART
    return [preferred[own::YEARS_APART], [mark for at, mark in enumerate(preferred) if at % YEARS_APART != own], rest]


def marks_in_force(marks: Mapping[str, Code]) -> dict[Code, Mark]:
    """Each code's last mark, of all that were drawn in this order."""
    return {code: Mark(mark) for mark, code in marks.items()}


def _drawn(marks: list[Mark], count: int, bits: Bits) -> list[Mark]:
    """`count` of these marks in random order: the first steps of a Fisher-Yates shuffle."""
    for at in range(count):
        other = at + _below(len(marks) - at, bits)
        marks[at], marks[other] = marks[other], marks[at]
    return marks[:count]


def _below(end: int, bits: Bits) -> int:
    """A uniform random number below `end`, by rejection sampling."""
    size = (end - 1).bit_length()
    while (number := bits(size) if size else 0) >= end:
        pass
    return number


def _basis() -> list[int]:
    """Independent words that span the code: all cells white, and the traces of a * x^e over the field."""
    elements, powers = _elements(), _powers()
    words = [2**CELLS - 1]
    for exponent in EXPONENTS:
        raised = [_power(x, exponent) for x in elements]
        words += [_packed(_trace(_product(factor, x)) for x in raised) for factor in powers[:6]]
    return _independent(words)


def _independent(words: Iterable[int]) -> list[int]:
    """A basis of the same span; each word lacks the highest bits of those before it."""
    kept: list[int] = []
    for word in words:
        for other in kept:
            word = min(word, word ^ other)
        if word:
            kept.append(word)
    return kept


def _span(basis: list[int]) -> list[int]:
    """All sums of the words; the index of a sum tells which of them were added."""
    sums = [0]
    for word in basis:
        sums += [word ^ other for other in sums]
    return sums


def _elements() -> list[int]:
    """The field's element on each cell: circles of four under the turning map lie on circles of four under the quarter turn."""
    elements = [0] * CELLS
    in_field, in_square = _circles(lambda x: _power(x, 8) ^ TURNING), _circles(_turn)
    for numbers, places in zip(in_field, in_square, strict=True):
        for number, place in zip(numbers, places, strict=True):
            elements[place] = number
    return elements


def _circles(step: Callable[[int], int]) -> Iterator[list[int]]:
    """The orbits of length four of a map, each from its smallest member, in the order of those."""
    for start in range(CELLS):
        circle = [start, step(start), step(step(start)), step(step(step(start)))]
        if start == min(circle):
            yield circle


def _turn(cell: int) -> int:
    """The cell that moves to this place in a quarter turn to the left."""
    row, column = divmod(cell, SIDE)
    return column * SIDE + SIDE - 1 - row


def _turned(word: int) -> int:
    white = cells(_mark(word))
    return _packed(white[_turn(cell)] for cell in range(CELLS))


def _packed(white: Iterable[bool]) -> int:
    return sum(cell << at for cell, at in zip(white, reversed(range(CELLS)), strict=True))


def _mark(word: int) -> Mark:
    return Mark(f"{word:016x}")


@cache
def _powers() -> list[int]:
    """The powers of the element x: every element but 0."""
    powers = [1]
    while len(powers) < CELLS - 1:
        doubled = powers[-1] << 1
        powers.append(doubled ^ FIELD if doubled & CELLS else doubled)
    return powers


@cache
def _logarithms() -> dict[int, int]:
    return {element: exponent for exponent, element in enumerate(_powers())}


def _product(one: int, other: int) -> int:
    logarithms = _logarithms()
    return _powers()[(logarithms[one] + logarithms[other]) % (CELLS - 1)] if one and other else 0


def _power(element: int, exponent: int) -> int:
    return _powers()[_logarithms()[element] * exponent % (CELLS - 1)] if element else 0


@cache
def _trace(element: int) -> bool:
    """Whether the sum of the element's six conjugates, which is 0 or 1, is 1."""
    total = 0
    for _conjugate in range(6):
        total, element = total ^ element, _product(element, element)
    return bool(total)
