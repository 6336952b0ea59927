"""The lists as firms send them: the sheets of a file become one roster, in which every row is taken in or named. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from bibs.roster.asides import why_aside
from bibs.roster.entries import Entry, Fault, Roster, entry_of, repeated_bibs, where_of
from bibs.roster.forms import counter, firm_of_form
from bibs.roster.headings import columns_of, header_of, near_consent, personal, unused
from bibs.roster.resident import holds_resident_number, is_resident_number, resident_numbers
from bibs.roster.rows import Line, Sheet
from timing.spelling import clean


def read_book(file: str, sheets: Sequence[Sheet]) -> Roster:
    """All sheets of a file; those that hold no roster are named, as long as one does."""
    shown = [sheet for sheet in sheets if sheet.lines and not sheet.hidden]
    listing = [sheet for sheet in shown if _lists_people(sheet.lines)] or shown[:1] or [Sheet([])]
    read = Roster()
    for sheet in listing:
        place = _place(file, sheet) if len(listing) > 1 else file
        read += read_roster(place, sheet.lines) + Roster(remarks=tuple(_seen(place, sheet)))
    for sheet in sheets:
        if sheet.lines and sheet not in listing:
            place = _place(file, sheet)
            read += Roster(faults=tuple(resident_numbers(place, sheet.lines)), remarks=(_unread(place, sheet),))
    return replace(read, faults=(*read.faults, *repeated_bibs(read.entries)))


def read_roster(file: str, lines: Sequence[Line]) -> Roster:
    """Turn a sheet's rows into entries; every row below the header becomes an entry, a fault or an aside."""
    lines, remarks = firm_of_form(file, lines)
    header = header_of(lines)
    resident = {fault.where: fault for fault in resident_numbers(file, lines, header)}
    if wrong := _no_roster(file, lines, header):
        return Roster(faults=(*resident.values(), wrong))
    assert header is not None
    rows = [line for line in lines if line.number > header.number]
    columns, counting = _without_counter(file, rows, header)
    heads = columns_of(header)
    aside = {line.number: why_aside(line, columns, heads) for line in rows if where_of(file, line) not in resident}
    asides = [Fault(where_of(file, line), *why) for line in rows if (why := aside.get(line.number))]
    people, inherited = _firms_from_above(file, [line for line in rows if not aside.get(line.number)], columns)
    read = [entry_of(file, columns, line) for line in people if where_of(file, line) not in resident]
    return Roster(
        tuple(row for row in read if isinstance(row, Entry)),
        (*resident.values(), *(row for row in read if isinstance(row, Fault))),
        tuple(asides),
        (*remarks, *_read_past(file, header), *counting, *inherited),
    )


def _no_roster(file: str, lines: Sequence[Line], header: Line | None) -> Fault | None:
    if header is None:
        return Fault(
            file, "소속(회사) 열이 없습니다. 머리글 행을 확인하세요", "no column `company`; check the header row"
        )
    if not columns_of(header).keys() & {"name", "bib"}:
        return Fault(where_of(file, header), "성명(이름) 열이 없습니다", "no column `name`")
    if lines[-1].number <= header.number:
        return Fault(file, "머리글 아래에 사람이 없습니다", "no people below the header")
    return None


def _lists_people(lines: Sequence[Line]) -> bool:
    header = header_of(firm_of_form("", lines)[0])
    return header is not None and bool(columns_of(header).keys() & {"name", "bib"})


def _place(file: str, sheet: Sheet) -> str:
    return f"{file} [{clean(sheet.name)}]"


def _seen(place: str, sheet: Sheet) -> Iterable[Fault]:
    """What the look of a sheet tells, or cannot tell."""
    if sheet.plain:
        korean = "이 형식(.xls, .xlsb)에서는 숨긴 행과 취소선, 숫자에 붙은 글자(`1팀`)를 알 수 없습니다. 있으면 .xlsx로 저장하세요"
        english = "this kind of file (.xls, .xlsb) does not tell what is hidden, struck through or shown beside numbers (`1km`)"
        yield Fault(place, korean, f"{english}; if there is any, save it as .xlsx")
    if sheet.hidden_rows:
        rows = ranges(sheet.hidden_rows)
        yield Fault(place, f"숨긴 행도 읽었습니다: {rows}", f"hidden rows were read too: {rows}")


def _unread(place: str, sheet: Sheet) -> Fault:
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


def _read_past(file: str, header: Line) -> Iterable[Fault]:
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


def _without_counter(file: str, rows: Sequence[Line], header: Line) -> tuple[dict[str, int], list[Fault]]:
    """The columns; what merely counts the rows is no bib."""
    columns = columns_of(header)
    if not counter(rows, header, columns):
        return columns, []
    del columns["bib"]
    korean = "번호 열은 1부터 세는 순번이라 배번으로 보지 않았습니다(배번이면 머리글을 `배번`으로)"
    english = "the numbers count the rows from 1 and are not taken for bibs (for bibs call the column `bib`)"
    return columns, [Fault(file, korean, english)]


def _firms_from_above(
    file: str, people: Sequence[Line], columns: dict[str, int]
) -> tuple[Sequence[Line], Sequence[Fault]]:
    """A firm that is written once above its people holds for them all.

    Where it is written row by row an empty cell is a mistake; then nothing is filled in.
    """
    at = columns["company"]
    written = [clean(line.cells[at]) if at < len(line.cells) else "" for line in people]
    own = [firm if at not in line.merged else "" for firm, line in zip(written, people, strict=True)]
    if any(one and one == other for one, other in pairwise(own)):
        return people, []
    above, filled, given = "", [], []
    named = ["" if is_resident_number(firm) or holds_resident_number(firm) else firm for firm in written]
    for firm, line in zip(named, people, strict=True):
        above = firm or above
        empty = not line.cells[at:] or not clean(line.cells[at])
        filled.append(line.saying(at, above) if above and empty else line)
        given += [line.number] if above and empty else []
    rows = ranges(given)
    korean, english = (
        f"{rows}행의 빈 소속은 바로 위의 소속으로 읽었습니다",
        f"rows {rows}: an empty firm is the one above",
    )
    return filled, [Fault(file, korean, english)] if given else []


def ranges(numbers: Iterable[int]) -> str:
    """Rows in few words.

    >>> ranges([3, 4, 5, 9])
    '3-5, 9'
    """
    spans: list[list[int]] = []
    for number in sorted(numbers):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(f"{first}-{last}" if last > first else f"{first}" for first, last in spans)
