"""A firm's QR ready to draw: its design with the logo's file read, its modules, and where the logo stands."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import msgspec

from bibs.design.colours import Inks, channels, inks
from bibs.design.logo import Logo, read_logo
from bibs.design.outline import Rows, hole_of, without_middle
from bibs.design.symbol import modules
from timing.race.firms import PLAIN, WHITE, Design

LOGOS: Final = "logos"
"""The folder in the race folder where firms' logos are kept."""
RULES_VERSION: Final = 2
"""Of `bibs.firms.qr_acceptance`; designs accepted by other rules are tried anew."""


@dataclass(frozen=True)
class QrStyle:
    """How a firm's QR is drawn; its logo stands beside the firm's name, and in the QR as far as the design says."""

    design: Design = PLAIN
    logo: Logo | None = None

    @property
    def inner_logo(self) -> Logo | None:
        """The logo in the middle of the QR."""
        return self.logo if self.design.logo_percent else None

    def modules(self, text: str) -> Rows:
        """The dark modules, those behind the logo taken away; level H bears that loss."""
        rows = modules(text, strong=bool(self.inner_logo))
        return without_middle(rows, self.hole(len(rows))) if self.inner_logo else rows

    def hole(self, side: int) -> int:
        """The logo's place in modules; 0 without one."""
        return hole_of(side, self.design.logo_percent) if self.inner_logo else 0

    def digest(self, text: str) -> str:
        """Of what was tried: the design, the logo's bytes, the size of a symbol of such a text, and the rules."""
        inner = self.inner_logo
        drawn = msgspec.structs.replace(self.design, accepted="", logo=inner.sha256 if inner else "")
        return hashlib.sha256(msgspec.json.encode((RULES_VERSION, len(self.modules(text)), drawn))).hexdigest()

    def accepted(self, text: str) -> bool:
        """Whether this very look was accepted, at the size that the text asks for."""
        return self.design.plain or self.design.accepted == self.digest(text)

    @cached_property
    def ink(self) -> Inks:
        return inks(channels(self.design.colour))

    @cached_property
    def ground(self) -> Inks | None:
        """The ink between the modules; None for the paper's white."""
        return None if self.design.ground == WHITE else inks(channels(self.design.ground))


PLAIN_LOOK: Final = QrStyle()


def look_of(design: Design, root: Path) -> QrStyle:
    """The look of a kept design; `root` is the race folder.

    Raises:
        Unreachable, WrongUse: the logo's file is gone or is no logo any more.
    """
    return QrStyle(design, read_logo(root / LOGOS / design.logo)) if design.logo else QrStyle(design)
