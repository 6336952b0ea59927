"""News as they come, by server-sent events, for the console and screens; the public polls `head.json` instead."""

import asyncio
from asyncio import AbstractEventLoop, Task, TimerHandle
from collections import Counter
from collections.abc import Callable
from typing import Final

from starlette.types import Message, Receive, Scope, Send

from results.board.snapshot import Snapshot
from results.web.limits import client_network
from timing.language import _, bilingual

LISTENERS: Final = 500
FROM_ONE: Final = 100
"""Of these from one address: an office full of screens, and yet nobody takes all places."""
STILL_THERE_S: Final = 15.0
CROWDED: Final = bilingual(_("too many listeners; poll head.json"))
AGAIN: Final = b"retry: 3000\n\n"


class LiveFeed:
    """Those who listen, as an ASGI app. Told from any thread; each gets the newest head at once, and later ones as they come."""

    def __init__(self, current: Callable[[], Snapshot], most: int = LISTENERS, from_one: int = FROM_ONE) -> None:
        self._current, self._most, self._from_one = current, most, from_one
        self._ears: set[SseClient] = set()
        self._homes = Counter[str]()
        self._loop: AbstractEventLoop | None = None
        self._beat: TimerHandle | None = None

    @property
    def listeners(self) -> int:
        return len(self._ears)

    def tell(self, snapshot: Snapshot) -> None:
        """Say that there is a new version."""
        loop = self._loop
        if loop and self._ears and not loop.is_closed():
            loop.call_soon_threadsafe(self._spread, _piece(news(snapshot)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stay with one listener until it goes. Who says which version was seen last is not told that one again."""
        self._current()  # with nothing to tell yet no line is opened
        home = client_network((scope.get("client") or ("", 0))[0])
        if len(self._ears) >= self._most or (home and self._homes[home] >= self._from_one):
            await send(_start(503, (b"content-type", b"text/plain; charset=utf-8"), (b"retry-after", b"5")))
            await send(_piece(CROWDED.encode(), more=False))
            return
        self._loop = asyncio.get_running_loop()
        ear = SseClient(send)
        self._homes[home] += 1
        self._ears.add(ear)  # before the current version is looked up: whatever comes after that is told
        try:
            await send(_start(200, (b"content-type", b"text/event-stream"), (b"x-accel-buffering", b"no")))
            now, seen = self._current(), dict(scope["headers"]).get(b"last-event-id", b"")
            ear.say(_piece(AGAIN if seen == b"%d" % now.version else AGAIN + news(now)))
            self._beat = self._beat or self._later()
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            self._ears.discard(ear)
            self._homes[home] -= 1
            if not self._homes[home]:
                del self._homes[home]  # no address is kept longer than its line
            ear.close()

    def _spread(self, said: Message) -> None:
        for ear in self._ears:
            ear.say(said)
        if self._beat:
            self._beat.cancel()
            self._beat = self._later()

    def _later(self) -> TimerHandle:
        return asyncio.get_running_loop().call_later(STILL_THERE_S, self._still_there)

    def _still_there(self) -> None:
        """Nothing new: a word now and then, so that nobody on the way takes the line for dead."""
        for ear in self._ears:
            if not ear.busy:
                ear.say(HEARTBEAT)
        self._beat = self._later() if self._ears else None


class SseClient:
    """One listener. One that is slow misses what came in between and hears the newest: a head tells all that older ones told."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._saying: Task[None] | None = None
        self._next: Message | None = None

    @property
    def busy(self) -> bool:
        """Whether it has not yet taken what was said last."""
        return self._saying is not None and not self._saying.done()

    def say(self, said: Message) -> None:
        if self.busy:
            self._next = said
        else:
            self._saying = asyncio.get_running_loop().create_task(self._say(said))

    def close(self) -> None:
        if self._saying:
            self._saying.cancel()

    async def _say(self, said: Message) -> None:
        await self._send(said)
        while self._next:
            said, self._next = self._next, None
            await self._send(said)


def news(snapshot: Snapshot) -> bytes:
    """A head as an event whose id is its version."""
    head = snapshot.get("head.json")
    assert head
    return b"id: %d\nevent: head\ndata: %b\n\n" % (snapshot.version, head.plain)


def _start(status: int, *headers: tuple[bytes, bytes]) -> Message:
    return {"type": "http.response.start", "status": status, "headers": [*headers, (b"cache-control", b"no-store")]}


def _piece(body: bytes, more: bool = True) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": more}


HEARTBEAT: Final = _piece(b": still here\n\n")
