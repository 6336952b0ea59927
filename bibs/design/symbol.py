"""The QR symbol of a bib or a note: its modules by `qrcode`, drawn as one vector path."""

from collections.abc import Iterator
from dataclasses import dataclass

import qrcode
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.util import MODE_ALPHA_NUM, QRData

QUIET_MODULES = 4  # ISO/IEC 18004
LONGEST_V2 = 29  # alphanumeric characters that fit version 2 at level Q; longer texts read from less far


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Dark modules merged into one rectangle, in modules from the symbol's top left."""

    x: int
    y: int
    width: int
    height: int


def modules(text: str, strong: bool = False) -> list[list[bool]]:
    """The symbol's dark modules, row by row, without the quiet zone.

    Level Q survives an arm or a fold, the `strong` level H a logo in the middle besides, at the price of smaller modules. The
    fixed mask is as readable as the "best" one and eight times quicker to make.
    """
    return _modules(QRData(text, mode=MODE_ALPHA_NUM), ERROR_CORRECT_H if strong else ERROR_CORRECT_Q)


def note_modules(text: str) -> list[list[bool]]:
    """As `modules`, for a text of any letters on a sheet that hangs still: level M keeps the modules large.

    Upper case and digits take the compact mode, which keeps them larger still.
    """
    return _modules(QRData(text.encode()), ERROR_CORRECT_M)


def _modules(data: QRData, level: int) -> list[list[bool]]:
    symbol = qrcode.QRCode(error_correction=level, border=0, mask_pattern=2)
    symbol.add_data(data)
    symbol.make(fit=True)
    return [[bool(module) for module in row] for row in symbol.modules]


def rectangles(rows: list[list[bool]]) -> Iterator[Rectangle]:
    """Merge dark runs downwards, so that a printer draws no hairlines between modules."""
    open_runs: dict[tuple[int, int], int] = {}
    for y, row in enumerate([*rows, []]):
        runs = {run: open_runs.pop(run, y) for run in _dark_runs(row)}
        for (left, right), top in open_runs.items():
            yield Rectangle(left, top, right - left, y - top)
        open_runs = runs


def _dark_runs(row: list[bool]) -> Iterator[tuple[int, int]]:
    left = None
    for x, dark in enumerate([*row, False]):
        if dark and left is None:
            left = x
        elif not dark and left is not None:
            yield left, x
            left = None
