"""A certificate from the board: for whoever types the wearer's name and the bib's code, once results are published; guesses are few."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from threading import Event as Pause
from typing import TypeVar
from urllib.parse import quote

import httpx2
import pytest
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp

from results.board.board_app import Board
from results.board.board_projection import BoardProjection
from results.board.edition_archive import EditionArchive, Results, results_of
from results.board.runner_page import runner_page
from results.board.site import Site
from results.certificates.certificate_service import DRAWN_FOR_BIB, DRAWN_WAIT, WRONG_FROM_ONE, CertificateService
from results.certificates.edition_certificates import Printer
from results.certificates.pages import certificate_pages
from results.certificates.tries import DAY_S, WAITS_S, Tries
from results.certificates.verifier import CertificateVerifier
from tests.boards import PATIENCE_S, Page, Run, followed, net, race_folder
from tests.builders import GUN, code_of, entrant_id
from tests.clock_and_chance import ManualClock
from tests.terminal import marathon
from timing.errors import Unreachable
from timing.folder import OpenRace
from timing.language import pair
from timing.printed.certificates import Certificate
from timing.race.events import BibReplaced, EditionPublished, SpareDrawn
from timing.race.instants import span

RUNS = [
    net(1, 1_000, name="김하늘"),
    net(2, 1_010, name="남궁 보람"),
    net(3, 1_020, name="Jane Doe"),
    net(4, 1_030, name=""),
    Run(5, name="정다온"),
]


class Press:
    """A printer that keeps what it was given."""

    def __init__(self) -> None:
        self.printed: list[Certificate] = []
        self.broken = False

    def pdf(self, certificates: Sequence[Certificate], drawn: object) -> bytes:
        if self.broken:
            raise Unreachable(pair("없음", "nothing there"))
        self.printed += certificates
        return b"%PDF-" + certificates[0].name.encode()

    def lacking(self, text: str) -> set[str]:
        return {"☃"} & set(text)

    @property
    def printer(self) -> Printer:
        return Printer(self.lacking, self.pdf, lambda certificates: iter(()))


class Hall:
    """A race with its board, and a press behind it."""

    def __init__(self, race: OpenRace, follower: BoardProjection, clock: ManualClock) -> None:
        self.race, self.follower, self.clock, self.press = race, follower, clock, Press()
        api = FastAPI()
        api.include_router(certificate_pages(CertificateService(race, follower, self.press.printer, clock)))
        self.app: ASGIApp = Board(lambda: follower.snapshot, follower.firm_of, api)

    def publish(self) -> None:
        assert marathon("edition", "provisional", "--protest-minutes", 0, "--race", self.race.root) == 0
        self.follower.refresh()

    def asks(self, path: str) -> httpx2.Response:
        return self._send("GET", path, None)

    def types(
        self, bib: int, name: str, language: str = "", sender: str = "192.0.2.1", code: str | None = None
    ) -> httpx2.Response:
        told = f"name={quote(name)}&code={quote(code_of(bib) if code is None else code)}"
        return self._send("POST", f"{language}/certificate/{bib}", told.encode(), sender)

    def _send(self, method: str, path: str, body: bytes | None, sender: str = "192.0.2.1") -> httpx2.Response:
        async def sent() -> httpx2.Response:
            transport = httpx2.ASGITransport(app=self.app, client=(sender, 1))
            async with httpx2.AsyncClient(transport=transport, base_url="http://board.test") as client:
                return await client.request(method, path, content=body)

        return asyncio.run(sent())


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    clock = ManualClock(GUN)
    with race_folder(tmp_path / "race", RUNS) as race:
        yield Hall(race, followed(race, print), clock)


@pytest.fixture
def open_hall(hall: Hall) -> Hall:
    hall.publish()
    return hall


def test_before_results_are_published_there_is_no_form(hall: Hall) -> None:
    page = hall.asks("/certificate/1")
    assert page.status_code == 200 and not Page(page.text).all("input", name="name")
    assert hall.types(1, "김하늘").status_code == 409 and hall.press.printed == []
    assert "certificate/" not in runner_page(hall.follower.snapshot.site, "ko", hall.follower.snapshot.site.shown[1])


@pytest.mark.parametrize("typed", ["김하늘", " 김 하늘 ", "\u1100\u1175\u11b7\u1112\u1161\u1102\u1173\u11af"])
def test_the_wearer_s_name_opens_it_however_it_is_spaced_or_composed(open_hall: Hall, typed: str) -> None:
    answer = open_hall.types(1, typed)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["cache-control"] == "no-store" and "attachment" in answer.headers["content-disposition"]
    (printed,) = open_hall.press.printed
    assert (printed.bib, printed.name) == (1, "김하늘") and printed.signed.startswith("HTTPS://GV.TEST/V/1/1/")


def test_a_name_in_letters_may_be_typed_in_any_case(open_hall: Hall) -> None:
    assert open_hall.types(3, "jane doe").status_code == 200
    assert open_hall.types(2, "남궁보람", language="/en").status_code == 200


@pytest.mark.parametrize(("bib", "typed"), [(1, "김하눌"), (1, ""), (1, "남궁보람"), (4, ""), (4, "x")])
def test_any_other_name_is_refused_in_plain_words(open_hall: Hall, bib: int, typed: str) -> None:
    answer = open_hall.types(bib, typed)
    assert answer.status_code == 403 and "성명이나 코드가 이 배번의 것과 다릅니다." in Page(answer.text).words
    assert "김하늘" not in answer.text and open_hall.press.printed == []


def test_who_gets_none_is_told_why_after_the_right_name_alone(open_hall: Hall) -> None:
    assert "1판에는 이 배번의 기록증이 없습니다: 출발도 도착도 보이지 않음" in open_hall.types(5, "정다온").text
    assert "Edition 1 gives this bib no certificate: seen at neither line" in open_hall.types(5, "정다온", "/en").text
    assert "출발도 도착도 보이지 않음" not in open_hall.types(5, "정다운").text


def test_a_bib_of_nobody_is_a_page_that_is_not_there(open_hall: Hall) -> None:
    assert open_hall.asks("/certificate/99").status_code == 404
    assert open_hall.types(99, "김하늘").status_code == 404


@pytest.mark.parametrize("code", ["", "x", "00000-00000-0", code_of(2), code_of(99), "HTTPS://GV.TEST/B/"])
def test_who_has_no_bib_learns_of_no_name_whether_it_is_right(open_hall: Hall, code: str) -> None:
    told = [open_hall.types(1, name, code=code) for name in ("김하늘", "아무개", "")]
    assert {(one.status_code, one.text) for one in told} == {(403, told[0].text)}
    assert open_hall.types(5, "정다온", code=code).text == open_hall.types(5, "정다운", code=code).text
    assert open_hall.press.printed == []


def test_a_wrong_name_and_a_wrong_code_are_answered_alike(open_hall: Hall) -> None:
    assert open_hall.types(1, "아무개").text == open_hall.types(1, "김하늘", code="").text


@pytest.mark.parametrize("written", ["{}", "{} ", "HTTPS://GV.TEST/B/{}", "https://gv.test/b/{}", "with-hyphens"])
def test_the_code_may_be_typed_as_it_is_printed_or_as_its_qr_says(open_hall: Hall, written: str) -> None:
    code = str(code_of(1))
    typed = f"{code[:5]}-{code[5:10]}-{code[10:]}".lower() if "-" in written else written.format(code)
    assert open_hall.types(1, "김하늘", code=typed).status_code == 200


def test_both_bibs_of_somebody_who_got_another_open_the_certificate(open_hall: Hall) -> None:
    open_hall.race.log.record(
        [SpareDrawn(77, code_of(77)), BibReplaced(entrant_id(1), 77, code_of(77), "desk", "젖음")]
    )
    open_hall.publish()
    assert open_hall.types(77, "김하늘").status_code == 200
    assert open_hall.types(77, "김하늘", code=code_of(1)).status_code == 200


def test_strangers_shut_no_door_however_many_they_are(open_hall: Hall) -> None:
    for number in range(60):
        open_hall.types(1, "김하늘", code="", sender=f"198.51.100.{number}")
        open_hall.types(1, "김하늘", code="", sender=f"2001:db8:0:{number:x}::1")
    assert open_hall.types(1, "김하늘").status_code == 200


def test_wrong_answers_from_one_address_are_told_to_wait_and_the_right_one_is_taken(open_hall: Hall) -> None:
    codes = [open_hall.types(1, "아무개", code="").status_code for _ in range(WRONG_FROM_ONE + 1)]
    assert codes[0] == 403 and codes[-1] == 429
    assert open_hall.types(1, "김하늘").status_code == 200


def test_who_has_the_bib_may_guess_its_name_ever_more_slowly_and_ten_times_a_day(open_hall: Hall) -> None:
    clock, guesses, waited = open_hall.clock, 0, 0
    while waited < DAY_S - 600:
        answer = open_hall.types(1, "아무개", sender=f"198.51.100.{waited // 600 % 200}")
        guesses += answer.status_code == 403
        clock.tick(span(600))
        waited += 600
    assert guesses == len(WAITS_S) == 10
    assert open_hall.types(1, "김하늘").status_code == 429
    assert open_hall.types(3, "Jane Doe").status_code == 200
    clock.tick(span(DAY_S))
    assert open_hall.types(1, "김하늘").status_code == 200


def test_the_first_slips_of_a_runner_cost_no_wait_and_the_next_half_a_minute(clock: ManualClock) -> None:
    tries = Tries(clock)
    for _ in range(3):
        assert not tries.must_wait(1)
        tries.wrong(1)
    assert tries.must_wait(1) and not tries.must_wait(2)
    clock.tick(span(31))
    assert not tries.must_wait(1)


def test_a_bib_without_a_code_asks_for_the_name_alone_and_guesses_are_as_few(
    open_hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_hall.follower.feed.race.office, "codes", {})
    assert not Page(open_hall.asks("/certificate/1").text).all("input", name="code")
    answers = [open_hall.types(1, "아무개", code="").status_code for _ in range(4)]
    assert answers == [403, 403, 403, 429]
    assert open_hall.types(3, "Jane Doe", code="").status_code == 200


def test_one_bib_has_no_more_than_a_few_drawn(open_hall: Hall) -> None:
    statuses = [open_hall.types(1, "김하늘").status_code for _ in range(DRAWN_FOR_BIB + 1)]
    assert statuses == [200] * DRAWN_FOR_BIB + [429]


def test_a_crowd_waits_in_a_queue_of_its_own_and_who_comes_too_late_is_told_when_to_come_again(
    open_hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing = Pause()
    monkeypatch.setattr(open_hall.press, "pdf", lambda certificates, drawn: drawing.wait(PATIENCE_S) and b"%PDF-")
    monkeypatch.setattr("results.certificates.certificate_service.DRAWN_FOR_BIB", 1_000)

    async def crowd() -> list[httpx2.Response]:
        door = CertificateService(open_hall.race, open_hall.follower, open_hall.press.printer, open_hall.clock)
        api = FastAPI()
        api.include_router(certificate_pages(door))
        transport = httpx2.ASGITransport(app=api)
        async with httpx2.AsyncClient(transport=transport, base_url="http://gv.test") as client:
            body = f"name={quote('김하늘')}&code={code_of(1)}".encode()
            asked = [asyncio.create_task(client.post("/certificate/1", content=body)) for _ in range(DRAWN_WAIT + 20)]
            while sum(one.done() for one in asked) < 19:
                await asyncio.sleep(0.01)
            assert await run_in_threadpool(lambda: "a captain's page")  # as those are made
            drawing.set()
            return list(await asyncio.gather(*asked))

    answers = asyncio.run(crowd())
    statuses = [one.status_code for one in answers]
    assert set(statuses) == {200, 503} and statuses.count(503) >= 19
    refused = next(one for one in answers if one.status_code == 503)
    assert int(refused.headers["retry-after"]) > 0 and "잠시 뒤에" in refused.text


def test_guesses_that_come_all_at_once_are_no_more_and_the_edition_is_made_again_once(
    open_hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = slowly_counted(monkeypatch)
    open_hall.follower.archive = EditionArchive(open_hall.race)
    door = CertificateService(open_hall.race, open_hall.follower, open_hall.press.printer, open_hall.clock)

    async def crowd() -> list[int]:
        asked = (door.give(1, f"아무개{number}", code_of(1), f"192.0.2.{number}") for number in range(CROWD))
        return [given.status for given in await asyncio.gather(*asked)]

    statuses = asyncio.run(crowd())
    assert statuses.count(403) == 3 and statuses.count(429) == CROWD - 3
    assert len(made) == 1


def test_phones_that_scan_a_certificate_at_once_have_the_edition_made_again_once(
    open_hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert open_hall.types(1, "김하늘").status_code == 200
    made, (printed,) = slowly_counted(monkeypatch), open_hall.press.printed
    verifier = CertificateVerifier(open_hall.race, open_hall.follower.editions, EditionArchive(open_hall.race))
    assert {str(one) for one in at_once(lambda number: verifier.verdict(printed.signed).standing)} == {"valid"}
    assert len(made) == 1


CROWD = 40
R = TypeVar("R")


def at_once(asks: Callable[[int], R]) -> list[R]:
    """What so many get who ask in the same moment."""
    start = Barrier(CROWD)

    def one(number: int) -> R:
        start.wait()
        return asks(number)

    with ThreadPoolExecutor(CROWD) as crowd:
        return list(crowd.map(one, range(CROWD)))


def slowly_counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the editions that are made again, each of which takes a while."""
    made: list[int] = []

    def made_again(opened: OpenRace, edition: EditionPublished) -> Results:
        made.append(edition.number)
        Pause().wait(0.1)
        return results_of(opened, edition)

    monkeypatch.setattr("results.board.edition_archive.results_of", made_again)
    return made


