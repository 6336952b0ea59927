"""Stores signed checkpoints outside the database, and never signs a log that contradicts an earlier one."""

import hashlib
import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fcntl import LOCK_EX, flock
from pathlib import Path

from timing.errors import WrongUse
from timing.language import _
from timing.log import Log
from timing.log.checkpoint import Checkpoint, Signer, Tree, fingerprint, signer_of
from timing.log.note_key import KeyGone, key_file, make_key, read_key
from timing.log.notes import (
    BEFORE_RESTORE,
    FROM_STATIONS,
    NOTES,
    Contradicted,
    Note,
    beside_file,
    check_chain,
    deltas_of,
    note_files,
    read_file,
    read_files,
)
from timing.log.side_tables import Delta, SideTables, State, delta_of, followed, write_delta
from timing.private import FOLDER, write_private
from timing.race.events import LogRestored
from timing.race.records import Recorded
from timing.replacing import must_write, replace_file


@dataclass(frozen=True, slots=True)
class CheckedLog:
    """A log that agrees with its notes: its tree, the notes, and the last of those in the folder."""

    tree: Tree
    notes: tuple[Note, ...]
    last: Note | None
    deltas: tuple[Delta, ...] = ()
    """The changes outside the log from each counted note of the folder to the next, beginning with the first."""

    @property
    def beside(self) -> State:
        """The state outside the log at the last note."""
        return followed(self.deltas)

    @property
    def covered(self) -> int:
        """The number of facts, from the first, that the notes prove to be unchanged."""
        return max((note.said.size for note in self.notes), default=0)


class CheckpointStore:
    """The race folder's key and its signed checkpoints."""

    def __init__(self, root: Path, race: str, beside: SideTables | None = None) -> None:
        """`beside` are the tables that the notes vouch for besides the log."""
        self._beside = beside
        self._root, self._origin = root, f"marathon/{race}"
        self._name = self._origin.replace("/", "-")
        self._signer: Signer | None = None

    @property
    def signer(self) -> Signer:
        """The signer of the race; creates the key, and reports it, if there never was one.

        Raises:
            KeyGone: there was a key, and it is missing.
        """
        if signer := self._known():
            return signer
        file = key_file(self._root)
        if note_files(self._root):
            raise KeyGone(file)
        self._signer = Signer(self._name, make_key(file))
        print(
            _(
                "a new signing key was made for this race ({file}); write its verifier down outside this folder: {verifier}",
                file=file,
                verifier=self._signer.verifier,
            ),
            file=sys.stderr,
        )
        return self._signer

    @property
    def verifier(self) -> str:
        """The race's public key; empty while there is none."""
        signer = self._known()
        return signer.verifier if signer else ""

    def _known(self) -> Signer | None:
        if self._signer is None and (key := read_key(key_file(self._root))):
            self._signer = Signer(self._name, key)
        return self._signer

    def sign(self, log: Log, label: str, again: bool = True) -> str:
        """Sign what the log holds now, keep the note, and return it; not `again` where the last note holds just that.

        Raises:
            Contradicted: an earlier note is no longer true of this log.
        """
        signer, folder = self.signer, self._root / NOTES
        with must_write(folder):
            folder.mkdir(exist_ok=True)
            with _alone(folder):
                held = self.check(log)
                if held.last and not again and held.last.said.size == held.tree.size:
                    return held.last.text
                return self._write(signer, held, label)

    def _write(self, signer: Signer, held: CheckedLog, label: str) -> str:
        """Write the file of the side tables before the note that refers to it."""
        said = self._next(held)
        file = _free_name(self._root / NOTES, said, label)
        if self._beside:
            delta = write_delta(delta_of(held.beside, self._beside.salted(held.beside)))
            beside_file(file).parent.mkdir(mode=FOLDER, exist_ok=True)
            write_private(beside_file(file), delta)
            said = replace(said, beside=hashlib.sha256(delta).digest())
        note = signer.sign(said)
        replace_file(file, note.encode(), durable=True)
        return note

    def changed_beside(self, held: CheckedLog) -> Delta:
        """The changes outside the log since the last note."""
        return delta_of(held.beside, self._beside.now()) if self._beside and held.deltas else {}

    def _next(self, held: CheckedLog) -> Checkpoint:
        size, root, last = held.tree.size, held.tree.root(), held.last
        if last is None or not last.said.number:
            return Checkpoint(self._origin, size, root, 1)
        return Checkpoint(self._origin, size, root, last.said.number + 1, fingerprint(last.text))

    def check(self, log: Log, outside: Iterable[Note] = ()) -> CheckedLog:
        """Compare every note of the folder, and those from outside, with the log in one pass.

        Raises:
            NotesDisturbed: a note is missing, cannot be read, or was signed by another key.
            Contradicted: the first note that is not true.
        """
        files = note_files(self._root)
        if files and not self.verifier:
            raise KeyGone(key_file(self._root))
        own = read_files(files, self.verifier)
        check_chain(own)
        notes = (*own, *self.from_stations(log), *outside)
        for note in notes:
            if note.said.origin != self._origin:
                raise Contradicted(note.name, note.said.origin)
        last = max(own, key=lambda note: (note.said.number, note.said.size), default=None)
        counted = sorted((note for note in own if note.said.number), key=lambda note: note.said.number)
        return CheckedLog(_walk(log.read(), notes), notes, last, tuple(deltas_of(self._root, counted)))

    def from_stations(self, log: Log) -> list[Note]:
        """The notes that stations brought back, because the log contradicted them.

        Those about facts that were lost before a backup was put back tell nothing new: the log itself says so.
        """
        files = sorted((self._root / NOTES / FROM_STATIONS).glob("*.txt"))
        brought = read_files(files, self.verifier)
        restored = _restored_from(log) if brought else None
        return [note for note in brought if restored is None or note.said.size <= restored]

    def bring(self, file: Path, verifier: str) -> Note:
        """Add a note that was kept elsewhere, such as on a station, a print or in a mail, and signed by `verifier`'s key.

        Raises:
            WrongUse: there is no key to check it by, or the key is of another race.
            NotesDisturbed, Unreachable: it is no note of that key, or cannot be read.
        """
        by = verifier or self.verifier
        if signer_of(by) != self._name:
            raise WrongUse(
                _("not a key of this race: {by!r}; --key must begin with {name}+", name=self._name, by=by),
            )
        return read_file(file, by)

    def archive_after(self, size: int) -> int:
        """After a restore: notes about facts that are no longer there stay, but as history; return how many."""
        later = [file for file in note_files(self._root) if int(file.name[:8]) > size]
        aside = self._root / NOTES / BEFORE_RESTORE
        with must_write(aside):
            for file in later:
                aside.mkdir(exist_ok=True)
                for one in filter(Path.is_file, (beside_file(file), file)):
                    one.replace(aside / one.name)
        return len(later)


