"""Hostile names in a real browser: no script runs, no dialog opens, no page is wider than the screen, even without our policy."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Dialog, expect

from results.board.board_projection import following
from results.web.http_server import bind, serving
from server.board_side import board_app
from server.printer import codes_of
from tests.boards import Run, race_folder
from tests.browsers import DESK, NARROW, PHONE, visiting, width_of, width_on
from tests.builders import entrant_id
from tests.faults.soak import SOAK
from tests.hostile_names import HOSTILE_NAMES
from timing.people.private_links import Holder, PrivateLinks
from timing.race.events import RulesSet
from timing.race.firms import FirmCard
from timing.race.known_names import Names
from timing.race.rules import GroupRule, Rules

FIRMS = {f"c{number:04}": name for number, name in enumerate(HOSTILE_NAMES.values(), 1)}
RUNS = [
    Run(100 + number, "0:10", f"17:{number:02}", company=f"c{number:04}", team=f"t{number:04}", name=name)
    for number, name in enumerate(HOSTILE_NAMES.values(), 1)
]
RULES = Rules(ranking=(GroupRule("단체", "company", pick=1), GroupRule("팀", "team", pick=1)))
PATHS = ["", "companies.html", "teams.html", "participation.html", "print.html"]
PATHS += [f"c/{firm}/out.html" for firm in list(FIRMS)[:2]]
OF_A_FIRM = ["en/c/{firm}.html", "r/{bib}.html", "captain/{token}"]
"""`make test` looks at one of these of each, `make soak` at all; `tests/results/test_hostile_names.py` holds each page's text."""


@dataclass(frozen=True, slots=True)
class Place:
    """A served race in which everything is called something terrible."""

    at: str
    tokens: dict[str, str]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with race_folder(tmp_path_factory.mktemp("hostile") / "race", [Run(run.bib, run.start, run.finish, run.company, run.team) for run in RUNS]) as opened:  # fmt: skip
        teams = {f"t{number:04}": name for number, name in enumerate(HOSTILE_NAMES.values(), 1)}
        opened.directory.keep(Names({entrant_id(run.bib): run.name for run in RUNS}, FIRMS, teams))
        opened.directory.keep_consents({entrant_id(run.bib): True for run in RUNS})
        opened.log.record([RulesSet(RULES, "desk", "")])
        for firm, name in FIRMS.items():
            words = name.encode("utf-8", "replace").decode().replace("\0", "")
            opened.directory.keep_card(FirmCard(firm, link="https://한빛.kr/채용", blurb=words[:250], approved=True))
        links = PrivateLinks(opened.engine, opened.settings.id)
        tokens = {firm: links.give(Holder("captain", firm)) for firm in FIRMS}
        listening, troubles = bind("127.0.0.1", 0), list[str]()
        with (
            following(opened, troubles.append, draw=codes_of(opened)) as follower,
            serving(board_app(opened, follower), listening),
        ):
            yield Place(f"http://127.0.0.1:{listening.getsockname()[1]}/", tokens)
        assert troubles == []


def own_pages(place: Place) -> Iterator[str]:
    for turn, run in enumerate(RUNS):
        for page in OF_A_FIRM if SOAK else [OF_A_FIRM[turn % len(OF_A_FIRM)]]:
            yield page.format(firm=run.company, bib=run.bib, token=place.tokens[run.company])


@pytest.mark.at_length
def test_no_script_runs_and_no_page_is_wider_than_the_screen(place: Place, browser: Browser) -> None:
    dialogs: list[str] = []

    def opened(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    with visiting(browser, own_policy=False) as somebody:  # the escaping must hold by itself
        somebody.page.on("dialog", opened)
        for path in PATHS + list(own_pages(place)):
            page = somebody.goes(place.at + path)
            for screen in (NARROW, DESK):
                assert width_on(page, screen) <= screen[0], path
            assert page.title() != "hostile" and page.locator("img").count() == 0, path
            assert page.evaluate("[...document.querySelectorAll('*')].every(one => ![...one.attributes].some(a => a.name.startsWith('on')))")  # fmt: skip
    assert dialogs == []


def test_searching_for_them_runs_nothing_either(place: Place, browser: Browser) -> None:
    with visiting(browser, PHONE, own_policy=False) as somebody:
        page = somebody.goes(place.at)
        for typed in ("script", "hyperlink", "javascript", "가산", "wwww", "101"):
            page.get_by_role("searchbox").fill("nobody is called that")
            expect(page.locator("#hits li")).to_have_count(0)
            page.get_by_role("searchbox").fill(typed)
            expect(page.locator("#hits li").first).to_be_visible()
            assert width_of(page) <= PHONE[0], typed
            assert page.locator("#hits script, #hits img, #hits svg").count() == 0, typed
