"""Files that were uploaded to be looked at, with what was said of them: kept until they are taken in, a day at most."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from results.office.jobs.day_folders import DayFolders
from results.office.jobs.list_importing import Files, ListAnswers
from timing.errors import Unreachable
from timing.language import _
from timing.private import write_private
from timing.race.clock import Clock

SAID: Final = "said.json"
NAME_MOST: Final = 120


class _Said(Struct):
    """What stands beside the files: their names, for a name may hold what no file's name does; and the answers."""

    names: list[str]
    answers: ListAnswers = ListAnswers()


class Upload:
    """Some files that came together."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._said = msgspec.json.decode((folder / SAID).read_bytes(), type=_Said)

    @property
    def number(self) -> str:
        return self._folder.name

    @property
    def files(self) -> Files:
        """Where they lie, with the names they came by."""
        return {self._folder / f"{at}.upload": name for at, name in enumerate(self._said.names)}

    @property
    def answers(self) -> ListAnswers:
        return self._said.answers

    def answer(self, answers: ListAnswers) -> None:
        """Note what was said of the files."""
        self._said.answers = answers
        write_private(self._folder / SAID, msgspec.json.encode(self._said))


class Uploads:
    """The uploads of a race's office."""

    def __init__(self, race_folder: Path, clock: Clock) -> None:
        self.folders = DayFolders(race_folder, "uploads", clock)

    def keep(self, files: Sequence[tuple[str, bytes]]) -> Upload:
        """Keep files that came with these names.

        Raises:
            Unreachable: the disk does not take them.
        """
        try:
            folder = self.folders.new()
            for at, (_name, data) in enumerate(files):
                write_private(folder / f"{at}.upload", data)
            said = _Said([_base(name) for name, _data in files])
            write_private(folder / SAID, msgspec.json.encode(said))
        except OSError as failure:
            raise Unreachable(_("cannot be written: {failure}", failure=failure)) from failure
        return Upload(folder)

    def find(self, number: str) -> Upload | None:
        """The upload of this number, while it is kept."""
        folder = self.folders.find(number)
        return Upload(folder) if folder and (folder / SAID).is_file() else None

    def remove(self, number: str) -> None:
        """Remove an upload's files."""
        self.folders.remove(number)


def _base(name: str) -> str:
    """A name without the folders that some browsers send before it."""
    return name.replace("\\", "/").rpartition("/")[2][-NAME_MOST:] or "-"
