"""The race folder and its commands, as the organiser types them."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click
import pytest

from tests.builders import GUN, Station, after_gun, gun, runner, scan
from tests.clock_and_chance import ManualClock, seeded_bits
from tests.tampering import unguarded
from timing.commands import log_commands
from timing.commands import race_commands as commands
from timing.commands.command_line import run
from timing.commands.station_commands import station_command
from timing.errors import Unreachable, WrongUse
from timing.folder import RULES, OpenRace, create_race, find_race, open_race
from timing.language import pair
from timing.log.checkpoint_store import CheckpointStore
from timing.race.events import GunMoved, RaceOpened, RulesSet, WaveStarted
from timing.race.fold import Race
from timing.race.rules import rules_of

ROOT = Path(__file__).parents[2]
SETTINGS = "race.toml"
STATION = station_command(lambda _: [[True]])
AT_TWO = "2026-09-03T14:00:00+09:00"


@dataclass(frozen=True)
class Answer:
    """What a command left: exit code, results on stdout, talk on stderr."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.err.strip().splitlines()


Type = Callable[..., Answer]


@pytest.fixture
def typed(capsys: pytest.CaptureFixture[str]) -> Type:
    """Types a command and waits for its answer."""

    def answer(command: click.Command, *arguments: str | Path) -> Answer:
        code = run(command, [str(argument) for argument in arguments])
        return Answer(code, *capsys.readouterr())

    return answer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A race folder, freshly made."""
    root = tmp_path / "gvalley"
    create_race(
        root, "제1회 가산 점심 달리기", "First Gasan Lunch Run", "gv.test", 4_500, ManualClock(GUN), seeded_bits(1)
    ).close()
    return root


def told(root: Path) -> Race:
    with open_race(root) as opened:
        return opened.fold()


def facts(root: Path) -> list[object]:
    with open_race(root) as opened:
        return [stored.event for stored in opened.log.read()]


# Making a race.


def test_init_makes_a_folder_in_which_everything_works(tmp_path: Path, typed: Type) -> None:
    root = tmp_path / "새 대회 100% #1?"
    answer = typed(commands.init, root, "--name", '가산 "점심" 달리기', "--host", "gv.test", "--course", "5.25")
    assert (answer.code, answer.out) == (0, "")
    assert sorted(path.name for path in root.iterdir() if path.suffix in (".toml", ".db")) == [
        "race.db",
        SETTINGS,
        RULES,
    ]
    race = open_race(root)
    assert (race.settings.name, race.settings.host, race.fold().course_m) == ('가산 "점심" 달리기', "GV.TEST", 5_250)
    assert race.settings.date is None
    first, second = facts(root)
    assert first == RaceOpened(race.settings.id, 5_250)
    assert isinstance(second, RulesSet)
    assert race.fold().rules.min_finish_s == 600
    assert [ranking.name for ranking in race.fold().rules.ranking] == ["3인 단체", "팀 3인", "참가상"]


def test_the_rules_in_force_lie_in_the_folder_with_their_explanations(folder: Path) -> None:
    text = (folder / RULES).read_text(encoding="utf-8")
    assert rules_of(text, RULES) == told(folder).rules
    assert "marathon rules set" in text and "순위 기준" in text


def test_the_day_of_the_race_stands_in_the_settings(tmp_path: Path, typed: Type) -> None:
    assert typed(commands.init, tmp_path / "g", "--date", "2026-09-03").code == 0
    assert open_race(tmp_path / "g").settings.date == date(2026, 9, 3)
    assert typed(commands.init, tmp_path / "h", "--date", "9/3").code == 2
    assert not (tmp_path / "h").exists()


def test_a_second_init_is_refused_and_changes_nothing(folder: Path, typed: Type) -> None:
    before = (folder / SETTINGS).read_bytes(), facts(folder)
    answer = typed(commands.init, folder, "--name", "다른 대회")
    assert answer.code == 2
    assert len(answer.lines) == 1
    assert "이미 대회가 있습니다" in answer.err and "holds a race already" in answer.err
    assert ((folder / SETTINGS).read_bytes(), facts(folder)) == before


def test_every_race_has_an_id_of_its_own(tmp_path: Path, typed: Type) -> None:
    for name in ("spring", "autumn"):
        assert typed(commands.init, tmp_path / name).code == 0
    assert open_race(tmp_path / "spring").settings.id != open_race(tmp_path / "autumn").settings.id


@pytest.mark.parametrize(
    ("option", "value", "named"),
    [("--host", "gv test", "host"), ("--host", "https://gv.test", "host"), ("--course", "0", "--course")],
)
def test_a_setting_that_cannot_be_makes_no_folder(
    tmp_path: Path, typed: Type, option: str, value: str, named: str
) -> None:
    answer = typed(commands.init, tmp_path / "g", option, value)
    assert answer.code == 2
    assert named in answer.err
    assert not (tmp_path / "g").exists()


def test_a_file_in_the_way_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "g").write_text("not a folder")
    with pytest.raises(Unreachable, match="cannot write"):
        create_race(tmp_path / "g", "n", "n", "gv.test", 4_500)


# Finding and opening it.


def test_commands_find_the_race_from_any_folder_inside_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = folder / "bibs" / "가산정밀"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    assert find_race(None) == folder


def test_a_named_folder_is_taken_and_not_searched_upwards(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "bibs").mkdir()
    assert find_race(folder) == folder
    with pytest.raises(Unreachable):
        find_race(folder / "bibs")
    monkeypatch.setenv("MARATHON_RACE", str(folder))
    assert find_race(None) == folder


def test_without_a_race_every_command_says_so(tmp_path: Path, typed: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for command, *arguments in ((log_commands.log, "verify"), (commands.gun,), (STATION, "finish-1")):
        answer = typed(command, *arguments)
        assert answer.code == 3
        assert len(answer.lines) == 1
        assert "marathon init" in answer.err


@pytest.mark.parametrize(
    ("right", "wrong", "named"),
    [
        ('zone = "Asia/Seoul"', 'zone = "Asia/Gasan"', "Gasan"),
        ('zone = "Asia/Seoul"', 'zone = "Asia/Seoul"\nbasis = "gun"', "basis"),
        ("# date = 2026-09-03", "date = 2026-09-31", "date"),
        ("# date = 2026-09-03", "date = 2026-09-03T10:00:00", "date"),
        ('database = ""', "database = 5", "database"),
        ('name = "제1회 가산 점심 달리기"', "name = 제1회", "line 4"),
    ],
)
def test_a_wrong_setting_is_named_with_its_file(folder: Path, typed: Type, right: str, wrong: str, named: str) -> None:
    settings = folder / SETTINGS
    text = settings.read_text(encoding="utf-8")
    assert right in text
    settings.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    answer = typed(log_commands.log, "verify", "--race", folder)
    assert answer.code == 2
    assert len(answer.lines) == 1
    assert str(settings) in answer.err and named in answer.err


def test_settings_that_are_no_text_are_unreachable(folder: Path, typed: Type) -> None:
    (folder / SETTINGS).write_bytes(b"\xff\xfe")
    answer = typed(log_commands.log, "verify", "--race", folder)
    assert (answer.code, len(answer.lines)) == (3, 1)
    assert SETTINGS in answer.err


def test_a_database_of_a_newer_version_is_left_alone(folder: Path, typed: Type) -> None:
    with closing(sqlite3.connect(folder / "race.db")) as shell, shell:
        shell.execute("UPDATE marathon_schema SET version = 99")
    answer = typed(commands.gun, "--yes", "--race", folder, "--at", AT_TWO)
    assert (answer.code, len(answer.lines)) == (3, 1)
    assert "99" in answer.err and "upgrade marathon" in answer.err
    with closing(sqlite3.connect(folder / "race.db")) as shell, shell:
        assert shell.execute("SELECT count(*) FROM event").fetchone() == (2,)


def test_a_file_that_is_no_database_is_said_in_one_line(folder: Path, typed: Type) -> None:
    for beside in folder.glob("race.db-*"):
        beside.unlink()
    (folder / "race.db").write_bytes(b"holiday photos " * 1_000)
    answer = typed(log_commands.log, "show", "--race", folder)
    assert (answer.code, len(answer.lines)) == (3, 1)
    assert str(folder / "race.db") in answer.err


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://desk:s3cret@127.0.0.1:1/race",
        "postgresql+psycopg:///race?host=127.0.0.1&port=1&password=s3cret",
        "postgresql+psycopg://desk:s3cret@127.0.0.1:port/race",
        "postgresql+psycopg://desk:5/s3cret@127.0.0.1/race",
        "nodatabase://desk:s3cret@127.0.0.1/race",
        "s3cret",
    ],
)
def test_an_unreachable_server_is_one_line_without_the_password(
    folder: Path, typed: Type, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("MARATHON_DATABASE", url)
    answer = typed(log_commands.log, "verify", "--race", folder)
    assert (answer.code, answer.out, len(answer.lines)) == (3, "", 1)
    assert "s3cret" not in answer.err


# The gun.


def test_the_gun_is_recorded(folder: Path, typed: Type) -> None:
    answer = typed(commands.gun, "--yes", "--race", folder, "--at", AT_TWO)
    assert (answer.code, answer.out) == (0, "")
    assert "14:00:00.0" in answer.err
    assert told(folder).guns == {"1": GUN}


def test_a_second_gun_needs_a_reason(folder: Path, typed: Type) -> None:
    typed(commands.gun, "--yes", "--race", folder, "--at", AT_TWO)
    answer = typed(commands.gun, "--yes", "--race", folder, "--at", "2026-09-03T14:00:05+09:00")
    assert answer.code == 2
    assert "--why" in answer.err and "14:00:00.0" in answer.err
    assert told(folder).guns == {"1": GUN}


def test_with_a_reason_the_gun_moves_and_both_facts_stay(folder: Path, typed: Type) -> None:
    typed(commands.gun, "--yes", "--race", folder, "--at", AT_TWO)
    answer = typed(
        commands.gun, "--yes", "--race", folder, "--at", "2026-09-03T14:00:05+09:00", "--why", "심판 시계 확인"
    )
    assert answer.code == 0
    assert told(folder).guns == {"1": after_gun("0:05")}
    assert facts(folder)[2:] == [
        WaveStarted("1", GUN),
        GunMoved("1", after_gun("0:05"), "desk", "심판 시계 확인"),
    ]


def test_each_wave_has_its_own_gun(folder: Path, typed: Type) -> None:
    typed(commands.gun, "--yes", "--race", folder, "--at", AT_TWO)
    assert typed(commands.gun, "--yes", "--race", folder, "--wave", "2", "--at", "2026-09-03T14:10:00+09:00").code == 0
    assert told(folder).guns == {"1": GUN, "2": after_gun("10:00")}


@pytest.mark.parametrize(
    "arguments",
    [
        ["--at", "14:00"],
        ["--at", "2026-09-03T14:00:00"],
        ["--at", "1960-01-01T00:00:00Z"],
        ["--at", AT_TWO, "--wave", "w" * 81],
    ],
)
def test_a_gun_that_cannot_be_leaves_the_log_as_it_was(folder: Path, typed: Type, arguments: list[str]) -> None:
    assert typed(commands.gun, "--yes", "--race", folder, *arguments).code == 2
    assert told(folder).guns == {}


def test_a_reason_too_long_to_keep_is_refused_before_it_is_written(folder: Path, typed: Type) -> None:
    typed(commands.gun, "--yes", "--race", folder, "--at", AT_TWO)
    assert typed(commands.gun, "--yes", "--race", folder, "--at", AT_TWO, "--why", "왜" * 201).code == 2
    assert told(folder).guns == {"1": GUN}


# Looking at the log.


@pytest.fixture
def run_race(folder: Path) -> Iterator[OpenRace]:
    """A race in which one runner has finished."""
    with open_race(folder, ManualClock(GUN)) as race:
        race.log.record([*runner(417), gun()])
        race.log.receive(Station("start-1", "start").says(scan(417, "0:12")).batch())
        race.log.receive(Station().says(scan(417, "17:05", "17:07")).batch())
        yield race


def test_log_show_tells_every_fact_in_one_line(run_race: OpenRace, typed: Type) -> None:
    answer = typed(log_commands.log, "show", "--race", run_race.root)
    lines = answer.out.splitlines()
    assert (answer.code, answer.err, len(lines)) == (0, "", 9)
    assert [int(line.split()[0]) for line in lines] == list(range(1, 10))
    assert "1조 총성 14:00:00.0" in lines[4] and "gun of wave 1" in lines[4]
    assert "14:17:05.0~14:17:07.0" in lines[8]


def test_log_show_goes_on_after_a_position(run_race: OpenRace, typed: Type) -> None:
    assert len(typed(log_commands.log, "show", "--race", run_race.root, "--after", "7").out.splitlines()) == 2
    assert typed(log_commands.log, "show", "--race", run_race.root, "--after", "9").out == ""
    assert typed(log_commands.log, "show", "--race", run_race.root, "--after", "-1").code == 2


def test_log_export_writes_json_that_others_can_check(run_race: OpenRace, typed: Type) -> None:
    answer = typed(log_commands.log, "export", "--race", run_race.root)
    exported = [json.loads(line) for line in answer.out.splitlines()]
    stored = list(run_race.log.read())
    assert [line["pos"] for line in exported] == [fact.pos for fact in stored]
    assert [line["hash"] for line in exported] == [fact.hash.hex() for fact in stored]
    assert [line["data"]["event"] for line in exported][4] == "WaveStarted/1"
    for line, fact in zip(answer.out.splitlines(), stored, strict=True):
        assert fact.data.decode() in line  # byte by byte, so that the hashes can be recomputed


def test_log_verify_prints_the_count_and_the_head(run_race: OpenRace, typed: Type) -> None:
    CheckpointStore(run_race.root, run_race.settings.id).sign(run_race.log, "desk")
    answer = typed(log_commands.log, "verify", "--race", run_race.root)
    assert answer.code == 0
    assert answer.out == f"9 {run_race.log.head().hash.hex()}\n"


def test_log_verify_names_the_changed_position(run_race: OpenRace, typed: Type) -> None:
    with unguarded(run_race.root / "race.db") as shell:
        shell.execute("UPDATE event SET data = replace(CAST(data AS TEXT), 'finish', 'starts') WHERE pos = 8")
    answer = typed(log_commands.log, "verify", "--race", run_race.root)
    assert (answer.code, answer.out, len(answer.lines)) == (1, "", 1)
    assert "8번 기록" in answer.err and "position 8" in answer.err


def test_log_verify_reminds_of_the_quarantine(run_race: OpenRace, typed: Type) -> None:
    run_race.log.receive(Station().says(scan(12, "17:05")).batch())
    answer = typed(log_commands.log, "verify", "--race", run_race.root)
    assert answer.code == 1
    assert answer.out.startswith("9 ")
    assert "1 forked item waits in quarantine" in answer.err


# Stations.


def test_a_station_s_token_is_shown_once_on_stdout(folder: Path, typed: Type) -> None:
    answer = typed(STATION, "--race", folder, "finish-1")
    assert answer.code == 0
    with open_race(folder) as opened:
        assert opened.directory.station_of(answer.out.strip()) == "finish-1"
    assert answer.out.strip().encode() not in (folder / "race.db").read_bytes()


def test_a_new_token_makes_the_old_one_void(folder: Path, typed: Type) -> None:
    old = typed(STATION, "--race", folder, "finish-1").out.strip()
    refused = typed(STATION, "--race", folder, "finish-1")
    assert (refused.code, refused.out) == (2, "")
    new = typed(STATION, "--race", folder, "finish-1", "--again").out.strip()
    with open_race(folder) as opened:
        directory = opened.directory
        assert (directory.station_of(old), directory.station_of(new)) == (None, "finish-1")


def test_wrong_settings_say_what_to_do_in_both_languages() -> None:
    error = WrongUse(pair("고치세요", "mend it"))
    assert str(error) == "고치세요 / mend it"


def test_the_same_commands_work_on_a_postgresql_server(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MARATHON_DATABASE", postgres_url)
    root = str(tmp_path / "gvalley")

    def marathon(*arguments: str) -> str:
        program = [sys.executable, "-m", "marathon", *arguments]
        return subprocess.run(program, cwd=ROOT, capture_output=True, encoding="utf-8", check=True).stdout

    marathon("init", root)
    marathon("gun", "--race", root, "--at", AT_TWO, "--yes")
    assert marathon("log", "verify", "--race", root).startswith("3 ")
    assert not (tmp_path / "gvalley" / "race.db").exists()


def test_the_gun_of_a_wave_without_runners_is_a_slip(run_race: OpenRace, typed: Type) -> None:
    before = run_race.log.head()
    answer = typed(commands.gun, "--race", run_race.root, "--wave", "9")
    assert answer.code == 2
    assert "nobody is in wave '9'; waves: 1" in answer.err
    assert run_race.log.head() == before


def test_a_gun_of_tomorrow_is_a_slip(folder: Path, typed: Type) -> None:
    answer = typed(commands.gun, "--yes", "--race", folder, "--at", "2999-01-01T00:00:00+09:00")
    assert answer.code == 2
    assert "has not come yet" in answer.err


@pytest.mark.parametrize("name", ["", "../../x", "a/b", "bad name", ".hidden", "x" * 41])
def test_a_station_s_name_is_a_plain_word(folder: Path, typed: Type, name: str) -> None:
    assert typed(STATION, "--race", folder, name).code == 2


def test_a_race_whose_database_is_gone_is_not_taken_for_a_race_without_runners(run_race: OpenRace, typed: Type) -> None:
    run_race.close()
    for file in run_race.root.glob("race.db*"):
        file.unlink()
    answer = typed(log_commands.log, "verify", "--race", run_race.root)
    assert (answer.code, answer.out, len(answer.lines)) == (3, "", 1)
    assert "log restore" in answer.err


def test_a_gun_without_anybody_entered_wants_a_clear_yes(folder: Path, typed: Type) -> None:
    answer = typed(commands.gun, "--race", folder, "--at", AT_TWO)
    assert answer.code == 2
    assert "nobody is entered" in answer.err and "--yes" in answer.err
    assert not told(folder).guns


def test_a_gun_of_another_day_is_told_with_its_date(run_race: OpenRace, typed: Type) -> None:
    said = typed(commands.gun, "--race", run_race.root, "--at", "2026-09-03T14:00:05+09:00", "--why", "심판 시계").err
    assert "1조 총성 2026-09-03 14:00:05.0" in said


def test_a_gun_that_moves_far_wants_a_clear_yes_and_points_to_the_preview(run_race: OpenRace, typed: Type) -> None:
    moved = ("--race", run_race.root, "--at", "2026-09-03T14:10:01+09:00", "--why", "심판 시계")
    answer = typed(commands.gun, *moved)
    assert answer.code == 2
    assert "10:01" in answer.err and "marathon rule gun --preview" in answer.err
    assert run_race.fold().guns == {"1": GUN}
    assert typed(commands.gun, *moved, "--yes").code == 0


@pytest.mark.parametrize("name", ["", "  "])
def test_a_race_needs_a_name(tmp_path: Path, name: str, typed: Type) -> None:
    answer = typed(commands.init, tmp_path / "새 대회", "--name", name)
    assert answer.code == 2 and "the race's name is empty" in answer.err
    assert not (tmp_path / "새 대회").exists()
