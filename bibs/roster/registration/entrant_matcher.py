"""Matches rows of a roster with people who are entered already, in any spelling of firm and name. Pure."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from bibs.printing.numbers import ever_given
from bibs.roster.entries.entry import Entry, Fault
from timing.language import Text, _, listed
from timing.race.events import EntrantMoved, EntrantRegistered
from timing.race.fold import Race
from timing.race.known_names import Names
from timing.race.office_state import Entrant
from timing.race.spelling import company_key, name_key
from timing.race.teams import present


@dataclass(frozen=True, slots=True)
class KnownEntrant:
    """One row: the firm's id, what the file says, and the person that it would make."""

    company: str
    entry: Entry
    asked: Entrant
    """The row's values; empty where it has none."""
    aged: bool = False
    """Whether the category is the age group of a birth."""

    name: tuple[str, str] = field(init=False)
    """The key of a person: the firm's id and the name's key."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", (self.company, name_key(self.entry.name)))


@dataclass(frozen=True, slots=True)
class Answers:
    """The organiser's answers for ambiguous rows: the ids of people whom rows mean, and of people whom they do not."""

    same: Collection[str] = ()
    other: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """The rows of a list by firm, those with the name of an entered person, and the teams of these."""

    rows: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)
    teams: Counter[tuple[str, str]] = field(default_factory=Counter)

    @staticmethod
    def of(rows: Sequence[KnownEntrant], namesakes: Mapping[tuple[str, str], Sequence[Entrant]]) -> "Listed":
        known = [row for row in rows if row.name in namesakes]
        return Listed(
            Counter(row.company for row in rows),
            Counter(row.company for row in known),
            Counter((row.company, one.team) for row in known for one in namesakes[row.name]),
        )


