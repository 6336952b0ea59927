"""Who passes: figures in frame after frame, when somebody crossed the line, and whether a bib named them. Pure."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count, islice, takewhile
from math import log, nan
from operator import attrgetter
from statistics import LinearRegression, linear_regression, median
from typing import Final, NamedTuple, TypeVar

import numpy as np

from scanners.reading.boxes import PixelBox, Point
from scanners.reading.new_ways import CAME_TO, new_ways
from scanners.reading.silhouettes import Silhouette
from scanners.reading.ways import Sights, Way, worn_way
from timing.race.instants import SECOND, Instant, Span

LOST_AFTER: Final = Span(2 * SECOND // 5)
"""A figure unseen for so long has left, or stands behind somebody."""
SETTLED_AFTER: Final = Span(2 * SECOND)
"""Slow readers may still name somebody so long after."""
REMEMBERED: Final = Span(8 * SECOND)
RECENT: Final = 200  # sights, among which those of the last frames are
JUDGED_EVERY: Final = Span(SECOND)
LATELY: Final = Span(4 * SECOND)
"""Of a bib's way; before that somebody may have waited."""
REACH: Final = 0.8  # of a body's width, from where a figure was to where it is
ALIKE: Final = 1.7  # one width may be so many times the other
BODY_TO_CODE: Final = 5.85  # widths of a code in a body's, until the bibs seen here tell
BODY_OF_PICTURE: Final = 0.14  # a body's width at the line, in widths of the picture, where no line is known
NAMED_WITHIN: Final = 1.65  # a bib is on a body whose width is at most so many times off
LEARNED: Final = 200
HEADS_KNOWN: Final = 40
HEADLESS: Final = 1.0  # of a body's width
USUAL_PACE: Final = 1.5
"""Distances of the line from the camera each second, until those who come here tell."""
LONG_WAY: Final = 8  # sights of a way that tells a pace...
BIB_NEARER, BODY_NEARER = 0.25, 0.5
"""...and how much nearer it came: a bib's size is sure."""
WAITED: Final = 0.95
"""Of the greatest distance: a way begins where somebody was so far away last."""
WAYS_KNOWN, RUNNERS_LEARNED = 3, 40
SURELY: Final = 4.0  # times a median's spread (from it, in the median) over the root of the number, two standard errors
TRACKS_KNOWN: Final = 10  # of figures, without a bib
RIM: Final = 0.006  # of the picture: a body so near to its upper side is cut by it
BEHEADED: Final = 0.2
"""What a view without the whole head is worth."""
WHOLENESS: Final = 3
"""How dear a part of the portrait is that lies outside of the picture."""
SIDES, ABOVE, TO_KNEES = 1.1, 0.25, 3.2  # widths of a body, from its middle and from the head's top
TO_KNEES_PART: Final = 0.75  # of its height


@dataclass(frozen=True, slots=True, eq=False)
class PasserSight:
    """A figure in one frame; `track` is a number that it keeps from frame to frame as long as it is followed."""

    frame: int
    at: Instant
    figure: Silhouette
    track: int


class Passer(NamedTuple):
    """Somebody who crossed: where this one was seen, when at the line, and the codes of the bib on the body."""

    sights: list[PasserSight]
    crossed_at: Instant
    names: set[str]
    way: Way

    @property
    def first_at(self) -> Instant:
        return self.sights[0].at if self.sights else self.crossed_at

    @property
    def last_at(self) -> Instant:
        return self.sights[-1].at if self.sights else self.crossed_at


class _Row(NamedTuple):
    """A body in one frame: its middle, its width, its top and how far it reaches in pixels; or a bib's code, of which the last are not known."""

    frame: int
    at: float
    x: float
    across: float
    top: float
    cut: bool
    left: float = nan
    right: float = nan


class _LongWay(NamedTuple):
    """The pace of somebody seen for long, and where in the picture this one came from."""

    pace: float
    middle: float


Key = TypeVar("Key", str, int)
Value = TypeVar("Value")


