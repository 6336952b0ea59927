"""From entries to facts and names: who is new, who changed, who stays. Re-importing a file changes only what changed. Pure."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as replaced
from datetime import date

from msgspec.structs import replace

from bibs.printing.numbers import ever_given
from bibs.roster.entries.entry import Entry, Fault, agreed
from bibs.roster.registration.entrant_matcher import Answers, EntrantMatcher, KnownEntrant
from bibs.roster.registration.firm_facts import BY, WHY, FirmFacts
from bibs.roster.registration.renaming import renamed
from bibs.roster.registration.spellings import Spellings
from timing.language import Text, _
from timing.race.ages import age_group, age_on
from timing.race.categories import ages_differ, groups_given_by
from timing.race.chance import Bits
from timing.race.codes import new_code
from timing.race.events import BibAssigned, DeskFact, EntrantRegistered, HeadcountDeclared
from timing.race.firms import FirmCard
from timing.race.fold import Race
from timing.race.known_names import Names
from timing.race.office_state import Entrant
from timing.race.spares import free_spare
from timing.race.spelling import same_name
from timing.race.teams import Team, TeamKey, key_of

FIRST_WAVE = "1"
NO_ANSWERS = Answers()


@dataclass(frozen=True, slots=True)
class RowResult:
    """The result of one row: the person before (None if new) and after."""

    before: Entrant | None
    after: Entrant

    @property
    def changed(self) -> bool:
        return self.before is not None and self.before != self.after


@dataclass(slots=True)
class ImportPlan:
    """The plan of an import: facts for the log, names and cards for the directory, and faults that prevent all of it."""

    facts: list[DeskFact] = field(default_factory=list)
    names: Names = field(default_factory=Names)
    cards: list[FirmCard] = field(default_factory=list)
    """The cards that change."""
    employees: dict[str, tuple[int, int]] = field(default_factory=dict)
    """For each firm whose number of employees changes: the number before (0: unknown) and after."""
    faults: list[Fault] = field(default_factory=list)
    people: list[RowResult] = field(default_factory=list)
    """Row by row."""
    missing: list[Entrant] = field(default_factory=list)
    """People entered for one of these firms who are in none of the files; they stay entered."""
    flagged: list[Fault] = field(default_factory=list)
    """Rows that are taken in and should be looked at: a birth that gives no age group."""
    consents: dict[str, bool] = field(default_factory=dict)
    """The consents to a full name in public that change."""
    renamed: list[tuple[Entrant, Entrant]] = field(default_factory=list)
    """Pairs that may be one person: who is missing, and who is new under another name."""
    undated: int = 0
    """Rows with a date of birth and no age group, because the day of the race is not set."""
    firms: set[str] = field(default_factory=set)
    """The firms that rows name."""
    seen: set[str] = field(default_factory=set)
    """Everybody whom a row meant or entered."""

    def add(self, other: "ImportPlan") -> None:
        """Take in what the next list does; who is missing is for all lists together to say."""
        self.facts += other.facts
        self.names = self.names.with_(other.names)
        self.cards = [*({card.company: card for card in (*self.cards, *other.cards)}.values())]
        for firm, (before, now) in other.employees.items():
            self.employees[firm] = self.employees.get(firm, (before, now))[0], now
        self.faults += other.faults
        self.people += other.people
        self.flagged += other.flagged
        self.consents |= other.consents
        self.undated += other.undated
        self.firms |= other.firms
        self.seen |= other.seen

    @property
    def digest(self) -> str:
        """A digest that is equal for equal plans, independent of drawn codes: people, names, firms, consents."""
        names = self.names.people, self.names.companies, self.names.teams, self.names.own
        told = repr((self.people, names, self.cards, self.employees, self.consents, self.missing))
        return hashlib.sha256(told.encode()).hexdigest()

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
    answers: Answers = NO_ANSWERS,
) -> ImportPlan:
    """Decide what the entries of one list change; `day` is that of the race, on which ages are counted.

    A person is recognised by firm and bib, or by firm and name. Whoever differs from the namesake in sex, age group, or team and
    category is somebody else; in a list of people who are entered already that is asked before anything is taken in. What an
    official ruled (a move, a merger of firms, a bib replaced or swapped, a number of employees) stands above the file.
    """
    return _Desk(race, known, bits, day, cards or {}, answers).take(list(entries))


def register_lists(
    lists: Iterable[Iterable[Entry]],
    race: Race,
    known: Names,
    bits: Bits,
    day: date | None = None,
    cards: Mapping[str, FirmCard] | None = None,
    answers: Answers = NO_ANSWERS,
) -> ImportPlan:
    """The same for several lists, one after the other, as if each came by itself."""
    done, cards = ImportPlan(), dict(cards or {})
    for entries in lists:
        one = register(entries, race, known, bits, day, cards, answers)
        race, _ = race.supposing(one.facts)
        known = replaced(known.with_(one.names), open=_agreeing(known.open, one.consents))
        cards |= {card.company: card for card in one.cards}
        done.add(one)
    done.missing = [one for one in race.running() if one.company in done.firms and one.id not in done.seen]
    new = [taken.after for taken in done.people if taken.before is None]
    done.renamed = renamed(done.missing, new, known.people)
    return done


def _agreeing(before: frozenset[str], said: Mapping[str, bool]) -> frozenset[str]:
    yes = {entrant for entrant, agreed in said.items() if agreed}
    return before - said.keys() | yes


class _Desk:
    """Plans the registration of entries: knows who is entered already and assigns ids."""

    def __init__(
        self,
        race: Race,
        known: Names,
        bits: Bits,
        day: date | None,
        cards: Mapping[str, FirmCard],
        answers: Answers,
    ) -> None:
        self._race, self._known, self._bits, self._day = race, known, bits, day
        self._done = ImportPlan()
        self._people = EntrantMatcher(race, known, self._done.names.companies, answers)
        self._teams = _team_ids(race, known)
        self._spellings = Spellings(race)
        self._registered = {fact.entrant: fact for fact in race.said.values() if isinstance(fact, EntrantRegistered)}
        self._groups_given_by = groups_given_by(race)
        self._given = ever_given(race)
        self._promised: set[int] = set()
        self._firm_facts = FirmFacts(race, cards)
        self._rows: dict[Entry, str] = {}
        self._fresh = race.fresh_ids()

    def take(self, entries: Sequence[Entry]) -> ImportPlan:
        rows = [self._row(entry) for entry in entries]
        found = self._people.match(rows)
        self._people.flag_namesakes(rows, found)
        for row, before in zip(rows, found, strict=True):
            self._enter(row, before)
            self._firm_facts.add(row.company, row.entry)
        self._settle_firms()
        done = self._done
        done.faults += self._people.faults
        done.flagged += self._people.flagged
        done.firms, done.seen = {row.company for row in rows}, self._people.seen
        done.missing = [one for one in self._race.running() if one.company in done.firms and one.id not in done.seen]
        new = [taken.after for taken in done.people if taken.before is None]
        done.renamed = renamed(done.missing, new, self._known.people | done.names.people)
        done.seen = done.seen | {taken.after.id for taken in done.people}
        return done

    def _row(self, entry: Entry) -> KnownEntrant:
        """A row in the spellings of the race."""
        settle = self._spellings.settle
        sex, wave, category = settle("sex", entry.sex), settle("wave", entry.wave), settle("category", entry.category)
        entry = replaced(entry, sex=sex, wave=wave, category=category)
        company = self._people.company(entry.company)
        group = "" if category else self._age_group(entry, sex or "", _unheard)
        asked = Entrant(
            "", company, self._team(entry, company), sex or "", category or group, wave or "", aged_on=self._aged(group)
        )
        return KnownEntrant(company, entry, asked, bool(group))

    def _settle_firms(self) -> None:
        said, done = self._firm_facts, self._done
        done.employees, done.cards = said.employees(), said.cards()
        done.facts += [HeadcountDeclared(firm, now, BY, WHY) for firm, (_, now) in done.employees.items()]
        done.faults += said.faults
        done.flagged += said.flagged

    def _enter(self, row: KnownEntrant, before: Entrant | None) -> None:
        entry = row.entry
        key = before.id if before else next(self._fresh)
        after = self._asked(row, before or Entrant(key, row.company, "", "", "", FIRST_WAVE))
        if before is None:
            self._done.names.people[key] = entry.name
            self._flag_repeated(entry)
            if not entry.name:
                self._flag(entry, _("somebody new was entered without a name"))
        elif self._race.ruled(key).status == "withdrawn":
            self._flag_withdrawn(entry, before)
        if after != before or ages_differ(after, self._groups_given_by, self._race.rules):
            self._done.facts.append(self._fact(after))
        if self._give_bib(entry, key, before, row.company):
            after = replace(after, bib=entry.bib)
        self._hear_consent(entry, key)
        self._done.people.append(RowResult(before, after))

    def _fact(self, after: Entrant) -> EntrantRegistered:
        """The entry as it goes into the log: under the firm and team that were entered, so that a merger can be undone."""
        first, book = self._registered.get(after.id), self._race.office
        company, team = after.company, after.team
        if first and (book.company_now(first.company), book.team_now(first.company, first.team)) == (company, team):
            company, team = first.company, first.team
        return EntrantRegistered(
            after.id, company, team, after.sex, after.category, after.wave, after.aged_on, after.course
        )

    def _flag_withdrawn(self, entry: Entry, one: Entrant) -> None:
        who, instead = one.bib or one.id, self._race.stand_in_of(one.id)
        if instead:
            bearer = instead.bib or instead.id
            text = _("{who} is withdrawn and stays so; {bearer} runs instead", who=who, bearer=bearer)
        else:
            text = _("{who} is withdrawn and stays so; `marathon rule reinstate {who}` if they run after all", who=who)
        self._done.flagged.append(Fault(entry.where, text))

    def _hear_consent(self, entry: Entry, key: str) -> None:
        """A file without the column changes nothing; in one with it a blank cell means no. A consent taken back is never given again by a file."""
        if entry.consent is None or key in self._known.withdrawn:
            return
        answer = agreed(entry.consent)
        if answer is None:
            text = _(
                "column `consent`: {consent!r} is neither yes nor no; the name stays masked", consent=entry.consent
            )
            self._done.flagged.append(Fault(entry.where, text))
        if bool(answer) != (key in self._known.open):
            self._done.consents[key] = bool(answer)

    def _flag_repeated(self, entry: Entry) -> None:
        """Two equal rows may be two people or one copied twice; only the firm knows."""
        first = self._rows.setdefault(replaced(entry, where=""), entry.where)
        if first != entry.where and entry.bib is None:
            self._done.flagged.append(Fault(entry.where, _("the same as {first}; imported as two people", first=first)))

    def _asked(self, row: KnownEntrant, before: Entrant) -> Entrant:
        """The person as the row asks; what the file has no column for, and the team of a moved one, stay as they were."""
        entry = row.entry
        sex = before.sex if entry.sex is None else entry.sex
        category, aged_on = before.category, before.aged_on
        if entry.category is not None:
            category, aged_on = entry.category, ""
        if not entry.category and (group := self._age_group(entry, sex, self._flag)):
            category, aged_on = group, self._aged(group)
        says_team = (entry.team is not None or entry.joint_team is not None) and not self._people.moved(before)
        team = self._team(entry, before.company) if says_team else before.team
        wave = entry.wave or before.wave
        return replace(before, team=team, sex=sex, category=category, wave=wave, aged_on=aged_on)

    def _aged(self, group: str) -> str:
        return self._day.isoformat() if group and self._day else ""

    def _flag(self, entry: Entry, text: Text) -> None:
        self._done.flagged.append(Fault(entry.where, text))

    def _age_group(self, entry: Entry, sex: str, flag: Callable[[Entry, Text], None]) -> str:
        """The age group by the rules in force; empty for a row that tells no birth or fits none, which is flagged."""
        groups = self._race.rules.age_group
        if not entry.born or not groups:
            return ""
        if self._day is None:
            self._done.undated += flag is not _unheard
            return ""
        age = age_on(self._day, entry.born)
        group = None if age is None else age_group(groups, age, sex)
        if age is None:
            flag(
                entry,
                _("no plausible date of birth in column `born`"),
            )
        elif group is None:
            flag(entry, _("no age group fits the age and sex"))
        return group.name if group else ""

    def _give_bib(self, entry: Entry, key: str, before: Entrant | None, company: str) -> bool:
        """Give the number that the row asks for; False where there is nothing to give, or no right to it."""
        bib = entry.bib
        if bib is None or (before and (before.bib == bib or before.id in self._given.get(bib, ()))):
            return False
        if wrong := self._no_right(entry, bib, before, company):
            self._done.faults.append(Fault(entry.where, wrong))
            return False
        self._promised.add(bib)
        code = free_spare(self._race, bib) or new_code(self._bits)
        self._done.facts.append(BibAssigned(bib, key, code))
        return True

    def _no_right(self, entry: Entry, bib: int, before: Entrant | None, company: str) -> Text | None:
        if before and before.bib is not None:
            return _(
                "column `bib`: the person has bib {bib} already (lost: `marathon rule replace {bib} {bib2}`)",
                bib=before.bib,
                bib2=bib,
            )
        if bib in self._promised:
            return _("column `bib`: {bib} was given to somebody in another row", bib=bib)
        if bib in self._people.holders:
            return self._taken(entry, bib, company)
        if bib in self._given and free_spare(self._race, bib) is None:
            return _("column `bib`: {bib} was given once and is never given again", bib=bib)
        return None

    def _taken(self, entry: Entry, bib: int, company: str) -> Text:
        """Who wears the number, and what to do: correct the name, move the person to the other firm, or give another number."""
        holder = self._people.holders[bib]
        name = self._known.people.get(holder, "")
        text = _("column `bib`: {bib} belongs to {name} already", bib=bib, name=name or holder)
        firm = self._race.entrants[holder].company
        if same_name(name, entry.name) and firm != company:
            return _(
                "{text} ({firm}). If the person changed firms: marathon rule move {bib} '{company}' --why 'changed firms'",
                text=text,
                bib=bib,
                firm=self._known.companies.get(firm, firm),
                company=entry.company,
            )
        if same_name(name, entry.name):
            return _(
                "{text}. To correct the name: marathon people rename {bib} '{name}'",
                text=text,
                bib=bib,
                name=entry.name,
            )
        return _(
            "{text}. For another person leave the bib empty; for somebody who runs instead: marathon people stand-in {bib} '{name}'",
            text=text,
            bib=bib,
            name=entry.name,
        )

    def _team(self, entry: Entry, company: str) -> str:
        """A team is the firm's by its own name, whatever the firm is called; a joint team is one by its name alone."""
        team = Team(entry.joint_team) if entry.joint_team else Team(entry.team or "", company)
        if not team.name:
            return ""
        key = key_of(team, self._race.office.merged)
        if key not in self._teams:
            self._teams[key] = f"t{len(self._known.own) + len(self._done.names.own) + 1:04}"
            self._done.names.own[self._teams[key]] = team
        return self._teams[key]


def _unheard(_entry: Entry, _text: Text) -> None:
    """A row that is only looked at flags nothing."""


def _team_ids(race: Race, known: Names) -> dict[TeamKey, str]:
    """The ids of the teams by what makes each the same; of teams that merged with their firms the one that stands for both."""
    book, found = race.office, dict[TeamKey, str]()
    for one, team in sorted(known.own.items()):
        found.setdefault(key_of(team, book.merged), book.team_now(team.company, one))
    return found
