"""The operator's page in a real browser, on a laptop and a phone: keyboard first, by button too, loud when something is wrong."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

import msgspec
import pytest
from playwright.sync_api import Browser, Page, Request, expect

from results.web.http_server import bind, serving
from scanners.operator.operator_page import operator_page
from scanners.protocol import RosterAnswer
from tests.boards import SEOUL
from tests.browsers import DESK, PATIENCE_MS, PHONE
from tests.builders import GUN, code_of
from tests.operators import FIRMS, ROSTER, Stand, scanned, seen, wall
from timing.race.events import Scanned, TapNamed
from timing.race.instants import SECOND, Span, later
from timing.stations.station_status import StationStatus

on_a_phone_too = pytest.mark.parametrize("page", [DESK, PHONE], ids=["laptop", "phone"], indirect=True)


class Site(Stand):
    """A station in its race folder, with its page on a port."""

    status = StationStatus(1, "", 0, live=True, direct=True)
    at = ""

    def becomes(self, **changes: object) -> None:
        """The station's status changes in this."""
        self.status = msgspec.structs.replace(self.status, **changes)


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site(Site.status)
    site.sees(wall(417, 418), [seen(417, 50), seen(418, 250)])
    site.keeps(scanned(418, GUN))
    listening = bind("127.0.0.1", 0)
    with serving(operator_page(site.view, "5" * 64), listening):
        site.at = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        yield site


