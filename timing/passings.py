"""Judgement: which of an entrant's scans are the start and the finish, and why the others are not."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter
from typing import Literal

from timing.instants import Instant, Span, between, later, span
from timing.rules import Rules


class Point(StrEnum):
    """Where time is taken."""

    START = "start"
    FINISH = "finish"


class Reason(StrEnum):
    """What became of a scan."""

    START_USED = "start_used"
    START_SUPERSEDED = "start_superseded"
    BEFORE_GUN = "before_gun"
    AFTER_WINDOW = "after_window"
    AFTER_FINISH = "after_finish"
    FINISH_USED = "finish_used"
    TOO_EARLY = "too_early"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class Scan:
    """One visit of a code to a station, and where that station stood."""

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

    @property
    def instant(self) -> Instant:
        """The crossing: measured at the line, else the last sight at the start (waiting is not running) and the first at the finish."""
        if self.crossed_at is not None:
            return self.crossed_at
        return self.last_at if self.point is Point.START else self.first_at

    @property
    def order(self) -> tuple[Instant, str, int]:
        """A total order that does not depend on arrival."""
        return self.instant, self.lineage, self.seq


@dataclass(frozen=True, slots=True)
class Passing:
    """Our judgement: this entrant crossed this point at this instant; `scan` is None where the gun stands in."""

    point: Point
    at: Instant
    source: Literal["scan", "gun"]
    scan: Scan | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """One entrant's passings, and a reason for every scan, in the order of time."""

    start: Passing | None
    finish: Passing | None
    gun: Instant | None
    reasons: tuple[tuple[Scan, Reason], ...]

    @property
    def gun_time(self) -> Span | None:
        return between(self.gun, self.finish.at) if self.finish and self.gun is not None else None

    @property
    def net_time(self) -> Span | None:
        return between(self.start.at, self.finish.at) if self.finish and self.start else None


def judge(scans: Iterable[Scan], gun: Instant | None, rules: Rules) -> Judgement:
    """Judge one entrant: the finish is the first plausible finish scan, the start the last start scan in the window before it."""
    ordered = sorted(scans, key=attrgetter("order"))
    reasons: list[tuple[Scan, Reason]] = []
    finish = _finish([s for s in ordered if s.point is Point.FINISH], gun, rules, reasons)
    start = _start([s for s in ordered if s.point is Point.START], gun, finish, rules, reasons)
    if start is None and finish and gun is not None and rules.missing_start == "gun":
        start = Passing(Point.START, gun, "gun")
    reasons.sort(key=lambda judged: judged[0].order)
    return Judgement(start, finish, gun, tuple(reasons))


def _finish(scans: list[Scan], gun: Instant | None, rules: Rules, reasons: list[tuple[Scan, Reason]]) -> Passing | None:
    opens = gun if gun is None or rules.min_finish_s is None else later(gun, span(rules.min_finish_s))
    finish: Passing | None = None
    for scan in scans:
        if opens is not None and scan.instant < opens:
            reasons.append((scan, Reason.TOO_EARLY))
        elif finish:
            reasons.append((scan, Reason.REPEATED))
        else:
            finish = Passing(Point.FINISH, scan.instant, "scan", scan)
            reasons.append((scan, Reason.FINISH_USED))
    return finish


def _start(
    scans: list[Scan], gun: Instant | None, finish: Passing | None, rules: Rules, reasons: list[tuple[Scan, Reason]]
) -> Passing | None:
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
