"""The gun: fired by a press, moved after a look at what that changes."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from results.board.answers import FIELDS, page_answer
from results.office.rulings.decisions import close
from results.office.rulings.guns import asked_instant
from results.office.rulings.ruling_preview import Decision
from results.office.rulings.rulings import Office
from results.office.service.office_service import OfficeService
from results.office.web.office_session import ANSWERS, SENT, Allowed, Sent, Spoken
from results.office.web.pages import gun_page
from results.office.web.previewing import previewed
from timing.errors import WrongUse
from timing.language import _
from timing.people.office_seats import Official
from timing.race.events import DeskFact
from timing.race.gun import gun_fact
from timing.web.contract import described


def gun_pages(router: APIRouter, service: OfficeService) -> None:
    starter = Depends(Allowed(service, "gun"))

    @router.get("/gun", summary="Each wave and its gun", **described("get_gun", ANSWERS))
    def guns(who: Annotated[Official, starter], language: Spoken, done: str = "") -> Response:
        return page_answer(gun_page(service, who, language, done=bool(done)))

    @router.post(
        "/gun",
        summary="The gun of `wave` went now, or `at`; one that went is moved for a reason `why`; `form=close`: the finish closed `at`; recorded with `seen`",
        **described("fire_gun", SENT, body=FIELDS),
    )
    def fire(who: Annotated[Official, starter], language: Spoken, sent: Sent) -> Response:
        now = service.opened.clock.now()

        def gun(office: Office) -> Decision | Sequence[DeskFact]:
            if sent.get("form") == "close":
                if not sent.get("why"):
                    raise WrongUse(_("say why: the reason stands in the log"))
                return close(office, sent.get("at", ""), who.name, sent["why"]).in_role(who.role)
            wave = office.wave(sent.get("wave", "") or "1")
            # by the first press: looking at the preview takes no time off it
            at = asked_instant(office, wave, sent.get("at", ""), sent.get("instant", ""), now)
            sent["instant"] = str(at)
            zone = service.opened.zone
            return [gun_fact(office.race, wave, at, now, zone, who.name, sent.get("why", ""), who.role)]

        def refused(wrong: str) -> Response:
            return page_answer(gun_page(service, who, language, wrong=wrong), 422)

        return previewed(service, who, language, "/office/gun", sent, refused, gun)
