"""The board in a real browser, on a phone and on a desk: readable, searchable, live, and still complete without JavaScript."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx2
import pytest
from playwright.sync_api import Browser, expect

from results.board.board_projection import following
from results.web.http_server import bind, serving
from server.board_side import board_app
from tests.boards import Run, late_finish, race_folder, wait_until
from tests.browsers import DESK, PHONE, Scheme, Visitor, barriers, bars_nobody, fits, visiting
from tests.faults.soak import SOAK
from tests.spectators import drawing, plugged, promoted
from tests.terminal import marathon
from timing.folder import OpenRace
from timing.people.inbox import Inbox

PAGES: Final = [
    "",
    "sex/1.html",
    "category/1.html",
    "companies.html",
    "teams.html",
    "rankings/1.html",
    "participation.html",
    "c/c0001.html",
    "c/c0003.html",
    "r/44.html",
    "plots.html",
    "print.html",
    "certificate/44",
    "missing.html",
    "missing-sent.html",
    "qrpr.html",
    "vote.html",
]
LONG_NAMES: Final = {
    "c0001": "㈜한빛소프트웨어테크놀로지앤드인터내셔널파트너스코리아",
    "c0002": "<script>alert('가람')</script> 전자",
    "c0003": "DaonRoboticsInternationalKoreaHoldingsIncorporatedWorldwide",
}
FIELD: Final = [
    Run(417, "0:10", "17:03", company="c0001", team="t0001", sex="F", name="김하늘"),
    Run(41, "0:11", "17:30", company="c0001", team="t0001", sex="M", category="40대", name="남궁보람"),
    Run(42, "0:12", "17:40.1", company="c0002", team="t0003", sex="M", name="이가온"),
    Run(43, "0:12", "17:40.2", company="c0002", team="t0003", sex="M", name="Jane Doe"),
    Run(44, None, "59:59", company="c0003", sex="M", category="아주 긴 부문 이름 60대 이상", name="최슬기"),
    Run(77, "0:20", company="c0002", sex="F", name="박솔"),
    Run(78, "0:21", company="c0003", sex="F", name="한결이"),
    Run(79, "0:22", company="c0003", sex="F", name="오솔길"),
]

ASKED_WITHIN_MS: Final = 20_000
"""Within this time an open page asks for news, even when nobody is on the course."""


@dataclass(frozen=True, slots=True)
class Site:
    """A board that is served, and the race behind it."""

    at: str
    opened: OpenRace


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with race_folder(tmp_path_factory.mktemp("board") / "race", FIELD) as opened:
        names = opened.directory.names()
        names.companies |= LONG_NAMES
        opened.directory.keep(names)
        promoted(opened)
        listening = bind("127.0.0.1", 0)
        troubles: list[str] = []
        with (
            following(opened, troubles.append, draw=drawing, plugs=plugged(opened)) as follower,
            serving(board_app(opened, follower), listening),
        ):
            yield Site(f"http://127.0.0.1:{listening.getsockname()[1]}/", opened)
        assert troubles == []


@pytest.mark.at_length
@pytest.mark.parametrize("language", ["", "en/"], ids=["ko", "en"])
def test_every_page_fits_the_screen_and_bars_nobody(site: Site, browser: Browser, language: str) -> None:
    with visiting(browser, own_policy=False) as somebody:  # the checker is a script that our policy forbids
        for turn, path in enumerate(PAGES):
            page = somebody.goes(site.at + language + path)
            expect(page.get_by_role("searchbox")).to_be_visible()
            fits(page, PHONE)
            if SOAK or turn % 2 == bool(language):
                bars_nobody(page, PHONE, turn)
        assert len(somebody.searches("daonr")) == 4
        fits(somebody.page, PHONE)


def test_the_checker_of_barriers_sees_one(site: Site, browser: Browser) -> None:
    with visiting(browser, own_policy=False) as somebody:
        page = somebody.goes(site.at)
        page.evaluate("document.querySelector('td.firm a').replaceChildren()")
        assert [one for one in barriers(page) if one.startswith("link-name")]


def luminance(colour: str) -> float:
    """How bright a CSS colour `rgb(r, g, b)` is, as WCAG 2 reckons it."""
    parts = [int(part) / 255 for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_words_stand_out_from_the_paper(site: Site, browser: Browser, scheme: Scheme) -> None:
    with visiting(browser, scheme=scheme) as somebody:
        page = somebody.goes(site.at)
        colour_of = "(element, what) => getComputedStyle(element)[what]"
        paper = luminance(page.locator("body").evaluate(colour_of, "backgroundColor"))
        assert (paper < 0.1) == (scheme == "dark")
        for words in ("td.p", "td.firm a", "th", ".state", ".title p:last-child", "nav a[aria-current]", ".language"):
            ink = luminance(page.locator(words).first.evaluate(colour_of, "color"))
            assert (max(ink, paper) + 0.05) / (min(ink, paper) + 0.05) >= 4.5, words


def test_a_phone_leaves_out_columns_that_a_desk_shows(site: Site, browser: Browser) -> None:
    for screen, shown in ((PHONE, False), (DESK, True)):
        with visiting(browser, screen) as somebody:
            heading = somebody.goes(site.at).get_by_role("columnheader", name="건타임")
            expect(heading).to_be_visible(visible=shown)


def test_a_finish_appears_on_an_open_page_by_itself(site: Site, visitor: Visitor) -> None:
    page = visitor.goes(site.at)
    expect(page.get_by_text("박*")).to_have_count(0)
    finished = page.locator(".counts div").last.locator("dd")
    before = int(finished.inner_text())
    assert visitor.searches("77") == ["77 박* <script>alert('가람')</script> 전자"]
    late_finish(site.opened, 77, "21:00")
    expect(page.get_by_role("row").filter(has_text="박*")).to_be_visible()
    expect(finished).to_have_text(str(before + 1))
    assert visitor.searches("77") == ["77 박* <script>alert('가람')</script> 전자 20:40"]
    assert visitor.loads == 1  # the page itself was never loaded again


def test_an_edition_shows_on_an_open_page_though_no_result_changes(tmp_path: Path, browser: Browser) -> None:
    with race_folder(tmp_path / "race", FIELD[:3]) as opened:
        listening = bind("127.0.0.1", 0)
        with (
            following(opened, print) as follower,
            serving(board_app(opened, follower), listening),
            visiting(browser) as somebody,
        ):
            page = somebody.goes(f"http://127.0.0.1:{listening.getsockname()[1]}/sex/1.html")
            expect(page.locator(".state")).to_have_text("잠정 기록")
            folder = ("--race", opened.root)
            assert marathon("edition", "provisional", "--protest-minutes", 0, *folder) == 0
            waived = ("--despite", "start-1", "--despite", "finish-1")
            assert marathon("edition", "official", "--early", "--yes", *waived, *folder) == 0
            expect(page.locator(".state")).to_have_text("확정 기록 2판")
            assert somebody.loads == 1


def test_what_somebody_types_is_not_lost_when_news_come_in(site: Site, visitor: Visitor) -> None:
    page = visitor.goes(site.at)
    visitor.searches("417")
    late_finish(site.opened, 78, "22:00", camera="finish-3")
    expect(page.get_by_role("row").filter(has_text="한*이")).to_be_visible()
    expect(page.get_by_role("searchbox")).to_have_value("417")
    expect(page.get_by_role("searchbox")).to_be_focused()
    expect(page.locator("#hits li")).to_have_count(1)


FOUND: Final = {
    "417": ["417 김*늘"],
    "41": ["41 남**람", "417 김*늘"],
    "김*": ["417 김*늘"],
    "남": ["41 남**람"],
    "j.d": ["43 J.D."],
    "소프트웨어": ["▸ ㈜한빛소프트웨어", "417 김*늘", "41 남**람"],
    "ㅎㅂ": ["▸ ㈜한빛소프트웨어", "417 김*늘", "41 남**람"],
    "daon robotics": ["▸ DaonRobotics", "44 최*기", "78 한*이", "79 오*길"],
    "<script>": ["▸ <script>alert('가람')", "42 이*온", "43 J.D.", "77 박*"],
    "김하늘": ["417 김*늘"],  # names stand masked, so whoever looks like it is found
    "ㄱㅎㄴ": ["417 김*늘"],
    "김하람": [],
    "999": [],
}


def test_search(site: Site, visitor: Visitor) -> None:
    visitor.goes(site.at)
    for typed, found in FOUND.items():
        lines = visitor.searches(typed)
        told = f"{len(found)} 찾음" + (" · *는 가린 글자입니다" if typed in ("김하늘", "ㄱㅎㄴ") else "")
        expect(visitor.page.locator("#found")).to_have_text(told if found else "찾지 못했습니다")
        lines = [" ".join(line.split()) for line in visitor.page.locator("#hits li").all_inner_texts()]
        assert len(lines) == len(found), typed
        for begin in found:
            assert [line for line in lines if line.startswith(begin)], f"{begin} is not in {lines}"


def test_the_one_file_of_all_results_is_styled_and_fits(site: Site, browser: Browser) -> None:
    with visiting(browser) as somebody:
        page = somebody.goes(site.at + "results.html")
        fits(page, PHONE)
        expect(page.locator(".state")).to_have_css("border-radius", "16px")
    with visiting(browser, own_policy=False) as somebody:
        bars_nobody(somebody.goes(site.at + "results.html"), PHONE, 0)
        somebody.complaints.clear()  # without its policy the browser asks for an icon


def test_without_javascript_it_is_said_that_the_search_needs_it(site: Site, browser: Browser) -> None:
    with visiting(browser, javascript=False) as somebody:
        page = somebody.goes(site.at)
        said = page.locator("noscript p")
        expect(said).to_be_visible()
        expect(said).to_have_text("찾으려면 자바스크립트가 필요합니다.")
        expect(page.get_by_role("searchbox")).to_be_hidden()


def test_enter_opens_the_first_hit(site: Site, visitor: Visitor) -> None:
    page = visitor.goes(site.at)
    visitor.searches("417")
    page.keyboard.press("Enter")
    page.wait_for_url("**/r/417.html")
    expect(page.get_by_role("heading", level=1)).to_contain_text("417 김*늘")


def test_search_leads_to_the_right_page_from_every_corner_of_the_board(site: Site, visitor: Visitor) -> None:
    for path in ("r/417.html", "en/r/417.html", "en/"):
        visitor.goes(site.at + path)
        visitor.searches("DAONR")
        visitor.page.keyboard.press("Enter")
        visitor.page.wait_for_url(f"**/{'en/' if path.startswith('en/') else ''}c/c0003.html")


def test_the_language_link_leads_to_the_same_page_in_the_other_language(site: Site, visitor: Visitor) -> None:
    for path in ("r/417.html", "companies.html", "sex/2.html", "c/c0002.html"):
        page = visitor.goes(site.at + path)
        page.get_by_role("link", name="English").click()
        page.wait_for_url(f"{site.at}en/{path}")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.get_by_text("Provisional results")).to_be_visible()
        page.get_by_role("link", name="한국어").click()
        page.wait_for_url(site.at + path)


def test_the_keyboard_alone_reaches_the_search_and_the_results(site: Site, visitor: Visitor) -> None:
    page = visitor.goes(site.at)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="본문으로")).to_be_focused()
    expect(page.get_by_role("link", name="본문으로")).to_be_in_viewport()
    box = page.get_by_role("searchbox", name="배번, 이름, 소속 찾기 (초성도 됩니다)")
    for _ in range(12):
        page.keyboard.press("Tab")
        if box.evaluate("element => element === document.activeElement"):
            break
    expect(box).to_be_focused()
    assert box.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
    page.keyboard.type("417")
    expect(page.locator("#hits a")).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/r/417.html")


def test_without_javascript_the_board_is_complete_only_still(site: Site, browser: Browser) -> None:
    with visiting(browser, javascript=False) as somebody:
        page = somebody.goes(site.at)
        expect(page.get_by_role("table")).to_be_visible()
        expect(page.get_by_role("cell", name="김*늘")).to_be_visible()
        expect(page.locator("form.search")).to_be_hidden()
        page.get_by_role("link", name="417").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("417 김*늘")
        page.get_by_role("link", name="소속", exact=True).click()
        page.wait_for_url("**/companies.html")
        expect(page.get_by_role("table").first).to_be_visible()


def test_a_scanned_bib_opens_the_firm_s_page(site: Site, visitor: Visitor) -> None:
    code = next(code for code, bib in site.opened.fold().roster().items() if bib == 42)
    page = visitor.goes(f"{site.at}B/{code}")
    assert page.url == f"{site.at}c/c0002.html"
    expect(page.get_by_role("heading", level=1)).to_have_text(LONG_NAMES["c0002"])


def test_when_the_network_is_away_the_page_stays_and_catches_up(site: Site, browser: Browser) -> None:
    with visiting(browser) as somebody:
        page = somebody.goes(site.at)
        context = page.context
        context.set_offline(True)
        with page.expect_event("requestfailed"):
            pass
        expect(page.get_by_role("row").filter(has_text="김*늘")).to_be_visible()
        somebody.complaints.clear()  # a browser without a network may say so
        context.set_offline(False)
        late_finish(site.opened, 79, "23:00", camera="finish-4")
        version = str(site.opened.log.head().seq)
        expect(page.locator("footer .small").first).to_contain_text(f"기록 번호 {version}")
        somebody.complaints.clear()


def test_a_watched_runner_stays_on_this_device(site: Site, visitor: Visitor) -> None:
    page = visitor.goes(site.at)
    expect(page.locator("#watched")).to_be_hidden()
    page.get_by_role("button", name="지켜보기 417").click()
    expect(page.locator("#watched li")).to_have_count(1)
    page.reload()
    expect(page.locator("#watched li")).to_contain_text("417김*늘")
    page.locator("#watched").get_by_role("link").click()
    page.wait_for_url("**/r/417.html")
    star = page.get_by_role("button", name="지켜보기 417")
    expect(star).to_have_attribute("aria-pressed", "true")
    star.click()
    expect(star).to_have_attribute("aria-pressed", "false")
    page.get_by_role("link", name="개인").click()
    page.wait_for_url("**/index.html")
    expect(page.locator("#watched")).to_be_hidden()
    assert page.context.cookies() == []


def test_a_name_that_is_taken_back_leaves_open_pages_though_nothing_happens_in_the_race(
    site: Site, visitor: Visitor
) -> None:
    def revision() -> int:
        told: int = httpx2.get(site.at + "head.json").json()["revision"]
        return told

    def agreed(says: bool) -> None:
        before = revision()
        site.opened.directory.keep_consents({"e00417": says})
        wait_until(lambda: revision() != before)
        page.clock.run_for(ASKED_WITHIN_MS)

    visitor.page.clock.install()
    page = visitor.goes(site.at)
    head, row = site.opened.log.head(), page.get_by_role("row").filter(has_text="417")
    page.get_by_role("button", name="지켜보기 417").click()
    assert visitor.searches("417") == ["417 김*늘 " + LONG_NAMES["c0001"] + " 16:53"]
    places = [row, page.locator("#watched"), page.locator("#hits")]
    for says, name in ((True, "김하늘"), (False, "김*늘")):
        agreed(says)
        for place in places:
            expect(place).to_contain_text(name)
    assert "김하늘" not in page.content()
    assert visitor.searches("김하늘")[0].startswith("417 김*늘")
    assert visitor.loads == 1 and site.opened.log.head() == head


@pytest.mark.parametrize("javascript", [True, False])
def test_a_missing_time_reaches_the_director(site: Site, browser: Browser, javascript: bool) -> None:
    with visiting(browser, javascript=javascript) as somebody:
        page = somebody.goes(site.at)
        page.get_by_role("link", name="기록이 없거나 틀린가요?").click()
        page.wait_for_url("**/missing.html")
        page.get_by_label("배번").last.fill("417")
        page.get_by_label("하고 싶은 말").fill("결승선을 두 번 지났어요")
        page.get_by_role("button", name="보내기").click()
        page.wait_for_url("**/missing-sent.html")
    inbox = Inbox(site.opened.engine, site.opened.settings.id)
    assert (inbox.messages()[-1].bib, inbox.messages()[-1].text) == (417, "결승선을 두 번 지났어요")
