"""`marathon scan`: what it prints, what it records, and what becomes of the scans when something is in the way."""

import json
import re
from _thread import interrupt_main
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import cv2
import numpy as np
import pytest

from results.ranking.rows import Flag, row_of
from scanners.cameras.devices import Camera
from scanners.cameras.health import FrameCounts
from scanners.outbox import outbox_for
from tests.boards import wait_until
from tests.builders import GUN, RACE, assigned, code_of, entrant, entrant_id, race, scan
from tests.clock_and_chance import ManualClock
from tests.intakes import TOKEN, intake_server, nobody_s_address
from tests.memory_log import MemoryLog
from tests.pictures import Grey, film, images, scene, url
from tests.streams import LoopbackCamera, h264, rtsp_server
from tests.terminal import marathon, race_folder
from timing.folder import OpenRace, create_race
from timing.log import Log
from timing.race.clock import SteadyClock
from timing.race.codes import bib_url, new_code
from timing.race.events import (
    FilmJumped,
    MarkDrawn,
    Scanned,
    ServerClockRead,
    StationClosed,
    StationOpened,
)
from timing.race.instants import SECOND, instant, iso
from timing.race.marks import Mark, dark_modules, mark_book
from timing.race.passings import Point

FIELDS = [
    "seq",
    "text",
    "bib",
    "first_at",
    "last_at",
    "sightings",
    "frame",
    "by",
    "margin",
    "crossed_at",
    "source",
    "doubt_ms",
]
STRANGER = "안녕하세요"
AT = iso(GUN)
FINISH = ("--station", "finish-1", "--point", "finish", "--no-line")


@pytest.fixture(autouse=True)
def away_from_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In an empty folder, with an empty home."""
    (tmp_path / "cwd").mkdir()
    monkeypatch.chdir(tmp_path / "cwd")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def finish(tmp_path: Path) -> Path:
    """A film of the finish: 417 for 10 frames, 418 and a stranger for 5, then nobody."""
    both = [scene(url(418), STRANGER)] * 5
    return film(tmp_path / "결승.mp4", [scene()] * 5 + [scene(url(417))] * 10 + both + [scene()] * 5)


@pytest.fixture
def gvalley(tmp_path: Path) -> Iterator[OpenRace]:
    """A race folder with one runner, who wears 417."""
    with race_folder(tmp_path / "대회") as made:
        made.log.record(race(entrant(417), assigned(417)))
        yield made


@pytest.fixture
def server_log() -> MemoryLog:
    return MemoryLog(RACE, ManualClock(GUN))


def printed(capsys: pytest.CaptureFixture[str]) -> tuple[list[dict[str, object]], str]:
    """The objects on stdout, and what was said."""
    said = capsys.readouterr()
    return [json.loads(line) for line in said.out.splitlines()], said.err


def facts(log: Log) -> list[object]:
    return [fact.event for fact in log.read()]


def scanned(log: Log) -> list[str]:
    return sorted(fact.code for fact in facts(log) if isinstance(fact, Scanned))


def last_line(said: str) -> str:
    return said.splitlines()[-1]


def test_a_film_is_printed_as_documented(finish: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert marathon("scan", finish, "--station", "시험", "--jsonl") == 0
    lines, said = printed(capsys)
    assert [list(line) for line in lines] == [FIELDS] * 3
    assert [line["seq"] for line in lines] == [1, 2, 3]
    first = lines[0]
    frame = first.pop("frame")
    assert isinstance(frame, int)
    assert 5 <= frame < 15
    assert first == {
        "seq": 1,
        "text": url(417),
        "bib": None,
        "first_at": "1970-01-01T00:00:00.200000Z",
        "last_at": "1970-01-01T00:00:00.560000Z",
        "sightings": 10,
        "by": "qr",
        "margin": None,
        "crossed_at": None,
        "source": "seen",
        "doubt_ms": None,
    }
    assert {line["text"]: line["sightings"] for line in lines[1:]} == {url(418): 5, STRANGER: 5}
    assert re.fullmatch(
        r"장면 25개, 초당 [\d.]+장면, 코드 3개, 스캔 3건 / 25 frames, [\d.]+ frames per second, 3 codes, 3 scans",
        last_line(said),
    )


def approaching(line_px: float, sizes: Iterable[float]) -> list[Grey]:
    """A runner who walks up evenly; the code is so many times as large as at the line."""
    return [scene(url(417), side_px=round(line_px * size), height=400) for size in sizes]


def test_the_crossing_is_printed_with_its_source_and_its_doubt(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Thirty frames a second; the line, at 2 m, is crossed between the third frame and the fourth."""
    folder = images(tmp_path / "pictures", approaching(120, (2 / (2.25 - n / 10) for n in range(6))))
    assert marathon("scan", folder, "--station", "test", "--jsonl", "--line-px", 120) == 0
    ((line,), _) = printed(capsys)
    assert str(line["crossed_at"]).startswith("1970-01-01T00:00:00.08")
    assert line["source"] == "line"
    assert isinstance(line["doubt_ms"], int) and 0 < line["doubt_ms"] < 30


