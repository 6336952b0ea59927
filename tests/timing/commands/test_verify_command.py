"""`log verify` says what it knows: against which notes, up to where, and what nobody can tell."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.builders import GUN, Station, gun, opened, runner, scan
from tests.clock_and_chance import ManualClock
from tests.tampering import unguarded
from tests.terminal import marathon
from timing.folder import OpenRace, create_race, open_race
from timing.log.checkpoint import Checkpoint
from timing.log.checkpoint_store import CheckpointStore
from timing.log.note_key import KEY_ELSEWHERE, KEY_FILE
from timing.log.notes import FROM_STATIONS, NOTES
from timing.race.events import LogRestored
from timing.store.database import writing
from timing.store.write_guards import restore_guards

Verify = Callable[..., tuple[int, str]]


@pytest.fixture
def race(tmp_path: Path) -> Iterator[OpenRace]:
    """A race with two notes, after which one scan came."""
    made = create_race(tmp_path / "race", "가산 점심 달리기", "Gasan lunch run", "GV.TEST", 4_500, ManualClock(GUN))
    checkpoints = CheckpointStore(made.root, made.settings.id)
    made.log.record(runner(417))
    checkpoints.sign(made.log, "desk")
    made.log.record([gun()])
    checkpoints.sign(made.log, "gun-1")
    made.log.receive(Station().says(scan(417, "17:05")).batch())
    yield made
    made.close()


@pytest.fixture
def verify(race: OpenRace, capsys: pytest.CaptureFixture[str]) -> Verify:
    def ask(*arguments: object) -> tuple[int, str]:
        capsys.readouterr()
        code = marathon("log", "verify", *arguments, "--race", race.root)
        return code, capsys.readouterr().err

    return ask


def written_anew(race: OpenRace) -> None:
    """An insider writes the whole log anew, by the program's own rules."""
    race.close()
    with unguarded(race.root / "race.db") as shell:
        for table in ("event", "race_head", "lineage_head"):
            shell.execute(f"DELETE FROM {table}")
    with open_race(race.root, ManualClock(GUN), lost=True) as forged:
        forged.log.record([opened(5_000), *runner(417), gun()])
        forged.log.receive(Station().says(scan(417, "11:05"), scan(417, "11:06")).batch())
        with writing(forged.engine) as connection:
            restore_guards(connection)


def test_it_says_against_how_many_notes_and_how_many_facts_came_after(verify: Verify) -> None:
    code, said = verify()
    assert code == 0
    assert "against 2 checkpoints: the first 5 facts are as they were written, 2 came after the last checkpoint" in said


def test_without_any_note_it_promises_nothing_and_ends_with_a_code_of_its_own(race: OpenRace, verify: Verify) -> None:
    written_anew(race)
    shutil.rmtree(race.root / NOTES)
    shutil.rmtree(race.root / "keys")
    code, said = verify()
    assert code == 4
    assert "there is no checkpoint" in said and "no key" in said
    assert not (race.root / KEY_FILE).exists()


def test_a_note_that_was_kept_outside_finds_a_log_written_anew(race: OpenRace, verify: Verify, tmp_path: Path) -> None:
    key, kept = CheckpointStore(race.root, race.settings.id).verifier, tmp_path / "메일로 받은 확인서.txt"
    shutil.copy(max((race.root / NOTES).glob("*.txt")), kept)
    assert verify("--note", kept, "--key", key)[0] == 0
    written_anew(race)
    shutil.rmtree(race.root / NOTES)
    shutil.rmtree(race.root / "keys")
    with open_race(race.root) as again:
        CheckpointStore(again.root, again.settings.id).sign(again.log, "gun-1")
    assert verify()[0] == 0
    code, said = verify("--note", kept, "--key", key)
    assert code == 1
    assert "contradicts the signed checkpoint" in said


