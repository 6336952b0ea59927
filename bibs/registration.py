"""From entries to facts and names: who is new, who changed, who stays. Re-importing a file changes only what changed. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from bibs.roster import Entry, Fault, clean, company_key
from timing.chance import Bits
from timing.codes import new_code
from timing.directory import Names
from timing.events import BibAssigned, EntrantRegistered, Event
from timing.race import Entrant, Race

FIRST_WAVE = "1"


@dataclass(slots=True)
class Registration:
    """What an import would do: facts for the log, names for the directory, and faults that forbid both."""

    facts: list[Event] = field(default_factory=list)
    names: Names = field(default_factory=Names)
    faults: list[Fault] = field(default_factory=list)
    new: int = 0
    changed: int = 0
    unchanged: int = 0


def register(entries: Iterable[Entry], race: Race, known: Names, bits: Bits) -> Registration:
    """Decide what these entries change.

    A person is recognised by firm, name and, among namesakes of one firm, by their order in the file; a person without a name
    by the bib.
    """
    return _Desk(race, known, bits).take(entries)


class _Desk:
    """The registration desk: knows who is entered already and hands out ids."""

    def __init__(self, race: Race, known: Names, bits: Bits) -> None:
        self._race, self._known, self._bits, self._done = race, known, bits, Registration()
        self._companies = {company_key(name): key for key, name in known.companies.items()}
        self._teams = {clean(name): key for key, name in known.teams.items()}
        self._people: dict[tuple[str, str, int], Entrant] = {}
        namesakes: Counter[tuple[str, str]] = Counter()
        for entrant in race.entrants.values():
            person = entrant.company, known.people.get(entrant.id, "")
            self._people[(*person, namesakes[person])] = entrant
            namesakes[person] += 1
        self._holders = {e.bib: e.id for e in race.entrants.values() if e.bib is not None}
        self._seen: Counter[tuple[str, str]] = Counter()
        self._next = len(race.entrants) + 1

    def take(self, entries: Iterable[Entry]) -> Registration:
        for entry in entries:
            self._enter(entry)
        return self._done

    def _enter(self, entry: Entry) -> None:
        company = self._company(entry.company)
        before = self._recognise(company, entry)
        key = before.id if before else f"e{self._next:05}"
        fact = self._asked(entry, before or Entrant(key, company, "", "", "", FIRST_WAVE))
        if before is None:
            self._next += 1
            self._done.new += 1
            self._done.names.people[key] = entry.name
            self._done.facts.append(fact)
        elif _differs(before, fact):
            self._done.changed += 1
            self._done.facts.append(fact)
        else:
            self._done.unchanged += 1
        self._give_bib(entry, key, before)

    def _asked(self, entry: Entry, before: Entrant) -> EntrantRegistered:
        """The entry as the file asks for it; what the file has no column for stays as it was."""
        says_team = entry.team is not None or entry.joint_team is not None
        return EntrantRegistered(
            before.id,
            before.company,
            self._team(entry, before.company) if says_team else before.team,
            before.sex if entry.sex is None else entry.sex,
            before.category if entry.category is None else entry.category,
            entry.wave or before.wave,
        )

    def _recognise(self, company: str, entry: Entry) -> Entrant | None:
        if not entry.name and entry.bib is not None:
            holder = self._race.entrants.get(self._holders.get(entry.bib, ""))
            return holder if holder and holder.company == company else None
        person = company, entry.name
        self._seen[person] += 1
        return self._people.get((*person, self._seen[person] - 1))

    def _give_bib(self, entry: Entry, key: str, before: Entrant | None) -> None:
        if entry.bib is None or (before and before.bib == entry.bib):
            return
        if before and before.bib is not None:
            korean, english = (
                f"이미 배번 {before.bib}을(를) 받았습니다",
                f"column `bib`: the person has bib {before.bib} already",
            )
            self._done.faults.append(Fault(entry.where, korean, english))
        elif entry.bib in self._holders:
            korean, english = (
                f"배번 {entry.bib}은(는) 이미 다른 참가자의 것입니다",
                f"column `bib`: {entry.bib} belongs to somebody else already",
            )
            self._done.faults.append(Fault(entry.where, korean, english))
        else:
            self._holders[entry.bib] = key
            self._done.facts.append(BibAssigned(entry.bib, key, new_code(self._bits)))

    def _company(self, name: str) -> str:
        spelling = company_key(name)
        if spelling not in self._companies:
            self._companies[spelling] = key = f"c{len(self._companies) + 1:04}"
            self._done.names.companies[key] = name
        return self._companies[spelling]

    def _team(self, entry: Entry, company: str) -> str:
        """A team belongs to its firm, and is called after it too; a joint team stands on its own."""
        firm = self._done.names.companies.get(company) or self._known.companies[company]
        name = entry.joint_team or (f"{firm} {entry.team}" if entry.team else "")
        if name and name not in self._teams:
            self._teams[name] = key = f"t{len(self._teams) + 1:04}"
            self._done.names.teams[key] = name
        return self._teams.get(name, "")


def _differs(before: Entrant, fact: EntrantRegistered) -> bool:
    return (before.team, before.sex, before.category, before.wave) != (fact.team, fact.sex, fact.category, fact.wave)
