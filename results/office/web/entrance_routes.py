"""The way in and out: a one-time link opens a session, which ends by itself or by a tap."""

from fastapi import APIRouter, Request, Response

from results.board.answers import FIELDS, GUARDS, page_answer, sender_of
from results.office.service.office_service import OfficeService
from results.office.service.permissions import may
from results.office.web.bib_routes import BIB_COOKIE, BIB_PATH
from results.office.web.office_frame import closed_page, office_script, office_style
from results.office.web.office_session import ANSWERS, COOKIE, LANGUAGE_COOKIE, SENT, Sent, Spoken, go_to
from results.office.web.pages import enter_page
from results.web.asset import TYPES
from results.web.limits import Limits
from timing.language import Language, _
from timing.people.office_seats import SESSION_LASTS
from timing.race.instants import SECOND
from timing.web.contract import described

TRIES_FROM_ONE, TRIES_FROM_ALL = 60, 6_000


def entrance_pages(router: APIRouter, service: OfficeService) -> None:
    _files(router)
    clock = service.opened.clock
    tries = Limits(clock, TRIES_FROM_ONE, TRIES_FROM_ALL)

    def too_many(request: Request, language: Language) -> Response | None:
        if tries.may(sender_of(request)):
            return None
        return page_answer(closed_page(language, _("Too many tries from here; wait a few minutes.")), 429)

    @router.get("/enter/{secret}", summary="A one-time link", **described("get_office_link", ANSWERS))
    def offered(secret: str, request: Request, language: Spoken) -> Response:
        official = service.seats.offered(secret, clock.now())
        if official is None and (turned := too_many(request, language)):
            return turned
        return page_answer(enter_page(official, language), 200 if official else 404)

    @router.post("/enter/{secret}", summary="Opens the session", **described("open_office", SENT))
    def enter(secret: str, request: Request, language: Spoken) -> Response:
        now = clock.now()
        session = service.seats.open(secret, now)
        if session is None:
            return too_many(request, language) or page_answer(enter_page(None, language), 404)
        answer = go_to("/office/")
        answer.set_cookie(
            COOKIE, session, max_age=SESSION_LASTS // SECOND, path="/office", httponly=True, samesite="strict",
            secure=request.url.scheme == "https",
        )  # fmt: skip
        who = service.seats.official_of(session, now)
        if who and may(who.role, "people"):
            answer.set_cookie(
                BIB_COOKIE, "1", max_age=SESSION_LASTS // SECOND, path=BIB_PATH, httponly=True, samesite="lax",
                secure=request.url.scheme == "https",
            )  # fmt: skip
        return answer

    @router.post("/leave", summary="Ends the session", **described("leave_office", SENT))
    def leave(request: Request) -> Response:
        service.seats.leave(request.cookies.get(COOKIE, ""))
        answer = go_to("/office/")
        answer.delete_cookie(COOKIE, path="/office")
        answer.delete_cookie(BIB_COOKIE, path=BIB_PATH)
        return answer

    @router.post("/language", summary="Chooses the language", **described("choose_office_language", SENT, body=FIELDS))
    def choose(sent: Sent) -> Response:
        back = sent.get("back", "")
        answer = go_to(back if back.startswith("/office/") else "/office/")
        answer.set_cookie(
            LANGUAGE_COOKIE, "en" if sent.get("language") == "en" else "ko", path="/office", samesite="strict"
        )
        return answer


def _files(router: APIRouter) -> None:
    @router.get("/office.css", summary="The style sheet", **described("get_office_style", {200: ("It", None)}))
    def style() -> Response:
        return Response(office_style(), 200, {**GUARDS, "cache-control": "max-age=60"}, TYPES[".css"])

    @router.get("/office.js", summary="The script", **described("get_office_script", {200: ("It", None)}))
    def script() -> Response:
        return Response(office_script(), 200, {**GUARDS, "cache-control": "max-age=60"}, TYPES[".js"])
