"""Atomic replacement of files."""

import os
from pathlib import Path


def replace_file(file: Path, data: bytes, durable: bool = False) -> None:
    """Write beside the file, then take its place: a reader sees the old file or the new one, never a part.

    `durable` waits until the disk has it.

    Raises:
        OSError: the disk does not take it; the draft is taken away.
    """
    draft = file.with_name(f".{file.name}.draft")
    try:
        with draft.open("wb") as half:
            half.write(data)
            if durable:
                half.flush()
                os.fsync(half.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
