"""What is ruled about a station: it stood at another point than it said, its clock was wrong; shown first, and taken back."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Request, Response

from results.board.answers import FIELDS
from results.office.people.person_forms import seconds_in
from results.office.rulings import decisions
from results.office.rulings.ruling_preview import Decision
from results.office.rulings.rulings import Office
from results.office.service.office_service import OfficeService
from results.office.web.office_session import SENT, Allowed, Fields, Sent, Spoken, whole_number
from results.office.web.previewing import previewed
from results.office.web.station_routes import STATIONS_AT, stations_answer
from timing.errors import RaceError, WrongUse
from timing.language import _
from timing.people.office_seats import Official
from timing.race.events import ClockRuled, StationRepointed
from timing.web.contract import described

UNCERTAIN_MOST_MS: Final = 3_600_000


def station_ruling_pages(router: APIRouter, service: OfficeService) -> None:
    @router.post(
        "/stations/ruling",
        summary="`form=point`: the `station` stood at a `point`, `since` and `until` then; `form=clock`: its clock was so many `seconds` ahead, `uncertain` ± ms; `form=undo`: one at `pos` taken back; for a reason `why`, recorded with `seen`",
        **described("rule_station", SENT, body=FIELDS),
    )
    def rule(
        request: Request, who: Annotated[Official, Depends(Allowed(service, "direct"))], language: Spoken, sent: Sent
    ) -> Response:
        def refused(wrong: str) -> Response:
            return stations_answer(service, str(request.base_url), who, language, wrong)

        def ruling(office: Office) -> Decision:
            return _ruling(office, sent, who)

        return previewed(service, who, language, STATIONS_AT, sent, refused, ruling, f"{STATIONS_AT}/ruling")


def _ruling(office: Office, sent: Fields, who: Official) -> Decision:
    """What a form of the stations' page asks for.

    Raises:
        RaceError: it cannot be, and why.
    """
    by, why, station = who.name, sent.get("why", ""), sent.get("station", "")
    if not why:
        raise WrongUse(_("say why: the reason stands in the log"))
    match sent.get("form"):
        case "point":
            point: Literal["start", "finish"] = "start" if sent.get("point") == "start" else "finish"
            since, until = sent.get("since") or None, sent.get("until") or None
            made = decisions.point(office, station, point, since, until, by, why)
        case "clock":
            uncertain = whole_number(sent, "uncertain", UNCERTAIN_MOST_MS) if sent.get("uncertain") else 0
            made = decisions.clock(office, station, seconds_in(sent), uncertain, by, why)
        case "undo":
            position = whole_number(sent, "pos", 10**15)
            if not isinstance(office.race.said.get(position), StationRepointed | ClockRuled):
                raise RaceError(_("there is no such form"))
            made = decisions.undo(office, position, by, why)
        case _:
            raise WrongUse(_("there is no such form"))
    return made.in_role(who.role)
