"""Reads a firm's logo, SVG, PNG or JPG, as something that can be printed in CMYK; the one file that knows svglib and reads pictures."""

import hashlib
import io
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from PIL import Image, ImageOps
from reportlab.graphics import shapes
from reportlab.lib.colors import CMYKColor, Color

from bibs.design.colours import inks
from timing.errors import Unreachable, WrongUse
from timing.language import _

BYTES_MOST: Final = 2_000_000
PIXELS_MOST: Final = 25_000_000
PIXELS_LEAST: Final = 100
PIXELS_PRINTED: Final = 600
"""On a side: 15 mm of paper at some 1,000 dots per inch."""
PIECES_MOST: Final = 2_000
PLAIN_SHAPES: Final = (
    shapes.Path,
    shapes.Rect,
    shapes.Circle,
    shapes.Ellipse,
    shapes.Line,
    shapes.Polygon,
    shapes.PolyLine,
)
PICTURES: Final = {b"\x89PNG": ".png", b"\xff\xd8\xff": ".jpg"}
"""Of the pictures that may be a logo, how their files begin and what they are called."""

FOREIGN: Final = re.compile(
    rb"<!DOCTYPE|<!ENTITY|<(?:\w+:)?(?:script|image|text|foreignObject|filter|mask|linearGradient|radialGradient|pattern)\b"
    rb"|\x00|encoding\s*=\s*[\"'](?!utf-?8)|href\s*=\s*[\"'](?!#)|url\(\s*[\"']?(?!#)|@import",
    re.IGNORECASE,
)
"""What reaches outside the drawing, or what no printer's plate shows as the screen does."""


@dataclass(frozen=True, slots=True)
class Logo:
    """A logo ready to print: its file's bytes, and either a drawing in vectors or a picture."""

    data: bytes = field(repr=False)
    drawing: Any = field(default=None, repr=False, compare=False)
    picture: Image.Image | None = field(default=None, repr=False, compare=False)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @property
    def suffix(self) -> str:
        """Of its file's name."""
        return next((suffix for begin, suffix in PICTURES.items() if self.data.startswith(begin)), ".svg")

    @property
    def shape(self) -> float:
        """Its width as a part of its height."""
        wide, high = self.picture.size if self.picture else (self.drawing.width, self.drawing.height)
        return float(wide / high)


def read_logo(path: Path) -> Logo:
    """The logo in a file.

    Raises:
        Unreachable: there is no such file.
        WrongUse: it is neither an SVG of plain shapes nor a PNG or JPG, or it is too large or too small.
    """
    try:
        data = path.read_bytes()
    except OSError as failure:
        raise Unreachable(_("cannot open the logo: {failure}", failure=failure)) from failure
    if len(data) > BYTES_MOST:
        raise WrongUse(
            _(
                "{path}: the logo has {count:.1f} MB, at most {bytes_most:g} MB are allowed",
                path=path.name,
                count=len(data) / 1e6,
                bytes_most=BYTES_MOST / 1e6,
            ),
        )
    if data.startswith(tuple(PICTURES)):
        return Logo(data, picture=_picture(path, data))
    if path.suffix.lower() == ".svg":
        return Logo(data, drawing=_drawing(path, data))
    raise WrongUse(_("{path}: a logo must be an SVG, PNG or JPG file", path=path.name))


def _picture(path: Path, data: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(data), formats=["PNG", "JPEG"]) as found:
            width, height = found.size
            if width * height > PIXELS_MOST or min(width, height) < PIXELS_LEAST:
                raise WrongUse(
                    _(
                        "{path}: the logo has {width} x {height} pixels; at least {pixels_least} on the shorter side are needed, and at most {pixels_most} million in all",
                        path=path.name,
                        width=width,
                        height=height,
                        pixels_least=PIXELS_LEAST,
                        pixels_most=PIXELS_MOST // 1_000_000,
                    ),
                )
            clear = ImageOps.exif_transpose(found).convert("RGBA")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise WrongUse(
            _(
                "{path}: the logo has too many pixels; at most {pixels_most} million are allowed",
                path=path.name,
                pixels_most=PIXELS_MOST // 1_000_000,
            ),
        ) from bomb
    except (OSError, ValueError, SyntaxError) as wrong:
        raise WrongUse(_("{path}: a broken picture: {wrong}", path=path.name, wrong=wrong)) from wrong
    clear.thumbnail((PIXELS_PRINTED, PIXELS_PRINTED), Image.Resampling.LANCZOS)
    paper = Image.new("RGBA", clear.size, "white")
    return _in_inks(Image.alpha_composite(paper, clear).convert("RGB"))


def _in_inks(picture: Image.Image) -> Image.Image:
    """Cyan, magenta, yellow and black, with grey in black alone."""
    light = np.asarray(picture, np.float32) / 255
    lightest = light.max(axis=2, keepdims=True)
    inks = np.concatenate([1 - light / np.maximum(lightest, 1e-6), 1 - lightest], axis=2)
    inks[lightest[..., 0] == 0] = (0, 0, 0, 1)
    return Image.fromarray(np.round(inks * 255).astype(np.uint8), "CMYK")


def _drawing(path: Path, data: bytes) -> Any:
    foreign = FOREIGN.search(data)
    if foreign:
        raise WrongUse(
            _(
                "{path}: the SVG holds {value!r}; save it with plain shapes only, letters as outlines, no pictures and gradients",
                path=path.name,
                value=foreign[0].decode("ascii", "replace"),
            ),
        )
    from svglib.svglib import svg2rlg

    logging.getLogger("svglib").setLevel(logging.CRITICAL)  # we say ourselves what is wrong
    try:
        drawing = svg2rlg(io.BytesIO(data))
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as wrong:
        raise WrongUse(_("{path}: a broken SVG: {wrong}", path=path.name, wrong=wrong)) from wrong
    pieces = list(_pieces(drawing)) if drawing is not None else []
    if drawing is None or not pieces or min(drawing.width, drawing.height) <= 0:
        raise WrongUse(_("{path}: this SVG shows nothing", path=path.name))
    if len(pieces) > PIECES_MOST or not all(isinstance(piece, PLAIN_SHAPES) for piece in pieces):
        raise WrongUse(
            _(
                "{path}: the SVG is too intricate; save at most {pieces_most} plain shapes",
                path=path.name,
                pieces_most=PIECES_MOST,
            ),
        )
    for piece in pieces:
        _into_inks(piece)
    return drawing


def _pieces(group: Any) -> Iterator[Any]:
    for piece in group.contents:
        if isinstance(piece, shapes.Group):
            yield from _pieces(piece)
        else:
            yield piece


def _into_inks(piece: Any) -> None:
    """Opaque inks instead of screen colours; what shone through becomes a tint on white."""
    for name in ("fill", "stroke"):
        colour = getattr(piece, f"{name}Color", None)
        if isinstance(colour, Color) and not isinstance(colour, CMYKColor):
            share = colour.alpha * (getattr(piece, f"{name}Opacity", None) or 1)
            light = [1 - share * (1 - channel) for channel in (colour.red, colour.green, colour.blue)]
            setattr(piece, f"{name}Color", CMYKColor(*inks(light)))
        if hasattr(piece, f"{name}Opacity"):
            setattr(piece, f"{name}Opacity", None)
