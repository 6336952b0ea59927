"""Recognises people who cancelled: by a status column, a remark, or a row that is struck through. Pure."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from bibs.roster.headings import bare
from bibs.roster.table_rows import TableRow
from timing.language import Text, _
from timing.race.spelling import clean

SAYS = re.compile(
    r"취소|환불|철회|불참|미참|(?:참가|참석|출전) ?불가|탈퇴|참가 ?포기|기권|퇴사|삭제|반려|무효|cancel|withdr[ae]w|refund|removed|deleted|absent|no.?show|노쇼|캔슬|중복 ?신청|dropped|\bdns\b|void",
    re.IGNORECASE,
)
UNLESS = re.compile(
    r"아님|아니|안 ?함|않|(?<!참가)(?<!참석)(?<!출전)(?<!참가 )(?<!참석 )(?<!출전 )불가|없|못|전까지|규정|약관|동의|번복|재신청|재참가|재등록|복귀|철회 ?취소|(?:→|->|=>) ?(?:참가|참석|출전)|가능|시 |경우|no (?:refund|cancel)|not |non-|un(?:refund|cancel)",
    re.IGNORECASE,
)
ELSE = re.compile(
    r"셔츠|기념품|셔틀|버스|숙박|숙소|호텔|점심|식사|중식|석식|조식|도시락|주차|뒤풀이|회식|촬영|교육|설명회|오리엔테이션|shirt|souvenir|bus\b|shuttle|hotel"
    r"|lunch|dinner|meal|parking|party",
    re.IGNORECASE,
)
"""What else somebody may cancel than the run."""
WAITING = re.compile(r"대기|예비|waiting|reserve|standby", re.IGNORECASE)
LONGEST = 30  # characters; a longer remark is an explanation
BY_HEADING = re.compile(
    r"취소|환불|철회|불참|탈퇴|포기|삭제|cancel|withdr|refund|removed|deleted|absent", re.IGNORECASE
)
ATTENDS = re.compile(r"참가여부|참석|출석|참여여부|출전여부|attend|participat|coming|active|going", re.IGNORECASE)
YES = frozenset(
    ["예", "네", "o", "○", "●", "y", "yes", "true", "t", "1", "v", "✓", "✔", "√", "함", "ok", "취소", "완료"]
)
COMES_NOT = re.compile(r"불가|보류|미참|미신청|미접수|안 ?[함옴]|못 ?[함옴감]|not coming|cannot", re.IGNORECASE)
NO = frozenset(["아니오", "아니요", "x", "×", "✗", "n", "no", "false", "f", "0", "안함", "inactive"])
STRUCK = _("struck through")


def cancelled(
    lines: Sequence[TableRow], columns: Mapping[str, int], statuses: Mapping[int, str]
) -> dict[Text, list[int]]:
    """The numbers of rows that look cancelled, with the text that indicates it.

    `columns` are those of ours, `statuses` the headings of columns that are not read, by index.
    """
    found: dict[Text, list[int]] = defaultdict(list)
    name = columns.get("name")
    for line in lines:
        if why := _why(line, name, statuses):
            found[why].append(line.number)
    return dict(found)


def _why(line: TableRow, name: int | None, statuses: Mapping[int, str]) -> Text | None:
    own = [at for at, cell in enumerate(line.cells) if cell and at not in line.merged]
    if name in line.struck or (own and set(own) <= set(line.struck)):
        return STRUCK
    for at, heading in statuses.items():
        cell = clean(line.cells[at]) if at < len(line.cells) else ""
        if cell and says_cancelled(heading, cell):
            return _("{heading} `{cell}`", heading=heading, cell=cell)
    if name is not None and name < len(line.cells) and (said := _in_brackets(line.cells[name])):
        return _("the name says `{said}`", said=said)
    return None


def sheet_of_cancelled(name: str, lines: Sequence[TableRow]) -> dict[Text, list[int]]:
    """All rows of a sheet that is called `취소자`."""
    if not (SAYS.search(name) or WAITING.search(name)) or UNLESS.search(name):
        return {}
    return {_("the sheet is called `{name}`", name=name): [line.number for line in lines]}


def says_cancelled(heading: str, cell: str) -> bool:
    """Whether a cell under this heading says that the person cancelled.

    >>> says_cancelled("참가여부", "취소"), says_cancelled("Removed", "True"), says_cancelled("비고", "8/1 취소 요청"), says_cancelled("참석", "X"), says_cancelled("참가여부", "보류")
    (True, True, True, True, True)
    >>> says_cancelled("비고", "참가 불가"), says_cancelled("참가여부", "불가"), says_cancelled("비고", "환불 불가")
    (True, True, False)
    >>> says_cancelled("참가여부", "참가"), says_cancelled("취소여부", "N"), says_cancelled("비고", "취소 불가"), says_cancelled("환불 규정 동의", "예")
    (False, False, False, False)
    """
    if ELSE.search(cell) or ELSE.search(heading):
        return False
    word = re.sub(r"[\s.]", "", cell).casefold()
    if len(cell) <= LONGEST and SAYS.search(cell) and not UNLESS.search(cell):
        return True
    if BY_HEADING.search(heading) and not UNLESS.search(heading):
        return word in YES or bool(re.match(r"\d{2,4}[-./년]\s?\d", cell))  # the day on which it was cancelled
    return bool(ATTENDS.search(bare(heading))) and (word in NO or bool(COMES_NOT.search(cell)))


def _in_brackets(name: str) -> str:
    found = re.search(r"[(\[（](.*?)[)\]）]", name)
    return found[1] if found and SAYS.search(found[1]) else ""
