"""Everything to download: results of now and of each edition, certificates, the log, the counter's lists."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Response

from results.board.answers import FIELDS, page_answer
from results.files.result_files import FORMATS
from results.office.jobs.downloads import CertificatesWanted, ResultsWanted, log_job, results_job
from results.office.people.counter_lists import LISTS, TITLES
from results.office.service.office_service import OfficeService
from results.office.web.director_frame import director_page
from results.office.web.office_session import ANSWERS, SENT, Allowed, Fields, Sent, Spoken, go_to, whole_number
from timing.errors import RaceError, WrongUse
from timing.language import Language, Text, _, speaking
from timing.people.office_seats import Official
from timing.race.instants import wall
from timing.web.contract import described

HERE: Final = "/office/files"
EDITIONS_MOST: Final = 1_000_000
TITLES_OF: Final[dict[str, Text]] = {"results": _("Results"), "certificates": _("Certificates"), "log": _("The log")}


def file_pages(router: APIRouter, service: OfficeService) -> None:
    director = Depends(Allowed(service, "direct"))

    @router.get("/files", summary="Everything to download", **described("get_files", ANSWERS))
    def files(who: Annotated[Official, director], language: Spoken) -> Response:
        return page_answer(_page(service, who, language))

    @router.post(
        "/files",
        summary="Make `form=results` (of an `edition`), `certificates` (of a `firm`) or `log`; goes on to the page of the work",
        **described("make_files", SENT, body=FIELDS),
    )
    def make(who: Annotated[Official, director], language: Spoken, sent: Sent) -> Response:
        try:
            return go_to(_begun(service, sent, language))
        except RaceError as wrong:
            return page_answer(_page(service, who, language, wrong.text.to(language)), 422)


def _begun(service: OfficeService, sent: Fields, language: Language) -> str:
    """The page of the work that a form asks for.

    Raises:
        RaceError: there is no such form, or nothing to make it with.
    """
    form, rooms, opened = sent.get("form", ""), service.rooms, service.opened
    if form == "log":
        key, work = "log", log_job(opened)
    elif form == "results" and rooms.print_results:
        wanted = _results(sent)
        key, work = repr(wanted), results_job(opened, wanted, rooms.print_results)
    elif form == "certificates" and (make := rooms.certificates):
        ordered = CertificatesWanted(sent.get("firm", ""), bool(sent.get("each")), bool(sent.get("provisional")))
        key, work = repr(ordered), lambda job: make(opened, ordered, job)
    else:
        raise WrongUse(_("there is no such form"))
    return service.jobs.begin(key, TITLES_OF[form], HERE, language, work).page


def _results(sent: Fields) -> ResultsWanted:
    formats = [one for one in FORMATS if sent.get(one)]
    cp949 = bool(sent.get("cp949"))
    if not formats and not cp949:
        raise WrongUse(_("choose a format first"))
    return ResultsWanted(whole_number(sent, "edition", EDITIONS_MOST), formats, cp949, bool(sent.get("full")))


def _page(service: OfficeService, who: Official, language: Language, wrong: str = "") -> str:
    with service.office() as office, speaking(language):
        race, names = office.race, office.names
        editions = [
            (one.number, str(_("official") if one.state == "official" else _("provisional"))) for one in race.editions
        ]
        wearing = {one.company for one in race.entrants.values() if one.bib}
        firms = sorted(((names.company(one), one) for one in wearing), key=lambda firm: firm[0])
        official = any(one.state == "official" for one in race.editions)
    zone = service.opened.zone
    jobs = [
        (one.page, one.title.to(language), wall(one.at, zone)[:-2], one.over, len(one.files))
        for one in service.jobs.recent()
    ]
    lists = [(f"/office/packets/list.csv?which={one}", TITLES[one].to(language)) for one in LISTS]
    return director_page(
        service, who, language, "files", wrong=wrong, editions=editions[::-1], firms=firms, any_official=official,
        formats=FORMATS, jobs=jobs, lists=lists,
    )  # fmt: skip
