"""What spectators add to the board is plugged in from outside: without it the board is whole."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from results.board.snapshot import Snapshot
from results.spectators.plug import SpectatorSection
from results.spectators.promotion import Promotion
from tests.boards import Run, race_folder, text, view_of_runs
from tests.builders import code_of
from tests.programs import LONGEST_S, ROOT

RUNS = [Run(417, "0:10", "17:03", name="김하늘"), Run(42, "0:11", company="c0002"), Run(7, company="c0003")]
SERVED = """
import sys
from pathlib import Path
from tests.boards import ask, wait_until
from server.race_server import race_app
from timing.folder import open_race

race = Path(sys.argv[1])
with open_race(race) as opened, open_race(race) as stations, race_app(opened, stations) as app:
    wait_until(lambda: ask(app, "/").status_code == 200)
    firm, scanned = ask(app, "/c/c0001.html"), ask(app, sys.argv[2], user_agent="Mozilla/5.0")
    assert firm.status_code == 200 and "qrpr" not in firm.text, firm.text
    assert (scanned.status_code, scanned.headers["location"]) == (302, "/c/c0001.html"), scanned.headers
    assert ask(app, "/qrpr.html").status_code == ask(app, "/vote.html").status_code == 404
"""


def test_scans_of_firms_that_became_one_are_counted_together() -> None:
    scanned = SpectatorSection(Promotion({"c0009": 3, "c0001": 4, "c0002": 5}))
    board = Snapshot(replace(view_of_runs(RUNS), merged={"c0009": "c0001"}), sections=[scanned])
    rows = json.loads(text(board, "qrpr.json"))["rows"]
    assert [(row["place"], row["company_id"], row["scans"]) for row in rows] == [(1, "c0001", 7), (2, "c0002", 5)]
    assert "QR 응원 7" in text(board, "c/c0001.html")
    assert "c0009" not in text(board, "qrpr.html")


@pytest.fixture
def without(tmp_path: Path) -> Path:
    """A copy of the product whose spectators were deleted, with their line in the list of features."""
    copy = tmp_path / "copy"
    skipped = shutil.ignore_patterns("__pycache__", "spectators")
    for room in ("timing", "bibs", "scanners", "results", "server", "demo"):
        shutil.copytree(ROOT / room, copy / room, ignore=skipped)
    shutil.copy(ROOT / "marathon.py", copy)
    features = Path("server") / "features.py"
    lines = (ROOT / features).read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if "results.spectators" not in line]
    assert len(kept) == len(lines) - 1
    (copy / features).write_text("".join(kept), encoding="utf-8")
    shutil.copytree(
        ROOT / "tests", copy / "tests", ignore=shutil.ignore_patterns("__pycache__", "e2e", "bibs", "results")
    )
    return copy


def test_without_its_folder_and_its_line_the_front_door_starts_and_serves_a_board(
    without: Path, tmp_path: Path
) -> None:
    race_folder(tmp_path / "race", RUNS).close()

    def runs(*command: object) -> str:
        done = subprocess.run(
            [sys.executable, *map(str, command)], cwd=without, capture_output=True, text=True, timeout=LONGEST_S
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "vote" not in runs("-m", "marathon", "--help").split()
    runs("-c", SERVED, tmp_path / "race", f"/B/{code_of(417)}")
    runs("-m", "marathon", "board", "publish", tmp_path / "out", "--race", tmp_path / "race")
    assert not (tmp_path / "out" / "qrpr.html").exists()
