"""Writes the files of the results into a folder: all of them or none."""

from collections.abc import Mapping
from pathlib import Path

from timing.replacing import must_write


def write_results(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files into a folder, first under other names: none takes its own before all are complete.

    Raises:
        Unreachable: the folder cannot be written.
    """
    with must_write(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            data = content if isinstance(content, bytes) else content.encode()
            (folder / f"{name}.part").write_bytes(data)
        for name in files:
            (folder / f"{name}.part").replace(folder / name)
