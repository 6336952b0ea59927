"""Recognises rows of a roster that are not people: totals, repeated headers, examples, footnotes, end marks, prepared empty rows. Pure."""

import re

from bibs.roster.dates import typed_before
from bibs.roster.headings import COLUMN_OF, bare, column_of, columns_of
from bibs.roster.table_rows import TableRow
from timing.language import Text, _
from timing.race.spelling import clean

TOTAL = re.compile(
    r"(총|총 ?인원|합 ?계|총 ?계|소 ?계|누 ?계|계|합|총원|(?:참가 ?)?인원|grand total|total|sub ?total|sum)( ?[:：])?( ?\(?[\d,]+ ?명?\)?)?",
    re.IGNORECASE,
)
EXAMPLE = re.compile(r"\(?\[?(예|예시|작성 ?예|작성 ?예시|보기|example|e\.g\.)\]?\)?", re.IGNORECASE)
FOOTNOTE = re.compile(r"[※*☞•▶]|주 ?\d?[)\]:]|(?:비고|참고|주의|문의|note|notes)\b ?[:：]", re.IGNORECASE)
SENTENCE = re.compile(
    r".*(?:니다|시오|하세요|주세요)[.!]*|.{3,} (?:바람|드림|올림|귀하|귀중)[.!]*|.*[:：]"
)  # 정드림 is a name
COUNT = re.compile(r"[\d,]+ ?명?", re.ASCII)
PEOPLE = re.compile(r"\(?[\d,]+ ?명\)?", re.ASCII)
END = re.compile(
    r"[-=~<\[( ]*(?:이상|끝|이하 ?여백|이하 ?빈 ?칸|end(?: of (?:list|file))?|eof)[-=~>\]) .]*", re.IGNORECASE
)
LABEL = re.compile(
    r"(?:담당자?|작성자?|신청인|신청자|확인자?|대표자?|인솔자|결재|문의처?|연락처|전화|이메일|작성일자?|신청일자?|제출일자?|날짜|일자|서명|날인"
    r"|prepared by|submitted by|approved by)(?: ?성명)? ?(?:[:：].*)?|(?:contact|date|signature|signed) ?[:：].*",
    re.IGNORECASE,
)
TAG = re.compile(r"(?:</?[a-z!][^<>]*>\s*)+", re.IGNORECASE)

Reason = Text
"""In Korean and in English."""
REPEATED: Reason = _("the header again")
EMPTY: Reason = _("empty but for a running number")
SUM: Reason = _("a total")
SAMPLE: Reason = _("an example")
REMARK: Reason = _("a footnote")
LAST: Reason = _("the end of the list")
PAGE: Reason = _("a piece of a web page")


def why_skipped(line: TableRow, columns: dict[str, int], header: dict[str, int]) -> Reason | None:
    """The reason to skip a row; None for a row that should be a person. `columns` are those that are read, `header` all of them."""
    cells = [clean(cell) for cell in line.cells]
    own = {at: cell for at, cell in enumerate(cells) if cell and at not in line.merged}
    first = own[min(own)] if own else ""
    name = cells[columns["name"]] if columns.get("name", len(cells)) < len(cells) else ""
    if _is_header(line, header):
        return REPEATED
    if TOTAL.fullmatch(first) and (not name or name == first or TOTAL.fullmatch(name) or COUNT.fullmatch(name)):
        return SUM
    if len(own) <= 2 and PEOPLE.fullmatch(name):
        return SUM
    if EXAMPLE.fullmatch(first):
        return SAMPLE
    if own and len(own) < len(columns) and all(TAG.fullmatch(cell) for cell in own.values()):
        return PAGE
    if LABEL.fullmatch(first) and not column_of(first):
        return REMARK
    if len(own) == 1 and (why := _alone(first)):
        return why
    ours = any(at in own or at in line.uncalculated for at in columns.values())
    return EMPTY if own and not ours and all(COUNT.fullmatch(cell) for cell in own.values()) else None


def _alone(cell: str) -> Reason | None:
    """The reason to skip a row that holds only this text."""
    if END.fullmatch(cell):
        return LAST
    if FOOTNOTE.match(cell) or SENTENCE.fullmatch(cell) or typed_before(cell):
        return REMARK
    return None


def begins_another_list(line: TableRow) -> bool:
    """Whether a row among the people is the header of a list with other columns."""
    named = [COLUMN_OF[bare(cell)] for cell in line.cells if bare(cell) in COLUMN_OF]
    filled = sum(bool(clean(cell)) for cell in line.cells)
    return len(set(named)) > 1 and bool({"company", "name"} & set(named)) and 2 * len(named) > filled


def _is_header(line: TableRow, header: dict[str, int]) -> bool:
    at = header["company"]
    if at >= len(line.cells) or column_of(line.cells[at]) != "company":
        return False
    again = columns_of(line)
    return len(again) > 1 and all(header.get(column) == place for column, place in again.items())
