"""Draws bibs: what a firm's bibs share is stored once in a file, and each page holds only what is its runner's own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bibs.design.qr_style import PLAIN_LOOK, QrStyle
from bibs.drawing.canvas import BLACK, BOLD, HEAVY, PALE, REGULAR, WHITE, Canvas, Ink
from bibs.drawing.imposition import BLEED_MM, SLUG_MM, PrintSheet, cut_marks, folds, sheet_for
from bibs.drawing.layout import DEFAULT_LAYOUT, HOLE_MM, Area, BibLayout
from timing.errors import RaceError
from timing.language import _
from timing.race.codes import Code, bib_url, printed
from timing.race.firms import PLAIN
from timing.race.marks import Mark

# Band colours, dark enough for white letters (contrast above 4.5); a firm keeps its own.
BAND_INKS: tuple[Ink, ...] = (
    (0.95, 0.70, 0.10, 0.25),
    (0.85, 0.20, 0.60, 0.45),
    (0.30, 0.95, 0.60, 0.35),
    (0.80, 0.85, 0.05, 0.15),
    (0.95, 0.35, 0.25, 0.40),
    (0.20, 0.90, 0.95, 0.30),
    (0.60, 0.55, 0.50, 0.55),
    (0.75, 0.90, 0.20, 0.45),
)
INVITATION: Final = "스캔하면 우리 회사를 만나요 · Scan to meet us"
SPARE_INK: Final[Ink] = (0, 0, 0, 0.75)
LOGO_GAP_MM: Final = 3.0


class NotPrintable(RaceError):
    """A name has characters that the fonts cannot draw; a box instead of a letter is never printed."""


@dataclass(frozen=True, slots=True)
class BibFace:
    """What is printed on one bib."""

    number: int
    code: Code
    entrant: str
    name: str
    team: str
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class FirmPacket:
    """A firm's packet: its id, name and bibs in order of number."""

    id: str
    name: str
    bibs: tuple[BibFace, ...]
    look: QrStyle = PLAIN_LOOK
    building: str = ""
    floor: str = ""

    @property
    def spare(self) -> bool:
        """Whether these bibs wait for somebody: a packet of nobody's."""
        return not any(bib.entrant for bib in self.bibs)

    @property
    def place(self) -> str:
        """Where the packet goes."""
        return f"{self.building} {self.floor}".strip()

    @property
    def ink(self) -> Ink:
        """The firm's own colour, or one of ours."""
        if self.look.design.colour != PLAIN.colour:
            return self.look.ink
        digits = "".join(filter(str.isdigit, self.id))
        return BAND_INKS[int(digits) % len(BAND_INKS)] if digits else SPARE_INK


@dataclass(frozen=True, slots=True)
class RaceHeader:
    """What stands on every bib of a race."""

    name: str
    host: str
    course_m: int

    @property
    def distance(self) -> str:
        return f"{self.course_m / 1000:g} km"


Progress = Callable[[int], object]
"""Is told how many more bibs are done."""


def silent(_: int) -> None:
    """No progress is shown."""


def draw_bibs(
    path: Path,
    firm: FirmPacket,
    occasion: RaceHeader,
    layout: BibLayout = DEFAULT_LAYOUT,
    sheet: PrintSheet | None = None,
    progress: Progress = silent,
) -> None:
    """Write the firm's bibs to a PDF, on such sheets (by default each alone, at its own size).

    Raises:
        NotPrintable: a text has characters that the fonts cannot draw.
    """
    draw_mixed(path, [(firm, bib) for bib in firm.bibs], firm.name, occasion, layout, sheet, progress)


