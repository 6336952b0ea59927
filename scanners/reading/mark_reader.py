"""Marks in a picture: every cell's grey counts with its weight, and a mark is known by its lead over the race's second-best."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from math import dist
from typing import Final

import numpy as np
import numpy.typing as npt

from scanners.reading.boxes import TWIN_ASIDE, Corners, Point, middle_of, side_by_side
from scanners.reading.moving_parts import MovingParts
from scanners.reading.pixels import Floats, Picture
from scanners.reading.quads import (
    Quads,
    brightness,
    enlarged,
    find_quads,
    fitted,
    grown,
    small,
)
from scanners.reading.smears import UNCLEAR
from timing.race.codes import Code
from timing.race.marks import CELLS, SIDE, Mark, mark_book

ACCEPTED: Final = 0.25
"""The least lead of a mark that counts. Clean ones have 0.69; clutter reached 0.19, and a wrong guess between two marks 0.254, once."""

FEWEST_WORDS: Final = 2_500
"""With so many words to choose from the lead was measured; a small race's list is filled up with marks of the book."""

GROWN_PX: Final = 0.5
"""Outlines are tried so much larger too, unless what they hold is certain."""
FLAT: Final = 12  # counts of grey between dark and white cells; with less there is no mark
BRIGHT_BORDER: Final = 0.30  # of the border's cells; with more it is no border
FIRST_GLANCE: Final = (9, 0.5)
"""The same two, for a quick look at each cell's middle in the small picture, before the outline is fitted."""

CERTAIN: Final = 0.4
"""With such a lead no more is tried at that place, and others are followed first: its outline will be found again."""

TWIN: Final = 0.12
"""The least lead beside a mark of the same one: by chance one outline in thousands leads with just this word, and mostly by less than 0.04."""

GLANCED: Final = (2.5,)
REGION_PX: Final = (
    60_000  # a picture with so few pixels is a part of a frame, and looked at enlarged where it shows no mark
)
CLOSER: Final = 2
NOWHERE: Final = np.empty((0, 4, 2), np.float32)
BORDER: Final = np.pad(np.zeros((SIDE, SIDE), bool), 1, constant_values=True)
ACROSS: Final = np.broadcast_to(np.linspace(-1, 1, SIDE + 2, dtype=np.float32), BORDER.shape)
WAYS: Final = np.stack([ACROSS, ACROSS.T]).reshape(2, -1)
SLOPE: Final = WAYS[:, BORDER.ravel()].T @ WAYS / (ACROSS[BORDER] ** 2).sum()
"""The border's cells times this are the plane through them, by least squares, less its mean; the ways across and down it are independent."""

PALE: Final = (0.15, 0.60)
"""The bright share of the border of what may be a mark out of focus."""

DEFOCUS: Final = 0.55
"""Sigma of a lens out of focus, in cells."""


def _sharpening() -> Floats:
    """Times a row of cells, with one more at each end: the row in focus, by Wiener's filter."""
    at = np.arange(SIDE + 4)
    blur = np.exp(-(((at[:, None] - at) / DEFOCUS) ** 2) / 2)
    blur /= blur.sum(1, keepdims=True)
    sharp = np.linalg.solve(blur.T @ blur + UNCLEAR * np.eye(len(at)), blur.T)[1:-1]
    return np.asarray(sharp / sharp.sum(1, keepdims=True), np.float32)


SHARPENING: Final = _sharpening()


@dataclass(frozen=True, slots=True)
class MarkSighting:
    """One mark in one picture: whose it is, its lead over the second-best, its corners and its upright side in pixels.

    The corners are those of the dark border, clockwise from the upper left of the bib, however it was held.
    """

    mark: Mark
    code: Code
    margin: float
    corners: tuple[tuple[float, float], ...]
    size_px: float

    def twin(self, other: "MarkSighting") -> bool:
        """Whether these two are one mark, twice on one bib: what looks like a mark does so at one place, or anywhere."""
        return self.mark == other.mark and side_by_side(self.corners, self.size_px, other.corners, other.size_px)


@dataclass(frozen=True)
class MarkView:
    """The best guess for one quad; `word` counts in the reader's list, and the corners begin at the mark's upper left.

    The cells are SIDE x SIDE as the mark stands upright, from -1 for dark to 1 for white.
    """

    word: int
    margin: float
    corners: Quads
    cells: Floats

    @cached_property
    def middle(self) -> Point:
        return middle_of(self.corners.tolist())

    @cached_property
    def side_px(self) -> float:
        """Of the upright sides, which turning sideways does not shorten."""
        upper_left, upper_right, lower_right, lower_left = self.corners.tolist()
        return (dist(upper_left, lower_left) + dist(upper_right, lower_right)) / 2


