"""Reads any PDF of bibs without knowing how it was made: whose page is it, and what is wrong with it."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from bibs.drawing.imposition import OUTPUTS, PrintSheet, Spot, sheet_for
from bibs.drawing.layout import BibLayout, layout_named, shipped, widened
from bibs.drawing.layout_checks import quiet_mm
from bibs.drawing.pdf_pages import PdfPage, Picture, cut_out, open_pages
from bibs.drawing.sheet import BibFace, FirmPacket, RaceHeader
from bibs.printing.manifest import PrintedBib, read_manifest
from bibs.printing.proof import LEAST_MODULES, Decoders, Expected, Problem, Proof, wrongs
from timing.errors import RaceError, WrongUse
from timing.language import _
from timing.race.codes import Code, bib_url, read_code

WHOLE_DOTS_PER_MM: Final = 3.0
SIZE_HAIR_MM: Final = 0.6


class SeenPage(NamedTuple):
    """A place in a file: the page (from 1), whose bib it is (None: nobody's), and what is wrong there."""

    page: int
    holder: tuple[FirmPacket, BibFace] | None
    wrongs: Sequence[Problem]


@dataclass(frozen=True, slots=True)
class Known:
    """The race's data: what its bibs must say."""

    occasion: RaceHeader
    holders: Mapping[str, tuple[FirmPacket, BibFace]]
    """By the text of the QR."""
    root: Path
    layout: str = ""

    @classmethod
    def of(cls, firms: Sequence[FirmPacket], occasion: RaceHeader, root: Path, layout: str) -> "Known":
        holders = {bib_url(occasion.host, bib.code): (firm, bib) for firm in firms for bib in firm.bibs}
        return cls(occasion, holders, root, layout)


def read_pages(path: Path, known: Known, decoders: Decoders) -> Iterator[SeenPage]:
    """Every bib of a file: by the manifest beside it, which says what must stand where, or else by what its codes say.

    Raises:
        Unreachable: it is no PDF.
    """
    manifest = read_manifest(path.parent)
    listed = [bib for bib in (*manifest.bibs, *manifest.reprints) if bib.file == path.name and bib.box]
    layout = _layout(manifest.layout, known.root)
    if listed and layout:
        yield from _by_manifest(path, listed, layout, known, decoders)
    else:
        yield from _by_codes(path, known, decoders)


def _layout(name: str, root: Path) -> BibLayout | None:
    try:
        return layout_named(name, root) if name else None
    except RaceError:
        return None  # the manifest names a file that is gone: then the codes must do


def _by_manifest(
    path: Path, listed: Sequence[PrintedBib], layout: BibLayout, known: Known, decoders: Decoders
) -> Iterator[SeenPage]:
    if hashlib.sha256(path.read_bytes()).hexdigest() != listed[0].sha256:
        changed = Problem(0, 0, _("the file changed since it was printed (SHA-256)"))
        yield SeenPage(0, None, [changed])
    expected: list[Expected] = []
    for bib in listed:
        holder = known.holders.get(bib_url(known.occasion.host, Code(bib.code)))
        if holder is None:
            text = _("its code is not assigned to anybody now")
            yield SeenPage(bib.page, None, [Problem(bib.page, bib.number, text)])
        elif bib.box:
            expected.append(Expected(Spot(bib.page - 1, bib.box.x, bib.box.y), *holder))
    found = list(wrongs(path, expected, Proof(known.occasion, layout, decoders)))
    for one in sorted(expected, key=lambda one: one.spot):
        here = [wrong for wrong in found if (wrong.page, wrong.number) == (one.spot.page + 1, one.bib.number)]
        yield SeenPage(one.spot.page + 1, (one.firm, one.bib), here)
    whole = [wrong for wrong in found if not wrong.page]
    if whole:
        yield SeenPage(0, None, whole)


def _by_codes(path: Path, known: Known, decoders: Decoders) -> Iterator[SeenPage]:
    fit: tuple[PrintSheet, BibLayout] | None = None
    for number, page in enumerate(open_pages(path)):
        fit = fit or _fitting(page, known, decoders)
        if fit is None:
            yield from _whole_page(number, page, known, decoders)
            continue
        sheet, layout = fit
        proof = Proof(known.occasion, layout, decoders)
        picture = page.picture(proof.dots_per_mm)
        for place in sheet.places:
            yield from _place(page, picture, Spot(number, *place), proof, known)


def _place(page: PdfPage, picture: Picture, spot: Spot, proof: Proof, known: Known) -> Iterator[SeenPage]:
    """The bib at a place; an empty place at the end of a file is none."""
    codes = proof.codes(picture, spot)
    holder = known.holders.get(codes[0]) if len(codes) == 1 else None
    if holder:
        yield SeenPage(spot.page + 1, holder, list(proof.page(page, [Expected(spot, *holder)])))
    elif codes or page.words(proof.layout.number.moved(spot.x, spot.y)).strip():
        yield SeenPage(spot.page + 1, None, [_nobody(spot.page + 1, codes)])


def _nobody(page: int, codes: Sequence[str]) -> Problem:
    if not codes:
        return Problem(page, 0, _("no QR can be read"))
    if len(codes) > 1:
        return Problem(page, 0, _("several codes: {codes}", codes=codes))
    return Problem(page, 0, _("a code that is not of this race: {codes}", codes=codes[0]))


def _whole_page(number: int, page: PdfPage, known: Known, decoders: Decoders) -> Iterator[SeenPage]:
    """A page of a layout that we do not know: whose it is can be told, what its texts should be cannot."""
    codes = list(decoders.decode(page.picture(WHOLE_DOTS_PER_MM)))
    for code in codes or [""]:
        holder = known.holders.get(code)
        text = _("an unknown layout: its texts were not compared")
        wrong = Problem(number + 1, holder[1].number, text) if holder else _nobody(number + 1, [code][: len(codes)])
        yield SeenPage(number + 1, holder, [wrong])


def _fitting(page: PdfPage, known: Known, decoders: Decoders) -> tuple[PrintSheet, BibLayout] | None:
    """The sheet and layout of this size at whose places most codes are found and least is wrong; the race's own before others."""
    best: tuple[PrintSheet, BibLayout] | None = None
    least = 0, 0
    for sheet, layout in _candidates(known):
        if abs(sheet.width - page.width) < SIZE_HAIR_MM and abs(sheet.height - page.height) < SIZE_HAIR_MM:
            found, wrong = _tried(page, sheet, Proof(known.occasion, layout, decoders), known)
            if (-found, wrong) < least:
                best, least = (sheet, layout), (-found, wrong)
    return best


def _tried(page: PdfPage, sheet: PrintSheet, proof: Proof, known: Known) -> tuple[int, int]:
    """How many places of a sheet show a code where the layout has it, and how much is wrong there."""
    picture = page.picture(WHOLE_DOTS_PER_MM)
    white = widened(proof.layout.code, quiet_mm(proof.layout, LEAST_MODULES))
    found = wrong = 0
    for x, y in sheet.places:
        codes = proof.decoders.decode(cut_out(picture, white.moved(x, y), WHOLE_DOTS_PER_MM))
        found += len(codes) == 1
        holder = known.holders.get(codes[0]) if len(codes) == 1 else None
        wrong += len(list(proof.page(page, [Expected(Spot(0, x, y), *holder)]))) if holder else 0
    return found, wrong


def _candidates(known: Known) -> Iterator[tuple[PrintSheet, BibLayout]]:
    own = _layout(known.layout, known.root)
    for layout in ([own] if own else []) + list(shipped().values()):
        for output in OUTPUTS:
            for marks in (False, True) if output == "shop" else (False,):
                try:
                    yield sheet_for(layout, output, marks), layout
                except WrongUse:
                    continue  # too large for A4


class Stranger(NamedTuple):
    """What a page shows to somebody who has no data: the texts of its QRs, ours or not, and its marks."""

    page: int
    codes: list[tuple[str, bool]]
    marks: list[str]


def look(path: Path, decoders: Decoders) -> Iterator[Stranger]:
    """The codes and marks of every page.

    Raises:
        Unreachable: it is no PDF.
    """
    for number, page in enumerate(open_pages(path), 1):
        picture = page.picture(WHOLE_DOTS_PER_MM)
        codes = [(text, read_code(text) is not None) for text in decoders.decode(picture)]
        yield Stranger(number, codes, [mark for mark, _ in decoders.marks(picture)])
