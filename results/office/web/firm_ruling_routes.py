"""What is ruled about a firm: it is one with another, how many it employs; shown first, and taken back."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from results.board.answers import FIELDS
from results.office.rulings import decisions
from results.office.rulings.ruling_preview import Decision
from results.office.rulings.rulings import Office
from results.office.service.office_service import OfficeService
from results.office.web.firm_routes import firm_answer, firm_at
from results.office.web.office_session import SENT, Allowed, Fields, Sent, Spoken, whole_number
from results.office.web.previewing import previewed
from timing.errors import RaceError, WrongUse
from timing.language import _
from timing.people.office_seats import Official
from timing.race.events import CompaniesMerged, HeadcountDeclared
from timing.race.spelling import clean
from timing.web.contract import described

EMPLOYEES_MOST = 9_999_999


def firm_ruling_pages(router: APIRouter, service: OfficeService) -> None:
    @router.post(
        "/firms/{company}/ruling",
        summary="`form=merge`: it is the firm `into`; `form=employees`: it has so many; `form=undo`: one at `pos` taken back; for a reason `why`, recorded with `seen`",
        **described("rule_firm", SENT, body=FIELDS),
    )
    def rule(
        who: Annotated[Official, Depends(Allowed(service, "direct"))], language: Spoken, company: str, sent: Sent
    ) -> Response:
        def refused(wrong: str) -> Response:
            return firm_answer(service, who, language, company, wrong=wrong)

        def ruling(office: Office) -> Decision:
            return _ruling(office, company, sent, who)

        return previewed(service, who, language, firm_at(company), sent, refused, ruling, f"{firm_at(company)}/ruling")


def _ruling(office: Office, company: str, sent: Fields, who: Official) -> Decision:
    """What a form of a firm's page asks for.

    Raises:
        RaceError: it cannot be, and why.
    """
    form, why = sent.get("form"), sent.get("why", "")
    if not why:
        raise WrongUse(_("say why: the reason stands in the log"))
    match form:
        case "merge":
            into = clean(sent.get("into", ""))
            if not into:
                raise WrongUse(_("say which firm"))
            made = decisions.merge(office, company, into, who.name, why)
        case "employees":
            count = whole_number(sent, "employees", EMPLOYEES_MOST)
            made = decisions.employees(office, company, count, who.name, why)
        case "undo":
            position = whole_number(sent, "pos", 10**15)
            if not isinstance(office.race.said.get(position), CompaniesMerged | HeadcountDeclared):
                raise RaceError(_("there is no such form"))
            made = decisions.undo(office, position, who.name, why)
        case _:
            raise WrongUse(_("there is no such form"))
    return made.in_role(who.role)
