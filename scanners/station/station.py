"""The station: frames in, scans out. Nothing waits before the outbox; a scan is reported only after its commit."""

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from scanners.cameras.films import Frame, Lull
from scanners.cameras.health import FrameCounts
from scanners.outbox import Outbox
from scanners.reading.frame_reader import FrameReader, FrameResult, Reading
from scanners.reading.visits import Visit, VisitTracker
from scanners.station.crossing_timer import CrossingTimer, TimedCrossing
from scanners.station.observer import CODE_MODULES, MARK_CELLS, SeenCode, StationObserver
from scanners.station.passer_watch import PasserWatch
from scanners.station.qr_clock import ClockWatch
from scanners.station.station_options import PointName
from timing.race.clock import Clock, SystemClock
from timing.race.codes import read_code
from timing.race.events import Crossing, FilmJumped, Scanned
from timing.race.passings import touched

NEAR: Final = 0.6  # of a code's size at the line: who was never seen so near has yet to come

NOT_TOLD: Final[tuple[None, Crossing, None]] = (None, "line", None)
Doubt = Literal["", "disputed", "revoked"]


@dataclass(frozen=True, slots=True)
class KeptScan:
    """A scan that was kept in the outbox; `text` is what was read, of a mark its 16 digits.

    With a `doubt` nobody gets a time by it: the code and the mark of one bib differ, or the mark was replaced by another.
    It is `jumped` where the clock of the film jumped meanwhile or before: its time counts, and somebody should look.
    `crossing` says how `scan.crossed_at` was found, `margin` is the mark's, 0 where none was read.
    """

    seq: int
    text: str
    scan: Scanned
    doubt: Doubt = ""
    jumped: bool = False
    crossing: TimedCrossing | None = None
    margin: float = 0.0

    @property
    def source(self) -> Crossing:
        """How its instant is known: by the line, with others' pace as an estimate, or as a moment of sight."""
        return "seen" if self.scan.crossed_at is None else self.scan.crossing


@dataclass(slots=True)
class StationCounts:
    """Counts of a station's work so far."""

    frames: int = 0
    scans: int = 0
    marks: int = 0
    """The number of scans by the mark alone."""
    disputed: int = 0
    revoked: int = 0
    codes: set[str] = field(default_factory=set)
    jumps: list[FilmJumped] = field(default_factory=list)
    """The jumps of the film's clock."""


