"""The desk's pictures of scans: which are asked for, and those that stations have sent. Files in the race folder."""

from pathlib import Path
from typing import Final

from scanners.protocol import PICTURE_MOST
from timing.replacing import replace_file

JPEG: Final = b"\xff\xd8\xff"
WANTED_MOST: Final = 8  # told to a station at once


class RequestedPictures:
    """A folder for each lineage, in it `12.jpg`, or `12.wanted` until the station answers, or `12.none`.

    Files, because whoever asks and the server that the station talks to are two processes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def ask(self, lineage: str, seq: int) -> None:
        """Have the station asked for the picture of a scan.

        Raises:
            OSError: the folder cannot be written.
        """
        wanted = self._file(lineage, seq, "wanted")
        wanted.parent.mkdir(parents=True, exist_ok=True)
        self._file(lineage, seq, "none").unlink(missing_ok=True)
        wanted.touch()

    def wanted(self, lineage: str) -> list[int]:
        """The scans of a lineage whose pictures are asked for; of many the first few."""
        asked = (int(file.stem) for file in (self._folder / lineage).glob("*.wanted") if file.stem.isdecimal())
        return sorted(asked)[:WANTED_MOST]

    def take(self, lineage: str, seq: int, picture: bytes) -> bool:
        """Keep what a station sent, an empty picture being the answer that there is none; False if nobody asked, or it is none.

        Raises:
            OSError: the folder cannot be written.
        """
        wanted = self._file(lineage, seq, "wanted")
        if not wanted.exists() or len(picture) > PICTURE_MOST or (picture and not picture.startswith(JPEG)):
            return False
        if picture:
            replace_file(self._file(lineage, seq, "jpg"), picture)
        else:
            self._file(lineage, seq, "none").touch()
        wanted.unlink(missing_ok=True)
        return True

    def find(self, lineage: str, seq: int) -> Path | None:
        """The picture's file, once it is there."""
        file = self._file(lineage, seq, "jpg")
        return file if file.is_file() else None

    def has_none(self, lineage: str, seq: int) -> bool:
        """Whether the station answered that it has no picture."""
        return self._file(lineage, seq, "none").exists()

    def _file(self, lineage: str, seq: int, kind: str) -> Path:
        return self._folder / lineage / f"{seq}.{kind}"
