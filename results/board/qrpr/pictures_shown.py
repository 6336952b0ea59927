"""The pictures of the race folder as files of the board: read once, whatever versions of the board come and go."""

from functools import lru_cache
from pathlib import Path

from results.board.asset import Asset

KEPT = 400


def picture(path: str, folder: Path) -> Asset | None:
    """A picture by its path on the board; its name changes with its content. None where the file is gone, or has not come yet."""
    try:
        return _read(path, folder)
    except OSError:
        return None


@lru_cache(maxsize=KEPT)
def _read(path: str, folder: Path) -> Asset:
    return Asset(path, (folder / path.rpartition("/")[2]).read_bytes())
