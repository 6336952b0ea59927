"""A firm's QR as it will be printed, as a picture: drawn by the canvas of the bibs, rendered from the finished PDF."""

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image

from bibs.design.look import Look
from bibs.drawing.canvas import Canvas
from bibs.drawing.layout import Box
from bibs.drawing.pages import Picture, render_pages
from bibs.drawing.symbol import QUIET_MODULES

PREVIEW_PX = 1_000


def code_pictures(look: Look, texts: Sequence[str], dots_per_module: int) -> Iterator[Picture]:
    """The texts' codes in colour (blue, green, red), each with its quiet zone of white."""
    file = io.BytesIO()
    side = len(look.modules(texts[0]))
    whole = side + 2 * QUIET_MODULES
    canvas = Canvas(file, whole, whole, "QR")
    for text in texts:
        canvas.qr(Box(QUIET_MODULES, QUIET_MODULES, side, side), text, look)
        canvas.next_page()
    canvas.save()
    yield from render_pages(file.getvalue(), dots_per_module)


def write_preview(path: Path, look: Look, text: str) -> None:
    """Save the code as a picture of about a thousand pixels.

    Raises:
        OSError: the file cannot be written.
    """
    whole = len(look.modules(text)) + 2 * QUIET_MODULES
    (picture,) = code_pictures(look, [text], round(PREVIEW_PX / whole))
    Image.fromarray(picture[..., ::-1]).save(path, "PNG")