class MarkReader:
    """Reads the marks of one race; its list holds the revoked and the spare ones too, so that they are not misread."""

    def __init__(self, roster: Mapping[str, Code], least: float = ACCEPTED) -> None:
        self._marks = [(Mark(mark), code) for mark, code in roster.items()]
        strangers = islice((mark for mark in mark_book() if mark not in roster), max(0, FEWEST_WORDS - len(roster)))
        words = np.array([int(mark, 16) for mark in (*roster, *strangers)], ">u8")
        white = np.unpackbits(words.view(np.uint8)).reshape(-1, CELLS)  # the cells in reading order
        self._signs = 2 * white.astype(np.float32) - 1
        self._least = least

    def read(self, gray: Picture, moving: MovingParts | None = None) -> list[MarkSighting]:
        """Every mark of the race in a frame or a part of one, the surest first; one for each place.

        `moving` knows the frames before, and saves the time for what stands still.
        """
        found = self.told(self.looks(gray, self._least, moving))
        if not found and gray.size <= REGION_PX:
            found = self.told(list(self._looks_closely(gray)))
        return found

    def told(self, looks: Sequence[MarkView]) -> list[MarkSighting]:
        """The best look at each place, where it is good enough and at a mark of the race."""
        best = best_of_each_place([look for look in looks if look.margin >= self._least])
        return [self._told(look) for look in best if look.word < len(self._marks)]

    def twin_beside(self, gray: Picture, mark: Mark, corners: Corners) -> bool:
        """Whether the mark that was read at these corners is there again, where the default sheet bears its twin, however faintly."""
        here = np.array(corners, np.float32)
        aside = np.float32(TWIN_ASIDE / 2) * (here[1] + here[2] - here[0] - here[3])
        looks = self.looks_at(gray, TWIN, np.stack([here - aside, here + aside]))
        return any(look.word < len(self._marks) and self._marks[look.word][0] == mark for look in looks)

    def _told(self, look: MarkView) -> MarkSighting:
        mark, code = self._marks[look.word]
        corners = tuple((float(x), float(y)) for x, y in look.corners)
        return MarkSighting(mark, code, look.margin, corners, look.side_px)

    def _looks_closely(self, gray: Picture) -> Iterator[MarkView]:
        """Again, at the picture enlarged."""
        for look in self.looks(enlarged(gray, CLOSER), self._least):
            yield replace(look, corners=np.asarray((look.corners + 0.5) / CLOSER - 0.5, np.float32))

    def looks(
        self, gray: Picture, least: float, moving: MovingParts | None = None, expected: Quads = NOWHERE
    ) -> list[MarkView]:
        """The best guess for every outline that has a dark border, and for the `expected` quads, where it leads by `least`."""
        return self.looks_at(gray, least, expected, _outlines(gray, moving), blurred=True)

    def looks_at(
        self, gray: Picture, least: float, expected: Quads, outlines: Quads = NOWHERE, *, blurred: bool = False
    ) -> list[MarkView]:
        """The same of the `expected` quads, as they are and fitted, and of outlines that need to be fitted.

        What may be a mark out of focus is looked at sharpened too where pictures may be `blurred`.
        """
        quads = np.concatenate([fitted(gray, np.concatenate([outlines, expected])), expected])
        quads = quads[((quads >= -1) & (quads <= gray.shape[::-1])).all((1, 2))]  # what is outside was never seen
        if not len(quads):
            return []
        seen = _evened(brightness(gray, quads, SIDE + 2))
        looks = self._views(seen, quads, least)
        larger = grown(_elsewhere(quads, looks), GROWN_PX)
        if len(larger):
            looks += self._views(_evened(brightness(gray, larger, SIDE + 2)), larger, least)
        pale = quads[_pale(seen)] if blurred else NOWHERE
        if len(pale):
            sharp = _evened(_sharpened(brightness(gray, pale, SIDE + 2, beside=1)))
            looks += self._views(sharp, pale, least)
        return looks

    def _views(self, seen: Floats, quads: Quads, least: float) -> list[MarkView]:
        """The best guess for each quad whose cells have a dark border."""
        good = _bordered(seen, FLAT, BRIGHT_BORDER)
        if not good.any():
            return []
        return list(self.guesses(_weights(seen[good]), quads[good], least))

    def guesses(self, seen: Floats, quads: Quads, least: float) -> Iterator[MarkView]:
        """The best word for each quad's cells where it leads by `least`, and which corner is its upper left then."""
        turned = np.concatenate([np.rot90(seen, turns, (1, 2)).reshape(-1, CELLS) for turns in range(4)])
        scores = (turned @ self._signs.T).reshape(4, len(seen), -1)
        top = scores.max(0)
        rows, words = np.arange(len(seen)), top.argmax(1)
        first, turns = top[rows, words], scores[:, rows, words].argmax(0)
        top[rows, words] = -np.inf
        leads = (first - top.max(1)) / (SIDE * np.linalg.norm(seen, axis=(1, 2)))
        for at in np.flatnonzero(leads >= least).tolist():
            turn = int(turns[at])
            corners, cells = np.roll(quads[at], -turn, axis=0), np.rot90(seen[at], turn)
            yield MarkView(int(words[at]), float(leads[at]), corners, cells)


