"""Where things stand on a bib, in millimetres from its top left corner: a layout is a TOML file, ours or an organiser's own."""

import tomllib
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from timing.errors import Unreachable, WrongUse
from timing.language import Text, _, pair

SHIPPED: Final = Path(__file__).parent / "layouts"
DEFAULT_NAME: Final = "240x200"
DIGIT_WIDTH: Final = 0.606
"""Of the font size: how wide a heavy digit is, in the faces we print with."""

HOLE_MM: Final = 2.5
"""The radius of a hole to pin the bib through."""


class Area(Struct, frozen=True, array_like=True):
    """A rectangle in millimetres; `y` grows downwards, as on paper."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def holds(self, other: "Area") -> bool:
        """Whether the other lies inside, a hair's breadth aside."""
        hair = 1e-6
        beyond = other.right > self.right + hair or other.bottom > self.bottom + hair
        return not beyond and other.x >= self.x - hair and other.y >= self.y - hair

    def meets(self, other: "Area") -> bool:
        """Whether the two have a part in common; edges may touch."""
        return (
            min(self.right, other.right) - max(self.x, other.x) > 1e-6
            and min(self.bottom, other.bottom) - max(self.y, other.y) > 1e-6
        )

    def moved(self, x: float, y: float) -> "Area":
        return Area(self.x + x, self.y + y, self.width, self.height)


class BibLayout(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One bib: its size and the boxes of what it holds; a box that is None is not printed.

    The mark may stand twice: in the middle, which an open jacket shows, and at the side, which a necktie leaves free.
    """

    title: str
    title_en: str = ""
    """The title in English; `title` where there is none."""
    width: float
    height: float
    company: Area
    number: Area
    code: Area
    name: Area
    typed: Area
    mark: Area | None = None
    second_mark: Area | None = None
    """The mark once more, where dress that hides the one leaves the other."""
    band: Area | None = None
    logo: Area | None = None
    """The firm's logo at the left end of its name's box, as wide as this at most; the name stands beside it."""
    foot: Area | None = None
    event: Area | None = None
    course: Area | None = None
    team: Area | None = None
    invitation: Area | None = None
    host: Area | None = None
    holes: tuple[tuple[float, float], ...] = ()

    @property
    def label(self) -> Text:
        """The title in the reader's language."""
        return pair(self.title, self.title_en or self.title)

    @property
    def page(self) -> Area:
        return Area(0, 0, self.width, self.height)

    @property
    def marks(self) -> tuple[Area, ...]:
        """Where the mark stands: nowhere, once or twice."""
        return tuple(box for box in (self.mark, self.second_mark) if box)

    def boxes(self) -> dict[str, Area]:
        """Every box that is printed, by its name in the file."""
        told = {name: getattr(self, name) for name in self.__struct_fields__}
        return {name: box for name, box in told.items() if isinstance(box, Area)}

    def texts(self) -> dict[str, Area]:
        """The boxes that hold a line of text."""
        shapes = {"code", "mark", "second_mark", "logo", "band", "foot"}
        return {name: box for name, box in self.boxes().items() if name not in shapes}


def widened(box: Area, margin: float) -> Area:
    """The box with so much around it."""
    return Area(box.x - margin, box.y - margin, box.width + 2 * margin, box.height + 2 * margin)


def read_layout(path: Path) -> BibLayout:
    """A layout as its file says it.

    Raises:
        Unreachable: there is no such file.
        WrongUse: it is no layout; the message names the box.
    """
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), BibLayout)
    except OSError as failure:
        raise Unreachable(_("cannot read {path}: {failure}", path=path, failure=failure)) from failure
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as wrong:
        raise WrongUse(
            _("{name}: no layout: {wrong}; a box is [x, y, width, height] in mm", name=path.name, wrong=wrong),
        ) from wrong


def shipped() -> dict[str, BibLayout]:
    """The layouts that come with the program, by their names."""
    return {path.stem: read_layout(path) for path in sorted(SHIPPED.glob("*.toml"))}


def layout_named(name: str, folder: Path) -> BibLayout:
    """One of ours by its name (empty: the default), or the one in a file, whose path may count from `folder`.

    Raises:
        Unreachable, WrongUse: there is none, or it is no layout.
    """
    if not name.lower().endswith(".toml"):
        path = SHIPPED / f"{(name or DEFAULT_NAME).lower()}.toml"
        if path.parent != SHIPPED or not path.is_file():
            known = ", ".join(shipped())
            raise WrongUse(
                _("no layout {name!r}; there are {known}, or name a FILE.toml", name=name, known=known),
            )
        return read_layout(path)
    return read_layout(path if (path := Path(name)).is_file() else folder / name)


DEFAULT_LAYOUT: Final = read_layout(SHIPPED / f"{DEFAULT_NAME}.toml")
