"""Who is in view: what is seen at one place in frame after frame is one runner. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import dist
from typing import Final, Generic, NamedTuple, TypeVar

from scanners.reading.boxes import PixelBox
from timing.race.instants import SECOND, Instant, Span

LOST_AFTER: Final = Span(SECOND // 2)
"""A track unseen for so long has ended."""

AGREE_WITHIN: Final = Span(SECOND)
"""A mark counts when two frames of one track so near to each other agree."""

ALIKE: Final = 1.7  # one box may be so many times as wide as the other
REACH: Final = 0.6  # of the wider one's width, between the middles

Seen = TypeVar("Seen")


class Glimpse(NamedTuple, Generic[Seen]):
    """A mark in one frame; `sure` if that frame alone leaves little doubt."""

    at: Instant
    mark: str
    seen: Seen
    sure: bool


@dataclass(slots=True, eq=False)
class Track(Generic[Seen]):
    """One runner in view, whose code or mark was seen; without names as long as nothing could be read."""

    number: int
    box: PixelBox
    at: Instant
    frames: int = 0
    names: set[str] = field(default_factory=set)
    """What its code or mark said."""
    agreed: set[str] = field(default_factory=set)
    """The marks that are believed."""
    looked: int = -1
    """The frame in which it was last looked at closely."""
    tried: int = 0
    """How often its mark was looked for beside a code that was read."""
    rescued_px: float = 0.0
    """How large it was when its code was looked for enlarged the last time."""
    _glimpses: list[Glimpse[Seen]] = field(default_factory=list)

    @property
    def read(self) -> bool:
        """Whether it is known who this is."""
        return bool(self.names) and (not self._glimpses or bool(self.agreed))

    def glimpse(self, mark: str, at: Instant, seen: Seen, *, sure: bool = True, twice: bool = False) -> list[Seen]:
        """What may be believed by now of a mark: nothing at first, all sights once two frames agree, one of them `sure`, then each.

        One frame is enough that shows it `twice`, on the two places of a bib.
        """
        if mark in self.agreed:
            return [seen]
        near = [one for one in self._glimpses if one.mark == mark and 0 < abs(at - one.at) <= AGREE_WITHIN]
        self._glimpses.append(Glimpse(at, mark, seen, sure))
        if not twice and not (near and (sure or any(one.sure for one in near))):
            return []
        self.agreed.add(mark)
        return [*(one.seen for one in near), seen]


class Tracks(Generic[Seen]):
    """The tracks that are still going on."""

    def __init__(self) -> None:
        self._going: list[Track[Seen]] = []
        self._count = 0

    def named(self, name: str, box: PixelBox, at: Instant) -> Track[Seen]:
        """The track of a code or mark seen here: the one that bore it before, the runner at this place, or a new one."""
        same = [
            track for track in self._going if name in track.names and dist(track.box.middle, box.middle) < 2 * box.width
        ]
        found = self._nearest(same, box) or self._nearest(self._beside(box, named=True), box)
        if found is None:
            found = self._nearest((t for t in self._going if not t.names and t.box.holds(box.middle)), box)
        found = found or self._new(box, at)
        found.names.add(name)
        return self._seen(found, box, at)

    def unread(self, box: PixelBox, at: Instant) -> Track[Seen]:
        """The track of a bib that is seen here and cannot be read: a runner who is known, or somebody new."""
        known = [track for track in self._going if track.names and track.box.holds(box.middle)]
        found = self._nearest(known, box) or self._nearest(self._beside(box, named=False), box)
        return self._seen(found or self._new(box, at), box, at)

    def ended(self, at: Instant) -> list[Track[Seen]]:
        """The tracks that have ended by this instant."""
        gone = [track for track in self._going if at - track.at > LOST_AFTER]
        self._going = [track for track in self._going if at - track.at <= LOST_AFTER]
        return gone

    def close(self) -> list[Track[Seen]]:
        gone, self._going = self._going, []
        return gone

    def going(self) -> list[Track[Seen]]:
        return list(self._going)

    def _beside(self, box: PixelBox, named: bool) -> list[Track[Seen]]:
        return [track for track in self._going if bool(track.names) is named and _near(track.box, box)]

    def _nearest(self, tracks: Iterable[Track[Seen]], box: PixelBox) -> Track[Seen] | None:
        return min(tracks, key=lambda track: dist(track.box.middle, box.middle), default=None)

    def _new(self, box: PixelBox, at: Instant) -> Track[Seen]:
        self._count += 1
        self._going.append(Track(self._count, box, at))
        return self._going[-1]

    def _seen(self, track: Track[Seen], box: PixelBox, at: Instant) -> Track[Seen]:
        track.frames += track.at != at or not track.frames
        track.box, track.at = box, at
        return track


def _near(one: PixelBox, other: PixelBox) -> bool:
    here, there = one.right - one.left + 1, other.right - other.left + 1
    alike = here <= ALIKE * there and there <= ALIKE * here
    return alike and dist(one.middle, other.middle) <= REACH * max(here, there)
