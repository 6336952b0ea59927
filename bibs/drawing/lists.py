"""The lists that go with the bibs: who gets which, packet by packet, and the packets in the order in which they are carried."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Final, NamedTuple

from bibs.drawing.canvas import BLACK, BOLD, GREY, HEAVY, REGULAR, WHITE, Canvas, Ink
from bibs.drawing.imposition import A4
from bibs.drawing.layout import Area
from bibs.drawing.sheet import SPARE_INK, FirmPacket, RaceHeader
from timing.language import LANGUAGES, NOTHING, Text, _, bilingual, listed
from timing.printed.spreadsheet_text import BOM, csv_table
from timing.race.codes import printed

LINES_A_PAGE: Final = 34
MARGIN: Final = 14.0
ACROSS: Final = A4[0] - 2 * MARGIN
HEAD_HEIGHT: Final = 34.0
TABLE_TOP: Final = 40.0
ROW: Final = 6.85
STRIPE: Final[Ink] = (0, 0, 0, 0.055)
NO_PLACE: Final = bilingual(_("no place given"))


class ListColumn(NamedTuple):
    """A column of a list: its heading, width in millimetres, face and ink."""

    heading: Text
    width: float
    font: str = REGULAR
    ink: Ink = BLACK
    align: str = "left"


class Heading(NamedTuple):
    """A row that names a group of rows, and how many there are of them."""

    text: str
    told: str


Row = Heading | list[str]
"""The cells of a row; the first column is a box to tick, an empty last one a line to sign on."""
HANDOUT: Final = (
    ListColumn(_("Got"), 15),
    ListColumn(_("Bib"), 22, HEAVY),
    ListColumn(_("Full name"), 50, BOLD),
    ListColumn(_("Team"), 31, REGULAR, GREY),
    ListColumn(_("Code"), 30, REGULAR, GREY),
    ListColumn(_("Signature"), 34),
)
INDEX: Final = (
    ListColumn(_("Gone"), 15),
    ListColumn(_("Floor"), 22, BOLD),
    ListColumn(_("Firm"), 67, BOLD),
    ListColumn(_("Bibs"), 46, REGULAR, GREY),
    ListColumn(_("Count"), 10, HEAVY, BLACK, "right"),
    ListColumn(NOTHING, 22),
)


def draw_handout(path: Path, firm: FirmPacket, occasion: RaceHeader) -> None:
    """The list that goes with a packet: tick, number, name, team, code, signature."""
    rows: list[Row] = [["", str(bib.number), bib.name, bib.team, printed(bib.code), ""] for bib in firm.bibs]
    head = _Head(
        _("{race}: handing out bibs", race=occasion.name).to("ko"),
        firm.name,
        f"{_bibs_or_people(firm)} · {runs(firm)}",
        firm.place,
        firm.ink,
    )
    _draw(path, head, HANDOUT, rows)


def draw_index(path: Path, firms: Sequence[FirmPacket], occasion: RaceHeader) -> None:
    """The packets of all firms on one list, for the people who carry them: building by building, as the firms come."""
    buildings = len({firm.building for firm in firms if firm.building})
    where = " ".join((*map(_("Buildings").to, LANGUAGES), f"{buildings}")) if buildings else ""
    head = _Head(f"{occasion.name}", " ".join(map(_("Packets").to, LANGUAGES)), _counted(firms), where, SPARE_INK)
    _draw(path, head, INDEX, list(_index_rows(firms)))


def _index_rows(firms: Sequence[FirmPacket]) -> Iterator[Row]:
    placed = any(firm.place for firm in firms)
    for building, group in groupby(firms, key=attrgetter("building")):
        inside = list(group)
        if placed:
            yield Heading(building or NO_PLACE, _counted(inside))
        for firm in inside:
            yield ["", firm.floor, firm.name, runs(firm), str(len(firm.bibs)), ""]


def _bibs_or_people(firm: FirmPacket) -> str:
    count = len(firm.bibs)
    return (_("{count} bibs", count=count) if firm.spare else _("{count}", count=count)).to("ko")


def _counted(firms: Sequence[FirmPacket]) -> str:
    """Firms and their people; spare bibs belong to nobody and are counted apart."""
    runners = [firm for firm in firms if not firm.spare]
    people, spares = (sum(len(firm.bibs) for firm in firms if firm.spare is spare) for spare in (False, True))
    told = [_("{firms} firms", firms=len(runners)), _("{count}", count=people)] if runners else []
    return listed([*told, _("{spares} spare bibs", spares=spares)] if spares else told, " · ").to("ko")


def index_csv(firms: Sequence[FirmPacket], folders: Sequence[str]) -> str:
    """The same as a table for spreadsheets; a name that a spreadsheet would run as a formula becomes text."""
    rows = [
        (firm.building, firm.floor, firm.id, firm.name, runs(firm), "0" if firm.spare else str(len(firm.bibs)), folder)
        for firm, folder in zip(firms, folders, strict=True)
    ]
    return BOM + csv_table(["building", "floor", "company", "firm", "bibs", "people", "folder"], rows)


def runs(firm: FirmPacket) -> str:
    """The firm's numbers as people say them: `1001~1005, 1051`."""
    numbers = [bib.number for bib in firm.bibs]
    starts = [at for at, number in enumerate(numbers) if at == 0 or number != numbers[at - 1] + 1]
    spans = [(numbers[at], numbers[end - 1]) for at, end in zip(starts, [*starts[1:], len(numbers)], strict=True)]
    return ", ".join(str(first) if first == last else f"{first}~{last}" for first, last in spans)


