"""The firm's page, the captain's link, consent and hidden results in a real browser, on a phone and on a desk."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from results.board.board_projection import following
from results.web.http_server import bind, serving
from server.board_side import board_app
from server.printer import codes_of
from tests.boards import Run, race_folder, wait_until
from tests.browsers import NARROW, PHONE, Visitor, bars_nobody, fits, visiting, width_of
from tests.clock_and_chance import ManualClock
from tests.e2e.test_board_in_browser import LONG_NAMES
from tests.terminal import marathon
from timing.folder import OpenRace
from timing.people.private_links import Holder, PrivateLinks
from timing.race.events import EntrantMoved, RulesSet
from timing.race.firms import FirmCard
from timing.race.instants import SECOND, Span
from timing.race.rules import GroupRule, Rules

FIELD = [
    Run(417, "0:10", "17:03", team="t0001", name="김하늘"),
    Run(41, "0:11", "17:30", team="t0001", sex="M", name="남궁보람"),
    Run(40, "0:11", "18:30", team="t0003", sex="M", name="Maximiliane Wolfeschlegelsteinhausenberger"),
    Run(42, "0:12", "17:40", company="c0002", team="t0003", sex="M", name="김하늘"),
    Run(77, "0:20", company="c0002", name="박솔"),
]
RULES = Rules(ranking=(GroupRule("2인 단체", "company", pick=2), GroupRule("팀 2인", "team", pick=2)))
PAGES = ["c/c0001.html", "en/c/c0001.html", "c/c0001/out.html", "en/c/c0001/out.html", "captain/{}", "en/captain/{}"]


@dataclass(frozen=True, slots=True)
class Place:
    """A race that is served, and the captain's token of the first firm."""

    at: str
    opened: OpenRace
    token: str

    def passes(self, seconds: int) -> None:
        """Time goes by; what stands beside the log is looked at again."""
        assert isinstance(self.opened.clock, ManualClock)
        self.opened.clock.tick(Span(seconds * SECOND))

    @property
    def captain(self) -> str:
        return f"{self.at}captain/{self.token}"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with race_folder(tmp_path / "race", FIELD) as opened:
        names = opened.directory.names()
        names.companies |= LONG_NAMES
        opened.directory.keep(names)
        opened.directory.keep_consents({"e00417": True, "e00040": True})
        opened.log.record([RulesSet(RULES, "desk", "")])
        blurb = "함께 달릴 동료를 찾습니다. " * 8
        card = FirmCard("c0001", link="https://한빛.kr/채용?" + "x" * 200, blurb=blurb.strip(), approved=True)
        opened.directory.keep_card(card.changed())
        token = PrivateLinks(opened.engine, opened.settings.id).give(Holder("captain", "c0001"))
        listening, troubles = bind("127.0.0.1", 0), list[str]()
        with (
            following(opened, troubles.append, draw=codes_of(opened)) as follower,
            serving(board_app(opened, follower), listening),
        ):
            yield Place(f"http://127.0.0.1:{listening.getsockname()[1]}/", opened, token)
        assert troubles == []


@pytest.mark.at_length
def test_every_page_fits_the_screen_and_bars_nobody(place: Place, browser: Browser) -> None:
    with visiting(browser, own_policy=False) as somebody:
        page = somebody.page
        for turn, path in enumerate(PAGES):
            somebody.goes(place.at + path.format(place.token))
            fits(page, NARROW)
            bars_nobody(page, NARROW, turn)
        page.get_by_role("button", name="See what changes").click()
        expect(page.locator("input[name=seen]")).to_have_count(1)
        fits(page, NARROW)
        bars_nobody(page, NARROW, 0)


