"""A missing time: what a runner types reaches the director, and nothing more is kept of anybody."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from results.board.limits import WINDOW_S
from results.board.missing import FROM_ALL, FROM_ONE, MissingTimes
from tests.boards import Run, race_folder
from tests.doors import ManualClock
from tests.terminal import marathon
from timing.folder import OpenRace
from timing.instants import SECOND, Span
from timing.store.inbox import TEXT_MOST, Inbox


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenRace]:
    with race_folder(tmp_path / "race", [Run(417, "0:10", name="김하늘")]) as made:
        yield made


@pytest.fixture
def inbox(opened: OpenRace) -> Inbox:
    return Inbox(opened.engine, opened.settings.id)


@pytest.fixture
def desk(inbox: Inbox, clock: ManualClock) -> MissingTimes:
    return MissingTimes(inbox, clock, lambda bib: bib == 417)


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
    "bib", ["", "abc", "0", "-1", "1000000", "9" * 40, "４１７", "000000001" + "9" * 30, "000000001" + "9" * 5_000]
)
def test_what_is_no_bib_is_refused(desk: MissingTimes, inbox: Inbox, bib: str) -> None:
    assert desk.take(form(bib), "a").status == 422
    assert inbox.messages() == []


def test_a_bib_may_be_typed_with_noughts_before_it(desk: MissingTimes, inbox: Inbox) -> None:
    assert desk.take(form("000000417"), "a").taken
    assert [one.bib for one in inbox.messages()] == [417]


def test_a_full_box_says_so_and_takes_more_once_somebody_has_dealt_with_some(
    desk: MissingTimes, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("timing.store.inbox.OPEN_MOST", 2)
    answers = [desk.take(form(), sender) for sender in "abc"]
    assert [one.status for one in answers] == [303, 303, 503]
    assert "안내소" in answers[2].told
    for number in (1, 2):
        assert inbox.settle(number)
    assert [desk.take(form(), sender).status for sender in "def"] == [303, 303, 503]
    assert [one.number for one in inbox.messages()] == [3, 4]


def test_a_long_story_is_cut(desk: MissingTimes, inbox: Inbox) -> None:
    desk.take(form(text="가" * 5_000), "a")
    assert inbox.messages()[0].text == "가" * TEXT_MOST


def test_nobody_floods_the_desk(desk: MissingTimes, inbox: Inbox, clock: ManualClock) -> None:
    answers = [desk.take(form(), "a").status for _ in range(FROM_ONE + 2)]
    assert answers == [303] * FROM_ONE + [429] * 2
    assert desk.take(form(), "b").taken
    for number in range(FROM_ALL):
        desk.take(form(), f"address {number}")
    assert not desk.take(form(), "somebody new").taken
    assert inbox.open() == FROM_ALL
    clock.tick(Span(WINDOW_S * SECOND))
    assert desk.take(form(), "a").taken


def test_a_body_without_end_is_not_read(desk: MissingTimes) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 1_000

    body = asyncio.run(desk.read(endless()))
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