def draw_mixed(
    path: Path,
    bibs: Sequence[tuple[FirmPacket, BibFace]],
    title: str,
    occasion: RaceHeader,
    layout: BibLayout = DEFAULT_LAYOUT,
    sheet: PrintSheet | None = None,
    progress: Progress = silent,
) -> None:
    """As `draw_bibs`, for bibs of any firms in one file."""
    sheet = sheet or sheet_for(layout)
    trim = sheet.trims(layout)[0] if sheet.bleed else None
    canvas = Canvas(path, sheet.width, sheet.height, f"{occasion.name}: {title}", trim, sheet.bleed)
    drawing = _Drawing(canvas, occasion, layout, sheet)
    for page in sheet.pages(len(bibs)):
        for place, at in zip(sheet.places, page, strict=True):
            if at is not None:
                canvas.stand_at(*place)
                drawing.bib(*bibs[at])
                progress(1)
        canvas.stand_at(0, 0)
        drawing.around(*bibs[next(at for at in page if at is not None)])
        canvas.next_page()
    if canvas.substituted:
        texts = ", ".join(repr(text) for text in canvas.substituted[:5])
        raise NotPrintable(_("the font lacks characters of {texts}", texts=texts))
    canvas.save()


@dataclass(frozen=True, slots=True)
class _Drawing:
    """The bibs of one file."""

    canvas: Canvas
    occasion: RaceHeader
    layout: BibLayout
    sheet: PrintSheet

    def bib(self, firm: FirmPacket, bib: BibFace) -> None:
        """A runner's bib: the firm's artwork, and on it what is the runner's own."""
        canvas, at = self.canvas, self.layout
        canvas.stamp(f"firm-{firm.id}", lambda: self._artwork(firm))
        canvas.number(at.number, str(bib.number))
        if bib.name:
            canvas.lines(at.name, bib.name, HEAVY, BLACK)
        else:
            canvas.line(at.name.x, at.name.bottom, at.name.width, PALE)  # a spare: the name is written by hand
        if at.team:
            canvas.text(at.team, bib.team, BOLD, firm.ink)
        canvas.qr(at.code, bib_url(self.occasion.host, bib.code), firm.look)
        if bib.mark:
            for box in at.marks:
                canvas.mark(box, bib.mark)
        canvas.text(at.typed, printed(bib.code), BOLD, self._letters(at.typed))

    def around(self, firm: FirmPacket, bib: BibFace) -> None:
        """What is cut away: marks where to cut, and a line that tells what the page is."""
        for line in cut_marks(self.sheet, self.layout):
            self.canvas.hair(*line)
        for line in folds(self.sheet, self.layout):
            self.canvas.hair(*line, dashed=True)
        if self.sheet.marks and self.sheet.bleed:
            slug = Area(SLUG_MM + BLEED_MM + 20, 2.2, self.layout.width - 40, 3.4)
            self.canvas.text(slug, f"{firm.id}  {firm.name}  #{bib.number}", REGULAR, BLACK)

    def _artwork(self, firm: FirmPacket) -> None:
        canvas, at, occasion = self.canvas, self.layout, self.occasion
        for ground in (at.band, at.foot):
            if ground:
                canvas.fill(self._bled(ground), firm.ink)
        company = at.company
        if at.logo and firm.look.logo:
            taken = at.logo.x + canvas.logo(at.logo, firm.look.logo) + LOGO_GAP_MM - company.x
            company = Area(company.x + taken, company.y, company.width - taken, company.height)
        canvas.lines(company, firm.name, HEAVY, self._letters(company))
        told = (
            (at.event, occasion.name, BOLD, "right"),
            (at.course, occasion.distance, BOLD, "right"),
            (at.invitation, INVITATION, BOLD, "left"),
            (at.host, occasion.host.lower(), REGULAR, "left"),
        )
        for box, text, font, align in told:
            if box:
                canvas.text(box, text, font, self._letters(box), align)
        for x, y in at.holes:
            canvas.ring(x, y, HOLE_MM)

    def _letters(self, box: Area) -> Ink:
        """White letters on the band and the foot, black ones on paper."""
        return WHITE if any(ground and ground.holds(box) for ground in (self.layout.band, self.layout.foot)) else BLACK

    def _bled(self, box: Area) -> Area:
        """A filled box that touches the trim reaches into the bleed, so that a cut a hair aside shows no paper."""
        page, out = self.layout.page, self.sheet.bleed
        left, top = (out if edge <= 0 else 0 for edge in (box.x, box.y))
        right, bottom = (
            out if edge >= end else 0 for edge, end in ((box.right, page.width), (box.bottom, page.height))
        )
        return Area(box.x - left, box.y - top, box.width + left + right, box.height + top + bottom)