class Station:
    """Reads frames and stores one scan per visit; `health` counts each live frame that was read."""

    def __init__(
        self,
        outbox: Outbox,
        frame_reader: FrameReader,
        tell: Callable[[KeptScan], None],
        line_px: float | None,
        health: FrameCounts | None = None,
        observers: Sequence[StationObserver] = (),
        clock: Clock | None = None,
        clocks: ClockWatch | None = None,
        jumped: Callable[[FilmJumped], object] = lambda _: None,
        point: PointName = "",
    ) -> None:
        self._outbox, self._lookout, self._tell = outbox, frame_reader, tell
        self._timer = CrossingTimer(line_px, point)
        self.health, self.observers, self._clock = health, list(observers), clock or SystemClock()
        self._watch, self._clocks, self._jumped = VisitTracker(near_px=NEAR * (line_px or 0)), clocks, jumped
        self.passers: PasserWatch | None = None
        """Records people who pass unread; None if that is off."""
        self.tally = StationCounts()
        self._untold: deque[tuple[KeptScan, str]] = deque()

    @property
    def line_px(self) -> float | None:
        """Side of a bib's code in pixels at the line; None where no line is known."""
        return self._timer.line_px

    def set_line(self, line_px: float | None) -> None:
        """Another line from now on; any thread may say so. Visits that are going on are timed by it."""
        self._timer.set_line(line_px)
        self._watch.near_px = NEAR * (line_px or 0)

    def run(self, frames: Iterable[Frame | Lull]) -> None:
        """Watch until the frames end; visits that are open then are recorded too, also when the camera fails."""
        try:
            for frame in frames:
                self._keep(self._watch.gone(frame.at))
                if self._clocks:
                    self._clocks.on_time(frame.at)
                if isinstance(frame, Frame):
                    self._look(frame)
        finally:
            last = self._lookout.close()
            self._take(last)
            self._keep(self._watch.close())
            if self.passers:
                self.passers.close(last.reads)
            if self._clocks:
                self._clocks.close()

    def _look(self, frame: Frame) -> None:
        self.tally.frames += 1
        self._timer.picture_px = max(frame.gray.shape)
        if frame.jump:
            self._jump(FilmJumped(frame.at, frame.jump.by, frame.index, frame.jump.lasts))
        looked = self._lookout.look(frame)
        if looked.picture is not None:
            frame = replace(frame, gray=looked.picture)
        self._take(looked)
        if self.passers:
            self.passers.look(frame, looked.reads, self.line_px)
            if looked.mirrored:
                self.passers.turn_round()
        if self.health:
            self.health.read(frame.at, self._clock.now())
            self.health.slow_dropped = self._lookout.slow_dropped
        for observer in self.observers:
            observer.on_frame(frame.at, frame.gray, [_seen(read) for read in looked.reads if read.frame == frame.index])

    def _take(self, looked: FrameResult) -> None:
        for read in looked.reads:
            if self._clocks and self._clocks.on_text(read.text, read.at):
                continue
            if read.code is None:
                self._watch.see(read.text, read.at, read.size_px, read.frame)
            elif read.revoked:
                self._watch.see_revoked(read.code, read.mark, read.margin, read.at, read.size_px, read.frame)
            else:
                self._watch.see_mark(read.code, read.mark, read.margin, read.at, read.size_px, read.frame)
        for one in looked.disputes:
            self._watch.dispute(one.text, one.code)

    def _keep(self, visits: list[Visit]) -> None:
        for visit in visits:
            crossing = self._timer.crossed(visit)
            doubt, scan = _doubt(visit), _scan(visit, crossing)
            text = visit.text or visit.mark
            jumped = touched(scan.first_at, scan.last_at, self.tally.jumps)
            kept = KeptScan(self._outbox.keep(scan, text), text, scan, doubt, jumped, crossing, visit.margin)
            self._count(kept)
            self._untold.append((kept, visit.code or scan.code))
        self.report_safe()

    def report_safe(self) -> None:
        """Report scans once they are safe: committed to the disk, or while it is full, stored by the server."""
        while self._untold and self._untold[0][0].seq <= self._outbox.safe:
            kept, code = self._untold.popleft()
            self._tell(kept)
            for observer in self.observers:
                observer.on_scan(kept.seq, code, kept.scan)

    def _jump(self, jump: FilmJumped) -> None:
        """Record that the film's clock jumped: the scans behind it are for review."""
        self._outbox.keep(jump)
        self.tally.jumps.append(jump)
        self._jumped(jump)

    def _count(self, kept: KeptScan) -> None:
        self.tally.scans += 1
        self.tally.marks += kept.scan.source == "mark"
        self.tally.disputed += kept.doubt == "disputed"
        self.tally.revoked += kept.doubt == "revoked"
        self.tally.codes.add(kept.scan.code)


def _scan(visit: Visit, crossing: TimedCrossing | None) -> Scanned:
    """The fact for a visit: a scan of the code that was read, else of the mark's code; in doubt with a code of `nobody`."""
    crossed_at, how, _ = crossing or NOT_TOLD
    seen = visit.first_at, visit.last_at, visit.sightings, visit.best_frame, crossed_at, how
    if visit.code and not visit.codes and not _doubt(visit):
        return Scanned("mark", visit.code, *seen, round(1000 * visit.margin))
    return Scanned("qr", nobody(visit.text or visit.mark) if _doubt(visit) else code_of(visit.text), *seen)


def _seen(read: Reading) -> SeenCode:
    """The code in the form that observers get."""
    if read.code is None:
        return SeenCode(code_of(read.text), read.corners, "qr", read.size_px / CODE_MODULES)
    return SeenCode(read.code, read.corners, "mark", read.size_px / MARK_CELLS)


def _doubt(visit: Visit) -> Doubt:
    if visit.apart:
        return "revoked"
    return "disputed" if (visit.code_disputed if visit.codes else visit.mark_disputed) else ""


def code_of(text: str) -> str:
    """Our code, or for a foreign text `?` and a short hash, from which the text cannot be read."""
    return read_code(text) or nobody(text)


def nobody(text: str) -> str:
    """The stored form of a text that is none of our codes: `?` and a short hash."""
    return "?" + hashlib.sha256(text.encode()).hexdigest()[:16]
