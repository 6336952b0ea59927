"""The big screen and the announcer's page in a real browser: a finish appears by itself, nothing is clipped, nothing scrolls."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from results.board.board_projection import following
from results.web.http_server import bind, serving
from server.board_side import board_app
from tests.boards import Run, late_finish, race_folder
from tests.browsers import DESK, PHONE, barriers, visiting, width_of, width_on
from tests.builders import code_of
from tests.e2e.test_board_in_browser import LONG_NAMES
from tests.terminal import marathon
from timing.folder import OpenRace
from timing.people.private_links import Holder, PrivateLinks
from timing.race.codes import printed

HALL = (1920, 1080)
TABLET = (1024, 768)
FIELD = [
    *(
        Run(bib, "0:10", f"17:{bib:02}", company=f"c000{bib % 3 + 1}", sex="MF"[bib % 2], name="김하늘")
        for bib in range(1, 31)
    ),
    *(Run(bib, "0:20", company="c0001", sex="F", name="박솔잎") for bib in range(70, 80)),
]


@dataclass(frozen=True, slots=True)
class Hall:
    """A race served to its screens."""

    at: str
    opened: OpenRace
    token: str

    def finishes(self, bib: int, at: str) -> None:
        late_finish(self.opened, bib, at, camera=f"finish-{bib}")


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    with race_folder(tmp_path_factory.mktemp("hall") / "race", FIELD) as opened:
        names = opened.directory.names()
        names.companies |= LONG_NAMES
        opened.directory.keep(names)
        token = PrivateLinks(opened.engine, opened.settings.id).give(Holder("announcer"))
        listening = bind("127.0.0.1", 0)
        troubles: list[str] = []
        with (
            following(opened, troubles.append) as follower,
            serving(board_app(opened, follower), listening),
        ):
            yield Hall(f"http://127.0.0.1:{listening.getsockname()[1]}/", opened, token)
        assert troubles == []


def spills(page: Page) -> list[str]:
    """What stands partly outside the screen or its own box, unless an ellipsis says so."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('.screen *')].filter(one => {
            const box = one.getBoundingClientRect();
            if (!box.width || !box.height) return false;
            const outside = box.right > innerWidth + 1 || box.bottom > innerHeight + 1 || box.left < -1 || box.top < -1;
            const hidden = getComputedStyle(one).textOverflow !== 'ellipsis' && one.matches('section, ol')
              && one.scrollHeight > one.clientHeight + 1;
            return outside || hidden;
        }).map(one => one.outerHTML.slice(0, 80))"""
    )
    return found


@pytest.mark.parametrize("screen", [HALL, DESK, (1024, 768), (3840, 2160)])
def test_the_big_screen_fits_any_screen(hall: Hall, browser: Browser, screen: tuple[int, int]) -> None:
    with visiting(browser, screen, "dark", own_policy=False) as somebody:
        page = somebody.goes(hall.at + "screen.html")
        expect(page.locator(".hint .count")).to_have_text("1 / 8")
        assert spills(page) == []
        assert page.evaluate("[document.scrollingElement.scrollWidth, document.scrollingElement.scrollHeight]") == [
            *screen
        ]
        assert screen != HALL or barriers(page) == []


def test_on_a_phone_the_big_screen_flows_from_the_top(hall: Hall, browser: Browser) -> None:
    with visiting(browser, PHONE, own_policy=False) as somebody:
        page = somebody.goes(hall.at + "screen.html")
        title = page.get_by_role("heading", level=1).bounding_box()
        assert title and title["y"] < 40
        assert width_of(page) <= PHONE[0]
        assert page.locator(".latest .name").first.evaluate("one => parseFloat(getComputedStyle(one).fontSize)") >= 16
        assert barriers(page) == []


def test_a_finish_appears_on_the_big_screen_by_itself(hall: Hall, browser: Browser) -> None:
    with visiting(browser, HALL) as somebody:
        page = somebody.goes(hall.at + "screen.html")
        finished = page.locator(".counts div").last.locator("dd")
        before = int(finished.inner_text())
        hall.finishes(70, "21:00")
        newest = page.locator(".latest li").first
        expect(newest).to_contain_text("70")
        expect(newest).to_contain_text("박*잎")
        expect(finished).to_have_text(str(before + 1))
        expect(newest).to_have_class("new")
        assert somebody.loads == 1


def test_a_name_that_is_erased_leaves_the_big_screen_and_the_announcer_s_though_nobody_crosses(
    hall: Hall, browser: Browser
) -> None:
    hall.finishes(79, "22:00")
    with visiting(browser, HALL) as audience, visiting(browser, TABLET) as announcer:
        screen, booth = audience.goes(hall.at + "screen.html"), announcer.goes(f"{hall.at}announcer/{hall.token}")
        newest, crossed = screen.locator(".latest li").first, booth.locator("main li").filter(has_text="79")
        expect(newest).to_contain_text("박*잎")
        expect(crossed.first).to_contain_text("박솔잎")
        hall.opened.directory.forget("e00079", hall.opened.clock.now())
        expect(newest).not_to_contain_text("박")
        expect(crossed.first).not_to_contain_text("박솔잎")
        expect(newest).to_contain_text("79")


def test_lists_take_turns_and_wait_when_asked_to(hall: Hall, browser: Browser) -> None:
    with visiting(browser, HALL) as somebody:
        page = somebody.goes(hall.at + "screen.html")
        page.clock.install(time=0)
        page.clock.pause_at(1_000)  # from now on it goes as far as the test lets it
        page.reload()
        count = page.locator(".hint .count")
        expect(count).to_have_text("1 / 8")
        page.clock.run_for(10_500)
        expect(count).to_have_text("2 / 8")
        assert page.locator(".panel:visible").count() == 1
        page.get_by_role("button", name="멈춤").click()
        page.clock.run_for(30_000)
        expect(count).to_have_text("2 / 8")
        page.keyboard.press("ArrowRight")
        expect(count).to_have_text("3 / 8")
        page.get_by_role("button", name="계속").click()
        page.clock.run_for(10_500)
        expect(count).to_have_text("4 / 8")


def test_the_clock_runs_since_the_gun_by_the_server_s_time(hall: Hall, browser: Browser) -> None:
    with visiting(browser, HALL) as somebody:
        page = somebody.goes(hall.at + "screen.html")
        gun = int(page.locator("body").get_attribute("data-gun") or 0)
        page.clock.install(
            time=(gun + 754_000) / 1_000
        )  # a machine whose own clock stands at twelve and a half minutes
        page.reload()
        expect(page.locator(".clock")).to_be_hidden()  # the server knows that the race is long over
        page.evaluate("gun = Date.now() + offset - 3754000; tick()")
        expect(page.locator(".clock b")).to_have_text("1:02:34")
        page.evaluate("gun = Date.now() + offset + 5000; tick()")
        expect(page.locator(".clock")).to_have_text("총성 전 / Before the gun")


def test_when_the_network_is_away_the_screen_says_so_and_catches_up(hall: Hall, browser: Browser) -> None:
    with visiting(browser, HALL) as somebody:
        page = somebody.goes(hall.at + "screen.html")
        page.context.set_offline(True)
        page.evaluate("look()")
        expect(page.locator(".lost")).to_contain_text("연결이 끊겼습니다")
        hall.finishes(71, "22:00")
        page.context.set_offline(False)
        expect(page.locator(".latest li").first).to_contain_text("71")
        expect(page.locator(".lost")).to_be_empty()
        somebody.complaints.clear()  # a browser without a network may say so


def test_where_nothing_is_told_the_big_screen_asks(hall: Hall, browser: Browser) -> None:
    with visiting(browser, HALL) as somebody:
        somebody.page.route("**/v1/live", lambda route: route.fulfill(status=503))
        page = somebody.goes(hall.at + "screen.html")
        hall.finishes(74, "25:00")
        expect(page.locator(".latest li").first).to_contain_text("74")
        expect(page.locator(".lost")).to_be_empty()
        somebody.complaints.clear()  # the browser may say that nothing is told


def test_without_javascript_the_big_screen_is_complete_only_still(hall: Hall, browser: Browser) -> None:
    with visiting(browser, HALL, javascript=False) as somebody:
        page = somebody.goes(hall.at + "screen.html")
        expect(page.locator(".latest li")).to_have_count(7)
        assert page.locator(".panel:visible").count() == 1
        assert spills(page) == []
        assert page.locator("noscript meta[http-equiv=refresh]").count() == 1


def test_the_announcer_s_page_fits_and_bars_nobody(hall: Hall, browser: Browser) -> None:
    with visiting(browser, own_policy=False) as somebody:
        page = somebody.goes(f"{hall.at}announcer/{hall.token}")
        for screen, scheme in ((TABLET, "light"), (PHONE, "dark")):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            assert width_on(page, screen) <= screen[0]
            assert barriers(page) == []


def test_a_finish_reaches_the_announcer_with_the_full_name(hall: Hall, browser: Browser) -> None:
    with visiting(browser, TABLET) as somebody:
        page = somebody.goes(f"{hall.at}announcer/{hall.token}")
        hall.finishes(72, "23:00")
        newest = page.locator(".crossed li").first
        expect(newest).to_contain_text("박솔잎")
        expect(newest).to_contain_text("명 중")
        assert somebody.loads == 1


def test_a_plot_s_table_stays_open_when_news_come_in(
    hall: Hall, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("results.board.large_pages.SHARE", 0)  # a slow machine would give the last plots again
    with visiting(browser, DESK) as somebody:
        page = somebody.goes(hall.at + "plots.html")
        page.get_by_text("표로 보기").first.click()
        table = page.locator("details table").first
        expect(table).to_be_visible()
        before = page.locator(".plot desc").first.text_content()
        hall.finishes(73, "24:00")
        page.wait_for_function("before => document.querySelector('.plot desc').textContent !== before", arg=before)
        expect(page.locator("details table").first).to_be_visible()


def test_a_runner_gets_the_certificate_by_the_full_name_and_the_bib_s_code(hall: Hall, browser: Browser) -> None:
    assert marathon("edition", "provisional", "--protest-minutes", 0, "--race", hall.opened.root) == 0
    with visiting(browser, PHONE) as somebody:
        page = somebody.goes(hall.at + "r/5.html")
        page.get_by_role("link", name="기록증 받기").click()
        page.get_by_label("배번의 코드").fill(printed(code_of(5)))
        page.get_by_label("성명").fill("김하눌")
        page.get_by_role("button", name="PDF 받기").click()
        expect(page.get_by_role("alert")).to_have_text("성명이나 코드가 이 배번의 것과 다릅니다.")
        page.get_by_label("성명").fill("김 하늘")
        page.get_by_label("배번의 코드").fill(printed(code_of(5)).lower())
        with page.expect_download() as coming:
            page.get_by_role("button", name="PDF 받기").click()
        assert coming.value.suggested_filename == "certificate-0005.pdf"
        assert coming.value.path().read_bytes().startswith(b"%PDF-")
        somebody.complaints.clear()  # a browser tells of the refusal
