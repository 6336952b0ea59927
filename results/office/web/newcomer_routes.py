"""The form that enters somebody who is in no list: one page, one press, then the bib is handed out."""

from collections import defaultdict
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from results.board.answers import FIELDS, page_answer
from results.office.people.counter import free_spares
from results.office.people.newcomers import (
    NEW,
    NOT_SAID,
    UnknownTeam,
    categories,
    courses,
    firm_meant,
    grouped_by_age,
    newcomer,
    team_names,
)
from results.office.people.people_search import firms_like, free_spare_meant
from results.office.people.person_page import person_at
from results.office.service.office_service import OfficeService
from results.office.web.office_frame import office_page
from results.office.web.office_session import ANSWERS, SENT, Allowed, Fields, Sent, Spoken, go_to
from results.office.web.previewing import Noting, once
from results.office.web.print_on_the_spot import print_bib
from results.view.words import SEX_OF_ONE
from timing.errors import RaceError, WrongUse
from timing.language import Language, _, speaking
from timing.people.office_seats import Official
from timing.race.lookup import Namesake, UnknownFirm
from timing.web.contract import described


def newcomer_pages(router: APIRouter, service: OfficeService) -> None:
    counter = Depends(Allowed(service, "counter"))

    @router.get("/new", summary="The form for a new person", **described("get_new_person", ANSWERS))
    def empty(
        who: Annotated[Official, counter], language: Spoken, company: str = "", spare: str = "", gone: str = ""
    ) -> Response:
        return page_answer(_page(service, who, language, {"company": company, "spare": spare}, gone=bool(gone)))

    @router.post(
        "/new",
        summary="A new person: `name`, `company`, `team`, `sex`, `born`, and a `spare`, the `next` one, or `print` for a bib that is printed; counts once",
        **described("enter_person", SENT, body=FIELDS),
    )
    def entered(who: Annotated[Official, counter], language: Spoken, sent: Sent) -> Response:
        def work(noting: Noting) -> Response:
            if service.rooms.enter is None:
                raise WrongUse(_("this server enters nobody"))
            try:
                with service.office() as office:
                    person = newcomer(office, sent)
                entrant = service.rooms.enter(service.opened, person, who, lambda one: noting(_done(one)))
                if service.rooms.bibs and "bib" not in person.columns:
                    _print(service, who, language, entrant)
            except (UnknownFirm, UnknownTeam, Namesake) as asked:
                return page_answer(_page(service, who, language, sent, asked=asked), 422)
            return go_to(_done(entrant))

        def refused(wrong: str) -> Response:
            return page_answer(_page(service, who, language, sent, wrong=wrong), 422)

        return once(service, language, sent, refused, work)


def _print(service: OfficeService, who: Official, language: Language, entrant: str) -> None:
    """Begin to print the bib; where too much waits already the person's page offers it again."""
    with service.office() as office:
        bib = office.race.entrants[entrant].bib
    with suppress(RaceError):
        print_bib(service, who, language, bib or 0, person_at(entrant))


def _done(entrant: str) -> str:
    return f"{person_at(entrant)}?done=1"


def _page(
    service: OfficeService,
    who: Official,
    language: Language,
    sent: Fields,
    wrong: str = "",
    asked: RaceError | None = None,
    gone: bool = False,
) -> str:
    """The form with what was sent; `asked` where it must be said which firm, or that it is another person; `gone` after an entry was taken back."""
    with service.office() as office, speaking(language):
        names, race = office.names, office.race
        here = {one: name for one, name in names.companies.items() if race.office.company_now(one) == one}
        firm = firm_meant(office, sent)
        like = firms_like(here, firm) if isinstance(asked, UnknownFirm) else []
        teams = team_names(office, firm) if isinstance(asked, UnknownTeam) else []
        content = {
            "firm": firm,
            "firms": sorted(here.values()),
            "own_teams": teams,
            "team_meant": next(iter(firms_like({one: one for one in teams}, sent.get("team", ""), 1)), NEW),
            "like": [(one, here[one]) for one in like],
            "sexes": [
                *((one, SEX_OF_ONE[one].to(language)) for one in ("F", "M")),
                (NOT_SAID, _("not said").to(language)),
            ],
            "grouped": grouped_by_age(office),
            "categories": categories(race),
            "courses": courses(race),
            "waves": sorted(set(race.office.waves.values())),
            "spares": free_spares(race),
            "offered": free_spare_meant(race, sent.get("spare", "")) if not wrong and asked is None else None,
        }
    return office_page(
        service, who, language, "new.html", "/office/new", sent=defaultdict(str, sent), wrong=wrong, gone=gone, prints=service.rooms.bibs is not None, new=NEW, not_said=NOT_SAID,
        ask_firm=isinstance(asked, UnknownFirm), ask_team=isinstance(asked, UnknownTeam),
        ask_person=isinstance(asked, Namesake), **content,
    )  # fmt: skip
