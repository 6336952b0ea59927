"""The counter: packets and bibs handed out, a spare for a lost one."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from results.board.answers import FIELDS, page_answer
from results.office.counter import exchange, hand_out_one, hand_out_packet
from results.office.office_service import OfficeService
from results.office.office_session import ANSWERS, SENT, Allowed, Sent, Spoken, go_to
from results.office.pages import packets_page
from results.office.people_routes import person_answer, person_at
from timing.errors import RaceError, WrongUse
from timing.language import _
from timing.people.office_seats import Official
from timing.web.contract import described


def counter_pages(router: APIRouter, service: OfficeService) -> None:
    counter = Depends(Allowed(service, "counter"))

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
        return go_to("/office/packets?done=1")

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
            return person_answer(service, who, language, entrant, wrong=wrong.text.to(language))
        return go_to(f"{person_at(entrant)}?done=1")
