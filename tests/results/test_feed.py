"""News by server-sent events: to everybody who listens, up to a cap, and never behind somebody's back."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from pydantic import TypeAdapter
from starlette.types import ASGIApp

from marathon import _server
from results.feed import BEHIND, Feed
from results.follow import Follower
from results.head import Head, Index
from results.snapshot import Snapshot
from results.twins import FirmResult, FirmTable, GroupTable, RunnerResult, RunnerTable
from tests.boards import ask, net, race_folder, view_of_runs

RUNS = [net(bib, 1_000 + bib, name="김하늘", category="40대") for bib in range(1, 4)]


def board() -> Snapshot:
    return Snapshot(view_of_runs(RUNS))


def test_a_listener_hears_where_the_board_stands_and_every_news() -> None:
    async def heard() -> list[bytes]:
        snapshot = board()
        feed = Feed(lambda: snapshot)
        news = feed.listen()
        found = [await anext(news)]
        feed.tell(snapshot)
        found.append(await anext(news))
        assert feed.listeners == 1
        await news.aclose()  # type: ignore[attr-defined]
        assert feed.listeners == 0
        return found

    first, later = asyncio.run(heard())
    assert first.startswith(b"retry: ") and first.endswith(later)
    id_, event, data = later.decode().strip().split("\n")
    assert event == "event: head"
    assert json.loads(data.removeprefix("data: "))["version"] == int(id_.removeprefix("id: "))


def test_who_comes_back_with_what_is_current_is_not_told_again() -> None:
    async def heard() -> bytes:
        snapshot = board()
        return await anext(Feed(lambda: snapshot).listen(str(snapshot.version)))

    assert asyncio.run(heard()) == b"retry: 3000\n\n"


def test_a_listener_who_does_not_listen_is_let_go_and_the_others_hear_on() -> None:
    async def heard() -> int:
        snapshot = board()
        feed = Feed(lambda: snapshot)
        slow, quick = feed.listen(), feed.listen()
        await anext(slow)
        await anext(quick)
        for _ in range(BEHIND + 1):
            feed.tell(snapshot)
            await anext(quick)
        assert feed.listeners == 1
        return len([news async for news in slow])  # it ends: the connection closes, nobody hangs

    assert asyncio.run(heard()) == BEHIND - 1


@pytest.fixture
def app(tmp_path: Path) -> Iterator[ASGIApp]:
    with race_folder(tmp_path / "race", RUNS) as opened:
        follower = Follower(opened, print)
        yield _server(opened, follower, None, listeners=-1)


def test_beyond_the_cap_listeners_are_sent_to_the_head(app: ASGIApp) -> None:
    answer = ask(app, "/v1/live")
    assert answer.status_code == 503
    assert "head.json" in answer.text and answer.headers["retry-after"] == "5"


def test_a_board_alone_takes_no_scans(app: ASGIApp) -> None:
    assert ask(app, f"/v1/lineages/{'0' * 32}/batch", "POST").status_code == 404


def test_the_api_is_described_and_the_files_are_as_described(app: ASGIApp) -> None:
    told = json.loads(ask(app, "/openapi.json").text)
    described = {
        "/head.json": Head, "/s/{version}/index.json": Index, "/overall.json": RunnerTable, "/sex/{number}.json": RunnerTable,
        "/category/{number}.json": RunnerTable, "/rankings/{number}.json": GroupTable, "/participation.json": FirmTable,
        "/c/{company}.json": FirmResult, "/r/{bib}.json": RunnerResult,
    }  # fmt: skip
    assert {"/v1/live", "/missing", *described} <= set(told["paths"])
    version = json.loads(ask(app, "/head.json").text)["version"]
    given = {"version": version, "number": 1, "company": "c0001", "bib": 1}
    for path, kind in described.items():
        schema = told["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        assert schema["$ref"].endswith(f"/{kind.__name__}")
        body = ask(app, path.format_map(given)).content
        assert TypeAdapter(kind).validate_json(body)
        msgspec.json.decode(body, type=kind)
