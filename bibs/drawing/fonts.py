"""Finds a Korean TrueType family on this machine; none is in the repository, and nothing without Hangul is ever taken."""

import sys
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from timing.errors import Unreachable
from timing.language import _

# Text, bold text, heavy numerals. Families with a heavy face come first; without one the bold stands in.
FAMILIES = (
    ("NanumGothic.ttf", "NanumGothicBold.ttf", "NanumGothicExtraBold.ttf"),
    ("NanumGothic.ttf", "NanumGothicBold.ttf", "NanumGothicBold.ttf"),
    ("malgun.ttf", "malgunbd.ttf", "malgunbd.ttf"),
)
FONT_PACKAGE = "koreanize_matplotlib"  # a package that carries the Nanum fonts; used as data, never imported
TRUETYPE = (b"\x00\x01\x00\x00", b"true")


@dataclass(frozen=True, slots=True)
class Family:
    """One family's files: text, bold text, and the heaviest face for numerals."""

    regular: Path
    bold: Path
    heavy: Path


class NoKoreanFont(Unreachable):
    """There is no usable Korean font on this machine."""

    def __init__(self) -> None:
        how = "apt install fonts-nanum fonts-nanum-extra | pip install --no-deps koreanize-matplotlib"
        super().__init__(_("no Korean TrueType font found; install one: {how}", how=how))


@cache
def find_family() -> Family:
    """The first complete family with TrueType outlines.

    Raises:
        NoKoreanFont: there is none; printing boxes instead of names is no choice.
    """
    for names in FAMILIES:
        for folder in _folders():
            files = [folder / name for name in names]
            if all(_is_truetype(file) for file in files):
                return Family(*files)
    raise NoKoreanFont


def _folders() -> list[Path]:
    places = [
        Path("/usr/share/fonts/truetype/nanum"),
        Path.home() / ".local/share/fonts",
        Path.home() / "Library/Fonts",
    ]
    if sys.platform == "win32":
        places.append(Path("C:/Windows/Fonts"))
    package = find_spec(FONT_PACKAGE)
    if package and package.submodule_search_locations:
        places.append(Path(package.submodule_search_locations[0]) / "fonts")
    return [place for place in places if place.is_dir()]


def _is_truetype(file: Path) -> bool:
    """PostScript outlines (`OTTO`) cannot be embedded by the PDF library."""
    if not file.is_file():
        return False
    with file.open("rb") as data:
        return data.read(4) in TRUETYPE
