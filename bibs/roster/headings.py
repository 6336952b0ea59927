"""Finds a sheet's header and says which column is which, by the words of Korean offices and of English ones. Pure."""

import re
from collections.abc import Sequence

from bibs.roster.rows import Line
from timing.spelling import clean

WEAKLY = 2  # the last rank of a heading
HEADER_WITHIN = 15  # titles and merged rows may stand above the header
# What the columns are called; compared without spaces, case and punctuation.
ALIASES = {
    "company": "소속 회사 회사명 기업 기업명 단체 단체명 업체명 소속사 소속회사 company firm organisation organization club",
    "name": "성명 이름 참가자 참가자명 선수명 성함 name fullname runner",
    "team": "팀 팀명 부서 부서명 team teamname department",  # inside the firm: two firms' 개발팀 are two teams
    "joint_team": "연합팀 연합팀명 jointteam",  # across firms: one name is one team
    "sex": "성별 sex gender",
    "category": "부문 종목 연령대 구분 category agegroup class",
    "bib": "배번 배번호 번호 참가번호 bib bibnumber no number",
    "wave": "조 출발조 그룹 wave group startgroup",
    "born": "생년월일 생일 생년 출생일 출생년도 출생연도 주민번호앞자리 주민등록번호앞자리 dob dateofbirth birthdate birthday birthyear yearofbirth born",
    "employees": "임직원수 직원수 사원수 종업원수 전체직원수 employees headcount",
    "building": "건물 건물명 빌딩 빌딩명 building",
    "floor": "층 층수 floor",
    "consent": "공개동의 이름공개 이름공개동의 실명공개 실명공개동의 성명공개 성명공개동의 공개동의여부 이름공개여부 이름공개동의여부"
    " 실명공개여부 실명공개동의여부 성명공개여부 성명공개동의여부 consent publicname",
}
COLUMN_OF = {alias: column for column, aliases in ALIASES.items() for alias in aliases.split()}
WEAK = {"번호", "no", "number"}  # the bib only where no other column is; often they merely count the rows
READ_PAST = {
    *(
        "연락처",
        "휴대폰",
        "휴대폰번호",
        "휴대전화",
        "핸드폰",
        "전화",
        "전화번호",
        "비상연락처",
        "이메일",
        "메일",
        "주소",
    ),
    *("phone", "mobile", "email", "address"),
}
RESIDENT_NUMBER = {"주민번호", "주민등록번호", "외국인등록번호"}
ABOUT_CONSENT = ("동의", "공개", "consent", "public")
CORPORATE_NUMBER = {"법인등록번호", "법인번호"}  # of the same shape as a resident number, and nobody's


def header_of(lines: Sequence[Line]) -> Line | None:
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


def columns_of(line: Line) -> dict[str, int]:
    """Which column stands at which index; exact words before those with an explanation, the first of two equal ones."""
    found: dict[str, int] = {}
    placed = [(rank(cell), index, column_of(cell)) for index, cell in enumerate(line.cells)]
    for _, index, column in sorted((rank, index, column) for rank, index, column in placed if column):
        found.setdefault(column, index)
    return found


def personal(header: Line) -> list[str]:
    """The headings of columns that are read past because nobody needs them: phones, addresses."""
    return [clean(cell) for cell in header.cells if _is_personal(cell)]


def _is_personal(cell: str) -> bool:
    return bool({bare(cell), _short(cell)} & READ_PAST)


def unused(header: Line) -> list[str]:
    """The headings of columns that nothing is read from, a second column of one meaning among them."""
    used = {*columns_of(header).values(), *(at for at, cell in enumerate(header.cells) if _is_personal(cell))}
    return [clean(cell) for at, cell in enumerate(header.cells) if at not in used and clean(cell)]


def near_consent(heading: str) -> bool:
    """Whether somebody may take this for the consent to a public name: consent to what, it does not say, or to something else."""
    return column_of(heading) != "consent" and any(word in bare(heading) for word in ABOUT_CONSENT)


def indices(header: Line, words: set[str]) -> set[int]:
    """Where columns with one of these headings stand, which are no columns of ours."""
    cells = enumerate(header.cells)
    return {index for index, cell in cells if not column_of(cell) and {bare(cell), _short(cell)} & words}


def column_of(cell: str) -> str:
    """The column that a heading names; empty for one that we do not know."""
    return COLUMN_OF.get(bare(cell)) or COLUMN_OF.get(_short(cell), "")


def rank(cell: str) -> int:
    """How surely a heading names its column: 0 by its very word, 1 with an explanation, `WEAKLY`."""
    if bare(cell) in WEAK or _short(cell) in WEAK:
        return WEAKLY
    return 0 if bare(cell) in COLUMN_OF else 1


def bare(cell: str) -> str:
    """A heading without spaces, case and punctuation."""
    return re.sub(r"[\s_\-.()*:]", "", clean(cell)).casefold()


def _short(cell: str) -> str:
    """The heading without its explanation: `성명(한글)`, `생년월일 (6자리)`."""
    return bare(re.sub(r"[(\[/].*", "", clean(cell)))
