"""Records people who pass without being read, each as a fact with a picture, so that a station counts people as well as bibs."""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from scanners.cameras.films import Frame
from scanners.reading.boxes import middle_of
from scanners.reading.frame_reader import Reading
from scanners.reading.passers import Passer, PasserSight, PasserTracker, portrait, worth
from scanners.reading.silhouettes import Silhouette, SilhouetteFinder
from scanners.station.crossing_timer import CODE_TO_MARK
from scanners.station.observer import Picture
from timing.race.codes import read_code
from timing.race.events import Unread
from timing.race.instants import SECOND, Instant, Span

BETTER: Final = 1.25  # a view worth so many times as much replaces an earlier one
MINUTE: Final = Span(60 * SECOND)
MOST_A_MINUTE: Final = 60
"""The most unread people recorded per minute; further ones are only counted, because nobody could look at so many pictures."""
LATELY: Final = Span(5 * MINUTE)


@dataclass(slots=True)
class PasserCounts:
    """How many people crossed: named by their bib, kept as unread, and unread beyond a minute's limit."""

    named: int = 0
    unread: int = 0
    beyond: int = 0

    @property
    def all_unread(self) -> int:
        return self.unread + self.beyond


class _View(NamedTuple):
    """A picture of somebody, and what it is good for."""

    worth: float
    sight: PasserSight
    crop: Picture


class PasserWatch:
    """Follows people through the frames. `keep` puts a fact into the outbox and gives its number; `picture` keeps the crop to it.

    `told` is called with each fact, and `flooded` for the first in a minute that is not recorded.
    """

    def __init__(
        self,
        keep: Callable[[Unread], int],
        picture: Callable[[int, Picture], object],
        told: Callable[[int, Unread], object] = lambda _seq, _fact: None,
        flooded: Callable[[], object] = lambda: None,
        finder: SilhouetteFinder | None = None,
    ) -> None:
        self._keep, self._picture, self._told, self._flooded = keep, picture, told, flooded
        self._finder, self._tracker = finder or SilhouetteFinder(), PasserTracker()
        self._views: dict[int, _View] = {}
        self._lately: deque[tuple[Instant, bool]] = deque()
        self._minute, self._kept = 0, 0
        self.counts = PasserCounts()

    def look(self, frame: Frame, reads: Iterable[Reading], line_px: float | None) -> None:
        """One more frame, and what was read since the last one, in it or late in an earlier one."""
        self._tracker.line_px = line_px or 0.0
        while self._lately and frame.at - self._lately[0][0] > LATELY:
            self._lately.popleft()
        here = self._tracker.see(frame.index, frame.at, self._finder.find(frame.gray), frame.gray.shape[1])
        self._name(reads)
        for one in here:
            self._view(one, frame)
        self._settle(self._tracker.decided(frame.at))

    def turn_round(self) -> None:
        """From the next frame on left and right of the pictures are exchanged: the camera was found to mirror."""
        self._finder.turn_round()
        self._tracker.turn_round()

    def close(self, reads: Iterable[Reading]) -> None:
        """The frames have ended."""
        self._name(reads)
        self._settle(self._tracker.close())

    def share(self) -> tuple[int, int]:
        """The number of unread people in the last minutes, and the number of all."""
        lately = list(self._lately)
        return sum(unread for _, unread in lately), len(lately)

    def _name(self, reads: Iterable[Reading]) -> None:
        for read in reads:
            code = read.code or read_code(read.text)
            if code:
                size = read.size_px * (CODE_TO_MARK if read.mark else 1.0)
                self._tracker.named(code, read.frame, read.at, middle_of(read.corners), size)

    def _view(self, one: PasserSight, frame: Frame) -> None:
        """Hold on to the best view of somebody who may stay unread."""
        best = self._views.get(one.track)
        now = worth(one.figure, frame.gray.shape)
        if best is None or now > BETTER * best.worth:
            self._views[one.track] = _View(now, one, _crop(frame.gray, one.figure))

    def _settle(self, crossed: Sequence[Passer]) -> None:
        for one in sorted(crossed, key=lambda passer: passer.crossed_at):
            self._count(one)
            if not one.names:
                self._unread(one)
        here = self._tracker.followed()
        self._views = {key: view for key, view in self._views.items() if key in here}

    def _unread(self, one: Passer) -> None:
        minute = one.last_at // MINUTE
        if minute != self._minute:
            self._minute, self._kept = minute, 0
        self._kept += 1
        if self._kept > MOST_A_MINUTE:
            self.counts.beyond += 1
            if self._kept == MOST_A_MINUTE + 1:
                self._flooded()
            return
        self.counts.unread += 1
        view = self._best_view(one)
        fact = unread_of(one, view.sight, bool(self._tracker.line_px))
        seq = self._keep(fact)
        self._picture(seq, view.crop)
        self._told(seq, fact)

    def _best_view(self, one: Passer) -> _View:
        """Of all figures that were this body; the best view of one that was followed past others may show another."""
        views = [self._views[sight.track] for sight in one.sights]
        mine = [view for view in views if view.sight in one.sights]
        return max(mine or views, key=lambda view: view.worth)

    def _count(self, one: Passer) -> None:
        self.counts.named += bool(one.names)
        self._lately.append((one.last_at, not one.names))


def unread_of(one: Passer, best: PasserSight, line: bool) -> Unread:
    """The fact that somebody passed, seen best there; the instant by the body's width, which is off by some tenths of a second."""
    left, top, right, bottom = (max(0, round(side)) for side in portrait(best.figure))
    return Unread(
        one.first_at,
        one.last_at,
        best.frame,
        len(one.sights),
        one.crossed_at,
        "estimated" if line else "seen",
        (left, top, max(0, right - left), max(0, bottom - top)),
    )


def _crop(gray: Picture, figure: Silhouette) -> Picture:
    area = portrait(figure).cut(gray.shape[1], gray.shape[0])
    return gray[area].copy() if area else gray.copy()
