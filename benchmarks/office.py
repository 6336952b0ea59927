"""`make bench-office`: how quickly the race office answers, and whether ten officials at once lose or double a ruling.

Everything in one run with the board's crowd of 2,000 requests a second and 200 scans a second, the server as on race day: intake,
board and office in processes of their own. Writes docs/benchmarks/office.md. Nothing here judges a test.
"""

import asyncio
import platform
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import median, quantiles
from threading import Event, Thread
from time import perf_counter

import httpx2

from benchmarks.board import REQUESTS_A_SECOND, TOKEN, Intake, scanning
from benchmarks.field import Person
from benchmarks.finishes import Finishes, named
from benchmarks.load import Server, answers, running, until
from benchmarks.machine import hardware, versions
from benchmarks.measure import Line, as_time, table, taken_s
from benchmarks.rebuild import filled
from benchmarks.viewers import Crowd
from scanners.outbox.uplink import HttpUplink
from timing.errors import Unreachable
from timing.folder import OpenRace
from timing.people.office_seats import OfficeSeats, Official
from timing.race.chain import Batch
from timing.race.events import StatusRuled

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks" / "office.md"
OFFICIALS = 10
EVERY_S = 2.0
"""From one ruling of an official to the next."""
SPELL_S = 30.0
SEARCHES = ("김하늘", "ㄱㅎㄴ", "1,2", "17", "테크", "이서준", "ㅂㅁ", "박", "2044", "다솔")


def session(race: OpenRace, server: Server, name: str) -> httpx2.Client:
    """An official's browser, let in by a one-time link."""
    secret = OfficeSeats(race.engine, race.settings.id).give(Official(name, "director"), race.clock.now())
    client = httpx2.Client(base_url=f"http://127.0.0.1:{server.office}", timeout=120)
    until(lambda: _status(client, "/office/") == 401)
    entered = client.post(f"/office/enter/{secret}")
    assert entered.status_code == 303, entered.text
    return client


def _status(client: httpx2.Client, path: str) -> int:
    with suppress(httpx2.TransportError):
        return client.get(path).status_code
    return 0


@dataclass(slots=True)
class Writer:
    """An official who rules somebody out every two seconds; each form is sent twice, as by an impatient finger."""

    client: httpx2.Client
    people: Iterator[Person]
    recorded: list[str] = field(default_factory=list)
    previews_s: list[float] = field(default_factory=list)
    again: int = 0

    def write(self, stop: Event, after_s: float) -> None:
        """From so many seconds on until told to stop; whatever has been begun is ended."""
        due = perf_counter() + after_s
        while not stop.wait(max(0.0, due - perf_counter())):
            self._rule(next(self.people).entered.entrant)
            due = max(due + EVERY_S, perf_counter())

    def _rule(self, entrant: str) -> None:
        form = {"form": "status", "status": "dnf", "why": "benchmark"}
        begun = perf_counter()
        answer = self.client.post(f"/office/people/{entrant}", data=form)
        self.previews_s.append(perf_counter() - begun)
        while True:
            assert answer.status_code in (200, 409), (answer.status_code, answer.text)
            hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', answer.text))
            answer = self.client.post(f"/office/people/{entrant}", data=hidden)
            if answer.status_code == 303:
                break
            self.again += 1
        self.recorded.append(entrant)
        assert self.client.post(f"/office/people/{entrant}", data=hidden).status_code != 500


def crowd_process(port: int, paths: Sequence[str], stop: "Event") -> None:
    """The board's crowd, in a process of its own lest it share an interpreter with those who measure."""
    crowd = Crowd(port, paths, REQUESTS_A_SECOND)

    async def look() -> None:
        looking = asyncio.create_task(crowd.look())
        while not stop.is_set():
            await asyncio.sleep(0.2)
        crowd.leave()
        await looking
        print(f"{crowd.asked / crowd.seconds:,.0f} requests/s", flush=True)

    asyncio.run(look())


@contextmanager
def watched(server: Server, people: Sequence[Person]) -> Iterator[None]:
    """2,000 requests a second at the board, until the block ends."""
    paths = ["/", "/head.json", "/en/", *(f"/r/{one.bib.bib}.html" for one in people[:3]), "/", "/head.json"]
    spawned = get_context("spawn")
    stop = spawned.Event()
    process = spawned.Process(target=crowd_process, args=(server.port, paths, stop))
    process.start()
    try:
        yield
    finally:
        stop.set()
        process.join()
        assert process.exitcode == 0, "the crowd failed"


def searched(client: httpx2.Client, stop: Event) -> list[float]:
    """How long each search took, one after another with half a second between."""
    taken = list[float]()
    while not stop.wait(0.5):
        query = {"q": SEARCHES[len(taken) % len(SEARCHES)]}
        taken.append(taken_s(partial(client.get, "/office/people", params=query)))
    return taken


