"""`make bench-board`: the public board's size, speed and patience, in one run on this machine.

Writes docs/benchmarks/board.md. Nothing here judges a test: machines differ, and so do their quiet hours.
"""

import asyncio
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from statistics import median, quantiles
from threading import Event, Thread
from time import perf_counter

from playwright.sync_api import sync_playwright

from benchmarks.field import Person
from benchmarks.finishes import Finishes, named
from benchmarks.machine import hardware, versions
from benchmarks.measure import Line, as_time, as_times, ratios, spread, table, taken_s
from benchmarks.rebuild import filled
from benchmarks.viewers import Crowd, Listeners, Poller, rate
from results.board.board_projection import BoardProjection
from scanners.outbox.uplink import HttpUplink
from timing.feed import RaceFeed
from timing.folder import OpenRace

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks" / "board.md"
TOKEN = "0" * 64
ROUNDS = 9
CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
LATE = 24
SCANS_A_BATCH, BATCHES_A_SECOND = 20, 10
REQUESTS_A_SECOND = 2_000
LISTENERS = 5_000
QUIET_S = 15.0
LAST_S = 8_000
"""Later than everybody: the last to cross stand in the head."""


def published(size: int) -> Line:
    """One more finish in the log, then everything that viewers ask for first, compressed and all."""
    with filled(size) as (opened, people, _):
        named(opened, people)
        finishes = Finishes(people)
        opened.log.receive(finishes.camera.batch([finishes.camera.opened()]))
        follower = BoardProjection(opened, RaceFeed(opened, print), print)
        follower.refresh()
        taken: list[float] = []
        for _ in range(ROUNDS):
            opened.log.receive(finishes.camera.batch([finishes.next()[1]]))
            taken.append(taken_s(follower.refresh))
        ranking = as_time(taken_s(lambda: follower.snapshot.get("companies.html")))
        index = as_time(taken_s(lambda: follower.snapshot.get("index.json")))
    goal = {2_500: 0.030, 150_000: 2.0}[size]
    return Line(
        f"publish after one more finish, {size:,} runners: read, judged, put in order, head and front pages made and compressed",
        as_times(spread(taken)),
        f"when first asked for: firms' page {ranking}, search index {index}",
        "",
        f"at most {as_time(goal)}",
        median(taken) <= goal,
    )


@contextmanager
def served(opened: OpenRace) -> Iterator[int]:
    """The product's server as a process of its own."""
    opened.directory.enrol("finish-9", TOKEN)
    server = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.board_server", str(opened.root)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout
        yield int(server.stdout.readline())
    finally:
        server.terminate()
        server.wait()


def serving_rates(port: int) -> list[Line]:
    """The front page from memory beside a route that returns the same bytes."""
    board, route = list[float](), list[float]()
    for turn in range(5):
        for path, found in (("/", board), ("/route", route)) if turn % 2 else (("/route", route), ("/", board)):
            found.append(asyncio.run(rate(port, path, 2.0)))
    ratio = ratios(board[1:], route[1:])
    return [
        Line(
            "requests/s of the front page, brotli, one process, 32 connections; beside it a FastAPI route with the same bytes",
            spread(board[1:]).said(),
            spread(route[1:]).said(),
            f"{ratio.said()} x",
            "at least 4x",
            ratio.middle >= 4,
        )
    ]


@dataclass(slots=True)
class Intake:
    """One station that sends 200 scans a second in batches of 20, and how long each answer took."""

    uplink: HttpUplink
    finishes: Finishes
    stop: Event = field(default_factory=Event)
    taken: list[float] = field(default_factory=list)
    committed: dict[int, float] = field(default_factory=dict)

    def run(self, with_finishers: bool) -> None:
        """A batch every tenth of a second; every tenth batch brings one more finisher."""
        due, number = perf_counter(), 0
        while not self.stop.is_set():
            scans = [self.finishes.again(number * SCANS_A_BATCH + at) for at in range(SCANS_A_BATCH)]
            bib = 0
            if with_finishers and number % BATCHES_A_SECOND == 0 and len(self.committed) < LATE:
                bib, scans[-1] = self.finishes.next(LAST_S)
            self.taken.append(taken_s(partial(self.uplink.send, self.finishes.camera.batch(scans))))
            if bib:
                self.committed[bib] = perf_counter()
            number, due = number + 1, due + 1 / BATCHES_A_SECOND
            self.stop.wait(max(0.0, due - perf_counter()))


