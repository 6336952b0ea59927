"""`marathon import`: all files or none, and whoever is at the terminal learns which row is wrong."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.rosters import csv_file, xlsx_file
from tests.terminal import marathon, race_folder
from timing.folder import OpenRace
from timing.race.chain import Head
from timing.race.events import RulesSet
from timing.race.known_names import Names
from timing.race.rules import rules_of
from timing.race.rules.presets import preset

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
    assert "신규 2명" in said.err
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
        ([["", "이서연", ""]], "row 2", "`company`"),
        ([["구로소프트", "이서연", "418"], ["구로소프트", "박도윤", "백번"]], "row 3", "`bib`"),
        ([["구로소프트", "이서연", "417"]], "row 2", "`bib`"),  # the number of a runner in the first file
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
    assert "가져오지 않았습니다" in said
    assert "nothing was imported" in said
    assert said.count("\n") == 2


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
    file = csv_file(tmp_path / "가산.csv", HEADER, *[["", f"선수{n}", ""] for n in range(230)])
    assert marathon("import", file, "--race", race.root) == 1
    said = capsys.readouterr().err
    assert "row 201:" in said
    assert "row 202:" not in said
    assert "230 things to correct" in said and "+30" in said


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
    assert "1 row was imported and should be checked" in said and "row 3" in said
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


FULL = ["소속", "성명", "부문", "배번", "임직원수", "건물", "층", "휴대폰"]


def test_a_dry_run_shows_each_firm_and_each_change_from_old_to_new(
    tmp_path: Path, race: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    first = csv_file(
        tmp_path / "가산.csv", FULL, ["가산정밀", "김하늘", "30대"], ["가산정밀", "이서연", "30대", "", "90"]
    )
    marathon("import", first, "--race", race.root)
    before, cards = state(race), race.directory.cards()
    now = ["가산정밀", "김하늘", "40대", "417", "95", "대륭포스트타워 8", "3층", "010-1234-5678"]
    second = csv_file(tmp_path / "새.csv", FULL, now, ["구로소프트", "박도윤", "30대"])
    capsys.readouterr()
    assert marathon("import", second, "--dry-run", "--race", race.root) == 0
    assert (state(race), race.directory.cards()) == (before, cards)
    shown = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert shown[1:4] == ["가산정밀 0 1 0 1", "구로소프트 1 0 0 0", "합계 / total 1 1 0 1"]
    assert "변경 / changed 가산정밀 김하늘 부문 / category 30대 → 40대, 배번 / bib – → 417" in shown
    assert "신규 / new 구로소프트 박도윤 부문 / category 30대, 출발조 / wave 1" in shown
    assert "소속 / firm 가산정밀 임직원수 90 → 95 / employees 90 → 95" in shown
    assert "소속 / firm 가산정밀 건물·층 – → 대륭포스트타워 8 3층 / place – → 대륭포스트타워 8 3층" in shown
    assert any(line.startswith("빠짐 / missing 가산정밀 이서연") for line in shown)


def test_what_a_roster_says_of_the_firm_is_kept_and_phones_are_not(
    tmp_path: Path, race: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    row = ["가산정밀", "김하늘", "", "", "95명", "대륭포스트타워 8", "3층", "010-1234-5678"]
    file = csv_file(tmp_path / "가산.csv", FULL, row)
    assert marathon("import", file, "--race", race.root) == 0
    assert race.fold().office.employees == {"c0001": 95}
    assert race.directory.cards()["c0001"].place == "대륭포스트타워 8 3층"
    assert "read past and not stored: 휴대폰" in capsys.readouterr().err
    assert b"1234-5678" not in (race.root / "race.db").read_bytes()


def test_a_table_of_hangul_and_latin_stands_in_columns(
    tmp_path: Path, race: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    file = csv_file(tmp_path / "둘.csv", ["소속", "성명"], ["가산정밀", "김하늘"], ["Daon Robotics", "Kim"])
    assert marathon("import", file, "--dry-run", "--race", race.root) == 0
    first, second = capsys.readouterr().out.splitlines()[1:3]
    assert first.index("1") + len("가산정밀") == second.index("1")  # each syllable takes two columns


@pytest.mark.parametrize("name", ["김", "가" * 40, "鄭夏恩", "=cmd()", "</script>"])
def test_nasty_names_are_kept_as_they_are(tmp_path: Path, race: OpenRace, name: str) -> None:
    assert (
        marathon("import", csv_file(tmp_path / "가산.csv", ["소속", "성명"], ["가산정밀", name]), "--race", race.root)
        == 0
    )
    assert people(race) == [name]


def test_a_name_that_the_fonts_cannot_draw_is_flagged_by_row_and_keeps_nobody_out(
    tmp_path: Path, race: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = ["가산정밀", "김😀"], ["가산정밀", "Trần Thị Bưởi"], ["가산정밀", "한보라"]
    file = csv_file(tmp_path / "가산.csv", ["소속", "성명"], *rows)
    assert marathon("import", file, "--race", race.root) == 0
    said = capsys.readouterr().err
    assert "row 2: 글꼴에 '😀'" in said and "김😀 → 김○" in said
    assert "row 3" in said and "Trần Thị Bưởi → Tran Thi Buoi" in said and "row 4" not in said
    assert people(race) == ["Trần Thị Bưởi", "김😀", "한보라"]


def test_columns_that_nothing_is_read_from_are_all_named(
    tmp_path: Path, race: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    header = ["소속", "성명", "이름", "연락처", "티셔츠", "비고"]
    file = csv_file(tmp_path / "가산.csv", header, ["가산정밀", "김하늘", "하늘", "010-0000-0000", "L", ""])
    assert marathon("import", file, "--dry-run", "--race", race.root) == 0
    said = capsys.readouterr().err
    assert "사용하지 않는 열: 이름, 티셔츠, 비고 / unused columns: 이름, 티셔츠, 비고" in said
    assert "not taken for the consent" not in said


def test_a_roster_whose_columns_are_all_used_says_nothing_of_them(
    tmp_path: Path, race: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    file = csv_file(tmp_path / "가산.csv", HEADER, ["가산정밀", "김하늘", ""])
    assert marathon("import", file, "--race", race.root) == 0
    assert "unused" not in capsys.readouterr().err


def test_an_old_roster_after_a_rename_is_asked_about(
    tmp_path: Path, race: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = ["가산정밀", "김하늘", ""], ["가산정밀", "이서연", ""], ["구로소프트", "박도윤", ""]
    file = csv_file(tmp_path / "명단.csv", HEADER, *rows)
    marathon("import", file, "--race", race.root)
    marathon("people", "rename", "e00001", "김하늘솔", "--race", race.root)
    capsys.readouterr()
    assert marathon("import", file, "--dry-run", "--race", race.root) == 0
    said = capsys.readouterr().err
    assert "e00001 김하늘솔 ↔ 김하늘 (가산정밀)" in said and "one person under a new name?" in said
    assert marathon("import", file, "--race", race.root) == 0
    assert "marathon rule status withdrawn e00004" in capsys.readouterr().err


def test_what_a_file_does_not_tell_is_said_by_options(
    tmp_path: Path, race: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    header = ["회원", "Team", "참가여부"]
    file = csv_file(tmp_path / "가산.csv", header, ["김하나", "5월 18일", "참가"], ["이두리", "A", "취소"])
    assert marathon("import", file, "--race", race.root) == 1
    assert "the headings found: `회원`, `Team`, `참가여부`" in capsys.readouterr().err
    options = ("--map", "회원=name", "--firm", "가산정밀", "--keep-dates", "--skip-cancelled")
    assert marathon("import", file, *options, "--race", race.root) == 0
    assert people(race) == ["김하나"]
    assert race.directory.names().companies == {"c0001": "가산정밀"}
    assert "cancelled (참가여부 `취소`)" in capsys.readouterr().err


def test_an_encoding_is_named_and_an_unknown_one_refused(
    tmp_path: Path, race: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    file = csv_file(tmp_path / "华为.csv", ["company", "name"], ["华为技术", "王小明"], encoding="gbk")
    assert marathon("import", file, "--race", race.root) == 1
    assert "--encoding" in capsys.readouterr().err
    assert marathon("import", file, "--encoding", "klingon", "--race", race.root) == 2
    assert "no encoding 'klingon'" in capsys.readouterr().err
    assert marathon("import", file, "--encoding", "gbk", "--dry-run", "--race", race.root) == 0
    assert "王小明" in capsys.readouterr().out


def test_a_mapping_of_a_heading_that_no_file_has_is_refused(
    tmp_path: Path, race: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    file = csv_file(tmp_path / "가산.csv", HEADER, ["가산정밀", "김하늘", "417"])
    assert marathon("import", file, "--map", "없는 것=name", "--race", race.root) == 2
    assert "the headings found: 소속, 성명, 배번" in capsys.readouterr().err


def test_a_wave_is_found_in_any_spelling_by_the_gun_and_by_the_rulings(tmp_path: Path, race: OpenRace) -> None:
    rows = ["가산정밀", "한보라", "7", "2 조"], ["가산정밀", "정다온", "8", "1조"]
    file = csv_file(tmp_path / "명단.csv", [*HEADER, "조"], *rows)
    assert marathon("import", file, "--race", race.root) == 0
    gun = ("gun", "--wave", "２조", "--at", "1970-01-01T00:00:00Z", "--yes")
    assert marathon(*gun, "--race", race.root) == 0
    assert marathon("rule", "wave", "8", "2조", "--why", "늦음", "--yes", "--race", race.root) == 0
    folded = race.fold()
    assert list(folded.guns) == ["2 조"]
    assert {folded.wave_of(one, ()) for one in folded.entrants.values()} == {"2 조"}
