"""Draws a firm's bibs, one a page, and the lists that go with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bibs.canvas import BLACK, BOLD, GREY, HEAVY, REGULAR, WHITE, Canvas, Ink
from bibs.design_look import PLAIN_LOOK, Look
from bibs.layout import DEFAULT_LAYOUT, BibLayout, Box
from timing.codes import Code, bib_url, printed
from timing.marks import Mark

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
A4 = (210.0, 297.0)
LINES_A_PAGE = 30


@dataclass(frozen=True, slots=True)
class Bib:
    """What is printed on one bib."""

    number: int
    code: Code
    entrant: str
    name: str
    team: str
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm's packet: its id, name and bibs in order of number."""

    id: str
    name: str
    bibs: tuple[Bib, ...]
    look: Look = PLAIN_LOOK
    place: str = ""

    @property
    def ink(self) -> Ink:
        return BAND_INKS[int(self.id.lstrip("c") or 0) % len(BAND_INKS)]


@dataclass(frozen=True, slots=True)
class Occasion:
    """What stands on every bib of a race."""

    name: str
    host: str
    course_m: int

    @property
    def distance(self) -> str:
        return f"{self.course_m / 1000:g} km"


def draw_bibs(path: Path, firm: Firm, occasion: Occasion, layout: BibLayout = DEFAULT_LAYOUT) -> None:
    """Write the firm's bibs to a PDF, a page each."""
    canvas = Canvas(path, layout.width, layout.height, f"{occasion.name}: {firm.name}")
    for bib in firm.bibs:
        _draw_firm(canvas, firm, occasion, layout)
        _draw_bib(canvas, bib, firm, occasion, layout)
        canvas.next_page()
    canvas.save()


def _draw_firm(canvas: Canvas, firm: Firm, occasion: Occasion, layout: BibLayout) -> None:
    canvas.fill(layout.band, firm.ink)
    canvas.text(layout.company, firm.name, HEAVY, WHITE)
    canvas.text(layout.event, occasion.name, BOLD, WHITE, align="right")
    canvas.text(layout.course, occasion.distance, BOLD, WHITE, align="right")
    canvas.fill(layout.foot, firm.ink)
    canvas.text(layout.invitation, "스캔하면 우리 회사를 만나요 · Scan to meet us", BOLD, WHITE)
    canvas.text(layout.host, occasion.host.lower(), REGULAR, WHITE)
    for x, y in layout.holes:
        canvas.ring(x, y, 2.5)


def _draw_bib(canvas: Canvas, bib: Bib, firm: Firm, occasion: Occasion, layout: BibLayout) -> None:
    canvas.number(layout.number, str(bib.number))
    canvas.text(layout.name, bib.name, HEAVY, BLACK)
    canvas.text(layout.team, bib.team, BOLD, firm.ink)
    canvas.qr(layout.code, bib_url(occasion.host, bib.code), firm.look)
    if layout.mark and bib.mark:
        canvas.mark(layout.mark, bib.mark)
    canvas.text(layout.typed, printed(bib.code), BOLD, WHITE)


def draw_handout(path: Path, firm: Firm, occasion: Occasion) -> None:
    """The list that goes with a packet: tick, number, name, team, code, signature."""
    columns = (
        ("", 10.0),
        ("배번 Bib", 22.0),
        ("성명 Name", 46.0),
        ("팀 Team", 36.0),
        ("코드 Code", 42.0),
        ("서명 Sign", 24.0),
    )
    rows = [["", str(bib.number), bib.name, bib.team, printed(bib.code), ""] for bib in firm.bibs]
    span = f"{runs(firm)}, {len(firm.bibs)}명" + (f" · {firm.place}" if firm.place else "")
    _draw_list(path, f"{occasion.name} 배번 명단", f"{firm.name}  ({span})", columns, rows, ticks=True)


def runs(firm: Firm) -> str:
    """The firm's numbers as people say them: `1001~1005, 1051`."""
    numbers = [bib.number for bib in firm.bibs]
    starts = [at for at, number in enumerate(numbers) if at == 0 or number != numbers[at - 1] + 1]
    spans = [(numbers[at], numbers[end - 1]) for at, end in zip(starts, [*starts[1:], len(numbers)], strict=True)]
    return ", ".join(str(first) if first == last else f"{first}~{last}" for first, last in spans)


def draw_index(path: Path, firms: Sequence[Firm], occasion: Occasion) -> None:
    """The packets of all firms on one list, for the people who hand them out."""
    columns = [("", 10.0), ("곳 Place", 54.0), ("소속 Firm", 58.0), ("배번 Bibs", 40.0), ("명 People", 18.0)]
    rows = [["", firm.place, firm.name, runs(firm), str(len(firm.bibs))] for firm in firms]
    if not any(firm.place for firm in firms):
        columns = [("", 10.0), ("소속 Firm", 92.0), ("배번 Bibs", 48.0), ("명 People", 30.0)]
        rows = [[tick, *told] for tick, _, *told in rows]
    people = sum(len(firm.bibs) for firm in firms)
    _draw_list(path, f"{occasion.name} 배번 꾸러미", f"{len(firms)}개 소속, {people}명", columns, rows, ticks=True)


def _draw_list(
    path: Path, title: str, subtitle: str, columns: Sequence[tuple[str, float]], rows: Sequence[list[str]], ticks: bool
) -> None:
    canvas = Canvas(path, *A4, title)
    pages = [rows[at : at + LINES_A_PAGE] for at in range(0, len(rows), LINES_A_PAGE)]
    for number, page in enumerate(pages, 1):
        canvas.text(Box(15, 14, 150, 8), title, HEAVY)
        canvas.text(Box(15, 25, 150, 6), subtitle, BOLD, GREY)
        canvas.text(Box(165, 16, 30, 5), f"{number} / {len(pages)}", REGULAR, GREY, align="right")
        _draw_row(canvas, 36, columns, [heading for heading, _ in columns], BOLD)
        for at, row in enumerate(page):
            y = 44 + 8 * at
            _draw_row(canvas, y, columns, row, REGULAR)
            if ticks:
                canvas.square(Box(16, y + 1.6, 4, 4))
        canvas.next_page()
    canvas.save()


def _draw_row(canvas: Canvas, y: float, columns: Sequence[tuple[str, float]], cells: Sequence[str], font: str) -> None:
    x = 15.0
    for (_, width), cell in zip(columns, cells, strict=True):
        canvas.text(Box(x, y + 1.5, width - 2, 4.6), cell, font)
        x += width
    canvas.line(15, y + 8, 180)
