"""Private folders of the race office that last a day: what was uploaded, and files that were made for download."""

import re
import shutil
from pathlib import Path
from typing import Final

from timing.race.chance import Bits, new_lineage, system_bits
from timing.race.clock import Clock
from timing.race.instants import SECOND, Instant, Span

PLACE: Final = "office"
"""In the race folder; readable by its owner alone."""
LASTS: Final = Span(24 * 3600 * SECOND)
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
        """Remove the folders that lasted their day."""
        for folder in [*self._place.iterdir()] if self._place.is_dir() else []:
            if NUMBER.fullmatch(folder.name) and not self._lasts(folder.name):
                self.remove(folder.name)

    def _lasts(self, number: str) -> bool:
        found = NUMBER.fullmatch(number)
        return found is not None and self._clock.now() - Instant(int(found[1])) < LASTS
