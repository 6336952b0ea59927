"""`marathon import`: all files or none, and whoever is at the terminal learns which row is wrong."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.rosters import csv_file, xlsx_file
from tests.terminal import marathon, race_folder
from timing.chain import Head
from timing.directory import Names
from timing.events import RulesSet
from timing.folder import OpenRace
from timing.presets import preset
from timing.rules import rules_of

HEADER = ["소속", "성명", "배번"]


@pytest.fixture
def race(tmp_path: Path) -> Iterator[OpenRace]:
    with race_folder(tmp_path / "대회") as opened:
        yield opened


def state(race: OpenRace) -> tuple[Head, Names]:
    return race.log.head(), race.directory.names()


def people(race: OpenRace) -> list[str]:
    return sorted(race.directory.names().people.values())


def test_every_file_s_runners_are_entered(tmp_path: Path, race: OpenRace, capsys: pytest.CaptureFixture[str]) -> None:
    first = csv_file(tmp_path / "가산.csv", HEADER, ["가산정밀", "김하늘", "417"], encoding="cp949")
    second = xlsx_file(tmp_path / "구로.xlsx", list(HEADER), ["구로소프트", "이서연", 418.0])
    assert marathon("import", first, second, "--race", race.root) == 0
    assert people(race) == ["김하늘", "이서연"]
    assert sorted(race.fold().roster().values()) == [417, 418]
    said = capsys.readouterr()
    assert said.out == ""
    assert "새로 2명" in said.err
    assert "2 new, 0 changed, 0 unchanged" in said.err


def test_importing_again_leaves_the_log_as_it_is(
    tmp_path: Path, race: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    file = csv_file(tmp_path / "가산.csv", HEADER, ["가산정밀", "김하늘", ""], ["가산정밀", "이서연", ""])
    marathon("import", file, "--race", race.root)
    before = state(race)
    assert marathon("import", file, "--race", race.root) == 0
    assert state(race) == before
    assert "0 new, 0 changed, 2 unchanged" in capsys.readouterr().err


def test_a_dry_run_tells_and_changes_nothing(
    tmp_path: Path, race: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    file, before = csv_file(tmp_path / "가산.csv", HEADER, ["가산정밀", "김하늘", ""]), state(race)
    assert marathon("import", file, "--dry-run", "--race", race.root) == 0
    assert state(race) == before
    assert "1 new, 0 changed, 0 unchanged (dry run)" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("rows", "where", "column"),
    [
        ([["", "이서연", ""]], "2행/row 2", "`company`"),
        ([["구로소프트", "이서연", "418"], ["구로소프트", "박도윤", "백번"]], "3행/row 3", "`bib`"),
        ([["구로소프트", "이서연", "417"]], "2행/row 2", "`bib`"),  # the number of a runner in the first file
    ],
)
def test_a_fault_in_the_second_file_keeps_the_first_out_too(
    tmp_path: Path, race: OpenRace, capsys: pytest.CaptureFixture[str], rows: list[list[str]], where: str, column: str
) -> None:
    good = csv_file(tmp_path / "가산.csv", HEADER, ["가산정밀", "김하늘", "417"])
    bad = csv_file(tmp_path / "구로.csv", HEADER, *rows)
    before = state(race)
    assert marathon("import", good, bad, "--race", race.root) == 1
    assert state(race) == before
    said = capsys.readouterr().err
    assert f"{bad}, {where}" in said
    assert column in said
    assert "아무것도 들이지 않았습니다" in said
    assert "nothing was imported" in said
    assert said.count("\n") == 1


def test_a_second_file_that_cannot_be_read_keeps_the_first_out_too(
    tmp_path: Path, race: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    good, before = csv_file(tmp_path / "가산.csv", HEADER, ["가산정밀", "김하늘", "417"]), state(race)
    assert marathon("import", good, tmp_path / "없음.csv", "--race", race.root) == 3
    assert state(race) == before
    said = capsys.readouterr().err
    assert str(tmp_path / "없음.csv") in said
    assert said.count("\n") == 1


def test_a_folder_is_no_roster(tmp_path: Path, race: OpenRace, capsys: pytest.CaptureFixture[str]) -> None:
    assert marathon("import", tmp_path, "--race", race.root) == 3
    assert str(tmp_path) in capsys.readouterr().err


def test_many_faults_are_told_in_part_and_counted(
    tmp_path: Path, race: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    file = csv_file(tmp_path / "가산.csv", HEADER, *[["", f"선수{n}", ""] for n in range(50)])
    assert marathon("import", file, "--race", race.root) == 1
    said = capsys.readouterr().err
    assert "row 21" in said
    assert "row 22" not in said
    assert "(+30)" in said


def test_without_a_file_it_says_how_it_is_used(race: OpenRace, capsys: pytest.CaptureFixture[str]) -> None:
    assert marathon("import", "--race", race.root) == 2
    assert "FILES" in capsys.readouterr().err


def test_without_a_race_it_says_how_to_make_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = csv_file(tmp_path / "가산.csv", HEADER, ["가산정밀", "김하늘", ""])
    assert marathon("import", file, "--race", tmp_path) == 3
    assert "marathon init" in capsys.readouterr().err


def test_the_day_in_the_settings_and_the_age_groups_in_force_give_the_categories(
    tmp_path: Path, race: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    file = xlsx_file(
        tmp_path / "가산.xlsx",
        ["소속", "성명", "생년월일"],
        ["가산정밀", "김하늘", date(1986, 9, 3)],
        ["가산정밀", "이서연", "미상"],
    )
    race.log.record([RulesSet(rules_of(preset("age-decades"), "rules.toml"), "desk", "연령대")])
    assert marathon("import", file, "--race", race.root) == 0
    assert "2 people with a date of birth got no age group" in capsys.readouterr().err
    settings = race.root / "race.toml"
    settings.write_text(settings.read_text("utf-8").replace("# date = 2026-09-03", "date = 2026-09-03"), "utf-8")
    assert marathon("import", file, "--race", race.root) == 0
    said = capsys.readouterr().err
    assert "1 changed, 1 unchanged" in said
    assert "1 people are entered without an age group" in said and "row 3" in said
    assert [entrant.category for entrant in race.fold().entrants.values()] == ["40대", ""]
    assert "1986" not in said + str(list(race.log.read()))


def test_without_the_day_of_the_race_the_import_says_what_is_missing(
    tmp_path: Path, race: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    file = csv_file(tmp_path / "가산.csv", ["소속", "성명", "생일"], ["가산정밀", "김하늘", "860903"])
    race.log.record([RulesSet(rules_of(preset("age-decades"), "rules.toml"), "desk", "연령대")])
    assert marathon("import", file, "--race", race.root) == 0
    assert "say `date` in race.toml" in capsys.readouterr().err


def test_a_roster_with_resident_numbers_is_not_taken_in_and_never_echoed(
    tmp_path: Path, race: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    file = csv_file(tmp_path / "가산.csv", ["소속", "성명", "생년월일"], ["가산정밀", "김하늘", "860903-2345678"])
    before = state(race)
    assert marathon("import", file, "--race", race.root) == 1
    assert state(race) == before
    said = capsys.readouterr().err
    assert "주민등록번호" in said and "resident number" in said and "2345678" not in said
