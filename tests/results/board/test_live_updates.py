"""News by server-sent events: to everybody who listens, up to a cap, and never behind somebody's back."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from starlette.types import ASGIApp, Message, Scope

from results.board.board_projection import following
from results.board.live_updates import LiveFeed, news
from results.board.snapshot import Snapshot
from results.web.http_server import bind, serving
from server.board_side import board_app
from tests.boards import ask, followed, late_finish, net, race_folder, view_of_runs

RUNS = [net(bib, 1_000 + bib, name="김하늘", category="40대") for bib in range(1, 4)]


def board() -> Snapshot:
    return Snapshot(view_of_runs(RUNS))


class Listener:
    """The other end of a line: what it heard, and whether it takes anything at the moment."""

    def __init__(self, feed: LiveFeed, seen: str = "", sender: str = "192.0.2.9") -> None:
        self.heard: list[bytes] = []
        self.status = 0
        self.taking, self._gone = asyncio.Event(), asyncio.Event()
        self.taking.set()
        heads = [(b"last-event-id", seen.encode())] if seen else []
        scope: Scope = {"type": "http", "headers": heads, "client": (sender, 1)}
        self._line = asyncio.create_task(feed(scope, self._receive, self._send))

    async def go(self) -> None:
        self._gone.set()
        await self._line

    async def _receive(self) -> Message:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        self.status = message.get("status", self.status)
        await self.taking.wait()
        if body := message.get("body"):
            self.heard.append(body)


async def a_moment() -> None:
    """Let everything that can happen now happen."""
    for _ in range(10):
        await asyncio.sleep(0)


def boards(count: int) -> list[Snapshot]:
    """One version after the other, each with one more finisher."""
    return [Snapshot(view_of_runs(RUNS[: at + 1])) for at in range(count)]


def test_a_listener_hears_where_the_board_stands_and_every_news() -> None:
    async def heard() -> list[bytes]:
        snapshot = board()
        feed = LiveFeed(lambda: snapshot)
        one = Listener(feed)
        await a_moment()
        feed.publish(snapshot)
        await a_moment()
        assert feed.listeners == 1
        await one.go()
        assert feed.listeners == 0
        return one.heard

    first, later = asyncio.run(heard())
    assert first.startswith(b"retry: ") and first.endswith(later)
    id_, event, data = later.decode().strip().split("\n")
    assert event == "event: head"
    assert json.loads(data.removeprefix("data: "))["version"] == int(id_.removeprefix("id: "))


def test_who_comes_back_with_what_is_current_is_not_told_again() -> None:
    async def heard() -> list[bytes]:
        snapshot = board()
        one = Listener(LiveFeed(lambda: snapshot), str(snapshot.version))
        await a_moment()
        await one.go()
        return one.heard

    assert asyncio.run(heard()) == [b"retry: 3000\n\n"]


def test_a_slow_listener_keeps_nobody_waiting_and_hears_the_newest_when_it_listens_again() -> None:
    async def heard() -> tuple[list[bytes], list[bytes]]:
        first, *later = boards(3)
        feed = LiveFeed(lambda: first)
        slow, quick = Listener(feed), Listener(feed)
        await a_moment()
        slow.taking.clear()
        for snapshot in (first, *later):
            feed.publish(snapshot)
            await a_moment()
        assert slow.heard == quick.heard[:1]
        slow.taking.set()
        await a_moment()
        await slow.go()
        await quick.go()
        return slow.heard[1:], quick.heard[1:]

    slow, quick = asyncio.run(heard())
    assert quick == [news(snapshot) for snapshot in boards(3)]
    assert slow == [quick[0], quick[2]]  # what was on its way already, and the newest


def test_one_who_goes_while_something_is_being_said_is_forgotten() -> None:
    async def left() -> int:
        snapshot = board()
        feed = LiveFeed(lambda: snapshot)
        one = Listener(feed)
        await a_moment()
        one.taking.clear()
        feed.publish(snapshot)
        await a_moment()
        await one.go()
        feed.publish(snapshot)
        return feed.listeners

    assert asyncio.run(left()) == 0


def test_one_address_takes_some_of_the_places_and_gives_them_back() -> None:
    async def answered() -> list[int]:
        snapshot = board()
        feed = LiveFeed(lambda: snapshot, most=5, from_one=2)
        here = [Listener(feed, sender="192.0.2.1") for _ in range(3)]
        there = Listener(feed, sender="192.0.2.2")
        await a_moment()
        told = [one.status for one in (*here, there)]
        await here[0].go()
        again = Listener(feed, sender="192.0.2.1")
        await a_moment()
        for one in (here[1], there, again):
            await one.go()
        return [*told, again.status, feed.listeners]

    assert asyncio.run(answered()) == [200, 200, 503, 200, 200, 0]


def test_in_quiet_times_a_word_now_and_then_says_that_the_line_is_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("results.board.live_updates.STILL_THERE_S", 0.0)

    async def heard() -> list[bytes]:
        snapshot = board()
        one = Listener(LiveFeed(lambda: snapshot))
        while len(one.heard) < 3:
            await asyncio.sleep(0)
        await one.go()
        return one.heard[1:3]

    assert asyncio.run(heard()) == [b": still here\n\n"] * 2


def test_over_a_real_line_the_news_come_as_server_sent_events(tmp_path: Path) -> None:
    listening = bind("127.0.0.1", 0)
    address = f"http://127.0.0.1:{listening.getsockname()[1]}/v1/live"
    with (
        race_folder(tmp_path / "race", RUNS) as opened,
        following(opened, print) as follower,
        serving(board_app(opened, follower), listening),
        urlopen(address) as line,
    ):
        assert line.headers["content-type"] == "text/event-stream"
        events = (json.loads(told[6:]) for told in line if told.startswith(b"data: "))
        now = next(events)["version"]
        late_finish(opened, 9, "20:00")
        assert next(events)["version"] > now


@pytest.fixture
def app(tmp_path: Path) -> Iterator[ASGIApp]:
    with race_folder(tmp_path / "race", RUNS) as opened:
        follower = followed(opened, print)
        yield board_app(opened, follower, listeners=-1)


def test_beyond_the_cap_listeners_are_sent_to_the_head(app: ASGIApp) -> None:
    answer = ask(app, "/v1/live")
    assert answer.status_code == 503
    assert "head.json" in answer.text and answer.headers["retry-after"] == "5"


def test_a_board_alone_takes_no_scans(app: ASGIApp) -> None:
    assert ask(app, f"/v1/lineages/{'0' * 32}/batch", "POST", host="gv.test").status_code == 404
