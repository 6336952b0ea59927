"""A missing time: what a runner types reaches the director, and nothing more is kept of anybody."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import insert

from results.board.missing import BODY_MOST, FROM_ALL, FROM_ONE, MissingTimes
from results.web.limits import WINDOW_S
from tests.boards import Run, race_folder
from tests.builders import code_of, entrant_id
from tests.clock_and_chance import ManualClock
from tests.terminal import marathon
from timing.folder import OpenRace
from timing.people.inbox import TEXT_MOST, WRITTEN_MOST, Inbox
from timing.race.events import BibReplaced, SpareDrawn
from timing.race.instants import SECOND, Span
from timing.store.database import writing
from timing.store.tables import report
from timing.web.bodies import body_within


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenRace]:
    with race_folder(tmp_path / "race", [Run(417, "0:10", name="김하늘")]) as made:
        yield made


@pytest.fixture
def inbox(opened: OpenRace) -> Inbox:
    return Inbox(opened.engine, opened.settings.id)


@pytest.fixture
def desk(inbox: Inbox, clock: ManualClock) -> MissingTimes:
    return MissingTimes(inbox, clock)


def form(bib: object = 417, text: str = "", language: str = "ko") -> bytes:
    return urlencode({"bib": bib, "text": text, "language": language}).encode()


def test_a_report_holds_the_bib_and_the_words(desk: MissingTimes, inbox: Inbox) -> None:
    assert desk.take(form(text="  두 줄로\r\n적은\x1b[31m 글 "), "a").location == "/missing-sent.html"
    assert desk.take(form(language="en"), "a").location == "/en/missing-sent.html"
    assert [(one.number, one.bib, one.text) for one in inbox.messages()] == [
        (1, 417, "두 줄로 적은[31m 글"),
        (2, 417, ""),
    ]


@pytest.mark.parametrize(
    "bib", ["999", "abc", "0", "-1", "1000000", "9" * 40, "41가7", "<b>417</b>", "12, 13", "잃어버렸어요"]
)
def test_a_bib_that_nobody_has_or_that_is_none_is_kept_as_it_was_written(
    desk: MissingTimes, inbox: Inbox, bib: str
) -> None:
    assert desk.take(form(bib), "a").taken
    assert [one.written for one in inbox.messages()] == [bib]


def test_an_endless_bib_is_cut_like_a_long_story(desk: MissingTimes, inbox: Inbox) -> None:
    desk.take(form("000000001" + "9" * 5_000), "a")
    assert [one.written for one in inbox.messages()] == ["000000001" + "9" * (WRITTEN_MOST - 9)]


def test_words_without_a_bib_are_kept_and_nothing_at_all_is_not(desk: MissingTimes, inbox: Inbox) -> None:
    assert desk.take(form("", "배번을 잃어버렸어요"), "a").taken
    refused = desk.take(form(" ", "\u200b"), "a")
    assert refused.status == 422 and "배번이나" in refused.told
    assert [(one.bib, one.written, one.text) for one in inbox.messages()] == [(None, "", "배번을 잃어버렸어요")]


@pytest.mark.parametrize("written", ["000000417", "４１７", "417번", "No. 417", "#417"])
def test_a_bib_may_be_written_in_many_ways(desk: MissingTimes, inbox: Inbox, written: str) -> None:
    assert desk.take(form(written), "a").taken
    assert [(one.bib, one.written) for one in inbox.messages()] == [(417, written)]


def test_whoever_presses_twice_is_kept_once_until_somebody_has_dealt_with_it(desk: MissingTimes, inbox: Inbox) -> None:
    for words in ("기록이 없어요", "기록이 없어요", "출발도 했어요"):
        assert desk.take(form(text=words), "a").taken
    assert [one.text for one in inbox.messages()] == ["기록이 없어요", "출발도 했어요"]
    inbox.settle(1)
    desk.take(form(text="기록이 없어요"), "b")
    assert [one.number for one in inbox.messages()] == [2, 3]


def test_a_report_of_an_older_version_shows_its_number(opened: OpenRace, inbox: Inbox) -> None:
    desk_s_own = insert(report).values(race=opened.settings.id, number=1, bib=417, text="", at=0, done=False)
    with writing(opened.engine) as connection:
        connection.execute(desk_s_own)
    assert [(one.bib, one.written) for one in inbox.messages()] == [(417, "417")]


def test_a_full_box_says_so_and_takes_more_once_somebody_has_dealt_with_some(
    desk: MissingTimes, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("timing.people.inbox.OPEN_MOST", 2)
    answers = [desk.take(form(text=sender), sender) for sender in "abc"]
    assert [one.status for one in answers] == [303, 303, 503]
    assert "안내소" in answers[2].told
    for number in (1, 2):
        assert inbox.settle(number)
    assert [desk.take(form(text=sender), sender).status for sender in "def"] == [303, 303, 503]
    assert [one.number for one in inbox.messages()] == [3, 4]


def test_a_long_story_is_cut(desk: MissingTimes, inbox: Inbox) -> None:
    desk.take(form(text="가" * 5_000), "a")
    assert inbox.messages()[0].text == "가" * TEXT_MOST


def test_nobody_floods_the_desk(desk: MissingTimes, inbox: Inbox, clock: ManualClock) -> None:
    answers = [desk.take(form(), "a").status for _ in range(FROM_ONE + 2)]
    assert answers == [303] * FROM_ONE + [429] * 2
    assert desk.take(form(), "b").taken
    for number in range(FROM_ALL):
        desk.take(form(text=f"{number}"), f"address {number}")
    assert [desk.take(form(), "somebody new").taken for _ in range(2)] == [True, False]
    clock.tick(Span(WINDOW_S * SECOND))
    assert desk.take(form(), "a").taken


def test_a_body_without_end_is_not_read(desk: MissingTimes) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 1_000

    body = asyncio.run(body_within(endless(), BODY_MOST))
    assert body is None
    assert desk.take(body, "a").status == 413


def test_the_director_sees_the_reports_and_settles_them(
    opened: OpenRace, desk: MissingTimes, inbox: Inbox, capsys: pytest.CaptureFixture[str]
) -> None:
    assert marathon("board", "inbox", "--race", opened.root) == 0
    assert "no open reports" in capsys.readouterr().err
    desk.take(form(text="기록이 없어요"), "a")
    assert marathon("rule", "review", "--race", opened.root) == 0
    assert "기록이 없거나 틀리다는 신고" in capsys.readouterr().out
    assert marathon("board", "inbox", "--race", opened.root) == 0
    assert "417  기록이 없어요" in capsys.readouterr().out
    assert marathon("board", "inbox", "--race", opened.root, "--done", 1) == 0
    assert inbox.open() == 0
    assert marathon("board", "inbox", "--race", opened.root, "--done", 7) == 1


def test_the_director_sees_what_is_known_of_each_bib(
    opened: OpenRace, desk: MissingTimes, capsys: pytest.CaptureFixture[str]
) -> None:
    opened.log.record([SpareDrawn(1250, code_of(1250)), SpareDrawn(1251, code_of(1251))])
    opened.log.record([BibReplaced(entrant_id(417), 1251, code_of(1251), "desk", "잃음")])
    for number, written in enumerate(("1251번", "417", "1250", "88", "잃음")):
        desk.take(form(written), f"{number}")
    assert marathon("board", "inbox", "--race", opened.root) == 0
    told = [line.strip() for line in capsys.readouterr().out.splitlines() if "↳" in line]
    assert [line.partition("↳ ")[2] for line in told] == [
        "김하늘 · 가산정밀 · 출발 / Started",
        "김하늘 · 가산정밀 · 출발 / Started · 현재 다른 배번을 사용함 / wears another bib now: 1251",
        "아직 배정하지 않은 예비 배번 / a spare bib, not assigned yet",
        "이 대회에 없는 배번: 오타이거나 다른 대회의 배번 / no such bib here: mistyped, or another race's",
        "배번 번호가 아님 / no bib number",
    ]
