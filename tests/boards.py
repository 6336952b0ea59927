"""Short words for races that are over: who ran when, and the standings, rankings, pages and boards that follow."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from threading import Event as Pause
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import httpx2
from msgspec.structs import replace
from starlette.types import ASGIApp

from results.board.board_projection import BoardProjection
from results.board.publishing import Published, Publisher
from results.board.snapshot import Snapshot
from results.ranking.rankings import Ranking, rankings
from results.ranking.standings import Standings, standings
from results.view.view import View
from tests.builders import FIRMS, GUN, Station, entrant_id, gun, log_of, opened, race, runner, scan
from tests.clock_and_chance import ManualClock, seeded_bits
from timing.feed import RaceFeed
from timing.folder import OpenRace, create_race
from timing.language import Text, english_beside
from timing.race.events import Event
from timing.race.fold import Race, fold
from timing.race.instants import SECOND
from timing.race.known_names import Names
from timing.race.rules import GroupRule, Rules
from timing.race.teams import Team

SEOUL: Final = ZoneInfo("Asia/Seoul")
OWN: Final = {"t0001": Team("개발팀", "c0001"), "t0002": Team("개발팀", "c0002"), "t0003": Team("달리는 사람들")}
TEAMS: Final = {"t0001": "가산정밀 개발팀", "t0002": "구로소프트 개발팀", "t0003": "달리는 사람들"}
RACE_NAME: Final = "제20회 G밸리 스마트 마라톤"
PATIENCE_S: Final = 60  # how long a busy machine may take until a condition must hold


@dataclass(frozen=True, slots=True)
class Run:
    """One runner's day: when the cameras saw them, in race times from the gun; None where they did not."""

    bib: int
    start: str | None = None
    finish: str | None = None
    company: str = "c0001"
    team: str = ""
    sex: str = "F"
    category: str = "30대"
    name: str = ""


def said(span: int) -> str:
    """A span as a race time, to the microsecond."""
    return f"{'-' if span < 0 else ''}{abs(span) // SECOND}.{abs(span) % SECOND:06}"


def net(bib: int, seconds: float, **about: str) -> Run:
    """Somebody who crossed the start ten seconds after the gun and ran for so long."""
    return Run(bib, "10", said(round((seconds + 10) * SECOND)), **about)


def desk_facts(runs: Sequence[Run]) -> list[Event]:
    """The entries, bibs and the gun."""
    entries = (runner(run.bib, run.company, run.team, run.sex, run.category) for run in runs)
    return race(*(fact for facts in entries for fact in facts), gun())


def stations(runs: Sequence[Run]) -> tuple[Station, Station]:
    """The start's and the finish's camera, with everything they saw."""
    start = Station("start-1", "start").says(*(scan(run.bib, run.start) for run in runs if run.start))
    finish = Station("finish-1").says(*(scan(run.bib, run.finish) for run in runs if run.finish))
    return start, finish


def race_of(runs: Sequence[Run], *more: Event) -> Race:
    return fold(log_of([opened(), *desk_facts(runs), *more], *stations(runs)).read())


def standings_of(runs: Sequence[Run], rules: Rules | None = None) -> Standings:
    return standings(race_of(runs), rules or Rules())


def names_of(runs: Sequence[Run]) -> Names:
    return Names({entrant_id(run.bib): run.name for run in runs if run.name}, dict(FIRMS), dict(TEAMS), own=dict(OWN))


def ranking_of(runs: Sequence[Run], rule: GroupRule, rules: Rules | None = None) -> Ranking:
    """The only list of a rule that does not divide."""
    (ranking,) = rankings_of(runs, rule, rules)
    return ranking


def rankings_of(runs: Sequence[Run], rule: GroupRule, rules: Rules | None = None) -> list[Ranking]:
    chosen = rules or Rules()
    return rankings(standings_of(runs, replace(chosen, ranking=(rule,))), names_of(runs))


def view_of_runs(runs: Sequence[Run], rules: Rules | None = None, names: Names | None = None) -> View:
    """What the board shows of this race."""
    folded, named = race_of(runs), names or names_of(runs)
    ranked = standings(folded, rules or Rules())
    return View(
        folded.facts,
        {"ko": RACE_NAME, "en": "G Valley Smart Marathon"},
        folded.course_m,
        ranked,
        named,
        SEOUL,
    )


def race_folder(root: Path, runs: Sequence[Run]) -> OpenRace:
    """A real race folder in which these runs were entered, shot off and seen."""
    made = create_race(root, RACE_NAME, "G Valley Smart Marathon", "GV.TEST", 4_500, ManualClock(GUN), seeded_bits(7))
    made.directory.keep(names_of(runs))
    made.log.record(desk_facts(runs))
    for station in stations(runs):
        made.log.receive(station.batch())
    return made


def text(board: Snapshot, path: str) -> str:
    """A file of the board, which must be there."""
    asset = board.get(path)
    assert asset, path
    return asset.plain.decode()


def written(board: Snapshot, folder: Path) -> Published:
    """The board's files in a folder, as `marathon board publish` leaves them."""
    return Publisher(folder, ManualClock(GUN)).publish(board, whole=True)


def followed(opened: OpenRace, complain: Callable[[str], object], **how: Any) -> BoardProjection:
    """A board that moves on when it is told to `refresh`, and not by itself; its first version is made."""
    follower = BoardProjection(opened, RaceFeed(opened, complain), complain, **how)
    follower.refresh()
    return follower


def late_finish(made: OpenRace, bib: int, at: str, camera: str = "finish-2") -> None:
    """One more camera comes in with one more finisher."""
    made.log.receive(Station(camera).says(scan(bib, at)).batch())


def wait_until(holds: Callable[[], bool], within_s: float = PATIENCE_S) -> None:
    """Look again and again until a condition holds."""
    deadline, pause = time.monotonic() + within_s, Pause()
    while not holds():
        assert time.monotonic() < deadline, "the condition never came true"
        pause.wait(0.02)


def ask(app: ASGIApp, path: str, method: str = "GET", **headers: str) -> httpx2.Response:
    """One request to an app, by word of mouth instead of a network; `accept_encoding="br"` sends that header."""

    async def asked() -> httpx2.Response:
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://board.test") as client:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            return await client.request(method, path, headers=sent)

    return asyncio.run(asked())


class Tag(NamedTuple):
    """A start tag with its attributes."""

    name: str
    attributes: dict[str, str | None]


class Page(HTMLParser):
    """A page as a browser would take it apart: its tags, its words, and where it leads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[Tag] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(Tag(tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.words.append(data.strip())

    @property
    def links(self) -> list[str]:
        """Every address on the page, of links, styles and scripts."""
        found = (tag.attributes.get(name) for tag in self.tags for name in ("href", "src"))
        return [address for address in found if address]

    @property
    def language(self) -> str | None:
        return next(tag.attributes.get("lang") for tag in self.tags if tag.name == "html")

    def all(self, tag_name: str, **attributes: str) -> list[Tag]:
        return [tag for tag in self.tags if tag.name == tag_name and attributes.items() <= tag.attributes.items()]


def in_both(text: Text) -> tuple[str, str]:
    """A text in Korean and the English beside it."""
    return text.to("ko"), english_beside(text)
