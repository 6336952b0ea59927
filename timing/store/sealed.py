"""File permissions of the race's SQLite file, and reading it where it is write-protected.

A file that cannot be written, or lies where nothing can be, is read through a copy of our own: SQLite itself opens no such
database while a `-wal` lies beside it or is missing, and an older one could not be brought up to date.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from weakref import finalize

from sqlalchemy import URL, Engine

from timing.errors import Unreachable
from timing.language import _
from timing.private import begin_private


class Sealed(Unreachable):
    """The race is write-protected: it can be read, verified, scored and published, and nothing can be recorded."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "the race folder is write-protected: nothing can be recorded; reading, verifying, results and exports work"
            ),
        )


def is_sealed(file: Path) -> bool:
    """Whether a database is there, and the system would let us write neither it nor anything beside it."""
    return file.is_file() and not all(os.access(path, os.W_OK) for path in (file, file.absolute().parent))


def open_sealed(file: Path, connect: Callable[[URL], Engine]) -> Engine:
    """An engine on a temporary copy of the file; the copy is deleted with the engine."""
    folder = mkdtemp(prefix="marathon-sealed-")  # its owner's alone
    copy = Path(folder) / file.name
    try:
        _copy(file, copy)
    except OSError as failure:
        raise Unreachable(_("{file} cannot be read: {failure}", file=file, failure=failure)) from failure
    engine = connect(URL.create("sqlite", database=str(copy)))
    finalize(engine, shutil.rmtree, folder, ignore_errors=True)
    return engine.execution_options(marathon_sealed=True)


def _copy(file: Path, copy: Path) -> None:
    """As one moment saw it where others have it open; else byte by byte, with what a crash left in the `-wal`.

    SQLite is asked only in the first case: it would lay files of its own beside a closed database where it can.
    """
    begin_private(copy)
    wal, shared = (file.with_name(file.name + ending) for ending in ("-wal", "-shm"))
    if not (shared.is_file() and _taken_over(file, copy)):
        shutil.copyfile(file, copy)
        if wal.is_file():
            shutil.copyfile(wal, copy.with_name(f"{copy.name}-wal"))


def _taken_over(file: Path, copy: Path) -> bool:
    place = f"{file.absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(place, uri=True)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
    except sqlite3.Error:
        return False
    return True


def is_copy(engine: Engine) -> bool:
    return "marathon_sealed" in engine.get_execution_options()


def refuse_if_sealed(engine: Engine) -> None:
    if is_copy(engine):
        raise Sealed


def only_reads(connection: Any, _record: object) -> None:
    """Make a connection to the copy refuse writes, which would be lost."""
    connection.execute("PRAGMA query_only=1")
