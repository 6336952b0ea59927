"""What the board shows that is no fact of the log: names, who agreed to theirs, firms' cards. Read again as often as it may cost."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from timing.firms import FirmCard
from timing.folder import OpenRace
from timing.instants import SECOND, Instant, Span, between
from timing.store.directory import Names

SHARE: Final = 10
"""Of the time, at most one part in so many goes into reading it again."""
QUIET_S: Final = 5
"""While nothing happens in the race it is looked at so often: a name that is taken back must not wait for a finish."""


@dataclass(slots=True)
class Beside:
    """The directory at one moment."""

    names: Names = field(default_factory=Names)
    cards: Mapping[str, FirmCard] = field(default_factory=dict)


def beside(opened: OpenRace) -> Beside:
    """What stands beside the log now."""
    return Beside(opened.directory.names(), opened.directory.cards())


class FreshBeside:
    """The same, read again before each version unless that takes long: then as often as leaves time for other work."""

    def __init__(self, opened: OpenRace) -> None:
        self._opened = opened
        self._found = Beside()
        self._read_at: Instant | None = None
        self._cost = Span(0)

    def now(self) -> Beside:
        """What is known, as new as it may be; the same object while nothing changed."""
        begun = self._opened.clock.now()
        if self._read_at is not None and 0 <= between(self._read_at, begun) < self._cost * SHARE:
            return self._found
        found = beside(self._opened)
        self._read_at = self._opened.clock.now()
        self._cost = between(begun, self._read_at)
        if found.names != self._found.names:
            self._found = found
        elif found.cards != self._found.cards:
            self._found = Beside(self._found.names, found.cards)
        return self._found

    def differs(self, shown: Beside) -> bool:
        """Whether something is otherwise than what is shown; read again for it if that was last done a while ago."""
        since = None if self._read_at is None else between(self._read_at, self._opened.clock.now())
        quiet = since is not None and 0 <= since < QUIET_S * SECOND
        return (self._found if quiet else self.now()) is not shown
