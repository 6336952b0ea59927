"""Letters that the fonts lack, drawn as the nearest ones: nobody goes without a bib for a letter."""

import unicodedata
from typing import Final

from bibs.drawing.canvas import missing_glyphs

NONE_NEAR: Final = "○"
"""Stands for a letter that has none near it, as Korean papers write a name that is not told."""


def nearest(text: str) -> str:
    """The text in letters that the fonts draw: e for ễ, ○ for a letter without one near it."""
    missing = missing_glyphs(text)
    return "".join(_near(letter) if letter in missing else letter for letter in text) if missing else text


def _near(letter: str) -> str:
    bare = "".join(one for one in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(one))
    return bare if bare and not missing_glyphs(bare) else NONE_NEAR
