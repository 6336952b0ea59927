"""Drawing of the bibs' room and decoding of the scanners' room for other rooms; their libraries are loaded when first used."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from timing.errors import Unreachable
from timing.language import _

if TYPE_CHECKING:
    from bibs.printing.proof import DecoderFactory
    from results.certificates.edition_certificates import Printer
    from results.view.view import Drawing
    from timing.folder import OpenRace
    from timing.printed.certificates import Certificate
    from timing.printed.sheets import Sheets


@contextmanager
def needing(extra: str) -> Iterator[None]:
    """Tells how to get a part that is not installed."""
    try:
        yield
    except ModuleNotFoundError as lacking:
        raise Unreachable(
            _("{name} is needed: install the extra `{extra}`", name=lacking.name, extra=extra)
        ) from lacking


def readers() -> DecoderFactory:
    """The judges of what was printed: the station's own decoders and a second decoder."""
    from bibs.printing.proof import DecoderFactory
    from scanners.reading.decoder import decode_texts, second_texts
    from scanners.reading.mark_reader import proof_reader

    return DecoderFactory(decode_texts, proof_reader, second_texts())


def codes_of(opened: OpenRace) -> Drawing:
    """Draws firms' QR codes for their pages; the printer need not be there."""
    from results.view.view import undrawn

    @cache
    def printer() -> Drawing:
        try:
            from bibs.design.svg import FirmCodes
        except ModuleNotFoundError:
            return undrawn
        return FirmCodes(opened.root)

    return lambda card, text: printer()(card, text)


def symbol(text: str) -> list[list[bool]]:
    """A text as a QR: rows of modules, True where dark."""
    with needing("bibs"):
        from bibs.design.symbol import note_modules
    return note_modules(text)


def note_drawing(text: str) -> str:
    """A text as a QR in an `<svg>`; empty where the printer of bibs is not there."""
    try:
        from bibs.design.svg import note_svg
    except ModuleNotFoundError:
        return ""
    return note_svg(text)


def print_results(sheets: Sheets) -> tuple[bytes, set[str]]:
    """Results as a PDF, and the characters that no font has."""
    with needing("bibs"):
        from bibs.drawing.result_sheet import draw_results
    return draw_results(sheets)


def certificate_printer() -> Printer:
    """The printer of certificates, whose codes the station's decoder verifies."""
    from results.certificates.edition_certificates import Printer

    def missing(text: str) -> set[str]:
        with needing("bibs"):
            from bibs.drawing.canvas import missing_glyphs
        return missing_glyphs(text)

    def pdf(certificates: Sequence[Certificate], drawn: Callable[[], object]) -> bytes:
        with needing("bibs"):
            from bibs.drawing.certificate_sheet import draw_certificates, prove_certificates
            from scanners.reading.decoder import decode_texts
        made = draw_certificates(certificates, drawn)
        prove_certificates(made, certificates, decode_texts, drawn)
        return made

    def pictures(certificates: Sequence[Certificate]) -> Iterator[bytes]:
        from bibs.drawing.certificate_sheet import certificate_pictures

        return certificate_pictures(certificates)

    return Printer(missing, pdf, pictures)


def read_codes(file: Path) -> list[str]:
    """The texts of the QR codes in a PDF or a picture."""
    with needing("bibs"):
        from bibs.drawing.certificate_sheet import READ_DOTS_PER_MM
        from bibs.drawing.pdf_pages import open_pages
        from scanners.reading.decoder import every_text
    if file.suffix.lower() == ".pdf":
        return [text for page in open_pages(file) for text in every_text(page.picture(READ_DOTS_PER_MM))]
    with needing("station"):
        from scanners.cameras.stills import read_image
    return every_text(read_image(file))
