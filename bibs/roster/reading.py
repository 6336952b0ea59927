"""The lists as firms send them: the sheets of a file become one roster, in which every row is taken in or named. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from bibs.roster.asides import begins_another_list, why_aside
from bibs.roster.cancelled import cancelled, sheet_of_cancelled
from bibs.roster.doubts import doubt, odd_cells
from bibs.roster.entries import Entry, Fault, Roster, entry_of, repeated_bibs, where_of
from bibs.roster.forms import counter, firm_of_form
from bibs.roster.headings import (
    HEADER_WITHIN,
    columns_of,
    header_of,
    mapped,
    near_consent,
    personal,
    unread,
    unused,
)
from bibs.roster.ragged import ragged, short, without_heading
from bibs.roster.resident import holds_resident_number, is_resident_number, resident_numbers
from bibs.roster.rivals import settled
from bibs.roster.rows import Line, Sheet
from bibs.roster.split_names import joined_names
from bibs.roster.wishes import NOTHING, Wishes
from timing.spelling import clean

Words = tuple[str, str]
"""Korean and English."""


def read_book(file: str, sheets: Sequence[Sheet], wishes: Wishes = NOTHING) -> Roster:
    """All sheets of a file; those that hold no roster are named, as long as one does."""
    shown = [sheet for sheet in sheets if sheet.lines and not sheet.hidden]
    listing = [sheet for sheet in shown if _lists_people(sheet.lines, wishes)] or shown[:1] or [Sheet([])]
    read = Roster()
    for sheet in listing:
        place = _place(file, sheet) if len(listing) > 1 else file
        read += read_roster(place, sheet.lines, wishes, sheet.encoding, sheet.name) + Roster(
            remarks=tuple(_seen(place, sheet))
        )
    for sheet in sheets:
        if sheet.lines and sheet not in listing:
            place = _place(file, sheet)
            read += Roster(faults=tuple(resident_numbers(place, sheet.lines)), remarks=(_unread(place, sheet),))
    return replace(read, faults=(*read.faults, *repeated_bibs(read.entries)))


@dataclass(frozen=True, slots=True)
class _List:
    """A sheet whose header is known."""

    file: str
    header: Line
    rows: Sequence[Line]
    columns: dict[str, int]
    """Those that are read."""


def read_roster(
    file: str, lines: Sequence[Line], wishes: Wishes = NOTHING, encoding: str = "", sheet: str = ""
) -> Roster:
    """Turn a sheet's rows into entries; every row below the header becomes an entry, a fault or an aside."""
    raw = {line.number: line for line in lines}
    lines, remarks, half = _prepared(file, lines, wishes)
    header = header_of(lines)
    resident = {fault.where: fault for fault in resident_numbers(file, lines, header)}
    if wrong := _no_roster(file, lines, header, wishes, raw) or half:
        return Roster(faults=(*resident.values(), wrong))
    assert header is not None
    rows = [line for line in lines if line.number > header.number]
    columns, counting = _without_counter(file, rows, header)
    told = _List(file, header, rows, columns)
    asides, people = _without_asides(told, resident)
    people, faults = settled(file, header, people)
    gone = sheet_of_cancelled(clean(sheet), people) or cancelled(people, columns, _statuses(told))
    if wishes.skip_cancelled:
        asides += [
            Fault(where_of(file, line), *_left_out(why))
            for line in people
            for why, at in gone.items()
            if line.number in at
        ]
        people = [line for line in people if not any(line.number in at for at in gone.values())]
    mine = [raw[line.number] for line in people]
    torn = [*ragged(file, raw[header.number], mine, columns["company"]), *_other_lists(file, people)]
    doubted = doubt(header, people, columns) if encoding else None
    people, inherited = _firms_from_above(file, people, columns)
    named = {*resident, *(fault.where for fault in torn)}
    read = [entry_of(file, columns, line, wishes.keep_dates) for line in people if where_of(file, line) not in named]
    return Roster(
        tuple(row for row in read if isinstance(row, Entry)),
        (
            *resident.values(),
            *faults,
            *torn,
            *([Fault(file, *doubted[1:])] if doubted and doubted[0] else []),
            *(row for row in read if isinstance(row, Fault)),
        ),
        tuple(asides),
        (
            *remarks,
            *_read_past(file, header),
            *counting,
            *inherited,
            *([] if wishes.skip_cancelled else _taken_all_the_same(file, gone)),
            *([Fault(file, *doubted[1:])] if doubted else []),
            *_odd_rows(told, raw[header.number], mine, encoding),
        ),
    )


