"""`make bench-load`: what floods of every kind cost those who ask properly; beside each the same server without the flood.

Writes docs/benchmarks/load.md. All traffic stays on this machine, and every flood ends by itself.
"""

import os
import platform
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from threading import Event, Thread
from time import perf_counter

import urllib3

from benchmarks.field import field as field_of
from benchmarks.field import fill
from benchmarks.finishes import Finishes, named
from benchmarks.floods import SLOW, endless_headers, flood, heavy, mutated, slow, wrong_tokens
from benchmarks.machine import hardware, versions
from benchmarks.measure import Line, as_time, as_times, spread, table
from scanners.outbox.uplink import HttpUplink
from tests.programs import free_port
from tests.system import fresh_database, postgres
from timing.errors import Unreachable
from timing.folder import OpenRace, create_race
from timing.race.chain import Batch

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks" / "load.md"
TOKEN = "0" * 64
PEOPLE = 2_500
LARGE = 150_000
CONNECTIONS = 1_200
CLIENTS = 60
TOKENS_A_SECOND = 1_000
HEADER_MB = 600
REQUESTS = 100_000
STOPPED_S = 20.0
SPELL_S = 8.0
SPELLS = 3
LOG_AN_HOUR_MB = 10
QUIET_POOL = {"retries": False, "timeout": 10.0}


@dataclass(slots=True)
class Server:
    """The product as people start it."""

    port: int
    intake: int
    office: int
    process: "subprocess.Popen[bytes]"
    told: Path

    def memory_mb(self) -> float:
        for line in Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1_024
        raise ValueError("no VmRSS")


@contextmanager
def running(
    race: OpenRace, folder: Path, apart: bool = False, database: str = "", office_apart: bool = False
) -> Iterator[Server]:
    """`marathon serve`, until the block ends; with `apart` the intake at its own port, with `office_apart` the office too."""
    port, intake, office = free_port(), free_port(), free_port()
    command = [sys.executable, "-m", "marathon", "serve", "--race", str(race.root), "--port", str(port)]
    command += ["--intake-port", str(intake)] if apart else []
    command += ["--office-port", str(office)] if office_apart else []
    told = folder / f"{port}.txt"
    environment = {**os.environ, **({"MARATHON_DATABASE": database} if database else {})}
    with told.open("wb") as words, subprocess.Popen(command, stdout=words, stderr=words, env=environment) as process:
        server = Server(port, intake if apart else port, office if office_apart else port, process, told)
        try:
            yield server
        finally:
            process.terminate()
            process.wait()


def until(works: Callable[[], bool], seconds: float = 300) -> float:
    """Seconds until something works."""
    begun = perf_counter()
    while not works():
        assert perf_counter() - begun < seconds, "it never came"
        Event().wait(0.02)
    return perf_counter() - begun


def answers(port: int, path: str) -> Callable[[], bool]:
    pool = urllib3.PoolManager(**QUIET_POOL)  # type: ignore[arg-type]

    def asked() -> bool:
        with suppress(urllib3.exceptions.HTTPError):
            headers = {"Authorization": f"Bearer {TOKEN}"}
            return pool.request("GET", f"http://127.0.0.1:{port}{path}", headers=headers).status == 200
        return False

    return asked


@dataclass(slots=True)
class Station:
    """A station that sends ten batches a second, one of ten with a finish, and how long each answer took; none is lost."""

    uplink: HttpUplink
    finishes: Finishes
    waits: list[float] = field(default_factory=list)
    unsent: list[Batch] = field(default_factory=list)
    number: int = 0

    def send(self) -> None:
        self.number += 1
        scans = [self.finishes.again(self.number * 5 + at) for at in range(5)]
        if self.number % 10 == 0 and self.finishes.given < len(self.finishes.late):
            scans[-1] = self.finishes.next()[1]
        self.unsent.append(self.finishes.camera.batch(scans))
        begun = perf_counter()
        with suppress(Unreachable):
            while self.unsent:
                self.uplink.send(self.unsent[0])
                del self.unsent[0]
        self.waits.append(perf_counter() - begun)

    def work(self, seconds: float) -> list[float]:
        """For so long; the waits."""
        self.waits = []
        begun = due = perf_counter()
        while perf_counter() - begun < seconds:
            self.send()
            due += 0.1
            Event().wait(max(0.0, due - perf_counter()))
        return self.waits


class Viewer:
    """Somebody who asks for the head ten times a second, beside other work."""

    def __init__(self, port: int) -> None:
        self._address, self._stop = f"http://127.0.0.1:{port}/head.json", Event()
        self.waits: list[float] = []
        self._thread = Thread(target=self._look)

    def __enter__(self) -> "Viewer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._stop.wait(0.1):
            begun = perf_counter()
            with urllib3.PoolManager(**QUIET_POOL) as pool:  # type: ignore[arg-type]  # each look a connection of its own
                assert pool.request("GET", self._address).status == 200
            self.waits.append(perf_counter() - begun)


