"""A road between station and server on which requests and answers are dropped, cut, held up, doubled, or come again late."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from random import Random

FAULTS = ("drop", "cut", "delay", "unanswered", "truncate", "double", "late")
FAULTY, SOUND = 2, 3
DELAY_MOST_S = 0.1
REMEMBERED = 50


class FaultyRoad:
    """Carries one HTTP request a connection; four in ten meet a fault."""

    def __init__(self, chance: Random, server_port: int) -> None:
        self._chance, self._port = chance, server_port
        self._past: list[bytes] = []
        self._dealt: list[str] = []
        self._under_way: set[asyncio.Task[None]] = set()  # the event loop alone would let them be collected
        self.met: Counter[str] = Counter()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[str]:
        """The road's address; whatever is still under way when it closes is cut off."""
        proxy = await asyncio.start_server(self._come, "127.0.0.1", 0)
        try:
            yield f"http://127.0.0.1:{proxy.sockets[0].getsockname()[1]}"
        finally:
            proxy.close()
            for one in self._under_way:
                one.cancel()
            await asyncio.gather(*self._under_way, return_exceptions=True)
            await proxy.wait_closed()

    def _come(self, station: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        carried = asyncio.create_task(self._carry(station, back))
        self._under_way.add(carried)
        carried.add_done_callback(self._under_way.discard)

    async def _carry(self, station: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        try:
            await self._answer(station, back)
        finally:
            back.close()
        with suppress(OSError):
            await back.wait_closed()

    async def _answer(self, station: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            request = await _request(station)
            fault = self._deal()
            answer = await self._meet(fault, request)
            self.met[fault] += 1
            back.write(answer)
            await back.drain()

    def _deal(self) -> str:
        """The next request's fault: of every five requests two meet one, however few there are."""
        if not self._dealt:
            self._dealt = [*self._chance.sample(FAULTS, FAULTY), *["none"] * SOUND]
            self._chance.shuffle(self._dealt)
        return self._dealt.pop()

    async def _meet(self, fault: str, request: bytes) -> bytes:
        if fault == "drop":
            return b""
        if fault == "cut":
            return await self._ask(request[: self._chance.randrange(len(request))], whole=False)
        if fault == "delay":
            await asyncio.sleep(self._chance.random() * DELAY_MOST_S)
        if fault == "double":
            await self._ask(request)
        if fault == "late" and self._past:
            await self._ask(self._chance.choice(self._past))
        answer = await self._ask(request)
        self._past = [*self._past[-REMEMBERED:], request]
        if fault == "unanswered":
            return b""
        return answer[: self._chance.randrange(len(answer) + 1)] if fault == "truncate" else answer

    async def _ask(self, request: bytes, whole: bool = True) -> bytes:
        answers, to_server = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            to_server.write(request)
            await to_server.drain()
            return await answers.read() if whole else b""
        finally:
            to_server.close()
            with suppress(OSError):
                await to_server.wait_closed()


async def _request(station: asyncio.StreamReader) -> bytes:
    head = await station.readuntil(b"\r\n\r\n")
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:-2])
    body = await station.readexactly(int(fields.get(b"content-length", 0)))
    return head[:-2] + b"connection: close\r\n\r\n" + body
