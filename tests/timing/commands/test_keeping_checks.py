"""What `marathon doctor` says of how a race is kept."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.boards import Run, race_folder
from tests.terminal import marathon
from timing.check import CheckState
from timing.commands.keeping_checks import keeping_checks
from timing.folder import OpenRace
from timing.race.clock import SystemClock
from timing.race.instants import SECOND, Instant
from timing.stations.tls_certificate import own_certificate

HOUR_S = 3_600


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenRace]:
    with race_folder(tmp_path / "race", [Run(1, "0:10", "17:00")]) as made:
        assert marathon("log", "checkpoint", "--race", made.root) == 0
        yield made


def told(root: Path, part: str, certificate: Path | None = None) -> tuple[CheckState, str]:
    (found,) = (check for check in keeping_checks(root, certificate) if part in check.part)
    return found.state, found.text.to("en")


def aged(file: Path, hours: float) -> None:
    was = file.stat().st_mtime - hours * HOUR_S
    os.utime(file, (was, was))


@pytest.mark.parametrize(
    ("hours", "state", "says"),
    [(0, CheckState.GOOD, "0 minutes ago"), (3, CheckState.ADVICE, "3 h ago"), (80, CheckState.ADVICE, "3 days ago")],
)
def test_how_old_the_last_note_is(opened: OpenRace, hours: int, state: CheckState, says: str) -> None:
    for note in (opened.root / "checkpoints").glob("*.txt"):
        aged(note, hours)
    found, english = told(opened.root, "확인서 / checkpoints")
    assert found is state and says in english


def test_a_race_without_notes_is_told(opened: OpenRace) -> None:
    for note in (opened.root / "checkpoints").glob("*"):
        note.unlink()
    assert told(opened.root, "확인서 / checkpoints")[0] is CheckState.ADVICE


def test_a_key_beside_the_database_outside_or_gone(
    opened: OpenRace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert told(opened.root, "key")[0] is CheckState.ADVICE
    stick = tmp_path / "stick.key"
    (opened.root / "keys" / "checkpoint.key").rename(stick)
    assert told(opened.root, "key")[0] is CheckState.MISSING
    monkeypatch.setenv("MARATHON_NOTE_KEY", str(stick))
    assert told(opened.root, "key")[0] is CheckState.GOOD


@pytest.mark.parametrize("file", ["race.db", "keys/checkpoint.key", "bibs/c0001/10-bibs.pdf"])
def test_what_everybody_may_read_is_named(opened: OpenRace, file: str) -> None:
    path = opened.root / file
    if file.startswith("bibs"):
        path.parent.mkdir(parents=True)
        path.write_bytes(b"codes")
        for folder in (path.parent, path.parent.parent):
            folder.chmod(0o750)
    path.chmod(0o640)
    assert told(opened.root, "modes")[0] is CheckState.GOOD
    path.chmod(0o644)
    found, english = told(opened.root, "modes")
    assert found is CheckState.MISSING and str(path) in english


def test_how_old_the_backup_is_and_whether_it_is_there_and_private(opened: OpenRace, tmp_path: Path) -> None:
    assert told(opened.root, "backup")[0] is CheckState.ADVICE
    copy = tmp_path / "copy.db"
    assert marathon("log", "backup", copy, "--race", opened.root) == 0
    assert told(opened.root, "backup")[0] is CheckState.GOOD and told(opened.root, "modes")[0] is CheckState.GOOD
    copy.chmod(0o604)
    assert str(copy) in told(opened.root, "modes")[1]
    aged(opened.root / "last-backup.txt", 30)
    assert told(opened.root, "backup") == (CheckState.ADVICE, f"30 h ago: {copy}")
    copy.unlink()
    assert "is not here now" in told(opened.root, "backup")[1]


@pytest.mark.parametrize(
    ("free", "state"), [(10**12, CheckState.GOOD), (10**9, CheckState.ADVICE), (10**7, CheckState.MISSING)]
)
def test_how_much_room_there_is(
    opened: OpenRace, free: int, state: CheckState, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("timing.commands.keeping_checks.free_bytes", lambda _: free)
    assert told(opened.root, "disk")[0] is state


def test_until_when_a_certificate_holds(opened: OpenRace, tmp_path: Path) -> None:
    own = own_certificate(opened.root, opened.clock.now())
    own.chmod(0o600)
    assert told(opened.root, "intake.pem")[0] is CheckState.GOOD
    with_no_end = tmp_path / "fullchain.pem"
    assert told(opened.root, "fullchain", with_no_end)[0] is CheckState.MISSING
    with_no_end.write_text("no certificate")
    assert told(opened.root, "fullchain", with_no_end)[0] is CheckState.MISSING
    twenty_years = 20 * 366 * 24 * HOUR_S * SECOND
    for number, (days, state, says) in enumerate(
        [
            (-30, CheckState.MISSING, "ended on"),
            (5, CheckState.ADVICE, "valid until"),
            (30, CheckState.GOOD, "valid until"),
        ]
    ):
        (tmp_path / f"{number}").mkdir()
        begun = SystemClock().now() - twenty_years + days * 24 * HOUR_S * SECOND
        with_no_end.write_bytes(own_certificate(tmp_path / f"{number}", Instant(begun)).read_bytes())
        found, english = told(opened.root, "fullchain", with_no_end)
        assert found is state and says in english, days


def test_without_a_race_nothing_is_said(tmp_path: Path) -> None:
    assert list(keeping_checks(tmp_path)) == []
