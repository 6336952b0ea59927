"""Finds a sheet's header and its columns, by Korean and English headings. Pure."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from bibs.roster.table_rows import TableRow
from timing.race.spelling import clean

SAID, EXACTLY, EXPLAINED, WEAKLY = range(4)
"""How surely a heading names its column: somebody said so, by its very word, with something around it, or only where no other does."""
HEADER_WITHIN = 15  # titles and merged rows may stand above the header
# What the columns are called; compared without spaces, case and punctuation.
ALIASES = {
    "company": "소속 회사 회사명 기업 기업명 단체 단체명 업체명 소속사 소속회사 업체 기관 기관명 직장 직장명 법인명 상호 상호명"
    " company firm organisation organization club employer",
    "name": "성명 이름 참가자 참가자명 선수명 성함 한글명 국문명 영문명 성이름 이름성 name fullname firstlastname firstandlastname runner participant",
    "team": "팀 팀명 부서 부서명 team teamname department",  # inside the firm: two firms' 개발팀 are two teams
    "joint_team": "연합팀 연합팀명 팀연합 팀명연합 연합 jointteam jointteamname teamjoint",  # across firms: one name is one team
    "sex": "성별 남여 남녀 sex gender mf maleorfemale malefemale",
    "category": "부문 종목 연령대 구분 코스 거리 참가거리 신청거리 출전거리 category agegroup class distance course",
    "bib": "배번 배번호 번호 참가번호 bib bibnumber bibno no number racenumber startnumber",
    "wave": "조 출발조 그룹 wave group startgroup",
    "born": "생년월일 생일 생년 출생일 출생년도 출생연도 주민번호앞자리 주민등록번호앞자리 dob dateofbirth birthdate birthday birthyear yearofbirth born",
    "employees": "임직원수 직원수 사원수 종업원수 전체직원수 employees headcount",
    "building": "건물 건물명 빌딩 빌딩명 building",
    "floor": "층 층수 floor",
    "consent": "공개동의 이름공개 이름공개동의 실명공개 실명공개동의 성명공개 성명공개동의 공개동의여부 이름공개여부 이름공개동의여부"
    " 실명공개여부 실명공개동의여부 성명공개여부 성명공개동의여부 consent publicname",
}
COLUMN_OF = {alias: column for column, aliases in ALIASES.items() for alias in aliases.split()}
WEAK = {
    "번호",
    "no",
    "number",
    "구분",
    "class",
    "거리",
}  # a column only where no other is; `번호` often merely counts the rows
NEVER_INSIDE = WEAK | {"참가자", "runner", "participant"}  # `사원번호` is no bib, `참가자 구분` no name
FOREIGN = re.compile(
    r"영문|영어|한자|로마자|english|\beng\b|romani[sz]ed"
)  # a name in other letters stands back behind the first one
REST = "=name?"
"""The heading of names put together of their parts that serve rows without another name."""
BEFORE = re.compile(
    r"^(?:참가자|참가|신청자|신청인|신청|접수자|선수|출전자|출전|러너|주자|본인|임직원|직원|사원|대회|희망|현재|소속|한글|국문|영문"
    r"|participants?|participating|runners?|athletes?|entrants?|employees?|your|race)(?:의|s)?(?=.)"
)
AFTER = re.compile(
    r"(?<=.)(?:명칭|이름|명|정보|구분|선택|필수|입력|기재|란|name|required|of(?:the)?(?:participant|runner|athlete|employee))$"
)
ASKED = re.compile(r"(?<=.)(?:을|를|은|는)?(?:입력|기재|작성|적어|선택|알려|써).*$")
NUMBERED = re.compile(r"^(?:\d{1,2}[.)]|[①-⑳])\s*")
PERSONAL = re.compile(r"연락처|휴대폰|휴대전화|핸드폰|전화|메일|주소|phone|mobile|email|address")
RESIDENT_NUMBER = {"주민번호", "주민등록번호", "외국인등록번호"}
ABOUT_CONSENT = ("동의", "공개", "consent", "public")
CORPORATE_NUMBER = {"법인등록번호", "법인번호"}  # of the same shape as a resident number, and nobody's


def header_of(lines: Sequence[TableRow]) -> TableRow | None:
    """The first row that names all needed columns; else the one that names the company, so that the fault can tell its number.

    Of a header in two rows, whose upper one names groups of columns, it is the lower.
    """
    top = lines[:HEADER_WITHIN]
    naming = [line for line in top if "company" in columns_of(line)]
    whole = [line for line in naming if columns_of(line).keys() & {"name", "bib"}]
    if not whole:
        return naming[0] if naming else None
    last = whole[0]
    for line in whole[1:]:
        if line.number != last.number + 1 or not line.merged:
            break
        last = line
    return last


def columns_of(line: TableRow) -> dict[str, int]:
    """The index of each column: of the surest heading, the first of equally sure ones."""
    return {column: places[0] for column, places in places_of(line).items()}


def places_of(line: TableRow) -> dict[str, list[int]]:
    """For each column the indices of all headings that name it, the surest first."""
    found: dict[str, list[int]] = {}
    placed = [(rank(cell), index, column_of(cell)) for index, cell in enumerate(line.cells)]
    for _, index, column in sorted((rank, index, column) for rank, index, column in placed if column):
        found.setdefault(column, []).append(index)
    return found


def rivals(header: TableRow) -> dict[str, list[int]]:
    """The columns that several headings name, none of them weakly; if the importer mapped some, only these."""
    found = {}
    for column, places in places_of(header).items():
        said = [at for at in places if rank(header.cells[at]) == SAID]
        sure = said or [at for at in places if rank(header.cells[at]) < WEAKLY]
        if len(sure) > 1:
            found[column] = sure
    return found


def mapped(lines: Sequence[TableRow], columns: Mapping[str, str]) -> list[TableRow]:
    """The rows with every heading that the importer mapped replaced by `=column`, which `column_of` knows."""
    said = {bare(heading): column for heading, column in columns.items()}
    return [
        line.rewritten({at: f"={said[bare(cell)]}" for at, cell in enumerate(line.cells) if bare(cell) in said})
        if number < HEADER_WITHIN
        else line
        for number, line in enumerate(lines)
    ]


def personal(header: TableRow) -> list[str]:
    """The headings of columns that are ignored on purpose: phones, addresses."""
    return [clean(cell) for cell in header.cells if _is_personal(cell)]


def _is_personal(cell: str) -> bool:
    return not column_of(cell) and bool(PERSONAL.search(bare(cell)))


def unused(header: TableRow) -> list[str]:
    """The headings of columns that are not read, including second columns of one meaning."""
    return [clean(header.cells[at]) for at in unread(header) if not header.cells[at].startswith("=")]


def unread(header: TableRow) -> list[int]:
    """Their indices."""
    used = {*columns_of(header).values(), *other_names(header)}
    used |= {at for at, cell in enumerate(header.cells) if _is_personal(cell)}
    return [at for at, cell in enumerate(header.cells) if at not in used and clean(cell)]


def other_names(header: TableRow) -> list[int]:
    """The indices of names in another script, used for rows without a name."""
    return [at for at in places_of(header).get("name", [])[1:] if rank(header.cells[at]) == WEAKLY]


def foreign(cell: str) -> bool:
    """Whether a heading means another script than Hangul, by its meaning or its own letters."""
    text = clean(cell).casefold()
    return bool(FOREIGN.search(text)) or not any("가" <= letter <= "힣" or "一" <= letter <= "鿿" for letter in text)


def near_consent(heading: str) -> bool:
    """Whether a heading could be mistaken for the consent to a public name: it is about another or an unnamed consent."""
    return column_of(heading) != "consent" and any(word in bare(heading) for word in ABOUT_CONSENT)


def indices(header: TableRow, words: set[str]) -> set[int]:
    """The indices of headings among these that are none of our columns."""
    cells = enumerate(header.cells)
    return {index for index, cell in cells if not column_of(cell) and {bare(cell), _short(cell)} & words}


@lru_cache(maxsize=4096)
def column_of(cell: str) -> str:
    """The column that a heading names; empty if unknown.

    >>> column_of("참가자 성함"), column_of("소속 회사명(정식 명칭)"), column_of("참가부문"), column_of("소속팀"), column_of("담당자 성명")
    ('name', 'company', 'category', 'team', '')
    >>> column_of("1. 이름을 입력해 주세요"), column_of("남/여"), column_of("사원번호"), column_of("Company Name*")
    ('name', 'sex', '', 'company')
    """
    if cell.startswith("="):
        return "name" if cell == REST else cell[1:] if cell[1:] in ALIASES else ""
    known = COLUMN_OF.get(bare(cell)) or COLUMN_OF.get(_short(cell))
    return known or COLUMN_OF.get(_core(bare(cell))) or COLUMN_OF.get(_core(_short(cell))) or _in_two_languages(cell)


def _in_two_languages(cell: str) -> str:
    """The column that both halves of `소속 Company` name."""
    halves = re.sub(r"[^가-힣]", "", clean(cell)), re.sub(r"[^a-z]", "", clean(cell).casefold())
    columns = {COLUMN_OF.get(half) or COLUMN_OF.get(_core(half), "") for half in halves}
    return columns.pop() if len(columns) == 1 else ""


def _core(word: str) -> str:
    """A heading without filler words; empty if only a weak word is left."""
    asked = ASKED.sub("", NUMBERED.sub("", word))
    steps = [asked]
    for step in steps:
        if step in COLUMN_OF and step not in NEVER_INSIDE:
            return step
        steps += [shorter for shorter in (BEFORE.sub("", step), AFTER.sub("", step)) if shorter not in steps]
    return ""


@lru_cache(maxsize=4096)
def rank(cell: str) -> int:
    """How surely a heading names its column."""
    if cell.startswith("="):
        return WEAKLY if cell == REST else SAID
    if bare(cell) in WEAK or _short(cell) in WEAK or FOREIGN.search(clean(cell).casefold()):
        return WEAKLY
    return EXACTLY if bare(cell) in COLUMN_OF else EXPLAINED


def bare(cell: str) -> str:
    """A heading without spaces, case and punctuation."""
    return re.sub(r"[\s_\-.()*:#/·'\"?!※★☆]", "", NUMBERED.sub("", clean(cell))).casefold()


def _short(cell: str) -> str:
    """The heading without its explanation: `성명(한글)`, `생년월일 (6자리)`."""
    return bare(re.sub(r"(?<=.)[(\[/<{].*", "", clean(cell)))
