"""The bibs that the runners wear: drawn by the very code that prints them, rendered from the PDF, as reflectance."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import cv2
import msgspec
import numpy as np

from benchmarks.frames.conditions import Light
from bibs.design.symbol import modules
from bibs.drawing.layout import DEFAULT_LAYOUT, Area, BibLayout, layout_named
from bibs.drawing.layout_checks import checked
from bibs.drawing.pdf_pages import open_pages
from bibs.drawing.sheet import BibFace, FirmPacket, RaceHeader, draw_bibs
from timing.race.chance import Bits
from timing.race.codes import Code, bib_url, new_code
from timing.race.marks import SIDE, Mark, draw_marks

RACE: Final = RaceHeader("G밸리 모의 마라톤", "GV.TEST", 4_500)
FIRM: Final = "가산정밀"
FIELD: Final = 2_500
DOTS_PER_MM: Final = 2.5
DRAWN_FINER: Final = 4
INK, PAPER = 0.04, 0.85

ONE_MARK: Final = layout_named("240x200-one-mark", Path())
"""A code of 9 cm and one mark of 8 cm: the bib of the tables of passes, frames and crowds."""

LARGE: Final = msgspec.structs.replace(
    ONE_MARK,
    title="QR 120 mm, 표식 80 mm / QR of 120 mm, mark of 80 mm",
    width=264,
    height=240,
    band=Area(0, 0, 264, 11),
    event=Area(192, 1.3, 57, 4.3),
    course=Area(192, 6.2, 57, 3.5),
    number=Area(12, 14.6, 240, 50.1),
    code=Area(24, 96, 120, 120),
    mark=Area(174, 116, 80, 80),
    name=Area(174, 90, 80, 10.5),
    team=Area(174, 208, 80, 7),
    foot=None,
    invitation=None,
    host=None,
    typed=Area(174, 226, 75, 5.8),
    logo=None,
    holes=((7, 5.5), (257, 5.5)),
)
"""A bib with a code of 12 cm: too large for A4, and here to see what size alone would bring."""


@dataclass(frozen=True, slots=True)
class Worn:
    """One runner's bib: what it says, and its page as reflectance."""

    number: int
    text: str
    code: Code
    mark: Mark
    page: Light
    layout: BibLayout


@dataclass(frozen=True, slots=True)
class Field:
    """The race of a run: 2,500 bibs with codes and marks."""

    codes: tuple[Code, ...]
    marks: tuple[Mark, ...]

    @classmethod
    def of(cls, run: int) -> "Field":
        return _field(run)

    @property
    def roster(self) -> dict[str, Code]:
        """What a station knows."""
        return dict(zip(map(str, self.marks), self.codes, strict=True))

    def text(self, runner: int) -> str:
        return bib_url(RACE.host, self.codes[runner % FIELD])

    def wear(self, runners: Sequence[int], layout: BibLayout = DEFAULT_LAYOUT) -> list[Worn]:
        """The printed bibs of these runners; beyond the field the numbers begin again."""
        places = [runner % FIELD for runner in runners]
        bibs = [BibFace(at + 1, self.codes[at], "", "김하늘", "", self.marks[at]) for at in places]
        checked(layout, len(modules(self.text(0))))
        with TemporaryDirectory() as folder:
            file = Path(folder) / "bibs.pdf"
            draw_bibs(file, FirmPacket("c0001", FIRM, tuple(bibs)), RACE, layout)
            pages = [_reflectance(page.picture(DOTS_PER_MM * DRAWN_FINER)) for page in open_pages(file)]
        return [
            Worn(bib.number, self.text(at), bib.code, self.marks[at], page, layout)
            for at, bib, page in zip(places, bibs, pages, strict=True)
        ]


@cache
def _field(run: int) -> Field:
    bits = bits_of(np.random.default_rng([run, 0]))
    codes = tuple(new_code(bits) for _ in range(FIELD))
    return Field(codes, tuple(Mark(drawn.mark) for drawn in draw_marks(codes, (), bits)))


def bits_of(chance: np.random.Generator) -> Bits:
    """The same source of chance as the race draws its codes from."""
    return lambda size: int.from_bytes(chance.bytes(-(-size // 8))) >> -size % 8


@cache
def module_m(layout: BibLayout) -> float:
    """The side of a module of this layout's QR."""
    return layout.code.width / len(modules(bib_url(RACE.host, Code("0" * 11)))) / 1_000


def cell_m(layout: BibLayout) -> float:
    """The side of a cell of this layout's mark; 0 where none is printed."""
    return layout.mark.width / (SIDE + 2) / 1_000 if layout.mark else 0.0


def _reflectance(page: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> Light:
    """Drawn large and area-averaged to its size, as ink on paper."""
    size = (round(page.shape[1] / DRAWN_FINER), round(page.shape[0] / DRAWN_FINER))
    small = cv2.resize(page, size, interpolation=cv2.INTER_AREA)
    return np.asarray(INK + (PAPER - INK) / 255 * small.astype(np.float32), np.float32)
