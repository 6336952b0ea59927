"""News as they come, by server-sent events, for the console and screens; the public polls `head.json` instead."""

import asyncio
from asyncio import AbstractEventLoop, Queue, QueueFull
from collections.abc import AsyncIterator, Callable
from typing import Final

from results.snapshot import Snapshot

LISTENERS: Final = 500
BEHIND: Final = 8
"""How many news a listener may have unread; then the connection ends, and the listener comes back by itself."""
STILL_THERE_S: Final = 15.0
HEARTBEAT: Final = b": still here\n\n"
Ear = Queue[bytes | None]


class Feed:
    """Those who listen. Told from any thread; each gets the newest head at once, and every later one."""

    def __init__(self, current: Callable[[], Snapshot], most: int = LISTENERS) -> None:
        self._current, self._most = current, most
        self._ears: set[Ear] = set()
        self._loop: AbstractEventLoop | None = None

    @property
    def full(self) -> bool:
        return len(self._ears) >= self._most

    @property
    def listeners(self) -> int:
        return len(self._ears)

    def tell(self, snapshot: Snapshot) -> None:
        """Say that there is a new version."""
        loop = self._loop
        if loop and self._ears and not loop.is_closed():
            loop.call_soon_threadsafe(self._spread, news(snapshot))

    def listen(self, seen: str = "") -> AsyncIterator[bytes]:
        """The news for one listener, who has seen this version already; the place is taken from now on."""
        self._loop = asyncio.get_running_loop()
        ear: Ear = Queue(BEHIND)
        self._ears.add(ear)
        return self._heard(ear, seen)

    async def _heard(self, ear: Ear, seen: str) -> AsyncIterator[bytes]:
        try:
            now = self._current()
            yield b"retry: 3000\n\n" + (b"" if seen == str(now.version) else news(now))
            while True:
                try:
                    said = await asyncio.wait_for(ear.get(), STILL_THERE_S)
                except TimeoutError:
                    said = HEARTBEAT
                if said is None:
                    return
                yield said
        finally:
            self._ears.discard(ear)

    def _spread(self, said: bytes) -> None:
        for ear in list(self._ears):
            try:
                ear.put_nowait(said)
            except QueueFull:
                self._ears.discard(ear)
                ear.get_nowait()
                ear.put_nowait(None)  # what it has not read it may ask for when it comes back


def news(snapshot: Snapshot) -> bytes:
    """A head as an event whose id is its version."""
    head = snapshot.get("head.json")
    assert head
    return b"id: %d\nevent: head\ndata: %b\n\n" % (snapshot.version, head.plain)
