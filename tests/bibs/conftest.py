"""Race folders into which a roster was imported: each roster is imported once, and copied for whoever needs it."""

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from bibs.roster.registration.roster_import import import_files
from tests.clock_and_chance import ManualClock
from tests.rosters import csv_file
from tests.terminal import race_folder
from timing.folder import OpenRace, open_race
from timing.race.instants import Instant

Entered = Callable[..., OpenRace]


@pytest.fixture(scope="session")
def entered(tmp_path_factory: pytest.TempPathFactory) -> Entered:
    """`entered(folder, heading, *people)` opens a race in that folder in which these rows of a roster are registered."""

    @cache
    def imported(*rows: tuple[str, ...]) -> Path:
        root = tmp_path_factory.mktemp("entered") / "대회"
        with race_folder(root) as opened:
            import_files(opened, (csv_file(root / "명단.csv", *map(list, rows)),))
        return root

    def copied(folder: Path, *rows: list[str]) -> OpenRace:
        shutil.copytree(imported(*map(tuple, rows)), folder)
        return open_race(folder, ManualClock(Instant(0)))

    return copied