@contextmanager
def scanning(intake: Intake, with_finishers: bool = False) -> Iterator[None]:
    intake.stop.clear()
    thread = Thread(target=intake.run, args=(with_finishers,))
    thread.start()
    try:
        yield
    finally:
        intake.stop.set()
        thread.join()


def hammered(port: int, finishes: Finishes, people: Sequence[Person]) -> list[Line]:
    """How soon a finish is seen, and how long stations wait, with a crowd at the board."""
    intake = Intake(HttpUplink(f"http://127.0.0.1:{port}", TOKEN), finishes)
    intake.uplink.send(finishes.camera.batch([finishes.camera.opened()]))
    with scanning(intake):
        intake.stop.wait(QUIET_S)
    quiet, intake.taken = intake.taken[5:], []
    paths = ["/", "/head.json", "/en/", *(f"/r/{one.bib.bib}.html" for one in people[:3]), "/", "/head.json"]
    crowd, pollers = Crowd(port, paths, REQUESTS_A_SECOND), [Poller(port) for _ in range(20)]
    with scanning(intake, with_finishers=True):
        asyncio.run(_watch(crowd, pollers, intake))
    delays = [poller.seen[bib] - at for bib, at in intake.committed.items() for poller in pollers if bib in poller.seen]
    before, during = quantiles(quiet, n=100)[98], quantiles(intake.taken[5:], n=100)[98]
    return [
        Line(
            f"scan committed → on a polling browser's page, {crowd.asked / crowd.seconds:,.0f} requests/s on the board, "
            f"200 scans/s on the intake, {len(delays)} sights",
            f"median {median(delays):.2f} s, p95 {quantiles(delays, n=20)[18]:.2f} s",
            "",
            "",
            "median under 2 s, 2,000 requests/s",
            median(delays) < 2 and crowd.asked / crowd.seconds > 0.95 * REQUESTS_A_SECOND,
        ),
        Line(
            "the intake's p99 for a batch of 20 with that crowd; beside it without",
            f"{as_time(during)} (median {as_time(median(intake.taken))})",
            f"{as_time(before)} (median {as_time(median(quiet))})",
            f"{during / before:.2f} x",
            "under 1.5x",
            during < 1.5 * before,
        ),
    ]


async def _watch(crowd: Crowd, pollers: Sequence[Poller], intake: Intake) -> None:
    going = True

    async def until_all_are_in() -> None:
        nonlocal going
        while len(intake.committed) < LATE:
            await asyncio.sleep(0.2)
        await asyncio.sleep(4)
        crowd.leave()
        going = False

    polling = [one.poll(lambda: going, Random(at)) for at, one in enumerate(pollers)]
    await asyncio.gather(crowd.look(), until_all_are_in(), *polling)


async def _listened(port: int, finishes: Finishes, uplink: HttpUplink) -> tuple[list[float], list[float]]:
    listeners = Listeners(port, LISTENERS)
    await listeners.come()
    found = []
    for _ in range(5):
        found.append(await listeners.hear(lambda: uplink.send(finishes.camera.batch([finishes.next()[1]]))))
    listeners.go()
    return [first for first, _ in found], [rest for _, rest in found]


def live(port: int, finishes: Finishes) -> Line:
    """An update to many listeners of the event stream."""
    first, rest = asyncio.run(_listened(port, finishes, HttpUplink(f"http://127.0.0.1:{port}", TOKEN)))
    return Line(
        f"{LISTENERS:,} SSE listeners: one update from the first of them to the last; beside it scan sent → the first",
        as_times(spread(rest)),
        as_times(spread(first)),
        "",
        "under 0.5 s",
        median(rest) < 0.5,
    )


