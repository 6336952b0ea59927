"""A full disk: a reserve file that is freed then, and a marker file that says that items are in memory only."""

import errno
import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Final

from timing.disk import free_bytes

RESERVE: Final = ".reserve"
UNSAVED: Final = ".unsaved"
SHARE: Final = 4
"""The reserve is at most 1/SHARE of the space that is free without it."""

LEAST_BYTES: Final = 100_000
"""Size of an empty outbox with its write-ahead log and that log's index."""


class Room:
    """The reserve file of one outbox, and the marker file beside it.

    The marker must fit on a full disk, so it is the emptied reserve under another name. Found when the outbox is opened, it means
    that the server may hold items of this lineage which were never written to the file.
    """

    def __init__(self, outbox: Path, reserve_bytes: int) -> None:
        self._outbox, self._most, self._busy = outbox, reserve_bytes, Lock()
        self._reserve, self._sign = outbox.with_suffix(RESERVE), outbox.with_suffix(UNSAVED)
        self.take()

    def take(self) -> None:
        """Take what the reserve lacks, as far as there is room; without any, the free space is shown as little."""
        with suppress(OSError), self._busy:
            taken = self._reserve.stat().st_size if self._reserve.exists() else 0
            if taken < self._most:
                self._enlarge(taken, min(self._most, (taken + free_bytes(self._outbox)) // SHARE))

    def free(self) -> bool:
        """Free the reserve; False when there is none."""
        with self._busy:
            return self._emptied()

    def sign(self) -> None:
        """Create the marker file, as far as a full disk allows."""
        with suppress(OSError), self._busy:
            self._emptied()
            if self._reserve.exists():
                self._reserve.rename(self._sign)
            else:
                self._sign.touch()

    def clear(self) -> None:
        """Remove the marker: everything is on the disk again."""
        with suppress(OSError):
            self._sign.unlink(missing_ok=True)

    def close(self) -> None:
        """Remove the reserve."""
        with suppress(OSError):
            self._reserve.unlink(missing_ok=True)

    def _emptied(self) -> bool:
        try:
            if not self._reserve.stat().st_size:
                return False
            os.truncate(self._reserve, 0)
        except OSError:
            return False
        return True

    def _enlarge(self, taken: int, size: int) -> None:
        with self._reserve.open("ab") as file:  # though it be empty: the marker needs it
            try:
                _fill(file.fileno(), taken, size)
            except OSError:  # the disk was fuller than it said, or there is a quota
                file.truncate(taken)
                self._most //= 2


def was_unsaved(outbox: Path) -> bool:
    """Whether the last run ended with items in memory alone."""
    return outbox.with_suffix(UNSAVED).exists()


def forget_unsaved(outbox: Path) -> None:
    """Remove the marker: the outbox goes on under another lineage."""
    outbox.with_suffix(UNSAVED).unlink(missing_ok=True)


def is_full(failure: Exception) -> bool:
    """Whether this error says that the disk is full."""
    if getattr(failure, "errno", None) in (errno.ENOSPC, errno.EDQUOT):
        return True
    return getattr(failure, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL or "full" in str(failure)


def no_room(outbox: Path) -> bool:
    """Whether the disk has too little room for an outbox's files."""
    return free_bytes(outbox) < LEAST_BYTES


def _fill(file: int, taken: int, size: int) -> None:
    """Allocate from `taken` up to `size` bytes; a sparse file would reserve nothing."""
    if hasattr(os, "posix_fallocate"):
        if size > taken:
            os.posix_fallocate(file, taken, size - taken)
        return
    for _ in range((size - taken) // 2**20):
        os.write(file, bytes(2**20))
