"""Judgement: which of an entrant's scans are the start and the finish, and why the others are not.

The values are msgspec structs without garbage collection (`gc=False`): there are hundreds of thousands, and none is part of a cycle.
"""

from collections.abc import Iterable
from enum import StrEnum
from operator import attrgetter
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from timing.race.events import Crossing, FilmJumped, RuledStatus
from timing.race.instants import Instant, Span, between, later, span
from timing.race.rules import Rules

Source = Literal["scan", "gun", "ruling"]
WAITING = span(5)
"""A runner last seen at the start so shortly before the gun is waiting behind the line; the gun may stand in for their start."""
ScanSource = Literal["qr", "mark", "typed", "tap", "unread"]
"""How a station identified the bib: by its QR, by its mark alone, or typed in by hand. A tap by hand or an unread person seen by the camera
gives only the instant, and the bib is told later."""


class Point(StrEnum):
    """Where a station stands. Times are taken at the start, at splits and at the finish; a pen only tells the wave."""

    PEN = "pen"
    START = "start"
    SPLIT = "split"
    FINISH = "finish"


class Reason(StrEnum):
    """How a scan was judged."""

    START_USED = "start_used"
    START_SUPERSEDED = "start_superseded"
    BEFORE_GUN = "before_gun"
    AFTER_WINDOW = "after_window"
    AFTER_FINISH = "after_finish"
    FINISH_USED = "finish_used"
    TOO_EARLY = "too_early"
    TOO_SOON = "too_soon"
    REPEATED = "repeated"
    AFTER_CLOSE = "after_close"
    OVERRULED = "overruled"
    RULED_OUT = "ruled_out"
    VOIDED = "voided"
    CLOCK_DOUBTFUL = "clock_doubtful"
    IN_PEN = "in_pen"
    SPLIT_USED = "split_used"
    SPLIT_REPEATED = "split_repeated"
    BEFORE_START = "before_start"


class UnmatchedReason(StrEnum):
    """Why a scan, a tap or an unread person belongs to no entrant."""

    UNKNOWN_CODE = "unknown_code"
    FOREIGN_TEXT = "foreign_text"
    UNNAMED_TAP = "unnamed_tap"
    UNREAD = "unread"
    UNPLACED = "unplaced"


class Scan(Struct, frozen=True, gc=False):
    """One visit of a code to a station, with the placement of that station.

    `run` counts the openings of the station's outbox; `metres` is the distance of a split from the start. A scan does not count if an official
    voided it (`voided`) or the clock of its station was too uncertain (`doubtful`). If the clock of its film jumped (`jumped`), it counts, and
    is reported for review.
    """

    lineage: str
    seq: int
    station: str
    point: Point
    code: str
    first_at: Instant
    last_at: Instant
    sightings: int
    frame: int
    crossed_at: Instant | None
    wave: str = ""
    metres: int = 0
    source: ScanSource = "qr"
    run: int = 1
    voided: bool = False
    doubtful: bool = False
    jumped: bool = False
    crossing: Crossing = "line"

    @property
    def instant(self) -> Instant:
        """The crossing as the station tells it, else the last sight at the start (waiting is not running) and the first elsewhere."""
        if self.crossed_at is not None:
            return self.crossed_at
        return self.last_at if self.point in (Point.START, Point.PEN) else self.first_at

    @property
    def by_sight(self) -> bool:
        """Whether a camera saw it and nobody knows when the line was crossed: its instant is a moment of sight."""
        return self.source in ("qr", "mark", "unread") and (self.crossed_at is None or self.crossing == "seen")

    @property
    def order(self) -> tuple[Instant, str, int]:
        """A total order that does not depend on arrival."""
        return self.instant, self.lineage, self.seq

    def moved(self, by: Span) -> "Scan":
        """The same visit with its instants corrected by `by`."""
        crossed = None if self.crossed_at is None else later(self.crossed_at, by)
        return replace(self, first_at=later(self.first_at, by), last_at=later(self.last_at, by), crossed_at=crossed)


def touched(first_at: Instant, last_at: Instant, jumps: Iterable[FilmJumped]) -> bool:
    """Whether a visit from `first_at` to `last_at` spans a jump of the film clock, or follows one that lasts."""
    return any(jump.at <= last_at and (jump.lasts or first_at <= jump.at) for jump in jumps)


