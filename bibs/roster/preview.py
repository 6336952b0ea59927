"""What an import would do, as tables of plain text for the terminal, where a Hangul syllable takes two columns. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from unicodedata import east_asian_width

from bibs.roster.registration import Registration
from timing.language import _
from timing.race.book import Entrant
from timing.race.firms import FirmCard
from timing.race.known_names import Names

LABELS = {
    "team": "팀/team",
    "sex": "성별/sex",
    "category": "부문/category",
    "wave": "조/wave",
    "bib": "배번/bib",
    "aged_on": "나이 기준일/age on",
}


def preview(done: Registration, known: Names, cards: Mapping[str, FirmCard]) -> Iterator[str]:
    """The lines: each firm's count, then what changes of the firms, then every person who is new, changed or missing."""
    names = known.with_(done.names)
    yield from _columns(
        [(str(_("firm")), "새로/new", "바뀜/changed", "그대로/same", "빠짐/missing"), *_counts(done, names)], ">1234"
    )
    changes = [*_firm_changes(done, names, cards), *_people(done, names)]
    if changes:
        yield ""
        yield from _columns(changes)


def changed_people(done: Registration, known: Names) -> Iterator[str]:
    """What changes of people who were entered before, and of the firms, name by name: what it was, what it is."""
    names = known.with_(done.names)
    changes = [
        _person("바뀜/changed", taken.before, names, _changes(taken.before, taken.after, names))
        for taken in done.people
        if taken.before is not None and taken.changed
    ]
    yield from _columns(changes) if changes else ()


def _counts(done: Registration, names: Names) -> Iterator[tuple[str, ...]]:
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


def _firm_changes(done: Registration, names: Names, cards: Mapping[str, FirmCard]) -> Iterator[tuple[str, ...]]:
    for firm, (before, now) in done.employees.items():
        yield "소속/firm", "", names.companies.get(firm, firm), "", f"임직원수/employees {before or '–'} → {now}"
    for card in done.cards:
        before_place = cards[card.company].place if card.company in cards else ""
        change = f"건물·층/place {before_place or '–'} → {card.place}"
        yield "소속/firm", "", names.companies.get(card.company, card.company), "", change


def _people(done: Registration, names: Names) -> Iterator[tuple[str, ...]]:
    for taken in done.people:
        if taken.before is None:
            yield _person("새로/new", taken.after, names, _described(taken.after, names))
        elif taken.changed:
            yield _person("바뀜/changed", taken.before, names, _changes(taken.before, taken.after, names))
        if taken.after.id in done.consents:
            told = "예/yes" if done.consents[taken.after.id] else "아니오/no"
            yield _person("동의/consent", taken.after, names, f"이름 공개/full name in public {told}")
    for entrant in done.missing:
        yield _person("빠짐/missing", entrant, names, str(_("not in the roster, stays")))


def _person(kind: str, entrant: Entrant, names: Names, told: str) -> tuple[str, ...]:
    firm = names.companies.get(entrant.company, entrant.company)
    return kind, str(entrant.bib or ""), firm, names.people.get(entrant.id, ""), told


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
    """The rows with their cells under one another; those whose index stands in `right` end at the same place."""
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