class PasserTracker:
    """Watches everybody; `line_px` is a code's side at the line, 0 where none is known."""

    def __init__(self, line_px: float = 0.0) -> None:
        self.line_px = line_px
        self._width = 0
        self._numbers = count(1)
        self._sights: list[PasserSight] = []
        self._bibs: dict[str, list[_Row]] = {}
        self._told: list[Passer] = []
        self._judged_at = Instant(0)
        self._ratios: dict[str, list[float]] = {}
        """Of each bib's wearer in each frame, the body's width in the code's."""
        self._heads: list[tuple[float, float]] = []
        self._bib_ways: dict[str, _LongWay] = {}
        self._track_ways: dict[int, _LongWay] = {}

    def see(self, frame: int, at: Instant, figures: Iterable[Silhouette], width: int) -> list[PasserSight]:
        """The figures of one frame of a picture so wide, each with the number of the nearest alike shortly before, or a new one."""
        self._width, head = width, self._head_line()
        free = [one for one in figures if not (head and _headless(one, head))]
        before = {one.track: one.figure for one in self._sights[-RECENT:] if at - one.at <= LOST_AFTER}
        offs = [(_off(figure, one), track, n) for track, figure in before.items() for n, one in enumerate(free)]
        tracks = dict[int, int]()
        for off, track, n in sorted(offs):
            if off < REACH and n not in tracks and track not in tracks.values():
                tracks[n] = track
        here = [PasserSight(frame, at, one, tracks.get(n) or next(self._numbers)) for n, one in enumerate(free)]
        self._sights += here
        return here

    def named(self, name: str, frame: int, at: Instant, middle: Point, code_px: float) -> None:
        """A bib was read in this frame, now or late; its code is so large, or would be."""
        self._bibs.setdefault(name, []).append(_Row(frame, at / SECOND, middle[0], code_px, 0.0, cut=False))
        wearer = self._wearer(frame, middle, code_px)
        if wearer and not wearer.cut:
            self._ratios = _latest(
                self._ratios | {name: [*self._ratios.get(name, []), wearer.across / code_px][-LEARNED:]}
            )
            self._heads = [*self._heads, (wearer.across, wearer.box.top)][-LEARNED:]

    def turn_round(self) -> None:
        """From now on left and right of the pictures are exchanged."""
        wide = self._width
        self._sights = [replace(one, figure=one.figure.mirrored(wide)) for one in self._sights]
        self._bibs = {name: [one._replace(x=wide - one.x) for one in seen] for name, seen in self._bibs.items()}
        self._told = [one._replace(way=one.way.mirrored()) for one in self._told]
        self._bib_ways = {name: one._replace(middle=wide - one.middle) for name, one in self._bib_ways.items()}
        self._track_ways = {track: one._replace(middle=wide - one.middle) for track, one in self._track_ways.items()}

    def followed(self) -> set[int]:
        """The numbers of all figures about which nothing is decided."""
        return {one.track for one in self._sights}

    def decided(self, at: Instant) -> list[Passer]:
        """Who has crossed and is not to be named any more by this instant; looked for once a second."""
        if at - self._judged_at < JUDGED_EVERY:
            return []
        self._judged_at = at
        found = [one for one in self._judged() if at - one.last_at > SETTLED_AFTER]
        since = (at - REMEMBERED) / SECOND
        self._sights = [one for one in self._sights if at - one.at <= REMEMBERED]
        self._bibs = {
            name: [one for one in seen if one.at >= seen[-1].at - LATELY / SECOND]
            for name, seen in self._bibs.items()
            if seen[-1].at >= since
        }
        self._told = [
            one for one in [*self._told, *found] if at - one.last_at <= REMEMBERED or one.names & self._bibs.keys()
        ]
        return found

    def close(self) -> list[Passer]:
        """The picture has ended; whoever is in view may have crossed too."""
        found = self._judged()
        self._sights = []
        return found

    @property
    def line_width(self) -> float:
        """A body's width at the line in pixels."""
        if not self.line_px:
            return BODY_OF_PICTURE * self._width
        return self.line_px * self._ratio

    @property
    def _ratio(self) -> float:
        """By one vote of each runner, however long in view."""
        return median([median(one) for one in self._ratios.values()] or [BODY_TO_CODE])

    def _head_line(self) -> LinearRegression | None:
        """In which row heads are, by a body's width; None before that is known."""
        if len(self._heads) < HEADS_KNOWN or len({across for across, _ in self._heads}) < 2:
            return None
        return linear_regression(*zip(*self._heads, strict=True))

    def _wearer(self, frame: int, middle: Point, code_px: float) -> Silhouette | None:
        """The figure that a bib is on in a frame."""
        wide = BODY_TO_CODE * code_px
        first = bisect_left(self._sights, frame, key=attrgetter("frame"))
        here = (one.figure for one in takewhile(lambda one: one.frame == frame, islice(self._sights, first, None)))
        worn = [(abs(log(one.across / wide)), one) for one in here if one.box.holds(middle)]
        off, wearer = min(worn, default=(1.0, None), key=lambda pair: pair[0])
        return wearer if off < log(NAMED_WITHIN) else None

    @property
    def _long_ways(self) -> list[_LongWay]:
        """Those of bibs once there are some, and before only many others: figures in a crowd grow by each other."""
        bibs = list(self._bib_ways.values())
        few = len(bibs) < WAYS_KNOWN and len(self._track_ways) >= TRACKS_KNOWN
        return [*bibs, *self._track_ways.values()] if few else bibs

    def _middle(self) -> float:
        """Where in the picture people come from: its middle, unless those who come surely tell another place."""
        ahead = self._width / 2
        offs = [one.middle - ahead for one in (*self._bib_ways.values(), *self._track_ways.values())]
        if len(offs) < WAYS_KNOWN:
            return ahead
        off = median(offs)
        spread = median(abs(one - off) for one in offs)
        return ahead + off if abs(off) > SURELY * spread / len(offs) ** 0.5 else ahead

    def _judged(self) -> list[Passer]:
        """Everybody who crossed and was not told before: those with a bib, and whoever else the figures show."""
        if not self._sights:
            return []
        bodies = [_row(one) for one in self._sights]
        wide, code = self.line_width, self.line_width / self._ratio  # at the line
        self._learn(bodies, wide, code)
        usual = median([pace for pace, _ in self._long_ways] or [USUAL_PACE])
        middle = self._middle()
        seen = _columns(bodies, middle, wide)
        worn = {name: worn_way(_columns(rows, middle, code), seen, wide, usual) for name, rows in self._bibs.items()}
        told = {name for one in self._told for name in one.names}
        found = [
            self._passer(way, on.tolist(), {name})
            for name, (way, on) in worn.items()
            if name not in told
            and min(*(code / one.across for one in self._bibs[name]), *seen.far[on], CAME_TO) < CAME_TO
        ]
        known = [*(way for way, _ in worn.values()), *(one.way for one in self._told)]
        others = new_ways(seen, known, wide, usual, self._width / 2)
        return found + [self._passer(way, on.tolist(), set()) for way, on in others]

    def _passer(self, way: Way, on: Sequence[bool], names: set[str]) -> Passer:
        mine = [one for one, is_mine in zip(self._sights, on, strict=True) if is_mine]
        return Passer(mine, Instant(round(way.at * SECOND)), names, way)

    def _learn(self, bodies: Sequence[_Row], wide: float, code: float) -> None:
        """The pace of whoever was seen on a long way, and where in the picture that way comes from; once nobody sees them, it is known."""
        tracks, lately = dict[int, list[_Row]](), bodies[-1].at - 2 * JUDGED_EVERY / SECOND
        for sight, row in zip(self._sights, bodies, strict=True):
            if not row.cut:
                tracks.setdefault(sight.track, []).append(row)
        tracks = {track: rows for track, rows in tracks.items() if rows[-1].at >= lately}
        self._bib_ways = _latest(self._bib_ways | _long_ways(self._bibs, code, BIB_NEARER))
        self._track_ways = _latest(self._track_ways | _long_ways(tracks, wide, BODY_NEARER))


