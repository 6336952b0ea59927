"""A bib's own address, opened by a phone's camera: an official's phone goes on to that person's page of the office.

The session's cookie is strict, so a page opened from outside does not bring it. A second cookie without rights, sent with bibs' addresses
alone, only says that this device may have a session; the page that answers then moves on within the site, where the session is asked for.
"""

from typing import Final
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from results.board.answers import page_answer
from results.office.people.people_search import scanned_code
from results.office.people.person_page import straight_to
from results.office.rulings.rulings import Office
from results.office.service.office_service import OfficeService
from results.office.service.permissions import may
from results.office.web.office_frame import bare_page, locked_out
from results.office.web.office_session import ANSWERS, COOKIE, Spoken, go_to, language_of
from timing.people.office_seats import Official
from timing.race.spares import spare_of
from timing.web.contract import described

BIB_COOKIE: Final = "office_bib"
BIB_PATH: Final = "/B"


def bib_pages(router: APIRouter, service: OfficeService) -> None:
    @router.get(
        "/b/{code}",
        summary="From a bib's code to the person's page; without a session to the public page",
        **described("go_to_bib", {**ANSWERS, 303: ("Go on there", None)}),
    )
    def bib(code: str, request: Request, language: Spoken) -> Response:
        who = service.seats.official_of(request.cookies.get(COOKIE, ""), service.opened.clock.now())
        if who is None or not may(who.role, "people"):
            answer = go_to(f"{BIB_PATH}/{quote(code, safe='')}")
            answer.delete_cookie(BIB_COOKIE, path=BIB_PATH)
            return answer
        with service.office() as office:
            return go_to(_where(office, who, code))


def _where(office: Office, who: Official, text: str) -> str:
    """The page of whoever wears the bib; a free spare is for a new person."""
    if page := straight_to(office.race, text):
        return page
    code = scanned_code(text)
    spare = spare_of(office.race, code) if code else None
    if spare is not None and may(who.role, "counter"):
        return f"/office/new?spare={spare}"
    return f"/office/people?q={quote(text, safe='')}"


def moving_on(request: Request) -> Response:
    """Answers a bib's address to a device that may have a session: on to the office, within the site. To any other there is nothing here."""
    language = language_of(request)
    if BIB_COOKIE not in request.cookies:
        return page_answer(locked_out(language), 404)
    where = f"/office/b/{quote(request.path_params['code'], safe='')}"
    return page_answer(bare_page("moving.html", language, where=where))