class Rulings(Struct, frozen=True, gc=False):
    """The rulings on one entrant that are in force."""

    wave: str | None = None
    start_at: Instant | None = None
    start_offset: Span | None = None
    finish_at: Instant | None = None
    adjusted: Span = Span(0)
    status: RuledStatus | None = None
    withheld: bool = False
    dead_heat: tuple[str, ...] = ()
    """The ids of all who share a place with this entrant, including their own."""
    confirmed: Span | None = None
    """The time that an official let stand."""
    finish_row: int = 0
    """The order in which finishes were entered by hand."""


UNRULED = Rulings()


class Passing(Struct, frozen=True, gc=False):
    """The judgement that an entrant crossed a point at an instant; `scan` is None if the gun or a ruling stands in."""

    point: Point
    at: Instant
    source: Source
    scan: Scan | None = None


Judged = tuple[Scan, Reason]


class Judgement(Struct, frozen=True, gc=False):
    """The passings of one entrant, and a reason for every scan in order of time."""

    start: Passing | None
    finish: Passing | None
    gun: Instant | None
    reasons: tuple[Judged, ...]
    adjusted: Span = Span(0)
    splits: tuple[Passing, ...] = ()
    """The splits by distance; gun and net time do not depend on them."""
    held: bool = False
    """The entrant was seen at the start, but no such scan counts, so the gun must not stand in: no result until an official rules."""

    @property
    def uncounted_starts(self) -> list[Judged]:
        """The start scans, if none of them counts."""
        if self.start is not None and self.start.source != "gun":
            return []
        return [(scan, reason) for scan, reason in self.reasons if scan.point is Point.START and not scan.voided]

    @property
    def gun_time(self) -> Span | None:
        """The time since the wave's gun including adjustments; None while the result is held."""
        return None if self.held else self.since_gun

    @property
    def since_gun(self) -> Span | None:
        """As `gun_time`, but also while the result is held, when it is no valid result."""
        if self.finish is None or self.gun is None:
            return None
        return Span(self.finish.at - self.gun + self.adjusted)

    @property
    def net_time(self) -> Span | None:
        """The time since the entrant's own start including adjustments."""
        if self.finish is None or self.start is None:
            return None
        return Span(self.finish.at - self.start.at + self.adjusted)


def judge(
    scans: Iterable[Scan],
    gun: Instant | None,
    rules: Rules,
    ruled: Rulings = UNRULED,
    closed_at: Instant | None = None,
) -> Judgement:
    """Judge one entrant: the finish is the first plausible finish scan, the start the last start scan in the window before it.

    Rulings override scans; `closed_at` is when the finish closed.
    """
    reasons: list[Judged] = []
    ordered = sorted(scans, key=attrgetter("order"))
    counting = _countable(ordered, reasons)
    starts = [scan for scan in counting if scan.point is Point.START]
    finishes = _in_time([scan for scan in counting if scan.point is Point.FINISH], gun, closed_at, rules, reasons)
    finish = _finish(finishes, starts, gun, rules, ruled, reasons)
    start = _start(starts, gun, finish, rules, ruled, reasons)
    splits = _splits(counting, start.at if start else gun, finish, reasons)
    held = start is None and finish is not None and gun is not None and _against_the_gun(reasons, gun, finish, rules)
    if start is None and finish and gun is not None and rules.missing_start != "unranked" and not held:
        start = Passing(Point.START, gun, "gun")
    reason_of = {id(scan): reason for scan, reason in reasons}
    explained = tuple([(scan, reason_of[id(scan)]) for scan in ordered])
    return Judgement(start, finish, gun, explained, ruled.adjusted, splits, held)


def _against_the_gun(reasons: Iterable[Judged], gun: Instant, finish: Passing, rules: Rules) -> bool:
    """Whether the scans, none of which counts as a start, show that this runner did not start at the gun.

    The last start scan before the finish decides; at earlier ones the runner was waiting. A start scan after the finish is from walking
    back, unless it lies within the start window.
    """
    if rules.uncounted_start == "gun":
        return False
    seen = [judged for judged in reasons if judged[1] is not Reason.VOIDED]
    if any(reason is Reason.BEFORE_START for _, reason in seen):
        return True
    starts = sorted((one for one in seen if one[0].point is Point.START), key=lambda one: one[0].order)
    before = [one for one in starts if one[0].instant < finish.at]
    if not before:
        return rules.start_window_s is not None and any(reason is Reason.AFTER_FINISH for _, reason in starts)
    scan, reason = before[-1]
    return reason is not Reason.BEFORE_GUN or between(scan.instant, gun) > WAITING


