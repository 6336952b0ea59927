"""Many viewers from one process: keep-alive connections that ask as fast as they can or at a pace, pollers, and listeners."""

import asyncio
import json
from asyncio import BaseTransport, StreamReader, StreamWriter, Transport
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from time import perf_counter

CONNECTIONS = 32
Asked = tuple[StreamReader, StreamWriter]


async def connected(port: int) -> Asked:
    return await asyncio.open_connection("127.0.0.1", port)


async def ask(line: Asked, path: str) -> bytes:
    """One GET on an open connection; the body as it came."""
    reader, writer = line
    writer.write(_request(path))
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 304")), head[:80]
    found = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    return await reader.readexactly(int(found.partition(b":")[2]))


class Hurried(asyncio.Protocol):
    """One connection that asks again as soon as it is answered; as little work as can be, lest it be measured instead."""

    def __init__(self, path: str) -> None:
        self._request = _request(path)
        self._came = bytearray()
        self.answers = 0

    def connection_made(self, transport: BaseTransport) -> None:
        assert isinstance(transport, Transport)
        self.line = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._came += data
        begin = self._came.find(b"\r\n\r\n") + 4
        if begin < 4:
            return
        at = self._came.find(b"content-length: ") + 16
        if len(self._came) >= begin + int(self._came[at : self._came.index(b"\r", at)]):
            assert self._came.startswith(b"HTTP/1.1 200"), self._came[:80]
            self._came.clear()
            self.answers += 1
            self.line.write(self._request)


async def rate(port: int, path: str, seconds: float) -> float:
    """Answers a second to as many connections as ask without a pause."""
    loop = asyncio.get_running_loop()
    opened = [loop.create_connection(lambda: Hurried(path), "127.0.0.1", port) for _ in range(CONNECTIONS)]
    viewers = [viewer for _, viewer in await asyncio.gather(*opened)]
    begun, before = perf_counter(), sum(viewer.answers for viewer in viewers)
    await asyncio.sleep(seconds)
    found = (sum(viewer.answers for viewer in viewers) - before) / (perf_counter() - begun)
    for viewer in viewers:
        viewer.line.abort()
    return found


def _request(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: b\r\nAccept-Encoding: gzip, br\r\n\r\n".encode()


@dataclass(slots=True)
class Crowd:
    """Viewers at a steady pace until told to go home."""

    port: int
    paths: Sequence[str]
    a_second: int
    asked: int = 0
    seconds: float = 0.0
    _going: bool = True

    async def look(self) -> None:
        """Ask for page after page, so many a second all together."""
        lines = [await connected(self.port) for _ in range(CONNECTIONS)]
        begun = perf_counter()
        await asyncio.gather(*(self._one(at, line) for at, line in enumerate(lines)))
        self.seconds = perf_counter() - begun
        _close(lines)

    def leave(self) -> None:
        self._going = False

    async def _one(self, at: int, line: Asked) -> None:
        every, due = CONNECTIONS / self.a_second, perf_counter() + at / self.a_second
        while self._going:
            await ask(line, self.paths[self.asked % len(self.paths)])
            self.asked += 1
            due += every
            if (ahead := due - perf_counter()) > 0:
                await asyncio.sleep(ahead)


@dataclass(slots=True)
class Poller:
    """A browser that polls the head as the board's script does, and sees bibs come in."""

    port: int
    seen: dict[int, float] = field(default_factory=dict)

    async def poll(self, going: Callable[[], bool], chance: Random) -> None:
        """Ask, look, then wait as long as the server says, a quarter more or less."""
        line, version = await connected(self.port), 0
        await asyncio.sleep(chance.random() * 2)
        while going():
            head = json.loads(await _plain(line, "/head.json"))
            if head["version"] != version:
                await ask(line, "/")  # the page is taken over before anything is seen
                version = head["version"]
            now = perf_counter()
            for bib, *_ in head["finishers"]:
                self.seen.setdefault(bib, now)
            await asyncio.sleep(head["next_ms"] / 1_000 * (0.75 + chance.random() / 2))
        _close([line])


async def _plain(line: Asked, path: str) -> bytes:
    reader, writer = line
    writer.write(f"GET {path} HTTP/1.1\r\nHost: b\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    found = next(one for one in head.lower().split(b"\r\n") if one.startswith(b"content-length:"))
    return await reader.readexactly(int(found.partition(b":")[2]))


class Ear(asyncio.Protocol):
    """Listens to the event stream, and notes when each version came."""

    def __init__(self) -> None:
        self.heard: dict[int, float] = {}
        self._came = b""

    def connection_made(self, transport: BaseTransport) -> None:
        assert isinstance(transport, Transport)
        self.line = transport
        transport.write(b"GET /v1/live HTTP/1.1\r\nHost: b\r\nAccept: text/event-stream\r\n\r\n")

    def data_received(self, data: bytes) -> None:
        *whole, self._came = (self._came + data).split(b"\n\n")
        for event in whole:
            if (at := event.find(b"id: ")) >= 0:
                self.heard.setdefault(int(event[at + 4 : event.index(b"\n", at)]), perf_counter())


class Listeners:
    """Many who listen to the event stream."""

    def __init__(self, port: int, count: int) -> None:
        self._port, self._count = port, count
        self._ears: list[Ear] = []

    async def come(self) -> None:
        """Connect, and hear the first head."""
        loop = asyncio.get_running_loop()
        for begin in range(0, self._count, 100):
            more = range(min(100, self._count - begin))
            opened = [loop.create_connection(Ear, "127.0.0.1", self._port) for _ in more]
            self._ears += [ear for _, ear in await asyncio.gather(*opened)]
        await self._all_heard(0)

    async def hear(self, tell: Callable[[], object]) -> tuple[float, float]:
        """Let something happen in quiet times; seconds from then until the first heard of it, and from the first to the last."""
        known = await self._quiet()
        begun = perf_counter()
        await asyncio.to_thread(tell)
        await self._all_heard(known)
        heard = [min(at for version, at in ear.heard.items() if version > known) for ear in self._ears]
        return min(heard) - begun, max(heard) - min(heard)

    def go(self) -> None:
        for ear in self._ears:
            ear.line.abort()

    async def _quiet(self) -> int:
        """The version that everybody has heard, when none has come for a second: what comes next is ours."""
        while True:
            known = max(version for ear in self._ears for version in ear.heard)
            await self._all_heard(known - 1)
            await asyncio.sleep(1)
            if all(max(ear.heard) == known for ear in self._ears):
                return known

    async def _all_heard(self, known: int) -> None:
        """Wait until everybody has heard of a version after this one."""
        while any(max(ear.heard, default=0) <= known for ear in self._ears):
            await asyncio.sleep(0.02)


def _close(lines: Sequence[Asked]) -> None:
    for _, writer in lines:
        writer.close()
