"""A made-up field of bibs to print, and the same pages as plain shapes and words for engines that know nothing of ours."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Final

from bibs.design.symbol import modules
from bibs.drawing.canvas import CAP_HEIGHT, HANGUL_HEIGHT, POINTS_PER_MM
from bibs.drawing.layout import DEFAULT_LAYOUT, Area
from bibs.drawing.sheet import INVITATION, BibFace, FirmPacket, RaceHeader
from demo.madeup import FAMILY_NAMES, GIVEN_NAMES
from timing.race.codes import Code, bib_url, new_code, printed
from timing.race.marks import Mark, dark_modules, draw_marks

OCCASION: Final = RaceHeader("제20회 G밸리 스마트 마라톤", "GV.TEST", 4_500)
PEOPLE_A_FIRM: Final = 25
Ink = tuple[float, float, float, float]
Modules = list[list[bool]]
WHITE: Final[Ink] = (0, 0, 0, 0)
BLACK: Final[Ink] = (0, 0, 0, 1)


def firms(people: int, seed: int = 1) -> list[FirmPacket]:
    """So many people in firms of twenty-five, numbered from 1001, each with a code and a mark."""
    chance = Random(seed)
    codes = [new_code(chance.getrandbits) for _ in range(people)]
    mark_of = {fact.code: Mark(fact.mark) for fact in draw_marks(codes, {}, chance.getrandbits)}
    bibs = [_bib(1_001 + at, code, mark_of[code], chance) for at, code in enumerate(codes)]
    stacks = [bibs[at : at + PEOPLE_A_FIRM] for at in range(0, people, PEOPLE_A_FIRM)]
    return [FirmPacket(f"c{at:04}", f"{at}번 가산정밀 주식회사", tuple(stack)) for at, stack in enumerate(stacks, 1)]


def _bib(number: int, code: Code, mark: Mark, chance: Random) -> BibFace:
    name = chance.choice(FAMILY_NAMES) + chance.choice(GIVEN_NAMES)
    return BibFace(number, code, f"e{number:05}", name, chance.choice(("개발팀", "생산팀", "")), mark)


def in_order(stacks: Sequence[FirmPacket]) -> list[tuple[FirmPacket, BibFace]]:
    return [(firm, bib) for firm in stacks for bib in firm.bibs]


@cache
def encoded(text: str, strong: bool = False) -> Modules:
    """A QR's modules, encoded once: what no engine is timed for."""
    return modules(text, strong)


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text: where it begins on which baseline, in millimetres from the page's top left; size in points.

    `right` says that `x` is where it ends, `middle` that it stands around it.
    """

    x: float
    y: float
    size: float
    text: str
    face: str
    ink: Ink
    align: str = "left"


@dataclass(frozen=True, slots=True)
class PlainPage:
    """A bib without our words: filled boxes, lines of text, holes, and two symbols as dark and white modules."""

    fills: list[tuple[Area, Ink]]
    words: list[Words]
    holes: tuple[tuple[float, float], ...]
    symbols: list[tuple[Area, Modules]]


def plain_pages(stacks: Sequence[FirmPacket]) -> list[PlainPage]:
    """The pages of these firms, with sizes worked out and codes encoded beforehand."""
    return [_plain(firm, bib) for firm, bib in in_order(stacks)]


def _plain(firm: FirmPacket, bib: BibFace) -> PlainPage:
    at = DEFAULT_LAYOUT
    assert at.band and at.foot and at.event and at.course and at.team and at.invitation and at.host
    assert bib.mark
    words = [
        _line(at.company, firm.name, "heavy", WHITE),
        _line(at.event, OCCASION.name, "bold", WHITE, "right"),
        _line(at.course, OCCASION.distance, "bold", WHITE, "right"),
        _line(at.invitation, INVITATION, "bold", WHITE),
        _line(at.host, OCCASION.host.lower(), "regular", WHITE),
        _line(at.number, str(bib.number), "heavy", BLACK, "center", CAP_HEIGHT),
        _line(at.name, bib.name, "heavy", BLACK),
        _line(at.team, bib.team, "bold", firm.ink),
        _line(at.typed, printed(bib.code), "bold", WHITE),
    ]
    return PlainPage(
        [(at.band, firm.ink), (at.foot, firm.ink)],
        [one for one in words if one.text],
        at.holes,
        [(at.code, encoded(bib_url(OCCASION.host, bib.code))), *((box, dark_modules(bib.mark)) for box in at.marks)],
    )


def _line(box: Area, text: str, face: str, ink: Ink, align: str = "left", cap: float = HANGUL_HEIGHT) -> Words:
    """As our canvas places it: every text of this field fits its box by height."""
    size = box.height * POINTS_PER_MM / cap
    baseline = box.y + box.height / 2 + size * (CAP_HEIGHT / 2 - 0.06) / POINTS_PER_MM
    x = box.x + box.width * {"left": 0.0, "center": 0.5, "right": 1.0}[align]
    return Words(x, baseline, size, text, face, ink, align)
