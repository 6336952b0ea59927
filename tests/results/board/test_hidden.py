"""Results that are hidden for now: the counts and one sentence, and in no file of the board anything to guess them by."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from results.board.board_projection import BoardProjection
from results.board.snapshot import Snapshot
from tests.boards import Page, Run, followed, late_finish, race_folder, text, written
from tests.terminal import marathon
from timing.folder import OpenRace
from timing.race.events import ResultWithheld, RulesSet
from timing.race.rules import GroupRule, Rules

RUNS = [
    Run(417, "0:10", "17:03.2", team="t0001", name="김하늘"),
    Run(12, "0:11", "18:21", team="t0001", sex="M", category="40대", name="박솔잎"),
    Run(5, "0:12.5", "19:45.5", company="c0002", team="t0003", sex="M", name="이보람"),
    Run(8, "0:20", company="c0002", name="최가온"),
    Run(3, company="c0003", name="한결이"),
]
RULES = Rules(
    ranking=(
        GroupRule("단체", "company", pick=1),
        GroupRule("팀", "team", pick=1),
        GroupRule("참가상", "company", combine="count"),
    )
)
TIMES = ["16:54", "18:10", "19:33", "17:04", "18:21", "19:46", "14:17", "14:18", "14:19", "1013200", "1181000"]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenRace]:
    with race_folder(tmp_path / "race", RUNS) as made:
        made.log.record([RulesSet(RULES, "desk", "")])
        yield made


@pytest.fixture
def follower(opened: OpenRace) -> BoardProjection:
    return followed(opened, pytest.fail)


def hide(opened: OpenRace, *more: object) -> int:
    return marathon("edition", "hide", "--why", "시상식까지", "--race", opened.root, *more)


def reveal(opened: OpenRace) -> int:
    return marathon("edition", "reveal", "--race", opened.root)


def results_in(board: Snapshot) -> set[str]:
    """The paths of files that tell a time."""
    return {path for path in board.paths() for time in TIMES if time in text(board, path)}


def test_no_file_of_the_board_tells_a_result(opened: OpenRace, follower: BoardProjection) -> None:
    assert len(results_in(follower.snapshot)) > 20
    hide(opened)
    follower.refresh()
    assert results_in(follower.snapshot) == set()
    for path in follower.snapshot.paths():
        said = text(follower.snapshot, path)
        if path.endswith(".html") and path != "404.html":
            assert "결과 비공개" in said or "Results not shown yet" in said, path
            assert "나중에 보여" in said or "shown later" in said or path == "results.html", path
            assert not Page(said).all("td", **{"class": "n p"}), path
        told = ('"status":"finished"', '"status":"started"', '"dns"', ",dns,", "미출발", "아직 결승선을")
        assert not any(word in said for word in told), path


def test_the_order_of_a_firm_s_people_does_not_tell_who_was_faster(opened: OpenRace, follower: BoardProjection) -> None:
    late_finish(opened, 8, "16:00")
    hide(opened)
    follower.refresh()
    told = json.loads(text(follower.snapshot, "c/c0002.json"))
    assert [runner["bib"] for runner in told["runners"]] == [5, 8]
    assert {runner["status"] for runner in told["runners"]} == {"hidden"}
    assert told["standing"] == []


def test_the_counts_and_the_state_are_told(opened: OpenRace, follower: BoardProjection) -> None:
    hide(opened)
    follower.refresh()
    head = json.loads(text(follower.snapshot, "head.json"))
    assert head["state"] == "hidden" and head["finishers"] == []
    assert head["counts"] == {"registered": 5, "started": 4, "on_course": 1, "finished": 3}
    front = Page(text(follower.snapshot, "index.html")).words
    assert front[front.index("완주") + 1] == "3" and "결과 비공개" in front
    assert "Results not shown yet" in Page(text(follower.snapshot, "en/index.html")).words


def test_the_same_addresses_stay(opened: OpenRace, follower: BoardProjection) -> None:
    before = set(follower.snapshot.paths())
    hide(opened)
    follower.refresh()
    assert set(follower.snapshot.paths()) == before


def test_scans_go_on_being_taken_and_count_when_results_are_shown_again(
    opened: OpenRace, follower: BoardProjection
) -> None:
    hide(opened)
    follower.refresh()
    late_finish(opened, 8, "16:00")
    follower.refresh()
    head = json.loads(text(follower.snapshot, "head.json"))
    assert head["counts"]["finished"] == 4 and head["finishers"] == [] and "15:40" not in json.dumps(head)
    assert all(found[3] == "" for found in head["changed"])
    reveal(opened)
    follower.refresh()
    assert "15:40" in text(follower.snapshot, "index.html")
    assert results_in(follower.snapshot)


def test_older_versions_tell_nothing_any_more(opened: OpenRace, follower: BoardProjection) -> None:
    shown = follower.snapshot.view.stamp
    hide(opened)
    follower.refresh()
    assert follower.at(shown) is None
    head = json.loads(text(follower.snapshot, "head.json"))
    assert head["since"] == head["version"] and head["changed"] == []  # whoever holds an index fetches a new one


def test_nobody_is_named_as_their_time_comes_and_whose_result_is_withheld_is(
    opened: OpenRace, follower: BoardProjection
) -> None:
    hide(opened)
    follower.refresh()
    late_finish(opened, 8, "16:00")
    follower.refresh()
    assert json.loads(text(follower.snapshot, "head.json"))["changed"] == []
    opened.log.record([ResultWithheld("e00012", "심판", "본인의 뜻")])
    follower.refresh()
    assert json.loads(text(follower.snapshot, "head.json"))["changed"] == [[12, "", "", ""]]


def test_a_board_that_starts_while_results_are_hidden_shows_none(opened: OpenRace) -> None:
    hide(opened)
    assert results_in(followed(opened, pytest.fail).snapshot) == set()


def test_published_files_tell_nothing_either(opened: OpenRace, follower: BoardProjection, tmp_path: Path) -> None:
    written(follower.snapshot, tmp_path / "out")
    hide(opened)
    follower.refresh()
    written(follower.snapshot, tmp_path / "out")
    files = [file for file in (tmp_path / "out").rglob("*") if file.is_file()]
    assert not [file for file in files for time in TIMES if time in file.read_text(encoding="utf-8")]


def test_an_edition_published_meanwhile_stays_hidden_until_somebody_says_so(
    opened: OpenRace, follower: BoardProjection, capsys: pytest.CaptureFixture[str]
) -> None:
    hide(opened)
    assert marathon("edition", "provisional", "--race", opened.root) == 0
    assert "marathon edition reveal" in capsys.readouterr().err
    follower.refresh()
    assert json.loads(text(follower.snapshot, "head.json"))["state"] == "hidden"
    assert results_in(follower.snapshot) == set()
    reveal(opened)
    follower.refresh()
    assert json.loads(text(follower.snapshot, "head.json"))["state"] == "provisional"


def test_officials_see_everything_all_the_while(opened: OpenRace, capsys: pytest.CaptureFixture[str]) -> None:
    hide(opened)
    capsys.readouterr()
    assert marathon("results", "--race", opened.root) == 0
    assert "김하늘" in capsys.readouterr().out


def test_hiding_twice_or_showing_what_is_shown_is_said(opened: OpenRace) -> None:
    assert reveal(opened) == 1
    assert hide(opened) == 0
    assert hide(opened) == 1
    assert marathon("rule", "undo", opened.log.head().seq, "--why", "잘못 누름", "--yes", "--race", opened.root) == 0
    assert reveal(opened) == 1
