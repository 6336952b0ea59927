"""The prizes: who wins each, which are handed out, and which went to somebody whose they are no longer."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Response

from results.board.answers import FIELDS, page_answer
from results.office.rulings import decisions
from results.office.rulings.prizes import hand_out_prize, lost_prizes, lost_words, positions_of, prize_lines
from results.office.rulings.ruling_preview import Decision
from results.office.rulings.rulings import Office
from results.office.service.office_service import OfficeService
from results.office.web.director_frame import director_page
from results.office.web.office_session import ANSWERS, SENT, Allowed, Fields, Sent, Spoken, go_to, whole_number
from results.office.web.previewing import Noting, once
from results.view.view import View
from timing.errors import RaceError
from timing.language import Language, _, speaking
from timing.log.narration import said_by
from timing.people.office_seats import Official
from timing.race.events import DeskFact, PrizeHandedOut
from timing.race.instants import Instant, wall
from timing.web.contract import described

PLACES_MOST: Final = 100_000


def prize_pages(router: APIRouter, service: OfficeService) -> None:
    director = Depends(Allowed(service, "publish"))

    @router.get("/prizes", summary="The prizes, and who has them", **described("get_prizes", ANSWERS))
    def prizes(who: Annotated[Official, director], language: Spoken, done: str = "") -> Response:
        return page_answer(_page(service, who, language, done=bool(done)))

    @router.post(
        "/prizes",
        summary="`form=hand`: the `prize` of a `division` and `place` is with its `winner`; `form=undo`: one at `pos` is not",
        **described("hand_out_prize", SENT, body=FIELDS),
    )
    def hand_out(who: Annotated[Official, director], language: Spoken, sent: Sent) -> Response:
        now, done = service.opened.clock.now(), "/office/prizes?done=1"

        def work(noting: Noting) -> Response:
            service.record_now(lambda office: _ruling(office, sent, now, who), noting(done))
            return go_to(done)

        def refused(wrong: str) -> Response:
            return page_answer(_page(service, who, language, wrong=wrong), 422)

        return once(service, language, sent, refused, work)


def _ruling(office: Office, sent: Fields, now: Instant, who: Official) -> Decision | list[DeskFact]:
    """What a form of the page asks for.

    Raises:
        RaceError: it cannot be, and why.
    """
    if sent.get("form") == "undo":
        position = whole_number(sent, "pos", 10**15)
        if not isinstance(office.race.said.get(position), PrizeHandedOut):
            raise RaceError(_("there is no such form"))
        return decisions.undo(office, position, who.name, str(_("taken back in the office"))).in_role(who.role)
    place = whole_number(sent, "place", PLACES_MOST)
    key = sent.get("prize", ""), sent.get("division", ""), place, sent.get("winner", "")
    return hand_out_prize(office, key, now, who)


def _page(service: OfficeService, who: Official, language: Language, done: bool = False, wrong: str = "") -> str:
    with service.office() as office, speaking(language):
        race, settings, zone = office.race, office.opened.settings, office.opened.zone
        called: dict[Language, str] = {"ko": settings.name, "en": settings.name_en}
        view = View(race.facts, called, race.course_m, office.live.standings(), office.names, zone)
        lines = [
            (line.key, line.words, line.pos, wall(line.handed.at, zone) if line.handed else "")
            for line in prize_lines(view, race)
        ]
        lost = [
            (position, str(lost_words(fact, office.names)), wall(fact.at, zone), said_by(fact.role, fact.by))
            for position, fact in positions_of(race, lost_prizes(race, (view.standings, view.rankings)))
        ]
        settled = bool(race.editions) and race.editions[-1].state == "official"
    return director_page(
        service, who, language, "prizes", done=done, wrong=wrong, lines=lines, lost=lost, settled=settled
    )
