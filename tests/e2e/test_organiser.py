"""An organiser's whole day with the real commands: from the roster to the results, cameras sending over HTTP.

Server and stations are processes; the other commands run in the test's own, as `marathon` runs them.
"""

import csv
import io
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path

import cv2
import pytest

from bibs.printing.packet import pages_by_number
from tests import terminal
from tests.boards import PATIENCE_S, Page, race_folder, wait_until
from tests.programs import fetch, free_port, head, marathon, members, running, wait_for_board
from timing.folder import open_race
from timing.race.instants import instant, iso, later, span

ROSTER = """소속,성명,팀,성별,부문,배번
한빛정밀,김하늘,개발팀,여,30대,101
한빛정밀,박솔,개발팀,남,40대,102
가람전자,이보람,,여,30대,201
"""
GUN = instant("2026-09-03T14:00:00+09:00")
PICTURES_A_BIB = 4  # held before the camera for so long
PICTURE_MS = 1000 / 30  # the pictures of a folder are taken as those of a 30 fps camera


def hold_up(folder: Path, bibs: Sequence[int], pages: Mapping[int, cv2.typing.MatLike]) -> Path:
    """A camera's pictures of printed bibs, held up one after the other."""
    folder.mkdir()
    shots = [bib for bib in bibs for _ in range(PICTURES_A_BIB)]
    for number, bib in enumerate(shots):
        (folder / f"{number:03}.png").write_bytes(cv2.imencode(".png", pages[bib])[1].tobytes())
    return folder


def test_from_the_roster_to_the_results(tmp_path: Path) -> None:
    root, roster = tmp_path / "대회", tmp_path / "명단.csv"
    roster.write_text(ROSTER, encoding="utf-8")
    race = ("--race", str(root))
    terminal.said("init", root, "--name", "제20회 G밸리 스마트 마라톤", "--host", "GV.TEST", "--course", "4.5")
    terminal.said("import", roster, *race)
    terminal.said("bibs", *race)
    pages = pages_by_number(root / "bibs")
    assert sorted(pages) == [101, 102, 201]
    tokens = {name: terminal.said("station", name, *race).strip() for name in ("start-1", "finish-1")}

    port, told = free_port(), tmp_path / "serve.txt"
    with running(told, "serve", *race, "--port", str(port)) as serving:
        wait_for_board(port, serving, told)
        terminal.said("gun", *race, "--at", iso(GUN))

        def scan(point: str, bibs: Sequence[int], after_s: float, token: str) -> tuple[int, str]:
            """A station on another machine: it knows the server and its token, and no race folder."""
            name, begins = f"{point}-1", iso(later(GUN, span(after_s)))
            pictures = hold_up(tmp_path / f"{point}-{after_s}", bibs, pages)
            who = (
                "--station",
                name,
                "--point",
                point,
                "--no-line",
                "--at",
                begins,
                "--server",
                f"http://127.0.0.1:{port}",
            )
            done = marathon("scan", pictures, *who, MARATHON_TOKEN=token, XDG_STATE_HOME=str(tmp_path / name))
            return done.code, done.err

        assert scan("start", [101, 102, 201], 10, tokens["start-1"])[0] == 0
        wait_until(lambda: head(port)["counts"]["on_course"] == 3)
        assert scan("finish", [201, 101], 1020, tokens["finish-1"])[0] == 0
        wait_until(lambda: head(port)["counts"]["finished"] == 2)
        assert {"이*람", "가람전자", "김*늘"} <= set(Page(fetch(port, "")).words)

        code, refused = scan("finish", [102], 1100, "0" * 64)
        assert code == 3
        assert "스테이션 토큰이 맞지 않습니다" in refused and "Traceback" not in refused

        read = list(csv.DictReader(io.StringIO(terminal.said("results", *race, "--csv").removeprefix("\ufeff"))))
        assert [(row["place"], row["bib"], row["status"]) for row in read] == [
            ("1", "201", "finished"),
            ("2", "101", "finished"),
            ("", "102", "started"),
        ]
        last_at_start, first_at_finish = PICTURES_A_BIB - 1, PICTURES_A_BIB  # the numbers of bib 101's pictures
        assert float(read[0]["gun_ms"]) == pytest.approx(1_020_000, abs=1)
        assert float(read[1]["gun_ms"]) == pytest.approx(1_020_000 + first_at_finish * PICTURE_MS, abs=1)
        net_ms = 1_010_000 + (first_at_finish - last_at_start) * PICTURE_MS
        assert float(read[1]["net_ms"]) == pytest.approx(net_ms, abs=1)

        explained = terminal.said("explain", "101", *race)
        assert "bib 101: 김하늘 (한빛정밀)" in explained
        assert "start-1" in explained and "finish-1" in explained and "순위 / Place: 2 / 2" in explained
        assert terminal.said("log", "verify", *race)

        serving.send_signal(signal.SIGTERM)
        assert serving.wait(PATIENCE_S) == 0
        assert members(serving.pid) == []
    assert "Traceback" not in told.read_text(encoding="utf-8")


def test_serving_ends_promptly_when_it_is_told_to_and_gives_the_port_back(tmp_path: Path) -> None:
    with race_folder(tmp_path / "race", []) as opened:
        root, port, told = opened.root, free_port(), tmp_path / "told.txt"
    for stop, codes in ((signal.SIGTERM, (0,)), (signal.SIGINT, (0, 130))):  # at once on the same port
        with running(told, "serve", "--race", root, "--port", str(port)) as serving:
            wait_for_board(port, serving, told)
            serving.send_signal(stop)
            assert serving.wait(PATIENCE_S) in codes
        assert "Traceback" not in told.read_text(encoding="utf-8")
    with open_race(root) as again:
        assert again.log.head().seq > 0


def test_a_changed_byte_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with race_folder(tmp_path / "race", []) as opened:
        root = opened.root
    terminal.said("log", "checkpoint", "--race", root)
    terminal.said("log", "verify", "--race", root)
    capsys.readouterr()
    database = (root / "race.db").read_bytes()
    assert database.count(b'"course_m":4500') == 1
    (root / "race.db").write_bytes(database.replace(b'"course_m":4500', b'"course_m":4501'))
    assert terminal.marathon("log", "verify", "--race", root) == 1
    told = capsys.readouterr().err
    assert "1번 기록" in told and told.count("\n") == 1
