"""Upright rectangles in a picture, and where a bib's parts lie from one another. Pure."""

from collections.abc import Iterable
from typing import Final, NamedTuple

Point = tuple[float, float]
Corners = tuple[Point, ...]
"""Four points in pixels, clockwise from the upper left of what they surround, however it was held."""


class PixelBox(NamedTuple):
    """A rectangle in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> Point:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def grown(self, by: float) -> "PixelBox":
        """Wider and higher by this part of itself on every side."""
        x, y = by * self.width, by * self.height
        return PixelBox(self.left - x, self.top - y, self.right + x, self.bottom + y)

    def mirrored(self, width: float) -> "PixelBox":
        """The same in a picture so wide whose left is right."""
        return PixelBox(width - self.right, self.top, width - self.left, self.bottom)

    def holds(self, point: Point) -> bool:
        return self.left <= point[0] <= self.right and self.top <= point[1] <= self.bottom

    def cut(self, width: int, height: int) -> tuple[slice, slice] | None:
        """The rows and columns of a picture of this size inside the rectangle; None where too little of it is inside."""
        top, bottom = max(0, int(self.top)), min(height, int(self.bottom) + 1)
        left, right = max(0, int(self.left)), min(width, int(self.right) + 1)
        return (slice(top, bottom), slice(left, right)) if bottom - top >= LEAST_PX <= right - left else None


LEAST_PX: Final = 16

Plan = tuple[float, float, float, float]
"""Left, top, right and bottom of a place on the bib, in sides of the code or mark it is seen from, from that one's middle."""

BIB_FROM_CODE: Final[Plan] = (-0.9, -1.6, 2.2, 0.8)
BIB_FROM_MARK: Final[Plan] = (-2.7, -2.2, 1.1, 1.05)
MARK_FROM_CODE: Final[Plan] = (0.5, -0.8, 2.05, 0.8)
CODE_FROM_MARK: Final[Plan] = (-3.2, -0.95, -0.4, 0.95)
"""Of the default sheet, whose mark stands twice, both times right of its code; with room for the other layouts."""

MARK_MIDDLE_FROM_CODE: Final[Plan] = (0.75, -0.55, 1.8, 0.55)
MARK_SIDE_FROM_CODE: Final = (0.55, 1.35)
"""Where, and of what size, the mark beside a code must be if it is on the same bib."""


TWIN_ASIDE: Final = 67.1 / 61
"""On the default sheet, how many of its sides a mark lies beside its twin."""
TWIN_OFF: Final = 0.25  # sides by which it may seem to lie elsewhere, as a chest is round
TWIN_SIZES: Final = 1.3  # one may look so many times as large as the other


def around(points: Iterable[Point]) -> PixelBox:
    xs, ys = zip(*points, strict=True)
    return PixelBox(min(xs), min(ys), max(xs), max(ys))


def moved(corners: Corners, by: Point) -> Corners:
    return tuple((x + by[0], y + by[1]) for x, y in corners)


def placed(corners: Corners, plan: Plan) -> PixelBox:
    """The box around a place on the bib, seen from the corners of its code or mark."""
    (x, y), across, down = _axes(corners)
    left, top, right, bottom = plan
    return around(
        (x + u * across[0] + v * down[0], y + u * across[1] + v * down[1])
        for u, v in ((left, top), (right, top), (right, bottom), (left, bottom))
    )


def steps(corners: Corners, point: Point) -> Point:
    """How many sides a point lies to the right of the middle of these corners and below it, as the bib is held."""
    (x, y), across, down = _axes(corners)
    dx, dy = point[0] - x, point[1] - y
    area = across[0] * down[1] - across[1] * down[0]
    if not area:
        return float("inf"), float("inf")
    return (dx * down[1] - dy * down[0]) / area, (across[0] * dy - across[1] * dx) / area


def middle_of(corners: Corners) -> Point:
    return _axes(corners)[0]


def inside(corners: Corners, point: Point) -> bool:
    u, v = steps(corners, point)
    return abs(u) <= 0.5 and abs(v) <= 0.5


def on_one_bib(code: Corners, code_px: float, mark: Corners, mark_px: float) -> bool:
    """Whether a mark lies where the bib with this code has its mark. Another runner's cannot: that bib would hide the code."""
    left, top, right, bottom = MARK_MIDDLE_FROM_CODE
    u, v = steps(code, middle_of(mark))
    least, most = MARK_SIDE_FROM_CODE
    return left <= u <= right and top <= v <= bottom and least * code_px <= mark_px <= most * code_px


def side_by_side(mark: Corners, mark_px: float, other: Corners, other_px: float) -> bool:
    """Whether two marks lie where the default sheet bears one mark twice."""
    u, v = steps(mark, middle_of(other))
    alike = max(mark_px, other_px) <= TWIN_SIZES * min(mark_px, other_px)
    return alike and abs(abs(u) - TWIN_ASIDE) <= TWIN_OFF and abs(v) <= TWIN_OFF


def _axes(corners: Corners) -> tuple[Point, Point, Point]:
    """The middle, and the way from the left side to the right one and from the upper to the lower."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = corners
    middle = (ax + bx + cx + dx) / 4, (ay + by + cy + dy) / 4
    across = (bx + cx - ax - dx) / 2, (by + cy - ay - dy) / 2
    down = (cx + dx - ax - bx) / 2, (cy + dy - ay - by) / 2
    return middle, across, down
