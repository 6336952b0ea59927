"""Server and stations are killed with -9 at random moments, over a road that fails four times in ten.

What every station printed after its commit is in the server's log at the end: nothing lost, nothing twice, nothing changed.
Real processes, sockets, files and SQLite; the camera is left out. A kill is no power cut (`test_crash_images` has those), and
a server that answers before it commits is healed by the stations' sending again, so that fault is tried in `test_protocol`.
"""

import asyncio
import sys
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from scanners.outbox import Outbox
from tests.boards import PATIENCE_S, RACE_NAME
from tests.builders import GUN
from tests.clock_and_chance import ManualClock, seeded_bits
from tests.faults.faulty_road import FaultyRoad
from tests.faults.killable import Killable
from tests.faults.soak import SEED, scaled
from tests.faults.station_driver import LAST_BEEP
from tests.programs import MARATHON, free_port
from timing.folder import create_race, open_race
from timing.log.verify import verify

KILLS = scaled(4, 9)
RACE_DAYS = scaled(1, 30)
STATIONS = ("finish-1", "finish-2")
DRIVER = [sys.executable, "-m", "tests.faults.station_driver"]
PLENTY = 10**9


@dataclass(slots=True)
class Station(Killable):
    """A station that is fed scans by number, and beeps."""

    fed: int = 0
    due: int = 0

    async def start(self) -> None:
        await Killable.start(self)
        self.due = 0

    async def feed(self, count: int) -> None:
        assert self.process and self.process.stdin
        self.process.stdin.write(b"".join(b"%d\n" % (self.fed + n) for n in range(count)))
        await self.process.stdin.drain()
        self.fed, self.due = self.fed + count, self.due + count

    async def hear(self, count: int) -> None:
        """Wait for so many beeps."""
        assert self.process and self.process.stdout
        for _ in range(count):
            line = await asyncio.wait_for(self.process.stdout.readline(), PATIENCE_S)
            assert line.endswith(b"\n"), self.words.read_text(encoding="utf-8")
            self.told.append(line)
            self.due -= 1


async def race_day(root: Path, kills: int, chance: Random) -> tuple[list[Station], FaultyRoad, Counter[str]]:
    """Stations and server under fire, and at the end everything sent."""
    port = free_port()
    road = FaultyRoad(chance, port)
    async with road.open() as address:
        server = Killable([*MARATHON, "serve", "--race", str(root), "--port", str(port)], root / "server.txt")
        stations = [
            Station([*DRIVER, str(root / f"{name}.db"), name, address, token_of(name)], root / f"{name}.txt")
            for name in STATIONS
        ]
        everyone: list[Killable] = [server, *stations]
        try:
            await asyncio.gather(*(program.start() for program in everyone))
            killed = await under_fire(server, stations, road, kills, chance)
            await asyncio.wait_for(asyncio.gather(*(station.end() for station in stations)), 4 * PATIENCE_S)
        finally:
            await asyncio.gather(*(program.kill() for program in everyone))
    return stations, road, killed


async def under_fire(
    server: Killable, stations: list[Station], road: FaultyRoad, kills: int, chance: Random
) -> Counter[str]:
    killed, turns = Counter[str](), list[int]()
    while killed.total() < kills:
        goal = road.met["none"] + chance.randrange(1, 9)
        while road.met["none"] < goal:
            station = chance.choice(stations)
            await station.feed(chance.randrange(1, 9))
            await station.hear(chance.randrange(1, station.due + 1))
        one = chance.choice(stations)
        turns = turns or chance.sample(range(4), 4)  # in any two turns there are a server and a station
        either: list[list[Killable]] = [[server], [one], [server, one], [server, *stations]]
        victims = either[turns.pop()]
        await asyncio.gather(*(victim.kill() for victim in victims))
        killed.update("server" if victim is server else "station" for victim in victims)
        await asyncio.gather(*(victim.start() for victim in victims))
    return killed


def token_of(name: str) -> str:
    return name[-1] * 64


def beeps(stations: list[Station]) -> list[tuple[str, int, bytes]]:
    """Lineage, number and bytes of everything that a station beeped for."""
    words = (line.split() for station in stations for line in station.told)
    return [(lineage.decode(), int(seq), bytes.fromhex(data.decode())) for lineage, seq, data in words]


def lost_and_altered(
    told: list[tuple[str, int, bytes]], stored: Mapping[tuple[str, int], bytes]
) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """What was beeped for and is not stored, or stored with other bytes."""
    lost = [(lineage, seq) for lineage, seq, _ in told if (lineage, seq) not in stored]
    altered = [(lineage, seq) for lineage, seq, data in told if stored.get((lineage, seq), data) != data]
    return lost, altered


@pytest.mark.parametrize("seed", range(SEED, SEED + RACE_DAYS))
def test_whoever_is_killed_and_whatever_the_road_does_nothing_promised_is_lost(seed: int, tmp_path: Path) -> None:
    root = tmp_path / "race"
    with create_race(root, RACE_NAME, "G Valley", "GV.TEST", 4_500, ManualClock(GUN), seeded_bits(7)) as opened:
        for name in STATIONS:
            opened.directory.enrol(name, token_of(name))
        desk = opened.log.desk
    stations, road, killed = asyncio.run(race_day(root, KILLS, Random(seed)))
    told = beeps(stations)
    with open_race(root) as opened:
        facts = [fact for fact in opened.log.read() if fact.lineage != desk]
        stored = {(fact.lineage, fact.seq): fact.data for fact in facts}
        lost, altered = lost_and_altered(told, stored)
        doubled = len(facts) - len(stored)
        print(f"kills {dict(killed)}, road {dict(road.met)}, beeps {len(told)}, stored {len(facts)}")
        assert (lost, doubled, altered) == ([], 0, []), f"seed {seed}"
        assert verify(opened.log).damage is None
        assert len(opened.log.quarantined()) == 0
        for name in STATIONS:  # also what was kept in the very moment of a kill, and never beeped
            with closing(Outbox(root / f"{name}.db")) as outbox:
                items = list(outbox.batch(0, PLENTY, PLENTY).items)
                assert [fact.data for fact in facts if fact.lineage == outbox.lineage] == items
    assert killed["server"] and killed["station"]
    assert len(told) > 5 * KILLS


async def one_killed_before_its_commit(station: Station) -> None:
    await station.start()
    await station.feed(100)
    await station.hear(LAST_BEEP)
    await station.kill()


def test_a_station_that_beeps_before_its_commit_is_found_out(tmp_path: Path) -> None:
    """The planted fault: the last beep has no scan behind it."""
    path = tmp_path / "finish-1.db"
    nowhere = f"http://127.0.0.1:{free_port()}"
    command = [*DRIVER, str(path), "finish-1", nowhere, token_of("finish-1"), "beeps too early"]
    station = Station(command, tmp_path / "words.txt")
    asyncio.run(one_killed_before_its_commit(station))
    with closing(Outbox(path)) as outbox:
        kept = outbox.batch(0, PLENTY, PLENTY).items
        stored = {(outbox.lineage, seq): data for seq, data in enumerate(kept, 1)}
    assert lost_and_altered(beeps([station]), stored) == ([(outbox.lineage, LAST_BEEP)], [])
