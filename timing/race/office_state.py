"""The state that the desk's facts fold to: who runs with which bib and code, the guns, the rules and the rulings. Pure.

Each fact is one change. An undone fact is left out and all others are folded again, so that no fact needs an inverse.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from itertools import chain
from typing import Any, assert_never

from msgspec import Struct
from msgspec.structs import replace

from timing.race.codes import Code
from timing.race.events import (
    BibAssigned,
    BibReplaced,
    BibsHandedOut,
    BibsPrinted,
    BibsSwapped,
    BranchMerged,
    ClockJumpRuled,
    ClockRuled,
    CompaniesMerged,
    CourseClosed,
    CourseOpened,
    DeadHeatRuled,
    DeskFact,
    EditionPublished,
    EntrantMoved,
    EntrantRegistered,
    FactUndone,
    FilmDeleted,
    GunMoved,
    HeadcountDeclared,
    LogRestored,
    MarkDrawn,
    PassingEntered,
    PrizeHandedOut,
    RaceOpened,
    ResultsHidden,
    ResultWithheld,
    RulesSet,
    ScanNamed,
    ScanVoided,
    SpareDrawn,
    StandInEntered,
    StartOffsetGiven,
    StationGivenUp,
    StationRepointed,
    StatusRuled,
    TimeAdjusted,
    TimeConfirmed,
    UnreadDismissed,
    UnreadNamed,
    WaveAssigned,
    WaveStarted,
)
from timing.race.instants import Instant, Span
from timing.race.passings import UNRULED, Rulings
from timing.race.rules import Rules
from timing.race.spelling import group_key
from timing.race.station_clock import Party

Concerned = Sequence[str] | None
"""The entrants whose result a fact may change; None for everybody."""


class Entrant(Struct, frozen=True, gc=False):
    """A person in this race, by id; the name is in the directory."""

    id: str
    company: str
    team: str
    sex: str
    category: str
    wave: str
    bib: int | None = None
    code: Code | None = None
    aged_on: str = ""
    """The day on which the age was counted that gave the category; empty where the category was written."""
    course: str = ""
    """The distance they run; empty for the only one."""


@dataclass(slots=True)
class OfficeState:
    """The state after the desk's facts, without those that were undone."""

    id: str = ""
    course_m: int = 0
    """The length of the only course, or of the one without a name."""
    courses: dict[str, CourseOpened] = field(default_factory=dict)
    """The courses that were opened or measured anew, by name."""
    rules: Rules = field(default_factory=Rules)
    entrants: dict[str, Entrant] = field(default_factory=dict)
    holders: dict[Code, str] = field(default_factory=dict)
    codes: dict[str, tuple[Code, ...]] = field(default_factory=dict)
    """All codes of an entrant, that of the present bib last."""
    marks: dict[str, Code] = field(default_factory=dict)
    """The code of each mark, including revoked marks; the last mark of a code is in force."""
    spares: dict[int, Code] = field(default_factory=dict)
    """The codes of the spare bibs by number, including those handed out."""
    waves: dict[str, str] = field(default_factory=dict)
    """The first spelling of each wave by its key."""
    _spelled: dict[str, str] = field(default_factory=dict)
    guns: dict[str, Instant] = field(default_factory=dict)
    ruled: dict[str, Rulings] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)
    merged_teams: dict[tuple[str, str], str] = field(default_factory=dict)
    """For a merged company and one of its teams: the team into which that one was merged."""
    printed: set[Code] = field(default_factory=set)
    """The codes of the bibs that are on paper."""
    packed: dict[Code, str] = field(default_factory=dict)
    """The firm in whose packet a printed bib was put, where its runner may be another firm's by now."""
    handed_out: dict[str, BibsHandedOut] = field(default_factory=dict)
    """Who has the bib, by the fact that said so first."""
    prizes: dict[tuple[str, str, int, str], PrizeHandedOut] = field(default_factory=dict)
    """The prizes that were handed out, by prize, list, place and winner."""
    employees: dict[str, int] = field(default_factory=dict)
    voided: set[tuple[str, int]] = field(default_factory=set)
    named: dict[tuple[str, int], ScanNamed | UnreadNamed] = field(default_factory=dict)
    """The taps, scans and unread people that officials assigned, by lineage and number."""
    repointed: dict[str, tuple[StationRepointed, ...]] = field(default_factory=dict)
    not_waited_for: set[str] = field(default_factory=set)
    """The lineages whose further items nobody waits for."""
    clocks: dict[str, ClockRuled] = field(default_factory=dict)
    jumps: dict[tuple[str, int], Party] = field(default_factory=dict)
    """Whose clock jumped, as ruled, by the item in which the jump was detected."""
    finishes_by_hand: int = 0
    closed_at: Instant | None = None
    hidden: bool = False
    """Whether the results are hidden from the public."""

    def copy(self) -> "OfficeState":
        """An independent copy."""
        kept: dict[str, Any] = {one.name: getattr(self, one.name) for one in fields(self)}
        own: dict[str, Any] = {name: one.copy() if isinstance(one, dict | set) else one for name, one in kept.items()}
        return OfficeState(**own)

    def apply(self, fact: DeskFact) -> Concerned:  # noqa: C901  (a table: a line or two for each fact)
        """Apply one more fact; one that names an unknown entrant has no effect."""
        match fact:
            case RaceOpened(race=race, course_m=course_m):
                self.id, self.course_m = race, course_m
                return ()
            case CourseOpened(course=course, course_m=course_m):
                self.courses[course] = fact
                self.course_m = self.course_m if course else course_m
                return ()
            case RulesSet(rules=rules):
                self.rules = rules
                return None
            case EntrantRegistered():
                return self._register(fact)
            case BibAssigned(bib=bib, entrant=entrant, code=code):
                self._let_go(entrant)
                return self._assign(entrant, bib, Code(code))
            case BibReplaced(bib=bib, entrant=entrant, code=code):
                return self._assign(entrant, bib, Code(code))
            case StandInEntered():
                return self._stand_in(fact)
            case BibsHandedOut(entrants=entrants):
                here = [one for one in entrants if one in self.entrants]  # an entry may be taken back later
                self.handed_out = dict.fromkeys(here, fact) | self.handed_out
                return ()
            case BibsPrinted(codes=codes):
                return self._print([Code(one) for one in codes])
            case PrizeHandedOut(prize=prize, division=division, place=place, winner=winner):
                self.prizes.setdefault((prize, division, place, winner), fact)
                return ()
            case BibsSwapped(one=one, other=other):
                return self._swap(one, other)
            case WaveStarted(wave=wave, at=at) | GunMoved(wave=wave, at=at):
                self.guns[self._know_wave(wave)] = at
                return None
            case EntrantMoved(entrant=entrant, company=company, team=team):
                return self._move(entrant, self.company_now(company), self.team_now(company, team))
            case CompaniesMerged():
                return self._merge(fact)
            case HeadcountDeclared(company=company, employees=employees):
                self.employees[self.company_now(company)] = employees
                return ()
            case ScanVoided(lineage=lineage, seq=seq) | UnreadDismissed(lineage=lineage, seq=seq):
                self.voided.add((lineage, seq))
                return None
            case (
                ScanNamed(lineage=lineage, seq=seq, entrant=entrant)
                | UnreadNamed(lineage=lineage, seq=seq, entrant=entrant)
            ):
                self.named[lineage, seq] = fact
                return (entrant,)
            case StationRepointed(station=station):
                self.repointed[station] = (*self.repointed.get(station, ()), fact)
                return None
            case StationGivenUp(lineages=lineages):
                self.not_waited_for.update(lineages)
                return ()
            case ClockRuled(station=station):
                self.clocks[station] = fact
                return None
            case ClockJumpRuled(lineage=lineage, seq=seq, whose=whose):
                self.jumps[lineage, seq] = whose
                return None
            case CourseClosed(at=at):
                self.closed_at = at
                return None
            case ResultsHidden(hidden=hidden):
                self.hidden = hidden
                return ()
            case MarkDrawn(code=code, mark=mark):
                self.marks[mark] = Code(code)
                return ()
            case SpareDrawn(bib=bib, code=code):
                self.spares[bib] = Code(code)
                return ()
            case BranchMerged() | LogRestored() | FilmDeleted() | EditionPublished() | FactUndone():
                return ()
            case _:
                return self._rule(fact)

    def wave(self, name: str) -> str:
        """A wave in the spelling that the race used first: `2 조` and `2조` are the same wave."""
        return self.waves.get(group_key(name), name)

    def wave_called(self, name: str) -> str:
        """The wave that a person means: `1조` is wave 1 if no wave is called `1조`; the text itself if there is none."""
        key = group_key(name)
        known = (self.waves.get(one) for one in (key, key.removesuffix("조"), f"{key}조"))
        return next((wave for wave in known if wave), name.strip())

    def _know_wave(self, name: str) -> str:
        if name not in self._spelled:
            self._spelled[name] = self.waves.setdefault(group_key(name), name)
        return self._spelled[name]

    def company_now(self, company: str) -> str:
        """The company into which this one was merged, else the company itself. Merges never form a circle."""
        while company in self.merged:
            company = self.merged[company]
        return company

    def team_now(self, company: str, team: str) -> str:
        """The team into which this team was merged along with its company, else the team itself."""
        while company in self.merged:
            team = self.merged_teams.get((company, team), team)
            company = self.merged[company]
        return team

    def _rule(
        self,
        fact: PassingEntered
        | StartOffsetGiven
        | TimeAdjusted
        | StatusRuled
        | TimeConfirmed
        | ResultWithheld
        | WaveAssigned
        | DeadHeatRuled,
    ) -> Sequence[str]:
        """Apply a ruling on one entrant or a few."""
        match fact:
            case WaveAssigned(entrant=entrant, wave=wave):
                return self._decide(entrant, wave=self._know_wave(wave))
            case PassingEntered(entrant=entrant, point="start", at=at):
                return self._decide(entrant, start_at=at)
            case PassingEntered(entrant=entrant, at=at):
                self.finishes_by_hand += 1
                return self._decide(entrant, finish_at=at, finish_row=self.finishes_by_hand)
            case StartOffsetGiven(entrant=entrant, offset=offset):
                return self._decide(entrant, start_offset=offset, start_at=None)
            case TimeAdjusted(entrant=entrant, amount=amount):
                return self._decide(entrant, adjusted=Span(self.ruled.get(entrant, UNRULED).adjusted + amount))
            case StatusRuled(entrant=entrant, status=status):
                return self._decide(entrant, status=status)
            case TimeConfirmed(entrant=entrant, time=time):
                return self._decide(entrant, confirmed=time)
            case ResultWithheld(entrant=entrant):
                return self._decide(entrant, withheld=True)
            case DeadHeatRuled(entrants=entrants):
                return self._share_a_place(entrants)
            case never:
                assert_never(never)

    def _decide(self, entrant: str, **decided: object) -> Sequence[str]:
        self.ruled[entrant] = replace(self.ruled.get(entrant, UNRULED), **decided)
        return (entrant,)

    def _share_a_place(self, entrants: Iterable[str]) -> Sequence[str]:
        """Join these entrants and all who already share a dead heat with any of them."""
        heats = [self.ruled.get(entrant, UNRULED).dead_heat for entrant in entrants]
        heat = tuple(sorted({*entrants, *chain.from_iterable(heats)}))
        return [one for entrant in heat for one in self._decide(entrant, dead_heat=heat)]

    def _register(self, fact: EntrantRegistered) -> Sequence[str]:
        before = self.entrants.get(fact.entrant)
        bib, code = (before.bib, before.code) if before else (None, None)
        company, team = self.company_now(fact.company), self.team_now(fact.company, fact.team)
        wave = self._know_wave(fact.wave)
        self.entrants[fact.entrant] = Entrant(
            fact.entrant, company, team, fact.sex, fact.category, wave, bib, code, fact.aged_on, fact.course
        )
        return (fact.entrant,)

    def _amend(self, entrant: str, **amended: object) -> Sequence[str]:
        if entrant not in self.entrants:
            return ()
        self.entrants[entrant] = replace(self.entrants[entrant], **amended)
        return (entrant,)

    def _print(self, codes: Sequence[Code]) -> Sequence[str]:
        self.printed.update(codes)
        held = (self.entrants[self.holders[one]] for one in codes if one in self.holders)
        self.packed.update((one.code, one.company) for one in held if one.code)
        return ()

    def _move(self, entrant: str, company: str, team: str) -> Sequence[str]:
        self._leave_in_packet(entrant)
        return self._amend(entrant, company=company, team=team)

    def on_paper(self, code: Code) -> bool:
        """Whether the bib with this code is printed, as far as the log tells; where it was never asked to print any, others print them."""
        return code in self.printed or not (self.printed or self.marks)

    def packet_of(self, one: Entrant) -> str:
        """The firm in whose packet this entrant's bib lies."""
        return self.company_now(self.packed.get(one.code, one.company) if one.code else one.company)

    def _leave_in_packet(self, *entrants: str) -> None:
        """Whose bib is printed leave it where it lies when they change firm or bib."""
        for one in entrants:
            if (left := self.entrants.get(one)) and left.code and self.on_paper(left.code):
                self.packed.setdefault(left.code, left.company)

    def _let_go(self, entrant: str) -> None:
        """Before the race, an entrant who gets another bib loses the codes of earlier ones."""
        for code in self.codes.pop(entrant, ()):
            del self.holders[code]

    def _assign(self, entrant: str, bib: int, code: Code) -> Sequence[str]:
        if entrant not in self.entrants:
            return ()
        old, loser = self.entrants[entrant], self.holders.get(code, entrant)
        self.entrants[entrant] = replace(old, bib=bib, code=code)
        if code in self.holders:
            self.codes[loser] = tuple(one for one in self.codes[loser] if one != code)
        self.holders[code] = entrant
        self.codes[entrant] = (*self.codes.get(entrant, ()), code)
        return entrant, loser

    def _stand_in(self, fact: StandInEntered) -> Sequence[str]:
        """The stand-in gets the bib with all its codes; the absent entrant is withdrawn."""
        if fact.entrant not in self.entrants or fact.stand_in in self.entrants:
            return ()
        absent, codes = self.entrants[fact.entrant], self.codes.pop(fact.entrant, ())
        own = {"sex": fact.sex, "category": fact.category, "aged_on": fact.aged_on}
        team = self.team_now(absent.company, fact.team)
        self.entrants[fact.stand_in] = replace(absent, id=fact.stand_in, team=team, **own)
        self.entrants[fact.entrant] = replace(absent, bib=None, code=None)
        self.codes[fact.stand_in] = codes
        self.holders |= dict.fromkeys(codes, fact.stand_in)
        self._decide(fact.entrant, status="withdrawn")
        return fact.entrant, fact.stand_in

    def _swap(self, one: str, other: str) -> Sequence[str]:
        if one not in self.entrants or other not in self.entrants or one == other:
            return ()
        self._leave_in_packet(one, other)
        first, second = self.entrants[one], self.entrants[other]
        self.entrants[one] = replace(first, bib=second.bib, code=second.code)
        self.entrants[other] = replace(second, bib=first.bib, code=first.code)
        self.codes[one], self.codes[other] = self.codes.get(other, ()), self.codes.get(one, ())
        self.holders |= {code: holder for holder in (one, other) for code in self.codes[holder]}
        return one, other

    def _merge(self, fact: CompaniesMerged) -> Sequence[str]:
        company, target = self.company_now(fact.company), self.company_now(fact.into)
        if company == target:
            return ()
        self.merged[company] = target
        self.merged_teams |= {(company, one): other for one, other in fact.teams}
        if company in self.employees:
            self.employees.setdefault(target, self.employees[company])
        moved = [entrant for entrant in self.entrants.values() if entrant.company == company]
        for entrant in moved:
            self.entrants[entrant.id] = replace(entrant, company=target, team=self.team_now(company, entrant.team))
        return [entrant.id for entrant in moved]


def undone(facts: Iterable[tuple[int, DeskFact]]) -> set[int]:
    """The positions of the facts that are undone; an undo that is itself undone has no effect."""
    gone: set[int] = set()
    undoing = [(pos, fact.pos) for pos, fact in facts if isinstance(fact, FactUndone)]
    for pos, target in sorted(undoing, reverse=True):
        if pos not in gone and target < pos:
            gone.add(target)
    return gone
