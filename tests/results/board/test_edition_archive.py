"""Editions that are made again while the database takes its time: pages are put off, and one thread alone waits."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

import results.board.edition_archive
from results.board.edition_archive import EditionArchive, Results, results_of
from tests.boards import PATIENCE_S, Run, race_folder
from timing.errors import Unreachable
from timing.folder import OpenRace
from timing.race.events import EditionPublished

RUNS = [Run(417, "0:10", "17:03"), Run(12, "0:11", "18:00")]


def edition(number: int, facts: int) -> EditionPublished:
    return EditionPublished(number, "provisional", facts, "0" * 64, None, (), "desk", "")


def test_while_the_database_hangs_one_page_waits_the_others_come_again_and_what_is_made_is_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hangs, answers = Event(), Event()

    def slow(opened: OpenRace, chosen: EditionPublished) -> Results:
        if chosen.number == 2:
            hangs.set()
            assert answers.wait(PATIENCE_S)
        return results_of(opened, chosen)

    monkeypatch.setattr(results.board.edition_archive, "results_of", slow)
    monkeypatch.setattr(results.board.edition_archive, "PAGE_WAITS_S", 0.05)
    with race_folder(tmp_path / "race", RUNS) as opened, ThreadPoolExecutor(1) as pool:
        archive, facts = EditionArchive(opened), opened.log.head().seq
        made, new = edition(1, facts), edition(2, facts)
        assert archive.row(made, 417)
        first = pool.submit(archive.row, new, 417)
        assert hangs.wait(PATIENCE_S)
        for _ in range(8):
            with pytest.raises(Unreachable, match="being made"):
                archive.row(new, 12)
        assert archive.row(made, 12)
        answers.set()
        assert (row := first.result(PATIENCE_S)) and row.entrant.bib == 417
        assert archive.row(new, 12) and archive.row(new, 999) is None
