"""Recognises resident registration numbers, which may not be passed on: a row with one is refused and never echoed. Pure."""

import re
from collections.abc import Iterable, Sequence

from bibs.roster.entries.entry import Fault, where_of
from bibs.roster.headings import CORPORATE_NUMBER, RESIDENT_NUMBER, columns_of, indices
from bibs.roster.table_rows import TableRow
from timing.language import _
from timing.race.spelling import clean

HYPHEN = "[-–—‐‑−‒―ㅡ~]"
MASK = "[*xX●○•◆□■]"
AS_A_BIRTH = re.compile(rf"\d{{6}} ?{HYPHEN} ?(?:\d|{MASK})|\d{{12,13}}")
MONTH_AND_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
ANYWHERE = re.compile(
    rf"(?<!\d)(?:\d\d{MONTH_AND_DAY}(?: ?{HYPHEN} ?(?:\d{{7}}|\d{{0,6}}{MASK}+|\d)| ?\d{{7}})"
    rf"|[1-9]{MONTH_AND_DAY}[3478]\d{{6}})(?!\d)"  # born 2001 to 2009, the leading zero lost to a spreadsheet
)


def is_resident_number(text: str) -> bool:
    """Whether a date of birth looks like a resident registration number: 900101-1, masked or not.

    >>> is_resident_number("900101-1******"), is_resident_number("1990-01-01")
    (True, False)
    """
    return AS_A_BIRTH.match(text) is not None


def holds_resident_number(text: str) -> bool:
    """Whether a text contains one: six digits that are a date, and the rest or its first digit.

    >>> holds_resident_number("확인 900101-1234567"), holds_resident_number("010-9001-0112"), holds_resident_number("9001011234567")
    (True, False, True)
    """
    return ANYWHERE.search(text) is not None


def resident_numbers(file: str, lines: Sequence[TableRow], header: TableRow | None = None) -> list[Fault]:
    """The rows that contain one."""
    born = header and columns_of(header).get("born")
    named = indices(header, RESIDENT_NUMBER) if header else set()
    corporate = indices(header, CORPORATE_NUMBER) if header else set()
    found = []
    for line in lines:
        below = header is not None and line.number > header.number
        cells = [(at, clean(cell)) for at, cell in enumerate(line.cells)]
        births = [cell for at, cell in cells if below and at == born]
        under_its_name = [cell for at, cell in cells if below and at in named]
        others = [cell for at, cell in cells if at not in corporate]
        if _any(births, under_its_name, others):
            found.append(_fault(file, line))
    return found


def _any(births: Iterable[str], under_its_name: Iterable[str], others: Iterable[str]) -> bool:
    return (
        any(map(holds_resident_number, others))
        or any(map(is_resident_number, births))
        or any(character.isdigit() for cell in under_its_name for character in cell)
    )


def _fault(file: str, line: TableRow) -> Fault:
    return Fault(
        where_of(file, line),
        _("holds what looks like a resident number; remove it from the file and keep the date of birth"),
    )
