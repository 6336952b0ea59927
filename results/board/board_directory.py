"""What the board shows that is no fact of the log: names, consents, firms' cards; and the revision, one number of it all.

Facts have positions; these have none, so that the revision stands in the addresses of files that are kept, and open pages follow it.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec

from results.board.site import Section
from timing.folder import OpenRace
from timing.people.race_keys import key_of
from timing.race.firms import FirmCard
from timing.race.known_names import Names

REVISION_BYTES: Final = 4


@dataclass(frozen=True, slots=True)
class DirectorySnapshot:
    """The directory at one moment; cards by company id."""

    names: Names = field(default_factory=Names)
    cards: Mapping[str, FirmCard] = field(default_factory=dict)


def directory_of(opened: OpenRace) -> DirectorySnapshot:
    """The directory now."""
    return DirectorySnapshot(opened.directory.names(), opened.directory.cards())


class DirectoryCache:
    """The directory, read again when any of it was written, by whatever process."""

    def __init__(self, opened: OpenRace) -> None:
        self._opened, self._held = opened, (-1, DirectorySnapshot())

    def current(self) -> DirectorySnapshot:
        """The directory now; the same object while nothing changed."""
        edits, (known, found) = self._opened.directory.edits(), self._held
        if edits != known:  # what is written between the two reads is read once more
            read = directory_of(self._opened)
            found = found if read == found else read
            self._held = edits, found
        return found


def revision_of(key: bytes, directory: DirectorySnapshot, sections: Sequence[Section] = ()) -> int:
    """The revision, the same on every server of a race; without the race's key nobody can try names against it.

    Counts (scans, votes) are left out: no file that is kept for long holds any.
    """
    names = directory.names
    shown = [
        *(_sorted(one) for one in (names.people, names.companies, names.teams, directory.cards)),
        sorted(names.open),
        *(one.shown for one in sections),
    ]
    return int.from_bytes(hmac.digest(key, msgspec.json.encode(shown), hashlib.sha256)[:REVISION_BYTES], "big")


def _sorted(known: Mapping[str, object]) -> list[tuple[str, object]]:
    return sorted(known.items(), key=lambda one: one[0])


class Revisions:
    """The revisions of one race, computed again only when something differs."""

    def __init__(self, opened: OpenRace) -> None:
        self._key = key_of(opened.engine, opened.settings.id, "revision")
        self._last: tuple[DirectorySnapshot, Sequence[Section], int] | None = None

    def of(self, directory: DirectorySnapshot, sections: Sequence[Section] = ()) -> int:
        """The revision of these."""
        if self._last is None or self._last[0] is not directory or self._last[1] != sections:
            self._last = directory, sections, revision_of(self._key, directory, sections)
        return self._last[2]
