"""Signed checkpoints: what the log held at a moment, in a note small enough for a QR on a printed sheet.

The form is that of C2SP's tlog-checkpoint and signed-note: origin, number of facts, Merkle root (RFC 6962) of their hashes in
the race's chain, two extension lines (the note's number with the hash of the note before; the hash of what stood beside the
log), and an Ed25519 signature.
"""

import hashlib
from base64 import b64decode, b64encode
from dataclasses import dataclass, replace
from functools import reduce

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"  # C2SP signed-note: the signature type
KEY_ID_BYTES = 4
SIGNATURE_BYTES = KEY_ID_BYTES + 64
NOTHING = hashlib.sha256(b"").digest()


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log of `origin` held `size` facts with this Merkle root.

    `number` counts a race's notes from 1, `before` is the SHA-256 of the note before (of nothing, before the first) and `beside`
    that of the file which tells what stood in the tables beside the log. A note from before notes were counted has the number 0.
    """

    origin: str
    size: int
    root: bytes
    number: int = 0
    before: bytes = NOTHING
    beside: bytes = NOTHING

    def text(self) -> str:
        held = f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"
        return f"{held}{self.number} {_base64(self.before)}\n{_base64(self.beside)}\n" if self.number else held


class BadNote(ValueError):
    """A note that is not what it should be, or not signed by the race's key."""


class Tree:
    """RFC 6962's Merkle tree, growing leaf by leaf; keeps only the roots of its complete parts."""

    def __init__(self) -> None:
        self.size = 0
        self._whole: list[tuple[int, bytes]] = []  # complete subtrees from left to right: height, root

    def add(self, leaf: bytes) -> None:
        height, root = 0, hashlib.sha256(b"\x00" + leaf).digest()
        while self._whole and self._whole[-1][0] == height:
            height, root = height + 1, _node(self._whole.pop()[1], root)
        self._whole.append((height, root))
        self.size += 1

    def root(self) -> bytes:
        """The root over all leaves so far; of no leaves the hash of nothing."""
        if not self._whole:
            return hashlib.sha256(b"").digest()
        roots = [root for _, root in reversed(self._whole)]
        return reduce(lambda right, left: _node(left, right), roots)


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Signer:
    """The race's key, kept in a file of its own."""

    def __init__(self, name: str, key: Ed25519PrivateKey) -> None:
        self.name, self._key = name, key

    @property
    def verifier(self) -> str:
        """The public key as people pass it on: `name+id+key`."""
        public = self._key.public_key().public_bytes_raw()
        return f"{self.name}+{_key_id(self.name, public).hex()}+{b64encode(ED25519 + public).decode()}"

    def sign(self, checkpoint: Checkpoint) -> str:
        """The signed checkpoint."""
        text = checkpoint.text()
        return f"{text}\n— {self.name} {b64encode(self.signature(text)).decode()}\n"

    def signature(self, text: str) -> bytes:
        """The key's id and its Ed25519 signature of a text: `SIGNATURE_BYTES` long."""
        public = self._key.public_key().public_bytes_raw()
        return _key_id(self.name, public) + self._key.sign(text.encode())


def read_note(note: str, verifier: str) -> Checkpoint:
    """The checkpoint in a note, if the holder of `verifier`'s key signed it.

    Raises:
        BadNote: it is not a checkpoint, or the signature is not of that key.
    """
    try:
        text, _, signatures = note.partition("\n\n")
        line = next(line for line in signatures.splitlines() if line.startswith(f"— {signer_of(verifier)} "))
        check_signature(f"{text}\n", b64decode(line.rsplit(" ", 1)[1], validate=True), verifier)
        return _read_text(text.split("\n"))
    except (StopIteration, ValueError, IndexError) as wrong:
        raise BadNote(str(wrong) or "not a signed checkpoint") from wrong


def _read_text(lines: list[str]) -> Checkpoint:
    origin, size, root = lines[:3]
    held = Checkpoint(origin, int(size), b64decode(root, validate=True))
    if len(lines) < 5:
        return held
    number, before = lines[3].split(" ")
    return replace(held, number=int(number), before=b64decode(before), beside=b64decode(lines[4]))


def fingerprint(note: str) -> bytes:
    """The SHA-256 by which the next note names this one."""
    return hashlib.sha256(note.encode()).digest()


def signer_of(verifier: str) -> str:
    """The name of a race's key: `marathon-` and the race's id."""
    return verifier.partition("+")[0]


def check_signature(text: str, signature: bytes, verifier: str) -> None:
    """Whether the holder of `verifier`'s key signed this text.

    Raises:
        BadNote: another key, another text, or no verifier at all.
    """
    try:
        name, key_id, key = verifier.split("+", 2)
        public = b64decode(key, validate=True)[1:]
        if signature[:KEY_ID_BYTES].hex() != key_id or _key_id(name, public).hex() != key_id:
            raise BadNote("signed by another key")
        Ed25519PublicKey.from_public_bytes(public).verify(signature[KEY_ID_BYTES:], text.encode())
    except InvalidSignature as wrong:
        raise BadNote("the signature does not match") from wrong
    except ValueError as wrong:
        raise BadNote(str(wrong)) from wrong


def _base64(data: bytes) -> str:
    return b64encode(data).decode()


def _key_id(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:KEY_ID_BYTES]
