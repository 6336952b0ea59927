"""The one file that knows ReportLab: millimetres from the top left, fitted text, CMYK, the same bytes for the same input."""

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import BinaryIO

from reportlab import rl_config
from reportlab.graphics import renderPDF
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas as ReportLabCanvas

from bibs.design.logo import Logo
from bibs.design.outline import Rows, dots, outline
from bibs.design.qr_style import PLAIN_LOOK, QrStyle
from bibs.design.symbol import note_modules, rectangles
from bibs.drawing.fonts import find_family
from bibs.drawing.layout import Area, widened
from timing.race.marks import Mark, dark_modules

rl_config.useA85 = 0  # plain binary streams are smaller and nearly twice as fast to write

POINTS_PER_MM = 72 / 25.4
REGULAR, BOLD, HEAVY = "marathon-regular", "marathon-bold", "marathon-heavy"
CAP_HEIGHT = 0.77  # of the font size: height of digits and capitals, measured on the Nanum faces
CAP_BELOW = 0.06  # the part of it that reaches below the baseline
NARROWEST = 0.85  # of a digit's own width
HANGUL_HEIGHT = 0.92  # of the font size: a syllable with its white
LINE_OF_TWO = 0.47  # of the height: so much a line of two takes, the rest parts them
TWO_PAY = 1.1  # two lines must be so much larger than one
LOGO_MARGIN = 0.06  # of the height of the logo's place, on each side
SHORTEST = 0.01  # of a module; some machines draw nothing for a line of no length
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


def missing_glyphs(text: str) -> set[str]:
    """The characters that the fonts cannot draw."""
    register_fonts()
    glyphs = pdfmetrics.getFont(BOLD).face.charToGlyph
    return {character for character in text if ord(character) not in glyphs and not character.isspace()}