class EntrantMatcher:
    """Knows everybody who is entered, and remembers who was seen in this list."""

    def __init__(self, race: Race, known: Names, new_firms: dict[str, str], answers: Answers) -> None:
        self._race, self._known, self._new, self._answers = race, known, new_firms, answers
        self._companies = {company_key(name): self._now(key) for name, key in known.former.items()}
        self._companies |= {company_key(name): self._now(key) for key, name in known.companies.items()}
        self._next_company = len(known.companies) + 1
        self._firms_of = _firms_of(race)
        self._given = ever_given(race)
        self._namesakes: dict[tuple[str, str], list[Entrant]] = {}
        for entrant in race.entrants.values():
            for company in {self._now(firm) for firm in self._firms_of[entrant.id]}:
                key = name_key(known.people.get(entrant.id, ""))
                self._namesakes.setdefault((company, key), []).append(entrant)
        self.holders = {e.bib: e.id for e in race.entrants.values() if e.bib is not None}
        """The wearer of each bib."""
        self._listed = Listed()
        self.seen: set[str] = set()
        """The ids of the people whom rows meant."""
        self.faults: list[Fault] = []
        self.flagged: list[Fault] = []

    def company(self, name: str) -> str:
        """The id of a firm in any spelling; a new firm gets the next id."""
        spelling = company_key(name)
        if spelling not in self._companies:
            self._companies[spelling] = key = f"c{self._next_company:04}"
            self._next_company += 1
            self._new[key] = name
        return self._companies[spelling]

    def match(self, rows: Sequence[KnownEntrant]) -> list[Entrant | None]:
        """The entrant of each row; None for a new person. An ambiguous row becomes a fault, a doubtful one is flagged."""
        self._listed = Listed.of(rows, self._namesakes)
        found: dict[int, Entrant] = {}
        for at, row in enumerate(rows):
            if wearer := self._wearer(row):
                found[at] = wearer
        for at, one in self._best_pairs(rows, found):
            found[at] = one
            self.seen.add(one.id)
        for at in range(len(rows)):
            if at not in found and (doubted := self._doubted(rows[at])):
                found[at] = doubted
                self.seen.add(doubted.id)
        return [found.get(at) for at in range(len(rows))]

    def moved(self, person: Entrant) -> bool:
        """Whether an official moved the person to another firm or team."""
        return len(self._firms_of.get(person.id, ())) > 1

    def _wearer(self, row: KnownEntrant) -> Entrant | None:
        """The present or former wearer of the row's bib, if the person has the row's firm and name."""
        bib = row.entry.bib
        if bib is None:
            return None
        ids = [self.holders.get(bib, ""), *sorted(self._given.get(bib, ()))]
        for holder in (self._race.entrants[key] for key in ids if key in self._race.entrants):
            of_firm = row.company in map(self._now, self._firms_of[holder.id])
            if of_firm and row.name[1] in ("", name_key(self._known.people.get(holder.id, ""))):
                self.seen.add(holder.id)
                return holder
        return None

    def _free(self, row: KnownEntrant) -> list[Entrant]:
        """Those of the row's firm and name whom no row has meant yet."""
        known = self._namesakes.get(row.name, []) if row.entry.name else []
        return [one for one in known if one.id not in self.seen and one.id not in self._answers.other]

    def _best_pairs(self, rows: Sequence[KnownEntrant], found: dict[int, Entrant]) -> Iterator[tuple[int, Entrant]]:
        """Rows and people whom nothing tells apart, those that agree in the most first."""
        by_name: dict[tuple[str, str], list[int]] = {}
        for at, row in enumerate(rows):
            if at not in found and self._free(row):
                by_name.setdefault(row.name, []).append(at)
        for places in by_name.values():
            people = self._free(rows[places[0]])
            pairs = [
                (_agreement(rows[at].asked, one), at, one)
                for at, one in product(places, people)
                if not self._against(rows[at], one)
            ]
            yield from self._greedy(sorted(pairs, key=lambda pair: (-pair[0], pair[1])), rows, len(places), len(people))

    def _greedy(
        self, pairs: Sequence[tuple[int, int, Entrant]], rows: Sequence[KnownEntrant], asking: int, there: int
    ) -> Iterator[tuple[int, Entrant]]:
        placed: set[int] = set()
        for agreed, at, one in pairs:
            if at in placed or one.id in self.seen:
                continue
            equal = [two for also, where, two in pairs if where == at and also == agreed and two.id not in self.seen]
            if len(equal) > 1 and there > asking:
                self._ask_which(rows[at], equal)
            placed.add(at)
            yield at, one

    def _against(self, row: KnownEntrant, one: Entrant) -> list[str]:
        """The contradictions between a row and a person: fields that both have, with different values."""
        if one.id in self._answers.same:
            return []
        fields = ["sex"] if _differ(row.asked.sex, one.sex) else []
        if _differ(row.asked.team, one.team) and not self.moved(one):
            fields.append("team")
        if _differ(row.asked.category, one.category):
            fields.append("age" if row.aged and self._same_groups(row, one) else "category")
        if row.entry.bib is not None and one.bib is not None:
            fields.append("bib")
        return fields

    def _same_groups(self, row: KnownEntrant, one: Entrant) -> bool:
        """Whether both ages were counted on one day, by the groups that the rules have: then another group is another birth."""
        groups = {group.name for group in self._race.rules.age_group}
        return one.aged_on == row.asked.aged_on and one.category in groups

    def _doubted(self, row: KnownEntrant) -> Entrant | None:
        """Whom a row means that contradicts everybody of its name: the person who changed, if the list speaks of the same people again."""
        people = self._free(row)
        if not people:
            return None
        against = {one.id: self._against(row, one) for one in people}
        one = min(people, key=lambda one: (_gravity(against[one.id]), -_agreement(row.asked, one)))
        others = [other for other in people if against[other.id] == against[one.id]]
        if len(others) > 1 and _gravity(against[one.id]) < GRAVE:
            self._ask_which(row, others)
            return one
        again = self._speaks_again(row, one)
        alone = self._listed.rows[row.company] == 1
        if _gravity(against[one.id]) < GRAVE and (again or (alone and against[one.id] == ["category"])):
            return one
        if again or (alone and against[one.id] == ["bib"]):
            self._ask_whether_same(row, one, against[one.id])
        else:
            self._flag_another(row, one, against[one.id])
        return None

    def _speaks_again(self, row: KnownEntrant, one: Entrant) -> bool:
        """Whether the list speaks of people who are entered already, this person's team among them: then who differs has changed."""
        listed, mine = self._listed, self._namesakes[row.name]
        known = listed.known[row.company] - 1
        team_mates = listed.teams[row.company, one.team] - sum(two.team == one.team for two in mine)
        return known > 0 and (bool(one.team and team_mates) or 2 * known >= listed.rows[row.company] - 1)

    def _who(self, one: Entrant) -> str:
        return str(one.bib or one.id)

    def _ask_which(self, row: KnownEntrant, people: Sequence[Entrant]) -> None:
        told = ", ".join(map(self._who, people))
        self.faults.append(
            Fault(
                row.entry.where,
                _(
                    "several people are called {name} ({told}); say in column `bib`, or with --same, who is meant",
                    told=told,
                    name=row.entry.name,
                ),
                tuple(one.id for one in people),
            )
        )

    def _ask_whether_same(self, row: KnownEntrant, one: Entrant, against: Sequence[str]) -> None:
        who, told = self._who(one), _told(row, one, against, self._known)
        self.faults.append(
            Fault(
                row.entry.where,
                _(
                    "{name}: differs from {who} in {told}; import again with --same {who} if it is one person, --other {who} if it is another",
                    name=row.entry.name,
                    who=who,
                    told=told,
                ),
                (one.id,),
            )
        )

    def _flag_another(self, row: KnownEntrant, one: Entrant, against: Sequence[str]) -> None:
        who, told = self._who(one), _told(row, one, against, self._known)
        self.flagged.append(
            Fault(
                row.entry.where,
                _(
                    "{name}: a namesake of {who} who differs in {told}; taken for another person (if not: correct the roster, --same {who})",
                    name=row.entry.name,
                    who=who,
                    told=told,
                ),
                (one.id,),
            )
        )

    def flag_namesakes(self, rows: Sequence[KnownEntrant], found: Sequence[Entrant | None]) -> None:
        """In a list of people who are all new but one, that one may be a namesake whom nothing tells apart; that is said."""
        met = Counter(row.company for row, one in zip(rows, found, strict=True) if one)
        for row, one in zip(rows, found, strict=True):
            lonely = met[row.company] == 1 and self._listed.rows[row.company] > 2 and row.entry.bib is None
            if one and lonely and one.id not in self._answers.same:
                self._flag_same(row, one)

    def _flag_same(self, row: KnownEntrant, one: Entrant) -> None:
        who = self._who(one)
        self.flagged.append(
            Fault(
                row.entry.where,
                _(
                    "{name}: taken for {who}, the only one of this list who is entered already; for a namesake import again with --other {who}",
                    name=row.entry.name,
                    who=who,
                ),
                (one.id,),
            )
        )

    def _now(self, company: str) -> str:
        """The company into which this one was merged; itself if it was not."""
        return present(company, self._race.office.merged)