def test_a_key_that_was_made_anew_is_said_aloud(
    race: OpenRace, verify: Verify, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key, kept = CheckpointStore(race.root, race.settings.id).verifier, tmp_path / "note.txt"
    shutil.copy(max((race.root / NOTES).glob("*.txt")), kept)
    shutil.rmtree(race.root / NOTES)
    shutil.rmtree(race.root / "keys")
    assert marathon("log", "checkpoint", "--race", race.root) == 0
    assert "it is verified with" in capsys.readouterr().err
    code, said = verify("--note", kept, "--key", key)
    assert code == 0
    assert "replaced or made anew" in said


def test_no_key_is_made_in_place_of_one_that_is_gone(race: OpenRace, verify: Verify) -> None:
    (race.root / KEY_FILE).unlink()
    assert marathon("log", "checkpoint", "--race", race.root) == 1
    assert not (race.root / KEY_FILE).exists()
    code, said = verify()
    assert code == 1
    assert "the key that signed the checkpoints is gone" in said


def test_the_key_may_lie_outside_the_folder(
    race: OpenRace, verify: Verify, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (race.root / KEY_FILE).rename(tmp_path / "stick.key")
    monkeypatch.setenv(KEY_ELSEWHERE, str(tmp_path / "stick.key"))
    assert verify()[0] == 0
    assert marathon("log", "checkpoint", "--race", race.root) == 0
    assert not (race.root / KEY_FILE).exists()


@pytest.mark.parametrize("renamed", [None, "note.bak", "note.txt"])
def test_a_note_that_was_taken_away_or_renamed_is_missed_by_the_next(
    race: OpenRace, verify: Verify, renamed: str | None
) -> None:
    first = min((race.root / NOTES).glob("*.txt"))
    first.unlink() if renamed is None else first.rename(first.with_name(renamed))
    code, said = verify()
    assert code == 1
    assert "number 1, before it, is missing" in said


def test_a_note_put_in_another_s_place_is_missed_by_the_next(race: OpenRace, verify: Verify) -> None:
    checkpoints = CheckpointStore(race.root, race.settings.id)
    first = min((race.root / NOTES).glob("*.txt"))
    shutil.copytree(race.root / "keys", race.root.parent / "other" / "keys")
    checkpoints_elsewhere = CheckpointStore(race.root.parent / "other", race.settings.id)
    assert checkpoints_elsewhere.verifier == checkpoints.verifier
    first.write_text(checkpoints_elsewhere.sign(race.log, "x"), encoding="utf-8")
    assert verify()[0] == 1


def test_two_notes_of_one_size_and_label_both_stay(race: OpenRace, verify: Verify) -> None:
    for _ in range(3):
        assert marathon("log", "checkpoint", "--race", race.root) == 0
    assert "against 5 checkpoints" in verify()[1]


@pytest.mark.parametrize(
    "damage", [lambda note: "", lambda note: note[:60], lambda note: note.replace("\n5\n", "\n4\n")]
)
def test_a_damaged_note_is_named(race: OpenRace, verify: Verify, damage: Callable[[str], str]) -> None:
    last = max((race.root / NOTES).glob("*.txt"))
    last.write_text(damage(last.read_text(encoding="utf-8")), encoding="utf-8")
    code, said = verify()
    assert code == 1
    assert last.name in said and "Traceback" not in said


def test_other_files_among_the_notes_are_told_and_disturb_nobody(
    race: OpenRace, verify: Verify, tmp_path: Path
) -> None:
    for name in ("README.txt", "99999999.txt", "가.txt", "0000000x-gun.txt", "사진.jpg"):
        (race.root / NOTES / name).write_text("안녕", encoding="utf-8")
    code, said = verify()
    assert code == 0
    assert "README.txt" in said
    assert marathon("log", "backup", tmp_path / "copy.db", "--race", race.root) == 0
    race.close()
    for file in race.root.glob("race.db*"):
        file.unlink()
    assert marathon("log", "restore", tmp_path / "copy.db", "--why", "시험", "--race", race.root) == 0
    assert verify()[0] == 0


def test_a_note_that_a_station_brought_back_is_held_against_the_log_for_ever(race: OpenRace, verify: Verify) -> None:
    shutil.copytree(race.root / NOTES, race.root.parent / "station")
    written_anew(race)
    for file in (race.root / NOTES).glob("*.txt"):
        file.unlink()
    brought = race.root / NOTES / FROM_STATIONS
    brought.mkdir()
    for file in (race.root.parent / "station").glob("*.txt"):
        shutil.copy(file, brought / file.name)
    code, said = verify()
    assert code == 1
    assert "contradicts the signed checkpoint" in said


def test_a_note_about_facts_that_a_backup_lacked_is_no_forgery(race: OpenRace, verify: Verify) -> None:
    brought = race.root / NOTES / FROM_STATIONS
    lost = Checkpoint(f"marathon/{race.settings.id}", 9, b"\7" * 32)
    note = CheckpointStore(race.root, race.settings.id).signer.sign(lost)
    race.log.record([LogRestored(8, "desk", "디스크가 죽음")])
    brought.mkdir()
    (brought / "00000009-finish-1.txt").write_text(note, encoding="utf-8")
    assert verify()[0] == 0


@pytest.mark.parametrize("key", ["x", "marathon-0000000000000001+00+AA", ""])
def test_a_note_without_a_key_of_this_race_is_refused(race: OpenRace, verify: Verify, tmp_path: Path, key: str) -> None:
    (tmp_path / "note.txt").write_text("x", encoding="utf-8")
    code, said = verify("--note", tmp_path / "note.txt", *(("--key", key) if key else ()))
    assert code == (2 if key else 1)
    assert "Traceback" not in said


def test_a_key_alone_is_a_slip(verify: Verify) -> None:
    assert verify("--key", "marathon-x")[0] == 2
