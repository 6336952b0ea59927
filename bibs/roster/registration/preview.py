"""Previews an import as tables of plain text for the terminal, where a Hangul syllable takes two columns. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple
from unicodedata import east_asian_width

from bibs.roster.registration.import_plan import ImportPlan
from timing.language import Text, _
from timing.race.firms import FirmCard
from timing.race.known_names import Names
from timing.race.office_state import Entrant

NEW, CHANGED, SAME, MISSING, FIRM = _("new"), _("changed"), _("same"), _("missing"), _("firm")
LABELS = {
    "team": _("team"),
    "sex": _("sex"),
    "category": _("category"),
    "wave": _("wave"),
    "bib": _("bib"),
    "aged_on": _("age on"),
}


class PreviewRow(NamedTuple):
    """One line of what changes: of a person, or of a firm."""

    kind: Text
    bib: str
    firm: str
    name: str
    told: str
    entrant: str = ""
    """Whose id it is; empty for a firm."""

    @property
    def cells(self) -> tuple[str, ...]:
        return str(self.kind), self.bib, self.firm, self.name, self.told


def preview(done: ImportPlan, known: Names, cards: Mapping[str, FirmCard]) -> Iterator[str]:
    """The lines: each firm's count, then what changes of the firms, then every person who is new, changed or missing."""
    yield from _columns(count_table(done, known), ">1234")
    if changes := [row.cells for row in change_rows(done, known, cards)]:
        yield ""
        yield from _columns(changes)


def count_table(done: ImportPlan, known: Names) -> list[tuple[str, ...]]:
    """For each firm the numbers of new, changed, unchanged and missing people, below a header."""
    return [tuple(map(str, (FIRM, NEW, CHANGED, SAME, MISSING))), *_counts(done, known.with_(done.names))]


def change_rows(done: ImportPlan, known: Names, cards: Mapping[str, FirmCard]) -> Iterator[PreviewRow]:
    """The changes of firms, then every person who is new, changed or missing."""
    names = known.with_(done.names)
    yield from _firm_changes(done, names, cards)
    yield from _people(done, names)


def changed_people(done: ImportPlan, known: Names) -> Iterator[str]:
    """The changes of people entered before and of firms, each with the value before and after."""
    names = known.with_(done.names)
    changes = [
        _person(CHANGED, taken.before, names, _changes(taken.before, taken.after, names)).cells
        for taken in done.people
        if taken.before is not None and taken.changed
    ]
    yield from _columns(changes) if changes else ()


def _counts(done: ImportPlan, names: Names) -> Iterator[tuple[str, ...]]:
    new, changed, same = Counter[str](), Counter[str](), Counter[str]()
    for taken in done.people:
        kind = new if taken.before is None else changed if taken.changed else same
        kind[taken.after.company] += 1
    missing = Counter(entrant.company for entrant in done.missing)
    firms = sorted({taken.after.company for taken in done.people} | missing.keys())
    for firm in firms:
        counts = (new[firm], changed[firm], same[firm], missing[firm])
        yield names.companies.get(firm, firm), *map(str, counts)
    if len(firms) > 1:
        yield str(_("total")), *(str(kind.total()) for kind in (new, changed, same, missing))


def _firm_changes(done: ImportPlan, names: Names, cards: Mapping[str, FirmCard]) -> Iterator[PreviewRow]:
    for firm, (before, now) in done.employees.items():
        change = str(_("employees {before} → {now}", before=before or "–", now=now))
        yield PreviewRow(FIRM, "", names.companies.get(firm, firm), "", change)
    for card in done.cards:
        before_place = cards[card.company].place if card.company in cards else ""
        change = str(_("place {before} → {now}", before=before_place or "–", now=card.place))
        yield PreviewRow(FIRM, "", names.companies.get(card.company, card.company), "", change)


def _people(done: ImportPlan, names: Names) -> Iterator[PreviewRow]:
    for taken in done.people:
        if taken.before is None:
            yield _person(NEW, taken.after, names, _described(taken.after, names))
        elif taken.changed:
            yield _person(CHANGED, taken.before, names, _changes(taken.before, taken.after, names))
        if taken.after.id in done.consents:
            told = _("full name in public") if done.consents[taken.after.id] else _("name masked in public")
            yield _person(_("consent"), taken.after, names, str(told))
    for entrant in done.missing:
        yield _person(MISSING, entrant, names, str(_("not in the roster, stays")))


def _person(kind: Text, entrant: Entrant, names: Names, told: str) -> PreviewRow:
    firm = names.companies.get(entrant.company, entrant.company)
    return PreviewRow(kind, str(entrant.bib or ""), firm, names.people.get(entrant.id, ""), told, entrant.id)


def _described(entrant: Entrant, names: Names) -> str:
    said = _values(entrant, names)
    return ", ".join(
        f"{LABELS[field]} {value}" for field, value in said.items() if value and field not in ("bib", "aged_on")
    )


def _changes(before: Entrant, after: Entrant, names: Names) -> str:
    old, new = _values(before, names), _values(after, names)
    return ", ".join(f"{LABELS[at]} {old[at] or '–'} → {new[at] or '–'}" for at in LABELS if old[at] != new[at])


def _values(entrant: Entrant, names: Names) -> dict[str, str]:
    return {
        "team": names.teams.get(entrant.team, entrant.team),
        "sex": entrant.sex,
        "category": entrant.category,
        "wave": entrant.wave,
        "bib": str(entrant.bib or ""),
        "aged_on": entrant.aged_on,
    }


def _columns(rows: Iterable[Sequence[str]], right: str = ">1") -> Iterator[str]:
    """The rows as aligned columns; those with an index in `right` are aligned to the right."""
    told = list(rows)
    widths = [max(map(_width, column)) for column in zip(*told, strict=True)]
    for row in told:
        cells = []
        for at, (cell, width) in enumerate(zip(row, widths, strict=True)):
            gap = " " * (width - _width(cell))
            cells.append(gap + cell if str(at) in right else cell + gap)
        yield "  ".join(cells).rstrip()


def _width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