def test_where_nothing_can_be_drawn_the_desk_is_named(open_hall: Hall) -> None:
    open_hall.press.broken = True
    answer = open_hall.types(1, "김하늘")
    assert answer.status_code == 503 and "기록 안내소" in answer.text


def test_more_than_a_name_is_not_read(open_hall: Hall) -> None:
    assert open_hall.types(1, "김하늘" * 10_000).status_code == 403


def test_a_runner_s_page_leads_to_the_form_and_a_copy_elsewhere_says_where_it_is(open_hall: Hall) -> None:
    view = open_hall.follower.snapshot.view
    served, copied = Site(view), Site(replace(view, takes_messages=False))
    assert "/certificate/1" in Page(runner_page(served, "ko", served.shown[1])).links
    assert "/en/certificate/1" in Page(runner_page(served, "en", served.shown[1])).links
    page = Page(runner_page(copied, "ko", copied.shown[1]))
    assert not [link for link in page.links if "certificate" in link]
    assert any("https://gv.test/certificate/1" in word for word in page.words)
    assert "certificate" not in runner_page(served, "ko", served.shown[5])


def leads(hall: Hall, bib: int) -> str:
    """What the link on a runner's page promises; empty where there is none."""
    site = hall.follower.snapshot.site
    words = Page(runner_page(site, "ko", site.shown[bib])).words
    return next((word.removesuffix(" 받기") for word in words if word.endswith("증 받기")), "")


