"""The film that a station keeps, in segments of some seconds: the oldest go first, and it never fills the disk.

A segment's file is named by its first frame's instant (microseconds), how long it lasts and its SHA-256: what the folder holds
needs no index beside it. Files are their owner's alone, and no backup takes them along. The oldest is what was written first:
what a replayed film says of its instants makes no other film older.
"""

import hashlib
import os
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Final

from timing.disk import free_bytes
from timing.private import begin_private
from timing.race.clock import Clock, SteadyClock
from timing.race.instants import SECOND, Instant, Span, later
from timing.stations.station_status import FilmSegment

FILM: Final = "film"
"""The folder beside the outboxes, in it one for each lineage."""
SPARE: Final = 1_000_000_000
"""With fewer free bytes the oldest segment goes for each new one."""
SPARE_LEAST: Final = 600_000_000
"""With fewer none is written at all, and what is there stays; pictures of scans go on a little longer, scans to the last."""
HOUR: Final = 3_600 * SECOND
NAME: Final = re.compile(r"(\d{1,17})-(\d{1,12})-([0-9a-f]{64})\.mp4")
DRAFT: Final = re.compile(r"\.(\d{1,17})\.draft")


class FilmRing:
    """The segments of one lineage, within a size and an age."""

    def __init__(
        self,
        folder: Path,
        lineage: str,
        most_bytes: int,
        hours: float,
        free: Callable[[Path], int] = free_bytes,
        clock: Clock | None = None,
    ) -> None:
        """`folder` is the film folder beside the outbox, `clock` shows the machine's time, and does not jump with it.

        Raises:
            OSError: the folder cannot be made or read.
        """
        self._folder, self._most, self._longest, self._free = folder / lineage, most_bytes, round(hours * HOUR), free
        self._clock = clock or SteadyClock()
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for draft in self._folder.glob(
            ".*.draft"
        ):  # an earlier run was ended in the midst of it: it plays as far as it goes
            self._take_over(draft)
        self._lock = Lock()
        found = {one: self._written(one) for one in segments(self._folder)}
        self._kept = dict(sorted(found.items(), key=lambda one: one[1]))
        self._bytes = sum(one.size for one in self._kept)

    @property
    def kept(self) -> list[FilmSegment]:
        """The segments held, what was written first at the front."""
        with self._lock:
            return list(self._kept)

    def room(self) -> bool:
        """Make room for a segment as large as the last; False when the disk has none to spare.

        Raises:
            OSError: the disk does not answer.
        """
        with self._lock:
            too_old = self._clock.now() - self._longest
            while self._kept and (self._is_full() or self._kept[self._oldest] < too_old):
                self._drop(self._oldest)
            free = self._free(self._folder)
            if self._kept and SPARE_LEAST <= free < SPARE:
                self._drop(self._oldest)
        return free >= SPARE_LEAST

    def begin(self, at: Instant) -> Path:
        """The file of a new segment, empty and private.

        Raises:
            OSError: the disk does not take it.
        """
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self._folder / f".{at}.draft"
        draft.unlink(missing_ok=True)
        begin_private(draft)
        return draft

    def finish(self, draft: Path, lasting: Span) -> FilmSegment:
        """Take in a segment that is written to its end.

        Raises:
            OSError: the disk does not take it.
        """
        segment = _finished(draft, lasting)
        with self._lock:
            if self._kept.pop(segment, None) is None:  # else the very same film was replayed
                self._bytes += segment.size
            self._kept[segment] = self._clock.now()
        return segment

    def delete_begun(self, before: Instant) -> None:
        """Delete the segments that began before an instant.

        Raises:
            OSError: a file cannot be deleted.
        """
        with self._lock:
            for one in [one for one in self._kept if one.start < before]:
                self._drop(one)

    def _is_full(self) -> bool:
        return self._bytes + next(reversed(self._kept)).size > self._most

    @property
    def _oldest(self) -> FilmSegment:
        return next(iter(self._kept))

    def _written(self, one: FilmSegment) -> Instant:
        """When a segment of an earlier run was written, as its file says; long ago where somebody took that away."""
        with suppress(FileNotFoundError):
            return Instant((self._folder / name_of(one)).stat().st_mtime_ns // 1_000)
        return Instant(0)

    def _drop(self, one: FilmSegment) -> None:
        (self._folder / name_of(one)).unlink(missing_ok=True)
        del self._kept[one]
        self._bytes -= one.size

    def _take_over(self, draft: Path) -> None:
        from scanners.cameras.video import last_ms  # only where something was left over

        found = DRAFT.fullmatch(draft.name)
        lasting = last_ms(draft) if found else None
        with suppress(OSError):
            if lasting is None:
                draft.unlink()
            else:
                _finished(draft, Span(round(lasting * 1_000)))


def segments(folder: Path) -> list[FilmSegment]:
    """The segments in a lineage's folder, the oldest first; none where there is no folder."""
    found = ((NAME.fullmatch(file.name), file) for file in folder.glob("*.mp4"))
    kept = []
    for name, file in found:
        with suppress(FileNotFoundError):
            if name:
                kept.append(FilmSegment(Instant(int(name[1])), Span(int(name[2])), name[3], file.stat().st_size))
    return sorted(kept, key=lambda one: one.start)


def name_of(segment: FilmSegment) -> str:
    return f"{segment.start}-{segment.lasting}-{segment.sha256}.mp4"


def delete_film(folder: Path, before: Instant) -> int:
    """Delete the segments in a lineage's folder that began before an instant; returns how many.

    Raises:
        OSError: a file cannot be deleted.
    """
    gone = [one for one in segments(folder) if one.start < before]
    for one in gone:
        (folder / name_of(one)).unlink(missing_ok=True)
    return len(gone)


def _finished(draft: Path, lasting: Span) -> FilmSegment:
    found = DRAFT.fullmatch(draft.name)
    assert found
    with draft.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        size = os.fstat(file.fileno()).st_size
    segment = FilmSegment(Instant(int(found[1])), lasting, sha256, size)
    draft.replace(draft.with_name(name_of(segment)))
    return segment


def overlapping(kept: list[FilmSegment], since: Instant, until: Instant) -> list[FilmSegment]:
    """The segments that hold anything of this time."""
    return [one for one in kept if one.start <= until and since <= later(one.start, one.lasting)]
