"""How bibs stand on the sheets of a file: alone at their size, with bleed for a print shop, or on the office's A4. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, get_args

from bibs.drawing.layout import Area, BibLayout
from timing.errors import WrongUse
from timing.language import _

Output = Literal["plain", "shop", "office"]
OUTPUTS: Final = get_args(Output)
A4: Final = (210.0, 297.0)
BLEED_MM: Final = 3.0
SLUG_MM: Final = 7.0
"""Outside the bleed, for cut marks and the line that tells what the page is."""

MARK_OFF_MM: Final = 4.0
"""From the trim to where a cut mark begins: it never stands in the bleed."""

MARK_LONG_MM: Final = 5.0
LEAST_MARK_MM: Final = 1.0


class CutMark(NamedTuple):
    """A cut mark, in millimetres from the sheet's top left."""

    x1: float
    y1: float
    x2: float
    y2: float


class Spot(NamedTuple):
    """Where one bib is printed: the page (from 0) and the place of its top left corner."""

    page: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class PrintSheet:
    """A page of a file: its size, and the places of the bibs' top left corners."""

    output: Output
    width: float
    height: float
    places: tuple[tuple[float, float], ...]
    bleed: float = 0.0
    marks: bool = False

    def pages(self, bibs: int) -> list[list[int | None]]:
        """Which bib (from 0) stands on which place of each page: after the cuts the piles lie on each other in order."""
        count = -(-bibs // len(self.places))
        piles = [[at + pile * count for pile in range(len(self.places))] for at in range(count)]
        return [[at if at < bibs else None for at in page] for page in piles]

    def spots(self, bibs: int) -> list[Spot]:
        """Where each bib is printed, in the bibs' order."""
        found = {
            at: Spot(page, *place)
            for page, order in enumerate(self.pages(bibs))
            for at, place in zip(order, self.places, strict=True)
            if at is not None
        }
        return [found[at] for at in range(bibs)]

    def trims(self, layout: BibLayout) -> list[Area]:
        """The bibs' outlines on the sheet."""
        return [layout.page.moved(x, y) for x, y in self.places]

    @property
    def suffix(self) -> str:
        """What the file's name tells of the output."""
        return {"plain": "", "shop": "-shop", "office": "-A4"}[self.output]


def sheet_for(layout: BibLayout, output: Output = "plain", marks: bool = False) -> PrintSheet:
    """The sheet on which bibs of this layout are printed; `marks` asks for a print shop's cut marks and slug line.

    Raises:
        WrongUse: a bib does not fit on A4, or marks are asked for where they have no place.
    """
    if marks and output != "shop":
        raise WrongUse(_("--marks goes with --output shop only"))
    if output == "shop":
        margin = BLEED_MM + (SLUG_MM if marks else 0)
        places = ((margin, margin),)
        return PrintSheet(output, layout.width + 2 * margin, layout.height + 2 * margin, places, BLEED_MM, marks)
    if output == "office":
        return _office(layout)
    return PrintSheet(output, layout.width, layout.height, ((0.0, 0.0),))


def _office(layout: BibLayout) -> PrintSheet:
    """A4 upright or across, whichever holds more bibs; they stand in the middle, edge to edge, so that one cut parts two."""
    found = []
    for width, height in (A4[::-1], A4):
        across, down = int((width + 0.01) // layout.width), int((height + 0.01) // layout.height)
        left, top = (width - across * layout.width) / 2, (height - down * layout.height) / 2
        places = tuple((left + layout.width * x, top + layout.height * y) for y in range(down) for x in range(across))
        found.append(PrintSheet("office", width, height, places, marks=True))
    best = max(found, key=lambda sheet: len(sheet.places))
    if not best.places:
        raise WrongUse(
            _(
                "a bib of {width:g}x{height:g} mm does not fit on A4; use --output shop or plain",
                width=layout.width,
                height=layout.height,
            ),
        )
    return best


def cut_marks(sheet: PrintSheet, layout: BibLayout) -> Iterator[CutMark]:
    """Short lines in the margin where to cut, none where there is no margin or inside a bib."""
    if not sheet.marks:
        return
    trims = sheet.trims(layout)
    left, right = min(trim.x for trim in trims), max(trim.right for trim in trims)
    top, bottom = min(trim.y for trim in trims), max(trim.bottom for trim in trims)
    off = MARK_OFF_MM if sheet.bleed else LEAST_MARK_MM
    for y in sorted({edge for trim in trims for edge in (trim.y, trim.bottom)}):
        yield from (CutMark(near, y, far, y) for near, far in _arms(left - off, right + off, sheet.width))
    for x in sorted({edge for trim in trims for edge in (trim.x, trim.right)}):
        yield from (CutMark(x, near, x, far) for near, far in _arms(top - off, bottom + off, sheet.height))


def _arms(before: float, after: float, end: float) -> Iterator[tuple[float, float]]:
    """The marks on both sides of what is cut, as far as the sheet has room for them."""
    if before >= LEAST_MARK_MM:
        yield max(0.0, before - MARK_LONG_MM), before
    if end - after >= LEAST_MARK_MM:
        yield after, min(end, after + MARK_LONG_MM)


def folds(sheet: PrintSheet, layout: BibLayout) -> Iterator[CutMark]:
    """The cuts between two bibs, drawn all across: the office's scissors follow them."""
    trims = sheet.trims(layout)
    for one in trims:
        if any(abs(other.y - one.bottom) < 0.01 and other.x == one.x for other in trims):
            yield CutMark(one.x, one.bottom, one.right, one.bottom)
        if any(abs(other.x - one.right) < 0.01 and other.y == one.y for other in trims):
            yield CutMark(one.right, one.y, one.right, one.bottom)