def halves(text: str) -> tuple[str, str]:
    """A text in two lines of about the same length, cut at a space where there is one near the middle.

    >>> halves("가산 정밀 소프트웨어 테크놀로지"), halves("가나다라마바사")
    (('가산 정밀 소프트웨어', '테크놀로지'), ('가나다라', '마바사'))
    """
    middle = len(text) / 2
    spaces = [at for at, character in enumerate(text) if character == " "]
    near = min(spaces, key=lambda at: abs(at - middle), default=None)
    if near is not None and abs(near - middle) <= len(text) / 5:
        return text[:near], text[near + 1 :]
    cut = -(-len(text) // 2)
    return text[:cut], text[cut:]


class Canvas:
    """A PDF being drawn, page by page."""

    def __init__(
        self, file: Path | BinaryIO, width: float, height: float, title: str, trim: Area | None = None, bleed: float = 0
    ) -> None:
        """`trim` is what remains after the cut, `bleed` how far the ink reaches beyond it: both for a print shop's decoders."""
        register_fonts()
        self._width, self._height = width, height
        self._origin = 0.0, 0.0
        self._stamped: dict[str, tuple[float, float]] = {}
        self.substituted: list[str] = []
        """The texts with characters that the fonts could not draw."""
        size = width * POINTS_PER_MM, height * POINTS_PER_MM
        target = str(file) if isinstance(file, Path) else file
        boxes = {"trimBox": self._corners(trim), "bleedBox": self._corners(widened(trim, bleed))} if trim else {}
        self._pdf = ReportLabCanvas(target, pagesize=size, invariant=1, initialFontName=REGULAR, **boxes)
        self._pdf.setTitle(title)
        self._pdf.setCreator("marathon")

    def stand_at(self, x: float, y: float) -> None:
        """From now on boxes count from this place of the page, in millimetres."""
        self._origin = x, y

    def stamp(self, name: str, draw: Callable[[], None]) -> None:
        """Draw what many bibs share: it is stored in the file once, and repeated wherever the boxes count from."""
        if name not in self._stamped:
            self._pdf.beginForm(name, 0, 0, self._width * POINTS_PER_MM, self._height * POINTS_PER_MM)
            draw()
            self._pdf.endForm()
            self._stamped[name] = self._origin
        right, down = (now - then for now, then in zip(self._origin, self._stamped[name], strict=True))
        if not (right or down):
            self._pdf.doForm(name)
            return
        self._pdf.saveState()
        self._pdf.translate(right * POINTS_PER_MM, -down * POINTS_PER_MM)
        self._pdf.doForm(name)
        self._pdf.restoreState()

    def fill(self, box: Area, ink: Ink) -> None:
        self._pdf.setFillColorCMYK(*ink)
        self._pdf.rect(*self._placed(box), stroke=0, fill=1)

    def line(self, x: float, y: float, width: float, ink: Ink = PALE) -> None:
        self.fill(Area(x, y, width, 0.2), ink)

    def hair(self, x1: float, y1: float, x2: float, y2: float, dashed: bool = False) -> None:
        """A line of a quarter point where to cut."""
        self._pdf.setStrokeColorCMYK(*(GREY if dashed else BLACK))
        self._pdf.setLineWidth(0.25)
        self._pdf.setDash([3, 3] if dashed else [])
        (left, top, _, _), (right, bottom, _, _) = self._placed(Area(x1, y1, 0, 0)), self._placed(Area(x2, y2, 0, 0))
        self._pdf.line(left, top, right, bottom)
        self._pdf.setDash([])

    def ring(self, x: float, y: float, radius: float) -> None:
        """A hole to pin the bib through."""
        self._pdf.setFillColorCMYK(*WHITE)
        self._pdf.setStrokeColorCMYK(*PALE)
        self._pdf.setLineWidth(0.4)
        left, bottom, _, _ = self._placed(Area(x, y, 0, 0))
        self._pdf.circle(left, bottom, radius * POINTS_PER_MM, stroke=1, fill=1)

    def square(self, box: Area) -> None:
        """An empty box to tick."""
        self._pdf.setStrokeColorCMYK(*GREY)
        self._pdf.setLineWidth(0.6)
        self._pdf.rect(*self._placed(box), stroke=1, fill=0)

    def text(
        self,
        box: Area,
        text: str,
        font: str = REGULAR,
        ink: Ink = BLACK,
        align: str = "left",
        cap: float = HANGUL_HEIGHT,
    ) -> None:
        """Draw one line as large as the box allows; `cap` is the share of the font size that must fit the box's height."""
        if not text:
            return
        if missing_glyphs(text):
            self.substituted.append(text)
        size = self.fitting_size(box, text, font, cap)
        x, y, width, height = self._placed(box)
        baseline = y + (height - size * CAP_HEIGHT) / 2 + size * CAP_BELOW
        slack = width - pdfmetrics.stringWidth(text, font, size)
        self._pdf.setFillColorCMYK(*ink)
        self._pdf.setFont(font, size)
        self._pdf.drawString(x + {"left": 0.0, "center": slack / 2, "right": slack}[align], baseline, text)

    def lines(self, box: Area, text: str, font: str = REGULAR, ink: Ink = BLACK, align: str = "left") -> None:
        """As `text`, in two lines where that makes a long text larger."""
        half = Area(box.x, box.y, box.width, box.height * LINE_OF_TWO)
        parts = halves(text)
        if min(self.fitting_size(half, part, font) for part in parts) <= self.fitting_size(box, text, font) * TWO_PAY:
            self.text(box, text, font, ink, align)
            return
        self.text(half, parts[0], font, ink, align)
        self.text(half.moved(0, box.height - half.height), parts[1], font, ink, align)

    def number(self, box: Area, text: str) -> None:
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

    def fitting_size(self, box: Area, text: str, font: str, cap: float = HANGUL_HEIGHT) -> float:
        """The largest font size, in points, at which the line fits the box."""
        tall = box.height * POINTS_PER_MM / cap
        wide = box.width * POINTS_PER_MM / max(pdfmetrics.stringWidth(text, font, 1), 1e-6)
        return float(min(tall, wide))

    def width_of(self, box: Area, text: str, font: str, cap: float = HANGUL_HEIGHT) -> float:
        """How much of a box's width the line takes, in millimetres."""
        size = self.fitting_size(box, text, font, cap)
        return float(pdfmetrics.stringWidth(text, font, size)) / POINTS_PER_MM

    def qr(self, box: Area, text: str, look: QrStyle = PLAIN_LOOK) -> None:
        """The symbol of a bib's text as one vector path filling the box; its quiet zone is the caller's white."""
        if look.design.plain:
            self._symbol(box, look.modules(text))
        else:
            self._designed(box, look.modules(text), look)

    def logo(self, box: Area, logo: Logo) -> float:
        """A firm's logo on white at the box's left end; gives how wide it became, in millimetres, at most as wide as the box."""
        margin = 2 * LOGO_MARGIN * box.height
        wide = min(box.width, (box.height - margin) * logo.shape + margin)
        x, y, width, height = self._placed(Area(box.x, box.y, wide, box.height))
        self._logo(x, y, width, height, logo)
        return wide

    def mark(self, box: Area, mark: Mark) -> None:
        """A bib's mark as one vector path filling the box, its dark border included; the white around is the caller's."""
        self._symbol(box, dark_modules(mark))

    def note_qr(self, box: Area, text: str) -> None:
        """The same of a text in any letters."""
        self._symbol(box, note_modules(text))

    def _symbol(self, box: Area, rows: list[list[bool]]) -> None:
        """Rectangles in whole modules from the top left: short numbers, written as they are, make small files quickly."""
        x, y, width, height = self._placed(box)
        module = width / len(rows)
        dark = " ".join([f"{one.x} {one.y} {one.width} {one.height} re" for one in rectangles(rows)])
        self._pdf.addLiteral(f"q {module:.5f} 0 0 {-module:.5f} {x:.3f} {y + height:.3f} cm 0 0 0 1 k {dark} f Q")

    def _designed(self, box: Area, rows: Rows, look: QrStyle) -> None:
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
        if look.design.shape == "circle":
            self._dots(dots(rows), look.ink)
        self._pdf.restoreState()
        if look.inner_logo:
            hole = look.hole(side) * module
            self._logo(x + (width - hole) / 2, y + (height - hole) / 2, hole, hole, look.inner_logo)

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

    def _logo(self, x: float, y: float, width: float, height: float, logo: Logo) -> None:
        """A firm's logo on white, stored in the file once; the place is a rectangle in points from the bottom left."""
        self._pdf.setFillColorCMYK(*WHITE)
        self._pdf.rect(x, y, width, height, stroke=0, fill=1)
        margin = LOGO_MARGIN * height
        x, y, width, height = x + margin, y + margin, width - 2 * margin, height - 2 * margin
        if logo.picture:
            self._pdf.drawImage(ImageReader(logo.picture), x, y, width, height, preserveAspectRatio=True)
            return
        self._pdf.saveState()
        wide, high = logo.drawing.width, logo.drawing.height
        share = min(width / wide, height / high)
        self._pdf.translate(x + (width - wide * share) / 2, y + (height - high * share) / 2)
        self._pdf.scale(share, share)
        form = f"logo-{logo.sha256[:16]}"  # a reprint may hold several firms' bibs
        if not self._pdf.hasForm(form):
            self._pdf.beginForm(form, 0, 0, wide, high)
            renderPDF.draw(logo.drawing, self._pdf, 0, 0)
            self._pdf.endForm()
        self._pdf.doForm(form)
        self._pdf.restoreState()

    def next_page(self) -> None:
        self._pdf.showPage()

    def save(self) -> None:
        self._pdf.save()

    def _placed(self, box: Area) -> tuple[float, float, float, float]:
        """A box in points, the way PDF counts: from the bottom left."""
        right, down = self._origin
        bottom = self._height - down - box.y - box.height
        return (
            (box.x + right) * POINTS_PER_MM,
            bottom * POINTS_PER_MM,
            box.width * POINTS_PER_MM,
            box.height * POINTS_PER_MM,
        )

    def _corners(self, box: Area) -> tuple[float, float, float, float]:
        """A box of the page as PDF names it: left, bottom, right, top, in points."""
        x, y, width, height = self._placed(box)
        return x, y, x + width, y + height
