"""Routes that hang: an answer comes in time in any case, slow senders lose none of it, and a crowd of them is put off at once."""

import asyncio
from collections.abc import Awaitable, Callable
from threading import Event

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from results.web import deadline
from results.web.deadline import Deadline
from timing.bounded_threads import NoAnswerInTime

Handler = Callable[[Request], Awaitable[str]]


def app_of(handle: Handler) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse(await handle(Request(scope, receive)))(scope, receive, send)

    return app


async def ask(app: ASGIApp, path: str = "/missing", body_after_s: float = 0) -> tuple[int, dict[bytes, bytes]]:
    said: list[Message] = []

    async def receive() -> Message:
        await asyncio.sleep(body_after_s)
        return {"type": "http.request", "body": b"bib=1", "more_body": False}

    async def send(message: Message) -> None:
        said.append(message)

    scope = {"type": "http", "method": "POST", "path": path, "headers": [], "query_string": b""}
    await app(scope, receive, send)
    return said[0]["status"], dict(said[0]["headers"])


async def hang(_: Request) -> str:
    await asyncio.Event().wait()
    return "never"


async def read(request: Request) -> str:
    return (await request.body()).decode()


def test_a_route_that_hangs_is_answered_with_come_again() -> None:
    status, heads = asyncio.run(ask(Deadline(app_of(hang), lambda: None, 0.1)))
    assert (status, b"retry-after" in heads) == (503, True)


def test_a_sender_that_takes_longer_than_the_route_may_is_answered() -> None:
    assert asyncio.run(ask(Deadline(app_of(read), lambda: None, 1), body_after_s=1.2))[0] == 200


def test_what_goes_wrong_in_time_is_told_to_whoever_stands_before() -> None:
    async def fail(_: Request) -> str:
        raise KeyError("planted")

    with pytest.raises(KeyError, match="planted"):
        asyncio.run(ask(Deadline(app_of(fail), lambda: None, 5)))


def test_while_many_hang_the_next_are_put_off_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadline, "OVERDUE_MOST", 3)

    async def crowd() -> int:
        entered = 0

        async def count(request: Request) -> str:
            nonlocal entered
            entered += 1
            return await hang(request)

        app = Deadline(app_of(count), lambda: None, 0.05)
        for _ in range(6):
            assert (await ask(app))[0] == 503
        return entered

    assert asyncio.run(crowd()) == 3


def test_a_certificate_takes_its_time_but_not_where_the_database_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    async def certificate() -> int:
        put_off = asyncio.Event()

        async def draw(request: Request) -> str:
            if request.url.path == "/missing":
                return await hang(request)
            await put_off.wait()
            return "drawn"

        app = Deadline(app_of(draw), lambda: None, 1)
        drawing = asyncio.create_task(ask(app, "/certificate/1"))
        assert (await ask(app, "/missing"))[0] == 503
        put_off.set()
        return (await drawing)[0]

    assert asyncio.run(certificate()) == 200

    async def stalled() -> None:
        goes = Event()
        with pytest.raises(NoAnswerInTime):
            await ask(Deadline(app_of(hang), goes.wait, 0.1), "/certificate/1")
        goes.set()

    asyncio.run(stalled())
