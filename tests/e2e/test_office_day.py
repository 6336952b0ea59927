"""A race day from the office alone, by clicks and keys: five people come in by links, and the day ends with a certificate."""

import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from results.board.board_projection import following
from results.web.http_server import bind, serving
from server.board_side import board_app
from server.office_side import office_beside
from server.race_server import apart
from tests.boards import RACE_NAME, Run, names_of
from tests.browsers import DESK, PHONE, visiting
from tests.builders import GUN, Station, after_gun, code_of, runner, scan
from tests.clock_and_chance import ManualClock, seeded_bits
from timing.feed import RaceFeed
from timing.folder import OpenRace, create_race
from timing.people.office_seats import OfficeSeats, Official
from timing.race.events import RulesSet, Scanned, SpareDrawn, StationClosed
from timing.race.instants import SECOND, Span, later
from timing.race.rules import rules_of

FIRST, LAST = 101, 162
SPARE, TAPPED, ON_PAPER, GAVE_UP = 9001, 160, (159, 161), 162
FIELD = [
    Run(
        bib,
        company=f"c000{1 + bib % 3}",
        sex="FM"[bib % 2],
        name=f"김{'가나다라마바사아자차'[bib % 10]}{'은솔빛들샘결'[bib % 6]}",
    )
    for bib in range(FIRST, LAST + 1)
]
OTHERS = {"접수대": "이접수", "기록 입력": "박기록", "의료": "최의료", "열람": "정열람"}
STATUS = "상태: 미완주, 실격, 미출발, 참가 취소"
PRIZE = '[[prize]]\nname = "종합 우승"\nranking = "overall"\nplaces = 1\n'


def finish_s(bib: int) -> int:
    """Seconds from the gun to the finish: a runner every five seconds."""
    return 17 * 60 + 5 * (bib - FIRST)


def paper(bibs: Iterable[int]) -> Iterator[str]:
    """Rows as a helper writes them: minute, second, bib; the minute only where it changes."""
    before = -1
    for bib in bibs:
        minute, second = divmod(finish_s(bib), 60)
        yield f"{second:02} {bib}" if minute == before else f"{minute} {second:02} {bib}"
        before = minute


PAPER = list(paper(bib for bib in range(FIRST, LAST) if bib != TAPPED))


@dataclass(frozen=True, slots=True)
class Day:
    """A race before its gun, whose board and office are served at one address, and the devices of its people."""

    at: str
    opened: OpenRace
    clock: ManualClock
    browser: Browser
    devices: ExitStack

    def device(self, link: str, screen: tuple[int, int] = PHONE) -> Page:
        """Somebody comes in by a link, which opens once."""
        page = self.devices.enter_context(visiting(self.browser, screen)).page
        page.goto(link)
        page.locator("main button").click()
        page.wait_for_url(re.compile("/office/(out)?$"))
        return page

    def person(self, page: Page, bib: int) -> None:
        """Somebody's page, by the search."""
        page.goto(f"{self.at}office/people?q={bib}")
        expect(page.get_by_role("heading", level=1)).to_contain_text(str(bib))


@pytest.fixture
def day(tmp_path: Path, browser: Browser) -> Iterator[Day]:
    clock, troubles = ManualClock(later(GUN, Span(-1800 * SECOND))), list[str]()
    with (
        create_race(
            tmp_path / "race", RACE_NAME, "G Valley Smart Marathon", "GV.TEST", 4_500, clock, seeded_bits(7)
        ) as opened,
        ExitStack() as stack,
    ):
        opened.directory.keep(names_of(FIELD))
        opened.log.record([fact for run in FIELD for fact in runner(run.bib, run.company, "", run.sex)])
        opened.log.record([SpareDrawn(SPARE, code_of(SPARE)), RulesSet(rules_of(PRIZE, "rules.toml"), "desk", "")])
        feed, listening = RaceFeed(opened, troubles.append), bind("127.0.0.1", 0)
        follower = stack.enter_context(following(opened, troubles.append))
        app = apart(None, board_app(opened, follower), office_beside(opened, feed, stack))
        stack.enter_context(serving(app, listening))
        at = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        yield Day(at, opened, clock, browser, stack.enter_context(ExitStack()))
    assert troubles == []


