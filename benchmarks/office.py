"""`make bench-office`: how quickly the race office answers, and whether ten officials at once lose or double a ruling.

Everything in one run with the board's crowd of 2,000 requests a second and 200 scans a second, the server as on race day: intake,
board and office in processes of their own. Writes docs/benchmarks/office.md. Nothing here judges a test.
"""

import asyncio
import platform
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from random import Random
from statistics import median, quantiles
from threading import Event, Thread
from time import perf_counter
from typing import NamedTuple

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
EVERY_S = 5.0
"""From one ruling of an official to the next, a chance half less or more: quicker than the quickest task of the counter takes by hand."""
SPELL_S = 30.0
SEARCHES = ("김하늘", "ㄱㅎㄴ", "1,2", "17", "테크", "이서준", "ㅂㅁ", "박", "2044", "다솔")


def links(race: OpenRace, server: Server, how_many: int) -> list[str]:
    """One-time links of so many officials, at an office that is open."""
    seats, at = OfficeSeats(race.engine, race.settings.id), f"http://127.0.0.1:{server.office}"
    with httpx2.Client(base_url=at, timeout=120) as client:
        until(lambda: _status(client, "/office/") == 401)
    officials = [Official(f"official-{number}", "director") for number in range(how_many)]
    return [f"{at}/office/enter/{seats.give(one, race.clock.now())}" for one in officials]


def session(link: str) -> httpx2.Client:
    """An official's browser, let in by a one-time link."""
    at, path = link.split("/office/")
    client = httpx2.Client(base_url=at, timeout=120)
    entered = client.post(f"/office/{path}")
    assert entered.status_code == 303, entered.text
    return client


def _status(client: httpx2.Client, path: str) -> int:
    with suppress(httpx2.TransportError):
        return client.get(path).status_code
    return 0


@dataclass(slots=True)
class Writer:
    """An official who rules somebody out every few seconds; each form is sent twice, as by an impatient finger."""

    client: httpx2.Client
    people: Iterator[str]
    recorded: list[str] = field(default_factory=list)
    previews_s: list[float] = field(default_factory=list)
    again: int = 0

    def write(self, stop: Event, chance: Random) -> None:
        """Until told to stop; whatever has been begun is ended."""
        while not stop.wait(EVERY_S * chance.uniform(0.5, 1.5)):
            self._rule(next(self.people))

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
            doors, queue = links(race, server, OFFICIALS + 1), [one.entered.entrant for one in finishes.done]
            with watched(server, people), scanning(intake):
                Event().wait(SPELL_S)
                alone, intake.taken = intake.taken[5:], []
                done = _apart(doors, queue)
                beside = intake.taken
        stored = Counter(
            fact.entrant for one in race.log.read() if isinstance(fact := one.event, StatusRuled)
        )  # what the log holds
    said = Counter(done.recorded)
    lost, doubled = (said - stored).total(), (stored - said).total()
    before, during = quantiles(alone, n=100)[98], quantiles(beside, n=100)[98]
    return [
        _answers("search among 2,500", done.searches_s, 0.050),
        _answers("preview of a ruling among 2,500, ten officials at once", done.previews_s, 0.100),
        Line(
            f"{OFFICIALS} officials, a ruling every {EVERY_S:.0f} s each, every form sent twice",
            f"{said.total()} recorded, {lost} lost, {doubled} doubled; {done.again} shown anew since another was quicker",
            "", "", "0 lost, 0 doubled", said.total() > 0 and not lost and not doubled,
        ),
        Line(
            "the intake's p99 for a batch of 20 with the crowd and those ten; beside it with the crowd alone",
            f"{as_time(during)} (median {as_time(median(beside))})",
            f"{as_time(before)} (median {as_time(median(alone))})",
            f"{during / before:.2f} x", "under 1.5x", during < 1.5 * before,
        ),
    ]  # fmt: skip


class OfficeWork(NamedTuple):
    """What officials did in a spell, and how long they waited for each answer, in seconds."""

    searches_s: list[float]
    previews_s: list[float]
    recorded: list[str]
    again: int


def office_work(doors: Sequence[str], people: Sequence[str]) -> OfficeWork:
    """The first of the officials searches, each other one rules about these people, all at once for a spell."""
    reader, *others = map(session, doors)
    stop, queue = Event(), iter(people)
    writers = [Writer(one, queue) for one in others]
    threads = [Thread(target=one.write, args=(stop, Random(at))) for at, one in enumerate(writers)]
    for thread in threads:
        thread.start()
    with ThreadPoolExecutor(1) as beside:
        searching = beside.submit(searched, reader, stop)
        stop.wait(SPELL_S)
        stop.set()
    for thread in threads:
        thread.join()
    return OfficeWork(
        searching.result(),
        [taken for one in writers for taken in one.previews_s],
        [entrant for one in writers for entrant in one.recorded],
        sum(one.again for one in writers),
    )


def _apart(doors: Sequence[str], people: Sequence[str] = ()) -> OfficeWork:
    """The same in a process of its own: whoever measures the intake shares no interpreter with eleven browsers."""
    with ProcessPoolExecutor(1, get_context("spawn")) as apart:
        return apart.submit(office_work, doors, people).result()


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
            doors = links(race, server, 1)
            with watched(server, people), scanning(intake):
                searches = _apart(doors).searches_s
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
