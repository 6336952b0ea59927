"""An outbox that found no room for its file: its tables are in memory, and move to the disk as soon as there is room."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from scanners.outbox.file import connect
from scanners.outbox.mending import move_aside
from timing.private import begin_private

DRAFT: Final = ".waiting"


class Waiting:
    """The tables in memory, until they can be moved into the file.

    What lies in the file's place already could not be opened, or not be mended, for want of room. It is another lineage, and so it
    is moved aside as it is; `marathon collect` brings its items to the log.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._draft, self._drawn = path, path.with_suffix(DRAFT), False
        self.memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)

    def moved(self) -> tuple[sqlite3.Connection, sqlite3.Connection]:
        """Make the file, and two connections to it.

        Raises:
            sqlite3.Error, OSError: there still is no room.
        """
        if not self._drawn:
            self._draw()
        return connect(self._path), connect(self._path)

    def close(self) -> None:
        self.memory.close()

    def _draw(self) -> None:
        """Create the file atomically."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._draft.unlink(missing_ok=True)
        try:
            begin_private(self._draft)
            with closing(sqlite3.connect(self._draft)) as file:
                self.memory.backup(file)
            if self._path.exists() and self._path.stat().st_size:
                move_aside(self._path)
            self._draft.replace(self._path)
            self._drawn = True
        finally:
            self._draft.unlink(missing_ok=True)
