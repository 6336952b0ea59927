"""A station as witness: it stores the server's signed checkpoints in its outbox file, and reports when the server's log contradicts them.

Somebody who rewrites the log and its folder cannot reach them.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Final, Protocol

from scanners.protocol import HeartbeatAnswer
from timing.language import Text, _
from timing.log.checkpoint import BadNote, Checkpoint, read_note

TABLE: Final = "CREATE TABLE IF NOT EXISTS note (at INTEGER PRIMARY KEY, text TEXT NOT NULL, verifier TEXT NOT NULL)"
OTHER_LOG: Final = _(
    "the server's log contradicts the signed checkpoint that this station keeps: it was changed, or facts were lost; tell the office"
)
OTHER_KEY: Final = _("the server signs with another key than before: it was replaced or made anew; tell the office")


@dataclass(frozen=True, slots=True)
class KeptNote:
    """A checkpoint as it was received, with the key that signed it then."""

    text: str
    verifier: str

    @property
    def said(self) -> Checkpoint:
        return read_note(self.text, self.verifier)


class NoteUplink(Protocol):
    """Returns a checkpoint to the server."""

    def return_note(self, lineage: str, note: str, verifier: str) -> None: ...


class StationCheckpoints:
    """The checkpoints of one outbox; used by its uploader's thread only.

    A newer checkpoint replaces the last one only once the server's log has proved to agree with the last one.
    """

    def __init__(self, path: Path, lineage: str, uplink: NoteUplink, alarm: Callable[[Text], object]) -> None:
        self._path, self._lineage, self._uplink, self._alarm = path, lineage, uplink, alarm
        self._alarmed: set[Text] = set()
        self._returned: set[KeptNote] = set()
        self._last = last_note(path)

    @property
    def size(self) -> int:
        """How many facts the last checkpoint covers; 0 without one."""
        return self._last.said.size if self._last else 0

    def compare(self, answer: HeartbeatAnswer) -> None:
        """Compare the server's answer with the last checkpoint, and store its newer one.

        Raises:
            Unreachable, Refused: the checkpoint could not be returned; it is at the next answer.
        """
        if self._last and not answer.noted:
            return
        if self._last and (wrong := _contradiction(self._last, answer)):
            self._object(self._last, wrong)
        fresh = KeptNote(answer.note, answer.verifier)
        if fresh != self._last and _signed(*astuple(fresh)):
            self._last = fresh
            keep_note(self._path, fresh)

    def _object(self, last: KeptNote, wrong: Text) -> None:
        if wrong not in self._alarmed:
            self._alarmed.add(wrong)
            self._alarm(wrong)
        if last not in self._returned:
            self._uplink.return_note(self._lineage, last.text, last.verifier)
            self._returned.add(last)


def _contradiction(last: KeptNote, answer: HeartbeatAnswer) -> Text | None:
    if answer.noted != last.said.root.hex():
        return OTHER_LOG
    return OTHER_KEY if answer.verifier not in ("", last.verifier) else None


def keep_note(path: Path, note: KeptNote) -> None:
    """Add a checkpoint to an outbox file; on a full or damaged disk it is dropped without an error."""
    try:
        with closing(sqlite3.connect(path)) as file, file:
            file.execute(TABLE)
            file.execute("INSERT INTO note (text, verifier) VALUES (?, ?)", (note.text, note.verifier))
    except sqlite3.Error:
        return


def notes_of(path: Path) -> list[KeptNote]:
    """The checkpoints in an outbox file that can be read and are signed, in order."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as file:
            rows = file.execute("SELECT text, verifier FROM note ORDER BY at").fetchall()
    except sqlite3.Error:  # also where there is no such table yet
        return []
    return [KeptNote(text, verifier) for text, verifier in rows if _signed(text, verifier)]


def last_note(path: Path) -> KeptNote | None:
    found = notes_of(path)
    return found[-1] if found else None


def _signed(text: object, verifier: object) -> bool:
    try:
        read_note(str(text), str(verifier))
    except BadNote:
        return False
    return True
