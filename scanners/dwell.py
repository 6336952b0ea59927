"""The dwell model: the many sightings of a code that stays in view are one visit, however long it stays. Pure."""

from dataclasses import dataclass, field

from timing.instants import SECOND, Instant, Span

GONE_AFTER = Span(3 * SECOND // 2)
"""A code unseen for so long has left; shorter gaps are an arm, a fold or a missed frame."""


@dataclass(slots=True)
class Visit:
    """One stay of a code in view: when it was first and last seen, and how large it was at each sighting."""

    text: str
    first_at: Instant
    last_at: Instant
    sizes: list[tuple[Instant, float]] = field(default_factory=list)
    best_frame: int = 0
    best_size: float = 0.0

    def add(self, at: Instant, size_px: float, frame: int) -> None:
        self.last_at = at
        self.sizes.append((at, size_px))
        if size_px > self.best_size:
            self.best_size, self.best_frame = size_px, frame

    @property
    def sightings(self) -> int:
        return len(self.sizes)


class Watch:
    """Keeps the visits that are still going on."""

    def __init__(self, gone_after: Span = GONE_AFTER) -> None:
        self._gone_after = gone_after
        self._open: dict[str, Visit] = {}

    def see(self, text: str, at: Instant, size_px: float, frame: int) -> None:
        """A code is in view."""
        visit = self._open.setdefault(text, Visit(text, at, at))
        visit.add(at, size_px, frame)

    def gone(self, at: Instant) -> list[Visit]:
        """The visits that have ended by this instant, in the order in which they ended."""
        return self._take([visit for visit in self._open.values() if at - visit.last_at > self._gone_after])

    def close(self) -> list[Visit]:
        """The picture ends: whoever is still in view has visited too."""
        return self._take(list(self._open.values()))

    def _take(self, ended: list[Visit]) -> list[Visit]:
        for visit in ended:
            del self._open[visit.text]
        return sorted(ended, key=lambda visit: (visit.last_at, visit.text))