def recorded(page: Page) -> None:
    expect(page.get_by_role("status").first).to_contain_text("기록했습니다")


def presses(page: Page, button: Locator) -> None:
    """Press what records something, until the answer stands in place of what stood there."""
    page.locator("main").evaluate("main => { main.dataset.before = ''; }")
    button.click()
    expect(page.locator("main:not([data-before])")).to_be_visible()
    recorded(page)


def records(page: Page) -> None:
    """What is previewed is recorded."""
    presses(page, page.locator("form[data-record]").get_by_role("button"))


def previews(page: Page, title: str, why: str, **blanks: str) -> None:
    """One of the forms on a person's page, up to its preview."""
    page.get_by_text(title, exact=True).click()
    form = page.locator("details[open] form").last
    for name, value in blanks.items():
        blank = form.locator(f"[name={name}]")
        if name == "status":
            form.locator(f"[name=status][value={value}]").check()
        else:
            blank.fill(value)
    form.locator("[name=why]").fill(why)
    form.get_by_role("button").click()
    expect(page.locator("form[data-record]")).to_be_visible()


def test_a_race_day_is_run_from_the_office_by_clicks_and_keys(day: Day) -> None:
    seats = OfficeSeats(day.opened.engine, day.opened.settings.id)
    first = seats.give(Official("강총괄", "director"), day.clock.now())
    director = day.device(f"{day.at}office/enter/{first}", DESK)
    others = {role: lets_in(day, director, role, name) for role, name in OTHERS.items()}
    assert others["의료"].url.endswith("/office/out")
    assert others["열람"].get_by_role("navigation").get_by_role("link").count() == 1

    counter = others["접수대"]
    hands_out_a_packet(day, counter)
    enters_a_walk_in(day, counter)
    day.person(counter, 150)
    previews(counter, "다른 사람이 대신 뜀", "대리 출전", name="한새로")
    records(counter)

    begins = Station("start-1", "start").says(*(scan(bib, "0:10") for bib in [*range(FIRST, LAST + 1), SPARE]))
    day.opened.log.receive(begins.batch())
    fires_the_gun_late(day, director)
    tap = finishes(day, begins)
    types_sixty_rows(day, others["기록 입력"])

    day.person(director, TAPPED)
    previews(director, "주인 없던 탭이나 스캔이 이 사람", "사진으로 확인", scan=tap)
    records(director)
    disqualifies_and_takes_it_back(day, director, FIRST + 1)
    publishes(day, director)
    a_prize_moves(day, director)
    gets_a_certificate(day, FIRST + 1)


def lets_in(day: Day, director: Page, role: str, name: str) -> Page:
    director.goto(day.at + "office/seats")
    director.get_by_label("이름").fill(name)
    director.get_by_label("역할").select_option(label=role)
    director.get_by_role("button", name="링크 만들기").click()
    secret = director.locator(".secret").inner_text().partition("/office/enter/")[2].split()[0]
    return day.device(f"{day.at}office/enter/{secret}")


def hands_out_a_packet(day: Day, counter: Page) -> None:
    counter.goto(day.at + "office/packets?q=가산")
    counter.get_by_role("button", name="주장에게 배부").click()
    expect(counter.get_by_text("21 / 21")).to_be_visible()


def enters_a_walk_in(day: Day, counter: Page) -> None:
    counter.goto(day.at + "office/new")
    counter.get_by_label("이름").first.fill("설아라")
    counter.get_by_label("소속").first.fill("구로소프트")
    counter.get_by_label("여자").check()
    counter.locator("#category").select_option("30대")
    counter.locator("#spare").fill(str(SPARE))
    counter.get_by_role("button", name="등록", exact=True).click()
    counter.get_by_role("button", name=f"{SPARE}번 배부").click()
    expect(counter.get_by_text("이접수 님이 참가자 본인에게 배부").first).to_be_visible()


