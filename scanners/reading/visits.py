"""The dwell model: the many sightings of a bib that stays in view are one visit, however long it stays. Pure."""

from dataclasses import dataclass, field
from typing import NamedTuple

from timing.race.codes import Code, read_code
from timing.race.instants import SECOND, Instant, Span

GONE_AFTER = Span(3 * SECOND // 2)
"""A bib unseen for so long has left; shorter gaps are an arm, a fold or a missed frame."""


FAR_GONE_AFTER = Span(10 * SECOND)
MARK_GONE_AFTER = Span(4 * SECOND)
NEVER = Instant(0)


class VisitSighting(NamedTuple):
    """One frame in which a code or a mark was seen, and its size there."""

    at: Instant
    size_px: float


@dataclass(slots=True)
class Visit:
    """One stay of a bib in view: in which frames its code was read and its mark was known, and how large they were.

    The instants and counts are the code's; those of the mark stand in where no code was read.
    """

    text: str = ""
    code: Code | None = None
    codes: dict[int, VisitSighting] = field(default_factory=dict)
    marks: dict[int, VisitSighting] = field(default_factory=dict)
    mark: str = ""
    margin: float = 0.0
    """The mark's greatest lead over the next best."""
    code_disputed: bool = False
    mark_disputed: bool = False
    """On one bib stood this code, or this mark, and another's beside it."""
    apart: bool = False
    """A mark that may not speak for its bib, since it is revoked."""
    silent_since: Instant = NEVER
    largest_px: float = 0.0

    def see(self, frames: dict[int, VisitSighting], frame: int, at: Instant, size_px: float) -> None:
        """A frame shows a code or a mark once, the largest of its copies."""
        if frame not in frames or size_px > frames[frame].size_px:
            frames[frame] = VisitSighting(at, size_px)
        self.silent_since, self.largest_px = max(self.silent_since, at), max(self.largest_px, size_px)

    @property
    def telling(self) -> dict[int, VisitSighting]:
        return self.codes or self.marks

    @property
    def first_at(self) -> Instant:
        return min(sight.at for sight in self.telling.values())

    @property
    def last_at(self) -> Instant:
        return max(sight.at for sight in self.telling.values())

    @property
    def sightings(self) -> int:
        return len(self.telling)

    @property
    def best_frame(self) -> int:
        """The first frame with the greatest size."""
        return min(self.telling, key=lambda frame: (-self.telling[frame].size_px, frame))

    @property
    def sizes(self) -> list[tuple[Instant, float]]:
        """The code's sizes in the order of time."""
        return sorted((sight.at, sight.size_px) for sight in self.codes.values())

    @property
    def mark_sizes(self) -> list[tuple[Instant, float]]:
        return sorted((sight.at, sight.size_px) for sight in self.marks.values())


class VisitTracker:
    """Keeps the visits that are still going on: one for each of our codes, each foreign text, each mark in dispute."""

    def __init__(self, gone_after: Span = GONE_AFTER, near_px: float = 0.0) -> None:
        self._gone_after, self.near_px = gone_after, near_px
        self._open: dict[str, Visit] = {}
        self._closed: dict[str, Visit] = {}

    def see(self, text: str, at: Instant, size_px: float, frame: int) -> None:
        """A code is in view. What is heard late of a visit that was told already changes nothing."""
        code = read_code(text)
        key = code or text
        told = self._closed.get(key)
        if told and key not in self._open and at <= told.silent_since + self._gone_after:
            return
        visit = self._visit(key)
        visit.text, visit.code = visit.text or text, code
        visit.see(visit.codes, frame, at, size_px)

    def see_mark(self, code: Code, mark: str, margin: float, at: Instant, size_px: float, frame: int) -> None:
        """The mark of the bib with this code is in view."""
        self._marked(code, code, mark, margin, at, size_px, frame)

    def see_revoked(self, code: Code, mark: str, margin: float, at: Instant, size_px: float, frame: int) -> None:
        """A mark is in view that was replaced by another."""
        self._marked(f"mark {mark}", code, mark, margin, at, size_px, frame).apart = True

    def dispute(self, text: str, code: Code) -> None:
        """A bib shows the code with this text, and the mark of another."""
        one, other = self._open.get(read_code(text) or text), self._open.get(code)
        if one:
            one.code_disputed = True
        if other:
            other.mark_disputed = True

    def gone(self, at: Instant) -> list[Visit]:
        """The visits that have ended by this instant, in the order in which they ended."""
        return self._take([key for key, visit in self._open.items() if at - visit.silent_since > self._patience(visit)])

    def close(self) -> list[Visit]:
        """The picture ends: whoever is still in view has visited too."""
        return self._take(list(self._open))

    def _patience(self, visit: Visit) -> Span:
        """How long this one may be out of sight. Who was only seen from afar is hidden by others, and has yet to come.

        Where the line is unknown, a mark alone is taken for far: it is seen from twice as far as the code.
        """
        if visit.largest_px < self.near_px:
            return FAR_GONE_AFTER
        return self._gone_after if self.near_px or visit.codes else MARK_GONE_AFTER

    def _visit(self, key: str) -> Visit:
        return self._open.setdefault(key, Visit())

    def _marked(self, key: str, code: Code, mark: str, margin: float, at: Instant, size_px: float, frame: int) -> Visit:
        visit = self._visit(key)
        visit.code, visit.mark, visit.margin = code, mark, max(visit.margin, margin)
        visit.see(visit.marks, frame, at, size_px)
        return visit

    def _take(self, ended: list[str]) -> list[Visit]:
        visits = [self._open.pop(key) for key in ended]
        self._closed |= zip(ended, visits, strict=True)
        return sorted(visits, key=lambda visit: (visit.last_at, visit.text or visit.mark))
