"""Rows of a roster that are no people: totals, repeated headers, examples, footnotes, rows made ready and left empty. Pure."""

import re

from bibs.roster.headings import column_of, columns_of
from bibs.roster.rows import Line
from timing.spelling import clean

TOTAL = re.compile(
    r"(총|총 ?인원|합계|총계|소계|누계|계|합|total|sub ?total|sum)( ?[:：])?( ?\(?[\d,]+ ?명?\)?)?", re.IGNORECASE
)
EXAMPLE = re.compile(r"\(?\[?(예|예시|작성 ?예|작성 ?예시|보기|example|e\.g\.)\]?\)?", re.IGNORECASE)
FOOTNOTE = re.compile(r"[※*☞]")
COUNT = re.compile(r"[\d,]+ ?명?", re.ASCII)

Reason = tuple[str, str]
"""In Korean and in English."""
REPEATED: Reason = ("되풀이된 머리글", "the header again")
EMPTY: Reason = ("순번만 있는 빈 행", "empty but for a running number")
SUM: Reason = ("합계 행", "a total")
SAMPLE: Reason = ("예시 행", "an example")
REMARK: Reason = ("설명 글", "a footnote")


def why_aside(line: Line, columns: dict[str, int], header: dict[str, int]) -> Reason | None:
    """Why a row is nobody; None for a row that should be somebody. `columns` are those that are read, of all in the `header`."""
    cells = [clean(cell) for cell in line.cells]
    own = {at: cell for at, cell in enumerate(cells) if cell and at not in line.merged}
    first = own[min(own)] if own else ""
    name = cells[columns["name"]] if columns.get("name", len(cells)) < len(cells) else ""
    if _is_header(line, header):
        return REPEATED
    if TOTAL.fullmatch(first) and (not name or name == first or TOTAL.fullmatch(name) or COUNT.fullmatch(name)):
        return SUM
    if EXAMPLE.fullmatch(first):
        return SAMPLE
    if len(own) == 1 and FOOTNOTE.match(first):
        return REMARK
    ours = any(at in own or at in line.uncalculated for at in columns.values())
    return EMPTY if own and not ours and all(COUNT.fullmatch(cell) for cell in own.values()) else None


def _is_header(line: Line, header: dict[str, int]) -> bool:
    at = header["company"]
    if at >= len(line.cells) or column_of(line.cells[at]) != "company":
        return False
    again = columns_of(line)
    return len(again) > 1 and all(header.get(column) == place for column, place in again.items())
