"""A firm's QR ready to draw: its design with the logo's file read, its modules, and where the logo stands."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from bibs.design.gate import Inks, channels, digest_of, inks, passed
from bibs.design.logo import Logo, read_logo
from bibs.design.shapes import Rows, hole_of, without_middle
from bibs.drawing.symbol import modules
from timing.errors import RaceError
from timing.firms import PLAIN, WHITE, Design
from timing.language import _

LOGOS: Final = "logos"
"""The folder in the race folder where firms' logos are kept."""


class NotMeasured(RaceError):
    """A design's logo or size, or the gate, changed since it was measured."""

    def __init__(self, firm: str) -> None:
        super().__init__(
            _(
                "the QR design of {firm} changed since it was measured (its logo, host, or the gate); measure it again with `marathon firm set {firm}`",
                firm=firm,
            ),
        )


@dataclass(frozen=True)
class Look:
    """How a firm's QR is drawn."""

    design: Design = PLAIN
    logo: Logo | None = None
    level_h: bool = False
    """Level H also without a logo, to compare with."""

    @property
    def strong(self) -> bool:
        """Whether the code must bear the loss of its middle."""
        return bool(self.logo) or self.level_h

    def modules(self, text: str) -> Rows:
        """The dark modules, those behind the logo taken away."""
        rows = modules(text, strong=self.strong)
        return without_middle(rows, self.hole(len(rows))) if self.logo else rows

    def hole(self, side: int) -> int:
        """The logo's place in modules; 0 without one."""
        return hole_of(side, self.design.logo_percent) if self.logo else 0

    def digest(self, side: int) -> str:
        return digest_of(self.design, self.logo.data if self.logo else b"", side)

    def passed(self, text: str) -> bool:
        """Whether this very look was measured, at the size that the text asks for."""
        return self.design.plain or passed(self.design, self.digest(len(self.modules(text))))

    @cached_property
    def ink(self) -> Inks:
        return inks(channels(self.design.colour))

    @cached_property
    def ground(self) -> Inks | None:
        """The ink between the modules; None for the paper's white."""
        return None if self.design.ground == WHITE else inks(channels(self.design.ground))


PLAIN_LOOK: Final = Look()


def look_of(design: Design, root: Path) -> Look:
    """The look of a kept design; `root` is the race folder.

    Raises:
        Unreachable, WrongUse: the logo's file is gone or is no logo any more.
    """
    return Look(design, read_logo(root / LOGOS / design.logo)) if design.logo else Look(design)
