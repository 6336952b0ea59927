"""Private folders of the race office that last a day: what was uploaded, and files that were made for download."""

import re
import shutil
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import Final

from timing.race.chance import Bits, new_lineage, system_bits
from timing.race.clock import Clock
from timing.race.instants import SECOND, Instant, Span

PLACE: Final = "office"
"""In the race folder; readable by its owner alone."""
LASTS: Final = Span(24 * 3600 * SECOND)
AGAIN_S: Final = 900.0
NUMBER: Final = re.compile(r"(\d{1,17})-[0-9a-f]{32}")
"""What a folder is called: the instant it was made at, and 128 random bits, so that no address is guessed."""


class DayFolders:
    """The folders of one kind in a race folder."""

    def __init__(self, race_folder: Path, kind: str, clock: Clock, bits: Bits = system_bits) -> None:
        self._place, self._clock, self._bits = race_folder / PLACE / kind, clock, bits

    def new(self) -> Path:
        """An empty folder; those of yesterday are removed.

        Raises:
            OSError: the disk does not take it.
        """
        self.sweep()
        folder = self._place / f"{self._clock.now()}-{new_lineage(self._bits)}"
        for path in (self._place.parent, self._place, folder):
            path.mkdir(mode=0o700, exist_ok=True)
        return folder

    def find(self, number: str) -> Path | None:
        """The folder of this number, while it lasts."""
        folder = self._place / number
        return folder if self._lasts(number) and folder.is_dir() else None

    def remove(self, number: str) -> None:
        """Remove the folder of this number with all that is in it."""
        if NUMBER.fullmatch(number):
            shutil.rmtree(self._place / number, ignore_errors=True)

    def sweep(self) -> None:
        """Remove the folders that lasted their day; what the disk refuses is tried again."""
        with suppress(OSError):
            self._sweep()

    def _sweep(self) -> None:
        for folder in [*self._place.iterdir()] if self._place.is_dir() else []:
            if NUMBER.fullmatch(folder.name) and not self._lasts(folder.name):
                self.remove(folder.name)

    def _lasts(self, number: str) -> bool:
        found = NUMBER.fullmatch(number)
        return found is not None and self._clock.now() - Instant(int(found[1])) < LASTS


class FolderSweeper:
    """While it is entered, removes what lasted its day, at once and every quarter of an hour, though nobody comes by."""

    def __init__(self, *kinds: DayFolders) -> None:
        self._kinds, self._over = kinds, Event()

    def __enter__(self) -> "FolderSweeper":
        self._sweep()
        Thread(target=self._go_on, name="office folders", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()

    def _go_on(self) -> None:
        while not self._over.wait(AGAIN_S):
            self._sweep()

    def _sweep(self) -> None:
        for one in self._kinds:
            one.sweep()
