"""The signed checkpoints that lie in a race folder: which files they are, and whether each follows from the one before."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from msgspec import MsgspecError

from timing.errors import RaceError, Unreachable
from timing.language import Text, _
from timing.log.checkpoint import NOTHING, BadNote, Checkpoint, fingerprint, read_note
from timing.log.side_tables import Delta, read_delta

NOTES = "checkpoints"
BESIDE = "beside-checkpoints"
BEFORE_RESTORE = "before-restore"
FROM_STATIONS = "from-stations"
NAME = re.compile(r"\d{8}-.+\.txt")
NOTE_BYTES_MOST = 4_000


class Contradicted(RaceError):
    """The log no longer holds what a checkpoint says it held."""

    def __init__(self, note: str, why: str) -> None:
        super().__init__(
            _(
                "the log contradicts the signed checkpoint {note} ({why}): it was changed, or facts were lost",
                note=note,
                why=why,
            ),
        )


class NotesDisturbed(RaceError):
    """The notes were changed: one is missing, unreadable, or signed by another key."""

    def __init__(self, note: str, text: Text) -> None:
        super().__init__(
            _("the signed checkpoint {note}: {text}; the checkpoints were tampered with", note=note, text=text),
        )


@dataclass(frozen=True, slots=True)
class Note:
    """A signed checkpoint: what it is called, its text, and what it says."""

    name: str
    text: str
    said: Checkpoint


def note_files(root: Path) -> list[Path]:
    """The files in the race folder that bear a note's name, in order."""
    return sorted(file for file in (root / NOTES).glob("*.txt") if NAME.fullmatch(file.name))


def strange_files(root: Path) -> list[str]:
    """Other files among the notes, which are ignored."""
    ours = {file.name for file in note_files(root)}
    found = (file for file in (root / NOTES).glob("*") if file.is_file() and not file.name.startswith("."))
    return sorted(file.name for file in found if file.name not in ours)


def read_files(files: Sequence[Path], verifier: str) -> list[Note]:
    """The notes in these files.

    Raises:
        NotesDisturbed: one cannot be read, or the holder of `verifier`'s key did not sign it.
    """
    return [read_file(file, verifier) for file in files]


def read_file(file: Path, verifier: str) -> Note:
    try:
        text = file.read_bytes()[:NOTE_BYTES_MOST].decode()
        return Note(file.name, text, read_note(text, verifier))
    except (BadNote, UnicodeDecodeError) as bad:
        raise NotesDisturbed(file.name, _("not signed by this key ({bad})", bad=bad)) from bad
    except OSError as failure:
        raise Unreachable(_("{file} cannot be read: {failure}", file=file, failure=failure)) from failure


def beside_file(note: Path) -> Path:
    """The file with the changes outside the log from the note before to this one."""
    return note.parents[1] / BESIDE / f"{note.stem}.json"


def deltas_of(root: Path, notes: Sequence[Note]) -> list[Delta]:
    """The changes outside the log from note to note, for counted notes in their order.

    Raises:
        NotesDisturbed: a file is missing, or is not what its note vouches for.
    """
    return [_delta(beside_file(root / NOTES / note.name), note.said.beside) for note in notes]


def _delta(file: Path, digest: bytes) -> Delta:
    if digest == NOTHING:
        return {}
    try:
        data = file.read_bytes()
        if hashlib.sha256(data).digest() == digest:
            return read_delta(data)
    except FileNotFoundError:
        pass
    except (OSError, MsgspecError) as failure:
        raise Unreachable(_("{file} cannot be read: {failure}", file=file, failure=failure)) from failure
    raise NotesDisturbed(
        file.name,
        _("the file that the checkpoint vouches for is missing or changed"),
    )


def check_chain(notes: Sequence[Note]) -> None:
    """Whether each counted note follows the one before: a note that was taken away or renamed leaves a gap.

    Raises:
        NotesDisturbed: one is missing.
    """
    counted = sorted((note for note in notes if note.said.number), key=lambda note: note.said.number)
    if counted and (counted[0].said.number, counted[0].said.before) != (1, NOTHING):
        raise _missing(counted[0], 1)
    for one, next_one in pairwise(counted):
        if next_one.said.number != one.said.number + 1 or next_one.said.before != fingerprint(one.text):
            raise _missing(next_one, one.said.number + 1)


def _missing(note: Note, number: int) -> NotesDisturbed:
    return NotesDisturbed(
        note.name,
        _("number {number}, before it, is missing or another", number=number),
    )
