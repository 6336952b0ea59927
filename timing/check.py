"""The result of one check of `marathon doctor`."""

from dataclasses import dataclass
from enum import Enum

from timing.language import Text


class CheckState(Enum):
    """The state of a part: good, advice, or missing."""

    GOOD = "✓"
    ADVICE = "!"
    MISSING = "✗"


@dataclass(frozen=True, slots=True)
class Check:
    """One part: its name, its state and a sentence."""

    part: str
    state: CheckState
    text: Text

    def __str__(self) -> str:
        return f"{self.state.value} {self.part}: {self.text}"