@pytest.fixture
def page(browser: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[Page]:
    """On a laptop, where a test does not ask for a phone as well."""
    width, height = getattr(request, "param", DESK)
    with browser.new_context(viewport={"width": width, "height": height}) as context:
        context.set_default_timeout(PATIENCE_MS)
        opened, troubles, asked = context.new_page(), list[str](), list[Request]()
        opened.on("pageerror", lambda error: troubles.append(str(error)))
        opened.on("request", lambda request: asked.append(request))
        opened.goto(site.at)
        expect(opened.locator("#name")).to_have_text("finish-1")
        yield opened
        assert troubles == []
        assert {one.url.split("/")[2] for one in asked if one.url.startswith("http")} == {site.at.split("/")[2]}


@on_a_phone_too
def test_the_picture_bears_the_names_of_whoever_was_read(page: Page) -> None:
    expect(page.locator("#labels span").first).to_contain_text("417")
    expect(page.locator("#boxes polygon")).to_have_count(2)
    expect(page.locator("#scans tr").first).to_contain_text("가온전자")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@on_a_phone_too
def test_times_and_bibs_stay_whole_beside_a_long_firm(page: Page, site: Site) -> None:
    late = code_of(1251)
    long = {late: "㈜한빛소프트웨어테크놀로지엔지니어링"}
    site.roster.replace(RosterAnswer("", ROSTER.bibs | {late: 1251}, {}, ROSTER.firms | long))
    site.keeps(scanned(1251, GUN))
    expect(page.locator("#scans tr").first).to_contain_text("1251")
    lines = "one => { const range = document.createRange(); range.selectNodeContents(one); return new Set([...range.getClientRects()].map(box => box.top)).size; }"
    for cell in ("td:first-child", "td.number"):
        assert page.locator(f"#scans tr:first-child {cell}").evaluate(lines) == 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def taps(page: Page, times: int = 1) -> None:
    """Press the key, until one more tap than before stands in the list and is chosen."""
    for _ in range(times):
        before = page.locator("#taps li").count()
        page.keyboard.press("Space")
        expect(page.locator("#taps li")).to_have_count(before + 1)
        expect(page.locator("#taps li").first.locator("[aria-pressed=true]")).to_be_visible()


def test_space_keeps_the_time_and_digits_name_it(page: Page, site: Site) -> None:
    taps(page)
    pressed = site.facts[-1]
    assert isinstance(pressed, Scanned) and pressed.first_at <= site.clock.now()
    expect(page.locator("#target")).to_contain_text(
        f"{datetime.fromtimestamp(pressed.first_at // SECOND, SEOUL):%H:%M:%S}."
    )
    page.keyboard.type("417")
    page.keyboard.press("Enter")
    expect(page.locator("#scans tr").first).to_contain_text("한빛테크")
    assert site.facts[2:] == [TapNamed(2, code_of(417))]
    expect(page.locator("#target")).to_contain_text("지금")
    expect(page.locator("#bib")).to_have_value("")


def test_digits_without_a_tap_are_for_now(page: Page, site: Site) -> None:
    page.keyboard.type("419")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_have_text("배번 419번을 기록했습니다.")
    (typed,) = site.facts[1:]
    assert isinstance(typed, Scanned)
    assert typed.first_at <= site.clock.now()


@pytest.mark.parametrize("wrong", ["999", "000"])
def test_a_refused_bib_is_selected_so_that_the_next_digits_replace_it(page: Page, site: Site, wrong: str) -> None:
    page.keyboard.type(wrong)
    page.keyboard.press("Enter")
    expect(page.locator("#said.wrong")).not_to_be_empty()
    expect(page.locator("#bib")).to_have_value(wrong)
    assert page.evaluate("getSelection().toString()") == wrong
    page.keyboard.type("419")
    expect(page.locator("#bib")).to_have_value("419")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_have_text("배번 419번을 기록했습니다.")
    assert [type(fact) for fact in site.facts[1:]] == [Scanned]


def test_a_refused_bib_of_a_tap_leaves_the_tap_to_be_named(page: Page, site: Site) -> None:
    taps(page)
    for typed in ("999", "417"):
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
    expect(page.locator("#waiting-taps")).to_be_hidden()
    assert site.facts[-1] == TapNamed(2, code_of(417))


def test_a_bib_that_comes_with_a_new_roster_can_be_typed_at_once(page: Page, site: Site) -> None:
    late = code_of(1251)
    site.roster.replace(RosterAnswer("", ROSTER.bibs | {late: 1251}, {}, ROSTER.firms | {late: "새참산업"}))
    page.keyboard.type("1251")
    page.keyboard.press("Enter")
    expect(page.locator("#scans tr").first).to_contain_text("새참산업")


@on_a_phone_too
def test_a_bib_that_is_held_still_sets_the_line_by_key_or_button_and_undo_takes_it_back(page: Page, site: Site) -> None:
    page.keyboard.press("l")
    expect(page.locator("#said.wrong")).to_contain_text("배번이 여럿 보입니다. 하나만 드세요")
    site.watches(wall(417), 1.6, [seen(417)])
    expect(page.locator("#line")).to_have_class("ready")
    page.keyboard.press("l")
    expect(page.locator("#line-told")).to_contain_text("QR 너비 100.0 px")
    expect(page.locator("#boxes polygon.line")).to_have_count(1)
    assert site.timer.line_px == 100
    page.locator("#undo-line").click()
    expect(page.locator("#line-told")).to_contain_text("선을 모릅니다")
    expect(page.locator("#undo-line")).to_be_hidden()
    page.locator("#set-line").click()
    expect(page.locator("#line-told")).to_contain_text("QR 너비 100.0 px")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_station_that_knows_no_line_says_so(page: Page, site: Site) -> None:
    expect(page.locator("#warnings .notice")).to_have_count(0)
    site.becomes(lacks_line=True)
    expect(page.locator("#warnings .notice")).to_contain_text("--calibrate")


def test_arrows_choose_among_taps_and_delete_takes_one_off_the_list(page: Page, site: Site) -> None:
    taps(page, times=2)
    page.keyboard.press("ArrowDown")
    page.keyboard.type("417")
    page.keyboard.press("Enter")
    expect(page.locator("#taps li")).to_have_count(1)
    assert site.facts[-1] == TapNamed(2, code_of(417))
    expect(page.locator("#bib")).to_have_value("")
    page.keyboard.press("Delete")
    expect(page.locator("#waiting-taps")).to_be_hidden()
    assert len(site.facts) == 4  # nothing is deleted


@on_a_phone_too
def test_everything_is_done_by_button_too(page: Page, site: Site) -> None:
    page.get_by_role("button", name="지금!").click()
    expect(page.locator("#said")).to_contain_text("시각을 기록했습니다")
    expect(page.locator("#taps li")).to_have_count(1)
    page.locator("#bib").fill("417")
    page.get_by_role("button", name="입력").click()
    expect(page.locator("#waiting-taps")).to_be_hidden()
    assert [type(fact) for fact in site.facts[1:]] == [Scanned, TapNamed]
    page.get_by_role("button", name="취소").first.click()
    expect(page.locator("#command")).to_have_text("marathon rule void 3f2a9c1b#2 --why '잘못 입력'")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="도움말").click()
    expect(page.locator("#keys")).to_contain_text("Space")


