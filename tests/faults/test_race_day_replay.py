"""A whole field is replayed ten times too fast over a road that fails four times in ten, while the nemeses strike.

Five stations, one server and its database, all of them processes, talk over TCP; they are killed and made to stand still. At
the end the log holds what the stations kept, once and unchanged, the results are those of a day on which nothing went wrong,
row by row, and what the stations learnt of the server's clock is right to its stated bound.
"""

import asyncio
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, closing
from functools import partial
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from results.board.board_projection import view_of
from results.files.exports import rankings_csv, results_csv
from results.view.view import View
from scanners.outbox import Outbox
from tests.boards import PATIENCE_S, RACE_NAME
from tests.builders import FIRMS, GUN, Station
from tests.clock_and_chance import ManualClock, seeded_bits
from tests.faults.faulty_road import FaultyRoad
from tests.faults.field import CAMERAS, WHOLE, Field, Said, made_up
from tests.faults.frozen import frozen_postgres, frozen_writer
from tests.faults.killable import Killable
from tests.faults.nemeses import NEMESES, Day, Nemesis, kill_the_server, strike
from tests.faults.replay_driver import AHEAD, TRUSTED
from tests.faults.replayed import Camera
from tests.faults.soak import SEED, SOAK
from tests.programs import free_port
from timing.folder import OpenRace, create_race, open_race
from timing.log.verify import verify
from timing.race.chain import Batch
from timing.race.encoding import decode, encode
from timing.race.events import ClockSampled
from timing.race.instants import SECOND, Span, later
from timing.race.known_names import Names
from timing.race.station_clock import StationClock

STEPPED = [sys.executable, "-m", "tests.faults.stepped"]
DRIVER = [sys.executable, "-m", "tests.faults.replay_driver"]
SPEED = 10
PEOPLE = WHOLE if SOAK else 60
IDLE_MOST_S = 30.0 if SOAK else 5.0
"""Of the day in which nobody crosses a line, so much is replayed."""
PLENTY = 10**9
ROUNDED_US = 2


FrozenDatabase = Callable[[], AbstractContextManager[None]]


async def replay(
    root: Path,
    said: list[Said],
    frozen_database: FrozenDatabase,
    nemeses: Mapping[str, Nemesis] = NEMESES,
    planted: tuple[str, ...] = (),
    server_is: tuple[str, ...] = (),
) -> Day:
    chance = Random(SEED)
    port = free_port()
    road = FaultyRoad(chance, port)
    async with road.open() as address:
        wall = root / "wall.txt"
        command = [*STEPPED, str(wall), *server_is, "serve", "--race", str(root), "--port", str(port)]
        server = Killable(command, root / "server.txt")
        cameras = {
            name: Camera([*DRIVER, str(root / f"{name}.db"), address, token_of(name), *planted], root / f"{name}.txt")
            for name in CAMERAS
        }
        day = Day(server, cameras, road, frozen_database, chance, wall)
        everyone: list[Killable] = [server, *cameras.values()]
        try:
            await asyncio.gather(*(program.start() for program in everyone))
            await answers(port)
            over = asyncio.Event()
            striking = asyncio.create_task(strike(day, nemeses, over))
            begun = asyncio.get_running_loop().time()
            await show_all(said, cameras)
            day.seconds = asyncio.get_running_loop().time() - begun
            over.set()
            await striking
            ends = (camera.end() for camera in cameras.values())
            await asyncio.wait_for(asyncio.gather(*ends), 8 * PATIENCE_S)
        finally:
            await asyncio.gather(*(program.kill() for program in everyone))
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


def moved_beyond_their_bounds(path: Path, half: float = 1.0) -> tuple[int, list[ClockSampled]]:
    """How many exchanges of a station there were, and those at which its clock would be corrected by more than is stated wrongly,
    or has jumped: it never does, and so the server's would have.

    `half` is the share of an exchange's doubt that is believed; less than one is the planted fault.
    """
    wrong, clock, heard = list[ClockSampled](), StationClock(), 0
    for line in path.read_bytes().splitlines():
        if line == b"started":
            clock = StationClock()
            continue
        sample = decode(bytes.fromhex(line.decode()))
        assert isinstance(sample, ClockSampled)
        clock.add(sample)
        heard += 1
        offset, bound = clock.at(sample.received)
        wrong += [sample] if clock.jumps or abs(offset + AHEAD) > bound * half + ROUNDED_US else []
    return heard, wrong


class Kept:
    """What the log holds of the stations' facts beside what they told."""

    def __init__(self, opened: OpenRace, day: Day) -> None:
        self.facts = [fact for fact in opened.log.read() if fact.lineage != opened.log.desk]
        stored = {(fact.lineage, fact.seq): fact.data for fact in self.facts}
        self.told = [beep for camera in day.cameras.values() for beep in camera.beeps()]
        self.lost = [(lineage, seq) for lineage, seq, _ in self.told if (lineage, seq) not in stored]
        self.altered = [(lin, seq) for lin, seq, data in self.told if stored.get((lin, seq), data) != data]
        self.doubled = len(self.facts) - len(stored)


