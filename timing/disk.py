"""Free space on a disk."""

import shutil
from pathlib import Path


def free_bytes(path: Path) -> int:
    """Free bytes of the disk on which a file or folder lies or is to lie.

    Raises:
        OSError: the disk does not answer.
    """
    there = next(one for one in (path, *path.absolute().parents) if one.exists())
    return shutil.disk_usage(there).free
