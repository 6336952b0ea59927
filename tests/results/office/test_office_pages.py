"""The race office in a browser: who is let in and to what, people found, a ruling seen before it stands, and taken back."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import ExitStack
from html import unescape
from pathlib import Path
from threading import Event
from urllib.parse import urlencode

import httpx2
import pytest
from fastapi.routing import APIRoute
from starlette.types import ASGIApp

from results.office.rulings.paper_rows import written_rows
from results.office.rulings.ruling_preview import record
from results.office.rulings.rulings import at_desk
from results.office.rulings.substitution import Substitute, substitution
from results.office.service.office_service import OfficeService
from results.office.service.permissions import ALLOWED, Task
from results.office.web.office_session import Allowed
from results.office.web.routes import office_pages
from server.office_side import office_beside
from tests.boards import Run, late_finish, race_folder
from tests.builders import Station, assigned, code_of, entrant, scan
from tests.clock_and_chance import ManualClock
from timing.feed import RaceFeed
from timing.folder import OpenRace, open_race
from timing.log import Moved
from timing.people.inbox import Inbox
from timing.people.office_seats import LINK_LASTS, ROLES, SESSION_LASTS, OfficeSeats, Official
from timing.race.events import (
    BibReplaced,
    BibsHandedOut,
    BibsSwapped,
    EntrantMoved,
    EntrantRegistered,
    FactUndone,
    PassingEntered,
    Role,
    SpareDrawn,
    StatusRuled,
    WaveStarted,
)
from timing.race.instants import SECOND, Instant, Span, wall
from timing.race.known_names import Names

RUNS = [
    Run(417, "0:10", "17:03", name="김하늘"),
    Run(418, "0:11", "18:00", name="김보라"),
    Run(5, "0:12", "19:05", company="c0002", sex="M", name="이보람"),
    Run(6, "0:13", company="c0002", sex="M", name="Anna Lee"),
]
SAME = {"sec-fetch-site": "same-origin"}


def english_sentence(page: str) -> str:
    """The first English words of a page that are no name; empty where all of it is Korean."""
    shown = re.sub(r"<style.*?</style>|<textarea.*?</textarea>|<[^>]*>", "|", page, flags=re.S)
    return next(iter(re.findall(r"[A-Za-z]+(?: [a-z]+){2,}", shown)), "")


class Device:
    """A phone or laptop with its own cookies."""

    def __init__(self, app: ASGIApp) -> None:
        self._app, self.cookies = app, dict[str, str]()

    def asks(
        self,
        path: str,
        method: str = "GET",
        sent: dict[str, str] | bytes | None = None,
        **headers: str,
    ) -> httpx2.Response:
        """What is answered; `sent` are the fields of a form, or a body as it is."""
        content = urlencode(sent).encode() if isinstance(sent, dict) else sent

        async def go() -> httpx2.Response:
            transport = httpx2.ASGITransport(self._app, raise_app_exceptions=False)
            async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
                cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
                return await client.request(
                    method, path, content=content, headers={**SAME, "cookie": cookie, **headers}
                )

        answer = asyncio.run(go())
        page = "text/html" in answer.headers.get("content-type", "") and "content-disposition" not in answer.headers
        if page and self.cookies.get("office_language") != "en":
            assert not (found := english_sentence(answer.text)), found
        for name, value in re.findall(r"^(\w+)=([^;]*)", "\n".join(answer.headers.get_list("set-cookie")), re.M):
            self.cookies[name] = value.strip('"')
        return answer

    def sends(self, path: str, **sent: str) -> httpx2.Response:
        return self.asks(path, "POST", sent)


class House:
    """A race with its office."""

    def __init__(self, opened: OpenRace, app: ASGIApp) -> None:
        self.opened, self.app = opened, app
        self.seats = OfficeSeats(opened.engine, opened.settings.id)

    def link(self, role: Role, name: str = "김총괄") -> str:
        return f"/office/enter/{self.seats.give(Official(name, role), self.opened.clock.now())}"

    def somebody(self, role: Role | None = None, name: str = "김총괄") -> Device:
        """A device, let in where a role is given."""
        device = Device(self.app)
        if role:
            assert device.sends(self.link(role, name)).status_code == 303
        return device

    def ruled(self) -> list[object]:
        return [fact.event for fact in self.opened.log.read() if isinstance(fact.event, StatusRuled | FactUndone)]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    opened = race_folder(tmp_path / "race", RUNS)
    with opened, ExitStack() as stack:
        feed = RaceFeed(opened, print)
        yield House(opened, office_beside(opened, feed, stack))


OPEN = {
    "GET /office/",  # sends each role to its own first page
    "GET /office/b/{code}",  # without a session to the public page
    "GET /office/enter/{secret}",
    "POST /office/enter/{secret}",
    "POST /office/leave",
    "POST /office/language",
    "GET /office/office.css",
    "GET /office/office.js",
    "GET /office/news",
}
"""What needs no role."""


def every_route(service: OfficeService) -> Iterator[tuple[str, str, Task | None]]:
    """Each method and path of the office, and the task that its dependency asks the role for."""
    for route in office_pages(service).routes:
        assert isinstance(route, APIRoute)
        tasks = [one.call.task for one in route.dependant.dependencies if isinstance(one.call, Allowed)]
        for method in route.methods or ():
            yield method, route.path, tasks[0] if tasks else None


def test_every_page_and_form_opens_to_the_roles_that_may_and_to_nobody_else(house: House) -> None:
    devices = {role: house.somebody(role) for role in ROLES}
    with ExitStack() as stack:
        service = OfficeService(house.opened, RaceFeed(house.opened, print))
        stack.callback(service.leave)
        routes = list(every_route(service))
    assert {f"{method} {path}" for method, path, task in routes if task is None} == OPEN
    for method, path, task in routes:
        if task is None:
            continue
        sent: dict[str, str] | None = {} if method == "POST" else None
        asked = re.sub(r"{\w+}", "1", path.replace("{entrant}", "e00417"))
        for role, device in devices.items():
            status = device.asks(asked, method, sent).status_code
            assert (status != 403) == (task in ALLOWED[role]), (method, path, role)
        stranger = house.somebody().asks(asked, method, sent)
        assert stranger.status_code == 401 and "김하늘" not in stranger.text, (method, path)


def test_medical_sees_who_is_out_and_no_result(house: House) -> None:
    medic = house.somebody("medical")
    assert medic.asks("/office/").headers["location"] == "/office/out"
    out = medic.asks("/office/out").text
    assert "Anna Lee" in out and "김하늘" not in out


def test_a_link_opens_once_and_reading_it_does_not_open_it(house: House) -> None:
    link = house.link("director")
    assert [house.somebody().asks(link).status_code for _ in range(3)] == [200, 200, 200]  # a chat's preview
    first, second = house.somebody(), house.somebody()
    assert [one.sends(link).status_code for one in (first, second)] == [303, 404]
    assert [one.asks("/office/").status_code for one in (first, second)] == [200, 401]
    assert house.somebody().asks(link).status_code == 404


def test_the_session_s_cookie_is_for_the_office_alone_and_no_script_reads_it(house: House) -> None:
    told = house.somebody().sends(house.link("viewer")).headers["set-cookie"].lower()
    assert "httponly" in told and "samesite=strict" in told and "path=/office" in told


def test_a_link_and_a_session_end_by_themselves(house: House) -> None:
    clock = house.opened.clock
    assert isinstance(clock, ManualClock)
    link, inside = house.link("director"), house.somebody("viewer")
    clock.tick(LINK_LASTS)
    assert house.somebody().sends(link).status_code == 404 and inside.asks("/office/").status_code == 200
    clock.tick(Span(SESSION_LASTS - LINK_LASTS))
    assert inside.asks("/office/").status_code == 401


def test_whoever_is_taken_out_is_out_at_once_on_every_device(house: House) -> None:
    director, phone, laptop = (
        house.somebody("director"),
        house.somebody("counter", "이접수"),
        house.somebody("counter", "이접수"),
    )
    unopened = house.link("counter", "이접수")
    director.sends("/office/seats", form="revoke", name="이접수")
    assert [one.asks("/office/people").status_code for one in (phone, laptop, director)] == [401, 401, 200]
    assert house.somebody().sends(unopened).status_code == 404


def test_the_last_director_is_not_taken_out_and_a_second_one_may_be(house: House) -> None:
    director = house.somebody("director", "김총괄")
    assert director.sends("/office/seats", form="revoke", name="김총괄").status_code == 422
    second = house.somebody("director", "이총괄")
    assert director.sends("/office/seats", form="revoke", name="이총괄").status_code == 303
    assert [one.asks("/office/people").status_code for one in (director, second)] == [200, 401]


def test_a_page_that_cannot_be_made_says_what_holds_and_leads_back(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    director = house.somebody("director")
    monkeypatch.setattr("results.office.web.gun_routes.gun_page", None)
    answer = director.asks("/office/gun")
    assert answer.status_code == 500 and "기록한 것은 그대로" in answer.text and 'href="/office/"' in answer.text


def test_who_leaves_is_out(house: House) -> None:
    device = house.somebody("viewer")
    kept = dict(device.cookies)
    device.sends("/office/leave")
    device.cookies = kept
    assert device.asks("/office/").status_code == 401


def test_a_form_from_elsewhere_is_refused_whoever_sends_it(house: House) -> None:
    director = house.somebody("director")
    told = {"form": "status", "status": "dsq", "why": "x", "seen": "0"}
    for headers in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}):
        assert director.asks("/office/people/e00417", "POST", told, **headers).status_code == 403
    assert house.ruled() == []


def test_no_page_stands_in_anybody_s_frame(house: House) -> None:
    for device, path in ((house.somebody("director"), "/office/"), (house.somebody(), house.link("viewer"))):
        assert "frame-ancestors 'none'" in device.asks(path).headers["content-security-policy"]


@pytest.mark.parametrize("asked", ["41", "김하늘", "하늘", "ㄱㅎㄴ", "김 하늘"])
def test_somebody_is_found_by_what_people_say(house: House, asked: str) -> None:
    page = house.somebody("counter").asks(f"/office/people?{urlencode({'q': asked})}").text
    assert "김하늘" in page and "이보람" not in page


def test_a_bib_s_whole_number_opens_its_person(house: House) -> None:
    answer = house.somebody("counter").asks(f"/office/people?{urlencode({'q': ' 417 '})}")
    assert answer.status_code == 303 and answer.headers["location"] == "/office/people/e00417"


def test_a_firm_finds_all_its_people(house: House) -> None:
    page = house.somebody("counter").asks(f"/office/people?{urlencode({'q': '가산'})}").text
    assert "김하늘" in page and "김보라" in page and "이보람" not in page


def test_those_whom_a_search_means_alike_stand_in_the_order_of_their_bibs(house: House) -> None:
    house.opened.log.record([BibReplaced("e00417", 1002, code_of(1002), "데스크", "번호 변경")])
    page = house.somebody("counter").asks(f"/office/people?{urlencode({'q': '김'})}").text
    assert page.index("김보라") < page.index("김하늘")


def test_a_search_follows_what_was_ruled_and_what_another_program_wrote_since(house: House) -> None:
    counter = house.somebody("counter")

    def found(asked: str) -> bool:
        return "/office/people/e00005" in counter.asks(f"/office/people?{urlencode({'q': asked})}").text

    assert found("이보람") and found("구로") and not found("가산")
    house.opened.log.record([EntrantMoved("e00005", "c0001", "", "데스크", "이직")])
    assert found("이보람") and not found("구로") and found("가산")
    with open_race(house.opened.root) as elsewhere:
        elsewhere.directory.keep(Names({"e00005": "이보름"}))
    assert not found("이보람") and found("이보름")


def test_a_ruling_is_shown_then_recorded_with_name_and_role_then_taken_back(house: House) -> None:
    director = house.somebody("director", name="박총괄")
    preview = director.sends("/office/people/e00417", form="status", status="dsq", why="코스 이탈")
    assert preview.status_code == 200 and house.ruled() == []
    assert "실격" in preview.text and "김보라" in preview.text  # who moves up
    assert director.sends("/office/people/e00417", **hidden(preview.text)).headers["location"].endswith("?done=1")
    ruling = house.ruled()[0]
    assert isinstance(ruling, StatusRuled)
    assert (ruling.status, ruling.by, ruling.role, ruling.why) == ("dsq", "박총괄", "director", "코스 이탈")
    page = director.asks("/office/people/e00417").text
    assert "실격" in page
    undo = director.sends("/office/people/e00417", **hidden(page, "undo"))
    director.sends("/office/people/e00417", **hidden(undo.text))
    assert isinstance(house.ruled()[-1], FactUndone)
    assert "되돌림" in director.asks("/office/people/e00417").text


def test_a_ruling_is_told_with_name_and_role_of_whoever_made_it(house: House) -> None:
    director, counter = house.somebody("director", "박총괄"), house.somebody("counter", "이접수")
    shown = director.sends("/office/people/e00417", form="status", status="dsq", why="코스 이탈")
    assert "(총괄 박총괄: 코스 이탈)" in shown.text
    director.sends("/office/people/e00417", **hidden(shown.text))
    counter.sends("/office/people/e00006/bib", form="hand")
    assert "(총괄 박총괄: 코스 이탈)" in director.asks("/office/people/e00417").text
    assert "접수대 이접수 님이" in director.asks("/office/people/e00006").text.partition("<h2>판정")[0]


@pytest.mark.parametrize(
    ("path", "sent"),
    [("", {"form": "status", "status": "dnf"}), ("/entry", {"form": "withdraw"}), ("/bib", {"form": "hand"}), ("/name", {"name": "김하나"})],
)  # fmt: skip
def test_a_form_about_somebody_whose_entry_is_gone_says_that_nothing_was_recorded(
    house: House, path: str, sent: dict[str, str]
) -> None:
    answer = house.somebody("director").sends(f"/office/people/e00999{path}", why="구급차", **sent)
    assert answer.status_code == 404 and "아무것도 기록하지 않았습니다" in answer.text
    assert 'href="/office/people"' in answer.text.partition("<main")[2] and house.ruled() == []


def test_the_index_is_ready_before_somebody_searches(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    service, over = OfficeService(house.opened, RaceFeed(house.opened, print)), Event()
    service.prepare(over)
    monkeypatch.setattr("results.office.people.people_search.PersonEntry", None)  # nobody is prepared once more
    with service.office() as office:
        assert service.index(office).find("ㄱㅎㄴ") == ["e00417"]
    service.leave()


def test_an_office_that_ends_at_once_prepares_nothing(house: House) -> None:
    service, over = OfficeService(house.opened, RaceFeed(house.opened, print)), Event()
    over.set()
    service.prepare(over)
    with service.office() as office:
        assert service.index(office).find("ㄱㅎㄴ") == ["e00417"]
    service.leave()


def test_a_form_that_is_sent_twice_counts_once(house: House) -> None:
    director = house.somebody("director")
    sent = hidden(director.sends("/office/people/e00417", form="status", status="dnf", why="구급차").text)
    answers = [director.sends("/office/people/e00417", **sent).status_code for _ in range(2)]
    assert answers == [303, 303] and len(house.ruled()) == 1


def test_of_two_who_rule_at_once_the_second_sees_what_the_first_did(house: House) -> None:
    one, other = house.somebody("director", "김총괄"), house.somebody("director", "박총괄")
    forms = [hidden(device.sends("/office/people/e00417", form="status", status=status, why="x").text)
             for device, status in ((one, "dnf"), (other, "dsq"))]  # fmt: skip
    assert one.sends("/office/people/e00417", **forms[0]).status_code == 303
    late = other.sends("/office/people/e00417", **forms[1])
    assert late.status_code == 409 and "미완주" in late.text and len(house.ruled()) == 1
    assert other.sends("/office/people/e00417", **hidden(late.text)).status_code == 303


def test_a_preview_stays_good_while_somebody_rules_about_another_person(house: House) -> None:
    one, other = house.somebody("director", "김총괄"), house.somebody("director", "박총괄")
    sent = hidden(one.sends("/office/people/e00417", form="status", status="dnf", why="구급차").text)
    house.somebody("counter", "이접수").sends("/office/people/e00006/bib", form="hand")
    assert one.sends("/office/people/e00417", **sent).status_code == 303
    sent = hidden(one.sends("/office/people/e00006", form="status", status="dnf", why="구급차").text)
    other.sends("/office/people/e00006/bib", form="hand")  # refused: nothing was said meanwhile
    assert one.sends("/office/people/e00006", **sent).status_code == 303 and len(house.ruled()) == 2


def test_a_preview_that_another_s_ruling_made_untrue_is_shown_again(house: House) -> None:
    one, other = house.somebody("director", "김총괄"), house.somebody("director", "박총괄")
    sent = hidden(one.sends("/office/people/e00418", form="status", status="dsq", why="x").text)
    first = hidden(other.sends("/office/people/e00417", form="status", status="dsq", why="x").text)
    assert other.sends("/office/people/e00417", **first).status_code == 303
    assert one.sends("/office/people/e00418", **sent).status_code == 409 and len(house.ruled()) == 1  # another podium


def test_a_preview_is_shown_again_where_a_camera_saw_the_person_since_and_not_where_it_saw_others(house: House) -> None:
    director = house.somebody("director")
    one, other = (
        hidden(director.sends(f"/office/people/{who}", form="status", status="dnf", why="구급차").text)
        for who in ("e00006", "e00005")
    )
    late_finish(house.opened, 6, "20:00")
    late = director.sends("/office/people/e00006", **one)
    assert late.status_code == 409 and "완주 19:47" in late.text and not house.ruled()
    assert director.sends("/office/people/e00005", **other).status_code == 303


def test_nothing_is_recorded_that_was_not_shown_though_nobody_else_ruled(house: House) -> None:
    director, swap = house.somebody("director"), {"form": "swap", "other": "김보라", "why": "바꿔 닮"}
    shown = hidden(director.sends("/office/people/e00417/entry", **swap).text)
    with open_race(house.opened.root) as elsewhere:
        elsewhere.directory.keep(Names({"e00418": "박보라", "e00005": "김보라"}))
    late = director.sends("/office/people/e00417/entry", **shown)
    assert late.status_code == 409 and "김보라 (구로소프트)" in late.text
    assert director.sends("/office/people/e00006/entry", **hidden(late.text)).status_code == 409  # of another person
    assert not [one for one in house.opened.fold().said.values() if isinstance(one, BibsSwapped)]


def test_nobody_gets_back_a_bib_that_somebody_else_wears_by_now(house: House) -> None:
    director, undo = house.somebody("director"), {"form": "undo", "why": "취소"}
    house.opened.log.record([BibReplaced("e00417", 9001, code_of(9001), "데스크", "분실")])
    undone = house.opened.log.head().seq + 1
    house.opened.log.record(
        [FactUndone(undone - 1, "데스크", "취소"), BibReplaced("e00418", 9001, code_of(9001), "데스크", "분실")]
    )
    refused = director.sends("/office/people/e00417", **undo, pos=str(undone))
    assert refused.status_code == 422 and "김하늘, 김보라" in refused.text
    assert director.sends("/office/people/e00418", **undo, pos=str(undone + 1)).status_code == 200


def test_after_a_swap_a_bib_that_was_replaced_leads_to_whose_its_scans_are(house: House) -> None:
    house.opened.log.record(
        [
            BibsSwapped("e00417", "e00418", "데스크", "서로 바꿔 닮"),
            BibReplaced("e00417", 1002, code_of(1002), "데스크", "분실"),
        ]
    )
    counter = house.somebody("counter")
    asked = [counter.asks(f"/office/people?q={one}").headers["location"] for one in ("418", code_of(418))]
    assert asked == ["/office/people/e00417?bib=418"] * 2


def handed_out(house: House) -> list[tuple[str, ...]]:
    return [fact.event.entrants for fact in house.opened.log.read() if isinstance(fact.event, BibsHandedOut)]


def test_a_one_step_form_that_is_sent_again_is_answered_as_the_first_time_after_a_restart_too(house: House) -> None:
    counter = house.somebody("counter", "이접수")
    sent = hidden(counter.asks("/office/people/e00417").text, "hand")
    answers = [counter.sends("/office/people/e00417/bib", **sent) for _ in range(2)]
    with ExitStack() as stack:
        feed = RaceFeed(house.opened, print)
        restarted = Device(office_beside(house.opened, feed, stack))
        restarted.cookies = counter.cookies
        answers.append(restarted.sends("/office/people/e00417/bib", **sent))
    assert {(one.status_code, one.headers["location"]) for one in answers} == {(303, "/office/people/e00417?done=1")}
    assert handed_out(house) == [("e00417",)]


def test_two_tabs_with_a_form_each_hand_out_once_and_the_second_says_who_did(house: House) -> None:
    counter = house.somebody("counter", "이접수")
    tabs = [hidden(counter.asks("/office/people/e00417").text, "hand") for _ in range(2)]
    answers = [counter.sends("/office/people/e00417/bib", **sent) for sent in tabs]
    assert [one.status_code for one in answers] == [303, 422] and "이접수" in answers[1].text
    assert handed_out(house) == [("e00417",)]


def test_a_recorded_form_that_comes_back_with_something_else_in_it_is_never_taken_for_the_first(house: House) -> None:
    house.opened.log.record([SpareDrawn(9001, code_of(9001)), SpareDrawn(9002, code_of(9002))])
    counter = house.somebody("counter")
    sent = hidden(counter.asks("/office/people/e00417").text, "exchange")
    assert counter.sends("/office/people/e00417/bib", **sent, spare="9001").status_code == 303
    assert counter.sends("/office/people/e00417/bib", **sent, spare="9002").status_code == 422
    assert "9001 김하늘" in counter.asks("/office/people/e00417").text


def test_of_two_who_enter_somebody_new_at_once_neither_takes_the_other_s_name(house: House) -> None:
    office, seen = at_desk(house.opened), house.opened.log.lineage_head(house.opened.log.desk).seq
    first, second = (substitution(office, "417", Substitute(name), "접수", "출장") for name in ("한새로", "두번째"))
    record(house.opened, first, seen)
    with pytest.raises(Moved):
        record(house.opened, second, seen)
    assert {*first.names.people} == {*second.names.people}  # the same free id
    assert house.opened.directory.names().people[next(iter(first.names.people))] == "한새로"


def test_a_ruling_without_a_reason_is_not_taken(house: House) -> None:
    refused = house.somebody("director").sends("/office/people/e00417", form="status", status="dsq", why=" ")
    assert refused.status_code == 422 and "사유" in refused.text


def test_a_bib_is_handed_out_once_and_the_second_time_says_who_gave_it_when(house: House) -> None:
    counter = house.somebody("counter", "이접수")
    assert counter.sends("/office/people/e00417/bib", form="hand").status_code == 303
    again = house.somebody("counter", "박접수").sends("/office/people/e00417/bib", form="hand")
    assert again.status_code == 422 and "이접수" in again.text
    page = counter.asks("/office/packets").text
    assert "1 / 2" in page and "0 / 2" in page


def test_a_captain_takes_what_is_left_of_the_packet(house: House) -> None:
    counter = house.somebody("counter", "이접수")
    counter.sends("/office/people/e00417/bib", form="hand")
    assert counter.sends("/office/packets", company="c0001").status_code == 303
    assert [fact.event.entrants for fact in house.opened.log.read() if isinstance(fact.event, BibsHandedOut)] == [
        ("e00417",),
        ("e00418",),
    ]
    refused = counter.sends("/office/packets", company="c0001")
    assert refused.status_code == 422 and "2 / 2" in refused.text


def test_a_packet_that_holds_another_number_of_bibs_than_its_page_said_is_not_handed_out(house: House) -> None:
    counter = house.somebody("counter", "이접수")
    shown = next(one for one in forms(counter.asks("/office/packets").text) if one.get("company") == "c0001")
    counter.sends("/office/people/e00417/bib", form="hand")
    late = counter.sends("/office/packets", **shown)
    assert late.status_code == 422 and handed_out(house) == [("e00417",)]
    again = next(one for one in forms(late.text) if one.get("company") == "c0001")
    assert counter.sends("/office/packets", **again).status_code == 303
    assert handed_out(house) == [("e00417",), ("e00418",)]


def test_a_hand_out_is_taken_back_like_every_ruling(house: House) -> None:
    director = house.somebody("director")
    director.sends("/office/people/e00417/bib", form="hand")
    undo = director.sends("/office/people/e00417", **hidden(director.asks("/office/people/e00417").text, "undo"))
    director.sends("/office/people/e00417", **hidden(undo.text))
    assert "0 / 2" in director.asks("/office/packets").text


def test_a_spare_for_a_lost_bib_is_the_person_s_from_then_on(house: House) -> None:
    house.opened.log.record([SpareDrawn(9001, code_of(9001))])
    counter = house.somebody("counter", "이접수")
    assert counter.sends("/office/people/e00417/bib", form="exchange", spare="9001", why="분실").status_code == 303
    assert "9001 김하늘" in counter.asks("/office/people/e00417").text
    for spare, status in (("9001", 422), ("418", 422), ("77", 422), ("", 422), ("²", 422)):
        assert counter.sends("/office/people/e00418/bib", form="exchange", spare=spare).status_code == status, spare


def test_the_gun_is_the_moment_of_the_press_and_not_of_the_record(house: House) -> None:
    house.opened.log.record([EntrantRegistered("e9", "c0001", "", "F", "30대", "2")])
    director, pressed = house.somebody("director", "박총괄"), house.opened.clock.now()
    preview = director.sends("/office/gun", wave="2")
    assert isinstance(house.opened.clock, ManualClock)
    house.opened.clock.tick(Span(7 * SECOND))
    assert director.sends("/office/gun", **hidden(preview.text)).status_code == 303
    guns = [fact.event for fact in house.opened.log.read() if isinstance(fact.event, WaveStarted)]
    assert [(gun.wave, gun.at, gun.by) for gun in guns[-1:]] == [("2", pressed, "박총괄")]


def test_a_gun_that_went_is_moved_with_a_reason_after_a_look_at_what_it_leaves_out(house: House) -> None:
    director = house.somebody("director")
    late = wall(Instant(house.opened.fold().guns["1"] + 600 * SECOND), house.opened.zone)
    house.opened.clock.tick(Span(3600 * SECOND))  # type: ignore[attr-defined]
    assert director.sends("/office/gun", wave="1", at=late).status_code == 422
    preview = director.sends("/office/gun", wave="1", at=late, why="심판 시계")
    assert "notice wrong" in preview.text and "4명" in preview.text  # four were seen starting before it
    assert director.sends("/office/gun", **hidden(preview.text)).status_code == 303
    assert wall(house.opened.fold().guns["1"], house.opened.zone) == late


def test_a_gun_is_shown_again_where_somebody_was_seen_starting_since_whom_it_would_leave_out(house: House) -> None:
    director = house.somebody("director")
    house.opened.log.record([entrant(7), assigned(7)])
    late = wall(Instant(house.opened.fold().guns["1"] + 600 * SECOND), house.opened.zone)
    house.opened.clock.tick(Span(3600 * SECOND))  # type: ignore[attr-defined]
    shown = hidden(director.sends("/office/gun", wave="1", at=late, why="심판 시계").text)
    house.opened.log.receive(Station("start-2", "start").says(scan(7, "0:14")).batch())
    again = director.sends("/office/gun", **shown)
    assert again.status_code == 409 and "5명" in again.text
    house.opened.log.receive(Station("start-3", "start").says(scan(7, "10:14")).batch())  # one that counts either way
    again = director.sends("/office/gun", **hidden(again.text))
    assert again.status_code == 409 and "4명" in again.text
    assert director.sends("/office/gun", **hidden(again.text)).status_code == 303


@pytest.mark.parametrize("at", ["23:99", "soon", "9999-01-01T00:00:00+09:00"])
def test_a_gun_that_cannot_be_is_refused(house: House, at: str) -> None:
    assert house.somebody("director").sends("/office/gun", wave="1", at=at, why="x").status_code == 422


def test_a_paper_sheet_records_what_is_new_once_keeps_what_nobody_can_tell_and_is_taken_back(house: House) -> None:
    house.opened.clock.tick(Span(3600 * SECOND))  # type: ignore[attr-defined]
    entry = house.somebody("entry", "이기록")
    rows = "17 5 417\n18 40 6\n19 30 5\n31 9999\n9 9"
    checked = entry.sends("/office/sheet", form="check", rows=rows).text
    for state in ("일치", "신규", "어긋남", "모르는 배번", "읽을 수 없음"):
        assert state in checked
    preview = hidden(entry.sends("/office/sheet", form="record", rows=rows, name="3").text)
    assert [entry.sends("/office/sheet", **preview).status_code for _ in range(2)] == [303, 303]
    entered = [fact.event for fact in house.opened.log.read() if isinstance(fact.event, PassingEntered)]
    assert [(one.entrant, wall(one.at, house.opened.zone), one.by, one.role, one.why) for one in entered] == [
        ("e00006", "14:18:40.0", "이기록", "entry", "종이 기록지 3")
    ]
    kept = Inbox(house.opened.engine, house.opened.settings.id)
    assert [one.written for one in kept.messages()] == ["5", "9999", "?"]
    entry.sends("/office/sheet", form="settle", number="1")
    page = entry.asks("/office/sheet").text
    assert len(kept.messages()) == 2 and "종이 기록지 3: 1건" in page
    another = house.somebody("entry", "박기록")
    assert another.sends("/office/sheet", **hidden(page, "undo")).status_code == 422
    assert 'value="undo"' not in another.asks("/office/sheet").text
    assert 'value="undo"' in house.somebody("director").asks("/office/sheet").text
    undo = entry.sends("/office/sheet", **hidden(page, "undo"))
    assert entry.sends("/office/sheet", **hidden(undo.text)).status_code == 303
    assert "종이 기록지 3: 1건" not in entry.asks("/office/sheet").text


@pytest.mark.parametrize(("text", "read"), [
    ("45 35 453\n38 454\n1:02 455", [("14:45:35", 453), ("14:45:38", 454), ("15:01:02", 455)]),
    ("15.2.10.7", [("15:02:10", 7)]),
    ("58분 3초 12번", [("14:58:03", 12)]),
    ("45:35\n45 35 ?", [("14:45:35", None), ("14:45:35", None)]),
    ("45 58 1\n02 2\n12 8\n45 61 3\nfoo", [("14:45:58", 1), None, None, None, None]),
])  # fmt: skip
def test_rows_are_read_as_people_write_them_and_never_guessed(
    text: str, read: list[tuple[str, int | None] | None]
) -> None:
    rows = written_rows(text, 14 * 3600)
    told = [
        None
        if one.seconds is None
        else (f"{one.seconds // 3600}:{one.seconds // 60 % 60:02}:{one.seconds % 60:02}", one.bib)
        for one in rows
    ]
    assert told == read


def test_guessing_links_ends(house: House) -> None:
    stranger = house.somebody()
    answers = [stranger.asks(f"/office/enter/{number:064x}").status_code for number in range(80)]
    assert answers[0] == 404 and answers[-1] == 429


def test_the_office_speaks_the_language_that_was_chosen(house: House) -> None:
    device = house.somebody("director")
    assert "현황" in device.asks("/office/").text
    device.sends("/office/language", language="en")
    assert "Overview" in device.asks("/office/").text and "현황" not in device.asks("/office/").text


def forms(page: str) -> list[dict[str, str]]:
    """The hidden fields of each form of the page."""
    return [
        {name: unescape(told) for name, told in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', one)}
        for one in re.findall(r"<form.*?</form>", page, re.S)
    ]


def hidden(page: str, form: str = "") -> dict[str, str]:
    """The hidden fields of the page's form, or of the one that says `form`."""
    return next(one for one in forms(page) if (one.get("form") == form if form else "seen" in one))
