"""Everything at a station that a warning may come from, measured while it works. Safe for several threads."""

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Sequence
from threading import Lock
from typing import Final, NamedTuple

import numpy as np

from scanners.cameras.jpeg import shrunk
from scanners.operator.image_quality import SMALL, ImageQuality, smear
from scanners.operator.station_state import StationFigures
from scanners.operator.warnings import Measurements
from scanners.station.observer import Picture, SeenCode
from scanners.station.upload_status import PendingUpload
from timing.language import Text
from timing.race.clock import Clock
from timing.race.instants import MILLISECOND, SECOND, Instant, Span

RATE_OVER: Final = 60  # frames
RATE_WITHIN: Final = Span(3 * SECOND)
VISITS: Final = 10
VISITS_FEWEST: Final = 3  # before anything is said of how large bibs are
CONFLICT_SHOWN: Final = Span(60 * SECOND)


class Probes(NamedTuple):
    """What others know, each asked by a plain callable that answers at once."""

    pending: Callable[[], PendingUpload] = PendingUpload
    camera: Callable[[], Text | None] = lambda: None
    """What the camera complains of, in both languages."""
    drops: Callable[[], int] = lambda: 0
    conflicts: Callable[[], int] = lambda: 0
    """How many bibs so far had a QR and a mark of two runners."""
    disk_free: Callable[[], int | None] = lambda: None
    evidence: Callable[[], bool] = lambda: True
    """Whether pictures of evidence are being kept."""
    outbox: Callable[[], Sequence[Text]] = tuple
    """What is wrong with the keeping itself, each in both languages."""
    clock_moved: Callable[[], Span] = lambda: Span(0)
    line: Callable[[], bool] = lambda: True
    """Whether the station measures when the line is crossed, or need not."""
    tapped: Callable[[int], None] = lambda _: None
    """Somebody crosses, says the operator; this item is its fact."""


class StationMetrics:
    """Measures; `live` says whether the frames' instants are the present, so that being late means something."""

    def __init__(self, clock: Clock, live: bool, outside: Probes) -> None:
        self._clock, self._live, self._outside = clock, live, outside
        self._lock = Lock()
        self._eye = ImageQuality()
        self._arrived: deque[Instant] = deque(maxlen=RATE_OVER)
        self._late: deque[Span] = deque(maxlen=RATE_OVER)
        self._sizes: OrderedDict[str, float] = OrderedDict()
        self._smears: deque[float] = deque(maxlen=VISITS)
        self._frames = 0
        self._read = False
        self._conflicts, self._conflict_at = 0, Instant(-CONFLICT_SHOWN)

    def saw(self, at: Instant, gray: Picture, seen: Sequence[SeenCode]) -> None:
        """A frame was read; the picture itself is looked at twice a second."""
        now = self._clock.now()
        with self._lock:
            self._frames += 1
            self._arrived.append(now)
            self._late.append(Span(now - at))
            self._read |= bool(seen)
            for one in seen:
                self._size(one)
            if self._eye.due(at):
                self._eye.look(at, gray, shrunk(gray, *SMALL), self._read)
                self._smears.extend(blur for one in seen if (blur := _blur(gray, one)) is not None)
                self._read = False

    def here(self) -> None:
        """The camera stands where it should."""
        with self._lock:
            self._eye.here()

    def measured(self) -> Measurements:
        outside, pending, now = self._outside, self._outside.pending(), self._clock.now()
        drops = outside.drops()
        with self._lock:
            eye = self._eye
            return Measurements(
                paper=eye.paper,
                glare=eye.glare,
                edge=eye.sharpest,
                smear=_median(self._smears),
                module_px=_median(self._sizes.values()) if len(self._sizes) >= VISITS_FEWEST else None,
                moving_s=eye.moving_s,
                changed=eye.changed,
                frame_age_s=(now - self._arrived[-1]) / SECOND if self._live and self._arrived else None,
                camera=outside.camera(),
                fps=self._fps() if self._live else None,
                latency_ms=_median(self._late, MILLISECOND) if self._live else None,
                dropped=drops / (drops + self._frames) if drops else 0.0,
                line=outside.line(),
                conflicts=self._conflicts_of_late(now),
                disk_free=outside.disk_free(),
                evidence_stopped=not outside.evidence(),
                outbox=outside.outbox(),
                away_s=pending.away_s,
                unsent=pending.unsent,
                refused=pending.refused,
                clock_moved_ms=outside.clock_moved() / MILLISECOND,
            )

    def figures(self, measured: Measurements) -> StationFigures:
        """What the page shows of it."""
        with self._lock:
            fps = self._fps()
        return StationFigures(
            fps=fps,
            latency_ms=measured.latency_ms,
            drops=self._outside.drops(),
            module_px=measured.module_px,
            disk_free=measured.disk_free,
            clock_moved_ms=measured.clock_moved_ms,
        )

    def _size(self, seen: SeenCode) -> None:
        """How large a bib's code became at its nearest."""
        if seen.source == "qr" and seen.module_px > 0:
            self._sizes[seen.code] = max(self._sizes.pop(seen.code, 0.0), seen.module_px)
            while len(self._sizes) > VISITS:
                self._sizes.popitem(last=False)

    def _fps(self) -> float | None:
        """Frames a second of late; a gap before that, as of a camera that was plugged in again, does not count."""
        now = self._clock.now()
        recent = [at for at in self._arrived if now - at <= RATE_WITHIN]
        if len(recent) < 2 or recent[-1] == recent[0]:
            return None
        return (len(recent) - 1) * SECOND / (recent[-1] - recent[0])

    def _conflicts_of_late(self, now: Instant) -> int:
        """How many conflicts have come up; none once the last is a minute old."""
        found = self._outside.conflicts()
        if found > self._conflicts:
            self._conflict_at = now
        self._conflicts = found
        return found if now - self._conflict_at < CONFLICT_SHOWN else 0


def _blur(gray: Picture, seen: SeenCode) -> float | None:
    if seen.source != "qr":
        return None
    left, top, right, bottom = (max(0, round(side)) for side in seen.box)
    return smear(gray[top:bottom, left:right], seen.module_px)


def _median(figures: Iterable[float], unit: float = 1.0) -> float | None:
    found = list(figures)
    return float(np.median(found)) / unit if found else None
