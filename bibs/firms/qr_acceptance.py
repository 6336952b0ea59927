"""Which designs of a firm's QR may be printed: dark on light, a small logo, and read by two decoders as a camera at the line sees it."""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image, ImageFilter, ImageOps

from bibs.design.colours import contrast, luminance
from bibs.design.qr_style import QrStyle
from bibs.design.symbol import QUIET_MODULES
from bibs.drawing.canvas import Canvas
from bibs.drawing.layout import Area
from bibs.drawing.pdf_pages import Picture, render_pages
from timing.errors import RaceError
from timing.language import Text, _, listed
from timing.race.codes import bib_url, new_code
from timing.race.firms import LOGO_PERCENT, Design

Decoders = Mapping[str, Callable[[Picture], Sequence[str]]]

CONTRAST_LEAST: Final = 4.5
CONTRAST_ADVISED: Final = 7.0
LOGO_LEAST: Final = 5
READ_LEAST: Final = 0.9
"""The share of pictures that each decoder must read; plain black is read in all of them."""
TEXTS: Final = 8
SIZES: Final = (2, 3, 4)
"""Sizes of a module in pixels, as a runner comes nearer."""
DAMAGE: Final = ((0.0, 0, 1.0), (0.2, 8, 1.0), (0.3, 4, 0.906))
"""Blur in modules, noise in greys, and the width that is left of a code turned away by 25 degrees."""
DULL, LIFT = 0.62, 45  # the light of a dull day: what is left of the contrast, and the darkest grey
SURROUND: Final = 128  # grey around the quiet zone
DOTS_PER_MODULE: Final = 12
PREVIEW_PX: Final = 1_000


class DesignRefused(RaceError):
    """The design would cost runners their times, so it is not printed."""

    def __init__(self, reasons: Sequence[Text]) -> None:
        super().__init__(
            _(
                "this QR design might not be read at the line and was refused: {found}",
                found=listed(reasons, "; "),
            ),
        )


def refusals(design: Design) -> Iterator[Text]:
    """The reasons to refuse a design without trying it."""
    found = contrast(design.colour, design.ground)
    if luminance(design.colour) > luminance(design.ground):
        yield _(
            "light modules on a dark ground ({colour} on {ground}): many readers read none; swap the two",
            colour=design.colour,
            ground=design.ground,
        )
    if found < CONTRAST_LEAST:
        yield _(
            "the contrast is {found:.1f}, at least {contrast_least} is needed; choose a darker colour",
            found=found,
            contrast_least=CONTRAST_LEAST,
        )
    if design.logo and design.logo_percent and not LOGO_LEAST <= design.logo_percent <= LOGO_PERCENT:
        yield _(
            "the logo takes {logo_percent} percent of the QR's width; {logo_least} to {logo_percent2} percent are allowed, or 0 to have it beside the firm's name alone",
            logo_percent=design.logo_percent,
            logo_least=LOGO_LEAST,
            logo_percent2=LOGO_PERCENT,
        )


def advice(design: Design) -> Iterator[Text]:
    """Advice about an acceptable design."""
    found = contrast(design.colour, design.ground)
    if CONTRAST_LEAST <= found < CONTRAST_ADVISED:
        yield _(
            "the contrast is {found:.1f}; {contrast_advised:g} or more is advised for rain and shade",
            found=found,
            contrast_advised=CONTRAST_ADVISED,
        )


def unreadable(look: QrStyle, host: str, decoders: Decoders) -> Iterator[Text]:
    """Which decoders read too few pictures of the look's codes."""
    pictures = [(text, seen) for text, code in _codes(look, trial_texts(host)) for seen in _seen(code)]
    for name, decode in decoders.items():
        read = sum(text in decode(seen) for text, seen in pictures)
        if read < READ_LEAST * len(pictures):
            yield _(
                "{decoder} reads {read} of {count} pictures as a camera sees the code, at least {least} are needed",
                decoder=name,
                read=read,
                count=len(pictures),
                least=int(-(-READ_LEAST * len(pictures) // 1)),
            )


def trial_texts(host: str) -> list[str]:
    """The texts of a trial's codes: as long as a bib's, and always the same."""
    chance = np.random.default_rng(20_260_903)
    return [bib_url(host, new_code(lambda bits: int(chance.integers(1 << bits)))) for _ in range(TEXTS)]


def _codes(look: QrStyle, texts: Sequence[str]) -> Iterator[tuple[str, Image.Image]]:
    for text, picture in zip(texts, code_pictures(look, texts, DOTS_PER_MODULE), strict=True):
        yield text, Image.fromarray(picture[..., ::-1]).convert("L")


def _seen(code: Image.Image) -> Iterator[Picture]:
    """The code as a camera sees it: in each size clean, noisy, and turned away; the same whenever it is asked for."""
    chance = np.random.default_rng(0)
    for module in SIZES:
        side = code.height * module // DOTS_PER_MODULE
        for blur, noise, width in DAMAGE:
            small = code.resize((round(side * width), side), Image.Resampling.BOX)
            soft = ImageOps.expand(small, side // 7, SURROUND).filter(ImageFilter.GaussianBlur(blur * module))
            grain = chance.normal(0, noise, (soft.height, soft.width))
            yield np.clip(np.asarray(soft, np.float32) * DULL + LIFT + grain, 0, 255).astype(np.uint8)


def code_pictures(look: QrStyle, texts: Sequence[str], dots_per_module: int) -> Iterator[Picture]:
    """The texts' codes as printed, in colour (blue, green, red), each with its quiet zone of white."""
    file = io.BytesIO()
    side = len(look.modules(texts[0]))
    whole = side + 2 * QUIET_MODULES
    canvas = Canvas(file, whole, whole, "QR")
    for text in texts:
        canvas.qr(Area(QUIET_MODULES, QUIET_MODULES, side, side), text, look)
        canvas.next_page()
    canvas.save()
    yield from render_pages(file.getvalue(), dots_per_module)


def write_preview(path: Path, look: QrStyle, text: str) -> None:
    """Save the code as a PNG of about a thousand pixels.

    Raises:
        OSError: the file cannot be written.
    """
    whole = len(look.modules(text)) + 2 * QUIET_MODULES
    (picture,) = code_pictures(look, [text], round(PREVIEW_PX / whole))
    Image.fromarray(picture[..., ::-1]).save(path, "PNG")
