"""The revision: one small number of what the board shows beside the log, so that no address and no open page outlives it.

Facts have positions; names, who agreed to theirs, firms' cards and what features show have none. Counts (scans, votes)
are left out: no address that is kept for ever holds any.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from results.board.directory_cache import DirectorySnapshot
from results.board.site import Section
from timing.folder import OpenRace
from timing.people.race_keys import key_of

REVISION_BYTES: Final = 4


def revision_of(key: bytes, around: DirectorySnapshot, sections: Sequence[Section] = ()) -> int:
    """The number, the same on every server of a race; without the race's key nobody can try names against it."""
    names, cards = around.names, around.cards
    told = [
        *(_sorted(one) for one in (names.people, names.companies, names.teams, cards)),
        sorted(names.open),
        *(one.shown for one in sections),
    ]
    return int.from_bytes(hmac.digest(key, msgspec.json.encode(told), hashlib.sha256)[:REVISION_BYTES], "big")


def same(before: Sequence[Section], now: Sequence[Section]) -> bool:
    """Whether nothing that features show changed."""
    return len(before) == len(now) and all(one is another for one, another in zip(before, now, strict=True))


def _sorted(known: Mapping[str, object]) -> list[tuple[str, object]]:
    return sorted(known.items(), key=lambda one: one[0])


class Revisions:
    """The revisions of one race; worked out again only when something is another than before."""

    def __init__(self, opened: OpenRace) -> None:
        self._key = key_of(opened.engine, opened.settings.id, "revision")
        self._last: tuple[DirectorySnapshot, Sequence[Section], int] | None = None

    def of(self, around: DirectorySnapshot, sections: Sequence[Section] = ()) -> int:
        if self._last is None or self._last[0] is not around or not same(self._last[1], sections):
            self._last = around, sections, revision_of(self._key, around, sections)
        return self._last[2]
