"""The importer's settings for a list, where the file alone does not tell. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bibs.roster.headings import ALIASES, HEADER_WITHIN, bare, column_of, columns_of
from bibs.roster.table_rows import SourceSheet
from timing.errors import WrongUse
from timing.language import _
from timing.race.spelling import clean

NONE = "-"


@dataclass(frozen=True, slots=True)
class Wishes:
    """How to read the lists."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """The column that each heading names; `-` for one that is not read."""
    firm: str = ""
    """Of everybody in a list that has no column for the firm."""
    keep_dates: bool = False
    """Take a date for the name of a team, a category, a wave."""
    skip_cancelled: bool = False
    """Leave out who looks cancelled."""
    encoding: str = ""
    """Of text files."""


NOTHING = Wishes()


def mapping_of(pairs: Iterable[str]) -> dict[str, str]:
    """The columns by heading, from pairs such as `Team=team`, `성명(한글)=name`, `이름=-`.

    Raises:
        WrongUse: a pair without `=`, or a column that we do not know.
    """
    said = {}
    for pair in pairs:
        heading, equals, column = (part.strip() for part in pair.rpartition("="))
        named = column if column in (*ALIASES, NONE) else column_of(column)
        if not (heading and equals and named):
            columns = ", ".join(ALIASES)
            raise WrongUse(
                _(
                    "--map {pair!r} is no `HEADING=COLUMN`; the columns are {columns}, and - for none",
                    pair=pair,
                    columns=columns,
                ),
            )
        said[heading] = named
    return said


def refuse_unknown_headings(columns: Mapping[str, str], sheets: Iterable[SourceSheet]) -> None:
    """Refuse a mapping of headings that no list has.

    Raises:
        WrongUse: none of the lists has it; names those that they have.
    """
    top = [line for sheet in sheets for line in sheet.lines[:HEADER_WITHIN]]
    there = {bare(cell) for line in top for cell in line.cells}
    missing = [heading for heading in columns if bare(heading) not in there]
    if missing:
        like = max(top, key=lambda line: len(columns_of(line)), default=None)
        found = ", ".join(clean(cell) for cell in like.cells if clean(cell)) if like and columns_of(like) else "-"
        absent = ", ".join(f"`{heading}`" for heading in missing)
        raise WrongUse(_("no heading {absent}; the headings found: {found}", absent=absent, found=found))
