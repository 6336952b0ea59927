"""The counter: packets and bibs handed out, a spare for a lost one."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from results.board.answers import FIELDS, data_answer, page_answer
from results.files.csv_files import records_csv
from results.office.people.counter import exchange, hand_out_one, hand_out_packet, is_printed
from results.office.people.counter_lists import COLUMNS, CounterList, counter_lists
from results.office.people.newcomers import spare_number
from results.office.people.person_forms import decided
from results.office.people.person_page import person_at
from results.office.rulings.acts import acting
from results.office.rulings.ruling_preview import Decision
from results.office.rulings.rulings import Office
from results.office.service.office_service import OfficeService
from results.office.web.job_routes import GONE, file_answer
from results.office.web.office_frame import closed_page
from results.office.web.office_session import ANSWERS, NAME_MOST, SENT, Allowed, Sent, Spoken, go_to
from results.office.web.pages import counter_lists_page, packets_page
from results.office.web.people_routes import person_answer
from results.office.web.previewing import Noting, once
from results.office.web.print_on_the_spot import bib_job, print_bib
from results.office.web.print_routes import FETCHED
from results.web.asset import TYPES
from timing.errors import RaceError, WrongUse
from timing.language import Text, _
from timing.people.office_seats import Official
from timing.race.events import DeskFact
from timing.race.spelling import clean
from timing.web.contract import Media, described

CSV = Media(TYPES[".csv"])


def counter_pages(router: APIRouter, service: OfficeService) -> None:
    counter = Depends(Allowed(service, "counter"))
    _packets(router, service, counter)
    _bib(router, service, counter)
    _printing(router, service, counter)
    _name(router, service, counter)
    _lists(router, service, counter)


def _packets(router: APIRouter, service: OfficeService, counter: Any) -> None:
    @router.get("/packets", summary="Each firm's packet", **described("get_packets", ANSWERS))
    def firms(who: Annotated[Official, counter], language: Spoken, q: str = "", done: str = "") -> Response:
        return page_answer(packets_page(service, who, language, q[:NAME_MOST], done=bool(done)))

    @router.post(
        "/packets",
        summary="The packet of `company` is handed out; `form=undo`: one at `pos` taken back",
        **described("hand_out_packet", SENT, body=FIELDS),
    )
    def packet(who: Annotated[Official, counter], language: Spoken, sent: Sent) -> Response:
        now, company, done = service.opened.clock.now(), sent.get("company", ""), "/office/packets?done=1"

        def ruling(office: Office) -> Decision | Sequence[DeskFact]:
            if sent.get("form") == "undo":
                return decided(office, "", sent, who, "counter")
            return hand_out_packet(office, company, sent.get("left", ""), now, who.name, who.role)

        def work(noting: Noting) -> Response:
            service.record_now(ruling, noting(done))
            return go_to(done)

        def refused(wrong: str) -> Response:
            return page_answer(packets_page(service, who, language, wrong=wrong), 422)

        return once(service, language, sent, refused, work)


def _bib(router: APIRouter, service: OfficeService, counter: Any) -> None:
    @router.post(
        "/people/{entrant}/bib",
        summary="`form=hand`: the bib is handed out; `form=exchange`: a `spare` for it",
        **described("hand_out_bib", SENT, body=FIELDS),
    )
    def bib(entrant: str, who: Annotated[Official, counter], language: Spoken, sent: Sent) -> Response:
        now, spare, done = service.opened.clock.now(), sent.get("spare", ""), f"{person_at(entrant)}?done=1"

        def ruling(office: Office) -> Sequence[DeskFact]:
            if sent.get("form") == "hand":
                return hand_out_one(office, entrant, now, who.name, who.role)
            if not (number := spare_number(office, spare)):
                raise WrongUse(_("type the number on the spare bib"))
            return exchange(
                office, entrant, int(number), who.name, sent.get("why", "") or str(_lost(office, entrant)), who.role
            )

        def work(noting: Noting) -> Response:
            service.record_now(ruling, noting(done))
            return go_to(done)

        def refused(wrong: str) -> Response:
            return person_answer(service, who, language, entrant, wrong=wrong, sent=sent)

        return once(service, language, sent, refused, work)


def _name(router: APIRouter, service: OfficeService, counter: Any) -> None:
    @router.post(
        "/people/{entrant}/name",
        summary="The `name` as it is right; counts once",
        **described("correct_name", SENT, body=FIELDS),
    )
    def name(entrant: str, who: Annotated[Official, counter], language: Spoken, sent: Sent) -> Response:
        def work(_noting: Noting) -> Response:
            right, opened = clean(sent.get("name", "")), service.opened
            with service.office() as office:
                office.entrant(entrant)
            if not right:
                raise WrongUse(_("the name is empty"))
            kept = opened.directory.rename(entrant, right, acting(opened, "name", entrant, who))
            return go_to(f"{person_at(entrant)}?done={'1' if kept else 'masked'}")

        def refused(wrong: str) -> Response:
            return person_answer(service, who, language, entrant, wrong=wrong)

        return once(service, language, sent, refused, work)


def _lost(office: Office, entrant: str) -> Text:
    """Why somebody gets a spare, where it is not said."""
    return _("lost") if is_printed(office.race, office.entrant(entrant)) else _("no bib was printed")


def _printing(router: APIRouter, service: OfficeService, counter: Any) -> None:
    @router.post(
        "/people/{entrant}/print",
        summary="The bib is printed now; the person's page has the file then",
        **described("print_bib", SENT, body=FIELDS),
    )
    def begin(entrant: str, who: Annotated[Official, counter], language: Spoken) -> Response:
        try:
            if (bib := _bib_of(service, entrant)) is None:
                raise RaceError(_("there is no bib to print"))
            print_bib(service, who, language, bib, person_at(entrant))
            return go_to(person_at(entrant))
        except RaceError as wrong:
            return person_answer(service, who, language, entrant, wrong=wrong.text.to(language))

    @router.get(
        "/people/{entrant}/print/{file}", summary="The file of the printed bib", **described("get_printed_bib", FETCHED)
    )
    def fetch(entrant: str, who: Annotated[Official, counter], language: Spoken, file: str) -> Response:
        job = bib_job(service, _bib_of(service, entrant))
        return file_answer(job, file) or page_answer(closed_page(language, GONE), 404)


def _bib_of(service: OfficeService, entrant: str) -> int | None:
    with service.office() as office:
        return office.race.entrants[entrant].bib if entrant in office.race.entrants else None


def _lists(router: APIRouter, service: OfficeService, counter: Any) -> None:
    @router.get(
        "/packets/list", summary="A list for the end of the counter's day", **described("get_counter_list", ANSWERS)
    )
    def shown(who: Annotated[Official, counter], language: Spoken, which: CounterList = "waiting") -> Response:
        return page_answer(counter_lists_page(service, who, language, which))

    @router.get(
        "/packets/list.csv",
        summary="The same as CSV",
        **described("get_counter_list_file", {**ANSWERS, 200: ("The file", CSV)}),
    )
    def file(who: Annotated[Official, counter], language: Spoken, which: CounterList = "waiting") -> Response:
        cards = service.opened.directory.cards()
        with service.office() as office:
            found = counter_lists(office, cards, language)[which]
        return data_answer(records_csv(COLUMNS, found), TYPES[".csv"], f"{which}.csv")
