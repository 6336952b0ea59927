"""Reads the formatting of an XLSX file: number formats, strike-through, errors, merged and hidden cells.

Reads the parts themselves and keeps to what matters, so that names of parts in other case, the strict namespaces and broken styles are no trouble.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO
from xml.etree.ElementTree import Element, ParseError, iterparse

from bibs.roster.files.appearance import Appearance, Place
from bibs.roster.files.formats import BUILT_IN
from bibs.roster.table_rows import MAX_COLUMNS, MAX_ROWS, Unreadable, too_large
from timing.language import _

CELL = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})", re.IGNORECASE)
WORKBOOK = "xl/workbook.xml"
STRINGS = "xl/sharedstrings.xml"
STYLES = "xl/styles.xml"


@dataclass(frozen=True, slots=True)
class _Styles:
    """The format of each style index, and whether it is struck through."""

    formats: list[str] = field(default_factory=list)
    struck: list[bool] = field(default_factory=list)
    struck_texts: dict[int, bool] = field(default_factory=dict)
    """Of shared texts of which a part is struck through: whether all of it is."""


def appearances(archive: zipfile.ZipFile) -> list[Appearance]:
    """Each sheet's, in the order of the workbook.

    Raises:
        ParseError, LookupError, ValueError: a part is broken or missing.
        Unreadable: rows or cells stand out of order, or beyond what a roster has.
    """
    parts = {name.replace("\\", "/").lower().lstrip("/"): name for name in archive.namelist()}
    styles = _styles(archive, parts)
    found = []
    for part in _sheet_parts(archive, parts):
        with archive.open(parts[part]) as sheet:
            found.append(_Reader(styles).read(sheet))
    return found


def _sheet_parts(archive: zipfile.ZipFile, parts: dict[str, str]) -> Iterator[str]:
    """The parts of the sheets, charts included, in the workbook's order."""
    targets = {
        relation.get("Id", ""): posixpath.normpath(posixpath.join("/xl", relation.get("Target", "").replace("\\", "/")))
        for relation in _elements(archive, parts["xl/_rels/workbook.xml.rels"], {"Relationship"})
    }
    for sheet in _elements(archive, parts[WORKBOOK], {"sheet"}):
        key = next(value for name, value in sheet.items() if name.endswith("}id"))
        yield targets[key].lstrip("/").lower()


def _styles(archive: zipfile.ZipFile, parts: dict[str, str]) -> _Styles:
    """The styles; none if they are broken or missing."""
    styles = _Styles()
    with suppress(ParseError, LookupError, ValueError):
        _read_styles(archive, parts[STYLES], styles)
    with suppress(ParseError, LookupError, ValueError):
        texts = _elements(archive, parts[STRINGS], {"si"})
        looks = ((at, struck_runs(text)) for at, text in enumerate(texts))
        styles.struck_texts.update((at, all(runs)) for at, runs in looks if any(runs))
    return styles


def _read_styles(archive: zipfile.ZipFile, part: str, styles: _Styles) -> None:
    codes = {str(number): code for number, code in BUILT_IN.items()}
    fonts: list[bool] = []
    for block in _elements(archive, part, {"numFmts", "fonts", "cellXfs"}):
        if local(block) == "numFmts":
            codes |= {own.get("numFmtId", ""): own.get("formatCode", "") for own in block}
        elif local(block) == "fonts":
            fonts = [any(map(_strikes, font)) for font in block]
        else:
            styles.formats.extend(codes.get(style.get("numFmtId", ""), "") for style in block)
            numbers = [int(style.get("fontId", 0)) for style in block]
            styles.struck.extend(number < len(fonts) and fonts[number] for number in numbers)


def _elements(archive: zipfile.ZipFile, part: str, names: set[str]) -> Iterator[Element]:
    """The elements of these names, one after the other; none is kept."""
    with archive.open(part) as source:
        for _, element in iterparse(source):
            if local(element) in names:
                yield element
                element.clear()


def _strikes(element: Element) -> bool:
    return local(element) in ("strike", "dstrike") and element.get("val", "1").lower() not in ("0", "false", "off")


def struck_runs(text: Element) -> list[bool]:
    """For each run of a rich text whether it is struck through; empty for a plain text."""
    runs = [part for part in text if local(part) == "r" and "".join(part.itertext()).strip()]
    return [any(map(_strikes, run.iter())) for run in runs]


def local(element: Element) -> str:
    """An element's name without its namespace."""
    return element.tag.rpartition("}")[2]


class _Reader:
    """Walks through one sheet's XML once, keeping none of it."""

    def __init__(self, styles: _Styles) -> None:
        self._styles, self._found, self._row = styles, Appearance(), 0

    def read(self, part: IO[bytes]) -> Appearance:
        for _event, element in iterparse(part):
            if local(element) == "row":
                self._take(element)
                element.clear()
            elif local(element) == "mergeCell":
                first, _, last = element.get("ref", "").partition(":")
                (top, left), (bottom, _) = place_of(first), place_of(last or first)
                if bottom > top:
                    self._found.merged.append((top, bottom, left))
        return self._found

    def _take(self, row: Element) -> None:
        before, self._row = self._row, int(row.get("r", self._row + 1))
        _refuse_disorder(before, self._row)
        if row.get("hidden") in ("1", "true"):
            self._found.hidden_rows.add(self._row)
        column = -1
        for cell in row:
            before, column = column, place_of(cell.get("r", ""))[1] if cell.get("r") else column + 1
            _refuse_disorder(before, column)
            self._look_at(cell, (self._row, column))

    def _look_at(self, cell: Element, place: Place) -> None:
        parts = {local(part): part for part in cell}
        value = (parts["v"].text or "") if "v" in parts else ""
        beyond = place[0] > MAX_ROWS or place[1] >= MAX_COLUMNS
        if beyond and (value.strip() or ("is" in parts and "".join(parts["is"].itertext()).strip())):
            raise too_large()
        if "f" in parts and cell.get("t") != "str" and not value:  # an empty text has the type of a text
            self._found.uncalculated.append(place)
        if cell.get("t") == "e":
            self._found.errors[place] = value
        self._style(cell, parts, value, place)

    def _style(self, cell: Element, parts: dict[str, Element], value: str, place: Place) -> None:
        style = int(cell.get("s", 0))
        if style < len(self._styles.formats) and (code := self._styles.formats[style]):
            self._found.formats[place] = code
        whole = style < len(self._styles.struck) and self._styles.struck[style]
        runs = struck_runs(parts["is"]) if "is" in parts else []
        if (
            cell.get("t") == "s"
            and value.isdigit()
            and (all_of_it := self._styles.struck_texts.get(int(value))) is not None
        ):
            runs = [True, all_of_it]
        if whole or (runs and all(runs)):
            self._found.struck.add(place)
        elif any(runs):
            self._found.partly.add(place)


def place_of(reference: str) -> Place:
    """The row and column of a cell reference.

    >>> place_of("A1"), place_of("AB12")
    ((1, 0), (12, 27))
    """
    found = CELL.fullmatch(reference)
    if not found:
        raise ValueError(reference)
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column - 1


def _refuse_disorder(before: int, after: int) -> None:
    """Refuse rows and cells out of order, which libraries drop or overwrite silently."""
    if after <= before:
        raise Unreadable(
            _("rows or cells stand out of order in the file; open it in Excel and save it again"),
        )
