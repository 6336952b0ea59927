"""A whole field is replayed ten times too fast over a road that fails four times in ten, while server and stations are killed.

Five stations and one server, all of them processes, talk over TCP. At the end the log holds what the stations kept, once and
unchanged, and the results are those of a day on which nothing went wrong, row by row.
"""

import asyncio
import sys
from asyncio import Lock, Task
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import count, pairwise
from pathlib import Path
from random import Random

from results.board.follow import view_of
from results.display import View
from results.files.exports import rankings_csv, results_csv
from scanners.outbox import Outbox
from tests.boards import PATIENCE_S, RACE_NAME
from tests.builders import FIRMS, GUN, Station
from tests.doors import ManualClock, seeded_bits
from tests.faults.faulty_road import FaultyRoad
from tests.faults.field import CAMERAS, WHOLE, Field, Said, made_up
from tests.faults.killable import Killable
from tests.faults.soak import SEED, SOAK
from tests.programs import MARATHON, free_port
from timing.events import StationFact
from timing.folder import OpenRace, create_race, open_race
from timing.instants import SECOND
from timing.log.chain import Batch
from timing.log.encoding import encode
from timing.log.verify import verify
from timing.store.directory import Names

DRIVER = [sys.executable, "-m", "tests.faults.replay_driver"]
SPEED = 10
PEOPLE = WHOLE if SOAK else 60
KILL_EVERY_S = (1.0, 6.0) if SOAK else (0.8, 1.6)
IDLE_MOST_S = 30.0 if SOAK else 5.0
"""Of the day in which nobody crosses a line, so much is replayed."""
PLENTY = 10**9


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
        await self.last_words()

    async def last_words(self) -> None:
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


@dataclass(slots=True)
class Day:
    """What was replayed, and what it met."""

    cameras: dict[str, Camera]
    road: FaultyRoad
    killed: Counter[str]
    seconds: float = 0.0


async def replay(root: Path, said: list[Said], chance: Random) -> Day:
    port = free_port()
    road = FaultyRoad(chance, port)
    proxy = await asyncio.start_server(road.carry, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{proxy.sockets[0].getsockname()[1]}"
    server = Killable([*MARATHON, "serve", "--race", str(root), "--port", str(port)], root / "server.txt")
    cameras = {
        name: Camera([*DRIVER, str(root / f"{name}.db"), address, token_of(name)], root / f"{name}.txt")
        for name in CAMERAS
    }
    day = Day(cameras, road, Counter())
    everyone: list[Killable] = [server, *cameras.values()]
    try:
        await asyncio.gather(*(program.start() for program in everyone))
        await answers(port)
        over = asyncio.Event()
        killing = asyncio.create_task(kill_now_and_then(server, day, chance, over))
        begun = asyncio.get_running_loop().time()
        await show_all(said, cameras)
        day.seconds = asyncio.get_running_loop().time() - begun
        over.set()
        await killing
        ends = (camera.end() for camera in cameras.values())
        await asyncio.wait_for(asyncio.gather(*ends), 8 * PATIENCE_S)
    finally:
        await asyncio.gather(*(program.kill() for program in everyone))
        proxy.close()
        await proxy.wait_closed()
    return day


async def answers(port: int) -> None:
    """Wait until the server is up."""
    deadline = asyncio.get_running_loop().time() + PATIENCE_S
    while True:
        try:
            _, to_server = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            assert asyncio.get_running_loop().time() < deadline, "the server never came up"
            await asyncio.sleep(0.05)
        else:
            to_server.close()
            await to_server.wait_closed()
            return


async def show_all(said: list[Said], cameras: dict[str, Camera]) -> None:
    """Each fact at its time, the day being `SPEED` times as quick."""
    loop = asyncio.get_running_loop()
    at = loop.time()
    gaps = [0.0, *(min((two.at - one.at) / SECOND, IDLE_MOST_S) / SPEED for one, two in pairwise(said))]
    for gap, one in zip(gaps, said, strict=True):
        at += gap
        await asyncio.sleep(max(0.0, at - loop.time()))
        await cameras[one.camera].show(one.fact, at)


async def kill_now_and_then(server: Killable, day: Day, chance: Random, over: asyncio.Event) -> None:
    """Until the day is over, the server first, then a station, then by chance; whoever was killed last is up again then."""
    for turn in count():
        with suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), chance.uniform(*KILL_EVERY_S))
            return
        camera = day.cameras[chance.choice(CAMERAS)]
        choices: list[list[Killable]] = [[server], [camera], [camera], [server, camera]]
        victims = choices[turn] if turn < 2 else chance.choice(choices)
        await kill_and_start(victims)
        day.killed.update("server" if victim is server else "station" for victim in victims)


