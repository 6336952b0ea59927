"""Keeps signed checkpoints outside the database, and never signs what contradicts one already signed."""

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from timing.chance import system_bits
from timing.errors import RaceError, Unreachable
from timing.log import Log
from timing.log.checkpoint import BadNote, Checkpoint, Signer, Tree, read_note

KEY_FILE = Path("keys") / "checkpoint.key"
NOTES = "checkpoints"
BEFORE_RESTORE = "before-restore"


class Contradicted(RaceError):
    """The log no longer holds what a checkpoint says it held."""

    def __init__(self, note: str, why: str) -> None:
        super().__init__(
            f"서명한 점검표 {note}와(과) 기록이 다릅니다({why}). 기록을 바꾸었거나 잃었습니다",
            f"the log contradicts the signed checkpoint {note} ({why}): it was changed, or facts were lost",
        )


class Witness:
    """The race folder's key and its signed notes."""

    def __init__(self, root: Path, race: str) -> None:
        self._root, self._origin = root, f"marathon/{race}"
        self.signer = Signer(self._origin.replace("/", "-"), _key(root / KEY_FILE))

    @property
    def verifier(self) -> str:
        return self.signer.verifier

    def sign(self, log: Log, label: str) -> str:
        """Sign what the log holds now, keep the note, and return it.

        Raises:
            Contradicted: an earlier note is no longer true of this log.
        """
        tree = self.check(log)
        note = self.signer.sign(Checkpoint(self._origin, tree.size, tree.root()))
        file = self._root / NOTES / f"{tree.size:08}-{label}.txt"
        try:
            file.parent.mkdir(exist_ok=True)
            file.write_text(note, encoding="utf-8")
        except OSError as failure:
            raise Unreachable(f"{file}에 쓸 수 없습니다: {failure}", f"cannot write {file}: {failure}") from failure
        return note

    def check(self, log: Log) -> Tree:
        """Hold every kept note against the log, in one walk; return the log's tree.

        Raises:
            Contradicted: the first note that is not true, or not signed by our key.
        """
        said = self._notes()
        tree = Tree()
        for fact in log.read():
            tree.add(fact.hash)
            for name, root in said.pop(tree.size, ()):
                if root != tree.root():
                    raise Contradicted(name, "Merkle root")
        for beyond in said.values():
            raise Contradicted(beyond[0][0], f"the log ends at {tree.size}")
        return tree

    def put_aside_beyond(self, size: int) -> int:
        """After a restore: notes about facts that are no longer there stay, but as history; return how many."""
        later = [file for file in (self._root / NOTES).glob("*.txt") if int(file.name[:8]) > size]
        for file in later:
            aside = self._root / NOTES / BEFORE_RESTORE
            aside.mkdir(exist_ok=True)
            file.replace(aside / file.name)
        return len(later)

    def _notes(self) -> dict[int, list[tuple[str, bytes]]]:
        """The kept notes by size: file name and root."""
        said: dict[int, list[tuple[str, bytes]]] = {}
        for file in sorted((self._root / NOTES).glob("*.txt")):
            try:
                checkpoint = read_note(file.read_text(encoding="utf-8"), self.verifier)
            except (BadNote, UnicodeDecodeError) as bad:
                raise Contradicted(file.name, str(bad)) from bad
            if checkpoint.origin != self._origin:
                raise Contradicted(file.name, checkpoint.origin)
            said.setdefault(checkpoint.size, []).append((file.name, checkpoint.root))
        return said


def note_covering(root: Path, race: str, size: int) -> tuple[str, int] | None:
    """The kept note that covers the first `size` facts and the fewest others, and how many it covers; None without one.

    Raises:
        Contradicted: the note is not signed by the race's key.
    """
    found = sorted(file for file in (root / NOTES).glob("*.txt") if int(file.name[:8]) >= size)
    if not found:
        return None
    text = found[0].read_text(encoding="utf-8")
    try:
        return text, read_note(text, Witness(root, race).verifier).size
    except BadNote as bad:
        raise Contradicted(found[0].name, str(bad)) from bad


def _key(file: Path) -> Ed25519PrivateKey:
    """The key in the file; made, readable by its owner alone, where there is none."""
    try:
        if file.is_file():
            return Ed25519PrivateKey.from_private_bytes(file.read_bytes())
        key = Ed25519PrivateKey.from_private_bytes(system_bits(256).to_bytes(32, "big"))
        file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as secret:
            secret.write(key.private_bytes_raw())
    except (OSError, ValueError) as failure:
        raise Unreachable(
            f"{file}: 열쇠를 쓸 수 없습니다: {failure}", f"{file}: the key cannot be used: {failure}"
        ) from failure
    return key
