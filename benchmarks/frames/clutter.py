"""Frames without anybody of the race: streets, windows, checkers, letters, strangers' QR codes, bibs and marks of other races."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import cv2
import numpy as np

from benchmarks.frames.conditions import Conditions, Grey, Light
from benchmarks.frames.printed import INK, PAPER, Field
from benchmarks.frames.sensor import behind, exposed
from bibs.design.symbol import modules, note_modules
from timing.race.marks import SIDE, dark_modules, mark_book

SIZE: Final = (450, 800)
OTHER_RACE: Final = 990_001
"""The run whose bibs the clutter wears."""

OTHER_BIBS: Final = 40
LETTERS: Final = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789#@%&"
MOST_PIECES: Final = 5


@dataclass(frozen=True, slots=True)
class Clutter:
    """One frame and the texts that it truly holds."""

    picture: Grey
    texts: frozenset[str]


Piece = tuple[Light, str]
"""Something flat, and its QR's text or nothing."""


def clutter(run: int, frame: int) -> Clutter:
    """A frame of a run, the same whenever it is asked for."""
    chance = np.random.default_rng([run, frame, 31])
    light = behind(*SIZE, chance)
    texts = []
    for _ in range(int(chance.integers(1, MOST_PIECES + 1))):
        make = PIECES[int(chance.choice(len(PIECES), p=SHARES))]
        piece, text = make(chance, run)
        _stick(light, piece, chance)
        texts.append(text)
    if chance.random() < 0.3:
        light = _smeared(light, chance)
    weather = Conditions(lens_px=chance.uniform(0, 1.6), noise=chance.uniform(0, 9), light=chance.uniform(0.1, 1.1))
    noise = chance.standard_normal(light.shape, np.float32)
    return Clutter(exposed(light, weather, noise), frozenset(filter(None, texts)))


def built(street: Light, chance: np.random.Generator) -> None:
    """Facades, fences and banners into a street; none of them says a name."""
    for make in (_windows, _windows, _letters, _letters, _checkers):
        _stick(street, make(chance, 0)[0] * np.float32(0.7), chance)


def _stick(light: Light, piece: Light, chance: np.random.Generator) -> None:
    """Put a piece somewhere, turned and seen at an angle."""
    height, width = piece.shape
    size = light.shape[:2]
    side = chance.uniform(0.08, 0.8) * size[0]
    box = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * np.array([width, height]) / max(width, height) * side / 2
    turn = chance.normal(0, 0.35) + (np.pi / 2) * chance.integers(4) * (chance.random() < 0.3)
    turned = box @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    quad = turned + chance.uniform(-0.08, 0.08, (4, 2)) * side + chance.uniform(0, 1, 2) * size[::-1]
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32) - np.float32(0.5)
    small = cv2.resize(piece, None, fx=(by := min(1.0, 1.5 * side / max(width, height))), fy=by, interpolation=3)
    source *= np.array(small.shape[::-1], np.float32) / (width, height)
    warp = cv2.getPerspectiveTransform(source.astype(np.float32), quad.astype(np.float32))
    laid = cv2.warpPerspective(small, warp, size[::-1], borderValue=-1.0, flags=cv2.INTER_LINEAR)
    np.copyto(light, laid, where=laid >= 0)


def _smeared(light: Light, chance: np.random.Generator) -> Light:
    """Moved during the exposure."""
    length = int(chance.integers(2, 14))
    kernel = np.full((1, length), 1 / length, np.float32)
    if chance.random() < 0.6:
        kernel = kernel.T
    return np.asarray(cv2.filter2D(light, -1, kernel), np.float32)


def _windows(chance: np.random.Generator, run: int) -> Piece:
    """A facade, or a fence."""
    rows, columns = chance.integers(3, 16, 2)
    glass = chance.uniform(0.02, 0.5, (rows, columns)).astype(np.float32)
    wall = np.full((rows * 12, columns * 12), chance.uniform(0.2, 0.8), np.float32)
    thick = int(chance.integers(1, 5))
    for row in range(rows):
        for column in range(columns):
            wall[row * 12 + thick : row * 12 + 12, column * 12 + thick : column * 12 + 12] = glass[row, column]
    return wall, ""


