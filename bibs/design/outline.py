"""The outlines of a QR's modules in a firm's shape, as one path in modules from the symbol's top left. Pure."""

from collections.abc import Iterator
from typing import Final, Literal

from bibs.design.symbol import rectangles
from timing.race.firms import Shape

Rows = list[list[bool]]
Step = tuple[Literal["move", "line", "curve", "close"], tuple[float, ...]]
"""One step of a path: a curve's numbers are two control points and its end."""

FINDER: Final = 7
ARM: Final = 0.2761  # half of 0.5523, the arm of a quarter circle's cubic of radius one
CORNERS: Final = ((0, 0, 1, 0), (1, 0, 0, 1), (1, 1, -1, 0), (0, 1, 0, -1))
"""Of a module, clockwise: the corner and the direction of the side that leaves it."""


def outline(rows: Rows, shape: Shape) -> Iterator[Step]:
    """The dark modules but for the dots; the finder patterns, by which a reader recognises a code, keep their corners."""
    if shape == "square":
        yield from _squares(rows)
        return
    yield from _squares(_finders(rows, kept=True))
    if shape == "rounded":
        yield from _rounded(_finders(rows, kept=False))


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


def _squares(rows: Rows) -> Iterator[Step]:
    for dark in rectangles(rows):
        right, bottom = dark.x + dark.width, dark.y + dark.height
        yield "move", (dark.x, dark.y)
        for corner in ((right, dark.y), (right, bottom), (dark.x, bottom)):
            yield "line", corner
        yield "close", ()


def _rounded(rows: Rows) -> Iterator[Step]:
    """Each module by itself, those corners rounded by half a module that touch no other; one path leaves no hairlines."""
    dark = {(x, y) for y, row in enumerate(rows) for x, here in enumerate(row) if here}
    for x, y in sorted(dark):
        yield "move", (x, y + 0.5)
        for right, down, across, along in CORNERS:
            beside, before = (x + along, y - across), (x - across, y - along)
            yield from _corner(x + right, y + down, across, along, round_=not {beside, before} & dark)
        yield "close", ()


def _corner(x: int, y: int, across: int, along: int, round_: bool) -> Iterator[Step]:
    """From half a module before a corner to half a module after it; the way comes in a quarter turn to the left of (across, along)."""
    if not round_:
        yield "line", (x, y)
        return
    into, arm = (along, -across), 0.5 - ARM
    end = (x + across / 2, y + along / 2)
    yield "line", (x - into[0] / 2, y - into[1] / 2)
    yield "curve", (x - into[0] * arm, y - into[1] * arm, x + across * arm, y + along * arm, *end)
