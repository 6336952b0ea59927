"""Reads the sheets of an OpenDocument spreadsheet (.ods): its cells hold the very text that people see."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from xml.etree.ElementTree import Element, iterparse

from bibs.roster.dates import TIME, to_the_minute
from bibs.roster.files.appearance import Appearance, dressed
from bibs.roster.files.formats import shown
from bibs.roster.files.xlsx_parts import local
from bibs.roster.table_rows import MAX_COLUMNS, MAX_ROWS, SourceSheet, filled, locked, too_large

CONTENT = "content.xml"
ENCRYPTED = b"encryption-data"
DURATION = re.compile(r"-?P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?")
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")
ASIDE = ("annotation", "shapes", "frame")  # inside a cell and not its text
NO_LINE = ("", "none")


@dataclass(slots=True)
class _Table:
    """A sheet as it is being read."""

    name: str
    hidden: bool
    rows: list[list[str]] = field(default_factory=list)
    look: Appearance = field(default_factory=Appearance)


def opendocument_sheets(archive: zipfile.ZipFile) -> list[SourceSheet]:
    """The sheets, hidden ones too.

    Raises:
        ParseError, LookupError, ValueError: a part is broken or missing.
        Unreadable: it is protected by a password, or larger than a roster can be.
    """
    if "META-INF/manifest.xml" in archive.namelist() and ENCRYPTED in archive.read("META-INF/manifest.xml"):
        raise locked()
    found = []
    for table in _tables(archive):
        sheet = dressed(filled(table.rows), table.look)
        sheet.name, sheet.hidden = table.name, table.hidden
        found.append(sheet)
    return found


def _tables(archive: zipfile.ZipFile) -> Iterator[_Table]:
    struck: set[str] = set()
    unseen: set[str] = set()
    table = _Table("", False)
    with archive.open(CONTENT) as part:
        for event, element in iterparse(part, ("start", "end")):
            kind = local(element)
            if event == "start" and kind == "table":
                table = _Table(attribute(element, "name"), attribute(element, "style-name") in unseen)
            elif event == "end" and kind == "style":
                _learn(element, struck, unseen)
            elif event == "end" and kind == "table-row":
                _take(element, table, struck)
                element.clear()
            elif event == "end" and kind == "table":
                yield table


def _learn(style: Element, struck: set[str], unseen: set[str]) -> None:
    name = attribute(style, "name")
    for properties in style:
        if any(attribute(properties, f"text-line-through-{what}") not in NO_LINE for what in ("style", "type")):
            struck.add(name)
        if attribute(properties, "display") == "false":
            unseen.add(name)


def _take(row: Element, table: _Table, struck: set[str]) -> None:
    number, times = len(table.rows) + 1, _times(row, "number-rows-repeated")
    look = Appearance()
    cells: list[str] = []
    for cell in row:
        if local(cell) in ("table-cell", "covered-table-cell"):
            _look_at(cell, (number, len(cells)), look, struck)
            text = _text(cell)
            cells += [text] * min(_times(cell, "number-columns-repeated"), MAX_COLUMNS + 1)
            if any(cells[MAX_COLUMNS:]):
                raise too_large()
            del cells[MAX_COLUMNS:]
    if any(cells) and number + times - 1 > MAX_ROWS:
        raise too_large()
    if attribute(row, "visibility") in ("collapse", "filter"):
        look.hidden_rows.update(range(number, min(number + times, MAX_ROWS)))
    table.look.hidden_rows |= look.hidden_rows
    table.look.struck |= look.struck
    table.look.merged += look.merged
    table.look.uncalculated += look.uncalculated
    table.rows += [cells] * (times if any(cells) else min(times, MAX_ROWS))


def _look_at(cell: Element, place: tuple[int, int], look: Appearance, struck: set[str]) -> None:
    down = _times(cell, "number-rows-spanned")
    if down > 1:
        look.merged.append((place[0], place[0] + down - 1, place[1]))
    if any(attribute(part, "style-name") in struck for part in _own(cell)):
        look.struck.add(place)
    if attribute(cell, "formula") and not attribute(cell, "value-type") and not _text(cell):
        look.uncalculated.append(place)


def _own(element: Element) -> Iterator[Element]:
    """The element and what stands inside, comments and pictures left out."""
    yield element
    for part in element:
        if local(part) not in ASIDE:
            yield from _own(part)


def _text(cell: Element) -> str:
    kind, text = attribute(cell, "value-type"), _shown(cell)
    if kind in ("date", "time") and TIME.fullmatch(text):  # whatever day it has behind it
        return to_the_minute(text)
    if kind == "date":
        day, _, clock = attribute(cell, "date-value").partition("T")
        return f"{day} {clock}".strip()
    if kind == "time" and (found := DURATION.fullmatch(attribute(cell, "time-value"))):
        days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
        return shown(timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds))
    return THOUSANDS.sub("", text) if kind in ("float", "currency") else text


def _shown(cell: Element) -> str:
    return "\n".join("".join(_words(part)) for part in cell if local(part) == "p")


def _words(element: Element) -> Iterator[str]:
    """The text of a paragraph; blanks, tabs and line breaks are elements."""
    yield {"s": " ", "tab": "\t", "line-break": "\n"}.get(local(element), "") + (element.text or "")
    for part in element:
        if local(part) not in ASIDE:
            yield from _words(part)
        yield part.tail or ""


def _times(element: Element, name: str) -> int:
    return max(int(attribute(element, name) or 1), 1)


def attribute(element: Element, name: str) -> str:
    """An attribute by its name without the namespace; empty where there is none."""
    return next((value for key, value in element.items() if key.rpartition("}")[2] == name), "")
