"""Enters somebody who stands at the counter and is in no list."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches

from bibs.roster.entries.entry import Entries, Entry, Fault, entry_of
from bibs.roster.registration.entrant_matcher import Answers
from bibs.roster.registration.import_plan import ImportPlan
from bibs.roster.registration.roster_import import FaultyRoster, take_in
from bibs.roster.table_rows import TableRow
from timing.errors import RaceError
from timing.folder import OpenRace
from timing.language import Text, _, warning
from timing.race.firms import FirmCard
from timing.race.fold import Race
from timing.race.known_names import Names
from timing.race.office_state import Entrant
from timing.race.spelling import company_key, name_key

PLACE = "people add"


@dataclass(frozen=True, slots=True)
class WalkIn:
    """Who was entered on the spot, or would be, and what it is compared with."""

    plan: ImportPlan
    before: Names
    cards: Mapping[str, FirmCard]
    remarks: tuple[Text, ...]
    printed: bool
    """Whether the bib is a spare that lies ready."""

    @property
    def entrant(self) -> Entrant:
        return self.plan.people[0].after


def enter_walk_in(
    opened: OpenRace, columns: Mapping[str, str], new_firm: bool = False, namesake: bool = False, dry_run: bool = False
) -> WalkIn:
    """Enter one person, given as a row of a list by its columns.

    Raises:
        FaultyRoster: a value that no list may hold either.
        RaceError: nobody is entered of that firm yet and `new_firm` was not said, or somebody of this name is and `namesake` was not.
    """
    entry, race = _entry(columns), opened.fold()
    before, cards = opened.names(race), opened.directory.cards()
    _refuse_unknown_firm(before, entry.company, new_firm)
    entry = replace(entry, wave=race.office.wave_called(entry.wave)) if entry.wave else entry
    others = _refuse_namesake(race, before, entry, namesake)
    plan = take_in(opened, [Entries((entry,))], dry_run, Answers(other=others))
    plan.missing.clear()  # nobody is missing from a list of one
    printed = plan.people[0].after.bib in race.office.spares
    return WalkIn(plan, before, cards, tuple(_new_wave(race, entry.wave)), printed)


def _entry(columns: Mapping[str, str]) -> Entry:
    """What was said as a row of a list would say it.

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
    near = ", ".join(get_close_matches(company, called, 3, 0.4))
    raise RaceError(
        _(
            "there is no firm {company} yet{close}; for a new one say --new-firm",
            company=company,
            close=_("; close: {found}", found=near) if near else "",
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
        raise RaceError(
            _(
                "{company} {name} is entered already ({shown}); for another person of that name say --namesake",
                company=entry.company,
                name=entry.name,
                shown=shown,
            ),
        )
    return [one.id for one in found]