class _Head(NamedTuple):
    """What stands at the top of every page of a list."""

    over: str
    title: str
    told: str
    place: str
    ink: Ink


def _draw(path: Path, head: _Head, columns: Sequence[ListColumn], rows: Sequence[Row]) -> None:
    canvas = Canvas(path, *A4, f"{head.over}: {head.title}")
    pages = [rows[at : at + LINES_A_PAGE] for at in range(0, len(rows), LINES_A_PAGE)]
    for number, page in enumerate(pages, 1):
        canvas.stamp("head", lambda: _draw_head(canvas, head, columns))
        for at, row in enumerate(page):
            _draw_row(canvas, TABLE_TOP + ROW * (at + 1), columns, row, striped=at % 2 == 0)
        canvas.text(Area(MARGIN, 285, ACROSS, 3.6), f"{number} / {len(pages)}", REGULAR, GREY, "center")
        canvas.next_page()
    canvas.save()


def _draw_head(canvas: Canvas, head: _Head, columns: Sequence[ListColumn]) -> None:
    canvas.fill(Area(0, 0, A4[0], HEAD_HEIGHT), head.ink)
    canvas.text(Area(MARGIN + 2, 9.5, 105, 4.6), head.over, BOLD, WHITE)
    canvas.lines(Area(MARGIN + 2, 17, 120, 10.5), head.title, HEAVY, WHITE)
    canvas.text(Area(A4[0] - MARGIN - 62, 9.5, 60, 4.6), head.told, BOLD, WHITE, "right")
    canvas.text(Area(A4[0] - MARGIN - 58, 22.5, 56, 4.4), head.place, REGULAR, WHITE, "right")
    x = MARGIN
    for column in columns:
        canvas.text(
            Area(x + 2, TABLE_TOP - 0.6, column.width - 4, 3.3), column.heading.to("ko"), BOLD, GREY, column.align
        )
        canvas.text(
            Area(x + 2, TABLE_TOP + 2.9, column.width - 4, 2.5), column.heading.to("en"), REGULAR, GREY, column.align
        )
        x += column.width


def _draw_row(canvas: Canvas, y: float, columns: Sequence[ListColumn], row: Row, striped: bool) -> None:
    if isinstance(row, Heading):
        canvas.text(Area(MARGIN + 2, y + 1.5, 110, 4.6), row.text, HEAVY)
        canvas.text(Area(MARGIN + 112, y + 1.9, ACROSS - 114, 4), row.told, BOLD, GREY, "right")
        canvas.fill(Area(MARGIN, y + ROW - 0.4, ACROSS, 0.3), GREY)
        return
    if striped:
        canvas.fill(Area(MARGIN, y, ACROSS, ROW), STRIPE)
    canvas.square(Area(MARGIN + 4.5, y + 1.45, 3.9, 3.9))
    x = MARGIN
    for column, cell in zip(columns, row, strict=True):
        canvas.lines(Area(x + 2, y + 1.15, column.width - 4, 4.4), cell, column.font, column.ink, column.align)
        x += column.width
    if not row[-1]:
        canvas.fill(Area(x - columns[-1].width + 1, y + ROW - 1, columns[-1].width - 3, 0.15), GREY)
