"""How pictures of scans lie in a folder, at the station and in the race folder: `LINEAGE/12.jpg` is the picture of item 12."""

from pathlib import Path
from typing import Final, Literal

EVIDENCE: Final = "evidence"
"""The folder's name, beside the outboxes and in the race folder."""
Kind = Literal["jpg", "wanted", "none"]
"""A picture; in the race folder also that one is asked for, or that the station has none."""


def evidence_beside(outbox: Path) -> Path:
    """The folder that holds the pictures of the scans in an outbox."""
    return outbox.parent / EVIDENCE


def evidence_file(folder: Path, lineage: str, seq: int, kind: Kind = "jpg") -> Path:
    return folder / lineage / f"{seq}.{kind}"


def evidence_files(folder: Path, lineage: str, kind: Kind = "jpg") -> list[tuple[int, Path]]:
    """The files of a lineage with their items' numbers, in order."""
    found = (folder / lineage).glob(f"*.{kind}")
    return sorted((int(file.stem), file) for file in found if file.stem.isdecimal())


def find_picture(lineage: str, seq: int, *folders: Path) -> Path | None:
    """The picture of a scan, in the first of the folders that holds it."""
    files = (evidence_file(folder, lineage, seq) for folder in folders)
    return next((file for file in files if file.is_file()), None)