def _long_ways(ways: Mapping[Key, Sequence[_Row]], line_width: float, nearer: float) -> dict[Key, _LongWay]:
    found = dict[Key, _LongWay]()
    for key, rows in ways.items():
        fars = [line_width / one.across for one in rows]
        greatest = max(fars)
        left = max(n for n, far in enumerate(fars) if far >= WAITED * greatest)
        rows, fars = rows[left:], fars[left:]
        nearer_by = median(fars[:3]) - median(fars[-3:])
        if len(rows) >= LONG_WAY and nearer_by >= nearer and rows[-1].at > rows[0].at:  # a camera's clock may stand
            pace = -linear_regression([one.at for one in rows], fars).slope
            found[key] = _LongWay(pace, linear_regression([1 / far for far in fars], [one.x for one in rows]).intercept)
    return found


def _latest(known: dict[Key, Value]) -> dict[Key, Value]:
    return dict(list(known.items())[-RUNNERS_LEARNED:])


def _columns(rows: Sequence[_Row], middle: float, line_width: float) -> Sights:
    """In distances of the line, and from where in the picture people come."""
    frame, at, x, across, top, cut, left, right = (np.array(column) for column in zip(*rows, strict=True))
    return Sights(frame, cut, at, x - middle, line_width / across, top, left - middle, right - middle)


def _row(one: PasserSight) -> _Row:
    figure, (left, top, right, _) = one.figure, one.figure.box
    return _Row(one.frame, one.at / SECOND, figure.x, figure.across, top, figure.cut, left, right)


def _headless(figure: Silhouette, head: LinearRegression) -> bool:
    """Whether a figure begins far below where heads of its size are here: legs, or an arm."""
    return figure.box.top > max(0.0, head.intercept + head.slope * figure.across) + HEADLESS * figure.across


def _off(one: Silhouette, other: Silhouette) -> float:
    """How far a figure is from another, in widths of the body."""
    if not 1 / ALIKE < one.across / other.across < ALIKE:
        return REACH
    return float(abs(one.x - other.x) + abs(one.box.top - other.box.top)) / one.across


def portrait(figure: Silhouette) -> PixelBox:
    """What a picture must hold to tell who somebody is: from above the head to the knees, the chest in the middle."""
    x, top, wide = figure.x, figure.box.top, figure.across
    aside = max(SIDES * wide, figure.box.width / 2)
    return PixelBox(
        x - aside, top - ABOVE * wide, x + aside, top + max(TO_KNEES * wide, TO_KNEES_PART * figure.box.height)
    )


def worth(figure: Silhouette, shape: tuple[int, ...]) -> float:
    """What a view of somebody is good for: large, and with all of the portrait in the picture, the head above all."""
    height, width = shape
    left, top, right, bottom = whole = portrait(figure)
    inside = (min(right, width) - max(left, 0)) * (min(bottom, height) - max(top, 0))
    head = 1.0 if figure.box.top > RIM * height else BEHEADED
    return whole.width * head * (max(0.0, inside) / (whole.width * whole.height)) ** WHOLENESS
