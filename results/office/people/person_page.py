"""What the office sees of one person: entry, result, every scan with its reason, the rulings about them."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from results.office.people.people_search import scanned_code
from results.office.people.person_forms import may_undo
from results.office.rulings.fact_index import named
from results.office.rulings.rulings import Office
from results.office.rulings.telling import told
from results.ranking.difference import Change, Difference
from results.ranking.rows import Row
from results.view.evidence import scan_words, source_of
from results.view.words import REASONS, SEX_OF_ONE, STATUSES
from timing.language import Language, _
from timing.people.office_seats import Official
from timing.race.events import BibAssigned, DeskFact, EntrantRegistered, FactUndone, StandInEntered
from timing.race.fold import CORRECTIONS, Race
from timing.race.instants import clock_face, wall
from timing.race.lookup import number_with, wore
from timing.race.passings import Passing

CHANGES_SHOWN = 30
OTHERS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """One line of a search."""

    entrant: str
    bib: str
    name: str
    firm: str
    status: str
    time: str


@dataclass(frozen=True, slots=True)
class RulingAbout:
    """A ruling that names somebody, by its position in the log; `own` where the counter may take it back, `fixed` where nobody may.

    `others` are the few people whom it names beside them: ids and who they are; empty for a whole packet.
    """

    pos: int
    text: str
    undone: bool
    own: bool
    fixed: bool
    others: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ScanOf:
    """A scan of somebody by its name in rulings, in words, and what became of it."""

    name: str
    text: str
    reason: str
    voided: bool


def found_person(office: Office, row: Row, language: Language) -> FoundPerson:
    """The line of one person."""
    entrant = row.entrant
    return FoundPerson(
        entrant.id,
        "" if entrant.bib is None else str(entrant.bib),
        office.names.people.get(entrant.id, ""),
        office.names.companies.get(entrant.company, entrant.company),
        STATUSES[row.status].to(language),
        _time(office, row),
    )


def figures(office: Office, row: Row, language: Language) -> list[tuple[str, str]]:
    """Entry and result, each with its heading."""
    entrant, zone = row.entrant, office.opened.zone
    shown = [
        (_("Status"), STATUSES[row.status].to(language)),
        (_("Place"), "" if row.place is None else str(row.place)),
        (_("Time"), _time(office, row)),
        (_("Team"), office.names.teams.get(entrant.team, "")),
        (_("Category"), " ".join(filter(None, (_sex(entrant.sex, language), entrant.category)))),
        (_("Start"), _passing(row.judged.start, row, office, language)),
        (_("Finish"), _passing(row.judged.finish, row, office, language)),
        (_("Gun"), "" if row.judged.gun is None else wall(row.judged.gun, zone)),
    ]
    return [(heading.to(language), text) for heading, text in shown if text]


def scans(office: Office, row: Row, language: Language) -> list[ScanOf]:
    """Each scan, and what became of it."""
    zone = office.opened.zone
    return [
        ScanOf(
            f"{scan.lineage}#{scan.seq}",
            scan_words(scan, zone),
            REASONS[reason].to(language),
            (scan.lineage, scan.seq) in office.race.office.voided,
        )
        for scan, reason in row.judged.reasons
    ]


def rulings_about(office: Office, entrant: str, who: Official) -> Iterator[RulingAbout]:
    """What officials said about this person, the last first; `undone` where it holds no longer."""
    race = office.race
    for pos, fact in office.facts_about(entrant).items():
        if not isinstance(fact, FactUndone):
            others = sorted(one for one in named(fact, race) if one in race.entrants and one != entrant)
            shown = [(one, office.label(one)) for one in others] if len(others) <= OTHERS_SHOWN else []
            fixed = not isinstance(fact, CORRECTIONS)
            yield RulingAbout(pos, told(office, fact), pos in race.gone, may_undo(fact, who), fixed, shown)


def who_comes_next(office: Office, entrant: str) -> str:
    """Whose page comes once something was recorded here: a new stand-in's, and the absent one's where that is taken back."""
    last = _last_about(office, entrant)
    if isinstance(last, StandInEntered) and last.entrant == entrant:
        return last.stand_in
    undone = office.race.said.get(last.pos) if isinstance(last, FactUndone) else None
    if isinstance(undone, StandInEntered) and undone.stand_in == entrant and entrant not in office.race.entrants:
        return undone.entrant
    return entrant


def last_told(office: Office, entrant: str) -> str:
    """The last that was said about somebody, as a sentence; empty where nothing was."""
    last = _last_about(office, entrant)
    return told(office, last) if last else ""


def _last_about(office: Office, entrant: str) -> DeskFact | None:
    return next(iter(office.facts_about(entrant).values()), None)


def just_entered(office: Office, entrant: str) -> bool:
    """Whether the last that was said about somebody is that they run."""
    last = _last_about(office, entrant)
    stands_in = isinstance(last, StandInEntered) and last.stand_in == entrant
    return stands_in or isinstance(last, EntrantRegistered | BibAssigned)


def changed_people(office: Office, changes: Difference, language: Language) -> Iterator[tuple[FoundPerson, str, str]]:
    """Who would stand otherwise, those first whose own result changes: before and after, in words."""
    for one in sorted(changes.runners, key=lambda change: not change.in_itself):
        yield found_person(office, one.row, language), *_sides(office, one, language)


def _sides(office: Office, change: Change, language: Language) -> tuple[str, str]:
    before, after = (_standing(office, row, language) if row else "–" for row in (change.before, change.after))
    return before, after


def _standing(office: Office, row: Row, language: Language) -> str:
    place = _("place {place}", place=row.place).to(language) if row.place is not None else ""
    return " ".join(part for part in (STATUSES[row.status].to(language), _time(office, row), place) if part)


def _sex(sex: str, language: Language) -> str:
    return SEX_OF_ONE[sex].to(language) if sex in SEX_OF_ONE else sex


def _time(office: Office, row: Row) -> str:
    return "" if row.time is None else clock_face(row.time, office.race.rules.rounding)


def _passing(passing: Passing | None, row: Row, office: Office, language: Language) -> str:
    if passing is None:
        return ""
    return f"{wall(passing.at, office.opened.zone)} ({source_of(passing, row.judged).to(language)})"


def person_at(entrant: str) -> str:
    """Where somebody's page stands."""
    return f"/office/people/{quote(entrant, safe='')}"


def straight_to(race: Race, text: str) -> str:
    """The page of whose bib has this number or code, or had it before it was replaced; empty for any other text."""
    code = scanned_code(text)
    number = number_with(race, code) if code else text.strip()
    worn, replaced = (race.by_bib(int(number)), wore(race, int(number))) if number.isdecimal() else (None, None)
    if found := (race.holder(code) if code else worn) or replaced:
        return person_at(found.id) + (f"?bib={int(number)}" if found == replaced else "")
    return ""
