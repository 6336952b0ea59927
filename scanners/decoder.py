"""Codes in a picture: zxing-cpp first, pyzbar as a second opinion; the one file that knows either."""

import ctypes.util
from collections.abc import Callable
from dataclasses import dataclass
from math import dist

import numpy as np
import numpy.typing as npt
import zxingcpp

from timing.errors import Unreachable

Picture = npt.NDArray[np.uint8]
QR_ONLY = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
SECOND_OPINION_EVERY = 12  # frames without a code; the second reader is some twenty times slower


@dataclass(frozen=True, slots=True)
class Sighting:
    """One code in one picture: its text as read, and its upright side in pixels, which turning sideways does not shorten."""

    text: str
    size_px: float


Reader = Callable[[Picture], list[Sighting]]


class Decoder:
    """Reads every frame with the first reader and, now and then, a frame without a code with the second."""

    def __init__(self, second: Reader | None) -> None:
        self._second = second
        self._empty = 0

    def read(self, gray: Picture) -> list[Sighting]:
        found = read_zxing(gray)
        self._empty = 0 if found else self._empty + 1
        if self._second and self._empty % SECOND_OPINION_EVERY == 1:
            found = self._second(gray)
        return found


def read_zxing(gray: Picture) -> list[Sighting]:
    """QR codes only, upright tries only: all formats and rotations would cost twenty times as much and read no more."""
    found = zxingcpp.read_barcodes(gray, formats=QR_ONLY, try_rotate=False, try_downscale=False, try_invert=False)
    return [Sighting(code.text, _upright(code.position)) for code in found if code.text]


def _upright(corners: zxingcpp.Position) -> float:
    left = dist((corners.top_left.x, corners.top_left.y), (corners.bottom_left.x, corners.bottom_left.y))
    right = dist((corners.top_right.x, corners.top_right.y), (corners.bottom_right.x, corners.bottom_right.y))
    return (left + right) / 2


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
        return [Sighting(code.data.decode("utf-8", "replace"), float(code.rect.height)) for code in found]

    return read


def both_decoders() -> dict[str, Callable[[Picture], list[str]]]:
    """The texts in a still picture by each reader; what a trial of a design asks for.

    Raises:
        Unreachable: the second reader is not installed.
    """
    second = second_reader()
    if second is None:
        raise Unreachable(
            "두 번째 판독기(zbar)가 없어 디자인을 잴 수 없습니다. `apt install libzbar0`(맥: `brew install zbar`)과 pip의 pyzbar를 까세요",
            "the second decoder (zbar) is missing, so no design can be measured; install libzbar0 (Homebrew: zbar) and pyzbar",
        )
    return {"zxing": decode_texts, "zbar": lambda gray: [sighting.text for sighting in second(gray)]}


def decode_texts(gray: Picture) -> list[str]:
    """The texts in a still picture, as the station reads them; what a proof of a printed page asks for."""
    return [sighting.text for sighting in read_zxing(gray)]


def every_text(picture: Picture) -> list[str]:
    """The texts of all QR codes in a picture that somebody took, at any angle and size, grey or in colour; slower."""
    return [str(code.text) for code in zxingcpp.read_barcodes(picture, formats=QR_ONLY) if code.text]
