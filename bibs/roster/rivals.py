"""Two headings for one column: what only one of them says is taken, what they say differently is asked. Pure."""

from collections.abc import Sequence

from bibs.roster.dates import to_the_minute
from bibs.roster.entries import Fault, where_of
from bibs.roster.headings import other_names, places_of, rivals
from bibs.roster.rows import Line, ranges
from timing.spelling import clean, company_key, group_key, name_key, sex_of

ROWS_SHOWN = 5
KEYS = {
    "company": company_key,
    "name": name_key,
    "sex": sex_of,
    "bib": lambda text: text.lstrip("0"),
    "wave": to_the_minute,
}
FREE = ("born",)  # one birth may be written in two ways; the first counts


def settled(file: str, header: Line, people: Sequence[Line]) -> tuple[list[Line], list[Fault]]:
    """The rows with one answer for each column, and a fault for each column whose headings say different things."""
    read, faults = list(people), []
    for column, places in rivals(header).items():
        if column in FREE:
            continue
        differing = [line.number for line in people if len(_answers(column, line, places)) > 1]
        if differing:
            faults.append(_contradiction(file, header, column, places, differing))
        read = [_with_answer(line, places) for line in read]
    return read, faults


def named_elsewhere(file: str, header: Line, people: Sequence[Line]) -> tuple[Sequence[Line], list[Fault]]:
    """The rows without a name with what a column of names in other letters says, and which ones these are."""
    if not (others := other_names(header)):
        return people, []
    first = places_of(header)["name"][0]
    read = [_with_answer(line, [first, *others]) for line in people]
    rows = ranges(line.number for line, before in zip(read, people, strict=True) if line is not before)
    korean, english = f"다른 글자의 이름으로 읽은 행: {rows}", f"rows read by their names in other letters: {rows}"
    return read, [Fault(file, korean, english)] if rows else []


def _answers(column: str, line: Line, places: Sequence[int]) -> set[str]:
    """What a row says under these headings, each answer once; a part of a name is no other name."""
    key = KEYS.get(column, group_key)
    said = {key(text) for text in (_cell(line, at) for at in places) if text}
    return (
        {one for one in said if not any(one != other and one in other for other in said)} if column == "name" else said
    )


def _with_answer(line: Line, places: Sequence[int]) -> Line:
    first, *others = places
    text = next((said for at in others if (said := _cell(line, at))), "")
    return line.saying(first, text) if text and not _cell(line, first) else line


def _cell(line: Line, at: int) -> str:
    return clean(line.cells[at]) if at < len(line.cells) else ""


def _contradiction(file: str, header: Line, column: str, places: Sequence[int], rows: Sequence[int]) -> Fault:
    names = [clean(header.cells[at]) for at in places]
    headings = ", ".join(f"`{name}`({at + 1})" for name, at in zip(names, places, strict=True))
    shown = ", ".join(map(str, rows[:ROWS_SHOWN])) + (" …" if len(rows) > ROWS_SHOWN else "")
    how, how_english = _how(column, names)
    return Fault(
        where_of(file, header),
        f"{headings} 열이 모두 {column}(으)로 읽히고 {shown}행에서 서로 다릅니다. 어느 쪽인지: {how}",
        f"columns {headings} are all `{column}` and differ in rows {shown}; say which one: {how_english}",
    )


def _how(column: str, names: Sequence[str]) -> tuple[str, str]:
    if len(set(names)) < len(names):
        return (
            "표 두 개가 나란히 있으면 아래로 이어 붙이고, 아니면 한 열의 머리글을 바꾸세요",
            "put tables that stand side by side below one another, or rename one of the headings",
        )
    maps = [f'--map "{name}={column}"' for name in names]
    return " 또는 ".join(f"`{one}`" for one in maps), " or ".join(maps)
