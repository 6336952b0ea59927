"""Renders PDF pages to pictures; the one file that knows pdfium."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pypdfium2

from bibs.layout import Box

Picture = npt.NDArray[np.uint8]
"""Height x width (grey) or height x width x 3 (blue, green, red)."""
POINTS_PER_MM = 72 / 25.4


def render_pages(path: Path | bytes, dots_per_mm: float) -> Iterator[Picture]:
    """Every page of a PDF, a file or its bytes, in colour."""
    for page in pypdfium2.PdfDocument(path):
        yield np.asarray(page.render(scale=dots_per_mm / POINTS_PER_MM).to_numpy())


def render_boxes(path: Path, boxes: Sequence[tuple[Box, float]]) -> Iterator[list[Picture]]:
    """Some boxes of every page in grey, each with so many dots per millimetre."""
    for page in pypdfium2.PdfDocument(path):
        yield [_render_box(page, box, dots_per_mm) for box, dots_per_mm in boxes]


def _render_box(page: pypdfium2.PdfPage, box: Box, dots_per_mm: float) -> Picture:
    width, height = (size / POINTS_PER_MM for size in page.get_size())
    margins = (box.x, height - box.y - box.height, width - box.x - box.width, box.y)
    crop = tuple(margin * POINTS_PER_MM for margin in margins)
    picture = page.render(scale=dots_per_mm / POINTS_PER_MM, crop=crop, grayscale=True)
    return np.asarray(picture.to_numpy()).reshape(picture.height, picture.width)
