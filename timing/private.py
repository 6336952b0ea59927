"""Files with names, codes or tokens: readable by their owner, or the owner's group, regardless of the umask."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from timing.replacing import replace_file

OWNER_ALONE: Final = 0o600
OWNER_AND_GROUP: Final = 0o640
FOLDER: Final = 0o750


def begin_private(file: Path) -> None:
    """Make the file, empty and its owner's alone, where it is not there yet."""
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ALONE))


def write_private(file: Path, data: bytes) -> None:
    """Write a file of the owner's alone, whole or not at all; one that stood there loses what others could do with it."""
    replace_file(file, data, mode=OWNER_ALONE)


def for_group(path: Path) -> None:
    """Let the owner's group read a file, or a folder with all that is in it, and nobody else."""
    for one in (path, *path.rglob("*")) if path.is_dir() else (path,):
        one.chmod(FOLDER if one.is_dir() else OWNER_AND_GROUP)