@pytest.fixture(params=["sqlite", "postgres"])
def frozen_database(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FrozenDatabase:
    """The race's database, of each kind, and how to stop it."""
    if request.param == "sqlite":
        return partial(frozen_writer, tmp_path / "race" / "race.db")
    url: str = request.getfixturevalue("postgres_url")
    monkeypatch.setenv("MARATHON_DATABASE", url)
    return partial(frozen_postgres, url)


def test_a_whole_field_is_replayed_under_fire_and_the_results_are_those_of_a_quiet_day(
    tmp_path: Path, frozen_database: FrozenDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    field = made_up(PEOPLE, SEED)
    root = tmp_path / "race"
    race_folder(root, field).close()
    day = asyncio.run(replay(root, field.said, frozen_database))
    with open_race(root) as opened:
        kept = Kept(opened, day)
        lags = sorted(lag for camera in day.cameras.values() for lag in camera.lags)
        print(
            f"struck {dict(day.struck)}, road {dict(day.road.met)}, shown {len(field.said)} in {day.seconds:.0f} s, "
            f"beeps {len(kept.told)}, stored {len(kept.facts)}, beep after {lags[len(lags) // 2] * 1000:.0f} ms "
            f"(99 %: {lags[len(lags) * 99 // 100]:.1f} s, most {lags[-1]:.1f} s)"
        )
        assert (kept.lost, kept.altered, kept.doubled) == ([], [], 0), f"seed {SEED}"
        assert [data for _, _, data in kept.told] == [
            bytes.fromhex(line.decode()) for c in day.cameras.values() for line in c.shown
        ]
        assert verify(opened.log).damage is None
        assert opened.log.quarantined() == []
        for name in CAMERAS:
            with closing(Outbox(root / f"{name}.db")) as outbox:
                items: Batch = outbox.batch(0, PLENTY, PLENTY)
                assert [fact.data for fact in kept.facts if fact.lineage == outbox.lineage] == list(items.items)
        found = rows(view_of(opened, opened.fold()))
    monkeypatch.delenv("MARATHON_DATABASE", raising=False)
    assert found == rows(undisturbed(tmp_path / "quiet", field))
    clocks = [moved_beyond_their_bounds(root / f"{name}.clock") for name in CAMERAS]
    assert [wrong for _, wrong in clocks] == [[]] * len(CAMERAS)
    assert sum(heard for heard, _ in clocks) > 0
    assert day.struck.keys() == NEMESES.keys()
    assert sum(count for fault, count in day.road.met.items() if fault != "none") > 0.3 * day.road.met.total()


@pytest.mark.parametrize("frozen_database", ["sqlite"], indirect=True)
def test_stations_that_beep_for_what_a_paused_server_has_not_taken_are_found_out(
    tmp_path: Path, frozen_database: FrozenDatabase
) -> None:
    """The planted fault: a station that beeps for what it cannot send now, and does not keep it."""
    field = made_up(PEOPLE, SEED)
    root = tmp_path / "race"

    async def pause_until_somebody_beeps_for_nothing(day: Day) -> None:
        day.server.tell(signal.SIGSTOP)
        async with asyncio.timeout(PATIENCE_S):
            while not list(root.glob(f"*{TRUSTED}")):
                await asyncio.sleep(0.05)
        day.server.tell(signal.SIGCONT)

    race_folder(root, field).close()
    nemeses = {"server paused": pause_until_somebody_beeps_for_nothing}
    day = asyncio.run(replay(root, field.said, frozen_database, nemeses, ("trusting",)))
    with open_race(root) as opened:
        kept = Kept(opened, day)
    assert kept.lost or kept.altered


@pytest.mark.parametrize("frozen_database", ["sqlite"], indirect=True)
def test_a_server_that_begins_with_its_wall_clock_whenever_it_is_started_is_found_out(
    tmp_path: Path, frozen_database: FrozenDatabase
) -> None:
    """The planted fault: the server's time moves with the wall clock that somebody has set before a restart."""

    root = tmp_path / "race"

    async def all_ask_the_time() -> None:
        """However often the road fails, every station has had another answer."""
        before = {file: file.stat().st_size for file in root.glob("*.clock")}
        async with asyncio.timeout(PATIENCE_S):
            while not before or any(file.stat().st_size <= size for file, size in before.items()):
                before = before or dict.fromkeys(root.glob("*.clock"), 0)
                await asyncio.sleep(0.05)

    async def set_and_restart(day: Day) -> None:
        await all_ask_the_time()
        day.wall.write_text("30", encoding="ascii")
        await kill_the_server(day)
        await all_ask_the_time()

    field = made_up(PEOPLE, SEED)
    race_folder(root, field).close()
    nemeses = {"server's clock set": set_and_restart}
    asyncio.run(replay(root, field.said, frozen_database, nemeses, server_is=("--forgetful",)))
    assert any(moved_beyond_their_bounds(root / f"{name}.clock")[1] for name in CAMERAS)


def test_a_clock_that_believes_the_answers_of_a_paused_server_is_found_out(tmp_path: Path) -> None:
    """The planted fault: the server slept two seconds before it looked at its clock, and no doubt is taken from that."""
    slept, sent = Span(2 * SECOND), later(GUN, AHEAD)
    asked = ClockSampled(sent, later(GUN, slept), later(GUN, slept), later(sent, slept))
    file = tmp_path / "finish-1.clock"
    file.write_bytes(b"started\n" + encode(asked).hex().encode() + b"\n")
    assert moved_beyond_their_bounds(file) == (1, [])
    assert moved_beyond_their_bounds(file, half=0.0) == (1, [asked])
