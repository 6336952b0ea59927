"""The addresses of the race office: a one-time link opens a session, and each page asks for what its visitor's role may do."""

from collections.abc import Callable, Sequence
from typing import Annotated, Final
from urllib.parse import parse_qs, quote

from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import RedirectResponse

from results.board.answers import FIELDS, GUARDS, PAGE, page_answer, sender_of
from results.office import decisions
from results.office.counter import exchange, hand_out_one, hand_out_packet
from results.office.guns import asked_instant, gun_fact
from results.office.office_service import OfficeService
from results.office.pages import (
    RULED,
    closed_page,
    enter_page,
    gun_page,
    locked_out,
    office_style,
    out_page,
    overview_page,
    packets_page,
    people_page,
    person_page,
    preview_page,
    seats_page,
)
from results.office.permissions import Task, may
from results.office.ruling_preview import Ruling
from results.office.rulings import Office
from results.web.asset import TYPES
from results.web.limits import Limits
from timing.errors import RaceError, WrongUse
from timing.language import NOTHING, Language, Text, _
from timing.people.office_seats import ROLES, SESSION_LASTS, Official
from timing.race.events import DeskFact, RuledStatus
from timing.race.instants import SECOND
from timing.web.bodies import body_within
from timing.web.contract import described

COOKIE: Final = "office"
LANGUAGE_COOKIE: Final = "office_language"
BODY_MOST: Final = 8_000
NAME_MOST: Final = 80
TRIES_FROM_ONE, TRIES_FROM_ALL = 60, 6_000
ANSWERS: Final = {
    200: ("The page", PAGE),
    401: ("No session", PAGE),
    403: ("Not in this role", PAGE),
    404: ("Nobody", PAGE),
}
SENT: Final = {
    **ANSWERS,
    303: ("Done; go on there", None),
    409: ("Somebody else ruled meanwhile", PAGE),
    422: ("It cannot be", PAGE),
}
Fields = dict[str, str]


class Turned(Exception):
    """A visitor is turned away with this answer."""

    def __init__(self, answer: Response) -> None:
        super().__init__()
        self.answer = answer


async def turned_away(_request: Request, turned: Exception) -> Response:
    """The answer that a visitor was turned away with."""
    assert isinstance(turned, Turned)
    return turned.answer


def language_of(request: Request) -> Language:
    """The language that the visitor chose; Korean until then."""
    return "en" if request.cookies.get(LANGUAGE_COOKIE) == "en" else "ko"


async def sent_fields(request: Request) -> Fields:
    """What a form sent; empty for what is no form, or too long for one."""
    body = await body_within(request.stream(), BODY_MOST)
    if body is None or body.count(b"&") > 20:
        return {}
    return {key: told[0].strip() for key, told in parse_qs(body.decode("utf-8", "replace")).items()}


Spoken = Annotated[Language, Depends(language_of)]
Sent = Annotated[Fields, Depends(sent_fields)]


def office_pages(service: OfficeService) -> APIRouter:
    """All routes of the office."""
    router = APIRouter(prefix="/office", tags=["office"])
    _entrance(router, service)
    _reading(router, service)
    _ruling(router, service)
    _counter(router, service)
    _gun(router, service)
    _seats(router, service)
    return router


def allowed(service: OfficeService, task: Task) -> Callable[[Request], Official]:
    """A dependency: the official who asks, where the role may do this.

    Raises:
        Turned: there is no session, or another role.
    """

    def official(request: Request) -> Official:
        found = _whoever(service, request)
        if not may(found.role, task):
            raise Turned(page_answer(closed_page(language_of(request), _("Your role does not do this.")), 403))
        return found

    return official


def _entrance(router: APIRouter, service: OfficeService) -> None:
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
        session = service.seats.open(secret, clock.now())
        if session is None:
            return too_many(request, language) or page_answer(enter_page(None, language), 404)
        answer = _to("/office/")
        answer.set_cookie(
            COOKIE, session, max_age=SESSION_LASTS // SECOND, path="/office", httponly=True, samesite="strict",
            secure=request.url.scheme == "https",
        )  # fmt: skip
        return answer

    @router.post("/leave", summary="Ends the session", **described("leave_office", SENT))
    def leave(request: Request) -> Response:
        service.seats.leave(request.cookies.get(COOKIE, ""))
        answer = _to("/office/")
        answer.delete_cookie(COOKIE, path="/office")
        return answer

    @router.post("/language", summary="Chooses the language", **described("choose_office_language", SENT, body=FIELDS))
    def choose(sent: Sent) -> Response:
        back = sent.get("back", "")
        answer = _to(back if back.startswith("/office/") else "/office/")
        answer.set_cookie(
            LANGUAGE_COOKIE, "en" if sent.get("language") == "en" else "ko", path="/office", samesite="strict"
        )
        return answer

    @router.get("/office.css", summary="The style sheet", **described("get_office_style", {200: ("It", None)}))
    def style() -> Response:
        return Response(office_style(), 200, {**GUARDS, "cache-control": "max-age=60"}, TYPES[".css"])


