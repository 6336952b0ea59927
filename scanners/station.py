"""The station: frames in, scans kept. Left of the outbox nothing waits for anything; a scan is told only after its commit."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from scanners.camera import Frame
from scanners.crossing import crossing
from scanners.decoder import Decoder
from scanners.dwell import Visit, Watch
from scanners.outbox import Outbox
from timing.codes import read_code
from timing.events import ScanRecorded


@dataclass(frozen=True, slots=True)
class Kept:
    """A scan that is safe in the outbox."""

    seq: int
    text: str
    scan: ScanRecorded


@dataclass(slots=True)
class Tally:
    """What a station did so far."""

    frames: int = 0
    scans: int = 0
    texts: set[str] = field(default_factory=set)


class Station:
    """Watches frames and keeps one scan per visit."""

    def __init__(self, outbox: Outbox, decoder: Decoder, tell: Callable[[Kept], None], line_px: float | None) -> None:
        self._outbox, self._decoder, self._tell, self._line_px = outbox, decoder, tell, line_px
        self._watch = Watch()
        self.tally = Tally()

    def run(self, frames: Iterable[Frame]) -> None:
        """Watch until the frames end; whoever is still in view then is kept too, also when the camera fails."""
        try:
            for frame in frames:
                self._look(frame)
        finally:
            self._keep(self._watch.close())

    def _look(self, frame: Frame) -> None:
        self.tally.frames += 1
        self._keep(self._watch.gone(frame.at))
        for sighting in self._decoder.read(frame.gray):
            self._watch.see(sighting.text, frame.at, sighting.size_px, frame.index)

    def _keep(self, visits: list[Visit]) -> None:
        for visit in visits:
            scan = self._scan(visit)
            kept = Kept(self._outbox.keep(scan, visit.text), visit.text, scan)
            self.tally.scans += 1
            self.tally.texts.add(visit.text)
            self._tell(kept)

    def _scan(self, visit: Visit) -> ScanRecorded:
        crossed_at = crossing(visit.sizes, self._line_px) if self._line_px else None
        return ScanRecorded(
            code_of(visit.text), visit.first_at, visit.last_at, visit.sightings, visit.best_frame, crossed_at
        )


def code_of(text: str) -> str:
    """Our code, or a name for a foreign text that gives nothing of it away: `?` and a short hash."""
    return read_code(text) or "?" + hashlib.sha256(text.encode()).hexdigest()[:16]
