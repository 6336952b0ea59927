"""Everybody of the race: the search, one person, and what is ruled about them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from results.board.answers import FIELDS, page_answer
from results.office.people.person_forms import PersonTask, decided
from results.office.people.person_page import last_told, person_at, straight_to, who_comes_next
from results.office.rulings.ruling_preview import Decision
from results.office.rulings.rulings import Office
from results.office.service.office_service import OfficeService
from results.office.web.job_routes import LOOK_AGAIN_S
from results.office.web.office_frame import closed_page
from results.office.web.office_session import ANSWERS, NAME_MOST, SENT, Allowed, Fields, Sent, Spoken, go_to
from results.office.web.pages import people_page, person_page
from results.office.web.previewing import previewed
from timing.language import NOTHING, Language, Text, _, speaking
from timing.people.office_seats import Official
from timing.race.lookup import replacement_of
from timing.web.contract import described

NUMBER_MOST = 6
DONE = {"masked": _("Recorded. The name is another one: the board masks it until this person agrees to the full name.")}


def people_pages(router: APIRouter, service: OfficeService) -> None:
    _search(router, service)
    _ruling(router, service)


def _search(router: APIRouter, service: OfficeService) -> None:
    @router.get("/people", summary="A search", **described("find_people", ANSWERS))
    def people(
        who: Annotated[Official, Depends(Allowed(service, "people"))], language: Spoken, q: str = "", spare: str = ""
    ) -> Response:
        with service.office() as office:
            page = straight_to(office.race, q[:NAME_MOST])
        spare = spare if spare.isascii() and spare.isdigit() else ""
        if page:
            return go_to(f"{page.partition('?')[0]}?spare={spare}" if spare else page)
        return page_answer(people_page(service, who, language, q[:NAME_MOST], spare))

    @router.get("/people/{entrant}", summary="One person", **described("get_person", ANSWERS))
    def person(
        entrant: str,
        who: Annotated[Official, Depends(Allowed(service, "people"))],
        language: Spoken,
        done: str = "",
        bib: str = "",
        spare: str = "",
    ) -> Response:
        with service.office() as office, speaking(language):
            replaced = replacement_of(office.race, bib[:NUMBER_MOST]) or NOTHING
            shown = who_comes_next(office, entrant) if done else entrant
            taken_back = bool(done) and shown not in office.race.entrants and shown in office.names.people
            last = last_told(office, shown)
        if taken_back:
            return go_to("/office/new?gone=1")
        if shown != entrant:
            return go_to(f"{person_at(shown)}?done=1")
        recorded = DONE.get(done) or _("Recorded: {what}", what=last)
        sent = {"form": "exchange", "spare": spare[:NUMBER_MOST]} if spare else {}
        return person_answer(service, who, language, entrant, notice=recorded if done else replaced, sent=sent)


def _ruling(router: APIRouter, service: OfficeService) -> None:
    def ruled(task: PersonTask, entrant: str, who: Official, language: Language, sent: Fields, at: str) -> Response:
        def refused(wrong: str) -> Response:
            return person_answer(service, who, language, entrant, wrong=wrong, sent=sent)

        def ruling(office: Office) -> Decision:
            return decided(office, entrant, sent, who, task)

        return previewed(service, who, language, person_at(entrant), sent, refused, ruling, at)

    @router.post(
        "/people/{entrant}",
        summary="A ruling, by its `form`; `form=undo`: one at `pos` taken back; recorded with `seen`",
        **described("rule_person", SENT, body=FIELDS),
    )
    def rule(
        entrant: str, who: Annotated[Official, Depends(Allowed(service, "rule"))], language: Spoken, sent: Sent
    ) -> Response:
        return ruled("rule", entrant, who, language, sent, person_at(entrant))

    @router.post(
        "/people/{entrant}/entry",
        summary="What the counter rules about an entry, by its `form`; `form=undo`: what it did itself; recorded with `seen`",
        **described("rule_entry", SENT, body=FIELDS),
    )
    def entry(
        entrant: str, who: Annotated[Official, Depends(Allowed(service, "counter"))], language: Spoken, sent: Sent
    ) -> Response:
        return ruled("counter", entrant, who, language, sent, f"{person_at(entrant)}/entry")


def person_answer(
    service: OfficeService,
    who: Official,
    language: Language,
    entrant: str,
    notice: Text = NOTHING,
    wrong: str = "",
    sent: Mapping[str, str] = MappingProxyType({}),
) -> Response:
    """The page of one person, with what was just done or why what was `sent` could not be."""
    page = person_page(service, who, language, entrant, notice, wrong, sent)
    if page is None:
        gone = _("This entry is not here any more: nothing was recorded.") if wrong else _("There is nobody of this number.")  # fmt: skip
        return page_answer(closed_page(language, gone, ("/office/people", _("Look for somebody"))), 404)
    answer = page_answer(page.text, 422 if wrong else 200)
    if page.waits:
        answer.headers["refresh"] = LOOK_AGAIN_S
    return answer
