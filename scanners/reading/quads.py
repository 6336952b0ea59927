"""Dark four-cornered outlines in a picture, and how bright the cells inside them are; the file of the marks that knows OpenCV."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from scanners.reading.boxes import TWIN_ASIDE
from scanners.reading.pixels import Floats, Picture

Quads = Floats
"""n x 4 corners x 2 coordinates in pixels, clockwise."""


class Darker(NamedTuple):
    """How a dark pixel is told from the white around it: it is below `share` of the brightness there, less `by` counts of grey.

    The brightness around is the mean of a window of so many pixels, or, `closed`, what a grey closing with it leaves: white wherever
    dark things are narrower than the window, so that blur, which makes the mean grey, changes it little.
    """

    window_px: int
    share: float
    by: int
    closed: bool = True
    halved: bool = False
    """In a picture of half the size, in which grain and gaps are gone."""


CRISP: Final = Darker(9, 1.0, 5, closed=False)
"""What is in focus, of any size: for still pictures, which are looked at once."""
ALWAYS: Final = Darker(15, 0.88, 8)
IN_TURN: Final = (Darker(9, 0.92, 5, halved=True), CRISP, Darker(11, 0.80, 8))
"""Of a film's frames each is searched in the first way and in one of the others: they find different marks, and the next frame
shows the same ones. Chosen by whose union finds most in drawn films of slow shutters, creases, ties, evenings and nights."""

PARENT: Final = 3  # of what OpenCV tells of an outline, the outline that it is a hole in
LEAST_PX: Final = 7  # a side of an outline
SLANTED: Final = 0.3  # of the longest side is the shortest one, at least
SQUARE: Final = 0.6  # the same of what may be a mark; what may be two is longer
STRAIGHT: Final = 0.06  # of its length, an outline's hull is at most so far from four straight sides
FILLED: Final = 0.78
"""Of the smallest rectangle round it, a hull that may be a square's, some corner of which is missing."""
TWINS: Final = (1.45, 2.9)  # the longer side by the shorter of what may be a mark and its twin
HALF: Final = 1 / (1 + TWIN_ASIDE)  # of the default sheet's two marks and the gap between them, one mark
MOST: Final = 300
"""So many outlines of a frame are looked at, the longest of each way: its time is bounded, whatever it shows."""

SMALL_PX: Final = 960  # the width of a picture in which outlines are found
GRAINY: Final = 5  # counts of grey by which a pixel differs from what its neighbours promise
GRAIN_EVERY: Final = (16, 4)  # one row and one column in so many are enough
GRAIN_PX: Final = 0.8  # sigma that takes out most of the grain, which would all be outlines

PER_CELL: Final = 6
MIDDLE: Final = (1.5, 3.5)
"""A cell is looked at in these of six parts each way; the outer ones may be its neighbours'."""


REACH: Final = 0.16  # of a side: how far from an outline's side its true edge is looked for
ACROSS: Final = 13
ALONG: Final = np.linspace(0.13, 0.87, 8, dtype=np.float32)
"""Steps over that reach, and places along a side, where the edge is looked for."""
ROUNDS: Final = 2
ALIKE: Final = 0.75  # of the side opposite, a side of a square is seen at least so long
SEEN_AROUND, SEARCHED = 0.15, 0.6  # of a side, around what is followed: what belongs to it, and how far it may move
FOLLOWED_PX: Final = 24  # a larger side is made so small for that
SAME: Final = 0.5  # the least correlation of one thing in two frames
STEP: Final = 4  # steps between the dark and the white side of an edge


