"""A program that is killed with -9 and started again, or made to stand still."""

import asyncio
import signal
from asyncio.subprocess import PIPE, Process
from dataclasses import dataclass, field
from pathlib import Path

from tests.programs import environment

LINE_MOST = 2**16


@dataclass(slots=True)
class Killable:
    """What it printed until it was killed was said for good."""

    command: list[str]
    words: Path
    process: Process | None = None
    told: list[bytes] = field(default_factory=list)

    async def start(self) -> None:
        with self.words.open("ab") as words:
            self.process = await asyncio.create_subprocess_exec(
                *self.command, stdin=PIPE, stdout=PIPE, stderr=words, env=environment(), limit=LINE_MOST
            )

    async def kill(self) -> None:
        if self.process and self.process.returncode is None:
            self.process.kill()
            await self.flush()

    def tell(self, what: signal.Signals) -> None:
        assert self.process
        self.process.send_signal(what)

    async def end(self) -> None:
        """Tell it that the race is over, and wait until it has sent everything."""
        assert self.process and self.process.stdin
        self.process.stdin.close()
        await self.flush()
        assert self.process.returncode == 0, self.words.read_text(encoding="utf-8")

    async def flush(self) -> None:
        """Read on to the end, then bury it."""
        assert self.process and self.process.stdout
        while line := await self.process.stdout.readline():
            if line.endswith(b"\n"):
                self.told.append(line)
        await self.process.wait()
