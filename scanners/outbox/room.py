"""Room on the disk for when it is full: a reserve that is freed then, and a sign that something is in memory alone."""

import errno
import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Final

from timing.disk import free_bytes

RESERVE: Final = ".reserve"
UNSAVED: Final = ".unsaved"
SHARE: Final = 4
"""A reserve takes no more than this part of what is free: a small disk is for scans."""

LEAST_BYTES: Final = 100_000
"""What an empty outbox takes, with its write-ahead log and the index of that."""


class Room:
    """The reserve of one outbox, and the sign beside it.

    The sign must find room on a full disk: it is the emptied reserve under another name. Whoever finds it when the outbox is opened
    knows that the server may hold items of this lineage which the file never got.
    """

    def __init__(self, outbox: Path, reserve_bytes: int) -> None:
        self._reserve, self._sign = outbox.with_suffix(RESERVE), outbox.with_suffix(UNSAVED)
        if reserve_bytes:
            with suppress(OSError):  # then there is none, and the free space is shown as little
                self._take(min(reserve_bytes, free_bytes(outbox) // SHARE))

    def free(self) -> bool:
        """Give the reserve back to the disk; False when there is nothing to give."""
        try:
            if not self._reserve.stat().st_size:
                return False
            os.truncate(self._reserve, 0)
        except OSError:
            return False
        return True

    def sign(self) -> None:
        """Leave the sign, as well as a full disk allows."""
        with suppress(OSError):
            if self._reserve.exists():
                self._reserve.rename(self._sign)
            else:
                self._sign.touch()

    def clear(self) -> None:
        """All is on the disk again."""
        with suppress(OSError):
            self._sign.unlink(missing_ok=True)

    def close(self) -> None:
        """Nothing more is kept: the reserve is nobody's any longer."""
        with suppress(OSError):
            self._reserve.unlink(missing_ok=True)

    def _take(self, size: int) -> None:
        with self._reserve.open("wb") as file:
            try:
                _fill(file.fileno(), size)
            except OSError:  # the disk was fuller than it said
                file.truncate(0)


def was_unsaved(outbox: Path) -> bool:
    """Whether the last run ended with items in memory alone."""
    return outbox.with_suffix(UNSAVED).exists()


def forget_unsaved(outbox: Path) -> None:
    """The outbox has gone on under another lineage."""
    outbox.with_suffix(UNSAVED).unlink(missing_ok=True)


def is_full(failure: Exception) -> bool:
    """Whether the disk takes nothing more."""
    if getattr(failure, "errno", None) in (errno.ENOSPC, errno.EDQUOT):
        return True
    return getattr(failure, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL or "full" in str(failure)


def no_room(outbox: Path) -> bool:
    """Whether the outbox's disk has no room for its files, whatever it said when they could not be made."""
    return free_bytes(outbox) < LEAST_BYTES


def _fill(file: int, size: int) -> None:
    """So many bytes that are truly there: a hole in a file keeps no room."""
    if hasattr(os, "posix_fallocate"):
        if size:
            os.posix_fallocate(file, 0, size)
        return
    for _ in range(size // 2**20):
        os.write(file, bytes(2**20))
