"""Resolves two headings for one column: a value of one of them is used, different values are a fault. Pure."""

from collections.abc import Sequence

from bibs.roster.dates import to_the_minute
from bibs.roster.entries.entry import Fault, where_of
from bibs.roster.headings import other_names, places_of, rivals
from bibs.roster.table_rows import TableRow, ranges
from timing.language import Text, _, listed
from timing.race.spelling import clean, company_key, group_key, name_key, sex_of

ROWS_SHOWN = 5
KEYS = {
    "company": company_key,
    "name": name_key,
    "sex": sex_of,
    "bib": lambda text: text.lstrip("0"),
    "wave": to_the_minute,
}
FREE = ("born",)  # one birth may be written in two ways; the first counts


def settled(file: str, header: TableRow, people: Sequence[TableRow]) -> tuple[list[TableRow], list[Fault]]:
    """The rows with one value per column, and a fault for each column whose headings have different values."""
    read, faults = list(people), []
    for column, places in rivals(header).items():
        if column in FREE:
            continue
        differing = [line.number for line in people if len(_answers(column, line, places)) > 1]
        if differing:
            faults.append(_contradiction(file, header, column, places, differing))
        read = [_with_answer(line, places) for line in read]
    return read, faults


def named_elsewhere(file: str, header: TableRow, people: Sequence[TableRow]) -> tuple[Sequence[TableRow], list[Fault]]:
    """The rows, those without a name filled from a column of names in another script, and the numbers of these."""
    if not (others := other_names(header)):
        return people, []
    first = places_of(header)["name"][0]
    read = [_with_answer(line, [first, *others]) for line in people]
    rows = ranges(line.number for line, before in zip(read, people, strict=True) if line is not before)
    text = _("rows read by their names in other letters: {rows}", rows=rows)
    return read, [Fault(file, text)] if rows else []


def _answers(column: str, line: TableRow, places: Sequence[int]) -> set[str]:
    """The distinct values of a row under these headings; a part of a name is no other name."""
    key = KEYS.get(column, group_key)
    said = {key(text) for text in (_cell(line, at) for at in places) if text}
    return (
        {one for one in said if not any(one != other and one in other for other in said)} if column == "name" else said
    )


def _with_answer(line: TableRow, places: Sequence[int]) -> TableRow:
    first, *others = places
    text = next((said for at in others if (said := _cell(line, at))), "")
    return line.saying(first, text) if text and not _cell(line, first) else line


def _cell(line: TableRow, at: int) -> str:
    return clean(line.cells[at]) if at < len(line.cells) else ""


def _contradiction(file: str, header: TableRow, column: str, places: Sequence[int], rows: Sequence[int]) -> Fault:
    names = [clean(header.cells[at]) for at in places]
    headings = ", ".join(f"`{name}`({at + 1})" for name, at in zip(names, places, strict=True))
    shown = ", ".join(map(str, rows[:ROWS_SHOWN])) + (" …" if len(rows) > ROWS_SHOWN else "")
    how = _how(column, names)
    return Fault(
        where_of(file, header),
        _(
            "columns {headings} are all `{column}` and differ in rows {shown}; say which one: {how}",
            headings=headings,
            column=column,
            shown=shown,
            how=how,
        ),
    )


def _how(column: str, names: Sequence[str]) -> Text:
    if len(set(names)) < len(names):
        return _("put tables that stand side by side below one another, or rename one of the headings")
    return listed((_('`--map "{name}={column}"`', name=name, column=column) for name in names), " | ")