def test_the_firm_s_link_leads_to_a_page_that_says_where_it_goes(place: Place, visitor: Visitor) -> None:
    page = visitor.goes(place.at + "c/c0001.html")
    expect(page.locator("figure.code svg")).to_be_visible()
    page.get_by_role("link", name="소속의 페이지 열기").click()
    page.wait_for_url("**/c/c0001/out.html")
    expect(page.locator(".host")).to_contain_text("한빛.kr")
    expect(page.locator(".host")).to_contain_text("xn--xx3br43b.kr")
    page.get_by_role("link", name="소속 페이지로 돌아가기").click()
    page.wait_for_url("**/c/c0001.html")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_captain_moves_somebody_and_waits_for_the_approval_of_a_link(
    place: Place, browser: Browser, javascript: bool
) -> None:
    with visiting(browser, javascript=javascript) as somebody:
        page = somebody.goes(place.captain)
        expect(page.get_by_role("cell", name="남궁보람")).to_be_visible()
        expect(page.get_by_text("박솔")).to_have_count(0)
        _moves(page, "417 김하늘", "달리는 사람들")
        expect(page.get_by_role("status").filter(has_text="옮겼습니다")).to_be_visible()
        page.get_by_label("소개").fill("새 소개입니다")
        page.get_by_role("button", name="저장하고 승인 기다리기").click()
        page.wait_for_url("**?done=card")
        expect(page.get_by_text("조직위의 승인을 기다리는 중")).to_be_visible()
    moved = [fact.event for fact in place.opened.log.read() if isinstance(fact.event, EntrantMoved)]
    assert [(fact.entrant, fact.team, fact.by) for fact in moved] == [("e00417", "t0003", "captain c0001")]
    assert not place.opened.directory.cards()["c0001"].approved


def _moves(page: Page, who: str, team: str) -> None:
    option = page.locator("#entrant option").filter(has_text=who).first.get_attribute("value")
    page.get_by_label("누구를").select_option(option)
    page.get_by_label("어느 팀으로").select_option(label=team)
    page.get_by_role("button", name="무엇이 바뀌는지 보기").click()
    expect(page.get_by_role("table")).to_contain_text("팀 2인")
    page.get_by_role("button", name="기록하기").click()
    page.wait_for_url("**?done=team")


def test_who_agreed_is_found_by_the_full_name(place: Place, visitor: Visitor) -> None:
    visitor.goes(place.at)
    for typed in ("김하늘", "maximiliane", "하늘", "wolfe", "ㄱㅎㄴ"):
        agreed = r"417\s*김하늘" if typed[0] in "김하ㄱ" else r"40\s*Maximiliane"
        visitor.page.get_by_role("searchbox").fill(typed)
        expect(visitor.page.locator("#hits li").filter(has_text=re.compile(agreed))).to_have_count(1)
        if typed in ("김하늘", "ㄱㅎㄴ"):  # who did not agree is found masked
            expect(visitor.page.locator("#hits li").filter(has_text=re.compile(r"42\s*김\*늘"))).to_have_count(1)


def test_consent_taken_back_is_masked_again_without_any_finish(place: Place, visitor: Visitor) -> None:
    page = visitor.goes(place.at + "c/c0001.html")
    expect(page.get_by_role("cell", name="김하늘")).to_be_visible()
    assert marathon("people", "consent", "417", "--withdraw", "--race", place.opened.root) == 0

    def masked() -> bool:
        place.passes(10)
        page.reload()
        return page.get_by_text("김*늘").count() == 1 and page.get_by_text("김하늘").count() == 0

    wait_until(masked)


def test_hidden_results_leave_an_open_page_by_themselves(place: Place, visitor: Visitor) -> None:
    page = visitor.goes(place.at)
    expect(page.get_by_role("row").filter(has_text="김하늘")).to_be_visible()
    assert marathon("edition", "hide", "--why", "시상식까지", "--race", place.opened.root) == 0
    expect(page.get_by_text("결과는 나중에 보여 드립니다")).to_be_visible()
    expect(page.get_by_role("table")).to_have_count(0)
    expect(page.locator(".counts dd").last).to_have_text("4")
    assert visitor.searches("417") == ["417 김하늘 ㈜한빛소프트웨어테크놀로지앤드인터내셔널파트너스코리아"]
    assert marathon("edition", "reveal", "--race", place.opened.root) == 0
    expect(page.get_by_role("row").filter(has_text="김하늘").first).to_be_visible()


def test_a_phone_s_size_is_the_one_people_have(place: Place, browser: Browser) -> None:
    with visiting(browser, PHONE) as somebody:
        assert width_of(somebody.goes(place.captain)) <= PHONE[0]
