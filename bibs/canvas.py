"""The one file that knows ReportLab: millimetres from the top left, fitted text, CMYK, the same bytes for the same input."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import BinaryIO

from reportlab import rl_config
from reportlab.graphics import renderPDF
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas as ReportLabCanvas

from bibs.design_logo import Logo
from bibs.design_look import PLAIN_LOOK, Look
from bibs.design_shapes import Rows, dots, outline
from bibs.fonts import find_family
from bibs.layout import Box
from bibs.symbol import note_modules, rectangles
from timing.marks import Mark, dark_modules

rl_config.useA85 = 0  # plain binary streams are smaller and nearly twice as fast to write

POINTS_PER_MM = 72 / 25.4
REGULAR, BOLD, HEAVY = "marathon-regular", "marathon-bold", "marathon-heavy"
CAP_HEIGHT = 0.77  # of the font size: height of digits and capitals, measured on the Nanum faces
CAP_BELOW = 0.06  # the part of it that reaches below the baseline
NARROWEST = 0.85  # of a digit's own width
HANGUL_HEIGHT = 0.92  # of the font size: a syllable with its white
LOGO_MARGIN = 0.06  # of the logo's square, on each side
SHORTEST = 0.01  # of a module; some machines draw nothing for a line of no length
LOGO = "logo"  # a file holds one firm's bibs, so one logo
Ink = tuple[float, float, float, float]
BLACK: Ink = (0, 0, 0, 1)
WHITE: Ink = (0, 0, 0, 0)
GREY: Ink = (0, 0, 0, 0.6)
PALE: Ink = (0, 0, 0, 0.25)


@cache
def register_fonts() -> None:
    """Make the family known to the PDF library, once per process."""
    family = find_family()
    for name, file in ((REGULAR, family.regular), (BOLD, family.bold), (HEAVY, family.heavy)):
        pdfmetrics.registerFont(TTFont(name, str(file)))


def lacking(text: str) -> set[str]:
    """The characters that the fonts cannot draw."""
    register_fonts()
    glyphs = pdfmetrics.getFont(BOLD).face.charToGlyph
    return {character for character in text if ord(character) not in glyphs and not character.isspace()}


class Canvas:
    """A PDF being drawn, page by page."""

    def __init__(self, file: Path | BinaryIO, width: float, height: float, title: str) -> None:
        register_fonts()
        self._height = height
        size = width * POINTS_PER_MM, height * POINTS_PER_MM
        target = str(file) if isinstance(file, Path) else file
        self._pdf = ReportLabCanvas(target, pagesize=size, invariant=1, initialFontName=REGULAR)
        self._pdf.setTitle(title)
        self._pdf.setCreator("marathon")

    def fill(self, box: Box, ink: Ink) -> None:
        self._pdf.setFillColorCMYK(*ink)
        self._pdf.rect(*self._placed(box), stroke=0, fill=1)

    def line(self, x: float, y: float, width: float, ink: Ink = PALE) -> None:
        self.fill(Box(x, y, width, 0.2), ink)

    def ring(self, x: float, y: float, radius: float) -> None:
        """A hole to pin the bib through."""
        self._pdf.setFillColorCMYK(*WHITE)
        self._pdf.setStrokeColorCMYK(*PALE)
        self._pdf.setLineWidth(0.4)
        left, bottom = x * POINTS_PER_MM, (self._height - y) * POINTS_PER_MM
        self._pdf.circle(left, bottom, radius * POINTS_PER_MM, stroke=1, fill=1)

    def square(self, box: Box) -> None:
        """An empty box to tick."""
        self._pdf.setStrokeColorCMYK(*GREY)
        self._pdf.setLineWidth(0.6)
        self._pdf.rect(*self._placed(box), stroke=1, fill=0)

    def text(
        self,
        box: Box,
        text: str,
        font: str = REGULAR,
        ink: Ink = BLACK,
        align: str = "left",
        cap: float = HANGUL_HEIGHT,
    ) -> None:
        """Draw one line as large as the box allows; `cap` is the share of the font size that must fit the box's height."""
        if not text:
            return
        size = self.fitting_size(box, text, font, cap)
        x, y, width, height = self._placed(box)
        baseline = y + (height - size * CAP_HEIGHT) / 2 + size * CAP_BELOW
        slack = width - pdfmetrics.stringWidth(text, font, size)
        self._pdf.setFillColorCMYK(*ink)
        self._pdf.setFont(font, size)
        self._pdf.drawString(x + {"left": 0.0, "center": slack / 2, "right": slack}[align], baseline, text)

    def number(self, box: Box, text: str) -> None:
        """Digits as tall as the box, in its middle; many of them are set narrower rather than smaller, within reason."""
        size = box.height * POINTS_PER_MM / CAP_HEIGHT
        natural = pdfmetrics.stringWidth(text, HEAVY, size)
        share = min(1.0, box.width * POINTS_PER_MM / natural)
        if share < NARROWEST:
            size *= share / NARROWEST
            share = NARROWEST
        x, y, width, height = self._placed(box)
        line = self._pdf.beginText()
        line.setTextOrigin(
            x + (width - pdfmetrics.stringWidth(text, HEAVY, size) * share) / 2,
            y + (height - size * CAP_HEIGHT) / 2 + size * CAP_BELOW,
        )
        line.setFont(HEAVY, size)
        line.setHorizScale(100 * share)
        line.textOut(text)
        self._pdf.setFillColorCMYK(*BLACK)
        self._pdf.drawText(line)

    def fitting_size(self, box: Box, text: str, font: str, cap: float = HANGUL_HEIGHT) -> float:
        """The largest font size, in points, at which the line fits the box."""
        tall = box.height * POINTS_PER_MM / cap
        wide = box.width * POINTS_PER_MM / max(pdfmetrics.stringWidth(text, font, 1), 1e-6)
        return float(min(tall, wide))

    def width_of(self, box: Box, text: str, font: str, cap: float = HANGUL_HEIGHT) -> float:
        """How much of a box's width the line takes, in millimetres."""
        size = self.fitting_size(box, text, font, cap)
        return float(pdfmetrics.stringWidth(text, font, size)) / POINTS_PER_MM

    def qr(self, box: Box, text: str, look: Look = PLAIN_LOOK) -> None:
        """The symbol of a bib's text as one vector path filling the box; its quiet zone is the caller's white."""
        if look.design.plain:
            self._symbol(box, look.modules(text))
        else:
            self._designed(box, look.modules(text), look)

    def mark(self, box: Box, mark: Mark) -> None:
        """A bib's mark as one vector path filling the box, its dark border included; the white around is the caller's."""
        self._symbol(box, dark_modules(mark))

    def note_qr(self, box: Box, text: str) -> None:
        """The same of a text in any letters."""
        self._symbol(box, note_modules(text))

    def _symbol(self, box: Box, rows: list[list[bool]]) -> None:
        x, y, width, height = self._placed(box)
        module = width / len(rows)
        path = self._pdf.beginPath()
        for dark in rectangles(rows):
            top = y + height - dark.y * module
            path.rect(x + dark.x * module, top - dark.height * module, dark.width * module, dark.height * module)
        self._pdf.setFillColorCMYK(*BLACK)
        self._pdf.drawPath(path, stroke=0, fill=1)

    def _designed(self, box: Box, rows: Rows, look: Look) -> None:
        """A firm's own symbol: drawn in modules from its top left, which keeps the numbers of its curves short."""
        x, y, width, height = self._placed(box)
        side, module = len(rows), width / len(rows)
        self._pdf.saveState()
        self._pdf.transform(module, 0, 0, -module, x, y + height)
        if look.ground:
            self._pdf.setFillColorCMYK(*look.ground)
            self._pdf.rect(0, 0, side, side, stroke=0, fill=1)
        path = self._pdf.beginPath()
        draw = {"move": path.moveTo, "line": path.lineTo, "curve": path.curveTo, "close": path.close}
        for step, numbers in outline(rows, look.design.shape):
            draw[step](*numbers)
        self._pdf.setFillColorCMYK(*look.ink)
        self._pdf.drawPath(path, stroke=0, fill=1)
        self._dots(dots(rows, look.design.shape), look.ink)
        self._pdf.restoreState()
        if look.logo:
            hole = look.hole(side) * module
            self._logo(x + (width - hole) / 2, y + (height - hole) / 2, hole, look.logo)

    def _dots(self, middles: Iterable[tuple[float, float]], ink: Ink) -> None:
        """Dots of one unit as round ends of lines too short to see: a sixth of the bytes of circles."""
        path = self._pdf.beginPath()
        for x, y in middles:
            path.moveTo(x, y)
            path.lineTo(x + SHORTEST, y)
        self._pdf.setStrokeColorCMYK(*ink)
        self._pdf.setLineCap(1)
        self._pdf.setLineWidth(1)
        self._pdf.drawPath(path, stroke=1, fill=0)

    def _logo(self, x: float, y: float, side: float, logo: Logo) -> None:
        """A firm's logo on white, stored in the file once; the place is a square in points from the bottom left."""
        self._pdf.setFillColorCMYK(*WHITE)
        self._pdf.rect(x, y, side, side, stroke=0, fill=1)
        inner = side * (1 - 2 * LOGO_MARGIN)
        x, y = x + (side - inner) / 2, y + (side - inner) / 2
        if logo.picture:
            self._pdf.drawImage(ImageReader(logo.picture), x, y, inner, inner, preserveAspectRatio=True)
            return
        self._pdf.saveState()
        wide, high = logo.drawing.width, logo.drawing.height
        share = inner / max(wide, high)
        self._pdf.translate(x + (inner - wide * share) / 2, y + (inner - high * share) / 2)
        self._pdf.scale(share, share)
        if not self._pdf.hasForm(LOGO):
            self._pdf.beginForm(LOGO, 0, 0, wide, high)
            renderPDF.draw(logo.drawing, self._pdf, 0, 0)
            self._pdf.endForm()
        self._pdf.doForm(LOGO)
        self._pdf.restoreState()

    def next_page(self) -> None:
        self._pdf.showPage()

    def save(self) -> None:
        self._pdf.save()

    def _placed(self, box: Box) -> tuple[float, float, float, float]:
        """A box in points, the way PDF counts: from the bottom left."""
        bottom = self._height - box.y - box.height
        return box.x * POINTS_PER_MM, bottom * POINTS_PER_MM, box.width * POINTS_PER_MM, box.height * POINTS_PER_MM
