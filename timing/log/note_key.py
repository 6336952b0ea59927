"""The race's key, by which notes and certificates are signed: a file, in the race folder or outside it."""

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from timing.errors import RaceError, Unreachable
from timing.language import _
from timing.race.chance import system_bits

KEY_FILE = Path("keys") / "checkpoint.key"
KEY_ELSEWHERE = "MARATHON_NOTE_KEY"
"""Environment variable with a key file outside the race folder, so that a copy of the folder cannot sign."""


class KeyGone(RaceError):
    """There are signed checkpoints, but their key is missing; no other key is made in its place."""

    def __init__(self, file: Path) -> None:
        super().__init__(
            _(
                "{file}: the key that signed the checkpoints is gone; put it back, or name its file by {key_elsewhere}. If it is lost for good, put the folder's `checkpoints` aside and make a new key with `marathon log checkpoint`",
                file=file,
                key_elsewhere=KEY_ELSEWHERE,
            ),
        )


def key_file(root: Path) -> Path:
    """The file of the key of the race in this folder."""
    elsewhere = os.environ.get(KEY_ELSEWHERE)
    return Path(elsewhere) if elsewhere else root / KEY_FILE


def read_key(file: Path) -> Ed25519PrivateKey | None:
    """The key in the file; None without one.

    Raises:
        Unreachable: it cannot be read, or is no key.
    """
    try:
        return Ed25519PrivateKey.from_private_bytes(file.read_bytes()) if file.is_file() else None
    except (OSError, ValueError) as failure:
        raise _unusable(file, failure) from failure


def make_key(file: Path) -> Ed25519PrivateKey:
    """A new key in a file that its owner alone can read.

    Raises:
        Unreachable: it cannot be written.
    """
    key = Ed25519PrivateKey.from_private_bytes(system_bits(256).to_bytes(32, "big"))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as secret:
            secret.write(key.private_bytes_raw())
    except OSError as failure:
        raise _unusable(file, failure) from failure
    return key


def _unusable(file: Path, failure: Exception) -> Unreachable:
    return Unreachable(_("{file}: the key cannot be used: {failure}", file=file, failure=failure))
