"""The facts of a race timed elsewhere, as our own office and stations would have recorded them, and their fold. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from msgspec.structs import replace

from results.ranking.rows import judged_of, own_time
from results.score.input_files import DecisionRow, EntryRow, ReadRow, Ruling
from timing.race.events import (
    BibAssigned,
    CourseClosed,
    DeadHeatRuled,
    EntrantRegistered,
    Event,
    GunMoved,
    HeadcountDeclared,
    PassingEntered,
    RaceOpened,
    ResultWithheld,
    RuledStatus,
    RulesSet,
    Scanned,
    StartOffsetGiven,
    StationOpened,
    StatusRuled,
    WaveStarted,
)
from timing.race.fold import Race
from timing.race.instants import Instant, Span, later
from timing.race.known_names import Names
from timing.race.rules import Rules
from timing.race.spelling import field_key

SOME_GUN = Instant(2**52)  # where no file says when it was: far enough from both ends of time for any read
OVER = Instant(2**53)  # the race is over: whoever did not come in is DNF or DNS
WAVE, DESK, BY = "1", "desk", "score"
STATUSES: Mapping[Ruling, RuledStatus] = {
    Ruling.DNF: "dnf",
    Ruling.DNS: "dns",
    Ruling.DSQ: "dsq",
    Ruling.WITHDRAWN: "withdrawn",
}
Told = tuple[str, int, Event]
TeamKey = tuple[str, str]
Key = TypeVar("Key", str, TeamKey)
FIELDS = ("company", "team", "category", "sex")


@dataclass(frozen=True)
class TimedElsewhere:
    """The contents of the files. Bibs of any size become numbers from 1 on, in the same order, and these become codes."""

    entries: Sequence[EntryRow]
    reads: Sequence[ReadRow]
    decisions: Sequence[DecisionRow] = ()
    rules: Rules = field(default_factory=Rules)
    gun: Instant = SOME_GUN
    withheld: int = 0
    """Rows of the entries without a bib, being withheld."""

    @cached_property
    def numbers(self) -> dict[int, int]:
        """The number in the facts by the bib in the files."""
        return {bib: number for number, bib in enumerate(sorted(entry.bib for entry in self.entries), 1)}

    @cached_property
    def spelled(self) -> Mapping[str, Mapping[str, str]]:
        """How a company, team, category and sex is shown, by its key: as beside the lowest bib, so that the rows' order decides nothing."""
        in_order = sorted(self.entries, key=lambda entry: entry.bib)
        return {field: _first_spellings(field, in_order) for field in FIELDS}

    def shown(self, field: str, text: str) -> str:
        """The text as its first spelling has it; empty for an empty one."""
        return self.spelled[field].get(field_key(field, text), "")

    @cached_property
    def companies(self) -> dict[str, str]:
        """The ids of the companies by key; in the order of their names."""
        return _ids("c", self.spelled["company"])

    @cached_property
    def teams(self) -> dict[TeamKey, str]:
        """The ids of the teams; in the order of their names."""
        keys = {team_key(entry) for entry in self.entries if entry.team}
        return _ids("t", {key: self.spelled["team"][key[1]] for key in keys})

    @cached_property
    def names(self) -> Names:
        """The names of companies and teams by id; no people."""
        companies = {key: self.spelled["company"][company] for company, key in self.companies.items()}
        return Names({}, companies, {key: self.spelled["team"][name] for (_, name), key in self.teams.items()})

    @property
    def names_in_lists(self) -> Names:
        """The same, and a team is called after its company too where others call a team of theirs so."""
        shared = {name for name, teams in Counter(name for _, name in self.teams).items() if teams > 1}
        full = {
            key: f"{self.spelled['company'][company]} {self.spelled['team'][name]}"
            for (company, name), key in self.teams.items()
            if company and name in shared
        }
        return Names({}, self.names.companies, self.names.teams | full)

    @property
    def written(self) -> dict[str, str]:
        """The bibs as they stand in the entries, by their number in the facts."""
        return {str(self.numbers[entry.bib]): entry.written for entry in self.entries}

    def sizes(self) -> dict[str, set[int]]:
        """All numbers of employees that the entries give for each company, by its key."""
        found: dict[str, set[int]] = {}
        for entry in self.entries:
            if entry.company and entry.employees:
                found.setdefault(field_key("company", entry.company), set()).add(entry.employees)
        return found

    def strangers(self) -> Counter[int]:
        """How many reads there are of each bib that is no entrant's."""
        return Counter(read.bib for read in self.reads if read.bib not in self.numbers)

    def shared_teams(self) -> list[str]:
        """The names by which more than one company calls a team of its own."""
        companies = Counter(name for company, name in self.teams if company)
        return sorted(self.spelled["team"][name] for name, count in companies.items() if count > 1)

    def spellings(self, field: str) -> list[tuple[str, ...]]:
        """What is written in several ways and counts as one."""
        found: dict[str, set[str]] = {}
        for entry in self.entries:
            found.setdefault(field_key(field, getattr(entry, field)), set()).add(getattr(entry, field))
        return sorted(tuple(sorted(texts)) for texts in found.values() if len(texts) > 1)


