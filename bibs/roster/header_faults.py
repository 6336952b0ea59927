"""Why a sheet is no roster: a column is missing, nobody stands below, or what somebody said of it does not fit. Pure."""

import re
from collections.abc import Mapping, Sequence

from bibs.roster.entries import Fault, where_of
from bibs.roster.headings import HEADER_WITHIN, column_of, columns_of
from bibs.roster.resident import holds_resident_number
from bibs.roster.rows import Line
from bibs.roster.wishes import Wishes
from timing.spelling import clean

NUMBERED = re.compile(r"(.*\D) ?\(?(\d{1,2})\)?")


def no_roster(
    file: str, lines: Sequence[Line], header: Line | None, wishes: Wishes, raw: Mapping[int, Line]
) -> Fault | None:
    if header is None or not columns_of(header).keys() & {"name", "bib"}:
        return _missing(file, lines, header, raw)
    if wishes.firm and not header.cells[columns_of(header)["company"]].startswith("="):
        heading = clean(header.cells[columns_of(header)["company"]])
        korean = f"소속 열(`{heading}`)이 있는 명단입니다. --firm은 그 열이 없을 때만 씁니다"
        return Fault(
            where_of(file, header),
            korean,
            f"the list has a column for the firm (`{heading}`); --firm is for lists without",
        )
    if lines[-1].number <= header.number:
        return Fault(file, "머리글 아래에 사람이 없습니다", "no people below the header")
    return None


def _numbered_names(header: Line) -> list[int]:
    """Where numbered headings for names stand: `성명1`, `성명2`."""
    cells = enumerate(header.cells)
    return [at for at, cell in cells if (found := NUMBERED.fullmatch(clean(cell))) and column_of(found[1]) == "name"]


def _missing(file: str, lines: Sequence[Line], header: Line | None, raw: Mapping[int, Line]) -> Fault:
    """Which column is missing, and the headings that were found instead, as they stand in the file."""
    like = header or max(lines[:HEADER_WITHIN], key=lambda line: (len(columns_of(line)), -line.number), default=None)
    columns = columns_of(like) if like else {}
    korean, english = "소속(회사) 열이 없습니다", "no column `company`"
    hint = "`--map 머리글=company` 또는 `--firm 회사명`", "--map HEADING=company or --firm NAME"
    if like and len(_numbered_names(like)) > 1:
        headings = ", ".join(f"`{clean(like.cells[at])}`" for at in _numbered_names(like))
        return Fault(
            where_of(file, like),
            f"한 행에 여러 사람이 있습니다({headings}). 한 행에 한 사람씩 적으세요",
            f"a row holds several people ({headings}); give each a row of their own",
        )
    if header:
        korean, english = "성명(이름) 열이 없습니다", "no column `name`"
        hint = "`--map 머리글=name`", "--map HEADING=name"
    if not like or not columns:
        return Fault(
            file, f"{korean}. 머리글 행을 확인하세요({hint[0]})", f"{english}; check the header row ({hint[1]})"
        )
    found = ", ".join(
        f"`{clean(cell)}`" for cell in raw[like.number].cells if clean(cell) and not holds_resident_number(clean(cell))
    )
    place = where_of(file, like) if header else file
    return Fault(
        place, f"{korean}. 찾은 머리글: {found}. {hint[0]}", f"{english}; the headings found: {found}; {hint[1]}"
    )