def small(gray: Picture) -> tuple[Picture, int]:
    """The picture in which outlines are found, without grain, and how many times smaller it is."""
    times = max(1, round(gray.shape[1] / SMALL_PX))
    height, width = (side // times * times for side in gray.shape)
    picture = gray[:height, :width]
    if times > 1 and height and width:
        picture = _picture(cv2.resize(picture, (width // times, height // times), interpolation=cv2.INTER_AREA))
    return (_picture(cv2.GaussianBlur(picture, (0, 0), GRAIN_PX)) if _grainy(gray) else picture), times


def find_quads(gray: Picture, moving: Picture | None = None, ways: Sequence[Darker] = (CRISP,)) -> Quads:
    """What the hulls of dark outlines may be: a bridge to what lies beside a mark, or a gap, changes its hull but little."""
    found = [np.empty((0, 4, 2), np.float32)]
    for way in ways:
        by = 2 if way.halved else 1
        if min(gray.shape) >= 2 * by * LEAST_PX:
            hulls = _hulls(_dark(gray, moving, way), MOST // len(ways))
            found.append(by * _four_sided(hulls) + np.float32((by - 1) / 2))
    quads = _with_halves(np.concatenate(found))
    sides = _sides(quads)
    return np.asarray(quads[sides.min(1) >= SQUARE * sides.max(1)])


def _sides(quads: Quads) -> Floats:
    """The length of each quad's four sides: n x 4."""
    return np.asarray(np.linalg.norm(quads - np.roll(quads, -1, 1), axis=2), np.float32)


def _dark(gray: Picture, moving: Picture | None, way: Darker) -> Picture:
    """255 where a pixel is dark, in the parts that move."""
    if way.halved:
        gray, moving = _halved(gray, cv2.INTER_AREA), None if moving is None else _halved(moving, cv2.INTER_NEAREST)
    if way.closed:
        white = cv2.morphologyEx(gray, cv2.MORPH_CLOSE, np.ones((way.window_px, way.window_px), np.uint8))
    else:
        white = cv2.blur(gray, (way.window_px, way.window_px), borderType=cv2.BORDER_REPLICATE)
    dark = cv2.compare(gray, cv2.addWeighted(white, way.share, white, 0, -way.by), cv2.CMP_LE)
    return _picture(dark if moving is None else cv2.bitwise_and(dark, moving))


def _halved(picture: Picture, how: int) -> Picture:
    height, width = picture.shape
    return _picture(cv2.resize(picture, (width // 2, height // 2), interpolation=how))


def _hulls(mask: Picture, most: int) -> list[npt.NDArray[np.int32]]:
    """Of the longest outlines of what is dark, not of the holes in it."""
    outlines, kinship = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    parents = kinship[0, :, PARENT].tolist() if outlines else []
    outer = (one for one, parent in zip(outlines, parents, strict=True) if parent < 0)
    long = sorted((one for one in outer if len(one) >= 2.8 * LEAST_PX), key=len, reverse=True)
    return [np.asarray(cv2.convexHull(one, clockwise=False), np.int32) for one in long[:most]]


def _four_sided(hulls: Iterable[npt.NDArray[np.int32]]) -> Quads:
    """Each hull with four straight sides, and the smallest rectangle round each that fills most of it."""
    found = []
    for hull in hulls:
        rectangle = cv2.minAreaRect(hull)
        short, long = sorted(rectangle[1])
        if short < max(0.7 * LEAST_PX, SLANTED * long):
            continue
        bent = cv2.approxPolyDP(hull, STRAIGHT * cv2.arcLength(hull, True), True)
        if len(bent) == 4:
            found.append(bent.reshape(4, 2))
        if cv2.contourArea(hull) >= FILLED * short * long:
            found.append(cv2.boxPoints(rectangle))
    quads = np.array(found, np.float32).reshape(-1, 4, 2)
    sides = _sides(quads)
    return np.asarray(quads[(sides.min(1) >= SLANTED * sides.max(1)) & (sides.min(1) >= 0.7 * LEAST_PX)])


def _with_halves(quads: Quads) -> Quads:
    """And of a quad that may be a mark and its twin beside it, which blur has joined, both."""
    sides = _sides(quads)
    one, other = sides[:, 0] + sides[:, 2], sides[:, 1] + sides[:, 3]
    lying = np.where((one < other)[:, None, None], np.roll(quads, -1, 1), quads)
    ratio = np.maximum(one, other) / np.minimum(one, other)
    pairs = lying[(ratio >= TWINS[0]) & (ratio <= TWINS[1])]
    part = np.float32(HALF) * (pairs[:, [1, 0, 3, 2]] - pairs)
    left, right = pairs.copy(), pairs.copy()
    left[:, [1, 2]] = (pairs + part)[:, [0, 3]]
    right[:, [0, 3]] = (pairs + part)[:, [1, 2]]
    return np.concatenate([quads, left, right])


def fitted(gray: Picture, quads: Quads) -> Quads:
    """Each side moved to where most of its length turns from dark inside to white outside; those that may be a flat square's."""
    for _ in range(ROUNDS if len(quads) else 0):
        quads = _fitted(gray, quads)
    sides = _sides(quads)
    opposite = np.roll(sides, 2, 1)
    return np.asarray(quads[(sides >= ALIKE * opposite).all(1)])


def _fitted(gray: Picture, quads: Quads) -> Quads:
    """One round: the edge at each place along a side, a line through these, and the corners where the lines meet."""
    ends = np.roll(quads, -1, 1)
    ways = ends - quads
    lengths = np.linalg.norm(ways, axis=2, keepdims=True)
    outwards = np.stack([ways[..., 1], -ways[..., 0]], -1) / np.maximum(lengths, np.float32(1e-6))
    reach = np.maximum(REACH * lengths.mean(1), np.float32(1.5))
    steps = reach * np.linspace(-1, 1, ACROSS, dtype=np.float32)
    along = quads[:, :, None] + ways[:, :, None] * ALONG[:, None]
    points = along[:, :, :, None] + outwards[:, :, None, None] * steps[:, None, None, :, None]
    x, y = (np.ascontiguousarray(points[..., axis].reshape(len(quads), -1)) for axis in (0, 1))
    seen = cv2.remap(gray, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    seen = seen.reshape(*points.shape[:-1]).astype(np.float32)
    rises = seen[..., STEP:] - seen[..., :-STEP]
    at = np.take_along_axis(steps[:, None, STEP // 2 : -STEP // 2], rises.argmax(-1).reshape(len(quads), 1, -1), -1)
    begins, turns = _lines(at.reshape(rises.shape[:-1]), np.maximum(rises.max(-1), np.float32(1e-3)), reach[:, None])
    return _corners(quads + outwards * begins, ends + outwards * (begins + turns), quads, reach)


def _lines(at: Floats, weights: Floats, reach: Floats) -> tuple[Floats, Floats]:
    """A line through the edges of each side: where it begins and how far it turns outwards; what is far from it counts little."""
    share, middle, mean, turns = weights, *np.zeros((3, 1), np.float32)
    for _ in range(3):
        total = share.sum(-1, keepdims=True)
        middle, mean = (share * ALONG).sum(-1, keepdims=True) / total, (share * at).sum(-1, keepdims=True) / total
        spread = (share * (ALONG - middle) ** 2).sum(-1, keepdims=True)
        turns = (share * (ALONG - middle) * (at - mean)).sum(-1, keepdims=True) / np.maximum(spread, np.float32(1e-6))
        off = at - mean - turns * (ALONG - middle)
        share = weights * np.exp(-((off / (0.3 * reach)) ** 2)) + np.float32(1e-6)
    return mean - turns * middle, turns


def _corners(begins: Quads, ends: Quads, before: Quads, reach: Floats) -> Quads:
    """Where each side's line meets the one before it; the old corners where one would go too far."""
    last = np.roll(begins, 1, 1)
    back, way = np.roll(ends, 1, 1) - last, ends - begins
    cross = back[..., 0] * way[..., 1] - back[..., 1] * way[..., 0]
    gap = begins - last
    part = (gap[..., 0] * way[..., 1] - gap[..., 1] * way[..., 0]) / np.where(
        np.abs(cross) < 1e-6, np.float32(1e-6), cross
    )
    moved = last + back * part[..., None]
    far = np.linalg.norm(moved - before, axis=2).max(1) > 3 * reach[:, 0]
    return np.where(far[:, None, None], before, moved).astype(np.float32)


def _grainy(gray: Picture) -> bool:
    """Whether a picture is so full of grain, as in the dark, that every speck of it would be an outline."""
    down, across = GRAIN_EVERY
    left, here, right = (
        gray[::down, first : gray.shape[1] - 2 + first : across].astype(np.int16) for first in range(3)
    )
    return here.size > 0 and bool(np.median(np.abs(left - 2 * here + right)) >= GRAINY)


def _picture(found: npt.NDArray[np.generic]) -> Picture:
    return np.asarray(found, np.uint8)


def grown(quads: Quads, by_px: float) -> Quads:
    """Each corner moved outwards along its diagonal: thresholding makes quads a little too small."""
    arms = quads - quads.mean(1, keepdims=True)
    lengths = np.linalg.norm(arms, axis=2, keepdims=True)
    return np.asarray(quads + arms * np.float32(2**0.5 * by_px) / np.maximum(lengths, np.float32(1e-6)))


def brightness(gray: Picture, quads: Quads, side: int, parts: tuple[float, ...] = MIDDLE, beside: int = 0) -> Floats:
    """The mean grey of each of side x side cells of every quad, and of so many more `beside` it on each side: n x all x all."""
    cells = np.arange(-beside, side + beside)
    at = (cells[:, None] * PER_CELL + np.array(parts) + 0.5).ravel() / (side * PER_CELL)
    x, y = _placed(quads, at.astype(np.float32))
    seen = cv2.remap(gray, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    means = seen.reshape(len(quads), len(cells), len(parts), len(cells), len(parts)).mean((2, 4), dtype=np.float32)
    return np.asarray(means, np.float32)


def _placed(quads: Quads, at: Floats) -> tuple[Floats, Floats]:
    """Where the points of a grid over the unit square lie in the picture when the square is seen as each quad.

    The projective map of a square onto four corners, as P. Heckbert gives it (Fundamentals of Texture Mapping, 1989).
    """
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = np.moveaxis(quads[..., None, None], 0, 2)
    u, v = at[None, None, :], at[None, :, None]
    skew_x, skew_y = x0 - x1 + x2 - x3, y0 - y1 + y2 - y3
    area = (x1 - x2) * (y3 - y2) - (x3 - x2) * (y1 - y2)
    area = np.where(np.abs(area) < 1e-6, np.float32(1e-6), area)
    g = (skew_x * (y3 - y2) - (x3 - x2) * skew_y) / area
    h = ((x1 - x2) * skew_y - skew_x * (y1 - y2)) / area
    far = g * u + h * v + 1
    far = np.where(np.abs(far) < 1e-3, np.float32(1e-3), far)
    x = ((x1 - x0 + g * x1) * u + (x3 - x0 + h * x3) * v + x0) / far
    y = ((y1 - y0 + g * y1) * u + (y3 - y0 + h * y3) * v + y0) / far
    rows = len(quads)
    return x.reshape(rows, -1).astype(np.float32), y.reshape(rows, -1).astype(np.float32)


def followed(before: Picture, gray: Picture, quad: Quads, ahead: Floats) -> Floats:
    """How far what a quad held in the picture before has moved to this one: the shift at which the two are most alike.

    It is looked for around where it is if it went on by `ahead`, which is also the answer where nothing is alike.
    """
    side = float(np.ptp(quad, axis=0).max())
    by = min(1.0, FOLLOWED_PX / side)
    part, corner = around(before, quad, SEEN_AROUND * side)
    room, other = around(gray, quad + ahead, (SEEN_AROUND + SEARCHED) * side)
    if min(part.shape) * by < LEAST_PX or (np.subtract(room.shape, part.shape) < 0).any():
        return ahead  # it has left the picture
    part, room = (_picture(cv2.resize(one, None, fx=by, fy=by, interpolation=cv2.INTER_AREA)) for one in (part, room))
    likeness = cv2.matchTemplate(room, part, cv2.TM_CCOEFF_NORMED)
    _, alike, _, (x, y) = cv2.minMaxLoc(likeness)
    if alike < SAME:
        return ahead
    at = x + _peak(likeness[y, max(0, x - 1) : x + 2]), y + _peak(likeness[max(0, y - 1) : y + 2, x])
    return np.asarray(np.array(at) / by + other - corner, np.float32)


def _peak(values: npt.NDArray[np.generic]) -> float:
    """How far beside the middle of three values the greatest one would be, by a parabola; 0 at an edge, where there are two."""
    if len(values) < 3:
        return 0.0
    one, middle, other = (float(value) for value in values)
    bend = one - 2 * middle + other
    return (one - other) / (2 * bend) if bend else 0.0


def around(gray: Picture, quad: Quads, by_px: float) -> tuple[Picture, Floats]:
    """The part of a picture around a quad, and its upper left corner."""
    left, top = np.maximum(quad.min(0) - by_px, 0).astype(int)
    right, bottom = np.maximum(quad.max(0) + by_px + 1, 0).astype(int)
    return gray[top:bottom, left:right], np.array([left, top], np.float32)


def on_one_core() -> None:
    """OpenCV's own threads would wait for each other wherever several stations, or a station and a server, share a machine."""
    cv2.setNumThreads(1)


def enlarged(gray: Picture, times: int) -> Picture:
    return np.asarray(cv2.resize(gray, None, fx=times, fy=times, interpolation=cv2.INTER_CUBIC), np.uint8)
