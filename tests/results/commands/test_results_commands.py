"""`marathon results` and `marathon explain`, as the organiser calls them."""

import csv
import io
import json
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import click
import pytest

from bibs.drawing.result_sheet import draw_results
from results.commands.results_commands import explain_command, results_command
from tests.boards import Run, race_folder
from tests.builders import Station, after_gun, code_of, scan
from tests.programs import succeeded
from tests.terminal import said
from timing.commands.command_line import run
from timing.folder import OpenRace
from timing.log.checkpoint_store import CheckpointStore
from timing.race.events import GunMoved

RUNS = [
    Run(417, "0:10", "17:03.0005", team="t0001", name="김하늘"),
    Run(12, "0:12", "17:30", company="c0001", name="이보람"),
    Run(13, None, "18:00", company="c0001", sex="M", name="박솔"),
    Run(5, "0:20", company="c0002", name="최가온"),
]
Captured = pytest.CaptureFixture[str]
results = results_command(draw_results)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenRace]:
    with race_folder(tmp_path / "gvalley", RUNS) as made:
        yield made


def marathon(command: click.Command, opened: OpenRace, *arguments: str) -> int:
    return run(command, ["--race", str(opened.root), *arguments])


def test_the_table_shows_everybody_in_full_and_the_rankings(opened: OpenRace, capsys: Captured) -> None:
    assert marathon(results, opened) == 0
    told = capsys.readouterr().out
    lines = [line for line in told.splitlines() if "김하늘" in line]
    assert len(lines) == 1 and "417" in lines[0] and "16:54" in lines[0] and "가산정밀" in lines[0]
    assert told.index("김하늘") < told.index("이보람") < told.index("박솔") < told.index("최가온")
    assert {"3인 단체", "팀 3인", "참가상"} <= {line.strip() for line in told.splitlines()}
    assert "417 12 13" in told


def test_the_table_may_be_cut_short(opened: OpenRace, capsys: Captured) -> None:
    assert marathon(results, opened, "--top", "1") == 0
    told = capsys.readouterr().out
    assert "김하늘" in told and "이보람" not in told


@pytest.mark.parametrize("name", ["[red]구로[/red]", "[/b]", "[link=http://evil.test]", ":star:", "[한빛] 소프트"])
def test_a_firm_is_shown_as_it_is_called_whatever_signs_it_bears(opened: OpenRace, capsys: Captured, name: str) -> None:
    names = opened.directory.names()
    names.companies["c0001"] = name
    opened.directory.keep(names)
    assert marathon(results, opened) == 0
    assert name in capsys.readouterr().out


def test_csv_goes_to_stdout_and_nothing_else_does(opened: OpenRace, capsys: Captured) -> None:
    assert marathon(results, opened, "--csv") == 0
    told = capsys.readouterr()
    read = list(csv.DictReader(io.StringIO(told.out.removeprefix("\ufeff"))))
    assert [row["bib"] for row in read] == ["417", "12", "13", "5"]
    assert (read[0]["net_ms"], read[2]["start_source"]) == ("1013000.5", "gun")
    assert told.out.startswith("\ufeffplace,bib,")
    assert told.err == ""


def test_results_are_utf_8_with_their_own_line_ends_whatever_the_terminal_speaks(opened: OpenRace) -> None:
    for flag in ("--csv", "--json"):
        korean_windows = succeeded("results", flag, "--race", opened.root, PYTHONIOENCODING="cp949", PYTHONUTF8="0")
        assert korean_windows == said("results", flag, "--race", opened.root)
        assert "가산정밀" in korean_windows


