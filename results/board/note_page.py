"""The last signed checkpoint of the log as a file of the board: a log whose checkpoints many keep cannot be rewritten unnoticed."""

from pathlib import Path
from threading import Lock
from typing import Final

from timing.language import _, bilingual
from timing.log.notes import note_files
from timing.race.clock import Clock
from timing.race.instants import SECOND, Instant

NOTE: Final = "note.txt"
NONE_YET: Final = bilingual(_("there is no signed checkpoint yet\n"))
LOOK_AFTER: Final = 5 * SECOND


def last_note(root: Path) -> str:
    """The text of the last signed checkpoint in the race folder, or that there is none."""
    files = note_files(root)
    try:
        return files[-1].read_text(encoding="utf-8") if files else NONE_YET
    except (OSError, UnicodeDecodeError):  # taken away or damaged meanwhile; `log verify` says so
        return NONE_YET


class LastNote:
    """The last signed checkpoint, read at most every few seconds."""

    def __init__(self, root: Path, clock: Clock) -> None:
        self._root, self._clock, self._lock = root, clock, Lock()
        self._text, self._looked = NONE_YET, Instant(0)

    def __call__(self) -> str:
        with self._lock:
            if not 0 <= self._clock.now() - self._looked < LOOK_AFTER:
                self._text, self._looked = last_note(self._root), self._clock.now()
            return self._text
