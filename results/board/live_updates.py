"""New heads of the board as server-sent events, for the console and screens; the public polls `head.json` instead."""

import asyncio
from asyncio import AbstractEventLoop, Event
from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from results.board.snapshot import Snapshot
from results.web.limits import client_network
from timing.language import _, bilingual

LISTENERS: Final = 500
FROM_ONE: Final = 100
"""Connections from one client network: room for an office full of screens, not all places."""
STILL_THERE_S: Final = 15.0
"""Seconds without a new version until a comment is sent, so that no proxy closes the connection as dead."""
CROWDED: Final = bilingual(_("too many listeners; poll head.json"))
RETRY: Final = b"retry: 3000\n\n"
STILL_THERE: Final = b": still here\n\n"
NOT_STORED: Final = {"cache-control": "no-store"}


class LiveFeed:
    """An ASGI app that holds a connection for each listener, which gets the newest head at once and later ones as they come.

    A slow listener skips to the newest head, which holds all that older ones told.
    """

    def __init__(self, current: Callable[[], Snapshot], most: int = LISTENERS, from_one: int = FROM_ONE) -> None:
        self._current, self._most, self._from_one = current, most, from_one
        self._networks = Counter[str]()
        self._loop: AbstractEventLoop | None = None
        self._newest = b""
        self._changed = Event()
        """Set when a version comes after this one, and replaced by a new event then."""

    @property
    def listeners(self) -> int:
        """How many are connected."""
        return self._networks.total()

    def publish(self, snapshot: Snapshot) -> None:
        """Send a new version's head to all listeners; called from any thread."""
        loop = self._loop
        if loop and self.listeners and not loop.is_closed():
            loop.call_soon_threadsafe(self._spread, news(snapshot))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one listener until it disconnects; `Last-Event-ID` names the version that it has.

        Raises:
            Unreachable: there is no version yet.
        """
        self._current()
        network = client_network((scope.get("client") or ("", 0))[0])
        if self.listeners >= self._most or (network and self._networks[network] >= self._from_one):
            await Response(CROWDED, 503, {**NOT_STORED, "retry-after": "5"}, "text/plain")(scope, receive, send)
            return
        self._loop = asyncio.get_running_loop()
        self._networks[network] += 1
        headers = {**NOT_STORED, "content-type": "text/event-stream", "x-accel-buffering": "no"}
        try:
            events = self._events(Headers(scope=scope).get("last-event-id", ""))
            await StreamingResponse(events, headers=headers)(scope, receive, send)
        finally:
            self._networks[network] -= 1
            self._networks += Counter()  # no address is kept longer than its connections

    async def _events(self, seen: str) -> AsyncIterator[bytes]:
        changed = self._changed  # before the current version is looked up: any later one sets it
        now = self._current()
        yield RETRY if seen == str(now.version) else RETRY + news(now)
        while True:
            try:
                async with asyncio.timeout(STILL_THERE_S):
                    await changed.wait()
            except TimeoutError:
                yield STILL_THERE
            else:
                changed = self._changed
                yield self._newest

    def _spread(self, event: bytes) -> None:
        self._newest = event
        self._changed.set()
        self._changed = Event()


def news(snapshot: Snapshot) -> bytes:
    """The head of a version as an event whose id is the version."""
    head = snapshot.get("head.json")
    assert head
    return b"id: %d\nevent: head\ndata: %b\n\n" % (snapshot.version, head.plain)
