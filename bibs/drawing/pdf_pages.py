"""Renders PDF pages to pictures and reads their text; the one file that knows pdfium."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pypdfium2

from bibs.drawing.layout import Area
from timing.errors import Unreachable
from timing.language import _

Picture = npt.NDArray[np.uint8]
"""Height x width (grey) or height x width x 3 (blue, green, red)."""
POINTS_PER_MM = 72 / 25.4


class PdfPage:
    """A page of a finished PDF, as strangers see it; millimetres count from its top left."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self._page = page
        self._text: pypdfium2.PdfTextPage | None = None
        self.width, self.height = (float(size) / POINTS_PER_MM for size in page.get_size())

    def picture(self, dots_per_mm: float) -> Picture:
        """The whole page in grey."""
        picture = self._page.render(scale=dots_per_mm / POINTS_PER_MM, grayscale=True)
        return np.asarray(picture.to_numpy()).reshape(picture.height, picture.width)

    def part(self, box: Area, dots_per_mm: float) -> Picture:
        """What a box shows, in grey: quicker than the whole page."""
        margins = (box.x, self.height - box.y - box.height, self.width - box.x - box.width, box.y)
        crop = tuple(margin * POINTS_PER_MM for margin in margins)
        picture = self._page.render(scale=dots_per_mm / POINTS_PER_MM, crop=crop, grayscale=True)
        return np.asarray(picture.to_numpy()).reshape(picture.height, picture.width)

    def words(self, box: Area | None = None) -> str:
        """The text inside a box, or of the whole page."""
        if self._text is None:
            self._text = self._page.get_textpage()
        if box is None:
            return str(self._text.get_text_bounded())
        left, top = box.x * POINTS_PER_MM, (self.height - box.y) * POINTS_PER_MM
        width, height = box.width * POINTS_PER_MM, box.height * POINTS_PER_MM
        return str(self._text.get_text_bounded(left - 1, top - height, left + width + 1, top))


def open_pages(path: Path | bytes) -> Iterator[PdfPage]:
    """The pages of a PDF, a file or its bytes.

    Raises:
        Unreachable: it is no PDF that can be read.
    """
    try:
        pages = pypdfium2.PdfDocument(path)
    except (pypdfium2.PdfiumError, OSError) as failure:
        raise Unreachable(
            _("{path}: cannot be read as a PDF: {failure}", path=_name(path), failure=failure),
        ) from failure
    try:
        for number in range(len(pages)):
            page = pages[number]  # and not all at once: each holds its own drawing in memory until it is closed
            yield PdfPage(page)
            page.close()
    finally:
        pages.close()


def _name(path: Path | bytes) -> str:
    return str(path) if isinstance(path, Path) else "PDF"


def render_pages(path: Path | bytes, dots_per_mm: float) -> Iterator[Picture]:
    """Every page of a PDF, a file or its bytes, in colour."""
    for page in pypdfium2.PdfDocument(path):
        yield np.asarray(page.render(scale=dots_per_mm / POINTS_PER_MM).to_numpy())


def coarser(picture: Picture, share: float) -> Picture:
    """The picture with so many of its rows and columns, evenly taken."""
    rows, columns = ((np.arange(int(size * share)) / share).astype(np.intp) for size in picture.shape[:2])
    return np.ascontiguousarray(picture[np.ix_(rows, columns)])


def cut_out(picture: Picture, box: Area, dots_per_mm: float) -> Picture:
    """The part of a page's picture that shows a box; what reaches out of the page is left out."""
    top, left = (max(0, round(edge * dots_per_mm)) for edge in (box.y, box.x))
    return np.ascontiguousarray(picture[top : round(box.bottom * dots_per_mm), left : round(box.right * dots_per_mm)])
