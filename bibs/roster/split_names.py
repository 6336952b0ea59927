"""Names whose parts stand in columns of their own become one column: `성` + `이름`, `First Name` + `Last Name`. Pure."""

from collections.abc import Sequence

from bibs.roster.entries import Fault, where_of
from bibs.roster.headings import HEADER_WITHIN, SAID, bare, columns_of, header_of, rank
from bibs.roster.rows import Line
from timing.spelling import clean, sex_of

FAMILY = {"성", "성씨", "성영문", "영문성", "lastname", "familyname", "surname", "family", "last"}
GIVEN = {"명", "firstname", "givenname", "givennames", "forename", "given", "first"}
MIDDLE = {"middlename", "middle", "middlenames"}
EITHER = {"이름", "name", "이름영문", "영문이름"}  # the whole name, or what is left of it beside the family name


def joined_names(file: str, lines: Sequence[Line]) -> tuple[Sequence[Line], list[Fault], Fault | None]:
    """The rows with a column `name` more where its parts stand apart; what is to know; and a part without the other, which is a fault."""
    for at, line in enumerate(_top(lines)):
        family, given, middle = (_first(line, words) for words in (FAMILY, GIVEN, MIDDLE))
        if family is not None and _is_sex(lines[at + 1 :], family):  # `성` is short for `성별` too
            sex = {} if "sex" in columns_of(line) else {family: "=sex"}
            return [line.rewritten(sex) if one is line else one for one in lines], [], None
        whole = columns_of(line).get("name")
        if (family is None and given is None) or len(line.cells) < 2 or _is_sure(line, whole, given):
            continue
        given = whole if given is None else given
        if family is None or given is None:
            return lines, [], _half(file, line, family if family is not None else given)
        return _joined(file, lines, at, [place for place in (given, middle) if place is not None], family)
    return lines, [], None


def _top(lines: Sequence[Line]) -> Sequence[Line]:
    """The rows among which a header may stand: none below one that names all needed columns."""
    header = header_of(lines)
    whole = header and columns_of(header).keys() & {"name", "bib"}
    return [line for line in lines[:HEADER_WITHIN] if not (header and whole) or line.number <= header.number]


def _first(line: Line, words: set[str]) -> int | None:
    return next((at for at, cell in enumerate(line.cells) if bare(cell) in words), None)


def _is_sex(below: Sequence[Line], at: int) -> bool:
    said = {clean(line.cells[at]) for line in below if at < len(line.cells)} - {""}
    return bool(said) and all(sex_of(word) in ("M", "F") for word in said)


def _is_sure(line: Line, whole: int | None, given: int | None) -> bool:
    """Whether a heading names the whole name, beside its parts."""
    if whole is None or whole == given:
        return False
    return rank(line.cells[whole]) == SAID or bare(line.cells[whole]) not in EITHER or given is not None


def _half(file: str, line: Line, at: int | None) -> Fault | None:
    if at is None or not columns_of(line):
        return None
    heading = clean(line.cells[at])
    korean = f'`{heading}` 열은 이름의 반쪽이고 나머지 열을 찾지 못했습니다. 온전한 이름이면 `--map "{heading}=name"`'
    english = f'`{heading}` is half of a name, and the other half was not found; if it is whole: --map "{heading}=name"'
    return Fault(where_of(file, line), korean, english)


def _joined(
    file: str, lines: Sequence[Line], at: int, given: Sequence[int], family: int
) -> tuple[Sequence[Line], list[Fault], Fault | None]:
    header, below = lines[at], lines[at + 1 :]
    headings = " + ".join(clean(header.cells[place]) for place in sorted([*given, family]))
    parts = [(" ".join(filter(None, (_cell(line, part) for part in given))), _cell(line, family)) for line in below]
    whole = all(_holds(first, last) for first, last in parts if first and last)
    place = max(len(line.cells) for line in lines)
    names = [first if whole and first else joined(first, last) for first, last in parts]
    read = header.rewritten(dict.fromkeys((*given, family), "=-")).saying(place, "=name")
    people = [line.saying(place, name) if name else line for line, name in zip(below, names, strict=True)]
    remark = Fault(file, f"{headings} 열을 이어 이름으로 읽었습니다", f"{headings} were joined to names")
    return [*lines[:at], read, *people], [remark], None


def _cell(line: Line, at: int) -> str:
    return clean(line.cells[at]) if at < len(line.cells) else ""


def _holds(name: str, family: str) -> bool:
    """Whether a name has the family name in it already."""
    return name != family and (
        name.startswith(family) if not family.isascii() else family.casefold() in name.casefold().split()
    )


def joined(given: str, family: str) -> str:
    """The whole name, as its letters ask for it.

    >>> joined("하나", "김"), joined("Hana", "Kim"), joined("夏恩", "鄭"), joined("", "김")
    ('김하나', 'Hana Kim', '鄭夏恩', '김')
    """
    eastern = not any(letter.isascii() and letter.isalpha() for letter in given + family)
    return f"{family}{given}" if eastern else f"{given} {family}".strip()
