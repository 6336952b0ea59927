"""Draws certificates to hang on a wall (A4 upright) and, from the same drawing, as pictures for a phone."""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image

from bibs.drawing.canvas import (
    BLACK,
    BOLD,
    CAP_HEIGHT,
    GREY,
    HANGUL_HEIGHT,
    HEAVY,
    POINTS_PER_MM,
    REGULAR,
    WHITE,
    Canvas,
    Ink,
    halves,
)
from bibs.drawing.layout import Area, widened
from bibs.drawing.pdf_pages import Picture, open_pages, render_pages
from timing.errors import RaceError
from timing.language import LANGUAGES, _, bilingual, english_beside
from timing.printed.certificates import Certificate, Figure

WIDTH: Final = 210.0
MIDDLE: Final = WIDTH / 2
A4_HEIGHT: Final = 297.0
PHONE_HEIGHT: Final = 262.5  # four to five, as phones show pictures
PHONE_PX: Final = 1_080
ACROSS: Final = 158.0  # the widest line of text
QR: Final = 34.0  # 0.75 mm a module, 0.69 mm for the longest host
QUIET: Final = 3.4  # four modules of a usual code
QR_RIGHT: Final = 24.0  # from the page's edge
QR_BOTTOM: Final = 21.0
NAVY: Final[Ink] = (0.95, 0.72, 0.10, 0.42)
GOLD: Final[Ink] = (0.20, 0.42, 0.92, 0.22)
RED: Final[Ink] = (0.10, 0.95, 0.90, 0.08)
NEAR: Final[Ink] = (0.13, 0.06, 0.01, 0.02)
FAR: Final[Ink] = (0.07, 0.03, 0.0, 0.01)
TWO_LINES_BELOW: Final = 0.62  # of the wanted size: a longer text stands in two lines
LONGER_LINE: Final = 0.68  # of a text in two lines, at most
TOWERS: Final = (
    *((11, 19), (8, 27), (13, 15), (9, 33), (7, 24), (12, 29), (8, 13), (10, 36), (14, 22), (7, 30), (9, 17)),
    *((12, 25), (8, 34), (11, 20), (13, 28), (7, 16), (10, 31), (11, 23)),
)
"""The digital complex from afar: widths and heights in millimetres, left to right; together as wide as the frame."""
BIB: Final = " ".join(map(_("Bib").to, LANGUAGES))
PROOF_DOTS_PER_MM: Final = 6.0  # 150 dpi
READ_DOTS_PER_MM: Final = 8.0  # of somebody else's page
Progress = Callable[[], object]
Decode = Callable[[Picture], Sequence[str]]


class NotReadable(RaceError):
    """A printed code does not hold the result it should."""


@dataclass(frozen=True, slots=True)
class CertificatePage:
    """A page of some height; what stands on A4 moves closer together on a lower one, and shrinks half as much."""

    canvas: Canvas
    height: float

    def box(self, y: float, height: float, width: float = ACROSS) -> Area:
        """In the middle, so far down an A4 page."""
        share = self.height / A4_HEIGHT
        return Area(MIDDLE - width / 2, y * share, width, height * (1 + share) / 2)


def draw_certificates(
    certificates: Sequence[Certificate], drawn: Progress = lambda: None, height: float = A4_HEIGHT
) -> bytes:
    """A PDF with a page each; the same certificates make the same bytes.

    Raises:
        NoKoreanFont: there is no font to draw them with.
    """
    file = io.BytesIO()
    canvas = Canvas(file, WIDTH, height, " · ".join(dict.fromkeys(bilingual(one.title) for one in certificates)))
    for certificate in certificates:
        _draw(CertificatePage(canvas, height), certificate)
        canvas.next_page()
        drawn()
    canvas.save()
    return file.getvalue()


def prove_certificates(
    pdf: bytes, certificates: Sequence[Certificate], decode: Decode, proven: Progress = lambda: None
) -> None:
    """Read back the code of every page; `proven` is called after each.

    Raises:
        NotReadable: a page does not hold the runner's own signed result.
    """
    box = widened(_code_box(A4_HEIGHT), QUIET)
    for number, (certificate, page) in enumerate(zip(certificates, open_pages(pdf), strict=True), 1):
        if list(decode(page.part(box, PROOF_DOTS_PER_MM))) != [certificate.signed]:
            raise NotReadable(
                _("page {page}, bib {bib}: the QR does not read back", page=number, bib=certificate.bib),
            )
        proven()


