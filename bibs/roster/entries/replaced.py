"""Finds rows that mean another person than the name says: a column of changes, a name merged over two rows. Pure."""

import re
from collections.abc import Iterator, Sequence

from bibs.roster.entries.entry import Fault, where_of
from bibs.roster.headings import bare, unread
from bibs.roster.table_rows import TableRow
from timing.language import _
from timing.race.spelling import clean

CHANGES = re.compile(r"변경|대체|대신|교체|정정|changed|replacement|substitute")
OF_OURS = re.compile(r"성명|이름|성함|참가자|선수|주자|부문|종목|코스|팀|소속|name|runner|category|team")
ASIDE = re.compile(r"사유|일자?$|여부|요청자|담당|(?:변경|대체|교체|정정)전|전$|before|reason|date")


def changed_elsewhere(file: str, header: TableRow, people: Sequence[TableRow]) -> Iterator[Fault]:
    """A fault for each row with a value under a heading like `변경 성명`: reading on would enter the former person."""
    places = [at for at in unread(header) if _changes(header.cells[at])]
    for line in people:
        for at in places:
            if at < len(line.cells) and any(letter.isalnum() for letter in line.cells[at]):
                heading = clean(header.cells[at])
                text = _(
                    '`{heading}` holds the change `{cells}`; correct the roster accordingly (to skip the column: --map "{heading}=-")',
                    heading=heading,
                    cells=clean(line.cells[at]),
                )
                yield Fault(where_of(file, line), text)


def _changes(heading: str) -> bool:
    word = bare(heading)
    return bool(CHANGES.search(word) and OF_OURS.search(word)) and not ASIDE.search(word)


def merged_names(file: str, name: int | None, rows: Sequence[TableRow]) -> Iterator[Fault]:
    """A fault for each row whose name cell is merged with the row above; `rows` are those of the file."""
    for line in rows:
        if name in line.merged:
            yield Fault(
                where_of(file, line),
                _("the cell of the name is merged with the one above; one row for each person"),
            )
