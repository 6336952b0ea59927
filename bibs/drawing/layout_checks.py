"""Looks whether a bib of this layout could be printed and read: boxes within the page, white around QR and mark. Pure."""

from collections.abc import Iterator
from itertools import combinations
from typing import Final, NamedTuple

from bibs.design.symbol import QUIET_MODULES
from bibs.drawing.layout import DIGIT_WIDTH, HOLE_MM, Area, BibLayout, widened
from timing.errors import WrongUse
from timing.language import Text, _, listed
from timing.race.marks import SIDE

NUMBER_MM: Final = 50.0  # of the digits' height; what spectators and an announcer read from across the street
CODE_MM: Final = 90.0  # the least side that was measured for a fast finish
CODE_BESIDE_MARK_MM: Final = 80.0  # the mark is read from farther and catches what the code misses
MARK_MM: Final = 60.0
OVERSHOOT: Final = 0.03  # of its height: so far round digits reach out of the number's box
DIGITS: Final = 4
CAP_HEIGHT: Final = 0.77
NARROWEST: Final = 0.85


class LayoutFinding(NamedTuple):
    """What is wrong or weak in a layout."""

    text: Text


def checked(layout: BibLayout, modules: int) -> BibLayout:
    """The layout itself, when bibs can be printed from it; the QR has so many modules a side.

    Raises:
        WrongUse: a box lies outside the page or in the white that a QR or a mark needs.
    """
    found = list(faults(layout, modules))
    if found:
        raise WrongUse(
            _("the layout cannot be used: {faults}", faults=listed((fault.text for fault in found), "; ")),
        )
    return layout


def faults(layout: BibLayout, modules: int) -> Iterator[LayoutFinding]:
    """What forbids a layout, box by box."""
    for name, box in layout.boxes().items():
        if box.width <= 0 or box.height <= 0:
            yield LayoutFinding(_("{name} has no size", name=name))
        elif not layout.page.holds(box):
            yield LayoutFinding(_("{name} reaches out of the page", name=name))
    squares = {"code": (layout.code, quiet_mm(layout, modules))}
    squares |= {
        name: (box, ring_mm(box)) for name, box in (("mark", layout.mark), ("second_mark", layout.second_mark)) if box
    }
    for name, (square, white) in squares.items():
        if abs(square.width - square.height) > 0.01:
            yield LayoutFinding(_("{name} must be square", name=name))
        yield from _crowded(layout, name, widened(square, white))
    if layout.second_mark and not layout.mark:
        yield LayoutFinding(_("a second_mark stands beside a mark, not alone"))
    yield from _overlaps(layout)


def _crowded(layout: BibLayout, name: str, white: Area) -> Iterator[LayoutFinding]:
    """What stands in the white around the QR or a mark."""
    if not layout.page.holds(white):
        yield LayoutFinding(_("the white around {name} reaches out of the page", name=name))
    around = layout.boxes() | {"number": widened(layout.number, layout.number.height * OVERSHOOT)}
    around |= {f"holes[{at}]": _hole(hole) for at, hole in enumerate(layout.holes)}
    around.pop(name)
    for neighbour, box in around.items():
        if white.meets(box):
            yield LayoutFinding(
                _("{neighbour} stands in the white around {name}", neighbour=neighbour, name=name),
            )


def _overlaps(layout: BibLayout) -> Iterator[LayoutFinding]:
    """Texts on each other; a text may stand on the band or the foot, but not half on it."""
    for (one, first), (other, second) in combinations(layout.texts().items(), 2):
        if first.meets(second):
            yield LayoutFinding(_("{one} and {other} overlap", one=one, other=other))
    for ground in ("band", "foot"):
        filled = getattr(layout, ground)
        for name, box in layout.texts().items():
            if filled and filled.meets(box) and not filled.holds(box):
                yield LayoutFinding(_("{name} lies half on {ground}", name=name, ground=ground))
    for at, hole in enumerate(layout.holes):
        for name, box in layout.texts().items():
            if _hole(hole).meets(box):
                yield LayoutFinding(_("holes[{at}] goes through {name}", at=at, name=name))


def advice(layout: BibLayout, modules: int) -> Iterator[LayoutFinding]:
    """What an organiser should know about a layout that may be printed."""
    digits = digits_mm(layout)
    if digits < NUMBER_MM - 1:
        yield LayoutFinding(
            _(
                "a number of {digits} digits is {digits2:.0f} mm high, {number_mm:.0f} mm is advised",
                digits=DIGITS,
                digits2=digits,
                number_mm=NUMBER_MM,
            ),
        )
    if layout.code.width < (code_mm := CODE_BESIDE_MARK_MM if layout.mark else CODE_MM):
        yield LayoutFinding(
            _(
                "the QR is {width:g} mm (a module {layout:.2f} mm); runners need {code_mm:.0f} mm or more",
                width=layout.code.width,
                layout=module_mm(layout, modules),
                code_mm=code_mm,
            ),
        )
    if layout.mark is None:
        yield LayoutFinding(_("there is no mark to catch what the QR misses"))
    elif layout.mark.width < MARK_MM:
        yield LayoutFinding(
            _(
                "the mark is {width:g} mm, {mark_mm:.0f} mm or more is advised",
                width=layout.mark.width,
                mark_mm=MARK_MM,
            ),
        )


def module_mm(layout: BibLayout, modules: int) -> float:
    """The side of one of the QR's modules."""
    return layout.code.width / modules


def quiet_mm(layout: BibLayout, modules: int) -> float:
    """The white that a QR needs on every side (ISO/IEC 18004: 4 modules)."""
    return QUIET_MODULES * module_mm(layout, modules)


def ring_mm(mark: Area) -> float:
    """The white that a mark needs on every side: one of its cells."""
    return mark.width / (SIDE + 2)


def digits_mm(layout: BibLayout) -> float:
    """How high the digits of a number of four come out."""
    natural = layout.number.height * DIGITS * DIGIT_WIDTH / CAP_HEIGHT
    return layout.number.height * min(1.0, layout.number.width / (natural * NARROWEST))


def _hole(at: tuple[float, float]) -> Area:
    return Area(at[0] - HOLE_MM, at[1] - HOLE_MM, 2 * HOLE_MM, 2 * HOLE_MM)