async def kill_and_start(victims: list[Killable]) -> None:
    for victim in victims:
        if isinstance(victim, Camera):
            async with victim.lock:
                await victim.kill()
                await victim.start()
        else:
            await victim.kill()
            await victim.start()


def token_of(name: str) -> str:
    return f"{CAMERAS.index(name) + 1}" * 64


def race_folder(root: Path, field: Field) -> OpenRace:
    made = create_race(root, RACE_NAME, "G Valley", "GV.TEST", 4_500, ManualClock(GUN), seeded_bits(7))
    made.directory.keep(Names({}, dict(FIRMS), {"t0001": "번개", "t0002": "천둥", "t0003": "소나기"}))
    made.log.record(field.desk)
    for name in CAMERAS:
        made.directory.enrol(name, token_of(name))
    return made


def undisturbed(root: Path, field: Field) -> View:
    """The results of a day on which each station's facts came in once and in order."""
    with race_folder(root, field) as opened:
        for name in CAMERAS:
            camera = Station(name, "start" if name.startswith("start") else "finish")
            camera.items.clear()
            camera.says(*field.of(name))
            assert opened.log.receive(camera.batch()).head.seq == len(camera.items)
        return view_of(opened, opened.fold())


def rows(view: View) -> list[str]:
    """Every row of everybody's results and of all rankings."""
    people, groups = results_csv(view.standings, view.names), rankings_csv(view.rankings, view.names)
    return [*people.splitlines(), *groups.splitlines()]


def beeps(camera: Camera) -> list[tuple[str, int, bytes]]:
    """Lineage, number and bytes of everything for which a station beeped."""
    words = (line.split() for line in camera.told)
    return [(lineage.decode(), int(seq), bytes.fromhex(data.decode())) for lineage, seq, data in words]


def test_a_whole_field_is_replayed_under_fire_and_the_results_are_those_of_a_quiet_day(tmp_path: Path) -> None:
    field = made_up(PEOPLE, SEED)
    expected = rows(undisturbed(tmp_path / "quiet", field))
    root = tmp_path / "race"
    race_folder(root, field).close()
    day = asyncio.run(replay(root, field.said, Random(SEED)))
    with open_race(root) as opened:
        facts = [fact for fact in opened.log.read() if fact.lineage != opened.log.desk]
        stored = {(fact.lineage, fact.seq): fact.data for fact in facts}
        told = [beep for camera in day.cameras.values() for beep in beeps(camera)]
        lags = sorted(lag for camera in day.cameras.values() for lag in camera.lags)
        print(
            f"kills {dict(day.killed)}, road {dict(day.road.met)}, shown {len(field.said)} in {day.seconds:.0f} s, "
            f"beeps {len(told)}, stored {len(facts)}, beep after {lags[len(lags) // 2] * 1000:.0f} ms "
            f"(99 %: {lags[len(lags) * 99 // 100]:.1f} s, most {lags[-1]:.1f} s), rows compared {len(expected)}"
        )
        lost = [(lineage, seq) for lineage, seq, _ in told if (lineage, seq) not in stored]
        altered = [(lineage, seq) for lineage, seq, data in told if stored.get((lineage, seq), data) != data]
        assert (lost, altered, len(facts) - len(stored)) == ([], [], 0), f"seed {SEED}"
        assert [data for _, _, data in told] == [
            bytes.fromhex(line.decode()) for c in day.cameras.values() for line in c.shown
        ]
        assert verify(opened.log).damage is None
        assert opened.log.quarantined() == []
        for name in CAMERAS:
            with closing(Outbox(root / f"{name}.db")) as outbox:
                kept: Batch = outbox.batch(0, PLENTY, PLENTY)
                assert [fact.data for fact in facts if fact.lineage == outbox.lineage] == list(kept.items)
        assert rows(view_of(opened, opened.fold())) == expected
    assert day.killed["server"] and day.killed["station"]
    assert sum(count for fault, count in day.road.met.items() if fault != "none") > 0.3 * day.road.met.total()