def fires_the_gun_late(day: Day, director: Page) -> None:
    """The button is pressed 25 seconds after the shot, when people are under way."""
    day.clock.tick(Span(1825 * SECOND))
    director.goto(day.at + "office/gun")
    director.get_by_role("button", name="지금 출발").click()
    expect(director.locator("form[data-record]")).to_be_visible()
    records(director)
    assert day.opened.fold().guns["1"] > GUN
    director.get_by_label("울린 시각 (15:04:05)").fill("14:00:00")
    director.get_by_label("사유").first.fill("단추를 늦게 누름")
    director.get_by_role("button", name="바뀌는 내용 보기").click()
    records(director)
    assert day.opened.fold().guns["1"] == GUN


def finishes(day: Day, begins: Station) -> str:
    """The camera sees most; two stand on paper alone, and of one a helper tapped only that somebody came: that tap's name."""
    ends, tap = Station("finish-1"), ""
    for bib in range(FIRST, LAST):
        if bib == TAPPED:
            when = after_gun(f"{finish_s(bib)}")
            ends.says(Scanned("tap", "", when, when))
            tap = f"{ends.lineage[:8]}#{len(ends.items)}"
        elif bib not in ON_PAPER:
            ends.says(scan(bib, f"{finish_s(bib)}"))
    ends.says(scan(SPARE, f"{finish_s(LAST)}"))
    for station in (begins, ends):
        station.says(StationClosed(after_gun("40:00")))
        day.opened.log.receive(station.batch())
    day.clock.tick(Span(3600 * SECOND))
    return tap


def types_sixty_rows(day: Day, entry: Page) -> None:
    entry.goto(day.at + "office/sheet")
    expect(entry.locator("#rows")).to_be_focused()
    entry.keyboard.insert_text("\n".join(PAPER))
    expect(entry.locator("#sums")).to_contain_text("58")
    entry.get_by_role("button", name="점검").click()
    expect(entry.locator("[aria-busy]")).to_have_count(0)
    expect(entry.locator("textarea")).to_have_count(1)  # the sheet is checked where it stands
    entry.locator("#rows").focus()
    entry.keyboard.press("Control+Enter")
    expect(entry.locator(".place form button")).to_be_focused()
    entry.keyboard.press("Enter")
    recorded(entry)
    race = day.opened.fold()
    assert all(race.by_bib(bib) for bib in ON_PAPER)


def disqualifies_and_takes_it_back(day: Day, director: Page, bib: int) -> None:
    day.person(director, bib)
    previews(director, STATUS, "코스 이탈", status="dsq")
    records(director)
    expect(director.locator("dl.figures")).to_contain_text("실격")
    director.locator("ul.rulings li", has_text="실격").get_by_role("button").click()
    records(director)
    expect(director.locator("dl.figures")).to_contain_text("완주")


def publishes(day: Day, director: Page) -> None:
    """Provisional, then official; who gave up has no final status, and that takes a reason."""
    director.goto(day.at + "office/editions")
    director.get_by_label("이의 신청 시간(분)").fill("0")
    presses(director, director.get_by_role("button", name="잠정 결과 발표"))
    expect(director.locator("ul.todo")).to_contain_text(str(GAVE_UP))
    director.locator("#why").fill("집으로 감")
    presses(director, director.get_by_role("button", name="공식 결과로 확정"))


def a_prize_moves(day: Day, director: Page) -> None:
    """What was handed out to the winner must be given back once another has won."""
    director.goto(day.at + "office/prizes")
    presses(director, director.get_by_role("button", name="시상 완료"))
    day.person(director, FIRST)
    previews(director, STATUS, "다른 사람이 뜀", status="dsq")
    expect(director.locator(".place")).to_contain_text("종합 우승")
    records(director)
    director.goto(day.at + "office/prizes")
    expect(director.get_by_role("button", name="돌려받았음")).to_be_visible()


def gets_a_certificate(day: Day, bib: int) -> None:
    with visiting(day.browser) as runner_s:
        page = runner_s.page
        page.goto(f"{day.at}certificate/{bib}")
        page.locator("#name").fill(next(run.name for run in FIELD if run.bib == bib))
        page.locator("#code").fill(code_of(bib))
        with page.expect_response(lambda answer: answer.request.method == "POST") as got:
            page.get_by_role("button", name="PDF").click()
        assert got.value.status == 200, page.inner_text("main")
        assert got.value.headers["content-type"] == "application/pdf"
