"""Who may work in the office: links given and taken back."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from results.board.answers import FIELDS, page_answer
from results.office.service.office_service import OfficeService
from results.office.web.office_session import ANSWERS, NAME_MOST, SENT, Allowed, Sent, Spoken, go_to
from results.office.web.pages import seats_page
from timing.language import _
from timing.people.office_seats import ROLES, Official
from timing.web.contract import described


def seat_pages(router: APIRouter, service: OfficeService) -> None:
    director = Depends(Allowed(service, "seats"))

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
            if not _others_direct(service, name):
                wrong = _("nobody else is in as director: first let another director in")
                return page_answer(seats_page(service, who, language, wrong=wrong), 422)
            service.seats.revoke(name)
            return go_to("/office/seats")
        role = next((one for one in ROLES if one == sent.get("role")), None)
        if not name or role is None:
            return go_to("/office/seats")
        secret = service.seats.give(Official(name, role), service.opened.clock.now())
        return page_answer(
            seats_page(service, who, language, link=f"{request.base_url}office/enter/{secret}", new=name)
        )


def _others_direct(service: OfficeService, name: str) -> bool:
    """Whether a director is in who has another name; the last one would lock everybody out."""
    return any(
        one.opened_at is not None and one.official.role == "director" and one.official.name != name
        for one in service.seats.seats()
    )
