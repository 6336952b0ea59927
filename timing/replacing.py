"""Atomic replacement of files."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from timing.errors import Unreachable
from timing.language import _


def replace_file(file: Path, data: bytes, durable: bool = False, mode: int = 0o666) -> None:
    """Write beside the file, then take its place: a reader sees the old file or the new one, never a part.

    `durable` waits until the disk has it; `mode` are the permissions, less the umask.

    Raises:
        OSError: the disk does not take it; the draft is taken away.
    """
    draft = file.with_name(f".{file.name}.draft")
    draft.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode), "wb") as half:
            half.write(data)
            if durable:
                half.flush()
                os.fsync(half.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def must_write(path: Path) -> Iterator[None]:
    """Translates errors while a file or folder is written.

    Raises:
        Unreachable: instead of OSError.
    """
    try:
        yield
    except OSError as failure:
        raise Unreachable(_("cannot write {path}: {failure}", path=path, failure=failure)) from failure
