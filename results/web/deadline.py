"""Gives every request that is not answered from memory a deadline, after which it is answered 503.

Work that hangs (a database that does not answer) goes on; its late response is dropped.
"""

from asyncio import CancelledError, Future, ensure_future, get_running_loop, wait
from collections.abc import Callable
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from results.web.standby import plain
from timing.bounded_threads import PATIENCE_S, BoundedThreads

OVERDUE_MOST: Final = 200
"""Overdue requests that still hang, before new ones are answered 503 at once."""
ENDLESS: Final = "/v1/live"
DRAWN: Final = ("/certificate/", "/en/certificate/")
DRAWN_S: Final = 25.0
"""Seconds for a certificate, which is drawn one at a time under limits of its own; the database is asked first."""


class Deadline:
    """An ASGI app around the board's; `ping` makes any request to the database."""

    def __init__(self, app: ASGIApp, ping: Callable[[], object], patience_s: float = PATIENCE_S) -> None:
        self._app, self._ping, self._patience_s = app, ping, patience_s
        self._aside = BoundedThreads("ping", 1, patience_s)
        self._overdue = set[Future[None]]()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] == ENDLESS:
            await self._app(scope, receive, send)
        elif len(self._overdue) >= OVERDUE_MOST:
            await plain(scope, receive, send)
        elif scope["path"].startswith(DRAWN):
            await self._aside(self._ping)
            await self._in_time(scope, receive, send, DRAWN_S)
        else:
            await self._in_time(scope, receive, send, self._patience_s)

    async def _in_time(self, scope: Scope, receive: Receive, send: Send, seconds: float) -> None:
        answer = Answering(receive, send)
        work = ensure_future(self._app(scope, answer.receive, answer.send))
        try:
            while not work.done() and not answer.late(seconds):
                await wait({work}, timeout=answer.left(seconds))
        except CancelledError:
            work.cancel()
            raise
        if work.done():
            await work
        else:
            answer.given_up = True
            self._overdue.add(work)
            work.add_done_callback(self._over)
            await plain(scope, receive, send)

    def _over(self, work: "Future[None]") -> None:
        self._overdue.discard(work)
        if not work.cancelled():
            work.exception()  # nobody waits for it any more, nor wants to read of it


class Answering:
    """One request. Time spent waiting for its client, or sending a response that has begun, does not count."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._since = get_running_loop().time()
        self._busy_outside = False
        self.given_up = False

    async def receive(self) -> Message:
        before, self._busy_outside = self._busy_outside, True
        try:
            return await self._receive()
        finally:
            self._busy_outside, self._since = before, get_running_loop().time()

    async def send(self, message: Message) -> None:
        if not self.given_up:
            self._busy_outside = True
            await self._send(message)

    def left(self, seconds: float) -> float:
        return seconds if self._busy_outside else max(0.0, self._since + seconds - get_running_loop().time())

    def late(self, seconds: float) -> bool:
        return not self._busy_outside and self.left(seconds) <= 0
