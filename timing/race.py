"""The fold: from the facts, one by one, to what is known of the race. Pure; any order of arrival ends in the same race."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from timing.codes import Code
from timing.events import (
    BibAssigned,
    BranchMerged,
    EntrantRegistered,
    GunMoved,
    LogRestored,
    RaceOpened,
    ScanRecorded,
    StationOpened,
    WaveStarted,
)
from timing.instants import Instant
from timing.log import Recorded
from timing.passings import Point, Scan


@dataclass(frozen=True, slots=True)
class Entrant:
    """A person in this race, by id; the name stands in the directory."""

    id: str
    company: str
    team: str
    sex: str
    category: str
    wave: str
    bib: int | None = None
    code: Code | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a lineage stood, from its item `seq` on."""

    seq: int
    station: str
    point: Point


@dataclass(slots=True)
class Race:
    """What the facts so far say."""

    id: str = ""
    course_m: int = 0
    entrants: dict[str, Entrant] = field(default_factory=dict)
    holders: dict[Code, str] = field(default_factory=dict)
    guns: dict[str, Instant] = field(default_factory=dict)
    placements: dict[str, list[Placement]] = field(default_factory=dict)
    scans: dict[str, list[Scan]] = field(default_factory=dict)
    homeless: int = 0
    """Scans of lineages that never said where they stand: kept in the log, judged by nobody."""
    facts: int = 0

    def apply(self, recorded: Recorded) -> Sequence[str]:
        """Take in the next fact of the log; return the ids of the entrants whose result it may change."""
        fact = recorded.event
        self.facts = recorded.pos
        match fact:
            case LogRestored():
                return ()
            case RaceOpened(race=race, course_m=course_m):
                self.id, self.course_m = race, course_m
                return ()
            case EntrantRegistered():
                return self._register(fact)
            case BibAssigned(bib=bib, entrant=entrant, code=code):
                return self._assign(entrant, bib, Code(code))
            case WaveStarted(wave=wave, at=at) | GunMoved(wave=wave, at=at):
                self.guns[wave] = at
                return [entrant.id for entrant in self.entrants.values() if entrant.wave == wave]
            case StationOpened(station=station, point=point):
                placed = self.placements.setdefault(recorded.lineage, [])
                placed.append(Placement(recorded.seq, station, Point(point)))
                return ()
            case BranchMerged(lineage=lineage, branch=branch, first=first):
                before = [placed for placed in self.placements.get(lineage, []) if placed.seq < first]
                self.placements[branch] = [replace(placed, seq=0) for placed in before[-1:]]
                return ()
            case ScanRecorded():
                return self._scan(recorded, fact)
            case never:
                assert_never(never)

    def scans_of(self, entrant: Entrant) -> list[Scan]:
        """Every scan of the entrant's code, unless the code has gone to somebody else since."""
        return self.scans.get(entrant.code, []) if entrant.code and self.holders[entrant.code] == entrant.id else []

    def foreign_scans(self) -> int:
        """How many scans showed a code that belongs to nobody here."""
        return sum(len(scans) for code, scans in self.scans.items() if code not in self.holders)

    def holder(self, code: str) -> Entrant | None:
        """Whose bib carries this code."""
        entrant = self.holders.get(Code(code))
        return self.entrants[entrant] if entrant else None

    def by_bib(self, bib: int) -> Entrant | None:
        return next((entrant for entrant in self.entrants.values() if entrant.bib == bib), None)

    def roster(self) -> dict[str, int]:
        """Which bib carries which code."""
        held = [(code, self.entrants[holder]) for code, holder in self.holders.items()]
        return {code: e.bib for code, e in held if e.code == code and e.bib is not None}

    def _register(self, fact: EntrantRegistered) -> Sequence[str]:
        before = self.entrants.get(fact.entrant)
        self.entrants[fact.entrant] = Entrant(
            fact.entrant,
            fact.company,
            fact.team,
            fact.sex,
            fact.category,
            fact.wave,
            before.bib if before else None,
            before.code if before else None,
        )
        return (fact.entrant,)

    def _assign(self, key: str, bib: int, code: Code) -> Sequence[str]:
        old, loser = self.entrants[key], self.holders.get(code, key)
        self.entrants[key] = Entrant(old.id, old.company, old.team, old.sex, old.category, old.wave, bib, code)
        self.holders[code] = key
        return key, loser

    def _scan(self, recorded: Recorded, fact: ScanRecorded) -> Sequence[str]:
        if recorded.lineage not in self.placements:
            self.homeless += 1
            return ()
        placed = self.placements[recorded.lineage][-1]  # a lineage arrives in order: the last placement is its own
        scan = Scan(
            recorded.lineage,
            recorded.seq,
            placed.station,
            placed.point,
            fact.code,
            fact.first_at,
            fact.last_at,
            fact.sightings,
            fact.frame,
            fact.crossed_at,
        )
        self.scans.setdefault(fact.code, []).append(scan)
        holder = self.holders.get(Code(fact.code))
        return (holder,) if holder else ()


def fold(facts: Iterable[Recorded]) -> Race:
    """The race after all these facts."""
    race = Race()
    for fact in facts:
        race.apply(fact)
    return race
