"""The roster as firms send it: rows of text become entries, or faults that name file, row and column. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bibs.ages import is_resident_number
from bibs.spreadsheet import HEADER_WITHIN, Line

# What the columns are called in Korean offices and in English; compared without spaces, case and punctuation.
ALIASES = {
    "company": "소속 회사 회사명 기업 기업명 단체 단체명 업체명 company firm organisation organization club",
    "name": "성명 이름 참가자 참가자명 선수명 name fullname runner",
    "team": "팀 팀명 부서 team teamname department",  # inside the firm: two firms' 개발팀 are two teams
    "joint_team": "연합팀 연합팀명 jointteam",  # across firms: one name is one team
    "sex": "성별 sex gender",
    "category": "부문 종목 연령대 구분 category agegroup class",
    "bib": "배번 배번호 번호 참가번호 bib bibnumber no number",
    "wave": "조 출발조 그룹 wave group startgroup",
    "born": "생년월일 생일 생년 출생일 출생년도 출생연도 dob dateofbirth birthdate birthday birthyear yearofbirth born",
}
SEXES = {"M": "m male 남 남자 남성", "F": "f female w 여 여자 여성"}
COLUMN_OF = {alias: column for column, aliases in ALIASES.items() for alias in aliases.split()}
SEX_OF = {word: sex for sex, words in SEXES.items() for word in words.split()}
LONGEST = {"company": 80, "name": 60, "team": 60, "joint_team": 60, "sex": 20, "category": 40, "wave": 20, "born": 40}
WEAK = {"번호", "no", "number"}  # the bib only where no other column is; often they merely count the rows
BIB_MOST = 999_999
LEGAL_FORM = r"㈜|\(주\)|주식회사|\(유\)|유한회사|co\.?,? ?ltd\.?|(?<![a-z])inc(?![a-z])\.?"


@dataclass(frozen=True, slots=True)
class Entry:
    """One person as a firm entered them; `where` is the file and row. None: the file has no such column, nothing is said."""

    where: str
    company: str
    name: str
    team: str | None = None
    joint_team: str | None = None
    sex: str | None = None
    category: str | None = None
    wave: str | None = None
    bib: int | None = None
    born: str | None = field(default=None, repr=False)
    """A birth as the file writes it, to find the age group by; it is kept nowhere."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row or file cannot be taken in."""

    where: str
    korean: str
    english: str

    def __str__(self) -> str:
        return f"{self.where}: {self.korean} / {self.english}"


@dataclass(frozen=True, slots=True)
class Roster:
    """What a file holds: its entries, and its faults."""

    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...]


def read_roster(file: str, lines: Sequence[Line]) -> Roster:
    """Turn a file's rows into entries; every row with anything in it becomes an entry or a fault."""
    header = _header(lines[:HEADER_WITHIN])
    if header is None:
        fault = Fault(
            file, "소속(회사) 열이 없습니다. 머리글 행을 확인하세요", "no column `company`; check the header row"
        )
        return Roster((), (fault,))
    columns = _columns(header)
    if "name" not in columns and "bib" not in columns:
        where = f"{file}, {header.number}행/row {header.number}"
        return Roster((), (Fault(where, "성명(이름) 열이 없습니다", "no column `name`"),))
    rows = [_entry(file, columns, line) for line in lines if line.number > header.number]
    if not rows:
        return Roster((), (Fault(file, "머리글 아래에 사람이 없습니다", "no people below the header"),))
    entries = [row for row in rows if isinstance(row, Entry)]
    faults = [row for row in rows if isinstance(row, Fault)]
    return Roster(tuple(entries), (*faults, *_repeated_bibs(entries)))


def clean(text: str) -> str:
    """Composed Hangul, ordinary digits and letters for full-width ones, single spaces, no invisible signs."""
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    folded = "".join(unicodedata.normalize("NFKC", c) if "！" <= c <= "～" or c == "　" else c for c in text)
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", folded)).strip()


def company_key(name: str) -> str:
    """What two spellings of one firm share: legal form, spaces and case do not tell firms apart."""
    bare = re.sub(LEGAL_FORM, "", clean(name).casefold())
    return re.sub(r"[\s.,]", "", bare) or clean(name)


def _header(top: Sequence[Line]) -> Line | None:
    """The first row that names all needed columns; else the one that names the company, so that the fault can tell its number."""
    naming = [line for line in top if "company" in _columns(line)]
    return next((line for line in naming if _columns(line).keys() & {"name", "bib"}), naming[0] if naming else None)


def _columns(line: Line) -> dict[str, int]:
    """Which column stands at which index; the first of two equal headings counts."""
    headings = [re.sub(r"[\s_\-.()*:]", "", clean(cell)).casefold() for cell in line.cells]
    found: dict[str, int] = {}
    for index, heading in sorted(enumerate(headings), key=lambda placed: placed[1] in WEAK):
        column = COLUMN_OF.get(heading)
        if column:
            found.setdefault(column, index)
    return found


def _entry(file: str, columns: dict[str, int], line: Line) -> Entry | Fault:
    where = f"{file}, {line.number}행/row {line.number}"
    cells = {column: clean(line.cells[at]) if at < len(line.cells) else "" for column, at in columns.items()}
    for column, most in LONGEST.items():
        if len(cells.get(column, "")) > most:
            return Fault(
                where, f"`{column}`이(가) {most}자보다 깁니다", f"column `{column}` is longer than {most} characters"
            )
    bib = _bib(cells.get("bib", ""))
    if wrong := _wrong(cells, bib):
        return Fault(where, *wrong)
    said = {column: cells.get(column) for column in ("team", "joint_team", "sex", "category", "wave", "born")}
    if said["sex"]:
        said["sex"] = SEX_OF.get(said["sex"].casefold(), said["sex"])
    return Entry(where, cells["company"], cells.get("name", ""), bib=bib, **said)


def _wrong(cells: dict[str, str], bib: int | None) -> tuple[str, str] | None:
    """Why a row cannot be taken in, in Korean and in English."""
    if is_resident_number(cells.get("born", "")):  # never echoed: it must not go on into a terminal's history
        korean = "생년월일 열에 주민등록번호로 보이는 값이 있습니다. 파일에서 지우고 생년월일만 두세요"
        return korean, "column `born` looks like a resident number; remove it from the file and keep the date of birth"
    if bib == 0:
        korean = f"배번 {cells['bib']!r}은(는) 1~{BIB_MOST}의 수가 아닙니다"
        return korean, f"column `bib` is no number from 1 to {BIB_MOST}"
    if not cells["company"]:
        return "소속이 비어 있습니다", "column `company` is empty"
    if not cells.get("name") and bib is None:
        return "성명이 비어 있습니다", "column `name` is empty"
    return None


def _bib(text: str) -> int | None:
    """The number; None where the cell is empty, 0 where it is no possible bib."""
    if not text:
        return None
    return int(text) if re.fullmatch(r"0*[1-9]\d{0,5}", text, re.ASCII) else 0


def _repeated_bibs(entries: Iterable[Entry]) -> list[Fault]:
    first: dict[int, Entry] = {}
    faults = []
    for entry in entries:
        if entry.bib is None:
            continue
        before = first.setdefault(entry.bib, entry)
        if before is not entry:
            korean = f"배번 {entry.bib}이(가) {before.where}에도 있습니다"
            faults.append(Fault(entry.where, korean, f"column `bib`: {entry.bib} stands twice"))
    return faults