def certificate_pictures(certificates: Sequence[Certificate]) -> Iterator[bytes]:
    """Each certificate as a PNG of 1080 x 1350 pixels."""
    pages = draw_certificates(certificates, height=PHONE_HEIGHT)
    for picture in render_pages(pages, PHONE_PX / WIDTH):
        file = io.BytesIO()
        Image.fromarray(picture[..., ::-1]).save(file, "PNG", compress_level=4)
        yield file.getvalue()


def _draw(page: CertificatePage, certificate: Certificate) -> None:
    page.canvas.stamp("frame", lambda: _draw_frame(page))
    _draw_head(page, certificate)
    _draw_runner(page, certificate)
    if certificate.headline:
        _draw_headline(page, certificate)
    _draw_words(page, certificate)
    _draw_foot(page, certificate)


def _draw_frame(page: CertificatePage) -> None:
    """The skyline on the ground of an inner and an outer frame."""
    canvas, height = page.canvas, page.height
    ground = height - 15.0
    for ink, share, shift in ((FAR, 1.25, 4), (NEAR, 1.0, 0)):
        x = 15.0
        for at in range(len(TOWERS)):
            width, tall = TOWERS[(at + shift) % len(TOWERS)]
            canvas.fill(Area(x, ground - tall * share, width, tall * share), ink)
            x += width
    _draw_border(canvas, 10.0, height, 1.4, NAVY)
    _draw_border(canvas, 13.2, height, 0.35, GOLD)


def _draw_border(canvas: Canvas, inset: float, height: float, thick: float, ink: Ink) -> None:
    wide, tall = WIDTH - 2 * inset, height - 2 * inset
    canvas.fill(Area(inset, inset, wide, thick), ink)
    canvas.fill(Area(inset, inset + tall - thick, wide, thick), ink)
    canvas.fill(Area(inset, inset, thick, tall), ink)
    canvas.fill(Area(inset + wide - thick, inset, thick, tall), ink)


def _draw_head(page: CertificatePage, certificate: Certificate) -> None:
    canvas = page.canvas
    canvas.text(Area(18, 17, 60, 3.4), bilingual(certificate.serial), REGULAR, GREY)
    _draw_fitted(canvas, page.box(25, 7.2), certificate.race.to("ko"), BOLD, NAVY)
    canvas.text(page.box(34, 3.8), english_beside(certificate.race), REGULAR, GREY, "center")
    canvas.text(page.box(43.5, 18.5), "  ".join(certificate.title.to("ko")), HEAVY, BLACK, "center")
    canvas.text(page.box(65.5, 4.2), _spaced(certificate.title.to("en")), REGULAR, GOLD, "center")
    if certificate.warning.msgid:
        banner = page.box(73, 7, 110)
        canvas.fill(banner, RED)
        canvas.text(_within(banner, 1.4), bilingual(certificate.warning), BOLD, WHITE, "center")
    else:
        _draw_chequers(canvas, page.box(75, 3.2, 48))


def _draw_chequers(canvas: Canvas, box: Area) -> None:
    """A finish line, two squares high."""
    side = box.height / 2
    for at in range(round(box.width / side)):
        canvas.fill(Area(box.x + at * side, box.y + at % 2 * side, side, side), NAVY)


def _draw_runner(page: CertificatePage, certificate: Certificate) -> None:
    canvas = page.canvas
    _draw_fitted(canvas, page.box(85, 16), certificate.name, HEAVY, BLACK)
    firm = " · ".join(filter(None, (certificate.company, certificate.team)))
    _draw_fitted(canvas, page.box(105.5, 7.6), firm, BOLD, BLACK)
    bib = " · ".join(filter(None, (f"{BIB} {certificate.bib}", certificate.course)))
    canvas.text(page.box(116.5, 4.4), bib, REGULAR, GREY, "center")


def _draw_headline(page: CertificatePage, certificate: Certificate) -> None:
    canvas = page.canvas
    canvas.text(page.box(127.5, 4.2), bilingual(certificate.label), BOLD, GOLD, "center")
    box = page.box(134.5, 23.5)
    if "." in certificate.headline:  # the heavier faces' full stop hangs low
        canvas.text(box, certificate.headline, REGULAR, BLACK, "center", CAP_HEIGHT)
    else:
        canvas.number(box, certificate.headline)
    row = page.box(166, 15)
    cell = row.width / max(len(certificate.figures), 1)
    for at, figure in enumerate(certificate.figures):
        x = row.x + at * cell
        if at:
            canvas.fill(Area(x - 0.1, row.y + 1, 0.2, row.height - 2), GOLD)
        _draw_figure(canvas, Area(x + 1.5, row.y, cell - 3, row.height), figure)


