"""The same bibs by fpdf2."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from fpdf import FPDF
from fpdf.drawing_primitives import DeviceCMYK

from benchmarks.printed import BLACK, Ink, Modules, PlainPage
from bibs.design.symbol import rectangles
from bibs.drawing.canvas import POINTS_PER_MM
from bibs.drawing.fonts import find_family
from bibs.drawing.layout import DEFAULT_LAYOUT, HOLE_MM, Area

logging.getLogger("fontTools.subset").setLevel(logging.ERROR)  # tables that no page needs are dropped with a word
FACES: Final = ("regular", "bold", "heavy")


def draw(path: Path, pages: Sequence[PlainPage]) -> None:
    """All pages in one file. A symbol is written as one path, which the library offers only below its public methods."""
    pdf = FPDF(unit="mm", format=(DEFAULT_LAYOUT.width, DEFAULT_LAYOUT.height))
    pdf.set_auto_page_break(False)
    family = find_family()
    for face in FACES:
        pdf.add_font(face, fname=getattr(family, face))
    for page in pages:
        pdf.add_page()
        _draw(pdf, page)
    pdf.output(str(path))


def _draw(pdf: FPDF, page: PlainPage) -> None:
    for box, ink in page.fills:
        pdf.set_fill_color(_ink(ink))
        pdf.rect(box.x, box.y, box.width, box.height, style="F")
    pdf.set_draw_color(_ink((0, 0, 0, 0.25)))
    pdf.set_fill_color(_ink((0, 0, 0, 0)))
    pdf.set_line_width(0.14)
    for x, y in page.holes:
        pdf.circle(x, y, HOLE_MM, style="FD")
    for line in page.words:
        pdf.set_font(line.face, size=line.size)
        pdf.set_text_color(_ink(line.ink))
        share = {"left": 0.0, "center": 0.5, "right": 1.0}[line.align]
        back = share * pdf.get_string_width(line.text) if share else 0
        pdf.text(line.x - back, line.y, line.text)
    pdf.set_fill_color(_ink(BLACK))
    for box, rows in page.symbols:
        pdf._out(_path(box, rows))


def _path(box: Area, rows: Modules) -> str:
    module = box.width * POINTS_PER_MM / len(rows)
    left, top = box.x * POINTS_PER_MM, (DEFAULT_LAYOUT.height - box.y) * POINTS_PER_MM
    drawn = " ".join([f"{one.x} {one.y} {one.width} {one.height} re" for one in rectangles(rows)])
    return f"q {module:.5f} 0 0 {-module:.5f} {left:.3f} {top:.3f} cm {drawn} f Q"


def _ink(ink: Ink) -> DeviceCMYK:
    return DeviceCMYK(*ink)
