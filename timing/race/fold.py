"""Folds the facts, one by one, into the state of the race. Pure; the state does not depend on the order in which lineages arrive."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from itertools import count, pairwise
from typing import Final, get_args

from msgspec import Struct
from msgspec.structs import replace

from timing.language import Text, _
from timing.race.admission import DAMAGED, GONE, SHOWN_BYTES, UNFOLDABLE, SetAside
from timing.race.codes import Code
from timing.race.events import (
    BranchMerged,
    ClockSampled,
    Correction,
    DeskFact,
    EditionPublished,
    EntrantRegistered,
    Event,
    FactUndone,
    FilmJumped,
    GunHeard,
    GunMoved,
    OutboxMended,
    QrClockSeen,
    ScanNamed,
    Scanned,
    ScanVoided,
    ServerClockRead,
    StandInEntered,
    StationClosed,
    StationOpened,
    TapNamed,
    Unread,
    UnreadDismissed,
    UnreadNamed,
    WaveStarted,
)
from timing.race.instants import MILLISECOND, SECOND, Instant, Span
from timing.race.office_state import Concerned, Entrant, OfficeState, undone
from timing.race.passings import UNRULED, Point, Rulings, Scan, UnmatchedReason, touched
from timing.race.records import Recorded
from timing.race.rules import Rules
from timing.race.station_clock import Jump, Offset, Party, Ruling, StationClock, doubt_of

CORRECTIONS = get_args(Correction)
SeenFact = Scanned | TapNamed | Unread
ClockFact = ClockSampled | QrClockSeen | FilmJumped


class Placement(Struct, frozen=True, gc=False):
    """Where the station of a lineage stands from its item `seq` on; `run` counts its openings, `closed` says that it ended its work."""

    seq: int
    station: str
    point: Point
    wave: str = ""
    metres: int = 0
    closed: bool = False
    run: int = 1


UNPLACED: Final = Placement(0, "", Point.FINISH)
"""Of a lineage that never said where it stands: no station, and a point that means nothing."""


class ClockJump(Struct, frozen=True):
    """A jump between the clocks of a station and the server; `whose` it was is None until an official says."""

    station: str
    lineage: str
    jump: Jump
    whose: Party | None


@dataclass(slots=True)
class Race:
    """The state of the race after the facts so far."""

    office: OfficeState = field(default_factory=OfficeState)
    placements: dict[str, list[Placement]] = field(default_factory=dict)
    scans: dict[str, list[Scan]] = field(default_factory=dict)
    seen_by: dict[tuple[str, int], list[Scan]] = field(default_factory=dict)
    """The scans of each run of a station, by lineage and run number."""
    clocks: dict[tuple[str, int], StationClock] = field(default_factory=dict)
    qr_clocks: dict[tuple[str, int], StationClock] = field(default_factory=dict)
    """Clock offsets of each run from QR clocks, used where the run has no exchanges with the server."""
    jumps: dict[tuple[str, int], list[FilmJumped]] = field(default_factory=dict)
    """The jumps of the film clock in each run."""
    server_clocks: dict[str, list[ServerClockRead]] = field(default_factory=dict)
    """The recorded readings of the servers' clocks, by lineage (one per boot of a machine)."""
    nameless: dict[tuple[str, int], Scanned | Unread] = field(default_factory=dict)
    """The taps, and the people whom a camera could not read, that no station has named, by lineage and number."""
    unplaced: dict[str, list[tuple[int, SeenFact | ClockFact]]] = field(default_factory=dict)
    """Items of lineages without a `StationOpened`, with their numbers."""
    aside: dict[int, SetAside] = field(default_factory=dict)
    """The items without effect by position, including those that an official has dismissed."""
    mended: dict[str, set[str]] = field(default_factory=dict)
    """For a lineage that continues a damaged outbox: the earlier lineages of that outbox."""
    editions: list[EditionPublished] = field(default_factory=list)
    facts: int = 0
    entered_at: dict[str, Instant] = field(default_factory=dict)
    """When the log took each entrant's first entry."""
    said: dict[int, DeskFact] = field(default_factory=dict)
    """The desk's facts by position, including those that were undone."""
    said_at: dict[int, Instant] = field(default_factory=dict)
    """When the log took each of them."""
    gone: set[int] = field(default_factory=set)
    """The positions of the desk's facts that are undone; replaced as a whole."""
    cut_off: list[tuple[str, Instant]] = field(default_factory=list)
    """The lineages of stations that were opened again without having closed, and when."""
    _pens: bool = False
    _guns_heard: list[tuple[str, int, GunHeard]] = field(default_factory=list)
    jumps_seen: int = 0
    """The number of clock jumps detected so far."""

    @property
    def id(self) -> str:
        return self.office.id

    @property
    def course_m(self) -> int:
        return self.office.course_m

    @property
    def rules(self) -> Rules:
        return self.office.rules

    @property
    def entrants(self) -> Mapping[str, Entrant]:
        return self.office.entrants

    @property
    def holders(self) -> Mapping[Code, str]:
        return self.office.holders

    @property
    def guns(self) -> Mapping[str, Instant]:
        return self.office.guns

    @property
    def unplaced_scans(self) -> int:
        """The number of scans of lineages without a `StationOpened`: they are in the log and are not judged."""
        return sum(isinstance(fact, SeenFact) for facts in self.unplaced.values() for _, fact in facts)

    def apply(self, recorded: Recorded) -> Sequence[str]:
        """Apply the next item of the log; return the ids of the entrants whose result it may change.

        Never raises: an item that cannot be read, comes from the wrong lineage, or fails to fold is set aside and has no effect.
        """
        fact = recorded.admitted
        if not isinstance(fact, SetAside):
            if isinstance(fact, EntrantRegistered):
                self.entered_at.setdefault(fact.entrant, recorded.received_at)
            try:
                concerned = self.apply_fact(recorded.pos, recorded.lineage, recorded.seq, fact)
                if recorded.pos in self.said:
                    self.said_at[recorded.pos] = recorded.received_at
                return concerned
            except Exception:  # noqa: BLE001  (one fact must not end a race; it is shown in red wherever the log is looked at)
                fact = recorded.set_aside(UNFOLDABLE)
        self.facts, self.aside[recorded.pos] = recorded.pos, fact
        return ()

    def apply_fact(self, pos: int, lineage: str, seq: int, fact: Event) -> Sequence[str]:
        """Apply a fact that is not (yet) in the log; returns as `apply` does."""
        self.facts = pos
        match fact:
            case StationOpened():
                return self._open(lineage, seq, fact)
            case StationClosed():
                return self._close(lineage, seq)
            case ServerClockRead():
                self.server_clocks.setdefault(lineage, []).append(fact)
                return ()
            case OutboxMended(of=of, found=found):
                self.aside[pos] = SetAside(
                    pos, lineage, seq, bytes.fromhex(found)[:SHOWN_BYTES], DAMAGED if found else GONE
                )
                return self._mend(lineage, of)
            case GunHeard():
                self._guns_heard.append((lineage, seq, fact))
                return ()
            case Scanned() | TapNamed() | Unread() | ClockSampled() | QrClockSeen() | FilmJumped():
                return self._observe(lineage, seq, fact)
            case _:
                return self._desk(pos, fact)

    def _observe(self, lineage: str, seq: int, fact: SeenFact | ClockFact) -> Sequence[str]:
        """Apply what a station saw of runners and clocks; keep it unplaced while the point of the station is unknown."""
        if not self.placements.get(lineage):
            self.unplaced.setdefault(lineage, []).append((seq, fact))
            return self._given_to(lineage, seq)
        match fact:
            case ClockSampled():
                return self._sample(self.clocks, lineage, seq, fact)
            case QrClockSeen():
                return self._sample(self.qr_clocks, lineage, seq, fact)
            case FilmJumped():
                return self._jump(lineage, fact)
            case _:
                return self._seen(lineage, seq, fact)

    def set_aside(self) -> list[SetAside]:
        """The items without effect that no official has dismissed, in the order of the log."""
        return [
            one
            for pos, one in sorted(self.aside.items())
            if pos not in self.gone and (one.lineage, one.seq) not in self.office.voided
        ]

    def supposing(self, facts: Iterable[DeskFact]) -> tuple["Race", set[str]]:
        """A copy of this race with these facts applied, and the entrants whose result they may change.

        The copy shares its scans with this race, since facts of the desk add none.
        """
        supposed = copy(self)
        supposed.office, supposed.said = self.office.copy(), self.said.copy()
        supposed.placements, supposed.editions = self.placements.copy(), self.editions.copy()
        return supposed, {one for fact in facts for one in supposed.apply_fact(supposed.facts + 1, "", 0, fact)}

    def holds(self, pos: int) -> bool:
        """Whether the fact at this position is a correction in force."""
        return isinstance(self.said.get(pos), CORRECTIONS) and pos not in self.gone

    def scans_of(self, entrant: Entrant, rules: Rules | None = None) -> list[Scan]:
        """All scans of the codes that the entrant holds, with the point and clock of their station corrected.

        `rules` (by default the race's) say how uncertain a clock may be.
        """
        codes = self.office.codes.get(entrant.id, ())
        found = [scan for code in codes for scan in self.scans.get(code, ()) if not self._is_copy(scan)]
        if self.office.named:
            found = [
                *(scan for scan in found if (scan.lineage, scan.seq) not in self.office.named),
                *self._given(entrant.id),
            ]
        return [self._ruled(scan, rules or self.rules) for scan in found] if self._scans_are_ruled else found

    def _given(self, entrant: str) -> Iterator[Scan]:
        """The scans, taps and unread people that officials assigned to this entrant."""
        for (lineage, seq), fact in self.office.named.items():
            scan = self.crossing(lineage, seq) if fact.entrant == entrant else None
            if scan:
                yield replace(scan, point=Point(fact.point)) if fact.point and not scan.station else scan

    def crossing(self, lineage: str, seq: int) -> Scan | None:
        """The scan, tap or unread person with this number of a lineage; None if the item is something else."""
        if (lineage, seq) in self.nameless:
            return self._nameless(lineage, seq)
        if lineage in self.unplaced:
            return next((scan for scan in self._without_place(lineage) if scan.seq == seq), None)
        runs = {placed.run for placed in self.placements.get(lineage, ())}
        seen = (scan for run in runs for scan in self.seen_by.get((lineage, run), ()))
        return next((scan for scan in seen if scan.seq == seq), None)

    def _without_place(self, lineage: str) -> Iterator[Scan]:
        """The scans of a lineage without a `StationOpened`: their station is empty and their point has no meaning."""
        for seq, fact in self.unplaced.get(lineage, ()):
            if isinstance(fact, Scanned | Unread):
                yield _scan(UNPLACED, lineage, seq, fact)

    def _nameless(self, lineage: str, seq: int) -> Scan:
        """A tap or an unread person as a scan without a code."""
        return self._scan(lineage, seq, self.nameless[lineage, seq])

    def seen(self) -> Iterator[Scan]:
        """All scans, taps and unread people (the code is empty until the station names it), where and when its station truly was."""
        for scans in self.scans.values():
            yield from (self._ruled(scan, self.rules) for scan in scans)
        for lineage, seq in self.nameless:
            yield self._ruled(self._nameless(lineage, seq), self.rules)

    def ruled(self, entrant: str) -> Rulings:
        """The rulings on an entrant."""
        return self.office.ruled.get(entrant, UNRULED)

    def station_names(self) -> list[str]:
        """The stations that have ever opened, by name."""
        return sorted({placed.station for places in self.placements.values() for placed in places})

    def running(self) -> Iterator[Entrant]:
        """All entrants who have not withdrawn: those who get a bib and count in participation."""
        return (one for one in self.entrants.values() if self.ruled(one.id).status != "withdrawn")

    def stand_in_of(self, absent: str) -> Entrant | None:
        """The entrant who runs instead of an absent one; None if nobody does."""
        said = (fact for fact in self.said.values() if isinstance(fact, StandInEntered) and fact.entrant == absent)
        return next((self.entrants[fact.stand_in] for fact in said if fact.stand_in in self.entrants), None)

    def fresh_ids(self) -> Iterator[str]:
        """Unused ids for new entrants; never one that was used before, since names and prints may still refer to it."""
        said = self.said.values()
        taken = {fact.entrant for fact in said if isinstance(fact, EntrantRegistered)}
        taken |= {fact.stand_in for fact in said if isinstance(fact, StandInEntered)}
        return (one for number in count(len(taken) + 1) if (one := f"e{number:05}") not in taken)

    def wave_of(self, entrant: Entrant, scans: Sequence[Scan]) -> str:
        """The wave of an entrant: as ruled, else that of the pen that saw them last, else as entered."""
        if (ruled := self.ruled(entrant.id).wave) is not None:
            return ruled
        pens = (
            [scan for scan in scans if scan.point is Point.PEN and scan.wave and not scan.voided] if self._pens else []
        )
        return self.office.wave(max(pens, key=lambda scan: scan.order).wave) if pens else entrant.wave

    def unmatched_scans(self) -> Iterator[tuple[Scan, UnmatchedReason]]:
        """Scans whose code belongs to no entrant, and why; without those that officials voided or assigned."""
        for code, scans in self.scans.items():
            if code not in self.office.holders:
                reason = UnmatchedReason.FOREIGN_TEXT if code.startswith("?") else UnmatchedReason.UNKNOWN_CODE
                found = (scan for scan in scans if self._is_open(scan.lineage, scan.seq))
                yield from ((scan, reason) for scan in found if not self._is_copy(scan))

    def open_items(self) -> Iterator[tuple[Scan, UnmatchedReason]]:
        """Scans and taps of no entrant that officials neither voided nor assigned, and why; unread people are in `open_unread`."""
        yield from ((tap, UnmatchedReason.UNNAMED_TAP) for tap in self._open_nameless(unread=False))
        yield from self.unmatched_scans()
        for lineage in self.unplaced:
            lost = (scan for scan in self._without_place(lineage) if self._is_open(lineage, scan.seq))
            yield from ((scan, UnmatchedReason.UNPLACED) for scan in lost)

    def open_unread(self) -> Iterator[Scan]:
        """Unread people whom nobody has named or dismissed, with the point and clock of their station corrected.

        Those of lineages without a `StationOpened` are left out.
        """
        yield from (self._ruled(scan, self.rules) for scan in self._open_nameless(unread=True))

    def _open_nameless(self, unread: bool) -> Iterator[Scan]:
        waiting = (self._nameless(*key) for key in self.nameless if self._is_open(*key) and not self._went_on(*key))
        yield from (scan for scan in waiting if (scan.source == "unread") == unread)

    def _is_open(self, lineage: str, seq: int) -> bool:
        """Whether officials neither voided this item nor assigned it to somebody who is entered (an entry may be taken back later)."""
        named = self.office.named.get((lineage, seq))
        return (named is None or named.entrant not in self.entrants) and (lineage, seq) not in self.office.voided

    def stations_at_work(self) -> list[str]:
        """The stations without a `StationClosed` that are waited for: they may have scans that have not arrived."""
        given_up = self.given_up() | self.office.not_waited_for
        at_work = [placed[-1] for lineage, placed in self.placements.items() if placed and lineage not in given_up]
        return sorted({placed.station for placed in at_work if not placed.closed})

    def given_up(self) -> set[str]:
        """The lineages of damaged outboxes whose items the station sends again under a new lineage."""
        pairs = ((lineage, of) for lineage in self.mended for of in self._before(lineage))
        return {of for lineage, of in pairs if self._station_of(of) == self._station_of(lineage) != ""}

    def holder(self, code: str) -> Entrant | None:
        """The entrant whose bib carries this code; None if there is none."""
        entrant = self.holders.get(Code(code))
        return self.entrants[entrant] if entrant else None

    def owner(self, scan: Scan) -> Entrant | None:
        """The entrant of a scan: as assigned by officials, else the holder of its code."""
        named = self.office.named.get((scan.lineage, scan.seq))
        return self.entrants.get(named.entrant) if named else self.holder(scan.code)

    def by_bib(self, bib: int) -> Entrant | None:
        return next((entrant for entrant in self.entrants.values() if entrant.bib == bib), None)

    def roster(self) -> dict[str, int]:
        """The bib of each code, including unassigned spares: they may be handed out before the office records it."""
        held = [(code, self.entrants[holder]) for code, holder in self.holders.items()]
        worn = {str(code): e.bib for code, e in held if e.code == code and e.bib is not None}
        return worn | {code: bib for bib, code in self.office.spares.items() if code not in self.holders}

    def firms(self) -> dict[str, str]:
        """The company id of each code's holder."""
        held = [(code, self.entrants[holder]) for code, holder in self.holders.items()]
        return {code: e.company for code, e in held if e.code == code and e.bib is not None}

    def _desk(self, pos: int, fact: DeskFact) -> Sequence[str]:
        self.said[pos] = fact
        match fact:
            case BranchMerged(lineage=lineage, branch=branch, first=first):
                before = [placed for placed in self.placements.get(lineage, []) if placed.seq < first]
                self.placements[branch] = [replace(placed, seq=0) for placed in before[-1:]]
            case EditionPublished():
                self.editions.append(fact)
            case FactUndone():
                return self._rewrite()
            case ScanVoided(lineage=lineage, seq=seq) | UnreadDismissed(lineage=lineage, seq=seq):
                self.office.apply(fact)
                return self._whose(lineage, seq)
            case ScanNamed(lineage=lineage, seq=seq) | UnreadNamed(lineage=lineage, seq=seq):
                held_before = self._whose(lineage, seq)
                self.office.apply(fact)
                return list(dict.fromkeys([*held_before, *self._whose(lineage, seq)]))
            case WaveStarted(wave=wave) | GunMoved(wave=wave):
                self.office.apply(fact)
                return self._starting_with(self.office.wave(wave))
            case _:
                pass
        return self._everybody(self.office.apply(fact))

    def _rewrite(self) -> Sequence[str]:
        """Fold the desk's facts again without the undone ones; return the entrants whose state differs."""
        before, self.office, self.gone = self.office, OfficeState(), undone(self.said.items())
        for pos, fact in self.said.items():
            if pos not in self.gone or not isinstance(fact, CORRECTIONS):
                self.office.apply(fact)
        gone_too = [entrant for entrant in before.entrants if entrant not in self.office.entrants]
        if _for_all(before) != _for_all(self.office):
            return [*self._everybody(None), *gone_too]
        return [*_differing(before, self.office), *gone_too]

    def _whose(self, lineage: str, seq: int) -> Sequence[str]:
        """The holder of the code of this scan, and the entrant to whom officials assigned it."""
        codes = (
            code for code, scans in self.scans.items() if any((one.lineage, one.seq) == (lineage, seq) for one in scans)
        )
        return [*self._given_to(lineage, seq), *(self.holders[Code(code)] for code in codes if code in self.holders)]

    def _starting_with(self, wave: str) -> Sequence[str]:
        """The ids of the entrants of this wave."""
        return [
            one.id
            for one in self.entrants.values()
            if self.wave_of(one, self.scans_of(one) if self._pens else ()) == wave
        ]

    def _everybody(self, concerned: Concerned) -> Sequence[str]:
        return list(self.entrants) if concerned is None else [one for one in concerned if one in self.entrants]

    def _open(self, lineage: str, seq: int, fact: StationOpened) -> Sequence[str]:
        point = Point(fact.point)
        self._pens |= point is Point.PEN
        if (placed := self.placements.get(lineage)) and not placed[-1].closed:
            self.cut_off.append((lineage, fact.at))
        return self._place(lineage, Placement(seq, fact.station, point, fact.wave, fact.metres))

    def _place(self, lineage: str, placement: Placement) -> Sequence[str]:
        seen = self._settle(lineage, placement) if lineage in self.mended and lineage in self.unplaced else ()
        placed = self.placements.setdefault(lineage, [])
        placed.append(replace(placement, run=placed[-1].run + 1) if placed and not placement.closed else placement)
        return seen

    def _settle(self, lineage: str, placement: Placement) -> Sequence[str]:
        """If the first `StationOpened` of an outbox was damaged, its next one holds for the earlier items too."""
        self.placements[lineage] = [replace(placement, seq=0)]
        waiting = self.unplaced.pop(lineage)
        return list(dict.fromkeys(one for seq, fact in waiting for one in self._observe(lineage, seq, fact)))

    def _mend(self, lineage: str, of: str) -> Sequence[str]:
        """A damaged outbox continues under another lineage: scans that both lineages contain count once."""
        self.mended.setdefault(lineage, set()).add(of)
        runs = [scans for (seen_by, _), scans in self.seen_by.items() if seen_by == lineage]
        codes = dict.fromkeys(scan.code for scans in runs for scan in scans)
        return [holder for code in codes if (holder := self.holders.get(Code(code)))]

    def _is_copy(self, scan: Scan) -> bool:
        """Whether this scan is also stored under a lineage that the outbox had before it was damaged."""
        if scan.lineage not in self.mended:
            return False
        before = self._before(scan.lineage)
        return any(
            one.lineage in before and (one.seq, one.first_at) == (scan.seq, scan.first_at)
            for one in self.scans[scan.code]
        )

    def _went_on(self, lineage: str, seq: int) -> bool:
        """Whether this tap or unread person is also stored, named or not, under a later lineage of its repaired outbox."""
        later = {one for one in self.mended if lineage in self._before(one)}
        named = (scan for (one, _), scans in self.seen_by.items() if one in later for scan in scans)
        return any((one, seq) in self.nameless for one in later) or any(scan.seq == seq for scan in named)

    def _before(self, lineage: str) -> set[str]:
        """The earlier lineages of an outbox; lineages that refer to each other in a circle are left out."""
        found = self._named_before(lineage)
        return {one for one in found if lineage not in self._named_before(one)}

    def _named_before(self, lineage: str) -> set[str]:
        found, more = set[str](), {*self.mended.get(lineage, ())}
        while more:
            found |= more
            more = {of for one in more for of in self.mended.get(one, ())} - found
        return found

    def _station_of(self, lineage: str) -> str:
        placed = self.placements.get(lineage)
        return placed[-1].station if placed else ""

    def _close(self, lineage: str, seq: int) -> Sequence[str]:
        placed = self.placements.get(lineage, [])
        return self._place(lineage, replace(placed[-1], seq=seq, closed=True)) if placed else ()

    def _seen(self, lineage: str, seq: int, fact: SeenFact) -> Sequence[str]:
        """Apply a scan, an unread person, or the name of a tap."""
        match fact:
            case TapNamed(tap=tap, code=code):
                return self._name(lineage, tap, code)
            case Scanned(code=code) if code:
                return self._keep(self._scan(lineage, seq, fact))
            case Scanned() | Unread():
                self.nameless[lineage, seq] = fact
                return self._given_to(lineage, seq)

    def _name(self, lineage: str, seq: int, code: str) -> Sequence[str]:
        """Turn a tap or unread person into a scan of this code; a second name has no effect."""
        fact = self.nameless.pop((lineage, seq), None)
        return () if fact is None else self._keep(replace(self._scan(lineage, seq, fact), code=code))

    def _given_to(self, lineage: str, seq: int) -> Sequence[str]:
        """The entrant to whom officials assigned this item before it arrived."""
        named = self.office.named.get((lineage, seq))
        return (named.entrant,) if named and named.entrant in self.entrants else ()

    def _scan(self, lineage: str, seq: int, fact: Scanned | Unread) -> Scan:
        every = self.placements[lineage]  # a lineage arrives in order: mostly the last placement is its own
        placed = next((placed for placed in reversed(every) if placed.seq <= seq), every[-1])
        return _scan(placed, lineage, seq, fact)

    def _keep(self, scan: Scan) -> Sequence[str]:
        self.scans.setdefault(scan.code, []).append(scan)
        self.seen_by.setdefault((scan.lineage, scan.run), []).append(scan)
        holder = self.holders.get(Code(scan.code))
        return (*((holder,) if holder else ()), *self._given_to(scan.lineage, scan.seq))

    def clock_of(self, lineage: str, run: int) -> StationClock | None:
        """The measurements of a run's clock: its exchanges with the server, else the QR clocks that it saw."""
        return self.clocks.get((lineage, run)) or self.qr_clocks.get((lineage, run))

    def offset_now(self, lineage: str, run: int) -> Offset | None:
        """The present correction of a run's instants."""
        clock = self.clock_of(lineage, run)
        return self._with_jumps_before(lineage, clock, clock.latest(self._jumps_ruled(lineage))) if clock else None

    def clock_jumps(self) -> list[ClockJump]:
        """All jumps between a station's clock and the server's, by station and in order of time."""
        given_up = self.given_up() if self.mended else set[str]()
        found = [
            ClockJump(self._station_of(lineage), lineage, jump, self.office.jumps.get((lineage, jump.seq)))
            for (lineage, run), clock in (self.qr_clocks | self.clocks).items()
            if lineage not in given_up
            for jump in clock.jumps
        ]
        return sorted(found, key=lambda one: (one.station, one.jump.before, one.lineage, one.jump.seq))

    def open_jumps(self) -> list[ClockJump]:
        """Jumps without a ruling, at stations whose clock has no ruling as a whole."""
        return [one for one in self.clock_jumps() if one.whose is None and one.station not in self.office.clocks]

    def guns_heard(self) -> list[tuple[str, str, Instant]]:
        """The guns that stations noticed, by the server's clock: station, wave (empty where it knows none), instant. They start nobody."""
        return sorted(self._gun_heard(*heard) for heard in self._guns_heard if self.placements.get(heard[0]))

    def _gun_heard(self, lineage: str, seq: int, fact: GunHeard) -> tuple[str, str, Instant]:
        at = self._ruled(self._scan(lineage, seq, Unread(fact.at, fact.at, 0)), self.rules).instant
        return self._station_of(lineage), fact.wave, at

    def wall_steps(self) -> list[tuple[Instant, Span]]:
        """When (in race time) and by how much a server's wall clock was set."""
        pairs = (pair for reads in self.server_clocks.values() for pair in pairwise(reads))
        steps = ((now.at, Span((now.wall - now.at) - (before.wall - before.at))) for before, now in pairs)
        return [(at, by) for at, by in steps if abs(by) > SECOND]

    def _jumps_ruled(self, lineage: str) -> Ruling:
        return lambda seq: self.office.jumps.get((lineage, seq))

    def _with_jumps_before(self, lineage: str, clock: StationClock, measured: Offset) -> Offset:
        """Add the jumps of the server's clock that other stations saw before this one's first exchange."""
        offset, doubt = self._jumps_before(lineage, clock) if self.jumps_seen else Offset(Span(0), Span(0))
        return Offset(Span(measured.offset + offset), Span(measured.bound + doubt))

    def _jumps_before(self, lineage: str, clock: StationClock) -> Offset:
        found = [Offset(Span(0), Span(0))]
        for (of, _seq), other in self.clocks.items():
            missed = [
                (jump, whose)
                for jump in other.jumps
                if (whose := self.office.jumps.get((of, jump.seq))) != "station"
                and min(jump.server_before, jump.server_after) <= clock.begun
                and not any(own.meets(jump) for own in clock.jumps)
            ]
            if other is not clock and of != lineage and missed:
                ruled = Span(-sum(jump.by for jump, whose in missed if whose))
                found.append(Offset(ruled, doubt_of([jump.by for jump, whose in missed if whose is None])))
        return Offset(max(found, key=lambda one: (abs(one.offset), one.offset)).offset, max(one.bound for one in found))

    def _sample(
        self, clocks: dict[tuple[str, int], StationClock], lineage: str, seq: int, sample: ClockSampled | QrClockSeen
    ) -> Sequence[str]:
        """Apply a clock measurement: recent scans of the run are judged again, and everybody if a clock jumped."""
        key = lineage, self.placements[lineage][-1].run
        clock = clocks.setdefault(key, StationClock())
        jumps = len(clock.jumps)
        since = clock.add(sample, seq)
        if len(clock.jumps) > jumps:
            self.jumps_seen += 1
            return self._everybody(None)
        seen = (scan.code for scan in self.seen_by.get(key, ()) if scan.last_at >= since)
        return self._concerned(lineage, seen)

    def _jump(self, lineage: str, jump: FilmJumped) -> Sequence[str]:
        """Apply a jump of the film clock: the scans that it may affect are judged again."""
        key = lineage, self.placements[lineage][-1].run
        self.jumps.setdefault(key, []).append(jump)
        seen = (scan.code for scan in self.seen_by.get(key, ()) if touched(scan.first_at, scan.last_at, [jump]))
        return self._concerned(lineage, seen)

    def _concerned(self, lineage: str, codes: Iterable[str]) -> list[str]:
        """The holders of these codes, and the entrants to whom officials assigned items of the lineage."""
        named = (fact.entrant for fact in self.office.named.values() if fact.lineage == lineage)
        holders = (holder for code in codes if (holder := self.holders.get(Code(code))))
        return list(dict.fromkeys((*holders, *(one for one in named if one in self.entrants))))

    @property
    def _scans_are_ruled(self) -> bool:
        ruled = self.office.voided or self.office.repointed or self.office.clocks
        return bool(ruled or self.clocks or self.qr_clocks or self.jumps)

    def _ruled(self, scan: Scan, rules: Rules) -> Scan:
        """A scan with the rulings on it and its station applied, and its instants corrected to the server's clock."""
        voided, measured = (scan.lineage, scan.seq) in self.office.voided, self.clock_of(scan.lineage, scan.run)
        ruled = scan.station in self.office.repointed or scan.station in self.office.clocks
        jumps = self.jumps.get((scan.lineage, scan.run), ())
        if not voided and not ruled and measured is None and not jumps:
            return scan
        point = scan.point
        for moved in self.office.repointed.get(scan.station, ()):
            if (moved.since or 0) <= scan.first_at and (moved.until is None or scan.first_at <= moved.until):
                point = Point(moved.point)
        offset = self._offset(scan, measured)
        doubtful = rules.doubtful_ms is not None and offset.bound > rules.doubtful_ms * MILLISECOND
        jumped = scan.station not in self.office.clocks and touched(scan.first_at, scan.last_at, jumps)
        scan = scan.moved(offset.offset) if offset.offset else scan
        return replace(scan, point=point, voided=voided, doubtful=doubtful, jumped=jumped)

    def _offset(self, scan: Scan, measured: StationClock | None) -> Offset:
        """The clock correction of a scan: as ruled, else as measured."""
        ruled = self.office.clocks.get(scan.station)
        if ruled:
            return Offset(Span(-ruled.ahead), Span(ruled.uncertainty))
        if measured is None:
            return Offset(Span(0), Span(0))
        known = measured.at(scan.instant, scan.seq, self._jumps_ruled(scan.lineage))
        return self._with_jumps_before(scan.lineage, measured, known)


