"""Many viewers from one process: keep-alive connections that ask as fast as they can or at a pace, pollers, and listeners."""

import asyncio
import json
from asyncio import StreamReader, StreamWriter
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
    writer.write(f"GET {path} HTTP/1.1\r\nHost: b\r\nAccept-Encoding: gzip, br\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 304")), head[:80]
    found = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    return await reader.readexactly(int(found.partition(b":")[2]))


async def rate(port: int, path: str, seconds: float) -> float:
    """Answers a second to as many connections as ask without a pause."""
    lines = [await connected(port) for _ in range(CONNECTIONS)]
    until = perf_counter() + seconds

    async def hurry(line: Asked) -> int:
        count = 0
        while perf_counter() < until:
            await ask(line, path)
            count += 1
        return count

    counts = await asyncio.gather(*map(hurry, lines))
    _close(lines)
    return sum(counts) / seconds


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


class Listeners:
    """Many who listen to the event stream, and when each heard of a version."""

    def __init__(self, port: int, count: int) -> None:
        self._port, self._count = port, count
        self._lines: list[Asked] = []

    async def come(self) -> None:
        """Connect, and hear the first head."""
        for begin in range(0, self._count, 100):
            self._lines += await asyncio.gather(*(self._enter() for _ in range(min(100, self._count - begin))))

    async def hear(self, tell: Callable[[], object]) -> tuple[float, float]:
        """Let something happen; seconds from then until the first heard of it, and from the first to the last."""
        waiting = [asyncio.ensure_future(_event(reader)) for reader, _ in self._lines]
        await asyncio.sleep(0)
        begun = perf_counter()
        await asyncio.to_thread(tell)
        heard = await asyncio.gather(*waiting)
        return min(heard) - begun, max(heard) - min(heard)

    def go(self) -> None:
        _close(self._lines)

    async def _enter(self) -> Asked:
        line = await connected(self._port)
        line[1].write(b"GET /v1/live HTTP/1.1\r\nHost: b\r\nAccept: text/event-stream\r\n\r\n")
        await _event(line[0])
        return line


async def _event(reader: StreamReader) -> float:
    """Read to the end of the next event; when that was."""
    while not (await reader.readline()).startswith(b"data:"):
        pass
    return perf_counter()


def _close(lines: Sequence[Asked]) -> None:
    for _, writer in lines:
        writer.close()
