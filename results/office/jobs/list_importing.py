"""What the office asks of the importer of lists, which the server hands to it: a look at files, and their taking in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from msgspec import Struct

from timing.folder import OpenRace
from timing.language import Text
from timing.log.sql import Beside
from timing.people.office_seats import Official

NONE: Final = "-"
"""The column that a heading means which is not to be read."""


class ListAnswers(Struct, frozen=True):
    """What the director says of files where they do not tell, as the options of `marathon import` do."""

    columns: dict[str, str] = {}
    """By heading the column that it means; `-` for none."""
    firm: str = ""
    encoding: str = ""
    skip_cancelled: bool = False
    keep_dates: bool = False
    same: tuple[str, ...] = ()
    other: tuple[str, ...] = ()


class ListRow(NamedTuple):
    """A row and what becomes of it."""

    where: str
    """File and row, or what else it is about."""
    bib: str
    name: str
    firm: str
    told: str
    asks: Sequence[tuple[str, str]] = ()
    """Those of whom it should be said whether the row is about them: ids, and what people call them."""


class ListHeading(NamedTuple):
    """A heading, the first text below it, what is read from it (empty: nothing), and the column that was chosen for it."""

    text: str
    example: str
    column: str
    said: str


@dataclass(frozen=True, slots=True)
class ListPreview:
    """What taking the files in would do; nothing is written."""

    refused: Sequence[ListRow] = ()
    """While there are any, nothing can be taken in."""
    doubtful: Sequence[ListRow] = ()
    """What would be taken in and should be looked at."""
    kinds: Sequence[tuple[str, Sequence[ListRow]]] = ()
    """By what becomes of them (new, changed, missing, ...) the rows."""
    counts: Sequence[Sequence[str]] = ()
    """The number of each by firm, below a header."""
    skipped: Sequence[str] = ()
    """Rows that are nobody, and what else is to know."""
    headings: Sequence[ListHeading] = ()
    digest: str = ""
    """By which the preview is known when it is taken in; empty where nothing would change."""


Files = Mapping[Path, str]
"""Files by where they lie, with their names."""


class ListImporter(NamedTuple):
    """The importer's doors. Both raise RaceError where the files cannot be read at all."""

    columns: Sequence[tuple[str, Text]]
    """What a heading may mean."""
    look: Callable[[OpenRace, Files, ListAnswers], ListPreview]
    take_in: Callable[[OpenRace, Files, ListAnswers, str, Official, Callable[[int, int], Beside]], bool]
    """Writes what was previewed with this digest, and what the last argument makes for how many are new and changed; False, and
    nothing, where it would be something else by now."""