def test_a_runner_s_page_promises_what_the_last_edition_gives_whatever_was_ruled_since(hall: Hall) -> None:
    race = hall.race.root
    assert marathon("rule", "status", "dsq", 2, "--why", "대리 참가", "--yes", "--race", race) == 0
    assert marathon("rule", "status", "dnf", 3, "--why", "구급차", "--yes", "--race", race) == 0
    hall.publish()
    assert [leads(hall, bib) for bib in (1, 2, 3, 4, 5)] == ["기록증", "", "참가증", "", ""]
    assert "실격" in hall.types(2, "남궁보람").text
    assert "참가증 3" in Page(hall.asks("/certificate/3").text).words
    assert marathon("rule", "reinstate", 2, "--why", "확인", "--yes", "--race", race) == 0
    assert marathon("rule", "status", "dsq", 1, "--why", "대리 참가", "--yes", "--race", race) == 0
    hall.follower.refresh()
    assert [leads(hall, bib) for bib in (1, 2)] == ["기록증", ""]


def test_the_form_says_of_which_edition_it_is_and_that_a_newer_result_comes_with_the_next(open_hall: Hall) -> None:
    first = open_hall.asks("/certificate/1").text
    assert "잠정 기록 1판대로, 잠정이라고 적어 드립니다." in first and "다음 판의 기록증" not in first
    race = open_hall.race.root
    assert marathon("rule", "adjust", 1, "+5", "--why", "지름길", "--yes", "--race", race) == 0
    open_hall.follower.refresh()
    assert "다음 판의 기록증에 나옵니다" in open_hall.asks("/certificate/1").text
    assert "comes with the next edition" in open_hall.asks("/en/certificate/1").text


def test_where_everybody_gets_one_of_participation_the_page_says_so(open_hall: Hall) -> None:
    view = open_hall.follower.snapshot.view
    site = Site(replace(view, certificate="participation"))
    assert "참가증 받기" in Page(runner_page(site, "ko", site.shown[1])).words