def taken_in(intake: Intake, batch: Batch) -> bool:
    """Whether the intake takes a batch; of a large race it is away for a while at first. Sent twice it counts once."""
    try:
        intake.uplink.send(batch)
    except Unreachable:
        return False
    return True


def measured() -> list[Line]:
    """Every row."""
    return [*_by_ten(), _large()]


def _by_ten() -> list[Line]:
    with filled(2_500) as (race, people, _):
        named(race, people)
        race.directory.enrol("finish-9", TOKEN)
        finishes = Finishes(people)
        with running(race, race.root, apart=True, office_apart=True) as server:
            until(answers(server.intake, "/v1/roster"))
            until(answers(server.port, "/head.json"))
            intake = Intake(HttpUplink(f"http://127.0.0.1:{server.intake}", TOKEN), finishes)
            until(partial(taken_in, intake, finishes.camera.batch([finishes.camera.opened()])))
            officials = [session(race, server, f"official-{at}") for at in range(OFFICIALS + 1)]
            queue = iter(finishes.done)
            writers = [Writer(one, queue) for one in officials[1:]]
            with watched(server, people), scanning(intake):
                Event().wait(SPELL_S)
                alone, intake.taken = intake.taken[5:], []
                searches = _all_at_once(writers, officials[0])
                beside = intake.taken
        stored = Counter(
            fact.entrant for one in race.log.read() if isinstance(fact := one.event, StatusRuled)
        )  # what the log holds
    said = Counter(entrant for one in writers for entrant in one.recorded)
    lost, doubled = (said - stored).total(), (stored - said).total()
    previews = [taken for one in writers for taken in one.previews_s]
    before, during = quantiles(alone, n=100)[98], quantiles(beside, n=100)[98]
    return [
        _answers("search among 2,500", searches, 0.050),
        _answers("preview of a ruling among 2,500, ten officials at once", previews, 0.100),
        Line(
            f"{OFFICIALS} officials, a ruling every {EVERY_S:.0f} s each, every form sent twice",
            f"{said.total()} recorded, {lost} lost, {doubled} doubled; {sum(one.again for one in writers)} shown anew since another was quicker",
            "", "", "0 lost, 0 doubled", said.total() > 0 and not lost and not doubled,
        ),
        Line(
            "the intake's p99 for a batch of 20 with the crowd and those ten; beside it with the crowd alone",
            f"{as_time(during)} (median {as_time(median(beside))})",
            f"{as_time(before)} (median {as_time(median(alone))})",
            f"{during / before:.2f} x", "under 1.5x", during < 1.5 * before,
        ),
    ]  # fmt: skip


def _all_at_once(writers: Sequence[Writer], reader: httpx2.Client) -> list[float]:
    """All of them for a spell; how long the reader's searches took meanwhile."""
    stop = Event()
    threads = [Thread(target=one.write, args=(stop, at * EVERY_S / OFFICIALS)) for at, one in enumerate(writers)]
    for thread in threads:
        thread.start()
    with ThreadPoolExecutor(1) as beside:
        searching = beside.submit(searched, reader, stop)
        stop.wait(SPELL_S)
        stop.set()
    for thread in threads:
        thread.join()
    return searching.result()


def _large() -> Line:
    with filled(150_000) as (race, people, _):
        named(race, people)
        race.directory.enrol("finish-9", TOKEN)
        finishes = Finishes(people)
        with running(race, race.root, apart=True, office_apart=True) as server:
            until(answers(server.intake, "/v1/roster"))
            until(answers(server.port, "/head.json"))
            intake = Intake(HttpUplink(f"http://127.0.0.1:{server.intake}", TOKEN), finishes)
            until(partial(taken_in, intake, finishes.camera.batch([finishes.camera.opened()])))
            reader = session(race, server, "reader")
            with watched(server, people), scanning(intake):
                searches = _all_at_once([], reader)
    return _answers("search among 150,000", searches, 0.200)


def _answers(what: str, taken: Sequence[float], goal: float) -> Line:
    return Line(
        f"{what}: from the request to the whole page, {len(taken)} of them",
        f"median {as_time(median(taken))}, p95 {as_time(quantiles(taken, n=20)[18])}",
        "", "", f"median under {as_time(goal)}", median(taken) < goal,
    )  # fmt: skip


def page(lines: Sequence[Line]) -> str:
    """The page, without host names and paths."""
    return "\n".join(
        [
            "# 본부의 속도 / The race office's speed",
            "",
            "`make bench-office`가 이 쪽을 씁니다. 부하를 만드는 쪽도 같은 기계에서 돕니다. /",
            "Written by `make bench-office`. The load comes from the same machine: 2,000 requests a second at the board and 200",
            "scans a second at the intake throughout; board, intake and office in processes of their own.",
            "",
            f"- {hardware()}",
            f"- Python {platform.python_version()}, {versions('uvicorn', 'fastapi', 'httpx2')}",
            "",
            *table(lines),
            "",
        ]
    )


def main() -> None:
    """Measure, print and write the page."""
    text = page(measured())
    PAGE.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
