"""Spectators with real browsers: a bib scanned and counted once, and a vote."""

from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from results.spectators.ballots import Ballots
from results.spectators.scans import Rejections, ScanStore
from tests.boards import wait_until
from tests.browsers import Visitor, visiting
from tests.builders import code_of
from tests.clock_and_chance import ManualClock
from tests.e2e import test_board_in_browser as board
from tests.e2e.test_board_in_browser import Site
from tests.spectators import PHONE
from timing.race.instants import SECOND, Span

site = board.site
LATER: Final = Span(11 * SECOND)


@pytest.fixture
def spectator(browser: Browser) -> Iterator[Visitor]:
    """With a telephone of their own."""
    with visiting(browser, agent=PHONE) as somebody:
        yield somebody


def scans(site: Site) -> int:
    return ScanStore(site.opened.engine, site.opened.settings.id).scans().get("c0002", 0)


def scan(site: Site, spectator: Visitor, bib: int) -> Page:
    """Scan a bib, and wait until the page has shown its ticket."""
    with spectator.page.expect_response("**/v1/spectator") as answer:
        page = spectator.goes(f"{site.at}B/{code_of(bib)}")
    assert answer.value.ok
    return page


def a_while_later(site: Site) -> None:
    assert isinstance(site.opened.clock, ManualClock)
    site.opened.clock.tick(LATER)


def test_a_scanned_bib_counts_once_for_the_firm_and_the_ranking_shows_it(
    site: Site, spectator: Visitor, browser: Browser
) -> None:
    before = scans(site)
    page = scan(site, spectator, 42)
    assert page.url == f"{site.at}c/c0002.html?bib=42"
    assert scans(site) == before + 1
    assert page.context.cookies() == []
    scan(site, spectator, 43)
    assert scans(site) == before + 1  # another runner of the same firm, the same phone
    with visiting(browser, agent=PHONE) as another:
        scan(site, another, 42)
    assert scans(site) == before + 2
    a_while_later(site)

    def shown() -> bool:
        row = spectator.goes(f"{site.at}qrpr.html").get_by_role("row").filter(has_text="가람")
        return row.count() == 1 and row.inner_text().split()[-1] == str(before + 2)

    wait_until(shown)
    page.get_by_role("link", name="가람").click()
    expect(page.get_by_text(f"QR 응원 {before + 2}")).to_be_visible()


def test_the_ranking_moves_on_an_open_page(site: Site, spectator: Visitor, browser: Browser) -> None:
    spectator.page.clock.install()
    page = spectator.goes(f"{site.at}qrpr.html")
    row = page.get_by_role("row").filter(has_text="한빛")
    expect(row).to_have_count(0)
    with visiting(browser, agent=PHONE) as another:
        scan(site, another, 417)
    a_while_later(site)

    def moved() -> bool:
        page.clock.run_for(16_000)
        return row.count() == 1

    wait_until(moved)
    assert spectator.loads == 1


def test_the_page_leads_on_to_the_runner(site: Site, spectator: Visitor) -> None:
    page = scan(site, spectator, 42)
    page.get_by_role("link", name="배번 42의 기록 보기").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("42 이*온")
    spectator.goes(f"{site.at}en/c/c0002.html?bib=42")
    expect(page.get_by_role("link", name="See the result of bib 42")).to_have_attribute("href", "../r/42.html")
    for bib in ("javascript:alert(1)", "%3Cb%3E", "0", "42x", "99999999", "417", "999"):  # 417 runs for another firm
        spectator.goes(f"{site.at}c/c0002.html?bib={bib}")
        expect(page.locator(".scanned")).to_be_hidden()


def test_going_back_or_reloading_counts_nothing(site: Site, spectator: Visitor) -> None:
    page = scan(site, spectator, 42)
    before, refused = scans(site), Rejections(site.opened.engine, site.opened.settings.id).noted()
    page.reload()
    page.goto(f"{site.at}qrpr.html")
    page.go_back()
    expect(page.get_by_role("link", name="배번 42의 기록 보기")).to_be_visible()
    assert scans(site) == before
    assert Rejections(site.opened.engine, site.opened.settings.id).noted() == refused


def test_without_javascript_the_firm_s_page_is_there_and_nothing_counts(site: Site, browser: Browser) -> None:
    before = scans(site)
    with visiting(browser, javascript=False, agent=PHONE) as somebody:
        page = somebody.goes(f"{site.at}B/{code_of(42)}")
        expect(page.get_by_role("heading", level=1)).to_contain_text("가람")
        page = somebody.goes(f"{site.at}vote.html")
        expect(page.get_by_text("투표하려면 자바스크립트가 필요합니다")).to_be_visible()
        expect(page.get_by_role("button", name="투표하기")).to_be_disabled()
        expect(page.get_by_role("img", name="Daon")).to_be_visible()
    assert scans(site) == before


def test_a_vote_is_cast_by_keyboard_changed_and_remembered(site: Site, spectator: Visitor) -> None:
    ballots = Ballots(site.opened.engine, site.opened.settings.id)
    page = spectator.goes(f"{site.at}vote.html")
    page.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="투표했습니다")).to_be_visible()
    assert ballots.counts() == {"c0001": 1}
    page.reload()
    expect(page.get_by_role("radio").first).to_be_checked()
    page.get_by_role("radio").nth(1).check()
    page.get_by_role("button", name="투표하기").click()
    expect(page.get_by_role("status").filter(has_text="투표했습니다")).to_be_visible()
    assert ballots.counts() == {"c0002": 1}
    assert page.context.cookies() == []


def test_the_tab_of_an_open_page_is_in_sight_on_a_phone(site: Site, spectator: Visitor) -> None:
    page = spectator.goes(f"{site.at}qrpr.html")
    expect(page.locator("nav a[aria-current=page]").first).to_be_in_viewport(ratio=0.95)
