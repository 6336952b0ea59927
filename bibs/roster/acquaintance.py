"""Who is meant by a row of a roster: the person who is entered already, under any spelling of the firm. Pure."""

from bibs.press.numbers import ever_given
from bibs.roster.entries import Entry, Fault
from timing.book import Entrant, undone
from timing.events import EntrantMoved, EntrantRegistered
from timing.race import Race
from timing.spelling import company_key
from timing.store.directory import Names


class Acquaintance:
    """Knows everybody who is entered, and remembers who was seen in this import."""

    def __init__(self, race: Race, known: Names, new_firms: dict[str, str], faults: list[Fault]) -> None:
        self._race, self._known, self._new, self._faults = race, known, new_firms, faults
        self._companies = {company_key(name): self._now(key) for key, name in known.companies.items()}
        self._next_company = len(known.companies) + 1
        self._firms_of = _firms_of(race)
        self._given = ever_given(race)
        self._namesakes: dict[tuple[str, str], list[Entrant]] = {}
        for entrant in race.entrants.values():
            for company in {self._now(firm) for firm in self._firms_of[entrant.id]}:
                self._namesakes.setdefault((company, known.people.get(entrant.id, "")), []).append(entrant)
        self.holders = {e.bib: e.id for e in race.entrants.values() if e.bib is not None}
        """Who wears which number now."""
        self.seen: set[str] = set()
        """The ids of those whom a row meant."""

    def company(self, name: str) -> str:
        """The id of a firm under any spelling; one that nobody knows gets the next."""
        spelling = company_key(name)
        if spelling not in self._companies:
            self._companies[spelling] = key = f"c{self._next_company:04}"
            self._next_company += 1
            self._new[key] = name
        return self._companies[spelling]

    def wearer(self, company: str, entry: Entry) -> Entrant | None:
        """Who wears the bib that the row names, or ever got it, if it is a person of that firm and name."""
        if entry.bib is None:
            return None
        ids = [self.holders.get(entry.bib, ""), *sorted(self._given.get(entry.bib, ()))]
        for holder in (self._race.entrants[key] for key in ids if key in self._race.entrants):
            of_firm = company in map(self._now, self._firms_of[holder.id])
            if of_firm and entry.name in ("", self._known.people.get(holder.id, "")):
                self.seen.add(holder.id)
                return holder
        return None

    def namesake(self, company: str, entry: Entry, rows: int) -> Entrant | None:
        """The next person of that firm and name who was not seen yet; `rows` is how many rows ask for one."""
        known = [person for person in self._namesakes.get((company, entry.name), []) if person.id not in self.seen]
        if not known or not entry.name:
            return None
        if len(known) > rows > 0 and len(self._namesakes[company, entry.name]) > 1:
            bibs = ", ".join(str(person.bib) for person in known)
            korean = f"{entry.name}이(가) 여럿입니다(배번 {bibs}). 배번 열로 누구인지 알려 주세요"
            english = f"several people of that name (bibs {bibs}); say in column `bib` who is meant"
            self._faults.append(Fault(entry.where, korean, english))
        self.seen.add(known[0].id)
        return known[0]

    def moved(self, person: Entrant) -> bool:
        """Whether an official moved the person to another firm or team."""
        return len(self._firms_of.get(person.id, ())) > 1

    def _now(self, company: str) -> str:
        """The company into which this one was merged; itself if it was not."""
        while company in self._race.book.merged:
            company = self._race.book.merged[company]
        return company


def _firms_of(race: Race) -> dict[str, tuple[str, ...]]:
    """By entrant the firm they run for, and the one that entered them, if an official moved them."""
    gone = undone(race.said.items())
    entered: dict[str, str] = {}
    moved = set()
    for pos, fact in sorted(race.said.items()):
        if isinstance(fact, EntrantRegistered):
            entered.setdefault(fact.entrant, fact.company)
        elif isinstance(fact, EntrantMoved) and pos not in gone:
            moved.add(fact.entrant)
    return {
        one.id: (one.company, entered.get(one.id, "")) if one.id in moved else (one.company,)
        for one in race.entrants.values()
    }
