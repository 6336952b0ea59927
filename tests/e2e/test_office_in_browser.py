"""The race office in a real browser: every page fits and bars nobody, and the counter's tasks by keys and taps."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from results.board.board_projection import following
from results.office.service.office_service import OfficeService
from results.web.http_server import bind, serving
from server.board_side import board_app
from server.office_side import office_beside
from server.race_server import apart
from tests.boards import race_folder
from tests.browsers import NARROW, bars_nobody, fits, visiting
from tests.builders import Station, after_gun, code_of
from tests.clock_and_chance import ManualClock
from tests.e2e.test_board_in_browser import FIELD, LONG_NAMES
from tests.faults.soak import SOAK
from tests.results.office.test_office_pages import every_route
from timing.feed import RaceFeed
from timing.folder import OpenRace
from timing.people.inbox import Inbox
from timing.people.office_seats import OfficeSeats, Official
from timing.race.events import Role, RulesSet, SpareDrawn, Unread
from timing.race.instants import SECOND, Span
from timing.race.rules import rules_of
from timing.race.rules.presets import preset

PERSON = "office/people/e00077"


@dataclass(frozen=True, slots=True)
class Hall:
    """A race that is served, board and office at one address."""

    at: str
    opened: OpenRace
    pages: tuple[str, ...]

    def link(self, role: Role) -> str:
        seats = OfficeSeats(self.opened.engine, self.opened.settings.id)
        return self.at + "office/enter/" + seats.give(Official("이접수", role), self.opened.clock.now())


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    with race_folder(tmp_path / "race", FIELD) as opened, ExitStack() as stack:
        names = opened.directory.names()
        names.companies |= LONG_NAMES
        opened.directory.keep(names)
        spares = [SpareDrawn(9001 + at, code_of(9001 + at)) for at in range(3)]
        opened.log.record([RulesSet(rules_of(preset("age-decades"), "rules.toml"), "desk", ""), *spares])
        assert isinstance(opened.clock, ManualClock)
        opened.clock.tick(Span(3600 * SECOND))
        troubles = list[str]()
        feed, listening = RaceFeed(opened, troubles.append), bind("127.0.0.1", 0)
        service = OfficeService(opened, feed)
        stack.callback(service.leave)
        pages = [path for method, path, _ in every_route(service) if method == "GET"]
        follower = stack.enter_context(following(opened, troubles.append))
        stack.enter_context(
            serving(apart(None, board_app(opened, follower), office_beside(opened, feed, stack)), listening)
        )
        yield Hall(f"http://127.0.0.1:{listening.getsockname()[1]}/", opened, tuple(pages))
        assert troubles == []


def entering(page: Page, hall: Hall, role: Role) -> Page:
    page.goto(hall.link(role))
    page.locator("main button").click()
    page.wait_for_url("**/office/*")
    return page


@pytest.mark.at_length
@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_page_of_the_office_fits_the_screen_and_bars_nobody(hall: Hall, browser: Browser, language: str) -> None:
    turns = count()

    def looked_at() -> None:
        fits(page, NARROW)
        turn = next(turns)
        if SOAK or turn % 2 == (language == "en"):
            bars_nobody(page, NARROW, turn)

    with visiting(browser, own_policy=False) as somebody:
        page = entering(somebody.page, hall, "director")
        if language == "en":
            page.get_by_role("button", name="English").click()
            expect(page.locator("html")).to_have_attribute("lang", "en")
        for path in hall.pages:
            path = path.replace("{entrant}", "e00417")
            if "{" in path or path.endswith((".css", ".js", ".csv", ".toml", ".jsonl", "/news")):
                continue
            answer = page.goto(hall.at.rstrip("/") + path)
            assert answer and answer.ok, path
            if "text/html" in answer.headers["content-type"]:
                looked_at()
        page.goto(hall.at + "office/rosters")
        roster = "소속,성명,성별,Läufer\n가산정밀,김하늘,M,-\n구로소프트,한새로,F,-\n".encode()
        page.set_input_files("#file", {"name": "명단.csv", "mimeType": "text/csv", "buffer": roster})
        page.locator("main form button").click()
        expect(page.locator("#answers")).to_be_visible()
        looked_at()
        page.goto(hall.at + "office/rules")
        page.locator("#toml").fill('[[ranking]]\nname = "firms"\ngroup = "firm"')
        page.locator("button[value=check]").click()
        expect(page.locator("main .notice.wrong")).to_be_visible()
        looked_at()
        page.goto(hall.at + "office/people/e00417")
        for summary in page.locator("details > summary").all():
            summary.click()
        looked_at()
        page.locator("input[name=status][value=dsq]").check()
        page.locator("#status-why").fill("코스 이탈")
        page.locator("form:has(input[value=status])").get_by_role("button").click()
        expect(page.locator("form[data-record]")).to_be_visible()
        looked_at()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_walk_in_is_entered_and_gets_the_bib_by_keys_alone(hall: Hall, browser: Browser, javascript: bool) -> None:
    with visiting(browser, javascript=javascript) as somebody:
        page = entering(somebody.page, hall, "counter")
        page.goto(hall.at + "office/new")
        expect(page.locator("#name")).to_be_focused()
        keys = page.keyboard
        for text in ("설아라", "ㅎㅂㅅ", ""):  # name, the first consonants of the firm, no team
            keys.type(text)
            keys.press("Tab")
        keys.press("Space")
        keys.press("Tab")
        keys.type("3")  # 30대
        keys.press("Tab")
        keys.type("9001")
        keys.press("Enter")
        expect(page.get_by_role("radio", name=LONG_NAMES["c0001"])).to_be_focused()
        keys.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("9001 설아라")
        expect(page.get_by_role("button", name=re.compile("9001"))).to_be_focused()
        keys.press("Enter")
        expect(page.get_by_text("이접수 님이 참가자 본인에게 배부").first).to_be_visible()
        asked_back = [
            one for one in somebody.complaints if "422" in one
        ]  # Chromium writes the status of such an answer down
        assert len(asked_back) == 1
        somebody.complaints.remove(asked_back[0])
    one = hall.opened.fold().by_bib(9001)
    assert one and (one.company, one.sex, one.category) == ("c0001", "F", "30대")


def test_a_stand_in_is_shown_in_its_place_recorded_and_taken_back(hall: Hall, browser: Browser) -> None:
    with visiting(browser) as somebody:
        page = entering(somebody.page, hall, "counter")
        page.goto(hall.at + PERSON)
        page.get_by_text("다른 사람이 대신 뜀", exact=True).click()
        page.locator("#stand-in-name").fill("한새로")
        page.locator("#stand-in-name").press("Enter")
        expect(page.locator(".place")).to_contain_text("한새로")
        page.get_by_role("button", name="기록하기").click()
        expect(page.get_by_role("status").first).to_contain_text("대신 출전: 배번 77 한새로")
        assert hall.opened.fold().entrants["e00077"].bib is None
        page.get_by_role("button", name="되돌리기").click()
        page.get_by_role("button", name="기록하기").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("77 박솔")
    assert hall.opened.fold().entrants["e00077"].bib == 77


@pytest.mark.parametrize(("role", "comes_to"), [("counter", f"/{PERSON}"), ("viewer", "/c/c0002.html")])
def test_a_bib_s_qr_from_outside_leads_where_the_phone_may_go(
    hall: Hall, browser: Browser, role: Role, comes_to: str
) -> None:
    with visiting(browser) as somebody:
        page = entering(somebody.page, hall, role)
        elsewhere = hall.at.replace("127.0.0.1", "localhost")  # another site, from which no strict cookie comes
        page.goto(f"{elsewhere}en/")
        page.evaluate(
            "to => { const a = document.createElement('a'); a.href = to; document.body.append(a); a.click() }",
            f"{hall.at}B/{code_of(77)}",
        )
        if role == "counter":
            page.wait_for_url(f"**{comes_to}")
            expect(page.get_by_role("heading", level=1)).to_have_text("77 박솔")
        else:
            page.wait_for_url(f"**{comes_to}")
            expect(page.get_by_role("searchbox")).to_be_visible()


def test_a_packet_is_found_by_keys_and_taken_back(hall: Hall, browser: Browser) -> None:
    with visiting(browser) as somebody:
        page = entering(somebody.page, hall, "counter")
        page.goto(hall.at + "office/packets")
        expect(page.get_by_role("searchbox")).to_be_focused()
        page.keyboard.type("한빛")
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="주장에게 배부")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_text("2 / 2")).to_be_visible()
        page.get_by_role("button", name="되돌리기").click()
        expect(page.get_by_text("0 / 2")).to_be_visible()


def test_an_unread_person_is_named_from_the_list_by_two_taps_while_it_goes_on_by_itself(
    hall: Hall, browser: Browser
) -> None:
    camera = Station("finish-2").says(*(Unread(after_gun(at), after_gun(at), 9) for at in ("18:00", "19:00")))
    hall.opened.log.receive(camera.batch())
    with visiting(browser) as somebody:
        page = entering(somebody.page, hall, "entry")
        first, second = (page.locator(f"#unread-{camera.lineage}-{seq}") for seq in (2, 3))
        fits(page, NARROW)
        bars_nobody(page, NARROW, 0)
        first.get_by_role("button", name=re.compile("박솔")).click()
        expect(first.locator(".place")).to_contain_text("박솔")
        first.get_by_role("button", name="기록하기").click()
        expect(page.get_by_role("status").filter(has_text="기록했습니다.")).to_be_visible()
        expect(first).to_have_count(0)
        expect(second).to_be_visible()
        inbox = Inbox(hall.opened.engine, hall.opened.settings.id)
        inbox.put(41, "41", "기록이 없어요", hall.opened.clock.now())
        expect(page.locator("#message-1")).to_contain_text("남궁보람")
    assert [one.seq for one in hall.opened.fold().open_unread()] == [3]


def test_a_director_takes_in_a_list_and_fetches_certificates_without_javascript(hall: Hall, browser: Browser) -> None:
    with visiting(browser, javascript=False) as somebody:
        page = entering(somebody.page, hall, "director")
        press = partial(page.get_by_role, "button")
        topic = page.get_by_role("navigation", name="총괄").get_by_role("link")
        page.get_by_role("link", name="총괄", exact=True).click()
        topic.get_by_text("명단 가져오기").click()
        roster = "Firma,성명,성별\n새솔정밀,설아라,F\n".encode()
        page.get_by_label("파일").set_input_files({"name": "새솔.csv", "mimeType": "text/csv", "buffer": roster})
        press(name="미리 보기").click()
        page.get_by_label("Firma").select_option("소속")
        press(name="이렇게 다시 보기").click()
        expect(page.get_by_role("cell", name="설아라 새솔정밀")).to_be_visible()
        press(name="가져오기", exact=True).click()
        expect(page.get_by_role("status").filter(has_text="신규 1명")).to_be_visible()
        topic.get_by_text("결과 발표").click()
        press(name="잠정 결과 발표").click()
        expect(page.locator("main table")).to_contain_text("잠정")
        topic.get_by_text("파일").click()
        press(name="기록증 만들기").click()
        certificates = page.get_by_role("link", name=re.compile("기록증-.*pdf")).first
        expect(certificates).to_be_visible()  # the page looks again by itself
        with page.expect_download() as fetched:
            certificates.click()
        assert fetched.value.path().read_bytes().startswith(b"%PDF")
    assert "설아라" in hall.opened.directory.names().people.values()
