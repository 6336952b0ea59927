"""Codes in a picture: zxing-cpp first, pyzbar as a second opinion; the one file that knows either."""

import ctypes.util
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import dist

import zxingcpp

from scanners.reading.boxes import LEAST_PX, Corners
from scanners.reading.pixels import Picture
from timing.errors import Unreachable
from timing.language import _

QR_ONLY = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCodeModel2])  # its small kin are found in any creased paper


@dataclass(frozen=True, slots=True)
class Sighting:
    """One code in one picture: its text as read, and its upright side in pixels, which turning sideways does not shorten."""

    text: str
    size_px: float
    corners: Corners = ()


Reader = Callable[[Picture], list[Sighting]]


def read_zxing(gray: Picture) -> list[Sighting]:
    """QR codes only, upright tries only: all formats and rotations would cost twenty times as much and read no more."""
    found = zxingcpp.read_barcodes(gray, formats=QR_ONLY, try_rotate=False, try_downscale=False, try_invert=False)
    return _sightings(found)


def search_zxing(gray: Picture) -> tuple[list[Sighting], list[Corners]]:
    """As `read_zxing`, and where codes are that it found and could not read; as quick."""
    found = zxingcpp.read_barcodes(
        gray, formats=QR_ONLY, try_rotate=False, try_downscale=False, try_invert=False, return_errors=True
    )
    unread = [_corners(code.position) for code in found if code.error]
    return _sightings(code for code in found if not code.error), [one for one in unread if upright(one) >= LEAST_PX]


def read_thoroughly(gray: Picture) -> list[Sighting]:
    """With every try that the first reader knows: turned, from afar, white on black. For what is not read on every frame."""
    return _sightings(zxingcpp.read_barcodes(gray, formats=QR_ONLY))


def _sightings(found: Iterable[zxingcpp.Barcode]) -> list[Sighting]:
    return [Sighting(code.text, upright(at), at) for code in found if code.text for at in [_corners(code.position)]]


def _corners(at: zxingcpp.Position) -> Corners:
    points = at.top_left, at.top_right, at.bottom_right, at.bottom_left
    return tuple((float(point.x), float(point.y)) for point in points)


def upright(corners: Corners) -> float:
    """The mean of the left and the right side, in pixels."""
    upper_left, upper_right, lower_right, lower_left = corners
    return (dist(upper_left, lower_left) + dist(upper_right, lower_right)) / 2


def second_reader() -> Reader | None:
    """pyzbar, where its system library is present; None otherwise, and the station runs on the first reader."""
    if not ctypes.util.find_library("zbar"):
        return None
    try:
        from pyzbar import pyzbar
    except ImportError:
        return None

    def read(gray: Picture) -> list[Sighting]:
        found = pyzbar.decode(gray, symbols=[pyzbar.ZBarSymbol.QRCODE])
        return [
            Sighting(code.data.decode("utf-8", "replace"), float(code.rect.height), _rectangle(*code.rect))
            for code in found
            if code.data
        ]

    return read


def _rectangle(left: int, top: int, width: int, height: int) -> Corners:
    """The second reader's corners have no upper left: the upright rectangle around the code stands in."""
    right, bottom = left + width, top + height
    return (left, top), (right, top), (right, bottom), (left, bottom)


def second_texts() -> Callable[[Picture], list[str]] | None:
    """The second reader for still pictures, which knows nothing of the first; None where it is not installed."""
    second = second_reader()
    return None if second is None else lambda gray: [sighting.text for sighting in second(gray)]


def both_decoders() -> dict[str, Callable[[Picture], list[str]]]:
    """The texts in a still picture by each reader; what a trial of a design asks for.

    Raises:
        Unreachable: the second reader is not installed.
    """
    second = second_texts()
    if second is None:
        raise Unreachable(
            _(
                "the second decoder (zbar) is missing, so no design can be measured; install libzbar0 (Homebrew: zbar) and pyzbar"
            ),
        )
    return {"zxing": decode_texts, "zbar": second}


def decode_texts(gray: Picture) -> list[str]:
    """The texts in a still picture, as the station reads them; what a proof of a printed page asks for."""
    return [sighting.text for sighting in read_zxing(gray)]


def every_text(picture: Picture) -> list[str]:
    """The texts of all QR codes in a picture that somebody took, at any angle and size, grey or in colour; slower."""
    return [str(code.text) for code in zxingcpp.read_barcodes(picture, formats=QR_ONLY) if code.text]