def test_who_was_seen_once_is_printed_as_estimated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = images(tmp_path / "pictures", [scene(), *approaching(120, [0.9])])
    assert marathon("scan", folder, "--station", "test", "--jsonl", "--line-px", 120) == 0
    ((line,), _) = printed(capsys)
    assert line["source"] == "estimated"
    assert str(line["crossed_at"]) > str(line["last_at"])
    assert isinstance(line["doubt_ms"], int) and line["doubt_ms"] > 10


def test_a_folder_of_images_is_printed_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = images(tmp_path / "사진", [scene(), scene(url(417)), scene(url(417))])
    assert marathon("scan", folder, "--station", "시험", "--jsonl") == 0
    ((line,), said) = printed(capsys)
    assert (line["first_at"], line["last_at"]) == ("1970-01-01T00:00:00.033333Z", "1970-01-01T00:00:00.066666Z")
    assert line["sightings"] == 2
    assert last_line(said).endswith("1 codes, 1 scan")


def test_the_instants_count_from_the_first_frame_at_the_instant_given(
    finish: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert marathon("scan", finish, "--station", "시험", "--jsonl", "--at", "2026-09-03T14:15:00+09:00") == 0
    lines, _ = printed(capsys)
    assert lines[0]["first_at"] == "2026-09-03T05:15:00.200000Z"


def test_without_a_code_in_view_only_the_tally_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert marathon("scan", images(tmp_path / "사진", [scene()] * 2), "--station", "시험", "--jsonl") == 0
    lines, said = printed(capsys)
    assert lines == []
    assert said.count("\n") == 1
    assert last_line(said).endswith("0 codes, 0 scans")


def test_in_a_race_folder_the_bib_is_named_and_nothing_is_recorded(
    finish: Path, gvalley: OpenRace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(gvalley.root)
    before = gvalley.log.head()
    assert marathon("scan", finish, "--station", "시험", "--jsonl") == 0
    lines, _ = printed(capsys)
    assert {line["text"]: line["bib"] for line in lines} == {url(417): 417, url(418): None, STRANGER: None}
    assert gvalley.log.head() == before
    assert not (gvalley.root / "stations").exists()


def test_a_bib_is_known_on_any_host(tmp_path: Path, gvalley: OpenRace, capsys: pytest.CaptureFixture[str]) -> None:
    folder = images(tmp_path / "사진", [scene(bib_url("NEW.TEST", code_of(417)))])
    assert marathon("scan", folder, "--station", "시험", "--jsonl", "--race", gvalley.root) == 0
    ((line,), _) = printed(capsys)
    assert line["bib"] == 417


def test_without_a_point_it_is_a_wrong_use(finish: Path, gvalley: OpenRace, capsys: pytest.CaptureFixture[str]) -> None:
    assert marathon("scan", finish, "--station", "finish-1", "--race", gvalley.root) == 2
    said = capsys.readouterr().err
    assert "--point start, finish, split or pen is needed" in said
    assert said.count("\n") == 1


def test_an_instant_without_an_offset_is_a_wrong_use(finish: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert marathon("scan", finish, "--station", "시험", "--jsonl", "--at", "2026-09-03T14:15:00") == 2
    assert "has no UTC offset" in capsys.readouterr().err


def test_without_a_race_and_without_a_server_it_says_what_is_missing(
    finish: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert marathon("scan", finish, *FINISH) == 3
    assert "race.toml" in capsys.readouterr().err


@pytest.mark.parametrize("source", ["없음.mp4", "97"])
def test_without_a_picture_it_is_told_in_one_line(source: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert marathon("scan", source, "--station", "시험", "--jsonl") == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("marathon: ")
    assert said.err.count("\n") == 1


def test_a_camera_in_a_pen_says_whose_pen_it_is(
    finish: Path, gvalley: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    in_pen = ("scan", finish, "--station", "pen-2", "--race", gvalley.root, "--at", AT, "--point", "pen")
    assert marathon(*in_pen) == 2
    assert "--wave" in capsys.readouterr().err
    assert marathon(*in_pen, "--wave", "2") == 0
    race = gvalley.fold()
    assert {race.wave_of(entrant, race.scans_of(entrant)) for entrant in race.entrants.values()} == {"2"}
    assert race.stations_at_work() == []


def test_a_camera_on_the_course_says_how_far_along_it_stands(
    finish: Path, gvalley: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    on_course = ("scan", finish, "--station", "split-1", "--race", gvalley.root, "--at", AT, "--point", "split")
    assert marathon(*on_course) == 2
    assert "--metres" in capsys.readouterr().err
    assert marathon(*on_course, "--metres", "2500") == 0
    race = gvalley.fold()
    seen = {(scan.point, scan.metres) for entrant in race.entrants.values() for scan in race.scans_of(entrant)}
    assert seen == {(Point.SPLIT, 2_500)}


def test_in_a_race_folder_scans_land_in_its_log(
    finish: Path, gvalley: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["scan", finish, *FINISH, "--at", AT, "--race", gvalley.root]
    assert marathon(*arguments) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert "배번 417" in said.err
    assert "unknown code" in said.err
    assert STRANGER not in said.err
    (seen,) = gvalley.fold().scans[code_of(417)]
    assert (seen.station, seen.point, seen.sightings) == ("finish-1", Point.FINISH, 10)
    assert seen.first_at - GUN == 200_000
    assert len(list(gvalley.fold().unmatched_scans())) == 2
    assert STRANGER not in str(facts(gvalley.log))


def test_the_same_film_shown_twice_is_two_visits_of_one_lineage(finish: Path, gvalley: OpenRace) -> None:
    arguments = ["scan", finish, *FINISH, "--at", AT, "--race", gvalley.root]
    assert [marathon(*arguments), marathon(*arguments)] == [0, 0]
    (lineage,) = gvalley.fold().placements
    assert [placed.closed for placed in gvalley.fold().placements[lineage]] == [False, True, False, True]
    assert gvalley.log.lineage_head(lineage).seq == 10
    assert len(gvalley.fold().scans[code_of(417)]) == 2


def test_with_a_server_scans_arrive_there_and_its_roster_names_them(
    finish: Path, server_log: MemoryLog, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MARATHON_TOKEN", TOKEN)
    with intake_server(server_log, {code_of(417): 417}) as server:
        assert marathon("scan", finish, *FINISH, "--at", AT, "--server", server) == 0
    assert facts(server_log)[0] == StationOpened("finish-1", "finish", GUN)
    assert len(scanned(server_log)) == 3
    assert "배번 417" in capsys.readouterr().err


def test_a_line_of_the_terminal_tells_when_the_line_was_crossed_by_the_race_s_time_of_day(
    tmp_path: Path, server_log: MemoryLog, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Away from the race folder, on a laptop that goes by another zone; the runner is in view for a second before."""
    monkeypatch.setenv("MARATHON_TOKEN", TOKEN)
    folder = images(tmp_path / "pictures", approaching(120, (2 / (4 - n / 15) for n in range(40))))
    arguments = ["--station", "finish-1", "--point", "finish", "--line-px", 120, "--at", "2026-09-03T14:15:00+09:00"]
    with intake_server(server_log, {code_of(417): 417}) as server:
        assert marathon("scan", folder, *arguments, "--server", server) == 0
    ((_, face),) = re.findall(r"(\d+)  (\S+)  배번 417", capsys.readouterr().err)
    assert "14:15:00.9" <= face <= "14:15:01.1"


def test_json_lines_and_a_server_go_together(
    finish: Path, server_log: MemoryLog, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MARATHON_TOKEN", TOKEN)
    arguments = ["scan", finish, *FINISH, "--at", AT, "--jsonl"]
    with intake_server(server_log, {code_of(417): 417}) as server:
        assert marathon(*arguments, "--server", server) == 0
    lines, _ = printed(capsys)
    assert [line["seq"] for line in lines] == [2, 3, 4]
    assert lines[0]["bib"] == 417


def test_with_the_server_away_scans_stay_and_the_next_run_delivers_them_once(
    tmp_path: Path,
    finish: Path,
    server_log: MemoryLog,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MARATHON_TOKEN", TOKEN)
    arguments = [*FINISH, "--at", AT, "--server"]
    assert marathon("scan", finish, *arguments, nobody_s_address()) == 3
    said = capsys.readouterr().err
    assert "5 items are safe in" in last_line(said)
    assert "finish-1.db" in last_line(said)
    assert said.count("does not answer") > 1  # told while watching, not only at the end
    assert last_line(said).startswith("marathon: ")
    later = images(tmp_path / "사진", [scene(url(419))])
    with intake_server(server_log) as server:
        assert marathon("scan", later, *arguments, server) == 0
        assert marathon("scan", images(tmp_path / "빈", [scene()]), *arguments, server) == 0
    codes = scanned(server_log)
    assert len(codes) == len(set(codes)) == 4
    assert {code_of(417), code_of(418), code_of(419)} < set(codes)
    assert sum(isinstance(fact, StationOpened) for fact in facts(server_log)) == 3


def test_a_known_roster_names_the_bibs_while_the_server_is_away(
    tmp_path: Path,
    finish: Path,
    server_log: MemoryLog,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MARATHON_TOKEN", TOKEN)
    arguments = [*FINISH, "--at", AT, "--server"]
    with intake_server(server_log, {code_of(417): 417}) as server:
        assert marathon("scan", images(tmp_path / "빈", [scene()]), *arguments, server) == 0
    capsys.readouterr()
    assert marathon("scan", finish, *arguments, nobody_s_address()) == 3
    assert "배번 417" in capsys.readouterr().err


@pytest.mark.parametrize("token", ["1" * 64, "토큰"])
def test_a_wrong_token_is_told_in_one_line_before_anything_is_watched(
    finish: Path,
    server_log: MemoryLog,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    token: str,
) -> None:
    monkeypatch.setenv("MARATHON_TOKEN", token)
    with intake_server(server_log) as server:
        assert marathon("scan", finish, *FINISH, "--at", AT, "--server", server) == 3
    said = capsys.readouterr().err
    assert said.startswith("marathon: ")
    assert said.count("\n") == 1
    assert "marathon station" in said
    assert facts(server_log) == []


def test_without_a_token_it_says_where_to_put_it(finish: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert marathon("scan", finish, *FINISH, "--at", AT, "--server", nobody_s_address()) == 2
    assert "MARATHON_TOKEN" in capsys.readouterr().err


def test_a_broken_image_is_named_and_told_by_the_exit_code_and_every_other_is_recorded(
    tmp_path: Path, gvalley: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = images(tmp_path / "사진", [scene(url(417)), scene(), scene(url(418))])
    (folder / "0001.png").write_bytes(b"\x89PNG")
    arguments = [*FINISH, "--at", AT, "--race", gvalley.root]
    assert marathon("scan", folder, *arguments) == 1
    assert "0001.png: a picture that is cut off" in capsys.readouterr().err
    assert scanned(gvalley.log) == sorted([code_of(417), code_of(418)])
    assert isinstance(facts(gvalley.log)[-1], StationClosed)


def test_whoever_is_timed_by_a_film_whose_clock_jumped_is_marked_for_the_office_and_counts(
    tmp_path: Path, gvalley: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    gvalley.log.record([entrant(418), assigned(418)])
    clips = [film(tmp_path / f"{bib}.mkv", [scene()] * 5 + [scene(url(bib))] * 10, codec="MJPG") for bib in (417, 418)]
    both = tmp_path / "결승.mkv"
    both.write_bytes(b"".join(clip.read_bytes() for clip in clips))
    assert marathon("scan", both, *FINISH, "--at", AT, "--race", gvalley.root) == 0
    assert "the pictures' clock jumps by -0.600 s at frame 15" in capsys.readouterr().err
    (jump,) = (fact for fact in facts(gvalley.log) if isinstance(fact, FilmJumped))
    assert (jump.frame, jump.lasts) == (15, True)
    race_now = gvalley.fold()
    seen = {bib: race_now.scans_of(race_now.entrants[entrant_id(bib)])[0] for bib in (417, 418)}
    assert [scan.jumped for scan in seen.values()] == [False, True]
    assert (seen[418].first_at - seen[417].first_at) / SECOND == pytest.approx(0.6, abs=0.001)
    rows = [row_of(race_now, race_now.entrants[entrant_id(bib)], race_now.rules) for bib in (417, 418)]
    assert [Flag.FILM_JUMPED in row.flags for row in rows] == [False, True]
    assert all(row.judged.finish for row in rows)


def test_in_a_trial_a_scan_by_a_film_whose_clock_jumped_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clips = [film(tmp_path / f"{bib}.mkv", [scene(url(bib))] * 10, codec="MJPG") for bib in (417, 418)]
    (tmp_path / "결승.mkv").write_bytes(b"".join(clip.read_bytes() for clip in clips))
    assert marathon("scan", tmp_path / "결승.mkv", "--station", "시험", "--jsonl") == 0
    lines, _ = printed(capsys)
    assert {line["text"]: line.get("doubt") for line in lines} == {url(417): None, url(418): "film-clock"}


@pytest.mark.parametrize(
    ("where", "warned"),
    [
        (["--point", "finish", "--no-line"], True),
        (["--point", "start"], True),
        (["--point", "split", "--metres", 2500], True),
        (["--point", "finish", "--line-px", 90], False),
        (["--point", "pen", "--wave", "1"], False),
    ],
)
def test_a_station_that_takes_time_without_a_line_is_warned_at_the_start(
    tmp_path: Path, gvalley: OpenRace, capsys: pytest.CaptureFixture[str], where: list[str], warned: bool
) -> None:
    folder = images(tmp_path / "사진", [scene(url(417))])
    assert marathon("scan", folder, "--station", "s-1", *where, "--at", AT, "--race", gvalley.root) == 0
    assert ("the line is not known" in capsys.readouterr().err.splitlines()[0]) == warned


def test_a_finish_without_a_line_is_refused_and_told_what_to_do(
    finish: Path, gvalley: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("scan", finish, "--station", "finish-1", "--point", "finish", "--at", AT, "--race", gvalley.root)
    assert marathon(*arguments) == 2
    said = last_line(capsys.readouterr().err)
    assert all(way in said for way in ("--calibrate", "--line-px", "--no-line"))
    assert not any(isinstance(fact, StationOpened) for fact in facts(gvalley.log))
    assert marathon(*arguments, "--no-line", "--line-px", 90) == 2


def held_up(path: Path, still_s: float, side_px: float = 120) -> Path:
    """Somebody comes with a bib and holds it still."""
    comes = [scene(url(417), side_px=round(side_px * 2 / (4 - n / 10)), height=400) for n in range(20)]
    holds = [scene(url(417), side_px=round(side_px), height=400)] * round(30 * still_s)
    return film(path, [scene(height=400)] * 5 + comes + holds + [scene(height=400)] * 5)


def test_a_bib_that_is_held_over_the_line_sets_it_for_the_next_start(
    tmp_path: Path, gvalley: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ("--station", "finish-1", "--point", "finish", "--race", gvalley.root)
    before = gvalley.log.head()
    assert marathon("scan", held_up(tmp_path / "held.mp4", 1.5), *where, "--calibrate") == 0
    said = last_line(capsys.readouterr().err)
    assert "the QR of bib 417" in said and "wide there (picture 1200x400)" in said
    assert gvalley.log.head() == before
    runner = film(tmp_path / "runner.mp4", approaching(120, (2 / (2.25 - n / 20) for n in range(12))))
    assert marathon("scan", runner, *where, "--at", AT, "--jsonl") == 0
    ((line,), _) = printed(capsys)
    assert line["source"] == "line"
    assert abs(instant(str(line["crossed_at"])) - GUN - SECOND // 5) < SECOND // 50  # the fifth frame of 25 a second


def test_a_bib_that_is_only_carried_by_sets_no_line(
    tmp_path: Path, gvalley: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ("--station", "finish-1", "--point", "finish", "--race", gvalley.root)
    assert marathon("scan", held_up(tmp_path / "carried.mp4", 0.4), *where, "--calibrate") == 2
    assert "before a bib was held still" in last_line(capsys.readouterr().err)
    assert marathon("scan", held_up(tmp_path / "again.mp4", 0.4), *where, "--at", AT) == 2


def test_a_line_that_was_set_at_the_start_does_not_serve_at_the_finish(
    tmp_path: Path, gvalley: OpenRace, finish: Path
) -> None:
    held = held_up(tmp_path / "held.mp4", 1.5)
    laptop = ("--station", "laptop-1", "--race", gvalley.root)
    assert marathon("scan", held, *laptop, "--point", "start", "--calibrate") == 0
    assert marathon("scan", finish, *laptop, "--point", "finish", "--at", AT) == 2


@pytest.mark.parametrize("line", [("--no-line",), ("--line-px", 90)])
def test_a_line_is_not_sought_where_it_is_given_or_said_not_to_be(
    tmp_path: Path, gvalley: OpenRace, capsys: pytest.CaptureFixture[str], line: tuple[object, ...]
) -> None:
    where = ("--station", "finish-1", "--point", "finish", "--race", gvalley.root)
    assert marathon("scan", held_up(tmp_path / "held.mp4", 1.5), *where, "--calibrate", *line) == 2
    assert "leave out --line-px and --no-line" in last_line(capsys.readouterr().err)


def test_a_pen_has_no_line_to_set(tmp_path: Path, gvalley: OpenRace) -> None:
    held = held_up(tmp_path / "held.mp4", 1.5)
    pen = ("--station", "pen-1", "--point", "pen", "--wave", "1", "--race", gvalley.root)
    assert marathon("scan", held, *pen, "--calibrate") == 2


def test_a_film_may_be_read_at_the_speed_at_which_it_was_filmed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = images(tmp_path / "사진", [scene(url(417))] * 7)
    assert marathon("scan", folder, "--station", "시험", "--jsonl", "--realtime") == 0
    ((line,), said) = printed(capsys)
    assert line["sightings"] == 7
    rate = re.search(r"([\d.]+) frames per second", said)
    assert rate
    assert float(rate[1]) <= 35.1  # seven frames in at least six thirtieths of a second


def test_a_code_that_looks_like_ours_and_belongs_to_nobody_is_recorded_too(tmp_path: Path, gvalley: OpenRace) -> None:
    stray = new_code(lambda _: 12345)
    folder = images(tmp_path / "사진", [scene(bib_url("GV.TEST", stray))])
    arguments = [*FINISH, "--at", AT, "--race", gvalley.root]
    assert marathon("scan", folder, *arguments) == 0
    assert stray in gvalley.fold().scans


def recorded(race: OpenRace) -> list[bytes]:
    """What the log holds but readings of the machine's own clock."""
    return [fact.data for fact in race.log.read() if not isinstance(fact.admitted, ServerClockRead)]


def test_a_source_without_pictures_opens_no_station(gvalley: OpenRace, tmp_path: Path) -> None:
    (tmp_path / "빈 폴더").mkdir()
    before = recorded(gvalley)
    assert marathon("scan", tmp_path / "빈 폴더", *FINISH, "--at", AT, "--race", gvalley.root) == 3
    assert recorded(gvalley) == before


def test_a_film_that_is_recorded_needs_the_instant_at_which_it_was_filmed(
    finish: Path, gvalley: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    before = recorded(gvalley)
    assert marathon("scan", finish, *FINISH, "--race", gvalley.root) == 2
    assert "--at" in capsys.readouterr().err
    assert recorded(gvalley) == before


@pytest.mark.parametrize(
    ("race_day", "at", "warned"),
    [
        (date(2026, 9, 3), "1999-09-03T14:15:00+09:00", True),
        (date(2026, 9, 3), "2027-09-03T14:15:00+09:00", True),
        (date(2026, 9, 3), "2026-09-05T00:00:00+09:00", True),
        (date(2026, 9, 3), "2026-09-04T23:59:00+09:00", False),
        (date(2026, 9, 3), "2026-09-02T00:00:00+09:00", False),
        (None, "1999-09-03T14:15:00+09:00", False),
    ],
)
def test_a_film_that_is_said_to_be_of_another_day_than_the_race_is_warned_of_at_the_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], race_day: date | None, at: str, warned: bool
) -> None:
    folder = images(tmp_path / "사진", [scene(url(417))])
    with create_race(tmp_path / "대회", "연습", "Drill", "GV.TEST", 4_500, ManualClock(GUN), date=race_day) as made:
        assert marathon("scan", folder, *FINISH, "--at", at, "--race", made.root) == 0
    said = capsys.readouterr().err
    assert (f"this film is said to be of {at[:10]}, and the race is on 2026-09-03" in said) == warned


@pytest.mark.parametrize("name", ["../../x", "a/b", ""])
def test_a_station_s_name_stays_inside_the_race_folder(finish: Path, gvalley: OpenRace, name: str) -> None:
    arguments = (*FINISH[2:], "--station", name, "--at", AT, "--race", gvalley.root)
    assert marathon("scan", finish, *arguments) == 2


def test_an_outbox_of_the_rehearsal_is_put_aside_when_the_race_comes(
    tmp_path: Path, server_log: MemoryLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MARATHON_TOKEN", TOKEN)
    rehearsal = tmp_path / "state" / "marathon" / "finish-1.db"
    rehearsal.parent.mkdir(parents=True)
    with closing(outbox_for(rehearsal, "f" * 16)) as outbox:
        outbox.keep(StationOpened("finish-1", "finish", GUN))
    with intake_server(server_log) as server:
        film = images(tmp_path / "사진", [scene(url(417))])
        assert marathon("scan", film, *FINISH, "--at", AT, "--server", server) == 0
    assert [type(fact) for fact in facts(server_log)] == [StationOpened, Scanned, StationClosed]
    assert sorted(file.name for file in rehearsal.parent.glob("*.db")) == ["finish-1.db", f"finish-1.{'f' * 16}.db"]


def test_outboxes_that_came_on_a_stick_are_collected_once(
    tmp_path: Path, finish: Path, gvalley: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    stick = tmp_path / "stick" / "finish-1.db"
    with closing(outbox_for(stick, "")) as outbox:
        outbox.keep(StationOpened("finish-1", "finish", GUN))
        outbox.keep(scan(417, "17:05"))
    for added in (2, 0):
        assert marathon("collect", stick, "--race", gvalley.root) == 0
        assert f"{added} new" in capsys.readouterr().err
    assert len(gvalley.fold().scans[code_of(417)]) == 1


def test_in_a_race_folder_the_marks_of_its_bibs_are_known_too(
    tmp_path: Path, gvalley: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    gvalley.log.record([MarkDrawn(code_of(417), mark_book()[5])])
    folder = images(tmp_path / "사진", [marked_scene(mark_book()[5], 100 + 3 * n) for n in range(8)])
    arguments = [*FINISH, "--at", AT, "--race", gvalley.root]
    assert marathon("scan", folder, *arguments) == 0
    told = capsys.readouterr().err
    assert "배번 417" in told and "(표식)" in told
    (seen,) = gvalley.fold().scans[code_of(417)]
    assert (seen.source, seen.point) == ("mark", Point.FINISH)


def test_with_a_server_the_marks_come_with_the_roster_and_stay_for_when_it_is_away(
    tmp_path: Path, server_log: MemoryLog, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MARATHON_TOKEN", TOKEN)
    folder = images(tmp_path / "사진", [marked_scene(mark_book()[5], 100 + 3 * n) for n in range(8)])
    with intake_server(server_log, {code_of(417): 417}, {mark_book()[5]: code_of(417)}) as server:
        assert marathon("scan", images(tmp_path / "빈", [scene()]), *FINISH, "--at", AT, "--server", server) == 0
    assert marathon("scan", folder, *FINISH, "--at", AT, "--server", nobody_s_address()) == 3
    told = capsys.readouterr().err
    assert "배번 417" in told and "(표식)" in told


def test_a_bib_that_is_read_by_its_mark_and_later_by_its_code_is_one(
    tmp_path: Path, gvalley: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    gvalley.log.record([MarkDrawn(code_of(417), mark_book()[5])])
    by_mark = [marked_scene(mark_book()[5], 100 + 3 * n) for n in range(8)]
    shown = [*by_mark, *[np.full((300, 600), 150, np.uint8)] * 200, *[scene(url(417), height=300)] * 8]
    folder = images(tmp_path / "사진", shown)
    assert marathon("scan", folder, *FINISH, "--at", AT, "--race", gvalley.root) == 0
    told = capsys.readouterr().err
    assert "(표식)" in told and "코드 1개, 스캔 2건" in told


def marked_scene(mark: Mark, side_px: int) -> Grey:
    """A mark of this size on a white bib before a grey wall."""
    cells = np.where(np.array(dark_modules(mark)), 20, 235).astype(np.uint8)
    paper = cv2.resize(np.pad(cells, 1, constant_values=235), (side_px, side_px), interpolation=cv2.INTER_NEAREST)
    wall = np.full((300, 600), 150, np.uint8)
    wall[40 : 40 + side_px, 60 : 60 + side_px] = paper
    return wall


@pytest.mark.parametrize(
    "wrong", [("--size", "wide"), ("--size", "0x720"), ("--exposure", "0"), ("--exposure", "fast")]
)
def test_a_wish_that_no_camera_understands_is_a_wrong_use(
    finish: Path, wrong: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert marathon("scan", finish, "--station", "시험", "--jsonl", *wrong) == 2
    assert wrong[1] in capsys.readouterr().err


def test_without_a_camera_the_list_says_so_and_asks_for_nothing_else(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scanners.commands.camera_options.listed", lambda *_: iter(()))
    assert marathon("scan", "--list") == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert "no camera gives pictures" in said.err


def test_the_list_shows_each_camera_and_says_where_the_pictures_are(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [
        (Camera(0, "가산 웹캠"), ["640x480", "1280x720"], Path("cameras/camera-0.jpg")),
        (Camera(2, "결승"), [], None),
    ]
    monkeypatch.setattr("scanners.commands.camera_options.listed", lambda *_: iter(found))
    assert marathon("scan", "--list") == 0
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "0  가산 웹캠  640x480, 1280x720  cameras/camera-0.jpg",
        "2  결승    영상이 오지 않음 / gives no picture",
    ]
    assert str(Path("cameras").resolve()) in said.err


def test_a_stream_is_stamped_with_the_present_and_ends_with_how_its_frames_were_read(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An IP camera whose stream ends, and somebody ends the watching with Ctrl-C."""
    camera, health = LoopbackCamera(SteadyClock(), fps=20), FrameCounts()

    def away(there: bool) -> None:
        wait_until(lambda: health.delay_ms() is not None)  # somebody has read what was there
        interrupt_main()

    monkeypatch.setattr("scanners.station.assembly.FrameCounts", lambda: health)
    monkeypatch.setattr("scanners.cameras.sources._tell", away)
    with rtsp_server(lambda: h264(camera.pictures([scene(url(417))] * 20))) as address:
        assert marathon("scan", address, "--station", "시험", "--jsonl") == 0
    lines, said = printed(capsys)
    assert [line["text"] for line in lines] == [url(417)]
    assert abs(instant(str(lines[0]["first_at"])) - camera.taken[0]) < 3 * SECOND
    assert re.search(r"\d+ frames taken, \d+ dropped, read after \d+ ms \(95%: \d+ ms\), 0 reconnections", said)
    assert "frames per second, 1 codes, 1 scan" in last_line(said)
