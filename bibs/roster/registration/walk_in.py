"""Enters somebody who stands at the counter and is in no list."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from msgspec.structs import replace as with_values

from bibs.printing.numbers import ever_given, free_block
from bibs.roster.entries.entry import Entries, Entry, Fault, entry_of
from bibs.roster.registration.entrant_matcher import Answers
from bibs.roster.registration.import_plan import ImportPlan
from bibs.roster.registration.roster_import import FaultyRoster, planned, record_plan
from bibs.roster.table_rows import TableRow
from timing.folder import OpenRace
from timing.language import Text, _, warning
from timing.log import Moved
from timing.log.sql import Beside
from timing.race.events import DeskFact, EntrantRegistered, Role
from timing.race.firms import FirmCard
from timing.race.fold import Race
from timing.race.known_names import Names
from timing.race.lookup import Namesake, UnknownFirm, close_to
from timing.race.office_state import Entrant
from timing.race.spelling import company_key, name_key

PLACE = "people add"


def _nothing(_entrant: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class OfficeEntry:
    """The race office's part of an entry: who enters it, and what is written in the same transaction once the id is known."""

    by: str = ""
    role: Role = "director"
    course: str = ""
    numbered: bool = False
    """Whether somebody without a spare gets the next free number at once."""
    beside: Callable[[str], Beside | None] = _nothing


@dataclass(frozen=True, slots=True)
class WalkIn:
    """The result of an entry on the spot, or of its dry run, and the state before it."""

    plan: ImportPlan
    before: Names
    cards: Mapping[str, FirmCard]
    remarks: tuple[Text, ...]
    printed: bool
    """Whether the bib is a printed spare."""

    @property
    def entrant(self) -> Entrant:
        return self.plan.people[0].after


def enter_walk_in(
    opened: OpenRace,
    columns: Mapping[str, str],
    new_firm: bool = False,
    namesake: bool = False,
    dry_run: bool = False,
    office: OfficeEntry = OfficeEntry(),
) -> WalkIn:
    """Enter one person, given as a row of a list by its columns.

    Raises:
        FaultyRoster: a value that no list may hold either.
        UnknownFirm: nobody is entered of that firm yet and `new_firm` was not said.
        Namesake: somebody of this name is, and `namesake` was not said.
        AnsweredBefore, FormReused: by what is written beside, of a form that was sent again.
    """
    while True:
        with suppress(Moved):
            return _enter(opened, columns, new_firm, namesake, dry_run, office)


def _enter(
    opened: OpenRace, columns: Mapping[str, str], new_firm: bool, namesake: bool, dry_run: bool, office: OfficeEntry
) -> WalkIn:
    entry, race = _entry(columns), opened.fold()
    before, cards = opened.names(race), opened.directory.cards()
    _refuse_unknown_firm(before, entry.company, new_firm)
    entry = replace(entry, wave=race.office.wave_called(entry.wave)) if entry.wave else entry
    if office.numbered and entry.bib is None:
        entry = replace(entry, bib=free_block(set(ever_given(race)), 1))
    others = _refuse_namesake(race, before, entry, namesake)
    plan, seen = planned(opened, [Entries((entry,))], Answers(other=others))
    plan.missing.clear()  # nobody is missing from a list of one
    new = plan.people[0].after
    plan.facts[:] = [_by(fact, office) for fact in plan.facts]
    if not dry_run:
        record_plan(opened, plan, seen, office.beside(new.id))
    return WalkIn(plan, before, cards, tuple(_new_wave(race, entry.wave)), new.bib in race.office.spares)


def _by(fact: DeskFact, office: OfficeEntry) -> DeskFact:
    signed = with_values(fact, by=office.by, role=office.role) if office.by else fact
    return with_values(signed, course=office.course) if isinstance(signed, EntrantRegistered) else signed


def _entry(columns: Mapping[str, str]) -> Entry:
    """The entry of these values, read like a row of a list.

    Raises:
        FaultyRoster: a value that no list may hold either.
    """
    read = entry_of(PLACE, {column: at for at, column in enumerate(columns)}, TableRow(1, list(columns.values())))
    if isinstance(read, Fault):
        raise FaultyRoster([read])
    return read


def _new_wave(race: Race, wave: str | None) -> Iterator[Text]:
    known = sorted(set(race.office.waves.values()))
    if wave and known and wave not in known:
        yield warning(_("wave {wave} is new; waves: {known}", wave=wave, known=", ".join(known)))


def _refuse_unknown_firm(names: Names, company: str, new: bool) -> None:
    called = [*names.companies.values(), *names.former]
    if new or company_key(company) in map(company_key, called):
        return
    raise UnknownFirm(
        _(
            "there is no firm {company} yet{close}; for a new one say --new-firm",
            company=company,
            close=close_to(company, called),
        ),
    )


def _refuse_namesake(race: Race, names: Names, entry: Entry, meant: bool) -> list[str]:
    """The ids of those of the same firm and name; nobody is entered twice by a slip."""
    found = [
        one
        for one in race.entrants.values()
        if name_key(names.people.get(one.id, "")) == name_key(entry.name)
        and company_key(names.companies.get(one.company, "")) == company_key(entry.company)
    ]
    if found and not meant:
        shown = ", ".join(str(one.bib or one.id) for one in found)
        raise Namesake(
            _(
                "{company} {name} is entered already ({shown}); for another person of that name say --namesake",
                company=entry.company,
                name=entry.name,
                shown=shown,
            ),
        )
    return [one.id for one in found]