def _scan(placed: Placement, lineage: str, seq: int, fact: Scanned | Unread) -> Scan:
    """A visit with the placement of the station that saw it."""
    return Scan(
        lineage,
        seq,
        placed.station,
        placed.point,
        fact.code if isinstance(fact, Scanned) else "",
        fact.first_at,
        fact.last_at,
        fact.sightings,
        fact.frame,
        fact.crossed_at,
        placed.wave,
        placed.metres,
        fact.source if isinstance(fact, Scanned) else "unread",
        placed.run,
        crossing=fact.crossing,
    )


def jump_words(jumps: Sequence[ClockJump]) -> Text:
    """The warning that clocks jumped, with the command that settles it."""
    told = ", ".join(f"{one.station} {one.jump.by / SECOND:+.3f}" for one in jumps)
    return _(
        "⚠ the clock of the server or of a station jumped ({told} s): results since are uncertain by that much, and cannot be made official until `marathon rule jump` says whose clock it was",
        told=told,
    )


def _for_all(book: OfficeState) -> tuple[object, ...]:
    """The parts of the office's state that affect every entrant."""
    return book.rules, book.guns, book.voided, book.named, book.repointed, book.clocks, book.jumps, book.closed_at


def _differing(before: OfficeState, after: OfficeState) -> list[str]:
    """The entrants who differ between two states of the office."""
    return [
        entrant
        for entrant, now in after.entrants.items()
        if (before.entrants.get(entrant), before.ruled.get(entrant), before.codes.get(entrant))
        != (now, after.ruled.get(entrant), after.codes.get(entrant))
    ]


def fold(facts: Iterable[Recorded]) -> Race:
    """The race after all these facts."""
    race = Race()
    for fact in facts:
        race.apply(fact)
    return race
