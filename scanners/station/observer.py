"""Observers of a station: metrics, the recorder of evidence, the operator's page. The station waits for none of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol

import numpy as np
import numpy.typing as npt

from timing.race.events import StationFact
from timing.race.instants import Instant

Picture = npt.NDArray[np.uint8]
CODE_MODULES: Final = 25  # of our URL's symbol; the border of a mark counts with its cells
MARK_CELLS: Final = 10
Corners = tuple[tuple[float, float], ...]
"""Corner points (x, y) in pixels of the frame, in order around the code."""


@dataclass(frozen=True, slots=True)
class SeenCode:
    """A code or mark in one frame: `code` as the roster has it, `module_px` the side of its smallest square."""

    code: str
    corners: Corners
    source: Literal["qr", "mark"]
    module_px: float

    @property
    def ours(self) -> bool:
        """Whether it is a bib's; a foreign text has a name that begins with `?`."""
        return not self.code.startswith("?")

    @property
    def side_px(self) -> float:
        return self.module_px * (CODE_MODULES if self.source == "qr" else MARK_CELLS)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom in pixels."""
        xs, ys = [x for x, _ in self.corners], [y for _, y in self.corners]
        return min(xs), min(ys), max(xs), max(ys)


class StationObserver(Protocol):
    """Called by the station's own thread: it must return at once, and raise nothing."""

    def on_frame(self, at: Instant, gray: Picture, seen: Sequence[SeenCode]) -> None:
        """A frame was read."""
        ...

    def on_scan(self, seq: int, code: str, fact: StationFact) -> None:
        """A visit is safe in the outbox; `code` is the code that was read, also where the fact leaves it out as doubtful."""
        ...
