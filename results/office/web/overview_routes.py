"""The day at a glance, and who is still on the course."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from results.board.answers import PAGE, WORDS, page_answer, told_answer
from results.office.service.office_service import OfficeService
from results.office.service.permissions import may
from results.office.service.todo import FIRM_AT
from results.office.web.office_session import ANSWERS, Allowed, Spoken, go_to, official_of
from results.office.web.overview_page import Notice, overview_page
from results.office.web.pages import out_page
from results.office.web.todo_routes import todo_pages
from timing.language import _
from timing.people.office_seats import Official
from timing.web.contract import described


def overview_pages(router: APIRouter, service: OfficeService) -> None:
    todo_pages(router, service)

    @router.get("/", summary="The day at a glance", **described("get_office", ANSWERS))
    def overview(request: Request, language: Spoken, done: str = "", message: str = "", firm: str = "") -> Response:
        who = official_of(service, request)
        if not may(who.role, "overview"):
            return go_to("/office/out")
        return page_answer(overview_page(service, who, language, _notice(service, done, message, firm)))

    @router.get("/out", summary="Who is still on the course", **described("get_on_course", ANSWERS))
    def out(who: Annotated[Official, Depends(Allowed(service, "out"))], language: Spoken) -> Response:
        return page_answer(out_page(service, who, language))

    @router.get(
        "/news",
        summary="Another text whenever something is new",
        **described("get_office_news", {200: ("It", WORDS), 401: ("No session", PAGE)}),
    )
    def news(request: Request) -> Response:
        official_of(service, request)
        return told_answer(service.stamp(), 200)


def _notice(service: OfficeService, done: str, message: str, firm: str) -> Notice | None:
    """What was done by the form that led here, with what takes it back."""
    if message.isascii() and message.isdigit():
        return Notice(_("Report {n} is dealt with.", n=int(message[:9])), {"form": "reopen", "number": message})
    if firm:
        card = service.opened.directory.cards().get(firm)
        undo = {"form": "hide", "company": firm, "link": card.link, "blurb": card.blurb} if card else {}
        return Notice(_("The firm's page shows it."), undo, FIRM_AT)
    return Notice(_("Recorded.")) if done else None