def _reading(router: APIRouter, service: OfficeService) -> None:
    @router.get("/", summary="The day at a glance", **described("get_office", ANSWERS))
    def overview(request: Request, language: Spoken) -> Response:
        who = _whoever(service, request)
        if not may(who.role, "overview"):
            return _to("/office/out")
        return page_answer(overview_page(service, who, language))

    @router.get("/people", summary="A search", **described("find_people", ANSWERS))
    def people(
        who: Annotated[Official, Depends(allowed(service, "people"))], language: Spoken, q: str = ""
    ) -> Response:
        return page_answer(people_page(service, who, language, q[:NAME_MOST]))

    @router.get("/people/{entrant}", summary="One person", **described("get_person", ANSWERS))
    def person(
        entrant: str, who: Annotated[Official, Depends(allowed(service, "people"))], language: Spoken, done: str = ""
    ) -> Response:
        notice = _("Recorded.") if done else NOTHING
        return _person(service, who, language, entrant, notice=notice)

    @router.get("/out", summary="Who is still on the course", **described("get_on_course", ANSWERS))
    def out(who: Annotated[Official, Depends(allowed(service, "out"))], language: Spoken) -> Response:
        return page_answer(out_page(service, who, language))


def _ruling(router: APIRouter, service: OfficeService) -> None:
    @router.post(
        "/people/{entrant}",
        summary="`form=status`: another status; `form=undo`: a ruling at `pos` taken back; recorded with `seen`",
        **described("rule_person", SENT, body=FIELDS),
    )
    def rule(
        entrant: str, who: Annotated[Official, Depends(allowed(service, "rule"))], language: Spoken, sent: Sent
    ) -> Response:
        def refused(wrong: str) -> Response:
            return _person(service, who, language, entrant, wrong=wrong)

        return _previewed(
            service, who, language, _at(entrant), sent, refused, lambda office: _ruling_of(entrant, who, sent)(office)
        )


def _counter(router: APIRouter, service: OfficeService) -> None:
    counter = Depends(allowed(service, "counter"))

    @router.get("/packets", summary="Each firm's packet", **described("get_packets", ANSWERS))
    def firms(who: Annotated[Official, counter], language: Spoken, done: str = "") -> Response:
        return page_answer(packets_page(service, who, language, done=bool(done)))

    @router.post(
        "/packets", summary="The packet of `company` is handed out", **described("hand_out_packet", SENT, body=FIELDS)
    )
    def packet(who: Annotated[Official, counter], language: Spoken, sent: Sent) -> Response:
        now, company = service.opened.clock.now(), sent.get("company", "")
        try:
            service.record_now(lambda office: hand_out_packet(office, company, now, who.name, who.role))
        except RaceError as wrong:
            return page_answer(packets_page(service, who, language, wrong=wrong.text.to(language)), 422)
        return _to("/office/packets?done=1")

    @router.post(
        "/people/{entrant}/bib",
        summary="`form=hand`: the bib is handed out; `form=exchange`: a `spare` for it",
        **described("hand_out_bib", SENT, body=FIELDS),
    )
    def bib(entrant: str, who: Annotated[Official, counter], language: Spoken, sent: Sent) -> Response:
        now, spare = service.opened.clock.now(), sent.get("spare", "")
        try:
            if sent.get("form") == "hand":
                service.record_now(lambda office: hand_out_one(office, entrant, now, who.name, who.role))
            elif spare.isascii() and spare.isdigit():
                why, number = sent.get("why", "") or str(_("lost")), int(spare[:9])
                service.record_now(lambda office: exchange(office, entrant, number, who.name, why, who.role))
            else:
                raise WrongUse(_("type the number on the spare bib"))
        except (RaceError, WrongUse) as wrong:
            return _person(service, who, language, entrant, wrong=wrong.text.to(language))
        return _to(f"{_at(entrant)}?done=1")


