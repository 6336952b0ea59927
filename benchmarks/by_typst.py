"""The same bibs by typst: a template, and the pages handed over as JSON."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import typst

from benchmarks.printed import Modules, PlainPage, Words
from bibs.design.symbol import rectangles
from bibs.drawing.fonts import find_family
from bibs.drawing.layout import DEFAULT_LAYOUT, HOLE_MM, Area

TEMPLATE: Final = """\
#let data = json("pages.json")
#set page(width: WIDTHmm, height: HEIGHTmm, margin: 0mm)
#set text(font: "NanumGothic", top-edge: "baseline", bottom-edge: "baseline")
#let ink(c) = cmyk(c.at(0) * 100%, c.at(1) * 100%, c.at(2) * 100%, c.at(3) * 100%)
#let sides = (left: left, center: center, right: right)
#for page in data {
  for fill in page.fills {
    let (x, y, w, h) = fill.box
    place(dx: x * 1mm, dy: y * 1mm, rect(width: w * 1mm, height: h * 1mm, fill: ink(fill.ink)))
  }
  for (x, y) in page.holes {
    place(dx: (x - RADIUS) * 1mm, dy: (y - RADIUS) * 1mm, circle(radius: RADIUSmm, fill: white, stroke: 0.4pt + luma(75%)))
  }
  for line in page.words {
    place(dx: line.x * 1mm, dy: line.y * 1mm, box(width: ROOMmm, align(
      sides.at(line.align), text(size: line.size * 1pt, weight: line.weight, fill: ink(line.ink), line.text))))
  }
  for symbol in page.symbols {
    let (x, y, w, h) = symbol.box
    place(dx: x * 1mm, dy: y * 1mm, image(bytes(symbol.svg), format: "svg", width: w * 1mm, height: h * 1mm))
  }
  pagebreak(weak: true)
}
"""
WEIGHTS: Final = {"regular": 400, "bold": 700, "heavy": 800}
ROOM: Final = 400.0
"""Millimetres in which a line is set, so that none ever breaks."""
BACK: Final = {"left": 0.0, "center": ROOM / 2, "right": ROOM}


def draw(path: Path, pages: Sequence[PlainPage]) -> None:
    """All pages in one file; writing the JSON belongs to the work."""
    folder = path.parent
    size = {
        "WIDTH": f"{DEFAULT_LAYOUT.width:g}",
        "HEIGHT": f"{DEFAULT_LAYOUT.height:g}",
        "RADIUS": f"{HOLE_MM:g}",
        "ROOM": f"{ROOM:g}",
    }
    template = TEMPLATE
    for name, value in size.items():
        template = template.replace(name, value)
    (folder / "bibs.typ").write_text(template, encoding="utf-8")
    (folder / "pages.json").write_text(json.dumps([_told(page) for page in pages]), encoding="utf-8")
    fonts = [str(find_family().regular.parent)]
    typst.compile(
        str(folder / "bibs.typ"),
        output=str(path),
        font_paths=fonts,
        ignore_system_fonts=True,
        timestamp=0,
        pdf_tags=False,
    )


def _told(page: PlainPage) -> dict[str, object]:
    return {
        "fills": [{"box": _box(box), "ink": ink} for box, ink in page.fills],
        "holes": page.holes,
        "words": [_words(one) for one in page.words],
        "symbols": [{"box": _box(box), "svg": _svg(rows)} for box, rows in page.symbols],
    }


def _words(one: Words) -> dict[str, object]:
    return {
        "x": one.x - BACK[one.align],
        "y": one.y,
        "size": one.size,
        "text": one.text,
        "weight": WEIGHTS[one.face],
        "ink": one.ink,
        "align": one.align,
    }


def _svg(rows: Modules) -> str:
    """A symbol as one path."""
    side = len(rows)
    path = "".join([f"M{one.x} {one.y}h{one.width}v{one.height}h-{one.width}z" for one in rectangles(rows)])
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"><path d="{path}"/></svg>'


def _box(box: Area) -> tuple[float, float, float, float]:
    return box.x, box.y, box.width, box.height
