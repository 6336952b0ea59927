"""Finds cells that name several people, or nobody yet. Pure."""

import re
from collections.abc import Sequence

from bibs.roster.table_rows import TableRow
from timing.race.spelling import clean

BETWEEN = re.compile(r"[\n,/、;&+]")
NAME = re.compile(r"[가-힣]{2,4}")
NO_NAME = re.compile(
    r"사원|주임|대리|과장|차장|부장|이사|상무|전무|부?사장|대표|고문|감사|선임|책임|수석|연구원|매니저|프로|인턴|남자|여자|남성|여성|.*(?:팀|부|실|과|장|반|조|층|점|센터|본부)"
)
AND_OTHERS = re.compile(r".*[가-힣] ?외 ?\d+ ?[명인]\)?")
UNDECIDED = re.compile(
    r"\(?(?:미정|미확정|(?:추후 ?)?(?:통보|확정|제출|입력|변경)(?: ?예정)?|추후|예정|공석|tbd|tba|tbc|n/?a|unknown|(?:참가자|선수|직원|인원) ?\d+)\)?",
    re.IGNORECASE,
)


def several(cell: str) -> bool:
    """Whether a cell names more than one person.

    >>> [several(text) for text in ("김하나, 이두리", "박세나/최네모", "정다온\\n한여름", "구일신 외 3명")]
    [True, True, True, True]
    >>> [several(text) for text in ("김하나/대리", "김하나(개발팀, 서울)", "Kim, Hana", "김 하 나", "개발팀/김하나")]
    [False, False, False, False, False]
    """
    pieces = [re.sub(r"\s", "", clean(piece)) for piece in BETWEEN.split(cell.strip())]
    apart = len(pieces) > 1 and all(NAME.fullmatch(piece) and not NO_NAME.fullmatch(piece) for piece in pieces)
    return apart or bool(AND_OTHERS.fullmatch(clean(cell)))


def undecided(people: Sequence[TableRow], name: int | None) -> list[int]:
    """The numbers of rows whose name is still undecided."""
    cells = [(line.number, clean(line.cells[name])) for line in people if name is not None and name < len(line.cells)]
    return [number for number, cell in cells if UNDECIDED.fullmatch(cell)]