def test_a_held_key_is_one_tap(page: Page, site: Site) -> None:
    for _ in range(5):
        page.keyboard.down("Space")
    page.keyboard.up("Space")
    expect(page.locator("#taps li")).to_have_count(1)
    assert len(site.facts) == 2


def test_what_is_wrong_stands_on_top_and_goes_when_it_is_mended(page: Page, site: Site) -> None:
    site.becomes(camera_lost=True)
    expect(page.locator("#warnings .alarm")).to_contain_text("카메라가 끊겼습니다")
    site.becomes(camera_lost=False)
    expect(page.locator("#warnings .alarm")).to_have_count(0)


def test_a_lost_server_is_told_with_what_waits_here(page: Page, site: Site) -> None:
    expect(page.locator("#sent")).to_contain_text("이 컴퓨터에 기록됨")
    site.becomes(direct=False, unsent=12, away_s=40.0)
    expect(page.locator("#warnings .alarm")).to_contain_text("12건은 여기 안전하니")
    expect(page.locator("#sent")).to_contain_text("미전송 12건")


def test_the_counts_have_a_table(page: Page, site: Site) -> None:
    site.keeps(scanned(417, later(GUN, Span(-60 * SECOND))))
    page.get_by_text("표로 보기").click()
    expect(page.locator("#minutes tr").first).to_contain_text("14:00")
    expect(page.locator("#minutes tr")).to_have_count(15)
    expect(page.locator("#bars rect")).to_have_count(2)


HANGUL: Final = re.compile("[가-힣]")
FIRM_NAMES: Final = re.compile("|".join([*FIRMS.values(), "한국어"]))


def shown_words(page: Page) -> str:
    """All text of the page, its dialogs and attributes included, but the names of firms and of the other language."""
    words: str = page.evaluate("""() => [document.title, document.body.textContent,
        ...[...document.querySelectorAll('[alt], [placeholder], [aria-label]')].flatMap(
            one => ['alt', 'placeholder', 'aria-label'].map(name => one.getAttribute(name)))].join(' ')""")
    return FIRM_NAMES.sub("", words)


def test_the_page_speaks_korean_until_the_operator_chooses_and_keeps_the_choice(page: Page, site: Site) -> None:
    site.becomes(disk_free=30_000_000, away_s=40.0, direct=False, unsent=2)
    expect(page.locator("#warnings .alarm").first).to_contain_text("디스크")
    assert page.locator("[lang]").evaluate_all("them => them.map(one => one.lang)") == ["ko", "en"]  # the switch itself
    page.get_by_role("link", name="English").click()
    expect(page.locator("#warnings .alarm").first).to_contain_text("The disk is nearly full")
    page.keyboard.press("Space")
    expect(page.locator("#said")).to_have_text("The time is kept. Now type the bib.")
    page.keyboard.type("999")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("Bib 999 is not in the roster")
    assert not HANGUL.search(shown_words(page))
    page.goto(site.at)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("link", name="한국어").click()
    expect(page.locator("#warnings .alarm").first).to_contain_text("디스크")
    page.goto(site.at)
    expect(page.locator("html")).to_have_attribute("lang", "ko")
