"""The signed checkpoint that covers what a sheet of results rests on."""

from pathlib import Path

import pytest

from tests.builders import gun, log_of, opened, runner
from timing.log.checkpoint_store import CheckpointStore, note_covering
from timing.log.notes import NOTES, NotesDisturbed

RACE = "00000000000f2026"


def test_without_notes_there_is_none_and_no_key_is_made(tmp_path: Path) -> None:
    assert note_covering(tmp_path, RACE, 1) is None
    assert not list(tmp_path.iterdir())


def test_the_earliest_note_that_covers_the_facts(tmp_path: Path) -> None:
    log, checkpoints = log_of([opened(), *runner(1)]), CheckpointStore(tmp_path, RACE)
    early = checkpoints.sign(log, "desk")
    log.record([gun(), *runner(2)])
    late = checkpoints.sign(log, "desk")
    assert note_covering(tmp_path, RACE, 2) == note_covering(tmp_path, RACE, 3) == (early, 3)
    assert note_covering(tmp_path, RACE, 4) == (late, 6)
    assert note_covering(tmp_path, RACE, 7) is None


def test_a_note_of_somebody_else_is_never_printed(tmp_path: Path) -> None:
    CheckpointStore(tmp_path, RACE).sign(log_of([opened()]), "desk")
    (note,) = (tmp_path / NOTES).glob("*.txt")
    note.write_text(note.read_text(encoding="utf-8").replace("\n1\n", "\n2\n"), encoding="utf-8")
    with pytest.raises(NotesDisturbed):
        note_covering(tmp_path, RACE, 1)