def first_page(port: int) -> list[Line]:
    """What a phone on a slow network waits for."""
    from urllib.request import Request, urlopen

    with urlopen(Request(f"http://127.0.0.1:{port}/", headers={"Accept-Encoding": "br"})) as answer:
        size = len(answer.read())
    paints = painted(f"http://127.0.0.1:{port}/")
    return [
        Line(
            "first page, 100 rows, brotli, with the style of all that it shows",
            f"{size:,} bytes",
            "",
            "",
            "at most 6,000",
            size <= 6_000,
        ),
        Line(
            "first contentful paint on a phone in Chromium: 400 kbit/s, 400 ms, CPU slowed 4x",
            as_times(spread(paints)),
            "",
            "",
            "under 1 s",
            median(paints) < 1,
        ),
    ]


def painted(address: str) -> list[float]:
    """Seconds to the first contentful paint, each time in a new browser context."""
    found = next(filter(None, map(shutil.which, CHROMIUMS)))
    flags = ["--disable-gpu", "--no-first-run", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    paints = list[float]()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=found, args=flags)
        for _ in range(ROUNDS):
            context = browser.new_context(viewport={"width": 390, "height": 844})
            page = context.new_page()
            cdp = context.new_cdp_session(page)
            cdp.send("Network.enable")
            slow = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
            cdp.send("Network.emulateNetworkConditions", slow)
            cdp.send("Emulation.setCPUThrottlingRate", {"rate": 4})
            page.goto(address)
            page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
            paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
            paints.append(paint / 1_000)
            context.close()
        browser.close()
    return paints


def measured() -> list[Line]:
    """Every row."""
    with filled(2_500) as (opened, people, _):
        named(opened, people)
        finishes = Finishes(people)
        with served(opened) as port:
            lines = [*first_page(port), *serving_rates(port)]
            lines += hammered(port, finishes, people)
            lines.append(live(port, finishes))
    return [*lines[:3], published(2_500), published(150_000), *lines[3:]]


def page(lines: Sequence[Line]) -> str:
    """The page, without host names and paths."""
    return "\n".join(
        [
            "# 전광판의 속도 / The board's speed",
            "",
            "`make bench-board`가 이 쪽을 씁니다. 부하를 만드는 쪽도 같은 기계에서 돕니다. 가운데값과 (가장 작은 값-가장 큰 값). /",
            "Written by `make bench-board`. The load comes from the same machine; a figure is the median of its rounds with",
            "(least-most), a ratio the median of the ratios round by round.",
            "",
            f"- {hardware()}",
            f"- Python {platform.python_version()}, {versions('uvicorn', 'fastapi', 'brotli', 'playwright')}",
            "",
            *table(lines),
            "",
            NOTES,
        ]
    )


NOTES = """\
## How to read it

- **The first page** holds the style of what it shows, and is painted without a second request. What its script adds (search, watch
  list) and what stands on other pages has its style in a second sheet, which comes after the list.
- **Publish** begins when the finish is committed and ends when the new version is shown: the fact read from SQLite, its runner
  judged again, everybody put in order with their places, every group ranking made, and `head.json` and both front pages made and
  compressed with gzip and brotli. Every other file of a version is made when somebody first asks for it, aside from the event
  loop, once however many ask. Names are read again only where some were written.
- **Requests** are answered by the same process over keep-alive connections; the route returns the very bytes, with ETag.
  Whoever asks does as little as it can, on the other core.
- **A polling browser** asks for the head as the board's script does (every 2 s, a quarter more or less, while people are on the
  course) and then fetches its page; a finish counts as seen when both have arrived.
- **The intake** is one station; each answer comes after a commit on the disk.

- **Listeners** wait until nothing has come for a second; the scan is then sent to the intake, and each notes when its version
  came. Before a version goes out, up to a second may pass since the last one: it is in the second figure.

Server and viewers share one machine: where other work runs on it too, rates and waits swing by three times between rounds.
Run it again on a quiet machine before believing a miss.
"""


def main() -> None:
    """Measure, print and write the page."""
    text = page(measured())
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
