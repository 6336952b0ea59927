"""Long work of the office: begun once, beside the server, its progress on a page, its files fetched for a day."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from threading import Event as Pause

import pytest

from results.office.jobs.background_jobs import WAITING_MOST, BackgroundJob, Work
from results.office.service.office_service import OfficeService
from results.office.web.routes import office_pages
from tests.boards import PATIENCE_S
from tests.results.office.test_office_pages import Device, House, house
from timing.errors import RaceError
from timing.feed import RaceFeed
from timing.language import Text, _
from timing.people.office_seats import LINK_LASTS
from timing.web.app import web_app

__all__ = ["house"]


class Workshop:
    """An office whose jobs go on when the test lets them."""

    def __init__(self, house: House, service: OfficeService) -> None:
        self.service, self.may_go_on, self.begun = service, Pause(), Pause()
        self.director = House(house.opened, web_app("office", office_pages(service))).somebody("director")

    def begin(self, work: Work, key: str = "lists") -> BackgroundJob:
        return self.service.jobs.begin(key, _("Lists"), "/office/files", "ko", work)

    def half_done(self, job: BackgroundJob) -> Sequence[Text]:
        job.expect(2)
        job.step()
        self.begun.set()
        assert self.may_go_on.wait(PATIENCE_S)
        job.step()
        job.keep("명단/가산.csv", "배번\r\n".encode())
        return [_("Lists")]


@pytest.fixture
def shop(house: House) -> Iterator[Workshop]:
    with ExitStack() as stack:
        service = OfficeService(house.opened, RaceFeed(house.opened, print))
        shop = Workshop(house, service)
        stack.callback(service.leave)
        stack.callback(shop.may_go_on.set)
        yield shop


def over(director: Device, page: str) -> str:
    """The page of a job, once it does not look again by itself."""
    for _again in range(100_000):
        answer = director.asks(page)
        if "refresh" not in answer.headers:
            return answer.text
    raise AssertionError("it goes on")


def test_a_page_says_how_far_the_work_is_looks_again_by_itself_and_gives_its_files(shop: Workshop) -> None:
    job = shop.begin(shop.half_done)
    assert shop.begun.wait(PATIENCE_S)
    page = shop.director.asks(job.page)
    assert page.headers["refresh"] == "2" and 'value="1" max="2"' in page.text
    assert shop.director.asks(f"{job.page}/0").status_code == 404
    shop.may_go_on.set()
    assert "명단/가산.csv" in over(shop.director, job.page)
    file = shop.director.asks(f"{job.page}/0")
    assert file.content == "배번\r\n".encode() and file.headers["cache-control"] == "no-store"
    assert shop.director.asks(f"{job.page}/1").status_code == 404


def test_the_same_work_is_not_begun_twice_while_it_goes_on(shop: Workshop) -> None:
    first, again = shop.begin(shop.half_done), shop.begin(shop.half_done)
    assert first is again
    shop.may_go_on.set()
    over(shop.director, first.page)
    assert shop.begin(shop.half_done) is not first


def test_work_that_is_stopped_ends_at_its_next_step(shop: Workshop) -> None:
    job = shop.begin(shop.half_done)
    assert shop.begun.wait(PATIENCE_S)
    assert shop.director.sends(job.page).status_code == 303
    shop.may_go_on.set()
    assert "중단했습니다" in over(shop.director, job.page) and job.files == []


def test_why_it_cannot_be_stands_on_the_page_and_what_nobody_foresaw_in_the_server_s_messages(
    shop: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(_job: BackgroundJob) -> Sequence[Text]:
        raise RaceError(_("no runner"), ["bib 417"])

    def broken(_job: BackgroundJob) -> Sequence[Text]:
        raise ZeroDivisionError("7/0")

    page = over(shop.director, shop.begin(refused).page)
    assert "bib 417" in page
    assert "7/0" not in over(shop.director, shop.begin(broken).page) and "7/0" in capsys.readouterr().out


def test_more_work_than_is_done_in_an_evening_is_refused(shop: Workshop) -> None:
    shop.begin(shop.half_done, "0")
    assert shop.begun.wait(PATIENCE_S)
    for number in range(1, WAITING_MOST + 1):
        shop.begin(shop.half_done, str(number))
    with pytest.raises(RaceError):
        shop.begin(shop.half_done, "one more")


def test_files_are_the_owner_s_alone_and_gone_after_a_day(house: House, shop: Workshop) -> None:
    shop.may_go_on.set()
    job = shop.begin(shop.half_done)
    over(shop.director, job.page)
    folder = house.opened.root / "office" / "jobs" / job.number
    modes = [one.stat().st_mode & 0o077 for one in (folder.parent.parent, folder.parent, folder, *folder.iterdir())]
    assert modes == [0, 0, 0, 0]
    house.opened.clock.tick(LINK_LASTS)  # type: ignore[attr-defined]
    assert shop.director.asks(f"{job.page}/0").status_code == 404
    over(shop.director, shop.begin(shop.half_done).page)
    assert not folder.exists()
