"""What the office asks of the printer of bibs, which the server hands to it."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, Literal, NamedTuple

from timing.folder import OpenRace
from timing.language import Text
from timing.race.events import Role

SPARES: Final = "spare"
"""Stands for a firm's id where the spares' packet is meant."""

Output = Literal["plain", "shop", "office"]


class BibOrder(NamedTuple):
    """How the office wants bibs printed; see the options of `marathon bibs`."""

    layout: str = ""
    output: Output = "plain"
    marks: bool = False
    only_new: bool = False
    reprint: tuple[int, ...] = ()
    firms: tuple[str, ...] = ()
    """Ids, or `SPARES`; none means all."""
    spares: int = 0
    by: str = ""
    role: Role = "director"


class PrintedBibs(NamedTuple):
    """What was printed: files by the names under which they are packed, and what to read beside them."""

    files: Mapping[str, Path]
    notes: Sequence[Text]


class PrintedPacket(NamedTuple):
    """A firm's packet as it lies on the disk: its bibs' codes, the layout's name, the files by their names."""

    codes: frozenset[str]
    layout: str
    files: Mapping[str, Path]


Steps = Callable[[int], Callable[[int], object]]
"""Hears how many steps there are, and gives what is told of each number of them."""


class BibPrinter(NamedTuple):
    """The printer's doors."""

    layouts: Callable[[], Sequence[tuple[str, Text]]]
    """The names of the layouts that come with the program, and their titles."""
    packets: Callable[[OpenRace], Mapping[str, PrintedPacket]]
    """Every packet by its firm's id."""
    print: Callable[[OpenRace, BibOrder, Steps], PrintedBibs]
    """Draws and proves; RaceError where it cannot be, or a page would not say what it should."""
