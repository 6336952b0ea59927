"""Everybody of the race: the search, one person, and what is ruled about them."""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Response

from results.board.answers import FIELDS, page_answer
from results.office import decisions
from results.office.office_frame import closed_page
from results.office.office_service import OfficeService
from results.office.office_session import ANSWERS, NAME_MOST, SENT, Allowed, Fields, Sent, Spoken
from results.office.pages import RULED, people_page, person_page
from results.office.previewing import previewed
from results.office.ruling_preview import Decision, Ruling
from results.office.rulings import Office
from timing.errors import WrongUse
from timing.language import NOTHING, Language, Text, _
from timing.people.office_seats import Official
from timing.race.events import DeskFact, RuledStatus
from timing.web.contract import described


def people_pages(router: APIRouter, service: OfficeService) -> None:
    _search(router, service)
    _ruling(router, service)


def _search(router: APIRouter, service: OfficeService) -> None:
    @router.get("/people", summary="A search", **described("find_people", ANSWERS))
    def people(
        who: Annotated[Official, Depends(Allowed(service, "people"))], language: Spoken, q: str = ""
    ) -> Response:
        return page_answer(people_page(service, who, language, q[:NAME_MOST]))

    @router.get("/people/{entrant}", summary="One person", **described("get_person", ANSWERS))
    def person(
        entrant: str, who: Annotated[Official, Depends(Allowed(service, "people"))], language: Spoken, done: str = ""
    ) -> Response:
        notice = _("Recorded.") if done else NOTHING
        return person_answer(service, who, language, entrant, notice=notice)


def _ruling(router: APIRouter, service: OfficeService) -> None:
    @router.post(
        "/people/{entrant}",
        summary="`form=status`: another status; `form=undo`: a ruling at `pos` taken back; recorded with `seen`",
        **described("rule_person", SENT, body=FIELDS),
    )
    def rule(
        entrant: str, who: Annotated[Official, Depends(Allowed(service, "rule"))], language: Spoken, sent: Sent
    ) -> Response:
        def refused(wrong: str) -> Response:
            return person_answer(service, who, language, entrant, wrong=wrong)

        def ruling(office: Office) -> Decision | Sequence[DeskFact]:
            return _ruling_of(entrant, who, sent)(office)

        return previewed(service, who, language, person_at(entrant), sent, refused, ruling)


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


def person_answer(
    service: OfficeService, who: Official, language: Language, entrant: str, notice: Text = NOTHING, wrong: str = ""
) -> Response:
    """The page of one person, with what was just done or why it could not be."""
    page = person_page(service, who, language, entrant, notice, wrong)
    if page is None:
        return page_answer(closed_page(language, _("There is nobody of this number.")), 404)
    return page_answer(page, 422 if wrong else 200)


def person_at(entrant: str) -> str:
    """Where somebody's page stands."""
    return f"/office/people/{quote(entrant, safe='')}"
