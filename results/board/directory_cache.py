"""What the board shows that is no fact of the log: names, who agreed to theirs, firms' cards."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from timing.folder import OpenRace
from timing.race.firms import FirmCard
from timing.race.instants import SECOND, Instant
from timing.race.known_names import Names

READ_AGAIN_S: Final = 5
"""A name that is taken back must not wait for a finish."""


@dataclass(frozen=True, slots=True)
class DirectorySnapshot:
    """The directory at one moment."""

    names: Names = field(default_factory=Names)
    cards: Mapping[str, FirmCard] = field(default_factory=dict)


def directory_of(opened: OpenRace) -> DirectorySnapshot:
    """The directory now."""
    return DirectorySnapshot(opened.directory.names(), opened.directory.cards())


class DirectoryCache:
    """The same, read again every few seconds, and when the office has said something: that may be about somebody new."""

    def __init__(self, opened: OpenRace) -> None:
        self._opened, self._found = opened, DirectorySnapshot()
        self._read_at: Instant | None = None
        self._office_facts = 0

    def current(self, office_facts: int) -> DirectorySnapshot:
        """The directory, where the office has said so many facts by now; the same object while nothing changed."""
        now = self._opened.clock.now()
        fresh = self._read_at is not None and 0 <= now - self._read_at < READ_AGAIN_S * SECOND
        if not fresh or office_facts != self._office_facts:
            found = directory_of(self._opened)
            self._found = self._found if found == self._found else found
            self._read_at, self._office_facts = now, office_facts
        return self._found
