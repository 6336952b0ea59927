"""A firm's QR in its design as an `<svg>` that stands in a page: no script, no style, nothing fetched."""

import io
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps

from bibs.design.logo import Logo
from bibs.design.outline import Rows, dots, outline
from bibs.design.qr_style import PLAIN_LOOK, QrStyle, look_of
from bibs.design.symbol import QUIET_MODULES, note_modules
from timing.errors import RaceError
from timing.race.firms import PLAIN, Design, FirmCard

LETTERS: Final = {"move": "M", "line": "L", "curve": "C", "close": "Z"}
LOGO_PX: Final = 160
"""On its longer side: sharp on a phone, and some kilobytes at most."""
BADGE: Final = 40
BAR: Final = 8
WIDEST: Final = 4.0
"""Height of a firm's badge, width of its bar of colour, and how many times as wide as high its logo may be."""
LOGO_BYTES_MOST: Final = 30_000
"""Of a logo in vectors; a larger one is left out of the page, its place stays white."""


def code_svg(look: QrStyle, text: str) -> str:
    """The code with its quiet zone, white also on a dark page."""
    return _drawn(look.modules(text), look)


def note_svg(text: str) -> str:
    """A plain code of any text, such as a link that is read from a screen."""
    return _drawn(note_modules(text), PLAIN_LOOK)


def _drawn(rows: Rows, look: QrStyle) -> str:
    side, quiet = len(rows), QUIET_MODULES
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-quiet} {-quiet} {side + 2 * quiet} {side + 2 * quiet}">',
            f'<path fill="#fff" d="M{-quiet} {-quiet}h{side + 2 * quiet}v{side + 2 * quiet}h{-side - 2 * quiet}z"/>',
            f'<path fill="{look.design.ground}" d="M0 0h{side}v{side}h{-side}z"/>' if look.ground else "",
            f'<path fill="{look.design.colour}" d="{"".join(_steps(rows, look))}"/>',
            _logo(look.inner_logo, look.hole(side), side) if look.inner_logo else "",
            "</svg>",
        )
    )


def _steps(rows: Rows, look: QrStyle) -> Iterator[str]:
    for step, numbers in outline(rows, look.design.shape):
        yield LETTERS[step] + " ".join(f"{number:g}" for number in numbers)
    if look.design.shape == "circle":
        yield from (f"M{x - 0.5:g} {y:g}a.5 .5 0 1 1 0 .01z" for x, y in dots(rows))


def _logo(logo: Logo, hole: int, side: int) -> str:
    at = (side - hole) / 2
    return _image(logo, at, at, hole, hole)


def _image(logo: Logo, x: float, y: float, width: float, height: float) -> str:
    """The logo as a picture: a browser runs no script in one, and lets it fetch nothing."""
    kind, data = ("png", _small(logo.data)) if logo.picture else ("svg+xml", logo.data)
    if len(data) > LOGO_BYTES_MOST:
        return ""
    told = b64encode(data).decode()
    return f'<image x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" href="data:image/{kind};base64,{told}"/>'


def _small(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data), formats=["PNG", "JPEG"]) as found:
        clear = ImageOps.exif_transpose(found).convert("RGBA")
    clear.thumbnail((LOGO_PX, LOGO_PX), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    clear.save(file, "PNG", optimize=True)
    return file.getvalue()


def badge_svg(look: QrStyle) -> str:
    """The firm's colour as a bar, and its logo on white beside it; empty where it has neither."""
    logo, coloured = look.logo, look.design.colour != PLAIN.colour
    picture = _image(logo, BAR, 0, max(1.0, min(WIDEST, logo.shape)) * BADGE, BADGE) if logo else ""
    if not (picture or coloured):
        return ""
    wide = BAR + (max(1.0, min(WIDEST, logo.shape)) * BADGE if logo and picture else 0)
    bar = f'<path fill="{look.design.colour}" d="M0 0h{BAR}v{BADGE}h-{BAR}z"/>' if coloured else ""
    white = f'<path fill="#fff" d="M{BAR} 0h{wide - BAR:g}v{BADGE}h-{wide - BAR:g}z"/>' if picture else ""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:g} {BADGE}">{bar}{white}{picture}</svg>'


class FirmCodes:
    """Draws firms' codes for the pages of one race; each is drawn once while its text and design stay."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._drawn: dict[tuple[str, bool], tuple[str, Design, str]] = {}

    def __call__(self, card: FirmCard, text: str) -> str:
        """The code of this text in the firm's design, in plain black where its logo cannot be read any more; of no text the badge."""
        key = card.company, bool(text)
        kept = self._drawn.get(key)
        if kept is None or kept[:2] != (text, card.design):
            look = self._look(card.design)
            kept = text, card.design, code_svg(look, text) if text else badge_svg(look)
            self._drawn[key] = kept
        return kept[2]

    def _look(self, design: Design) -> QrStyle:
        try:
            return look_of(design, self._root)
        except RaceError:
            return PLAIN_LOOK
