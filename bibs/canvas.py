"""The one file that knows ReportLab: millimetres from the top left, fitted text, CMYK, the same bytes for the same input."""

from functools import cache
from pathlib import Path

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas as ReportLabCanvas

from bibs.fonts import find_family
from bibs.layout import Box
from bibs.symbol import modules, rectangles

rl_config.useA85 = 0  # plain binary streams are smaller and nearly twice as fast to write

POINTS_PER_MM = 72 / 25.4
REGULAR, BOLD, HEAVY = "marathon-regular", "marathon-bold", "marathon-heavy"
CAP_HEIGHT = 0.77  # of the font size: height of digits and capitals, measured on the Nanum faces
CAP_BELOW = 0.06  # the part of it that reaches below the baseline
HANGUL_HEIGHT = 0.92  # of the font size: a syllable with its white
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

    def __init__(self, path: Path, width: float, height: float, title: str) -> None:
        register_fonts()
        self._height = height
        size = width * POINTS_PER_MM, height * POINTS_PER_MM
        self._pdf = ReportLabCanvas(str(path), pagesize=size, invariant=1, initialFontName=REGULAR)
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

    def fitting_size(self, box: Box, text: str, font: str, cap: float = HANGUL_HEIGHT) -> float:
        """The largest font size, in points, at which the line fits the box."""
        tall = box.height * POINTS_PER_MM / cap
        wide = box.width * POINTS_PER_MM / max(pdfmetrics.stringWidth(text, font, 1), 1e-6)
        return float(min(tall, wide))

    def qr(self, box: Box, text: str) -> None:
        """The symbol of a text as one vector path filling the box; its quiet zone is the caller's white."""
        rows = modules(text)
        x, y, width, height = self._placed(box)
        module = width / len(rows)
        path = self._pdf.beginPath()
        for dark in rectangles(rows):
            top = y + height - dark.y * module
            path.rect(x + dark.x * module, top - dark.height * module, dark.width * module, dark.height * module)
        self._pdf.setFillColorCMYK(*BLACK)
        self._pdf.drawPath(path, stroke=0, fill=1)

    def next_page(self) -> None:
        self._pdf.showPage()

    def save(self) -> None:
        self._pdf.save()

    def _placed(self, box: Box) -> tuple[float, float, float, float]:
        """A box in points, the way PDF counts: from the bottom left."""
        bottom = self._height - box.y - box.height
        return box.x * POINTS_PER_MM, bottom * POINTS_PER_MM, box.width * POINTS_PER_MM, box.height * POINTS_PER_MM
