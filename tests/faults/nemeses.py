"""What befalls a race day while it is replayed. One more evil is one more line in `NEMESES`."""

import asyncio
import signal
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from tests.faults.faulty_road import FaultyRoad
from tests.faults.killable import Killable
from tests.faults.replayed import Camera
from tests.faults.soak import SOAK

STRIKE_EVERY_S = (1.0, 6.0) if SOAK else (0.3, 0.9)
WALL_STEPS_S = (30.0, -30.0, 2.0, -2.0, 3_600.0)
PAUSE_S = (0.5, 14.0) if SOAK else (1.0, 2.5)
"""At length also longer than anybody waits for an answer."""


@dataclass(slots=True)
class Day:
    """Who takes part in the replay, and what it met."""

    server: Killable
    cameras: dict[str, Camera]
    road: FaultyRoad
    frozen_database: Callable[[], AbstractContextManager[None]]
    chance: Random
    wall: Path
    """Holds by how many seconds the wall clock of the server's machine is set wrongly."""
    struck: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def some_camera(self) -> Camera:
        return self.cameras[self.chance.choice(sorted(self.cameras))]

    async def for_a_while(self) -> None:
        await asyncio.sleep(self.chance.uniform(*PAUSE_S))


async def kill_the_server(day: Day) -> None:
    await day.server.kill()
    await day.server.start()


async def kill_a_station(day: Day) -> None:
    camera = day.some_camera()
    async with camera.lock:
        await camera.kill()
        await camera.start()


async def kill_both(day: Day) -> None:
    await kill_the_server(day)
    await kill_a_station(day)


async def pause_the_server(day: Day) -> None:
    day.server.tell(signal.SIGSTOP)
    await day.for_a_while()
    day.server.tell(signal.SIGCONT)


async def pause_a_station(day: Day) -> None:
    """Nobody is killed meanwhile, so the one who wakes is the one who slept; what it is shown waits in its pipe."""
    camera = day.some_camera()
    camera.tell(signal.SIGSTOP)
    await day.for_a_while()
    camera.tell(signal.SIGCONT)


async def pause_the_database(day: Day) -> None:
    with day.frozen_database():
        await day.for_a_while()


async def kill_a_server_that_hangs(day: Day) -> None:
    """Who looks after it loses patience while its requests are under way."""
    day.server.tell(signal.SIGSTOP)
    await day.for_a_while()
    await kill_the_server(day)


async def set_the_server_s_clock(day: Day) -> None:
    """By little and by much, to and fro; sometimes the server is killed too, and starts by the clock that was set."""
    day.wall.write_text(str(day.chance.choice(WALL_STEPS_S)), encoding="ascii")
    if day.chance.random() < 0.5:
        await kill_the_server(day)


Nemesis = Callable[[Day], Awaitable[None]]
NEMESES: Final[Mapping[str, Nemesis]] = {
    "server killed": kill_the_server,
    "station killed": kill_a_station,
    "both killed": kill_both,
    "server paused": pause_the_server,
    "station paused": pause_a_station,
    "database paused": pause_the_database,
    "paused server killed": kill_a_server_that_hangs,
    "server's clock set": set_the_server_s_clock,
}


async def strike(day: Day, nemeses: Mapping[str, Nemesis], over: asyncio.Event) -> None:
    """Each once, in any order, and then by chance until the day is over; whoever was struck last is up again then."""
    once = day.chance.sample(sorted(nemeses), len(nemeses))
    while once or not over.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), day.chance.uniform(*STRIKE_EVERY_S))
        name = once.pop() if once else day.chance.choice(sorted(nemeses))
        await nemeses[name](day)
        day.struck[name] += 1