GRAVE = 10
"""From here on two are not one person by themselves: another sex, another age, another bib, or both team and category."""
WEIGHTS = {"sex": 20, "age": 20, "bib": 10, "team": 5, "category": 5}
LABELS = {"sex": _("sex"), "age": _("age group"), "category": _("category")}


def _gravity(against: Sequence[str]) -> int:
    return sum(WEIGHTS[field] for field in against)


def _differ(one: str, other: str) -> bool:
    return bool(one and other and one != other)


def _agreement(asked: Entrant, one: Entrant) -> int:
    pairs = ((asked.sex, one.sex), (asked.team, one.team), (asked.category, one.category), (asked.wave, one.wave))
    return sum(mine == other for mine, other in pairs)


def _told(row: KnownEntrant, one: Entrant, against: Sequence[str], names: Names) -> Text:
    found = list[Text]()
    for at in against:
        if at == "team":
            change = f"{names.own_team(one.team)} ↔ {row.entry.joint_team or row.entry.team}"
            word = _("team")
        elif at == "bib":
            change, word = f"{one.bib} ↔ {row.entry.bib}", _("bib")
        else:
            told = "category" if at == "age" else at
            change, word = f"{getattr(one, told)} ↔ {getattr(row.asked, told)}", LABELS[at]
        found.append(_("{word} ({change})", word=word, change=change))
    return listed(found)


def _firms_of(race: Race) -> dict[str, tuple[str, ...]]:
    """For each entrant the firm they run for, and the one that entered them if an official moved them."""
    entered: dict[str, str] = {}
    moved = set()
    for pos, fact in sorted(race.said.items()):
        if isinstance(fact, EntrantRegistered):
            entered.setdefault(fact.entrant, fact.company)
        elif isinstance(fact, EntrantMoved) and pos not in race.gone:
            moved.add(fact.entrant)
    return {
        one.id: (one.company, entered.get(one.id, "")) if one.id in moved else (one.company,)
        for one in race.entrants.values()
    }