def _checkers(chance: np.random.Generator, run: int) -> Piece:
    """Dark and white squares: even, or by chance."""
    rows, columns = chance.integers(4, 14, 2)
    even = np.add.outer(np.arange(rows), np.arange(columns)) % 2
    dark = even if chance.random() < 0.5 else chance.integers(0, 2, (rows, columns))
    return _on_paper(dark.astype(bool), chance), ""


def _letters(chance: np.random.Generator, run: int) -> Piece:
    """A banner or a poster."""
    letters = np.zeros((220, 520), np.uint8)
    for line in range(int(chance.integers(1, 5))):
        text = "".join(chance.choice(list(LETTERS), int(chance.integers(3, 12))))
        at = (int(chance.integers(0, 60)), 50 + line * 50)
        cv2.putText(letters, text, at, cv2.FONT_HERSHEY_DUPLEX, 1.6, 255, int(chance.integers(1, 7)))
    ground, ink = chance.permutation([0.08, 0.8])
    return np.asarray(ground + (ink - ground) / 255 * letters.astype(np.float32), np.float32), ""


def _stranger_code(chance: np.random.Generator, run: int) -> Piece:
    """Somebody else's QR: an address, a ticket, a code of ours that belongs to another race."""
    kind = chance.random()
    if kind < 0.4:
        text = Field.of(OTHER_RACE).text(int(chance.integers(2_500)))
        return _on_paper(np.array(modules(text)), chance, 4), text
    letters = "".join(chance.choice(list("abcdefghijklmnopqrstuvwxyz0123456789/.-"), int(chance.integers(4, 60))))
    text = "https://example.test/" + letters if kind < 0.8 else letters
    return _on_paper(np.array(note_modules(text)), chance, 4), text


def _stranger_mark(chance: np.random.Generator, run: int) -> Piece:
    """A square with a dark border: a mark of another race, or eight by eight cells that are in no book."""
    if chance.random() < 0.6:
        words = _strangers(run)
        dark = np.array(dark_modules(words[int(chance.integers(len(words)))]))
    else:
        dark = np.pad(chance.random((SIDE, SIDE)) < chance.uniform(0.2, 0.8), 1, constant_values=True)
    return _on_paper(dark, chance, int(chance.integers(0, 3))), ""


def _stranger_bib(chance: np.random.Generator, run: int) -> Piece:
    """A bib of another race."""
    bibs = _other_bibs(run)
    return bibs[int(chance.integers(len(bibs)))]


def _on_paper(
    dark: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], chance: np.random.Generator, white: int = 1
) -> Light:
    """Cells drawn in ink on paper, with so many cells of white around."""
    cells = np.pad(np.asarray(dark, bool), white)
    grey = np.where(cells, INK + chance.uniform(0, 0.1), PAPER - chance.uniform(0, 0.2)).astype(np.float32)
    return np.kron(grey, np.ones((12, 12), np.float32))


@cache
def _strangers(run: int) -> Sequence[str]:
    """Marks of the book that this run's race did not draw."""
    drawn = set(Field.of(run).marks)
    return [mark for mark in mark_book()[:20_000] if mark not in drawn]


@cache
def _other_bibs(run: int) -> list[Piece]:
    """Those whose mark nobody bears in this run: of two races one mark in four is the same, and then it is truly there."""
    drawn, field = set(Field.of(run).marks), Field.of(OTHER_RACE)
    others = [at for at, mark in enumerate(field.marks) if mark not in drawn][:OTHER_BIBS]
    return [(worn.page, worn.text) for worn in field.wear(others)]


PIECES: Final[tuple[Callable[[np.random.Generator, int], Piece], ...]] = (
    _windows, _checkers, _letters, _stranger_code, _stranger_mark, _stranger_bib,
)  # fmt: skip
SHARES: Final = (0.2, 0.15, 0.15, 0.2, 0.15, 0.15)