def _other_lists(file: str, people: Sequence[Line]) -> Iterable[Fault]:
    for line in people:
        if begins_another_list(line):
            korean = "여기서 다른 열의 명단이 시작됩니다. 다른 시트나 파일로 나누세요"
            english = "another list with other columns begins here; put it on a sheet or into a file of its own"
            yield Fault(where_of(file, line), korean, english)


def _prepared(file: str, lines: Sequence[Line], wishes: Wishes) -> tuple[Sequence[Line], list[Fault], Fault | None]:
    """The rows with what others say of them: headings that somebody mapped, names put together, the firm of everybody."""
    lines, joined, half = joined_names(file, mapped(lines, wishes.columns))
    lines, remarks = firm_of_form(file, lines, wishes.firm)
    return lines, [*joined, *remarks], half


def _without_asides(told: _List, resident: Mapping[str, Fault]) -> tuple[list[Fault], Sequence[Line]]:
    """The rows that are nobody, each with its reason, and the others."""
    heads = columns_of(told.header)
    asides, people = [], []
    for line in told.rows:
        where = where_of(told.file, line)
        if where not in resident and (why := why_aside(line, told.columns, heads)):
            asides.append(Fault(where, *why))
        else:
            people.append(line)
    return asides, people


def _statuses(told: _List) -> dict[int, str]:
    """The columns that may say that somebody does not come: those that nobody reads, and what groups people."""
    mine = [told.columns[column] for column in ("category", "wave") if column in told.columns]
    widest = max((len(line.cells) for line in told.rows), default=0)
    headless = [at for at in range(widest) if not clean("".join(told.header.cells[at : at + 1]))]
    return {
        at: clean("".join(told.header.cells[at : at + 1])) for at in sorted({*unread(told.header), *mine, *headless})
    }


def _taken_all_the_same(file: str, gone: Mapping[Words, Sequence[int]]) -> Iterable[Fault]:
    for (korean, english), numbers in gone.items():
        rows = ranges(numbers)
        yield Fault(
            file,
            f"{korean}: {rows}행도 그대로 들였습니다(빼려면 --skip-cancelled)",
            f"{english}: rows {rows} taken in all the same (--skip-cancelled leaves them out)",
        )


def _left_out(why: Words) -> Words:
    return f"참가하지 않는 사람({why[0]})", f"cancelled ({why[1]})"


def _odd_rows(told: _List, header: Line, people: Sequence[Line], encoding: str) -> Iterable[Fault]:
    """What is to know of rows that are taken in and look odd."""
    if rows := without_heading(header, people):
        where = ranges(rows)
        korean = f"{where}행에 머리글 없는 열의 값이 있고 읽지 않았습니다"
        yield Fault(told.file, korean, f"rows {where} hold something where no heading stands; not read")
    if header.width and (rows := short(header, people)):
        where = ranges(rows)
        yield Fault(told.file, f"{where}행은 칸이 머리글보다 적습니다", f"rows {where} have fewer cells than columns")
    places = [told.columns[column] for column in ("company", "name", "team") if column in told.columns]
    if encoding and (rows := odd_cells(people, places)):
        where = ranges(rows)
        korean = f"{where}행의 글자가 깨진 것 같습니다(다른 코드로 저장된 부분)"
        yield Fault(told.file, korean, f"rows {where}: letters look broken (saved in another encoding?)")


