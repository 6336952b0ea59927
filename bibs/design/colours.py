"""Colours of the screen as inks of the press, and how well two are told apart. Pure."""

import re
from collections.abc import Sequence

from timing.errors import WrongUse
from timing.language import _

Inks = tuple[float, float, float, float]
"""Cyan, magenta, yellow and black, from 0 to 1."""


def colour_of(text: str) -> str:
    """A colour as `#RRGGBB`.

    Raises:
        WrongUse: it is none.
    """
    if not re.fullmatch(r"#?[0-9A-Fa-f]{6}", text.strip()):
        raise WrongUse(
            _("{text!r} is no colour; write it like '#0B4F8A', quoted because of the #", text=text),
        )
    return "#" + text.strip().lstrip("#").upper()


def channels(colour: str) -> tuple[float, float, float]:
    """Red, green and blue from 0 to 1.

    >>> channels("#FF0033")
    (1.0, 0.0, 0.2)
    """
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def inks(light: Sequence[float]) -> Inks:
    """The inks of red, green and blue; grey is black alone and stays in register.

    >>> inks((0, 0, 0)), inks((1, 1, 1)), inks((0, 0.5, 0.5))
    ((0.0, 0.0, 0.0, 1.0), (0.0, 0.0, 0.0, 0.0), (1.0, 0.0, 0.0, 0.5))
    """
    lightest = max(light)
    if not lightest:
        return 0.0, 0.0, 0.0, 1.0
    cyan, magenta, yellow = (round(1 - channel / lightest, 3) for channel in light)
    return cyan, magenta, yellow, round(1.0 - lightest, 3)


def luminance(colour: str) -> float:
    """Relative luminance after WCAG 2, from 0 (black) to 1 (white)."""
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast of two colours after WCAG 2, from 1 to 21.

    >>> contrast("#000000", "#FFFFFF")
    21.0
    """
    darker, lighter = sorted((luminance(one), luminance(other)))
    return round((lighter + 0.05) / (darker + 0.05), 2)
