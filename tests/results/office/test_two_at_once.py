"""Two officials at two terminals: what comes between a preview and its recording, and how rulings read afterwards."""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from results.ranking.standings import standings
from tests.boards import Run, late_finish, net, race_folder
from tests.builders import after_gun, entrant_id
from tests.terminal import marathon
from timing.folder import OpenRace
from timing.log.sql import Beside, SqlLog
from timing.race.chain import Head
from timing.race.events import DeskFact, Event, HeadcountDeclared, PassingEntered, StatusRuled

FIELD = [
    net(1, 1000, name="김하늘"),
    net(2, 1010, name="이 솔"),
    Run(3, "0:10", name="박바다", company="c0002"),
    Run(4, "0:10", name="박 바다", company="c0003"),
    Run(5, "0:10", name="정들"),
]
Between = Callable[[DeskFact], None]


@pytest.fixture
def gvalley(tmp_path: Path) -> Iterator[OpenRace]:
    with race_folder(tmp_path / "gvalley", FIELD) as opened:
        yield opened


@pytest.fixture
def another_rules(monkeypatch: pytest.MonkeyPatch) -> Between:
    """Somebody else records this between the next preview and its recording."""

    def between(fact: DeskFact) -> None:
        waiting, record = [fact], SqlLog.record

        def recording(
            log: SqlLog, events: Sequence[Event], after: int | None = None, beside: Beside | None = None
        ) -> Head:
            if waiting:
                record(log, [waiting.pop()])
            return record(log, events, after, beside=beside)

        monkeypatch.setattr(SqlLog, "record", recording)

    return between


def finish(opened: OpenRace, bib: object, at: str) -> int:
    return marathon("rule", "finish", bib, at, "--why", "영상 판독", "--yes", "--race", opened.root)


def finished(opened: OpenRace) -> list[int | None]:
    return [row.entrant.bib for row in standings(opened.fold()).ranked]


def test_a_ruling_about_something_else_lets_it_through(
    gvalley: OpenRace, another_rules: Between, capsys: pytest.CaptureFixture[str]
) -> None:
    another_rules(HeadcountDeclared("c0003", 50, "desk", "회사 신고"))
    assert finish(gvalley, 3, "+17:00") == 0
    assert capsys.readouterr().out.count("박바다") == 1  # the same difference is not shown again
    assert finished(gvalley) == [1, 2, 3]


def test_where_it_changes_something_else_now_the_new_difference_is_shown(
    gvalley: OpenRace, another_rules: Between, capsys: pytest.CaptureFixture[str]
) -> None:
    another_rules(PassingEntered(entrant_id(4), "finish", after_gun("16:00"), "desk", "수기"))
    assert finish(gvalley, 3, "+17:30") == 0
    said = capsys.readouterr()
    assert "– → 3" in said.out and "– → 4" in said.out
    assert "그사이 다른 판정이 있었습니다: 배번 4 / bib 4 박 바다 (디지털단지상사)" in said.err
    assert finished(gvalley) == [4, 1, 2, 3]


@pytest.mark.parametrize(
    "other",
    [
        PassingEntered(entrant_id(3), "finish", after_gun("16:00"), "desk", "수기"),
        StatusRuled(entrant_id(3), "dsq", "desk", "대리 참가"),
    ],
)
def test_a_ruling_about_the_same_person_is_a_conflict_and_nothing_is_recorded_unasked(
    gvalley: OpenRace, another_rules: Between, other: DeskFact, capsys: pytest.CaptureFixture[str]
) -> None:
    another_rules(other)
    before = gvalley.log.head().seq
    assert finish(gvalley, 3, "+17:00") == 1
    assert gvalley.log.head().seq == before + 1
    assert "somebody else has just ruled about the same" in capsys.readouterr().err


def test_what_a_camera_saw_before_the_answer_is_shown_and_asked_again(
    gvalley: OpenRace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = list[str]()

    def answer(question: str, **_how: object) -> bool:
        asked.append(question)
        if len(asked) == 1:
            late_finish(gvalley, 3, "17:00")
        return True

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.confirm", answer)
    assert marathon("rule", "status", "dnf", 3, "--why", "구급차", "--race", gvalley.root) == 0
    assert len(asked) == 2 and "16:50" in capsys.readouterr().out


# How it reads.


def test_the_list_tells_position_time_bib_name_and_firm(gvalley: OpenRace, capsys: pytest.CaptureFixture[str]) -> None:
    assert finish(gvalley, 3, "+17:00") == 0
    assert marathon("rule", "move", 5, "구로소프트", "--why", "이직", "--yes", "--race", gvalley.root) == 0
    position = gvalley.log.head().seq
    capsys.readouterr()
    assert marathon("rule", "list", "--race", gvalley.root) == 0
    *_, entered, moved = capsys.readouterr().out.splitlines()
    assert re.match(rf" +{position - 1}  \d\d:\d\d:\d\d  배번 3", entered)
    assert "배번 3 / bib 3 박바다 (구로소프트): 도착 14:17:00.0" in entered and "e00003" not in entered
    assert "정들 소속 변경: 구로소프트" in moved and "c0002" not in moved


def test_a_name_does_for_a_bib_where_only_one_person_has_it(
    gvalley: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert finish(gvalley, "정 들", "+18:00") == 0
    assert finished(gvalley) == [1, 2, 5]
    assert finish(gvalley, "박바다", "+19:00") == 1
    said = capsys.readouterr().err
    assert "배번 3 / bib 3 박바다 (구로소프트), 배번 4 / bib 4 박 바다 (디지털단지상사)" in said
    assert finish(gvalley, "없는 사람", "+19:00") == 1