def _draw_figure(canvas: Canvas, box: Area, figure: Figure) -> None:
    """The label in both languages, below it the figure, and beside that, smaller, of how many."""
    canvas.text(Area(box.x, box.y, box.width, 3.3), figure.label.to("ko"), BOLD, GREY, "center")
    canvas.text(Area(box.x, box.y + 3.9, box.width, 2.6), figure.label.to("en"), REGULAR, GREY, "center")
    value, of = Area(box.x, box.y + 8.2, box.width, 6.6), Area(box.x, box.y + 10, box.width, 3.6)
    wide, beside = canvas.width_of(value, figure.value, HEAVY), 0.0
    if figure.of:
        beside = min(canvas.width_of(of, figure.of, REGULAR), box.width - wide - 1)
    left = box.x + (box.width - wide - (beside + 1 if beside else 0)) / 2
    canvas.text(Area(left, value.y, wide, value.height), figure.value, HEAVY, BLACK)
    canvas.text(Area(left + wide + 1, of.y, beside, of.height), figure.of, REGULAR, GREY)


def _draw_words(page: CertificatePage, certificate: Certificate) -> None:
    canvas = page.canvas
    _draw_fitted(canvas, page.box(189, 5.2), certificate.sentence.to("ko"), REGULAR, BLACK)
    canvas.text(page.box(195.8, 3.6), certificate.sentence.to("en"), REGULAR, GREY, "center")
    canvas.text(page.box(205, 4.6), bilingual(certificate.date), REGULAR, BLACK, "center")
    _draw_fitted(canvas, page.box(212, 8.4), certificate.organiser, HEAVY, NAVY)


def _draw_foot(page: CertificatePage, certificate: Certificate) -> None:
    """The code on white, and beside it what it is and how final the result."""
    canvas = page.canvas
    code = _code_box(page.height)
    canvas.fill(widened(code, QUIET), WHITE)
    canvas.note_qr(code, certificate.signed)
    step = 8.7
    top = code.y + QR - step * len(certificate.notes) + 1.4
    for at, note in enumerate(certificate.notes):
        canvas.text(Area(22, top + at * step, 118, 3.6), note.to("ko"), BOLD, BLACK)
        canvas.text(Area(22, top + at * step + 4.3, 118, 2.8), note.to("en"), REGULAR, GREY)


def _code_box(height: float) -> Area:
    return Area(WIDTH - QR_RIGHT - QR, height - QR_BOTTOM - QR, QR, QR)


def _draw_fitted(canvas: Canvas, box: Area, text: str, font: str, ink: Ink) -> None:
    """A text in the middle; in two balanced lines of one size where a single line would be small."""
    if canvas.fitting_size(box, text, font) >= TWO_LINES_BELOW * box.height * POINTS_PER_MM / HANGUL_HEIGHT:
        canvas.text(box, text, font, ink, "center")
        return
    lines = _two_lines(text)
    half = box.height * 0.56
    size = min(canvas.fitting_size(Area(0, 0, box.width, half), line, font) for line in lines)
    high = size * HANGUL_HEIGHT / POINTS_PER_MM
    gap = high * 0.16
    top = box.y + (box.height - 2 * high - gap) / 2
    for at, line in enumerate(lines):
        canvas.text(Area(box.x, top + at * (high + gap), box.width, high), line, font, ink, "center")


def _two_lines(text: str) -> tuple[str, str]:
    """Cut behind a space or hyphen where that leaves lines of not too different lengths; elsewhere in the middle.

    >>> _two_lines("Maximiliana Konstantinopoulos-Featherstonehaugh")
    ('Maximiliana Konstantinopoulos-', 'Featherstonehaugh')
    """
    cuts = [at + 1 for at, sign in enumerate(text) if sign in " -"]
    cut = min(cuts, key=lambda at: abs(2 * at - len(text)), default=0)
    if max(cut, len(text) - cut) > LONGER_LINE * len(text):
        return halves(text)
    return text[:cut].strip(), text[cut:].strip()


def _within(box: Area, margin: float) -> Area:
    return Area(box.x + margin, box.y + margin, box.width - 2 * margin, box.height - 2 * margin)


def _spaced(text: str) -> str:
    """Capitals apart, as on brass plates."""
    return "   ".join(" ".join(word) for word in text.upper().split())
