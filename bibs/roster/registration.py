"""From entries to facts and names: who is new, who changed, who stays. Re-importing a file changes only what changed. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from dataclasses import replace as replaced
from datetime import date

from msgspec.structs import replace

from bibs.press.numbers import ever_given
from bibs.roster.acquaintance import Acquaintance
from bibs.roster.ages import age_group, age_on
from bibs.roster.entries import Entry, Fault, agreed
from bibs.roster.firm_facts import BY, WHY, FirmFacts
from bibs.roster.renaming import renamed
from timing.book import Entrant
from timing.chance import Bits
from timing.codes import new_code
from timing.events import BibAssigned, EntrantRegistered, Event, HeadcountDeclared
from timing.firms import FirmCard
from timing.race import Race
from timing.store.directory import Names
from timing.teams import Team, TeamKey, key_of

FIRST_WAVE = "1"


@dataclass(frozen=True, slots=True)
class Taken:
    """What becomes of one row: the person as they were, None for a new one, and as they will be."""

    before: Entrant | None
    after: Entrant

    @property
    def changed(self) -> bool:
        return self.before is not None and self.before != self.after


@dataclass(slots=True)
class Registration:
    """What an import would do: facts for the log, names and cards for the directory, and faults that forbid all of it."""

    facts: list[Event] = field(default_factory=list)
    names: Names = field(default_factory=Names)
    cards: list[FirmCard] = field(default_factory=list)
    """The cards that change."""
    employees: dict[str, tuple[int, int]] = field(default_factory=dict)
    """By firm how many employees it had (0: nobody said) and has, where that changes."""
    faults: list[Fault] = field(default_factory=list)
    people: list[Taken] = field(default_factory=list)
    """Row by row."""
    missing: list[Entrant] = field(default_factory=list)
    """Who is entered for one of these firms and stands in none of the files; nobody is removed for that."""
    flagged: list[Fault] = field(default_factory=list)
    """Rows that are taken in and should be looked at: a birth that gives no age group."""
    consents: dict[str, bool] = field(default_factory=dict)
    """Who agrees to their full name in public, or does so no longer, where that changes."""
    renamed: list[tuple[Entrant, Entrant]] = field(default_factory=list)
    """Pairs that may be one person: who is missing, and who is new under another name."""
    undated: int = 0
    """Rows with a birth and no age group, because nobody has said on which day the race is."""

    @property
    def new(self) -> int:
        return sum(taken.before is None for taken in self.people)

    @property
    def changed(self) -> int:
        return sum(taken.changed for taken in self.people)

    @property
    def unchanged(self) -> int:
        return len(self.people) - self.new - self.changed


def register(
    entries: Iterable[Entry],
    race: Race,
    known: Names,
    bits: Bits,
    day: date | None = None,
    cards: Mapping[str, FirmCard] | None = None,
) -> Registration:
    """Decide what these entries change; `day` is that of the race, on which ages are counted.

    A person is recognised by firm and bib, or by firm and name; namesakes of one firm by their order, as long as the files
    name all of them, else a bib must tell which one is meant. What an official ruled (a move, a merger of firms, a bib
    replaced or swapped, a number of employees) stands above the file.
    """
    return _Desk(race, known, bits, day, cards or {}).take(entries)


class _Desk:
    """The registration desk: knows who is entered already and hands out ids."""

    def __init__(self, race: Race, known: Names, bits: Bits, day: date | None, cards: Mapping[str, FirmCard]) -> None:
        self._race, self._known, self._bits, self._day = race, known, bits, day
        self._done = Registration()
        self._people = Acquaintance(race, known, self._done.names.companies, self._done.faults)
        self._teams = _team_ids(race, known)
        self._given = ever_given(race)
        self._promised: set[int] = set()
        self._firm_facts = FirmFacts(race, cards)
        self._rows: dict[Entry, str] = {}
        self._next = len(race.entrants) + 1

    def take(self, entries: Iterable[Entry]) -> Registration:
        rows = [(self._people.company(entry.company), entry) for entry in entries]
        wearers = [self._people.wearer(company, entry) for company, entry in rows]
        asked = Counter((at, row.name) for (at, row), wearer in zip(rows, wearers, strict=True) if not wearer)
        for (company, entry), wearer in zip(rows, wearers, strict=True):
            before = wearer or self._people.namesake(company, entry, asked[company, entry.name])
            self._enter(company, entry, before)
            self._firm_facts.hear(company, entry)
        self._settle_firms()
        firms = {company for company, _ in rows}
        everybody = self._race.entrants.values()
        self._done.missing = [e for e in everybody if e.company in firms and e.id not in self._people.seen]
        new = [taken.after for taken in self._done.people if taken.before is None]
        self._done.renamed = renamed(self._done.missing, new, self._known.people | self._done.names.people)
        return self._done

    def _settle_firms(self) -> None:
        said, done = self._firm_facts, self._done
        done.employees, done.cards = said.employees(), said.cards()
        done.facts += [HeadcountDeclared(firm, now, BY, WHY) for firm, (_, now) in done.employees.items()]
        done.faults += said.faults
        done.flagged += said.flagged

    def _enter(self, company: str, entry: Entry, before: Entrant | None) -> None:
        key = before.id if before else f"e{self._next:05}"
        fact = self._asked(entry, before or Entrant(key, company, "", "", "", FIRST_WAVE))
        after = replace(
            before or Entrant(key, company, "", "", "", ""),
            team=fact.team,
            sex=fact.sex,
            category=fact.category,
            wave=fact.wave,
        )
        if before is None:
            self._next += 1
            self._done.names.people[key] = entry.name
            self._flag_repeated(entry)
        if after != before:
            self._done.facts.append(fact)
        if self._give_bib(entry, key, before):
            after = replace(after, bib=entry.bib)
        self._hear_consent(entry, key)
        self._done.people.append(Taken(before, after))

    def _hear_consent(self, entry: Entry, key: str) -> None:
        """A file without the column says nothing; in one with it a blank cell is no. Who took it back is asked no more."""
        if entry.consent is None or key in self._known.withdrawn:
            return
        answer = agreed(entry.consent)
        if answer is None:
            korean = f"공개 동의 {entry.consent!r}을(를) 알 수 없어 이름을 가립니다(예나 아니오로)"
            english = "column `consent` is neither yes nor no; the name stays masked"
            self._done.flagged.append(Fault(entry.where, korean, english))
        if bool(answer) != (key in self._known.open):
            self._done.consents[key] = bool(answer)

    def _flag_repeated(self, entry: Entry) -> None:
        """Two equal rows may be two people or one copied twice; only the firm knows."""
        first = self._rows.setdefault(replaced(entry, where=""), entry.where)
        if first != entry.where and entry.bib is None:
            korean = f"{first}와(과) 똑같은 행입니다. 두 사람으로 들였습니다"
            self._done.flagged.append(Fault(entry.where, korean, "the same as another row; taken for two people"))

    def _asked(self, entry: Entry, before: Entrant) -> EntrantRegistered:
        """The entry as the file asks for it; what the file has no column for, and the team of a moved one, stay as they were."""
        sex = before.sex if entry.sex is None else entry.sex
        category = before.category if entry.category is None else entry.category
        says_team = (entry.team is not None or entry.joint_team is not None) and not self._people.moved(before)
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

    def _give_bib(self, entry: Entry, key: str, before: Entrant | None) -> bool:
        """Give the number that the row asks for; False where there is nothing to give, or no right to it."""
        bib = entry.bib
        if bib is None or (before and (before.bib == bib or before.id in self._given.get(bib, ()))):
            return False
        if wrong := self._no_right(bib, before):
            self._done.faults.append(Fault(entry.where, *wrong))
            return False
        self._promised.add(bib)
        self._done.facts.append(BibAssigned(bib, key, new_code(self._bits)))
        return True

    def _no_right(self, bib: int, before: Entrant | None) -> tuple[str, str] | None:
        if before and before.bib is not None:
            return f"이미 배번 {before.bib}을(를) 받았습니다", f"column `bib`: the person has bib {before.bib} already"
        if bib in self._people.holders or bib in self._promised:
            return (
                f"배번 {bib}은(는) 이미 다른 참가자의 것입니다(이름을 고치려면 `marathon people rename`)",
                f"column `bib`: {bib} belongs to somebody else already (to mend a name: `marathon people rename`)",
            )
        if bib in self._given:
            return (
                f"배번 {bib}은(는) 예전에 나간 번호라 다시 주지 않습니다",
                f"column `bib`: {bib} was given once and is never given again",
            )
        return None

    def _team(self, entry: Entry, company: str) -> str:
        """A team is the firm's by its own name, whatever the firm is called; a joint team is one by its name alone."""
        team = Team(entry.joint_team) if entry.joint_team else Team(entry.team or "", company)
        if not team.name:
            return ""
        key = key_of(team, self._race.book.merged)
        if key not in self._teams:
            self._teams[key] = f"t{len(self._known.own) + len(self._done.names.own) + 1:04}"
            self._done.names.own[self._teams[key]] = team
        return self._teams[key]


def _team_ids(race: Race, known: Names) -> dict[TeamKey, str]:
    """The ids of the teams by what makes each the same; of teams that merged with their firms the one that stands for both."""
    book, found = race.book, dict[TeamKey, str]()
    for one, team in sorted(known.own.items()):
        found.setdefault(key_of(team, book.merged), book.team_now(team.company, one))
    return found