def _countable(scans: list[Scan], reasons: list[Judged]) -> list[Scan]:
    """The scans that may count: without those voided, those with a doubtful clock, and those of pens."""
    counting = []
    for scan in scans:
        if scan.voided:
            reasons.append((scan, Reason.VOIDED))
        elif scan.doubtful:
            reasons.append((scan, Reason.CLOCK_DOUBTFUL))
        elif scan.point is Point.PEN:
            reasons.append((scan, Reason.IN_PEN))
        else:
            counting.append(scan)
    return counting


def _in_time(
    scans: list[Scan], gun: Instant | None, closed_at: Instant | None, rules: Rules, reasons: list[Judged]
) -> list[Scan]:
    """The finish scans between the shortest plausible time and the closing of the finish."""
    opens = gun if gun is None or rules.min_finish_s is None else later(gun, span(rules.min_finish_s))
    found = []
    for scan in scans:
        if opens is not None and scan.instant < opens:
            reasons.append((scan, Reason.TOO_EARLY))
        elif closed_at is not None and scan.instant > closed_at:
            reasons.append((scan, Reason.AFTER_CLOSE))
        else:
            found.append(scan)
    return found


def _finish(
    scans: list[Scan], starts: list[Scan], gun: Instant | None, rules: Rules, ruled: Rulings, reasons: list[Judged]
) -> Passing | None:
    if ruled.status is not None:
        reasons += [(scan, Reason.RULED_OUT) for scan in scans]
        return None
    if ruled.finish_at is not None:
        reasons += [(scan, Reason.OVERRULED) for scan in scans]
        return Passing(Point.FINISH, ruled.finish_at, "ruling")
    finish: Passing | None = None
    for scan in scans:
        candidate = Passing(Point.FINISH, scan.instant, "scan", scan)
        if finish:
            reasons.append((scan, Reason.REPEATED))
        elif _too_soon(candidate, starts, gun, rules, ruled):
            reasons.append((scan, Reason.TOO_SOON))
        else:
            finish = candidate
            reasons.append((scan, Reason.FINISH_USED))
    return finish


def _too_soon(finish: Passing, starts: list[Scan], gun: Instant | None, rules: Rules, ruled: Rulings) -> bool:
    """Whether this finish comes sooner after the entrant's start than anybody can run the course."""
    if rules.min_run_s is None:
        return False
    start = _start(starts, gun, finish, rules, ruled, [])
    return start is not None and between(start.at, finish.at) < span(rules.min_run_s)


def _start(
    scans: list[Scan], gun: Instant | None, finish: Passing | None, rules: Rules, ruled: Rulings, reasons: list[Judged]
) -> Passing | None:
    given = _given_start(gun, ruled)
    if given is not None:
        reasons += [(scan, Reason.OVERRULED) for scan in scans]
        return Passing(Point.START, given, "ruling")
    closes = None if gun is None or rules.start_window_s is None else later(gun, span(rules.start_window_s))
    counting: list[Scan] = []
    for scan in scans:
        if gun is not None and scan.instant < gun:
            reasons.append((scan, Reason.BEFORE_GUN))
        elif closes is not None and scan.instant > closes:
            reasons.append((scan, Reason.AFTER_WINDOW))
        elif finish and scan.instant >= finish.at:
            reasons.append((scan, Reason.AFTER_FINISH))
        else:
            counting.append(scan)
    reasons += [(scan, Reason.START_SUPERSEDED) for scan in counting[:-1]]
    if not counting:
        return None
    reasons.append((counting[-1], Reason.START_USED))
    return Passing(Point.START, counting[-1].instant, "scan", counting[-1])


def _splits(
    counting: list[Scan], begun: Instant | None, finish: Passing | None, reasons: list[Judged]
) -> tuple[Passing, ...]:
    """The first scan at each distance after the start and before the finish."""
    found: dict[int, Passing] = {}
    for scan in (one for one in counting if one.point is Point.SPLIT):
        if begun is not None and scan.instant <= begun:
            reasons.append((scan, Reason.BEFORE_START))
        elif finish and scan.instant >= finish.at:
            reasons.append((scan, Reason.AFTER_FINISH))
        elif scan.metres in found:
            reasons.append((scan, Reason.SPLIT_REPEATED))
        else:
            found[scan.metres] = Passing(Point.SPLIT, scan.instant, "scan", scan)
            reasons.append((scan, Reason.SPLIT_USED))
    return tuple(found[metres] for metres in sorted(found))


def _given_start(gun: Instant | None, ruled: Rulings) -> Instant | None:
    """The start set by an official, if any."""
    if ruled.start_at is not None:
        return ruled.start_at
    return None if ruled.start_offset is None or gun is None else later(gun, ruled.start_offset)
