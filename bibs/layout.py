"""Where things stand on a bib, in millimetres from its top left corner."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in millimetres; `y` grows downwards, as on paper."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class BibLayout:
    """One bib: its size and the boxes of what it holds; `mark` is None on a bib without one.

    The QR stands near the middle of the chest, where cloth lies flattest, and the mark, which bears more, at its side.
    """

    width: float = 240
    height: float = 200
    band: Box = Box(0, 0, 240, 11)
    company: Box = Box(15, 1.2, 150, 8.6)
    event: Box = Box(168, 1.3, 57, 4.3)
    course: Box = Box(168, 6.2, 57, 3.5)
    number: Box = Box(10, 14.6, 220, 50.1)  # round digits reach 1.4 mm out of it, not into the code's white
    code: Box = Box(34, 84, 90, 90)  # the symbol; its quiet zone of 4 modules (14.4 mm) stays white around it
    mark: Box | None = Box(150, 89, 80, 80)  # the dark border; white of one cell (8 mm) stays around it
    name: Box = Box(150, 69, 80, 10.5)
    team: Box = Box(150, 178.8, 80, 7)
    foot: Box = Box(0, 189, 240, 11)
    invitation: Box = Box(34, 190.6, 92, 4.2)
    host: Box = Box(34, 195.2, 92, 3.2)
    typed: Box = Box(150, 191.6, 75, 5.8)
    holes: tuple[tuple[float, float], ...] = ((7, 5.5), (233, 5.5), (7, 194.5), (233, 194.5))


DEFAULT_LAYOUT = BibLayout()


def widened(box: Box, margin: float) -> Box:
    """The box with so much around it."""
    return Box(box.x - margin, box.y - margin, box.width + 2 * margin, box.height + 2 * margin)