def _gun(router: APIRouter, service: OfficeService) -> None:
    starter = Depends(allowed(service, "gun"))

    @router.get("/gun", summary="Each wave and its gun", **described("get_gun", ANSWERS))
    def guns(who: Annotated[Official, starter], language: Spoken, done: str = "") -> Response:
        return page_answer(gun_page(service, who, language, done=bool(done)))

    @router.post(
        "/gun",
        summary="The gun of `wave` went now, or `at`; one that went is moved for a reason `why`; recorded with `seen`",
        **described("fire_gun", SENT, body=FIELDS),
    )
    def fire(who: Annotated[Official, starter], language: Spoken, sent: Sent) -> Response:
        now = service.opened.clock.now()

        def gun(office: Office) -> Sequence[DeskFact]:
            wave = office.wave(sent.get("wave", "") or "1")
            # by the first press: looking at the preview takes no time off it
            at = asked_instant(office, wave, sent.get("at", ""), sent.get("instant", ""), now)
            sent["instant"] = str(at)
            return gun_fact(office, wave, at, who.name, sent.get("why", ""), who.role)

        def refused(wrong: str) -> Response:
            return page_answer(gun_page(service, who, language, wrong=wrong), 422)

        return _previewed(service, who, language, "/office/gun", sent, refused, gun)


def _seats(router: APIRouter, service: OfficeService) -> None:
    director = Depends(allowed(service, "seats"))

    @router.get("/seats", summary="Who may come in", **described("get_seats", ANSWERS))
    def seats(who: Annotated[Official, director], language: Spoken) -> Response:
        return page_answer(seats_page(service, who, language))

    @router.post(
        "/seats",
        summary="`form=give`: a link for `name` as `role`; `form=revoke`: take `name` out",
        **described("change_seats", SENT, body=FIELDS),
    )
    def change(request: Request, who: Annotated[Official, director], language: Spoken, sent: Sent) -> Response:
        name = sent.get("name", "")[:NAME_MOST]
        if sent.get("form") == "revoke":
            service.seats.revoke(name)
            return _to("/office/seats")
        role = next((one for one in ROLES if one == sent.get("role")), None)
        if not name or role is None:
            return _to("/office/seats")
        secret = service.seats.give(Official(name, role), service.opened.clock.now())
        return page_answer(
            seats_page(service, who, language, link=f"{request.base_url}office/enter/{secret}", new=name)
        )


def _previewed(
    service: OfficeService,
    who: Official,
    language: Language,
    back: str,
    sent: Fields,
    refused: Callable[[str], Response],
    ruling: Ruling,
) -> Response:
    """A ruling shown first and, once the form brings what was `seen`, recorded; shown again where somebody said more meanwhile.

    `refused` makes the answer where it cannot be, from the reason.
    """
    seen = sent.get("seen", "")
    try:
        if not (seen.isascii() and seen.isdigit()):
            preview = service.preview(ruling)
            return page_answer(preview_page(service, who, language, back, preview, sent, again=False))
        again = service.record(ruling, int(seen[:15]))
    except (RaceError, WrongUse) as wrong:
        return refused(wrong.text.to(language))
    if again is not None:
        return page_answer(preview_page(service, who, language, back, again, sent, again=True), 409)
    return _to(f"{back}?done=1")


def _ruling_of(entrant: str, who: Official, sent: Fields) -> Ruling:
    """What a form asks for.

    Raises:
        WrongUse: no form of ours, or no reason.
    """
    why = sent.get("why", "")
    if not why:
        raise WrongUse(_("say why: the reason stands in the log"))

    match sent.get("form"):
        case "status" if sent.get("status") in RULED:
            return lambda office: decisions.status(office, _status(sent), [entrant], who.name, why).in_role(who.role)
        case "undo" if sent.get("pos", "").isdecimal():
            return lambda office: decisions.undo(office, int(sent["pos"]), who.name, why).in_role(who.role)
        case _:
            raise WrongUse(_("there is no such form"))


def _status(sent: Fields) -> RuledStatus:
    return next(one for one in ("dnf", "dsq", "dns", "withdrawn") if one == sent.get("status"))


def _whoever(service: OfficeService, request: Request) -> Official:
    """Whose session it is.

    Raises:
        Turned: there is none.
    """
    session = request.cookies.get(COOKIE, "")
    found = service.seats.official_of(session, service.opened.clock.now()) if session else None
    if found is None:
        raise Turned(page_answer(locked_out(language_of(request)), 401))
    return found


def _person(
    service: OfficeService, who: Official, language: Language, entrant: str, notice: Text = NOTHING, wrong: str = ""
) -> Response:
    page = person_page(service, who, language, entrant, notice, wrong)
    if page is None:
        return page_answer(closed_page(language, _("There is nobody of this number.")), 404)
    return page_answer(page, 422 if wrong else 200)


def _at(entrant: str) -> str:
    return f"/office/people/{quote(entrant, safe='')}"


def _to(where: str) -> Response:
    return RedirectResponse(where, 303, GUARDS)