def _walk(facts: Iterable[Recorded], notes: Iterable[Note]) -> Tree:
    """The Merkle tree of the whole log; the root of every note must occur in it."""
    said: dict[int, list[Note]] = {}
    for note in notes:
        said.setdefault(note.said.size, []).append(note)
    tree = Tree()
    for fact in facts:
        tree.add(fact.hash)
        for note in said.pop(tree.size, ()):
            if note.said.root != tree.root():
                raise Contradicted(note.name, "Merkle root")
    for beyond in said.values():
        raise Contradicted(beyond[0].name, f"the log ends at {tree.size}")
    return tree


def _restored_from(log: Log) -> int | None:
    """The size of the smallest backup that was ever restored; None if none was."""
    facts = (fact.admitted for fact in log.read() if b"LogRestored" in fact.data)
    return min((fact.facts for fact in facts if isinstance(fact, LogRestored)), default=None)


def note_covering(root: Path, race: str, size: int) -> tuple[str, int] | None:
    """The kept note that covers the first `size` facts and the fewest others, and how many it covers; None without one.

    Raises:
        NotesDisturbed: the note is not signed by the race's key.
    """
    found = [file for file in note_files(root) if int(file.name[:8]) >= size]
    if not found:
        return None
    note = read_file(found[0], CheckpointStore(root, race).verifier)
    return note.text, note.said.size


def _free_name(folder: Path, said: Checkpoint, label: str) -> Path:
    """A file name that is not taken: notes are never overwritten, since each refers to the one before."""
    plain = re.sub(r"[^\w.-]+", "_", label)[:40]
    file = folder / f"{said.size:08}-{plain}.txt"
    return folder / f"{said.size:08}-{plain}.{said.number}.txt" if file.exists() else file


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """A lock between processes while signing: two notes with the same number would look like a forgery."""
    lock = os.open(folder, os.O_RDONLY)
    try:
        flock(lock, LOCK_EX)
        yield
    finally:
        os.close(lock)
