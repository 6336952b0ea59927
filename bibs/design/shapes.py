"""The outlines of a QR's modules in a firm's shape, as one path in modules from the symbol's top left. Pure."""

from collections.abc import Iterator
from typing import Final, Literal

from bibs.drawing.symbol import rectangles
from timing.firms import Shape

Rows = list[list[bool]]
Spot = tuple[int, int]
Side = tuple[int, int, int, int]
"""Where a module's side begins, and the step along it."""
Step = tuple[Literal["move", "line", "curve", "close"], tuple[float, ...]]
"""One step of a path: a curve's numbers are two control points and its end."""

FINDER: Final = 7
ARM: Final = 0.2761  # half of 0.5523, the arm of a quarter circle's cubic of radius one


def outline(rows: Rows, shape: Shape) -> Iterator[Step]:
    """The dark modules but for the dots; the finder patterns, by which a reader recognises a code, keep their corners."""
    match shape:
        case "square":
            yield from _rectangles(rows)
        case "rounded":
            yield from _rectangles(_finders(rows, kept=True))
            yield from _rounded(_finders(rows, kept=False))
        case "circle":
            yield from _rectangles(_finders(rows, kept=True))


def dots(rows: Rows) -> Iterator[tuple[float, float]]:
    """The middles of the modules that become dots, one module wide."""
    for y, row in enumerate(_finders(rows, kept=False)):
        yield from ((x + 0.5, y + 0.5) for x, dark in enumerate(row) if dark)


def without_middle(rows: Rows, hole: int) -> Rows:
    """The modules around a cleared square in the middle."""
    first = (len(rows) - hole) // 2
    middle = range(first, first + hole)
    return [[dark and not (x in middle and y in middle) for x, dark in enumerate(row)] for y, row in enumerate(rows)]


def hole_of(side: int, percent: int) -> int:
    """The widest square of whole modules around the middle that takes at most so much of the symbol's width.

    >>> hole_of(29, 20), hole_of(29, 25)
    (5, 7)
    """
    most = side * percent // 100
    return max(1, most - (most + 1) % 2)


def _finders(rows: Rows, kept: bool) -> Rows:
    """Only the three finder patterns, or everything but them."""
    far = len(rows) - FINDER

    def within(x: int, y: int) -> bool:
        return (x < FINDER and y < FINDER) or (x >= far and y < FINDER) or (x < FINDER and y >= far)

    return [[dark and within(x, y) == kept for x, dark in enumerate(row)] for y, row in enumerate(rows)]


def _rectangles(rows: Rows) -> Iterator[Step]:
    for dark in rectangles(rows):
        right, bottom = dark.x + dark.width, dark.y + dark.height
        yield "move", (dark.x, dark.y)
        for corner in ((right, dark.y), (right, bottom), (dark.x, bottom)):
            yield "line", corner
        yield "close", ()


def _rounded(rows: Rows) -> Iterator[Step]:
    for ring in rings(rows):
        yield from _rounded_ring(ring)


def _rounded_ring(ring: list[Spot]) -> Iterator[Step]:
    """A ring of corners with those that stick out rounded by half a module."""
    drawn = [_corner(ring[at - 1], spot, ring[(at + 1) % len(ring)]) for at, spot in enumerate(ring)]
    yield "move", drawn[-1][-1][1][-2:]
    for steps in drawn:
        yield from steps
    yield "close", ()


def _corner(before: Spot, spot: Spot, after: Spot) -> list[Step]:
    """The steps to and around one corner; dark lies to the right of the way, so a right turn sticks out."""
    into, out = _direction(before, spot), _direction(spot, after)
    if into[0] * out[1] - into[1] * out[0] < 0:
        return [("line", spot)]
    x, y = spot
    begin, end = (x - into[0] / 2, y - into[1] / 2), (x + out[0] / 2, y + out[1] / 2)
    arm = 0.5 - ARM
    controls = (x - into[0] * arm, y - into[1] * arm, x + out[0] * arm, y + out[1] * arm)
    return [("line", begin), ("curve", (*(round(number, 4) for number in controls), *end))]


def _direction(one: Spot, other: Spot) -> Spot:
    across, down = other[0] - one[0], other[1] - one[1]
    return (across > 0) - (across < 0), (down > 0) - (down < 0)


def rings(rows: Rows) -> Iterator[list[Spot]]:
    """The corners around each dark region and around each hole in one, dark to the right of the way.

    Regions that touch by a corner alone are walked around apart.
    """
    sides = _sides(rows)
    walked: set[Side] = set()
    for start in sorted(sides):
        if start not in walked:
            way = [start]
            while (side := _following(way[-1], sides)) != start:
                way.append(side)
            walked.update(way)
            yield [(x, y) for at, (x, y, *step) in enumerate(way) if step != list(way[at - 1][2:])]


def _sides(rows: Rows) -> set[Side]:
    """Every side of a dark module that faces a light one."""
    dark = {(x, y) for y, row in enumerate(rows) for x, here in enumerate(row) if here}
    found: set[Side] = set()
    for x, y in dark:
        around = ((x, y - 1), (x + 1, y), (x, y + 1), (x - 1, y))
        sides = ((x, y, 1, 0), (x + 1, y, 0, 1), (x + 1, y + 1, -1, 0), (x, y + 1, 0, -1))
        found.update(side for side, beyond in zip(sides, around, strict=True) if beyond not in dark)
    return found


def _following(side: Side, sides: set[Side]) -> Side:
    """The side at which a walker goes on who keeps to the same module: to the right, else straight on, else to the left."""
    x, y, across, down = side
    x, y = x + across, y + down
    right, ahead, left = (x, y, -down, across), (x, y, across, down), (x, y, down, -across)
    return right if right in sides else ahead if ahead in sides else left
