"""Who passes: figures followed from frame to frame, when each crossed the line, and whether a bib named them. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count, islice
from math import log
from statistics import linear_regression, median
from typing import Final, NamedTuple

from scanners.reading.boxes import PixelBox, Point
from scanners.reading.silhouettes import Silhouette
from timing.race.instants import SECOND, Instant, Span

LOST_AFTER: Final = Span(2 * SECOND // 5)
"""A figure unseen for so long has left, or stands behind somebody."""
SETTLED_AFTER: Final = Span(2 * SECOND)
"""Slow readers may still name somebody so long after."""
REMEMBERED: Final = Span(8 * SECOND)
REACH: Final = 0.8  # of a body's width, from where somebody is expected
UNLIKE: Final = 0.4  # of that, for each factor e between the widths
ALIKE: Final = 1.7  # one width may be so many times the other
BODY_TO_CODE: Final = 5.85  # widths of a code in a body's, until the bibs seen here tell
BODY_OF_PICTURE: Final = 0.14  # a body's width at the line, in widths of the picture, where no line is known
NAMED_WITHIN: Final = 2.0  # a bib is on a body whose width is at most so many times off
GROWS: Final = 1.4
LATELY: Final = Span(4 * SECOND)
GROWS_ASIDE: Final = 1.15
"""Whoever passes comes nearer; less of it is seen of who leaves at the picture's side, nearly at the line already."""
ASIDE: Final = 0.06  # of the picture's width
LEVEL: Final = 0.1  # of a body's height
FEWEST: Final = 5  # frames
MOST_SIGHTS: Final = 600
"""Frames of one passer, or of one bib, that are remembered: twenty seconds."""
FEWEST_NEAR: Final = 4
NEAR: Final = (0.45, 1.8)
"""Widths of a body, in those at the line, that tell when it is crossed."""
CAME_TO: Final = 0.8
LEFT_ASIDE: Final = 0.55
"""So near at least came who crossed: through the picture, and out at its side."""
SAME_WITHIN: Final = 0.55
"""Between the crossings of one body that was followed in two pieces, in parts of the way from the line to the camera."""
BIB_WITHIN: Final = 0.8
"""Between the crossings of a body and its bib, likewise."""
BEYOND: Final = Span(SECOND // 2)
"""Outside of a body's time in view the crossing is at most so far."""
SAME_PLACE: Final = 0.7  # of a body's width
SHRINKS: Final = 0.8
"""Whoever comes into view narrower than another was stood behind."""
ONE_BODY: Final = 0.5
"""Two bodies' middles are farther apart, in their widths."""
BESIDE: Final = 0.8  # of a body's width: a bib farther from its middle is another's
PIECE: Final = 0.4
"""So like a bib's way is that of a second piece of its body."""
WIDTHS_LEARNED: Final = 200
HEADS_KNOWN: Final = 40
HEADLESS: Final = 1.0  # of a body's width
RIM: Final = 0.006  # of the picture: a body so near to its upper side is cut by it
BEHEADED: Final = 0.2
"""What a view without the whole head is worth."""
WHOLENESS: Final = 3
"""How dear a part of the portrait is that lies outside of the picture."""
SIDES, ABOVE, TO_KNEES = 1.1, 0.25, 2.9  # widths of a body, from its middle and from the head's top
TO_KNEES_PART: Final = 0.75  # of its height


class PasserSight(NamedTuple):
    """A passer in one frame."""

    at: Instant
    figure: Silhouette


@dataclass(slots=True, eq=False)
class Passer:
    """Somebody on the way through the picture; `names`, the codes of the bib on this body, and `crossed_at` are set at the end."""

    number: int
    best_frame: int
    best: Silhouette
    """The frame in which the body is seen best, and how; the first one until who looks on says another."""
    sights: dict[int, PasserSight] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    crossed_at: Instant | None = None
    pace: float = 0.0
    """At the line, in ways from there to the camera each second."""

    @property
    def first_at(self) -> Instant:
        return next(iter(self.sights.values())).at

    def came_aside(self, width: int) -> bool:
        """Whether this one came into a picture so wide through its side, and so hardly along the course."""
        first = next(iter(self.sights.values())).figure.box
        return first.left < ASIDE * width or first.right > (1 - ASIDE) * width

    @property
    def sinks_or_rises(self) -> float:
        """How far the head moves up or down in the picture, in heights of the body; hardly at all of who walks across."""
        tops = sorted(sight.figure.box.top for sight in self.sights.values())
        spare = len(tops) // 10
        return (tops[-1 - spare] - tops[spare]) / median(sight.figure.box.height for sight in self.sights.values())

    @property
    def last_at(self) -> Instant:
        return self.last.at

    @property
    def last(self) -> PasserSight:
        return next(reversed(self.sights.values()))

    @property
    def widths(self) -> list[tuple[Instant, float]]:
        """How wide the body was of late, where the picture's side did not cut it: before that somebody may have waited."""
        last = self.last_at
        return [
            (sight.at, sight.figure.across)
            for sight in self.sights.values()
            if not sight.figure.cut and last - sight.at <= LATELY
        ]

    @property
    def grown(self) -> float:
        """How many times as wide the body became; the widest and the narrowest frames may be mistakes."""
        wide = sorted(across for _, across in self.widths)
        return wide[-1 - len(wide) // 10] / wide[len(wide) // 10] if wide else 0.0

    def expected(self, at: Instant) -> tuple[float, float, float]:
        """The middle, the top and the width of the body at an instant, by its last movement."""
        now = list(islice(reversed(self.sights.values()), 2))[::-1]
        x, top = now[-1].figure.box.middle[0], now[-1].figure.box.top
        if len(now) < 2 or now[1].at == now[0].at:
            return x, top, now[-1].figure.across
        steps = (at - now[1].at) / (now[1].at - now[0].at)
        before = now[0].figure.box
        return x + steps * (x - before.middle[0]), top + steps * (top - before.top), now[-1].figure.across


class BibSight(NamedTuple):
    """A bib that was read: when, where and how large its code is, or would be."""

    frame: int
    at: Instant
    x: float
    code_px: float


class PasserTracker:
    """Follows everybody; `line_px` is a code's side at the line, 0 where none is known, `width` the picture's in pixels."""

    def __init__(self, line_px: float = 0.0) -> None:
        self.line_px = line_px
        self._width = 0
        self._numbers = count(1)
        self._going: list[Passer] = []
        self._left: list[Passer] = []
        self._crossed: list[Passer] = []
        self._bibs: dict[str, list[BibSight]] = {}
        self._ratios: list[float] = []
        self._heads: list[tuple[float, float]] = []

    def see(self, frame: int, at: Instant, figures: Iterable[Silhouette], width: int) -> None:
        """The figures of one frame; each goes to who is expected nearest to it."""
        self._width, free = width, [one for one in figures if not self._headless(one)]
        pairs = sorted(
            (
                (off, n, m)
                for n, one in enumerate(self._going)
                for m, figure in enumerate(free)
                if (off := _off(one, figure, at)) < REACH
            ),
        )
        taken: set[int] = set()
        moved: set[int] = set()
        for _, n, m in pairs:
            if n not in moved and m not in taken:
                moved.add(n)
                taken.add(m)
                self._going[n].sights[frame] = PasserSight(at, free[m])
        self._going += [
            Passer(next(self._numbers), frame, one, {frame: PasserSight(at, one)})
            for m, one in enumerate(free)
            if m not in taken
        ]
        for one in self._going:
            while len(one.sights) > MOST_SIGHTS:  # somebody stands about
                del one.sights[next(iter(one.sights))]
        gone = [one for one in self._going if at - one.last_at > LOST_AFTER]
        self._going = [one for one in self._going if at - one.last_at <= LOST_AFTER]
        self._left += [one for one in gone if len(one.sights) >= FEWEST]

    def named(self, name: str, frame: int, at: Instant, middle: Point, code_px: float) -> None:
        """A bib was read in this frame, now or late."""
        seen = [*self._bibs.get(name, []), BibSight(frame, at, middle[0], code_px)]
        self._bibs[name] = seen[-MOST_SIGHTS:]
        wearer = self._wearer(frame, middle, code_px)
        if wearer and not wearer.cut:
            self._ratios = [*self._ratios, wearer.across / code_px][-WIDTHS_LEARNED:]
            self._heads = [*self._heads, (wearer.across, wearer.box.top)][-WIDTHS_LEARNED:]

    def seen_in(self, frame: int) -> list[Passer]:
        """Everybody who is in this frame."""
        return [one for one in self._going if frame in one.sights]

    def followed(self) -> set[int]:
        """The numbers of all whose way is not decided."""
        return {one.number for one in self._everybody}

    def decided(self, at: Instant) -> list[Passer]:
        """Who has crossed and is not to be named any more by this instant; pieces of one body are one."""
        settled = [one for one in self._left if at - one.last_at > SETTLED_AFTER]
        found = self._judged(settled)
        self._left = [one for one in self._left if at - one.last_at <= SETTLED_AFTER]
        self._crossed = [one for one in [*self._crossed, *found] if at - one.last_at <= REMEMBERED]
        self._bibs = {name: seen for name, seen in self._bibs.items() if at - seen[-1].at <= REMEMBERED}
        return found

    def close(self) -> list[Passer]:
        """The picture has ended; whoever is in view may have crossed too."""
        self._left, self._going = [one for one in self._everybody if len(one.sights) >= FEWEST], []
        found = self._judged(list(self._left))
        self._left = []
        return found

    @property
    def line_width(self) -> float:
        """A body's width at the line in pixels."""
        if not self.line_px:
            return BODY_OF_PICTURE * self._width
        return self.line_px * self._ratio

    @property
    def _ratio(self) -> float:
        return median(self._ratios) if self._ratios else BODY_TO_CODE

    def _headless(self, figure: Silhouette) -> bool:
        """Whether a figure begins far below where heads of its size are here: legs, or an arm."""
        if len(self._heads) < HEADS_KNOWN:
            return False
        slope, start = linear_regression(*zip(*self._heads, strict=True))
        return figure.box.top > max(0.0, start + slope * figure.across) + HEADLESS * figure.across

    def _wearer(self, frame: int, middle: Point, code_px: float) -> Silhouette | None:
        """The figure that a bib is on in a frame."""
        wide = self._ratio * code_px
        here = (sight.figure for one in self._everybody if (sight := one.sights.get(frame)))
        worn = [(abs(log(one.across / wide)), one) for one in here if one.box.holds(middle)]
        off, wearer = min(worn, default=(1.0, None), key=lambda pair: pair[0])
        return wearer if off < log(NAMED_WITHIN) else None

    @property
    def _everybody(self) -> list[Passer]:
        return [*self._going, *self._left]

    def _judged(self, settled: Sequence[Passer]) -> list[Passer]:
        found: list[Passer] = []
        crossing = [one for one in settled if self._crosses(one)]
        if not crossing:
            return found
        rivals = (
            self._crossed + crossing + [one for one in self._everybody if one not in crossing and self._crosses(one)]
        )
        for one in crossing:
            if any(other is not one and self._same(one, other) for other in rivals):
                rivals.remove(one)
            else:
                found.append(one)
        worn = self._worn(rivals)
        for one in found:
            one.names = worn.get(one.number, set())
        return found

    def _worn(self, bodies: Sequence[Passer]) -> dict[int, set[str]]:
        """The bib of each body, by number: every bib on the one whose way is most like its own; a piece of that one has it too."""
        offs = sorted(
            (off, one.number, name)
            for name, seen in self._bibs.items()
            for one in bodies
            if (off := self._bib_off(one, seen)) < 1
        )
        worn = {one.number: one.names for one in self._crossed if one.names}
        taken = {name for names in worn.values() for name in names}
        for off, number, name in offs:
            if number not in worn and (name not in taken or off < PIECE):
                worn[number] = {name}
                taken.add(name)
        return worn

    def _crosses(self, one: Passer) -> bool:
        came_aside = one.came_aside(self._width)
        if came_aside and one.sinks_or_rises < LEVEL:
            one.crossed_at = None
            return False
        leaves_aside = one.last.figure.cut and not came_aside
        grows, came_to = (GROWS_ASIDE, LEFT_ASIDE) if leaves_aside else (GROWS, CAME_TO)
        found = line_crossing(one.widths, self.line_width, came_to) if one.grown >= grows else None
        if found is None:
            one.crossed_at = None
            return False
        one.crossed_at = Instant(min(max(found.at, one.first_at - BEYOND), one.last_at + BEYOND))
        one.pace = found.pace
        return True

    def _same(self, one: Passer, other: Passer) -> bool:
        """Whether two that crossed are pieces of one body: never apart, and at the line together."""
        if one.crossed_at is None or other.crossed_at is None:
            return False
        if abs(one.crossed_at - other.crossed_at) * max(one.pace, other.pace) > SAME_WITHIN * SECOND:
            return False
        both = one.sights.keys() & other.sights.keys()
        if both:
            return median(_apart(one.sights[at].figure, other.sights[at].figure) for at in both) < ONE_BODY
        first, then = sorted((one, other), key=lambda piece: piece.first_at)
        x, _, across = first.expected(then.first_at)
        begins = next(iter(then.sights.values())).figure
        return abs(begins.box.middle[0] - x) < SAME_PLACE * across and (begins.cut or begins.across > SHRINKS * across)

    def _bib_off(self, one: Passer, seen: Sequence[BibSight]) -> float:
        """How far a bib's way is from a body's: 1 and more is another's."""
        if one.crossed_at is None:
            return 1.0
        crossed = (
            line_crossing([(sight.at, sight.code_px) for sight in seen], self.line_px, 0.0) if self.line_px else None
        )
        late = abs((crossed.at if crossed else seen[-1].at) - one.crossed_at) * one.pace / (BIB_WITHIN * SECOND)
        both = [(one.sights[sight.frame].figure, sight) for sight in seen if sight.frame in one.sights]
        if not both:
            near = min(one.sights.values(), key=lambda sight: abs(sight.at - seen[-1].at)).figure
            return max(late, abs(near.box.middle[0] - seen[-1].x) / (BESIDE * near.across))
        aside = median(abs(figure.box.middle[0] - sight.x) / figure.across for figure, sight in both)
        unlike = median(abs(log(figure.across / (self._ratio * sight.code_px))) for figure, sight in both)
        return max(late if crossed else 0.0, aside / BESIDE, unlike / log(NAMED_WITHIN))


def _off(one: Passer, figure: Silhouette, at: Instant) -> float:
    """How far a figure is from where somebody is expected, in widths of the body."""
    x, top, across = one.expected(at)
    if not 1 / ALIKE < figure.across / across < ALIKE:
        return REACH
    aside = float(abs(figure.box.middle[0] - x) + abs(figure.box.top - top)) / across
    return aside + UNLIKE * abs(log(figure.across / across))


def _apart(one: Silhouette, other: Silhouette) -> float:
    """Between the middles of two bodies, in their widths."""
    return abs(one.box.middle[0] - other.box.middle[0]) / max(one.across, other.across)


class LineCrossing(NamedTuple):
    """When something was at the line, and its pace there, in ways from the line to the camera each second."""

    at: Instant
    pace: float


def line_crossing(sizes: Sequence[tuple[Instant, float]], line: float, came_to: float) -> LineCrossing | None:
    """When something was as large as it is at the line: by a straight line through 1/size over time, near the line.

    None where it did not come nearer, or never to `came_to` of the size at the line.
    """
    near = [(at, size) for at, size in sizes if NEAR[0] * line <= size <= NEAR[1] * line]
    if len(near) < FEWEST_NEAR or max(size for _, size in near) < came_to * line:
        return None
    origin = near[0][0]
    slope, start = linear_regression([float(at - origin) for at, _ in near], [1 / size for _, size in near])
    return (
        LineCrossing(Instant(origin + round((1 / line - start) / slope)), -slope * line * SECOND) if slope < 0 else None
    )


def portrait(figure: Silhouette) -> PixelBox:
    """What a picture must hold to tell who somebody is: from above the head to the knees, the chest in the middle."""
    (x, _), top, wide = figure.box.middle, figure.box.top, figure.across
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