def _no_roster(
    file: str, lines: Sequence[Line], header: Line | None, wishes: Wishes, raw: Mapping[int, Line]
) -> Fault | None:
    if header is None or not columns_of(header).keys() & {"name", "bib"}:
        return _missing(file, lines, header, raw)
    if wishes.firm and not header.cells[columns_of(header)["company"]].startswith("="):
        heading = clean(header.cells[columns_of(header)["company"]])
        korean = f"소속 열(`{heading}`)이 있는 명단입니다. --firm은 그 열이 없을 때만 씁니다"
        return Fault(
            where_of(file, header),
            korean,
            f"the list has a column for the firm (`{heading}`); --firm is for lists without",
        )
    if lines[-1].number <= header.number:
        return Fault(file, "머리글 아래에 사람이 없습니다", "no people below the header")
    return None


def _missing(file: str, lines: Sequence[Line], header: Line | None, raw: Mapping[int, Line]) -> Fault:
    """Which column is missing, and the headings that were found instead, as they stand in the file."""
    like = header or max(lines[:HEADER_WITHIN], key=lambda line: (len(columns_of(line)), -line.number), default=None)
    columns = columns_of(like) if like else {}
    korean, english = "소속(회사) 열이 없습니다", "no column `company`"
    hint = "`--map 머리글=company` 또는 `--firm 회사명`", "--map HEADING=company or --firm NAME"
    if header:
        korean, english = "성명(이름) 열이 없습니다", "no column `name`"
        hint = "`--map 머리글=name`", "--map HEADING=name"
    if not like or not columns:
        return Fault(
            file, f"{korean}. 머리글 행을 확인하세요({hint[0]})", f"{english}; check the header row ({hint[1]})"
        )
    found = ", ".join(f"`{clean(cell)}`" for cell in raw[like.number].cells if clean(cell))
    place = where_of(file, like) if header else file
    return Fault(
        place, f"{korean}. 찾은 머리글: {found}. {hint[0]}", f"{english}; the headings found: {found}; {hint[1]}"
    )


def _lists_people(lines: Sequence[Line], wishes: Wishes) -> bool:
    header = header_of(_prepared("", lines, wishes)[0])
    return header is not None and bool(columns_of(header).keys() & {"name", "bib"})


def _place(file: str, sheet: Sheet) -> str:
    return f"{file} [{clean(sheet.name)}]"


def _seen(place: str, sheet: Sheet) -> Iterable[Fault]:
    """What the look of a sheet tells, or cannot tell."""
    if sheet.plain:
        korean = "이 형식에서는 숨긴 행과 취소선, 숫자에 붙은 글자(`1팀`)를 알 수 없습니다. 있으면 .xlsx로 저장하세요"
        english = "this kind of file does not tell what is hidden, struck through or shown beside numbers (`1km`)"
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
    alone = _alone(people)
    written = [clean(line.cells[at]) if at < len(line.cells) else "" for line in people]
    own = [firm if at not in line.merged else "" for firm, line in zip(written, people, strict=True)]
    if any(one and one == other for one, other in pairwise(own)):
        return people, []
    above, filled, given = "", [], []
    named = ["" if is_resident_number(firm) or holds_resident_number(firm) else firm for firm in written]
    for firm, line in zip(named, people, strict=True):
        above = firm or above
        empty = not line.cells[at:] or not clean(line.cells[at])
        takes = bool(above) and empty and line.number not in alone
        filled.append(line.saying(at, above) if takes else line)
        given += [line.number] if takes else []
    rows = ranges(given)
    korean, english = (
        f"{rows}행의 빈 소속은 바로 위의 소속으로 읽었습니다",
        f"rows {rows}: an empty firm is the one above",
    )
    return filled, [Fault(file, korean, english)] if given else []


def _alone(people: Sequence[Line]) -> set[int]:
    """The numbers of rows with a single cell where others have three and more: no people of the firm above, but the end of a file."""
    own = {
        line.number: sum(bool(cell) and at not in line.merged for at, cell in enumerate(line.cells)) for line in people
    }
    return {number for number, cells in own.items() if cells == 1} if own and median(own.values()) >= 3 else set()


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
