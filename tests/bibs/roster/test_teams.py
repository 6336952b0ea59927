"""Teams from the roster to the results: each is its firm's own, whatever it is called, also after firms were merged or renamed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rosters import csv_file
from tests.terminal import marathon, race_folder
from timing.folder import OpenRace

HEADER = ["소속", "성명", "팀", "연합팀", "배번"]


@pytest.fixture
def race(tmp_path: Path) -> Iterator[OpenRace]:
    with race_folder(tmp_path / "대회") as opened:
        yield opened


def imported(race: OpenRace, *rows: list[str]) -> None:
    file = csv_file(race.root / "명단.csv", HEADER, *rows)
    assert marathon("import", file, "--race", race.root) == 0


def team_of(race: OpenRace, bib: int) -> str:
    found = race.fold().by_bib(bib)
    assert found is not None
    return found.team


def shown(race: OpenRace, bib: int) -> str:
    return race.names(race.fold()).teams[team_of(race, bib)]


def test_teams_of_two_firms_and_a_joint_team_that_read_alike_are_three(race: OpenRace) -> None:
    imported(
        race,
        ["노을", "강하나", "산업 1팀", "", "11"],
        ["노을 산업", "문두리", "1팀", "", "12"],
        ["노을", "백세라", "", "노을 산업 1팀", "13"],
    )
    assert len({team_of(race, bib) for bib in (11, 12, 13)}) == 3
    assert len({shown(race, bib) for bib in (11, 12, 13)}) == 3


def test_a_team_is_one_in_every_spelling(race: OpenRace) -> None:
    imported(race, ["노을", "강하나", "개발 1팀", "", "11"], ["㈜노을", "문두리", "개발1팀", "", "12"])
    assert team_of(race, 11) == team_of(race, 12)
    assert shown(race, 12) == "노을 개발 1팀"


def test_merged_firms_share_their_teams_and_undo_parts_them(race: OpenRace, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [["노을", "강하나", "1팀", "", "11"], ["노을 본사", "문두리", "1 팀", "", "12"]]
    rows.append(["노을 본사", "백세라", "2팀", "", "13"])
    imported(race, *rows)
    capsys.readouterr()
    assert marathon("rule", "merge", "노을본사", "노을", "--why", "한 회사", "--yes", "--race", race.root) == 0
    assert "이름이 같은 팀도 합쳐집니다: 1 팀" in capsys.readouterr().err
    assert team_of(race, 11) == team_of(race, 12)
    assert shown(race, 13) == "노을 2팀"
    before = race.log.head()
    imported(race, *rows)
    assert race.log.head() == before
    assert marathon("rule", "undo", before.seq, "--why", "아니었음", "--yes", "--race", race.root) == 0
    assert team_of(race, 11) != team_of(race, 12)
    assert shown(race, 13) == "노을 본사 2팀"


def test_nobody_is_moved_into_another_firm_s_team(race: OpenRace, capsys: pytest.CaptureFixture[str]) -> None:
    imported(
        race,
        ["노을", "강하나", "1팀", "", "11"],
        ["들판", "문두리", "1팀", "", "12"],
        ["들판", "한결", "2팀", "", "13"],
    )
    move = ("rule", "move", "13", "들판", "--why", "바꿈", "--yes", "--race", race.root)
    assert marathon(*move, "--team", "1 팀") == 0
    assert team_of(race, 13) == team_of(race, 12)
    assert marathon(*move, "--team", "노을 1팀") == 2
    assert "이 소속에" in capsys.readouterr().err


def test_a_firm_that_is_renamed_keeps_its_people_and_teams_for_lists_of_either_name(
    race: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [["노을", "강하나", "1팀", "", "11"], ["들판", "문두리", "1팀", "", "12"]]
    imported(race, *rows)
    assert marathon("firm", "rename", "노을", "새노을 산업", "--race", race.root) == 0
    assert shown(race, 11) == "새노을 산업 1팀"
    before = race.log.head()
    imported(race, *rows)
    imported(race, ["새노을산업", "강하나", "1 팀", "", "11"])
    assert race.log.head() == before
    assert race.directory.names().companies == {"c0001": "새노을 산업", "c0002": "들판"}
    assert marathon("firm", "rename", "들판", "㈜새노을 산업", "--race", race.root) == 2
    assert "marathon rule merge c0002 c0001" in capsys.readouterr().err
