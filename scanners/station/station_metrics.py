"""Measures a station's work by its frames: speed, picture quality, the size of bibs. Thread-safe."""

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Sequence
from threading import Lock
from typing import Final, NamedTuple

import msgspec
import numpy as np

from scanners.cameras.jpeg import shrunk
from scanners.station.image_quality import SMALL, ImageQuality, look_at_code, smear
from scanners.station.observer import Picture, SeenCode
from timing.race.clock import Clock
from timing.race.events import StationFact
from timing.race.instants import MILLISECOND, SECOND, Instant, Span
from timing.stations.station_status import StationStatus

RATE_OVER: Final = 60  # frames
RATE_WITHIN: Final = Span(3 * SECOND)
VISITS: Final = 10
VISITS_FEWEST: Final = 3  # before anything is said of how large, bright and sharp bibs are
BIBS_TELL: Final = Span(60 * SECOND)
"""How long the last bibs tell of light and focus; then the whole picture does, whatever stands in it."""
CONFLICT_SHOWN: Final = Span(60 * SECOND)
DROPPED_OVER: Final = Span(60 * SECOND)


class BibLook(NamedTuple):
    """How bright a bib's paper was (grey, 0 to 255), how sharp its code's or mark's edges, and how far movement drew a code out."""

    at: Instant
    paper: float
    edge: float
    smear: float | None


class StationMetrics:
    """Observes the frames, and completes with what they tell the status that the station's other parts give."""

    def __init__(self, clock: Clock, others: Callable[[], StationStatus], examines: bool) -> None:
        """`others` gives a status without what is measured here; `examines` says whether the picture itself is looked at."""
        self._clock, self._others, self.examines = clock, others, examines
        self._lock = Lock()
        self._eye = ImageQuality()
        self._arrived: deque[Instant] = deque(maxlen=RATE_OVER)
        self._late: deque[Span] = deque(maxlen=RATE_OVER)
        self._sizes: OrderedDict[str, float] = OrderedDict()
        self._bibs: deque[BibLook] = deque(maxlen=VISITS)
        self._frames = 0
        self._counts = deque[tuple[Instant, int, int]]()  # at each status: frames read, and dropped
        self._read = False
        self._conflicts, self._conflict_at = 0, Instant(-CONFLICT_SHOWN)

    def on_frame(self, at: Instant, gray: Picture, seen: Sequence[SeenCode]) -> None:
        """A frame was read; the picture itself is looked at twice a second."""
        now = self._clock.now()
        with self._lock:
            self._frames += 1
            self._arrived.append(now)
            self._late.append(Span(now - at))
            self._read |= bool(seen)
            for one in seen:
                self._size(one)
            if self.examines and self._eye.due(at):
                self._eye.look(at, gray, shrunk(gray, *SMALL), self._read)
                for one in filter(lambda one: one.ours, seen):
                    self._look_at(one, gray, now)
                self._read = False

    def on_scan(self, seq: int, code: str, fact: StationFact) -> None:
        """Scans are counted by the station."""

    def confirm_place(self) -> None:
        """The camera stands where it should, says the operator."""
        with self._lock:
            self._eye.here()

    def status(self) -> StationStatus:
        """How the station is now."""
        others, now = self._others(), self._clock.now()
        with self._lock:
            eye, live = self._eye, others.live
            bibs = [one for one in self._bibs if now - one.at <= BIBS_TELL]
            told = len(bibs) >= VISITS_FEWEST
            return msgspec.structs.replace(
                others,
                paper=_median(one.paper for one in bibs) if told else eye.paper,
                glare=eye.glare,
                edge=_median(one.edge for one in bibs) if told else eye.sharpest,
                smear=_median(one.smear for one in bibs if one.smear is not None),
                module_px=_median(self._sizes.values()) if len(self._sizes) >= VISITS_FEWEST else None,
                moving_s=eye.moving_s,
                changed=eye.changed,
                frozen_s=eye.frozen_s,
                fps=self._fps(now),
                frame_age_s=(now - self._arrived[-1]) / SECOND if live and self._arrived else None,
                latency_ms=_median(self._late, MILLISECOND) if live else None,
                dropped=self._dropped_of_late(others.drops, now),
                conflicts=self._conflicts_of_late(others.conflicts, now),
            )

    def _look_at(self, seen: SeenCode, gray: Picture, now: Instant) -> None:
        """A bib's light, focus and movement, from its code or mark."""
        left, top, right, bottom = (max(0, round(side)) for side in seen.box)
        code = gray[top:bottom, left:right]
        if (look := look_at_code(code)) is not None:
            blur = smear(code, seen.module_px) if seen.source == "qr" else None
            self._bibs.append(BibLook(now, *look, blur))

    def _size(self, seen: SeenCode) -> None:
        """How large a bib's code became at its nearest."""
        if seen.source == "qr" and seen.module_px > 0:
            self._sizes[seen.code] = max(self._sizes.pop(seen.code, 0.0), seen.module_px)
            while len(self._sizes) > VISITS:
                self._sizes.popitem(last=False)

    def _fps(self, now: Instant) -> float | None:
        """Frames a second of late; a gap before that, as of a camera that was plugged in again, does not count."""
        recent = [at for at in self._arrived if now - at <= RATE_WITHIN]
        if not recent:
            return 0.0 if self._arrived else None
        if recent[-1] == recent[0]:
            return None
        return (len(recent) - 1) * SECOND / (recent[-1] - recent[0])

    def _dropped_of_late(self, drops: int, now: Instant) -> float:
        """The share of frames that were never read; those before the first one came while the stream was connected."""
        if self._frames:
            self._counts.append((now, self._frames, drops))
        while len(self._counts) > 2 and now - self._counts[1][0] >= DROPPED_OVER:
            self._counts.popleft()
        if not self._counts:
            return 0.0
        _, frames, dropped = self._counts[0]
        return (drops - dropped) / max(drops - dropped + self._frames - frames, 1)

    def _conflicts_of_late(self, found: int, now: Instant) -> int:
        """How many conflicts have come up; none once the last is a minute old."""
        if found > self._conflicts:
            self._conflict_at = now
        self._conflicts = found
        return found if now - self._conflict_at < CONFLICT_SHOWN else 0


def _median(figures: Iterable[float], unit: float = 1.0) -> float | None:
    found = list(figures)
    return float(np.median(found)) / unit if found else None
