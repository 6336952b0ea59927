"""Explains why a sheet is no roster: a column or all people are missing, or the importer's mapping does not fit. Pure."""

import re
from collections.abc import Mapping, Sequence

from bibs.roster.entries.entry import Fault, where_of
from bibs.roster.entries.resident import holds_resident_number
from bibs.roster.entries.wishes import Wishes
from bibs.roster.headings import HEADER_WITHIN, column_of, columns_of
from bibs.roster.table_rows import TableRow
from timing.language import _
from timing.race.spelling import clean

NUMBERED = re.compile(r"(.*\D) ?\(?(\d{1,2})\)?")


def no_roster(
    file: str, lines: Sequence[TableRow], header: TableRow | None, wishes: Wishes, raw: Mapping[int, TableRow]
) -> Fault | None:
    if header is None or not columns_of(header).keys() & {"name", "bib"}:
        return _missing(file, lines, header, raw)
    if wishes.firm and not header.cells[columns_of(header)["company"]].startswith("="):
        heading = clean(header.cells[columns_of(header)["company"]])
        return Fault(
            where_of(file, header),
            _("the list has a column for the firm (`{heading}`); --firm is for lists without", heading=heading),
        )
    if lines[-1].number <= header.number:
        return Fault(file, _("no people below the header"))
    return None


def _numbered_names(header: TableRow) -> list[int]:
    """The indices of numbered headings for names: `성명1`, `성명2`."""
    cells = enumerate(header.cells)
    return [at for at, cell in cells if (found := NUMBERED.fullmatch(clean(cell))) and column_of(found[1]) == "name"]


def _missing(file: str, lines: Sequence[TableRow], header: TableRow | None, raw: Mapping[int, TableRow]) -> Fault:
    """The missing column, and the headings found in the file."""
    like = header or max(lines[:HEADER_WITHIN], key=lambda line: (len(columns_of(line)), -line.number), default=None)
    columns = columns_of(like) if like else {}
    text = _("no column `company`")
    hint = _("--map HEADING=company or --firm NAME")
    if like and len(_numbered_names(like)) > 1:
        headings = ", ".join(f"`{clean(like.cells[at])}`" for at in _numbered_names(like))
        return Fault(
            where_of(file, like),
            _("a row holds several people ({headings}); give each a row of their own", headings=headings),
        )
    if header:
        text = _("no column `name`")
        hint = _("--map HEADING=name")
    if not like or not columns:
        return Fault(file, _("{text}; check the header row ({hint})", text=text, hint=hint))
    found = ", ".join(
        f"`{clean(cell)}`" for cell in raw[like.number].cells if clean(cell) and not holds_resident_number(clean(cell))
    )
    place = where_of(file, like) if header else file
    return Fault(place, _("{text}; the headings found: {found}; {hint}", text=text, found=found, hint=hint))
