"""What a folder of printed bibs says of itself: which runner stands on which page of which file, and how it was proved."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct

from bibs.drawing.fonts import find_family
from bibs.drawing.imposition import Output, PrintSheet
from bibs.drawing.layout import Area, BibLayout
from bibs.drawing.sheet import BibFace
from timing.errors import Unreachable
from timing.language import _

MANIFEST: Final = "manifest.json"
Proved = Literal["two decoders", "one decoder", "no"]


class PrintedBib(Struct, frozen=True, kw_only=True):
    """One bib in a file: `page` counts from 1, `box` is its outline on the page in millimetres from the top left."""

    number: int
    code: str
    mark: str | None
    entrant: str
    file: str
    page: int
    sha256: str
    box: Area | None = None


class Manifest(Struct, frozen=True, kw_only=True):
    """The manifest of a folder. `bibs` has each bib once, `reprints` what was printed by itself at the desk."""

    firm: str = ""
    layout: str = ""
    output: Output = "plain"
    marks: bool = False
    proved: Proved = "no"
    fonts: dict[str, str] = {}
    bibs: list[PrintedBib] = []
    reprints: list[PrintedBib] = []

    def write(self, folder: Path) -> None:
        told: dict[str, Any] = msgspec.to_builtins(self)
        if not self.reprints:
            del told["reprints"]
        text = json.dumps(told, ensure_ascii=False, indent=1)
        (folder / MANIFEST).write_text(text, encoding="utf-8")


def entries(file: Path, bibs: Sequence[BibFace], layout: BibLayout, sheet: PrintSheet) -> list[PrintedBib]:
    """What there is to say of a finished file."""
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return [
        PrintedBib(
            number=bib.number,
            code=bib.code,
            mark=bib.mark,
            entrant=bib.entrant,
            file=file.name,
            page=spot.page + 1,
            sha256=digest,
            box=layout.page.moved(spot.x, spot.y),
        )
        for bib, spot in zip(bibs, sheet.spots(len(bibs)), strict=True)
    ]


def read_manifest(folder: Path) -> Manifest:
    """The folder's manifest; an empty one where there is none.

    Raises:
        Unreachable: the file is no manifest.
    """
    path = folder / MANIFEST
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest) if path.is_file() else Manifest()
    except (OSError, msgspec.DecodeError) as failure:
        raise Unreachable(_("{path}: cannot be read: {failure}", path=path, failure=failure)) from failure


def packets(root: Path) -> Iterator[tuple[Path, Manifest]]:
    """Every folder of printed bibs, and its manifest."""
    for path in sorted(root.glob(f"*/{MANIFEST}")):
        yield path.parent, read_manifest(path.parent)


@cache
def font_hashes() -> dict[str, str]:
    """The fonts' files with their SHA-256: the same fonts and the same data make the same bytes."""
    family = find_family()
    files = dict.fromkeys((family.regular, family.bold, family.heavy))
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
