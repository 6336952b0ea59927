"""A camera of the replay: a station's process that is shown the day's facts when they are due."""

import asyncio
from asyncio import Lock, Task
from contextlib import suppress
from dataclasses import dataclass, field

from tests.faults.killable import Killable
from timing.race.encoding import encode
from timing.race.events import StationFact


@dataclass(slots=True)
class Camera(Killable):
    """A station that is shown facts when they are due, and again those for which it had not beeped when it was killed."""

    shown: list[bytes] = field(default_factory=list)
    due: list[float] = field(default_factory=list)
    lags: list[float] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)
    hearing: "Task[None] | None" = None

    async def start(self) -> None:
        await Killable.start(self)
        self.hearing = asyncio.create_task(self._hear())
        self._say(self.shown[len(self.told) :])

    async def show(self, fact: StationFact, due: float) -> None:
        async with self.lock:
            self.shown.append(encode(fact).hex().encode() + b"\n")
            self.due.append(due)
            self._say(self.shown[-1:])

    async def kill(self) -> None:
        if self.process and self.process.returncode is None:
            self.process.kill()
        await self.flush()

    async def flush(self) -> None:
        assert self.process
        if self.hearing:
            await self.hearing
        await self.process.wait()

    def _say(self, lines: list[bytes]) -> None:
        assert self.process and self.process.stdin
        with suppress(OSError, RuntimeError):  # it is dead, and will be told again
            self.process.stdin.writelines(lines)

    async def _hear(self) -> None:
        assert self.process and self.process.stdout
        while line := await self.process.stdout.readline():
            if line.endswith(b"\n"):
                self.lags.append(asyncio.get_running_loop().time() - self.due[len(self.told)])
                self.told.append(line)

    def beeps(self) -> list[tuple[str, int, bytes]]:
        """Lineage, number and bytes of everything for which it beeped."""
        words = (line.split() for line in self.told)
        return [(lineage.decode(), int(seq), bytes.fromhex(data.decode())) for lineage, seq, data in words]
