"""Joins names whose parts are in separate columns: `성` + `이름`, `First Name` + `Last Name`. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bibs.roster.entries.entry import Fault, where_of
from bibs.roster.entries.name_parts import part_of
from bibs.roster.headings import HEADER_WITHIN, REST, columns_of, foreign, header_of
from bibs.roster.table_rows import TableRow
from timing.language import _
from timing.race.spelling import clean, sex_of


@dataclass(frozen=True, slots=True)
class NameColumns:
    """The indices of the parts of a name: those before a western family name, in order, and the family name."""

    given: tuple[int, ...]
    family: int

    @property
    def places(self) -> list[int]:
        return sorted([*self.given, self.family])


def joined_names(file: str, lines: Sequence[TableRow]) -> tuple[Sequence[TableRow], list[Fault], Fault | None]:
    """The rows with an additional column `name` joined from its parts; remarks; and a fault for each part without the other.

    Parts in Hangul come before those in other letters, and a column of whole names before either; they serve the rows without it.
    """
    for at, line in enumerate(_top(lines)):
        parts = {place: part for place, cell in enumerate(line.cells) if (part := part_of(cell))}
        family = next((place for place, part in parts.items() if part == "family"), None)
        if family is not None and _is_sex(lines[at + 1 :], family):  # `성` is short for `성별` too
            sex = {} if "sex" in columns_of(line) else {family: "=sex"}
            return [line.rewritten(sex) if one is line else one for one in lines], [], None
        pairs, whole = _pairs(line, parts), columns_of(line).get("name")
        if pairs and len(line.cells) > 1:
            return _joined(file, lines, at, pairs, whole)
        half = next((place for place, part in parts.items() if part in ("family", "given")), None)
        if half is not None and whole is None and len(line.cells) > 1:
            return lines, [], _half(file, line, half)
    return lines, [], None


def _top(lines: Sequence[TableRow]) -> Sequence[TableRow]:
    """The rows that may be the header: none below one that names all needed columns."""
    header = header_of(lines)
    whole = header and columns_of(header).keys() & {"name", "bib"}
    return [line for line in lines[:HEADER_WITHIN] if not (header and whole) or line.number <= header.number]


def _is_sex(below: Sequence[TableRow], at: int) -> bool:
    said = {clean(line.cells[at]) for line in below if at < len(line.cells)} - {""}
    return bool(said) and all(sex_of(word) in ("M", "F") for word in said)


def _pairs(line: TableRow, parts: dict[int, str]) -> list[NameColumns]:
    """The names whose parts belong together: those in Hangul, those in other letters; else what there is of both."""
    mine = {place: part for place, part in parts.items() if not foreign(line.cells[place])}
    other = {place: part for place, part in parts.items() if place not in mine}
    return [*_pair(mine), *_pair(other)] or [*_pair(parts)]


def _pair(parts: dict[int, str]) -> Iterator[NameColumns]:
    first = {part: place for place, part in reversed(parts.items())}
    given = first.get("given", first.get("either"))
    if "family" in first and given is not None:
        yield NameColumns((given, first["middle"]) if "middle" in first else (given,), first["family"])


def _half(file: str, line: TableRow, at: int) -> Fault | None:
    if not columns_of(line):
        return None
    heading = clean(line.cells[at])
    text = _(
        '`{heading}` is half of a name, and the other half was not found; if it is whole: --map "{heading}=name"',
        heading=heading,
    )
    return Fault(where_of(file, line), text)


def _joined(
    file: str, lines: Sequence[TableRow], at: int, pairs: Sequence[NameColumns], whole: int | None
) -> tuple[Sequence[TableRow], list[Fault], Fault | None]:
    """With a column for each pair at the end: of names, where no other column holds them whole, or for the rows without one."""
    sure = whole is not None and not any(whole in pair.places for pair in pairs)
    place, remarks = max(len(line.cells) for line in lines), []
    header, people = lines[at], list(lines[at + 1 :])
    for pair in pairs:
        heading = REST if sure else "=name"
        people = [_saying(line, place, name) for line, name in zip(people, _names(people, pair), strict=True)]
        headings = " + ".join(clean(header.cells[part]) for part in pair.places)
        header = header.rewritten(dict.fromkeys(pair.places, "=-")).saying(place, heading)
        remarks.append(_remark(file, headings, sure))
        place, sure = place + 1, True
    return [*lines[:at], header, *people], remarks, None


def _saying(line: TableRow, place: int, name: str) -> TableRow:
    return line.saying(place, name) if name else line


def _remark(file: str, headings: str, sure: bool) -> Fault:
    if sure:
        return Fault(file, _("{headings} are read as names only in rows that have no other", headings=headings))
    return Fault(file, _("{headings} were joined to form names", headings=headings))


def _names(people: Sequence[TableRow], pair: NameColumns) -> list[str]:
    parts = [
        (" ".join(filter(None, (_cell(line, part) for part in pair.given))), _cell(line, pair.family))
        for line in people
    ]
    whole = all(_holds(first, last) for first, last in parts if first and last)
    return [first if whole and first else joined(first, last) for first, last in parts]


def _cell(line: TableRow, at: int) -> str:
    return clean(line.cells[at]) if at < len(line.cells) else ""


def _holds(name: str, family: str) -> bool:
    """Whether a name already contains the family name."""
    return name != family and (
        name.startswith(family) if not family.isascii() else family.casefold() in name.casefold().split()
    )


def joined(given: str, family: str) -> str:
    """The full name, in the order that its script requires.

    >>> joined("하나", "김"), joined("Hana", "Kim"), joined("夏恩", "鄭"), joined("", "김")
    ('김하나', 'Hana Kim', '鄭夏恩', '김')
    """
    eastern = not any(letter.isascii() and letter.isalpha() for letter in given + family)
    return f"{family}{given}" if eastern else f"{given} {family}".strip()