def test_json_says_the_same(opened: OpenRace, capsys: Captured) -> None:
    assert marathon(results, opened, "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert [row["bib"] for row in document["results"]] == ["417", "12", "13", "5"]
    assert document["rankings"][0] == {
        "ranking": "3인 단체",
        "division": "all",
        "place": "1",
        "group": "가산정밀",
        "score": "3131000.5",
        "counters": "417 12 13",
    }


def test_both_files_into_a_new_folder(opened: OpenRace, tmp_path: Path, capsys: Captured) -> None:
    where = tmp_path / "결과" / "최종"
    assert marathon(results, opened, "--out", str(where)) == 0
    told = capsys.readouterr()
    assert (told.out, str(where) in told.err) == ("", True)
    assert {file.name for file in where.iterdir()} == {"results.csv", "rankings.csv"}
    marathon(results, opened, "--csv")
    assert (where / "results.csv").read_bytes() == capsys.readouterr().out.encode()
    assert "3인 단체,all,1,가산정밀,3131000.5,417 12 13\r\n" in (where / "rankings.csv").read_bytes().decode()


FORMATS = {"results.csv", "rankings.csv", "results.xlsx", "results.json", "results.html", "results.pdf"}


def written(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_every_format_into_one_folder(opened: OpenRace, tmp_path: Path) -> None:
    assert marathon(results, opened, "--out", str(tmp_path / "결과"), "--all") == 0
    files = written(tmp_path / "결과")
    assert set(files) == FORMATS
    assert files["results.pdf"].startswith(b"%PDF-") and files["results.xlsx"].startswith(b"PK")
    assert "가산정밀".encode() in files["results.html"]
    assert json.loads(files["results.json"])["results"][0]["bib"] == "417"


def test_the_same_race_makes_the_same_files(opened: OpenRace, tmp_path: Path) -> None:
    for folder in ("한 번", "두 번"):
        assert marathon(results, opened, "--out", str(tmp_path / folder), "--all") == 0
    assert written(tmp_path / "한 번") == written(tmp_path / "두 번")


@pytest.mark.parametrize(
    ("asked", "files"),
    [
        ("xlsx", {"results.xlsx"}),
        ("PDF, html", {"results.pdf", "results.html"}),
        ("csv", {"results.csv", "rankings.csv"}),
    ],
)
def test_only_the_formats_that_are_asked_for(opened: OpenRace, tmp_path: Path, asked: str, files: set[str]) -> None:
    assert marathon(results, opened, "--out", str(tmp_path / "out"), "--format", asked) == 0
    assert set(written(tmp_path / "out")) == files


@pytest.mark.parametrize("asked", ["docx", "csv,docx", "", ","])
def test_a_format_that_there_is_not_is_wrong_use(opened: OpenRace, tmp_path: Path, asked: str) -> None:
    assert marathon(results, opened, "--out", str(tmp_path / "out"), "--format", asked) == 2
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("option", [["--format", "xlsx"], ["--all"], ["--full-names"]])
def test_files_need_a_folder(opened: OpenRace, option: list[str], capsys: Captured) -> None:
    assert marathon(results, opened, *option) == 2
    assert "--out" in capsys.readouterr().err


def test_officials_may_have_the_names_in_full_and_nobody_has_them_by_accident(opened: OpenRace, tmp_path: Path) -> None:
    public, internal = tmp_path / "공개", tmp_path / "심판"
    assert marathon(results, opened, "--out", str(public), "--all") == 0
    assert marathon(results, opened, "--out", str(internal), "--all", "--full-names") == 0
    assert set(written(internal)) == FORMATS | {"results-named.csv"}
    assert "김하늘" in written(internal)["results-named.csv"].decode()
    assert "김하늘" in written(internal)["results.html"].decode()
    assert "김*늘" in written(public)["results.html"].decode()
    assert not [name for name, data in written(public).items() if "김하늘".encode() in data]


def test_times_in_the_people_s_csv_have_their_hours_so_that_a_spreadsheet_takes_them_for_times(
    opened: OpenRace, tmp_path: Path
) -> None:
    assert marathon(results, opened, "--out", str(tmp_path / "out"), "--full-names") == 0
    rows = list(csv.DictReader(io.StringIO(written(tmp_path / "out")["results-named.csv"].decode("utf-8-sig"))))
    assert [row["넷타임"] for row in rows] == ["0:16:54", "0:17:18", "0:18:00", ""]
    assert [row["페이스"] for row in rows] == ["0:03:45", "0:03:50", "0:04:00", ""]


def test_old_programs_get_cp949_and_the_organiser_what_did_not_fit(
    opened: OpenRace, tmp_path: Path, capsys: Captured
) -> None:
    names = opened.directory.names()
    names.companies["c0001"] = "Café 똠방 🏃"
    opened.directory.keep(names)
    assert marathon(results, opened, "--out", str(tmp_path / "out"), "--encoding", "cp949") == 0
    told = capsys.readouterr().err
    read = written(tmp_path / "out")["results.csv"].decode("cp949")
    assert "Cafe 똠방 ?" in read and not read.startswith("\ufeff")
    assert "company 'Café 똠방 🏃': CP949에 없는 é (U+00E9) 대신 'e'" in told
    assert "company 'Café 똠방 🏃': CP949에 없는 🏃 (U+1F3C3) 대신 '?'" in told
    assert "rankings.csv 2행" in told and "line 2, and 2 more" in told


def test_cp949_also_on_stdout(opened: OpenRace, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert marathon(results, opened, "--csv", "--encoding", "cp949") == 0
    told = capfdbinary.readouterr()
    assert "가산정밀" in told.out.decode("cp949") and told.err == b""


def test_a_signed_checkpoint_stands_beside_the_results_it_covers(
    opened: OpenRace, tmp_path: Path, capsys: Captured
) -> None:
    out = tmp_path / "out"
    assert marathon(results, opened, "--out", str(out), "--format", "html") == 0
    assert "marathon log checkpoint" in capsys.readouterr().err
    note = CheckpointStore(opened.root, opened.settings.id).sign(opened.log, "desk")
    assert marathon(results, opened, "--out", str(out), "--format", "html") == 0
    assert "marathon log checkpoint" not in capsys.readouterr().err
    assert note in unescape(written(out)["results.html"].decode())


def test_what_the_fonts_lack_is_told(opened: OpenRace, tmp_path: Path, capsys: Captured) -> None:
    names = opened.directory.names()
    names.companies["c0001"] = "한빛 🏃"
    opened.directory.keep(names)
    assert marathon(results, opened, "--out", str(tmp_path / "out"), "--format", "pdf") == 0
    assert "'🏃'" in capsys.readouterr().err


def test_csv_and_json_at_once_are_refused(opened: OpenRace, capsys: Captured) -> None:
    assert marathon(results, opened, "--csv", "--json") == 2
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "marathon: --csv와 --json 중 하나만 쓸 수 있습니다 / either --csv or --json\n")


def test_a_folder_that_cannot_be_written_is_one_clear_line(opened: OpenRace, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "taken").write_text("a file")
    assert marathon(results, opened, "--out", str(tmp_path / "taken" / "out")) == 3
    told = capsys.readouterr()
    assert told.err.count("\n") == 1 and "쓸 수 없습니다" in told.err


def test_outside_of_a_race_the_command_says_how_to_get_one(tmp_path: Path, capsys: Captured) -> None:
    assert run(results, ["--race", str(tmp_path)]) == 3
    assert "marathon init" in capsys.readouterr().err


def test_explaining_a_bib_that_nobody_wears_is_one_clear_line(opened: OpenRace, capsys: Captured) -> None:
    assert marathon(explain_command, opened, "999") == 1
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "marathon: 999는 이 대회에 없습니다 / there is no 999 in this race\n")


def test_explaining_what_is_no_bib_is_wrong_use(opened: OpenRace, capsys: Captured) -> None:
    assert marathon(explain_command, opened, "0") == 2
    assert "Traceback" not in capsys.readouterr().err


def sections(told: str) -> dict[str, list[str]]:
    """The explanation's numbered parts, by number."""
    parts: dict[str, list[str]] = {}
    here = "0"
    for line in told.splitlines():
        if line[:2] in ("1.", "2.", "3.", "4."):
            here = line[0]
        elif line:
            parts.setdefault(here, []).append(line.strip())
    return parts


def test_an_explanation_names_the_facts_the_scans_the_passings_and_the_places(
    opened: OpenRace, capsys: Captured
) -> None:
    again = Station("finish-2").says(scan(417, "17:02", "17:06", crossed="17:03.5", sightings=40, frame=512))
    opened.log.receive(again.batch())
    opened.log.record([GunMoved("1", after_gun("0:02"), "desk", "심판 시계 확인")])
    assert marathon(explain_command, opened, "417") == 0
    told = capsys.readouterr()
    parts = sections(told.out)
    assert parts["0"] == ["배번 417: 김하늘 (가산정밀) / bib 417: 김하늘 (가산정밀)"]

    facts = "\n".join(parts["1"])
    assert [int(line.split()[0]) for line in parts["1"]] == sorted(int(line.split()[0]) for line in parts["1"])
    assert "참가 등록 e00417" in facts and f"코드 {code_of(417)}" in facts
    assert "1조 총성 14:00:00.0" in facts and "심판 시계 확인" in facts
    assert facts.count("스캔") == 3 and facts.count("스테이션") == 3
    assert "e00012" not in facts and code_of(12) not in facts

    scans = "\n".join(parts["2"])
    assert "start-1 14:00:10.0 ×12 → 출발로 인정 / counts as the start" in scans
    assert "finish-1 14:17:03.0 ×12 → 도착으로 인정 / counts as the finish" in scans
    assert "finish-2 14:17:03.5 ×40 → 이미 도착하여 쓰지 않음 / had finished already" in scans
    assert "가장 선명한 장면 512" in scans and "2026-09-03T05:17:03.500000Z" in scans

    times = "\n".join(parts["3"])
    assert "총성 / Gun: 2026-09-03T05:00:02.000000Z" in times
    assert (
        "도착 / Finish: 2026-09-03T05:17:03.000500Z (카메라 / camera finish-1#2; 선이 아니라 보인 순간 / by sight, not at the line)"
        in times
    )
    assert "넷타임 / Net time: 1013000.5 ms → 16:54" in times
    assert "건타임 / Gun time: 1021000.5 ms → 17:02" in times

    places = "\n".join(parts["4"])
    assert "순위 / Place: 1 / 3" in places
    assert "3인 단체: 1위 (52:09.0), 이 기록 포함" in places  # the third one ran from the gun
    assert told.err == ""


def test_a_start_nobody_saw_is_explained(opened: OpenRace, capsys: Captured) -> None:
    assert marathon(explain_command, opened, "13") == 0
    told = capsys.readouterr().out
    assert "출발을 보지 못해 총성으로 대신함 / start not seen, the gun stands in" in told


def test_somebody_still_on_the_course_is_explained(opened: OpenRace, capsys: Captured) -> None:
    assert marathon(explain_command, opened, "5") == 0
    parts = sections(capsys.readouterr().out)
    assert "도착 / Finish: 아직 없음 / not yet" in parts["3"]
    assert "아직 순위가 없습니다 / no place yet" in parts["4"]


def test_somebody_whom_no_camera_has_seen_is_explained(tmp_path: Path, capsys: Captured) -> None:
    with race_folder(tmp_path / "race", [Run(1, name="김하늘")]) as opened:
        assert marathon(explain_command, opened, "1") == 0
    assert sections(capsys.readouterr().out)["2"] == ["아직 없음 / not yet"]


@pytest.mark.parametrize(
    ("command", "example"), [(results, "marathon results --json"), (explain_command, "marathon explain")]
)
def test_help_ends_in_examples(command: click.Command, example: str, capsys: Captured) -> None:
    assert run(command, ["--help"]) == 0
    assert example in capsys.readouterr().out
