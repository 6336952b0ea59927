"""Whoever looks at the board may keep a signed checkpoint of the log."""

from pathlib import Path

import urllib3

from tests.boards import wait_until
from tests.builders import GUN, gun, runner
from tests.clock_and_chance import ManualClock
from tests.intakes import race_server
from tests.terminal import marathon
from timing.folder import checkpoints_of, create_race
from timing.log.checkpoint import read_note


def test_the_board_gives_the_last_note_and_every_page_leads_to_it(tmp_path: Path) -> None:
    with create_race(tmp_path / "race", "가산", "Gasan", "GV.TEST", 4_500, ManualClock(GUN)) as race:
        race.log.record([*runner(417), gun()])
        note = checkpoints_of(race).sign(race.log, "gun-1")
        with race_server(race, parts=("board",)) as server:

            def note_now() -> urllib3.BaseHTTPResponse:
                return urllib3.request("GET", f"{server}/note.txt", retries=False)

            wait_until(lambda: note_now().status == 200)  # the board is built beside the running server
            told = read_note(note_now().data.decode(), checkpoints_of(race).verifier)
            assert told.size >= read_note(note, checkpoints_of(race).verifier).size
        assert marathon("board", "publish", tmp_path / "board", "--race", race.root) == 0
        published = (tmp_path / "board" / "note.txt").read_text(encoding="utf-8")
        assert read_note(published, checkpoints_of(race).verifier).size == race.log.head().seq
        for page, root in (("index.html", ""), ("en/companies.html", "../"), ("r/417.html", "../")):
            assert f'href="{root}note.txt"' in (tmp_path / "board" / page).read_text(encoding="utf-8")


def test_without_a_note_the_board_says_so(tmp_path: Path) -> None:
    with create_race(tmp_path / "race", "가산", "Gasan", "GV.TEST", 4_500, ManualClock(GUN)) as race:
        assert marathon("board", "publish", tmp_path / "board", "--race", race.root) == 0
    assert "no signed checkpoint yet" in (tmp_path / "board" / "note.txt").read_text(encoding="utf-8")