def p99(waits: Sequence[float]) -> float:
    return quantiles(waits, n=100)[98] if len(waits) > 1 else waits[0]


@dataclass(slots=True)
class Compared:
    """A station's and a viewer's p99, spell by spell, with a flood and without."""

    intake: list[float] = field(default_factory=list)
    intake_idle: list[float] = field(default_factory=list)
    board: list[float] = field(default_factory=list)
    log_mb_an_hour: float = 0.0

    @property
    def ratio(self) -> float:
        return median(self.intake) / median(self.intake_idle)


def compared(server: Server, station: Station, spells: int, work: Callable[..., None], *given: object) -> Compared:
    """The spells in turn; what the server writes meanwhile is counted."""
    found = Compared()
    before, begun = server.told.stat().st_size, perf_counter()
    for _ in range(spells):
        found.intake_idle.append(p99(station.work(SPELL_S)))
        with flood(work, *given, SPELL_S + 5):
            Event().wait(1)  # the flood's process begins
            with Viewer(server.port) as viewer:
                found.intake.append(p99(station.work(SPELL_S)))
        found.board.append(p99(viewer.waits))
    grown = server.told.stat().st_size - before
    found.log_mb_an_hour = grown / 1e6 / (perf_counter() - begun) * 3_600
    return found


def said(found: Compared) -> str:
    return f"intake {as_times(spread(found.intake))}, `head.json` {as_times(spread(found.board))}, log {found.log_mb_an_hour:.1f} MB/h"


def slow_ones(server: Server, station: Station) -> Iterator[Line]:
    for kind in SLOW:
        found = compared(server, station, 1, slow, server.port, kind, CONNECTIONS)
        worst = max(*found.intake, *found.board)
        yield Line(
            f"p99 beside {CONNECTIONS:,} connections from one address that send {kind}; beside it without them",
            said(found),
            f"intake {as_times(spread(found.intake_idle))}",
            "",
            "under 1 s, log under 10 MB/h",
            worst < 1 and found.log_mb_an_hour < LOG_AN_HOUR_MB,
        )


def heavy_ones(server: Server, station: Station, where: str) -> Line:
    found = compared(server, station, SPELLS, heavy, server.port, CLIENTS)
    return Line(
        f"p99 beside {CLIENTS} clients on the largest pages while results move, {where}; beside it without them",
        said(found),
        f"intake {as_times(spread(found.intake_idle))}",
        f"{found.ratio:.2f} x",
        "under 2x",
        found.ratio < 2,
    )


def guesses(server: Server, station: Station) -> Line:
    found = compared(server, station, SPELLS, wrong_tokens, server.intake, TOKENS_A_SECOND)
    return Line(
        f"p99 beside {TOKENS_A_SECOND:,} requests/s with wrong tokens; beside it without them",
        said(found),
        f"intake {as_times(spread(found.intake_idle))}",
        f"{found.ratio:.2f} x",
        "under 2x",
        found.ratio < 2,
    )


def headers(server: Server) -> Line:
    before = server.memory_mb()
    came = endless_headers(server.port, 8, HEADER_MB)
    grown = server.memory_mb() - before
    return Line(
        f"memory that {HEADER_MB} MB of header on 8 connections cost (the server took {came / 1e6:.0f} MB of it and closed)",
        f"{grown:.1f} MB",
        "",
        "",
        "under 50 MB",
        grown < 50,
    )


def fuzzed(server: Server) -> Line:
    statuses = mutated(server.port, REQUESTS, 1)
    bad = sum(number for status, number in statuses.items() if status >= 500 and status not in (503, 507))
    told = ", ".join(f"{status or 'closed'}: {number:,}" for status, number in sorted(statuses.items()))
    return Line(f"{REQUESTS:,} mutated requests, by status", told, "", "", "no 5xx but 503 and 507", bad == 0)


def prepared(folder: Path, size: int) -> tuple[OpenRace, Finishes]:
    race = create_race(folder / f"race{size}", "경주", "race", "GV.TEST", 4_500)
    people = field_of(size, Random(size))
    fill(race.log, people, Random(size + 1))
    named(race, people)
    race.directory.enrol("finish-9", TOKEN)
    return race, Finishes(people)


def station_at(server: Server, finishes: Finishes) -> Station:
    until(answers(server.intake, "/v1/roster"))
    until(answers(server.port, "/head.json"))
    uplink = HttpUplink(f"http://127.0.0.1:{server.intake}", TOKEN)
    if finishes.camera.batch([]).first == 1:
        uplink.send(finishes.camera.batch([finishes.camera.opened()]))
    return Station(uplink, finishes)


