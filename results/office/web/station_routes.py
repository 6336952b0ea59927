"""Stations as the director lets them in: a token with its QR, shown once; a new one, or none any more; what is ruled about them."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from results.board.answers import FIELDS, page_answer
from results.office.rulings.acts import SHOWN, act_words, acting, acts_of
from results.office.rulings.telling import told as ruling_words
from results.office.service.office_service import OfficeService
from results.office.web.director_frame import director_page
from results.office.web.office_session import ANSWERS, SENT, Allowed, Fields, Sent, Spoken
from timing.errors import RaceError, WrongUse
from timing.language import Language, _, speaking
from timing.log.narration import POINTS
from timing.people.office_acts import STATION
from timing.people.office_seats import Official
from timing.race.events import ClockRuled, StationRepointed
from timing.stations.enrolment import IN_THE_CLEAR, Enrolment, enrolment_text, in_the_clear
from timing.stations.registry import new_enrolment
from timing.stations.tls_certificate import FILE
from timing.web.contract import described

ADDRESS_MOST = 200
STATIONS_AT: Final = "/office/stations"


def station_pages(router: APIRouter, service: OfficeService) -> None:
    director = Depends(Allowed(service, "direct"))

    @router.get("/stations", summary="The stations that may send", **described("get_office_stations", ANSWERS))
    def stations(request: Request, who: Annotated[Official, director], language: Spoken, done: str = "") -> Response:
        return page_answer(_page(service, str(request.base_url), who, language, done=bool(done)))

    @router.post(
        "/stations",
        summary="`form=enrol`: a token for the station `name` that sends to `server`, `again` for a new one, `pinned` with the race's own certificate; `form=revoke`: none any more",
        **described("change_office_stations", SENT, body=FIELDS),
    )
    def change(request: Request, who: Annotated[Official, director], language: Spoken, sent: Sent) -> Response:
        with speaking(language):
            try:
                given = _change(service, who, sent)
            except RaceError as wrong:
                page = _page(service, str(request.base_url), who, language, wrong=str(wrong.text), asked=sent)
                return page_answer(page, 422)
        return page_answer(_page(service, str(request.base_url), who, language, given=given, done=given is None))


def stations_answer(service: OfficeService, here: str, who: Official, language: Language, wrong: str) -> Response:
    """The page with why a ruling cannot be."""
    return page_answer(_page(service, here, who, language, wrong=wrong), 422)


def _change(service: OfficeService, who: Official, sent: Fields) -> Enrolment | None:
    """The station that was let in, with its token; None where a token was taken back.

    Raises:
        WrongUse: it cannot be.
    """
    opened, name = service.opened, sent.get("name", "")
    match sent.get("form"):
        case "enrol":
            server = sent.get("server", "")[:ADDRESS_MOST].rstrip("/")
            if not server.startswith(("http://", "https://")):
                raise WrongUse(_("an address begins with http:// or https://"))
            pinned = bool(sent.get("pinned"))
            if pinned and not server.startswith("https://"):
                raise WrongUse(_("the race's own certificate goes with https://"))
            made = new_enrolment(opened, name, server, again=bool(sent.get("again")), pinned=pinned)
            opened.directory.enrol(name, made.token, acting(opened, "enrol", name, who))
            return made
        case "revoke":
            if not opened.directory.revoke(name, acting(opened, "revoke", name, who)):
                raise WrongUse(_("{name} holds no token", name=name))
            return None
        case _:
            raise WrongUse(_("there is no such form"))


def _page(
    service: OfficeService, here: str, who: Official, language: Language, wrong: str = "", asked: Fields | None = None,
    given: Enrolment | None = None, done: bool = False,
) -> str:  # fmt: skip
    """Every station that may send; the one that was let in just now with its token, or why it could not be, with what was `asked`.

    `here` is the server's address as the browser knows it.
    """
    opened = service.opened
    asked = asked or {}
    held = sorted(opened.directory.stations().values())
    with service.office() as office, speaking(language):
        told = [act_words(office, one) for one in acts_of(opened).last(STATION, SHOWN)]
        race = office.race
        seen = sorted(race.station_names())
        rulings = [
            (pos, ruling_words(office, fact), race.holds(pos))
            for pos, fact in reversed(race.said.items())
            if isinstance(fact, StationRepointed | ClockRuled)
        ]
    text = enrolment_text(given) if given else ""
    return director_page(
        service, who, language, "stations", wrong=wrong, done=done, stations=held, acts=told, text=text, seen=seen, rulings=rulings, points=[(one, POINTS[one].to(language)) for one in POINTS],
        given=given.name if given else "",
        code=service.rooms.draw_qr(text) if text else "",
        clear=IN_THE_CLEAR.to(language) if given and in_the_clear(given.server) else "",
        server=asked.get("server") or here.rstrip("/"),
        name=asked.get("name", ""),
        again=asked.get("form") == "enrol" and asked.get("name", "") in held,
        own=(opened.root / FILE).exists(),
    )  # fmt: skip
