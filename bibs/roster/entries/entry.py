"""Turns a row of text into an entry, or into a fault that names file, row and column. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from bibs.roster.dates import to_the_minute, typed_before
from bibs.roster.entries.one_person import several
from bibs.roster.files.encodings import garbled
from bibs.roster.table_rows import TableRow
from timing.language import Text, _, listed
from timing.race.firms import PLACE_MOST
from timing.race.spelling import clean, sex_of

LONGEST = {"company": 80, "name": 60, "team": 60, "joint_team": 60, "sex": 20, "category": 40, "wave": 20, "born": 40}
LONGEST |= {"building": PLACE_MOST, "floor": PLACE_MOST, "consent": 40}
BIB_MOST = 999_999
EMPLOYEES_MOST = 9_999_999
ERRORS = {"#n/a", "#ref!", "#div/0!", "#name?", "#value!", "#null!", "#num!", "#spill!", "#calc!"}
OFFICE_ERROR = re.compile(r"Err:\d{3}")
NO_BIB = re.compile(r"[-–—]|없음|미정|미배정|미지정|배정 ?예정|n/?a|tbd|none", re.IGNORECASE)
YES = "예 네 동의 동의함 동의합니다 공개 공개함 공개동의 o ○ ● ◯ y yes true 1 v ✓ ✔ √ agree agreed"
NO = "아니오 아니요 미동의 부동의 비동의 동의안함 동의하지않음 동의하지않습니다 비공개 거부 x × ✗ n no false 0 - –"
YES_WORDS, NO_WORDS = frozenset(YES.split()), frozenset(NO.split())
UNDATED = ("company", "name", "team", "joint_team", "category", "bib", "wave")
TIMED = ("team", "joint_team", "category", "wave")
DAYTIME = re.compile(r"[T ]\d{1,2}:\d\d(:\d\d(\.\d+)?)?$")  # of a birth that a form wrote down with its minute
SAID = ("team", "joint_team", "sex", "category", "wave", "born", "building", "floor", "consent")


@dataclass(frozen=True, slots=True)
class Entry:
    """One person as a firm entered them; `where` is the file and row. A field is None if the file has no such column."""

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
    employees: int | None = None
    """Employees of the whole firm; building and floor are the firm's too."""
    building: str | None = None
    floor: str | None = None
    consent: str | None = None
    """Whether the full name may be shown in public, as the file writes it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row or file cannot be imported; or a remark about one that was."""

    where: str
    text: Text
    asks: tuple[str, ...] = ()
    """The ids of known people of whom the importer must say whether the row is about them."""

    def __str__(self) -> str:
        return f"{self.where}: {self.text}"


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that is not a person, and why."""

    file: str
    row: int
    text: Text

    @property
    def where(self) -> str:
        return place_of(self.file, self.row)


@dataclass(frozen=True, slots=True)
class Entries:
    """The content of a file: entries, faults, skipped rows and remarks."""

    entries: tuple[Entry, ...] = ()
    faults: tuple[Fault, ...] = ()
    skipped_rows: tuple[SkippedRow, ...] = ()
    """Totals, repeated headers, examples: rows that were passed over, each with its reason."""
    remarks: tuple[Fault, ...] = ()

    def __add__(self, other: "Entries") -> "Entries":
        return Entries(
            self.entries + other.entries,
            self.faults + other.faults,
            self.skipped_rows + other.skipped_rows,
            self.remarks + other.remarks,
        )


def where_of(file: str, line: TableRow) -> str:
    return place_of(file, line.number)


def place_of(file: str, row: int) -> str:
    """A file and row as text, in the current language."""
    return str(_("{file}, row {row}", file=file, row=row))


def entry_of(file: str, columns: dict[str, int], line: TableRow, keep_dates: bool = False) -> Entry | Fault:
    """The entry of a row; `columns` are indices. A date in place of a name is a fault unless `keep_dates`."""
    where = where_of(file, line)
    cells = {column: clean(line.cells[at]) if at < len(line.cells) else "" for column, at in columns.items()}
    bib, employees = _bib(cells.get("bib", "")), _employees(cells.get("employees", ""))
    wrong = _broken(columns, cells, line) or (None if keep_dates else _dated(cells)) or _wrong(cells, bib, employees)
    if wrong:
        return Fault(where, wrong)
    said = {column: cells.get(column) for column in SAID}
    said |= {column: to_the_minute(text) for column in TIMED if (text := said[column])}
    said["born"] = DAYTIME.sub("", said["born"]) if said["born"] else said["born"]
    if said["sex"]:
        said["sex"] = sex_of(said["sex"])
    return Entry(where, cells["company"], cells.get("name", ""), bib=bib, employees=employees, **said)


def _broken(columns: dict[str, int], cells: dict[str, str], line: TableRow) -> Text | None:
    for column, at in columns.items():
        if at in line.uncalculated:
            return _(
                "column `{column}` holds a formula without a value; open the file in Excel and save it", column=column
            )
        if cells[column].casefold() in ERRORS or OFFICE_ERROR.fullmatch(cells[column]):
            return _("column `{column}` is an error, {cells}", column=column, cells=cells[column])
        if garbled(cells[column]):
            return _("column `{column}` has broken letters", column=column)
        if at in line.partly:
            return _("column `{column}` is struck through in part; leave only what holds", column=column)
        if column == "name" and at < len(line.cells) and several(line.cells[at]):
            return _("column `name` holds several people ({cells}); give each a row of their own", cells=cells[column])
        if len(cells[column]) > LONGEST.get(column, len(cells[column])):
            most = LONGEST[column]
            return _("column `{column}` is longer than {most} characters", column=column, most=most)
    return None


def _dated(cells: dict[str, str]) -> Text | None:
    """A fault for a name that a spreadsheet may have converted to a date."""
    dated = [(at, cells[at], typed) for at in UNDATED if at in cells and (typed := typed_before(cells[at]))]
    if not dated:
        return None
    found = listed(
        _(
            "column `{column}` holds a date ({date}); Excel may have made it of {typed}",
            column=at,
            date=date,
            typed=typed,
        )
        for at, date, typed in dated
    )
    return _("{text}; correct it, or --keep-dates if it is called so", text=found)


def _wrong(cells: dict[str, str], bib: int | None, employees: int | None) -> Text | None:
    """Why a row cannot be imported."""
    if bib == 0:
        return _("column `bib`: {cells!r} is not a number from 1 to {bib_most}", bib_most=BIB_MOST, cells=cells["bib"])
    if employees == 0:
        return _("column `employees` is no number from 1 up")
    if not cells["company"]:
        return _("column `company` is empty")
    if not any(letter.isalnum() for letter in cells["company"]):
        return _("column `company` has no letter")
    name = cells.get("name", "")
    if name and not any(letter.isalpha() for letter in name):
        return _("column `name` has no letter")
    if not name and bib is None:
        return _("column `name` is empty")
    return None


def _bib(text: str) -> int | None:
    """The bib's number; None for an empty cell, 0 for an impossible bib. Some programs write `417.0`."""
    if not text or NO_BIB.fullmatch(text):
        return None
    text = re.sub(r"\.0+$|번$|^(?:no\.?|#) ?", "", text, flags=re.IGNORECASE)
    return int(text) if re.fullmatch(r"0*[1-9]\d{0,5}", text, re.ASCII) else 0


def _employees(text: str) -> int | None:
    """The number in `1,200명` or `1200`; None for an empty cell, 0 for anything else."""
    if not text:
        return None
    bare = re.sub(r"[, ]|\.0+$|명$", "", text)
    number = int(bare) if re.fullmatch(r"\d{1,8}", bare, re.ASCII) else 0
    return number if number <= EMPLOYEES_MOST else 0


def agreed(word: str) -> bool | None:
    """Whether a cell says yes; False for a blank one, None if it is neither yes nor no.

    >>> agreed("동의 함"), agreed("O"), agreed(""), agreed("X"), agreed("아마도")
    (True, True, False, False, None)
    """
    bare = re.sub(r"[\s.]", "", word).casefold()
    return True if bare in YES_WORDS else False if not bare or bare in NO_WORDS else None


def repeated_bibs(entries: Iterable[Entry]) -> list[Fault]:
    """A fault for each repetition of a bib's number."""
    rows: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.bib is not None:
            rows[entry.bib].append(entry)
    return [
        Fault(
            entry.where,
            _("column `bib`: {bib} is also in {where}", bib=bib, where=first.where),
        )
        for bib, (first, *others) in rows.items()
        for entry in others
    ]
