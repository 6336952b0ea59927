"""A write-protected race can be read in every way and written in none; what holds names is its owner's alone."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.builders import GUN, Station, gun, runner, scan
from tests.clock_and_chance import ManualClock
from tests.terminal import marathon
from timing.errors import Unreachable
from timing.folder import create_race, open_race
from timing.log.backup import backup
from timing.log.checkpoint_store import CheckpointStore
from timing.store.database import open_database, sqlite_file
from timing.store.sealed import Sealed

READING = [("results",), ("log", "verify"), ("log", "export"), ("log", "show"), ("station", "list"), ("rule", "review")]


@pytest.fixture(autouse=True)
def nobody_is_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may write anything; here the modes decide, as they do for everybody else."""
    asked = os.access

    def answers(path: str | Path, mode: int) -> bool:
        return bool(Path(path).stat().st_mode & 0o222) if mode == os.W_OK else asked(path, mode)

    monkeypatch.setattr(os, "access", answers)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    with create_race(tmp_path / "대회 1", "가산", "Gasan", "GV.TEST", 4_500, ManualClock(GUN)) as made:
        made.log.record([*runner(417), gun()])
        made.log.receive(Station("start-1", "start").says(scan(417, "0:12")).batch())
        made.log.receive(Station().says(scan(417, "17:05")).batch())
        CheckpointStore(made.root, made.settings.id).sign(made.log, "desk")
        return made.root


@pytest.fixture
def seal(root: Path) -> Iterator[Callable[[], None]]:
    """Takes every right to write away."""

    def protect() -> None:
        for path in (*root.rglob("*"), root):
            path.chmod(path.stat().st_mode & ~0o222)

    yield protect
    for path in (root, *root.rglob("*")):
        path.chmod(path.stat().st_mode | 0o200)


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_a_sealed_race_is_read_as_ever_and_not_touched(
    root: Path, seal: Callable[[], None], command: tuple[str, ...]
) -> None:
    before = sorted((path.name, path.stat().st_mtime_ns) for path in root.rglob("*"))
    seal()
    assert marathon(*command, "--race", root) == 0
    assert sorted((path.name, path.stat().st_mtime_ns) for path in root.rglob("*")) == before


def test_a_sealed_race_is_published_and_copied(root: Path, seal: Callable[[], None], tmp_path: Path) -> None:
    seal()
    assert marathon("board", "publish", tmp_path / "board", "--race", root) == 0
    assert (tmp_path / "board" / "index.html").is_file()
    assert marathon("log", "backup", tmp_path / "copy.db", "--race", root) == 0


def test_nothing_is_recorded_in_a_sealed_race(
    root: Path, seal: Callable[[], None], capsys: pytest.CaptureFixture[str]
) -> None:
    seal()
    for command in (
        ("rule", "status", "dnf", 417, "--why", "x", "--yes"),
        ("station", "finish-9"),
        ("gun", "--wave", "1", "--why", "x", "--yes"),
    ):
        assert marathon(*command, "--race", root) == 3
        assert "write-protected" in capsys.readouterr().err


def test_what_a_crash_left_in_the_wal_of_a_sealed_copy_is_read_too(
    root: Path, tmp_path: Path, seal: Callable[[], None]
) -> None:
    with open_race(root, ManualClock(GUN)) as running:
        running.log.record(runner(12))
        held = running.log.head()
        shutil.copytree(root, tmp_path / "copy", ignore=shutil.ignore_patterns("*-shm"))
    copied = tmp_path / "copy"
    assert (copied / "race.db-wal").stat().st_size
    for path in (*copied.rglob("*"), copied):
        path.chmod(path.stat().st_mode & ~0o222)
    with open_race(copied) as sealed:
        assert sealed.log.head() == held
    copied.chmod(0o755)


def test_a_sealed_database_of_an_older_version_is_read(root: Path, seal: Callable[[], None]) -> None:
    with closing(sqlite3.connect(root / "race.db")) as shell, shell:
        shell.execute("DROP TABLE consent")
        shell.execute("UPDATE marathon_schema SET version = 3")
    seal()
    assert marathon("results", "--race", root) == 0


def test_a_sealed_engine_refuses_whoever_writes_past_the_door(root: Path, seal: Callable[[], None]) -> None:
    seal()
    engine = open_database(sqlite_file(root / "race.db"))
    with pytest.raises(Exception, match="readonly"), engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM person")
    with pytest.raises(Sealed), open_race(root) as opened:
        opened.directory.enrol("finish-1", "token")
    engine.dispose()


# Whose alone the files are.


@pytest.fixture
def generous() -> Iterator[None]:
    """Everything that is made may be read by anybody, if nobody takes care."""
    before = os.umask(0)
    yield
    os.umask(before)


def test_database_and_backup_are_their_owner_s_alone_whatever_the_umask(generous: None, tmp_path: Path) -> None:
    with create_race(tmp_path / "race", "가산", "Gasan", "GV.TEST", 4_500, ManualClock(GUN)) as made:
        backup(made.engine, made.settings.id, tmp_path / "copy.db", made.clock)
        files = [*made.root.glob("race.db*"), tmp_path / "copy.db"]
        assert len(files) > 1
        assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_a_backup_that_failed_leaves_nothing(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("timing.log.backup._verified", full)
    (tmp_path / "stick").mkdir()
    with open_race(root) as opened, pytest.raises(Unreachable, match="No space left"):
        backup(opened.engine, opened.settings.id, tmp_path / "stick" / "copy.db", opened.clock)
    assert list((tmp_path / "stick").iterdir()) == []


def test_a_backup_of_a_malformed_database_is_refused_in_one_line(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(root / "race.db")) as shell, shell:
        shell.execute("PRAGMA writable_schema=1")
        shell.execute("UPDATE sqlite_master SET rootpage = 2000 WHERE name = 'person'")
    for command in (("backup", tmp_path / "copy.db"), ("verify",)):
        assert marathon("log", *command, "--race", root) == 3
        assert "Traceback" not in capsys.readouterr().err
    assert not list(tmp_path.glob("*copy.db*"))


def test_a_folder_where_no_database_can_be_made_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(Unreachable):
        open_database(sqlite_file(tmp_path / "없는 폴더" / "race.db"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may write what the modes forbid")
def test_whoever_may_write_all_the_same_is_not_held_up_by_a_copy_s_modes(
    root: Path, seal: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    seal()
    monkeypatch.setattr(os, "access", lambda *_: True)  # as the system answers root
    assert marathon("rule", "status", "dnf", 417, "--why", "구급차", "--yes", "--race", root) == 0