def best_of_each_place(views: Iterable[MarkView]) -> list[MarkView]:
    """The surest view of each place, the surest first."""
    kept: list[MarkView] = []
    for view in sorted(views, key=lambda view: -view.margin):
        if all(dist(view.middle, surer.middle) > surer.side_px / 2 for surer in kept):
            kept.append(view)
    return kept


def of_one_bib(found: Iterable[MarkSighting]) -> Iterator[MarkSighting]:
    """Of each mark the first, and its twin beside it: nobody is at two places of one frame."""
    first: dict[Mark, MarkSighting] = {}
    for one in found:
        known = first.setdefault(one.mark, one)
        if one is known or one.twin(known):
            yield one


def _outlines(gray: Picture, moving: MovingParts | None) -> Quads:
    """What may be marks, at a first glance: found in a smaller picture, and told in the pixels of this one."""
    picture, times = small(gray)
    quads = find_quads(picture, *moving.next(picture)) if moving else find_quads(picture)
    if len(quads):
        quads = quads[_bordered(_evened(brightness(picture, quads, SIDE + 2, GLANCED)), *FIRST_GLANCE)]
    return np.asarray((quads + np.float32(0.5)) * np.float32(times) - np.float32(0.5))


def _elsewhere(quads: Quads, looks: Sequence[MarkView]) -> Quads:
    """The quads at whose places nothing was read for certain."""
    clear = np.array([(*look.middle, look.side_px) for look in looks if look.margin >= CERTAIN], np.float32)
    if not len(clear) or not len(quads):
        return quads
    off = np.linalg.norm(quads.mean(1)[:, None] - clear[:, :2], axis=2)
    return np.asarray(quads[(off > clear[:, 2] / 2).all(1)])


def _evened(seen: Floats) -> Floats:
    """Without the light's slope, as a lamp's shine or a shadow makes one: a mark's border is equally dark all round."""
    return np.asarray(seen - (seen[:, BORDER] @ SLOPE).reshape(seen.shape), np.float32)


def _sharpened(seen: Floats) -> Floats:
    """The cells without those beside them, as they would be in focus."""
    return np.asarray(SHARPENING @ seen @ SHARPENING.T, np.float32)


def _bordered(seen: Floats, flat: float, bright: float) -> npt.NDArray[np.bool_]:
    """Which views hold dark and white cells within a dark border."""
    share, contrast = _border(seen)
    return np.asarray((contrast >= flat) & (share <= bright))


def _pale(seen: Floats) -> npt.NDArray[np.bool_]:
    """Which views may be marks out of focus: the white beside the border brightens a part of it."""
    share, contrast = _border(seen)
    return np.asarray((contrast >= FLAT) & (share >= PALE[0]) & (share <= PALE[1]))


def _border(seen: Floats) -> tuple[Floats, Floats]:
    """The bright share of each border, and by how much white cells are brighter than dark ones."""
    dark, white = _extremes(seen)
    bright = seen[:, BORDER] > ((dark + white) / 2)[:, None]
    return bright.mean(1, dtype=np.float32), white - dark


def _weights(seen: Floats) -> Floats:
    """The inner cells from -1 for dark to 1 for white; what is between them counts less."""
    dark, white = _extremes(seen)
    middle, reach = (dark + white)[:, None, None] / 2, (white - dark)[:, None, None] / 2
    return np.asarray(np.clip((seen[:, 1:-1, 1:-1] - middle) / reach, -1.2, 1.2), np.float32)


def _extremes(seen: Floats) -> tuple[Floats, Floats]:
    """How bright the dark and the white cells of each view are: the 8th and the 92nd percentile.

    The same as NumPy's `percentile`, which takes ten times as long for so few numbers.
    """
    ordered = np.sort(seen[:, 1:-1, 1:-1].reshape(-1, CELLS), axis=1)
    dark = ordered[:, 5] + 0.04 * (ordered[:, 6] - ordered[:, 5])
    white = ordered[:, 57] + 0.96 * (ordered[:, 58] - ordered[:, 57])
    return dark.astype(np.float32), white.astype(np.float32)


def proof_reader(roster: Mapping[str, Code]) -> Callable[[Picture], list[tuple[str, float]]]:
    """The marks in a still picture with their leads, as the station reads them; what a proof of a printed page asks for."""
    reader = MarkReader(roster)

    def read(gray: Picture) -> list[tuple[str, float]]:
        return [(sighting.mark, sighting.margin) for sighting in reader.read(gray)]

    return read