def team_key(entry: EntryRow) -> TeamKey:
    """The company that a team belongs to, empty for a joint one, and the team's name."""
    return "" if entry.joint else field_key("company", entry.company), field_key("team", entry.team)


def _first_spellings(field: str, entries: Iterable[EntryRow]) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in entries:
        if text := getattr(entry, field):
            found.setdefault(field_key(field, text), text)
    return found


def folded(timed: TimedElsewhere) -> Race:
    """The race as the live system would fold it.

    Of a dead heat's bibs those share a place who have equal times when it is ruled, or after all rulings.
    """
    race = Race()
    for position, (lineage, seq, fact) in enumerate(_seen(timed), 1):
        race.apply_fact(position, lineage, seq, fact)
    heats = [decision for decision in timed.decisions if decision.ruling is Ruling.DEAD_HEAT]
    for decision in (*timed.decisions, *heats):
        for fact in _ruled(timed, decision, race):
            race.apply_fact(race.facts + 1, DESK, race.facts + 1, fact)
    return race


def _seen(timed: TimedElsewhere) -> Iterator[Told]:
    """Who is entered, and what was read."""
    yield from ((DESK, seq, fact) for seq, fact in enumerate((*_opening(timed), *_entered(timed)), 1))
    yield "start", 1, StationOpened("start", "start", timed.gun)
    yield "finish", 1, StationOpened("finish", "finish", timed.gun)
    for seq, read in enumerate(timed.reads, 2):
        if number := timed.numbers.get(read.bib):
            at = later(timed.gun, read.after)
            yield read.point, seq, Scanned("qr", _code(number), at, at, crossed_at=at)


def _opening(timed: TimedElsewhere) -> Iterator[Event]:
    yield RaceOpened(BY, 0)
    yield RulesSet(_completed(timed.rules), BY, "")
    yield WaveStarted(WAVE, timed.gun)
    yield CourseClosed(OVER, BY, "")
    for company, sizes in timed.sizes().items():
        yield HeadcountDeclared(timed.companies[company], max(sizes), BY, "")


def _completed(rules: Rules) -> Rules:
    """The rules, by which the gun stands in for a start read before it, unless they say otherwise: chips often are."""
    return rules if rules.uncounted_start else replace(rules, uncounted_start="gun")


def _entered(timed: TimedElsewhere) -> Iterator[Event]:
    for entry in timed.entries:
        number = timed.numbers[entry.bib]
        company = timed.companies.get(field_key("company", entry.company), "")
        team = timed.teams[team_key(entry)] if entry.team else ""
        sex, category = (timed.shown(field, getattr(entry, field)) for field in ("sex", "category"))
        yield EntrantRegistered(_entrant(number), company, team, sex, category, WAVE)
        yield BibAssigned(number, _entrant(number), _code(number))


def _ruled(timed: TimedElsewhere, decision: DecisionRow, race: Race) -> Iterator[Event]:
    """A ruling as facts. Its reason stays in the file: no free text from outside goes into a fact."""
    entrants = [_entrant(timed.numbers[bib]) for bib in decision.bibs]
    match decision.ruling:
        case Ruling.GUN_OFFSET:
            yield GunMoved(WAVE, later(timed.gun, decision.value), BY, "")
        case Ruling.DEAD_HEAT:
            for heat in _with_equal_times(race, entrants):
                yield DeadHeatRuled(heat, timed.rules.basis, None, BY, "")
        case _:
            yield from (_ruled_for(entrant, decision, timed.gun) for entrant in entrants)


def _with_equal_times(race: Race, entrants: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Groups of these entrants that have equal times."""
    by_time: dict[Span | None, list[str]] = {}
    for entrant in entrants:
        time = own_time(judged_of(race, race.entrants[entrant], race.rules), race.rules)
        by_time.setdefault(time, []).append(entrant)
    yield from (tuple(level) for time, level in by_time.items() if time is not None and len(level) > 1)


def _ruled_for(entrant: str, decision: DecisionRow, zero: Instant) -> Event:
    """What was decided about one entrant."""
    match decision.ruling:
        case Ruling.START_OFFSET:
            return StartOffsetGiven(entrant, decision.value, BY, "")
        case Ruling.FINISH_AT:
            return PassingEntered(entrant, "finish", later(zero, decision.value), BY, "")
        case Ruling.WITHHOLD:
            return ResultWithheld(entrant, BY, "")
        case Ruling.DNF | Ruling.DNS | Ruling.DSQ | Ruling.WITHDRAWN:
            return StatusRuled(entrant, STATUSES[decision.ruling], BY, "")
        case Ruling.GUN_OFFSET | Ruling.DEAD_HEAT:
            raise AssertionError("these concern more than one")


def _entrant(number: int) -> str:
    return f"e{number:06}"


def _code(number: int) -> str:
    return f"{number:011}"


def _ids(letter: str, named: Mapping[Key, str]) -> dict[Key, str]:
    """An id for each key, in the order of the names."""
    in_order = sorted(named, key=lambda key: (named[key], key))
    return {key: f"{letter}{number:06}" for number, key in enumerate(in_order, 1)}
