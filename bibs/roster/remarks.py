"""What an organiser would want to know of a list that was read. Pure."""

from collections.abc import Iterable, Mapping, Sequence

from bibs.roster.doubts import odd_cells
from bibs.roster.entries import Fault
from bibs.roster.headings import columns_of, near_consent, personal, unused
from bibs.roster.one_person import undecided
from bibs.roster.ragged import short, without_heading
from bibs.roster.rows import Line, Sheet, ranges
from timing.spelling import clean

Words = tuple[str, str]
"""Korean and English."""


def seen(place: str, sheet: Sheet) -> Iterable[Fault]:
    """What the look of a sheet tells, or cannot tell."""
    if sheet.plain:
        korean = "이 형식에서는 숨긴 행과 취소선, 숫자에 붙은 글자(`1팀`)를 알 수 없습니다. 있으면 .xlsx로 저장하세요"
        english = "this kind of file does not tell what is hidden, struck through or shown beside numbers (`1km`)"
        yield Fault(place, korean, f"{english}; if there is any, save it as .xlsx")
    if sheet.hidden_rows:
        rows = ranges(sheet.hidden_rows)
        yield Fault(place, f"숨긴 행도 읽었습니다: {rows}", f"hidden rows were read too: {rows}")


def unread_sheet(place: str, sheet: Sheet) -> Fault:
    count = len(sheet.lines)
    if sheet.hidden:
        return Fault(
            place, f"숨긴 시트라 {count}행을 읽지 않았습니다", f"a hidden sheet; its {count} rows were not read"
        )
    return Fault(
        place,
        f"소속과 성명 열이 없어 {count}행을 읽지 않았습니다",
        f"no columns `company` and `name`; its {count} rows were not read",
    )


def read_past(file: str, header: Line) -> Iterable[Fault]:
    columns = columns_of(header)
    headings = [clean(header.cells[columns["born"]])] if "born" in columns else []
    if headings := [*headings, *personal(header)]:
        shown = ", ".join(headings)
        yield Fault(file, f"저장하지 않는 열: {shown}", f"read past and not stored: {shown}")
    if headings := unused(header):
        shown = ", ".join(headings)
        yield Fault(file, f"쓰지 않는 열: {shown}", f"unused columns: {shown}")
    if near := [heading for heading in headings if near_consent(heading)]:
        shown = ", ".join(near)
        korean = f"{shown} 열은 이름을 공개해도 된다는 동의로 보지 않았습니다(그런 동의면 머리글을 `이름 공개 동의`로)"
        english = f"{shown}: not taken for the consent to a public name (if it is, call the column `consent`)"
        yield Fault(file, korean, english)


def taken_all_the_same(file: str, gone: Mapping[Words, Sequence[int]]) -> Iterable[Fault]:
    for (korean, english), numbers in gone.items():
        rows = ranges(numbers)
        yield Fault(
            file,
            f"{korean}: {rows}행도 그대로 들였습니다(빼려면 --skip-cancelled)",
            f"{english}: rows {rows} taken in all the same (--skip-cancelled leaves them out)",
        )


def odd_rows(
    file: str, header: Line, people: Sequence[Line], columns: Mapping[str, int], encoding: str
) -> Iterable[Fault]:
    """What is to know of rows that are taken in and look odd."""
    if rows := without_heading(header, people):
        where = ranges(rows)
        korean = f"{where}행에 머리글 없는 열의 값이 있고 읽지 않았습니다"
        yield Fault(file, korean, f"rows {where} hold something where no heading stands; not read")
    if header.width and (rows := short(header, people)):
        where = ranges(rows)
        yield Fault(file, f"{where}행은 칸이 머리글보다 적습니다", f"rows {where} have fewer cells than columns")
    if rows := undecided(people, columns.get("name")):
        where = ranges(rows)
        korean = f"{where}행의 이름은 아직 정해지지 않은 것 같습니다. 그대로 들였으니 정해지면: marathon people rename"
        english = f"rows {where}: a name that is none yet, taken in all the same; then `marathon people rename`"
        yield Fault(file, korean, english)
    places = [columns[column] for column in ("company", "name", "team") if column in columns]
    if encoding and (rows := odd_cells(people, places)):
        where = ranges(rows)
        korean = f"{where}행의 글자가 깨진 것 같습니다(다른 코드로 저장된 부분)"
        yield Fault(file, korean, f"rows {where}: letters look broken (saved in another encoding?)")