def stalled(folder: Path) -> Line:
    """PostgreSQL is stopped; the head is asked for and scans are sent all the while."""
    with postgres() as url, fresh_database(url, "load") as database:
        os.environ["MARATHON_DATABASE"] = database
        try:
            (folder / "pg").mkdir()
            race, finishes = prepared(folder / "pg", PEOPLE)
            with race, running(race, folder) as server:
                station = station_at(server, finishes)
                data = _data_directory(race)
                before = race.log.head().seq
                with Viewer(server.port) as viewer, _stopped(data):
                    station.work(STOPPED_S)
                sent = station.number

                def all_sent() -> bool:
                    station.send()
                    return not station.unsent

                until(all_sent)
                stored = race.log.head().seq - before
                expected = 5 * station.number
        finally:
            del os.environ["MARATHON_DATABASE"]
    return Line(
        f"`head.json` while PostgreSQL is stopped for {STOPPED_S:.0f} s, p99; {sent} batches were sent meanwhile",
        as_time(p99(viewer.waits)),
        f"{stored:,} of {expected:,} scans stored after it woke",
        "",
        "under 50 ms, every scan stored",
        p99(viewer.waits) < 0.05 and stored == expected,
    )


def _data_directory(race: OpenRace) -> Path:
    with race.engine.connect() as connection:
        return Path(str(connection.exec_driver_sql("SHOW data_directory").scalar_one()))


@contextmanager
def _stopped(data: Path) -> Iterator[None]:
    parent = (data / "postmaster.pid").read_text(encoding="utf-8").split()[0]
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", parent], capture_output=True, text=True, check=False).stdout
    pids = [int(parent), *map(int, listed.split())]
    for what in (signal.SIGSTOP, signal.SIGCONT):
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, what)
        if what is signal.SIGSTOP:
            try:
                yield
            except BaseException:
                for pid in pids:
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGCONT)
                raise


def started(folder: Path) -> Line:
    race, _ = prepared(folder, LARGE)
    with race, running(race, folder) as server:
        beat = answers(server.intake, "/v1/stations")
        begun = perf_counter()
        until(beat)
        intake = perf_counter() - begun
        until(answers(server.port, "/head.json"))
        board = perf_counter() - begun
    return Line(
        f"start with {LARGE:,} runners: until the intake answers; beside it until the board does",
        as_time(intake),
        as_time(board),
        "",
        "under 5 s",
        intake < 5,
    )


def measured() -> Iterator[Line]:
    """Every row."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        race, finishes = prepared(folder, PEOPLE)
        with race:
            with running(race, folder) as server:
                station = station_at(server, finishes)
                yield from slow_ones(server, station)
                yield headers(server)
                yield guesses(server, station)
                yield heavy_ones(server, station, "one process")
                yield fuzzed(server)
            with running(race, folder, apart=True) as server:
                yield heavy_ones(server, Station(station_at(server, finishes).uplink, finishes), "`--intake-port`")
        yield stalled(folder)
        yield started(folder)


def page(lines: Sequence[Line], busy: float) -> str:
    """The page, without host names and paths."""
    return "\n".join(
        [
            "# 몰림과 공격의 값 / What floods cost",
            "",
            "`make bench-load`가 이 쪽을 씁니다. 몰리는 쪽도 재는 쪽도 같은 기계에서 돕니다. /",
            "Written by `make bench-load`. Floods and those who are measured run on the same machine; a figure is the median of its",
            "spells with (least-most).",
            "",
            f"- {hardware()}; load average before the run {busy:.1f}",
            f"- Python {platform.python_version()}, {versions('uvicorn', 'httptools', 'sqlalchemy', 'psycopg')}",
            "",
            *table(lines),
            "",
            NOTES,
        ]
    )


BY_HAND = "## What nonsense is answered"
NOTES = """\
## How to read it

- The server is `marathon serve` as people start it. A **station** sends ten batches a second, each answered after a commit on the
  disk; with one of ten somebody finishes, so that the results move. A **viewer** asks for the head ten times a second, each time
  over a connection of its own. Both come from another address than the flood.
- **Without them** is the same server, in turn with the flood, spell by spell. Other work on the machine slows both.
- A connection has 10 s for its header, 30 s for its body (longer as long as at least 1,000 bytes a second come), 5 s between two
  requests. An address may have 1,000 connections, all together 10,000 or what files the system allows: beyond that whoever has
  waited longest gives way. A header may have 16 KB and 100 lines.
"""


def main() -> None:
    """Measure, print and write the page."""
    busy, lines = os.getloadavg()[0], list[Line]()
    for line in measured():
        print("\n".join(table([line])[2:]), flush=True)
        lines.append(line)
    PAGE.write_text(f"{page(lines, busy)}\n{_by_hand()}", encoding="utf-8")


def _by_hand() -> str:
    """The page's last part, which nothing here measures: it stays as it is."""
    _, heading, kept = PAGE.read_text(encoding="utf-8").partition(BY_HAND)
    return heading + kept if heading else ""


if __name__ == "__main__":
    main()
