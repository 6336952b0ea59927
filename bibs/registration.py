"""From entries to facts and names: who is new, who changed, who stays. Re-importing a file changes only what changed. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from bibs.ages import age_group, age_on
from bibs.roster import Entry, Fault, clean, company_key
from timing.book import Entrant
from timing.chance import Bits
from timing.codes import new_code
from timing.directory import Names
from timing.events import BibAssigned, EntrantRegistered, Event
from timing.race import Race

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
    missing: list[Entrant] = field(default_factory=list)
    """Who is entered for one of these firms and stands in none of the files; nobody is removed for that."""
    flagged: list[Fault] = field(default_factory=list)
    """Rows that are taken in and should be looked at: a birth that gives no age group."""
    undated: int = 0
    """Rows with a birth and no age group, because nobody has said on which day the race is."""


def register(entries: Iterable[Entry], race: Race, known: Names, bits: Bits, day: date | None = None) -> Registration:
    """Decide what these entries change; `day` is that of the race, on which ages are counted.

    A person is recognised by firm and bib, or by firm and name; namesakes of one firm by their order, as long as the files
    name all of them, else a bib must tell which one is meant.
    """
    return _Desk(race, known, bits, day).take(entries)


class _Desk:
    """The registration desk: knows who is entered already and hands out ids."""

    def __init__(self, race: Race, known: Names, bits: Bits, day: date | None) -> None:
        self._race, self._known, self._bits, self._day = race, known, bits, day
        self._done = Registration()
        self._companies = {company_key(name): key for key, name in known.companies.items()}
        self._teams = {clean(name): key for key, name in known.teams.items()}
        self._namesakes: dict[tuple[str, str], list[Entrant]] = {}
        for entrant in race.entrants.values():
            person = entrant.company, known.people.get(entrant.id, "")
            self._namesakes.setdefault(person, []).append(entrant)
        self._holders = {e.bib: e.id for e in race.entrants.values() if e.bib is not None}
        self._seen: set[str] = set()
        self._next = len(race.entrants) + 1

    def take(self, entries: Iterable[Entry]) -> Registration:
        rows = [(self._company(entry.company), entry) for entry in entries]
        wearers = [self._wearer(company, entry) for company, entry in rows]
        self._seen |= {wearer.id for wearer in wearers if wearer}
        asked = Counter((at, row.name) for (at, row), wearer in zip(rows, wearers, strict=True) if not wearer)
        for (company, entry), wearer in zip(rows, wearers, strict=True):
            before = wearer or self._namesake(company, entry, asked[company, entry.name])
            self._enter(company, entry, before)
        firms = {company for company, _ in rows}
        everybody = self._race.entrants.values()
        self._done.missing = [e for e in everybody if e.company in firms and e.id not in self._seen]
        return self._done

    def _enter(self, company: str, entry: Entry, before: Entrant | None) -> None:
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
        sex = before.sex if entry.sex is None else entry.sex
        category = before.category if entry.category is None else entry.category
        says_team = entry.team is not None or entry.joint_team is not None
        return EntrantRegistered(
            before.id,
            before.company,
            self._team(entry, before.company) if says_team else before.team,
            sex,
            category if entry.category else self._age_group(entry, sex) or category,
            entry.wave or before.wave,
        )

    def _age_group(self, entry: Entry, sex: str) -> str:
        """The age group by the rules in force; empty for a row that tells no birth or fits none."""
        groups = self._race.rules.age_group
        if not entry.born or not groups:
            return ""
        if self._day is None:
            self._done.undated += 1
            return ""
        age = age_on(self._day, entry.born)
        group = None if age is None else age_group(groups, age, sex)
        if age is None:
            korean, english = "생년월일을 읽을 수 없습니다(예: 1990-01-31)", "no date of birth in column `born`"
            self._done.flagged.append(Fault(entry.where, korean, english))
        elif group is None:
            korean, english = "나이와 성별에 맞는 연령대가 없습니다", "no age group fits the age and sex"
            self._done.flagged.append(Fault(entry.where, korean, english))
        return group.name if group else ""

    def _wearer(self, company: str, entry: Entry) -> Entrant | None:
        """Who wears the bib that the row names, if it is a person of that firm and name."""
        holder = self._race.entrants.get(self._holders.get(entry.bib or 0, ""))
        if holder is None or holder.company != company:
            return None
        return holder if entry.name in ("", self._known.people.get(holder.id, "")) else None

    def _namesake(self, company: str, entry: Entry, rows: int) -> Entrant | None:
        """The next person of that firm and name who was not seen yet; `rows` is how many rows ask for one."""
        known = [person for person in self._namesakes.get((company, entry.name), []) if person.id not in self._seen]
        if not known or not entry.name:
            return None
        if len(known) > rows > 0 and len(self._namesakes[company, entry.name]) > 1:
            bibs = ", ".join(str(person.bib) for person in known)
            korean = f"{entry.name}이(가) 여럿입니다(배번 {bibs}). 배번 열로 누구인지 알려 주세요"
            english = f"several people of that name (bibs {bibs}); say in column `bib` who is meant"
            self._done.faults.append(Fault(entry.where, korean, english))
        self._seen.add(known[0].id)
        return known[0]

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
                f"배번 {entry.bib}은(는) 이미 다른 참가자의 것입니다(이름을 고치려면 `marathon people rename`)",
                f"column `bib`: {entry.bib} belongs to somebody else already (to mend a name: `marathon people rename`)",
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
