"""What a ruling would change, before it is recorded: places, times, groups, and what is odd about it."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from msgspec.structs import replace
from sqlalchemy import Connection

from results.office.review.plausibility import doubts, refuse_impossible
from results.office.rulings.fact_index import named
from results.office.rulings.guns import left_out
from results.office.rulings.prizes import moved_prizes
from results.office.rulings.rulings import Office
from results.ranking.difference import Difference, Results, difference, supposed
from timing.errors import RaceError
from timing.folder import OpenRace
from timing.language import Text, _
from timing.log.sql import Beside
from timing.race.events import DeskFact, FactUndone, GunMoved, Role, WaveStarted
from timing.race.fold import Race
from timing.race.instants import Instant, dated, wall
from timing.race.known_names import Names


@dataclass(frozen=True, slots=True)
class Decision:
    """The facts of a ruling and what the official should read before recording them.

    `names` are written into the directory before the facts: those of people and firms who are new.
    """

    facts: Sequence[DeskFact]
    remarks: Sequence[Text] = ()
    names: Names = field(default_factory=Names)

    @property
    def new(self) -> frozenset[str]:
        """The ids of the people, firms and teams that are new."""
        return frozenset((*self.names.people, *self.names.companies, *self.names.own))

    @property
    def digest(self) -> str:
        """By which two decisions are known as the same: their facts."""
        return self.digest_of(self.facts)

    def digest_of(self, told: object) -> str:
        """The SHA-256 of what is told of this decision, whatever ids those who are new get."""
        text = repr(told)
        for new in self.new:  # whose id may be another's by now
            text = text.replace(f"'{new}'", "new")
        return hashlib.sha256(text.encode()).hexdigest()

    def in_role(self, role: Role) -> "Decision":
        """The same, decided in this role of the race office."""
        return Decision([replace(fact, role=role) for fact in self.facts], self.remarks, self.names)


Ruling = Callable[[Office], Decision | Sequence[DeskFact]]
"""Makes a decision, or facts of which nothing is to be said, from the race as it stands; raises RaceError where it cannot be."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a ruling would change."""

    decision: Decision
    results: tuple[Results, Results]
    """Before and after."""
    doubts: tuple[Text, ...]
    """What is odd about it, though possible."""
    seen: int
    """How many facts the office had said when this was made."""
    position: int
    """The last position of the log that this was made from."""
    about: frozenset[str]
    """The people, firms, stations and guns that it is about, as `named` calls them; not who is new."""
    changes: Difference
    names: Names
    """With those of people and firms who are new."""

    @property
    def digest(self) -> str:
        """By which two previews are known as the same: first their decision's, then what is odd about it and what it essentially changes."""
        changed = [*self.doubts, *self.changes.essence(self.about)]
        return self.decision.digest + self.decision.digest_of(changed)

    @property
    def facts(self) -> tuple[DeskFact, ...]:
        return tuple(self.decision.facts)

    @property
    def instants(self) -> list[Instant]:
        """The instants that the facts name."""
        return list(dict.fromkeys(at for fact in self.facts if (at := getattr(fact, "at", None)) is not None))


def decision_of(office: Office, ruling: Ruling) -> Decision:
    """What the ruling decides now, with what was noticed of those whom it looked up. Nobody is ranked for it.

    Raises:
        RaceError: it cannot be, makes a time that cannot be, or takes back that a bib was somebody's who has it no longer.
    """
    made = ruling(office)
    made = made if isinstance(made, Decision) else Decision(made)
    opened, facts = office.opened, made.facts
    now, then = opened.clock.now(), office.race.supposing(facts)[0]
    if any(isinstance(fact, FactUndone) for fact in facts):
        _refuse_two_wearers(office, then)
    refuse_impossible(then, office.live.rules, facts, now, lambda at: dated(at, now, opened.zone))
    return Decision(facts, (*office.notices, *made.remarks), made.names)


def _refuse_two_wearers(office: Office, then: Race) -> None:
    """Refuse what would give somebody back a bib that was given to somebody else since.

    Raises:
        RaceError: two would wear one bib.
    """
    wearers = dict[int, list[str]]()
    for one in then.entrants.values():
        if one.bib is not None:
            wearers.setdefault(one.bib, []).append(office.names.people.get(one.id, one.id))
    for bib, people in wearers.items():
        if len(people) > 1:
            told = ", ".join(people)
            raise RaceError(_("two would wear bib {bib}: {told}; first give one of them another", bib=bib, told=told))


def preview_of(office: Office, ruling: Ruling, seen: int) -> Preview:
    """What a ruling would change now.

    Raises:
        RaceError: as `decision_of`.
    """
    return preview_decided(office, decision_of(office, ruling), seen)


def preview_decided(office: Office, decision: Decision, seen: int) -> Preview:
    """What a decision of `decision_of` would change now."""
    race, facts, zone = office.race, decision.facts, office.opened.zone
    then, names = race.supposing(facts)[0], office.names.with_(decision.names) if decision.new else office.names
    before, after = supposed(office.live, facts, names)
    odd = (
        *_starts_lost(office, facts),
        *doubts(then, before[0], after[0], facts, lambda at: wall(at, zone)),
        *moved_prizes(race, then, (before, after), names),
    )
    about = frozenset(one for fact in facts for one in named(fact, race)) - decision.new
    return Preview(decision, (before, after), odd, seen, race.facts, about, difference(before, after), names)


def said_since(office: Office, position: int) -> list[DeskFact]:
    """What the office has said after this position of the log, the last first."""
    return [fact for _pos, fact in takewhile(lambda one: one[0] > position, reversed(office.race.said.items()))]


def record(opened: OpenRace, decision: Decision, seen: int, beside: Beside | None = None) -> None:
    """Write the decision into the log and the names of new people into the directory, both or neither.

    Raises:
        Moved: the office has said more than the `seen` facts.
    """

    def names(connection: Connection) -> None:
        if beside:
            beside(connection)
        opened.directory.write(connection, decision.names)

    opened.log.record(decision.facts, after=seen, beside=names)


def _starts_lost(office: Office, facts: Sequence[DeskFact]) -> Iterator[Text]:
    """Whose start would no longer count by a gun that moves."""
    for fact in facts:
        if isinstance(fact, GunMoved | WaveStarted) and (text := left_out(office, fact.wave, fact.at)):
            yield text
