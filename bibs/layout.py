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
    """One bib: its size and the boxes of what it holds."""

    width: float = 240
    height: float = 200
    band: Box = Box(0, 0, 240, 26)
    event: Box = Box(20, 3.5, 140, 5)
    course: Box = Box(160, 3.5, 60, 5)
    company: Box = Box(20, 10, 200, 13)
    number: Box = Box(12, 28.2, 216, 50.7)  # round digits reach 1.5 mm out of it, not into the code's white
    code: Box = Box(34, 95, 90, 90)  # the symbol; its quiet zone of 4 modules (14.4 mm) stays white around it
    name: Box = Box(146, 90, 84, 27)
    team: Box = Box(146, 123, 84, 9)
    firm: Box = Box(146, 139, 84, 12)
    invitation: Box = Box(146, 158, 84, 5)
    host: Box = Box(146, 166, 84, 5)
    typed: Box = Box(146, 177, 84, 7)
    holes: tuple[tuple[float, float], ...] = ((8, 12), (232, 12), (8, 192), (232, 192))


DEFAULT_LAYOUT = BibLayout()
