"""The state of the operator's page: observes the station, and gives its state at any moment. Thread-safe."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from threading import Lock
from typing import Final

from scanners.cameras.jpeg import fitted, jpeg
from scanners.operator.manual_entry import ManualEntry
from scanners.operator.recent_scans import RecentScans
from scanners.operator.station_state import OperatorState, PictureBox, ShownLine, StationPlace, shown
from scanners.station.held_bib import HeldBib, StillBibFinder
from scanners.station.line_control import LineControl
from scanners.station.observer import Picture, SeenCode
from scanners.station_roster import StationRoster
from timing.errors import WrongUse
from timing.language import Language, _
from timing.race.clock import Clock
from timing.race.events import Scanned, StationFact
from timing.race.instants import SECOND, Instant, Span
from timing.stations.station_status import StationStatus
from timing.stations.station_warnings import warnings

PICTURE_PX: Final = 800
LINGER: Final = Span(SECOND // 6)
"""A box stays so long after its code was last read, or it would flicker."""
SHOTS: Final = 8  # pictures whose boxes were told, and which the page may still ask for


class OperatorView:
    """The state of the operator's page. Frames and scans come from the camera's thread; `keep` commits the operator's own facts.

    The instants of a film's frames are moved to the present, so that a tap falls where the film is.
    """

    def __init__(
        self,
        place: StationPlace,
        keep: Callable[[StationFact], int],
        roster: StationRoster,
        clock: Clock,
        status: Callable[[], StationStatus],
        confirm_place: Callable[[], object] = lambda: None,
        on_tap: Callable[[int], object] = lambda _: None,
        line: LineControl | None = None,
    ) -> None:
        """`confirm_place` is called when the camera stands where it should, `on_tap` with the item of a tap or a typed bib."""
        self._place, self._roster, self._clock, self._status = place, roster, clock, status
        self.confirm_place, self._on_tap, self._live = confirm_place, on_tap, status().live
        self.manual_entry = ManualEntry(keep, self._by_hand, roster.code, self.now)
        self._scans = RecentScans(roster.bearer)
        self._line, self._bibs = line, StillBibFinder()
        self._lock = Lock()
        self._frame: Picture | None = None
        self._boxes: dict[tuple[str, str], tuple[Instant, SeenCode]] = {}
        self._shots: OrderedDict[int, Picture] = OrderedDict()
        self._number = 0
        self._shift = Span(0)

    def remember(self, facts: Iterable[tuple[int, StationFact]]) -> None:
        """Add what the outbox held before; a tap of an earlier run may still be named."""
        for seq, fact in facts:
            self._scans.add(seq, fact)
        self.manual_entry.remember(tap.seq for tap in self._scans.taps)

    def now(self) -> Instant:
        """The present; for a film, where it is."""
        return Instant(self._clock.now() + self._shift)

    def on_frame(self, at: Instant, gray: Picture, seen: Sequence[SeenCode]) -> None:
        """A frame was read."""
        height, width = gray.shape
        with self._lock:
            self._bibs.saw(at, width, height, seen)
            self._number += 1
            self._frame = gray
            self._shift = Span(0) if self._live else Span(at - self._clock.now())
            now = {one.code for one in seen}
            fresh = {key: box for key, box in self._boxes.items() if key[1] not in now and 0 <= at - box[0] <= LINGER}
            self._boxes = fresh | {(one.source, one.code): (at, one) for one in seen}

    def on_scan(self, seq: int, code: str, fact: StationFact) -> None:
        """A visit is safe in the outbox."""
        self._enter(seq, fact)

    def set_line(self) -> None:
        """The line is where a bib is held still at this moment.

        Raises:
            WrongUse: no time is taken here, or no bib is held still.
            Unreachable: it is set, and the disk does not keep it for the next start.
        """
        with self._lock:
            held = self._bibs.held()
        if not isinstance(held, HeldBib):
            raise WrongUse(held)
        self._timed_line().set(held, self.now())

    def undo_line(self) -> None:
        """The line is what it was before.

        Raises:
            WrongUse: it was not set here.
            Unreachable: it is so, and the disk does not keep it for the next start.
        """
        self._timed_line().undo()

    def _timed_line(self) -> LineControl:
        if self._line is None:
            raise WrongUse(_("no time is taken here, so there is no line"))
        return self._line

    def state(self, language: Language = "ko") -> OperatorState:
        """Everything that the page shows in this language, but for the picture."""
        now, status = self.now(), self._status()
        with self._lock:
            self._shoot()
            return OperatorState(
                station=self._place,
                now=now,
                picture=self._number,
                boxes=[self._box(seen) for _at, seen in self._boxes.values()],
                scans=self._scans.recent(),
                last=self._scans.last,
                runners=self._scans.runners,
                taps=self._scans.taps,
                minutes=list(self._scans.per_minute(now)),
                status=status,
                warnings=[shown(one, language) for one in warnings(status)],
                line=self._shown_line(),
            )

    def _shown_line(self) -> ShownLine | None:
        if self._line is None:
            return None
        line, setting, ready = self._line, self._line.setting, isinstance(self._bibs.held(), HeldBib)
        if setting is None:
            return ShownLine(None, [], None, line.can_undo, ready)
        return ShownLine(setting.px, setting.corners, setting.set_at or None, line.can_undo, ready)

    def picture(self, number: int) -> bytes | None:
        """The JPEG of a frame whose boxes were sent lately; None for an older one."""
        with self._lock:
            gray = self._shots.get(number)
        return None if gray is None else jpeg(fitted(gray, PICTURE_PX))

    def _by_hand(self, seq: int, fact: StationFact) -> None:
        self._enter(seq, fact)
        if isinstance(fact, Scanned):
            self._on_tap(seq)

    def _enter(self, seq: int, fact: StationFact) -> None:
        with self._lock:
            self._scans.add(seq, fact)

    def _shoot(self) -> None:
        if self._frame is not None:
            self._shots[self._number] = self._frame
            while len(self._shots) > SHOTS:
                self._shots.popitem(last=False)

    def _box(self, seen: SeenCode) -> PictureBox:
        height, width = self._frame.shape if self._frame is not None else (1, 1)
        bearer = self._roster.bearer(seen.code)
        points = [(round(x / width, 4), round(y / height, 4)) for x, y in seen.corners]
        return PictureBox(points, bearer.bib, bearer.firm, seen.source)
