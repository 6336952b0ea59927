"""The page of a piece of long work: how far it is, then its files."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Response
from starlette.responses import FileResponse

from results.board.answers import FIELDS, GUARDS, page_answer
from results.office.jobs.background_jobs import BackgroundJob
from results.office.service.office_service import OfficeService
from results.office.web.director_frame import director_page
from results.office.web.office_session import ANSWERS, SENT, Allowed, Spoken, go_to
from timing.language import Language, _
from timing.people.office_seats import Official
from timing.web.contract import Media, described

LOOK_AGAIN_S: Final = "2"
FETCHED: Final = {**ANSWERS, 200: ("The file", Media("application/octet-stream"))}
GONE: Final = _(
    "This is not here any more: files are kept for a day, and until the server is started again. Begin anew."
)


def job_pages(router: APIRouter, service: OfficeService) -> None:
    director = Depends(Allowed(service, "direct"))

    @router.get("/jobs/{number}", summary="How far a piece of work is, and its files", **described("get_job", ANSWERS))
    def job(who: Annotated[Official, director], language: Spoken, number: str) -> Response:
        return _page(service, who, language, service.jobs.find(number))

    @router.post("/jobs/{number}", summary="End it", **described("stop_job", SENT, body=FIELDS))
    def stop(who: Annotated[Official, director], language: Spoken, number: str) -> Response:
        found = service.jobs.find(number)
        if found is None:
            return _page(service, who, language, None)
        found.stop()
        return go_to(found.page)

    @router.get("/jobs/{number}/{file}", summary="A file that it made", **described("get_job_file", FETCHED))
    def fetch(who: Annotated[Official, director], language: Spoken, number: str, file: str) -> Response:
        return file_answer(service.jobs.find(number), file) or _page(service, who, language, None)


def file_answer(job: BackgroundJob | None, file: str) -> Response | None:
    """The file of this number that a job made; None where there is none."""
    kept = dict(zip(map(str, range(len(job.files))), job.files, strict=True)) if job else {}
    if file not in kept:
        return None
    name, path = kept[file]
    return FileResponse(path, headers=GUARDS, filename=name)


def _page(service: OfficeService, who: Official, language: Language, job: BackgroundJob | None) -> Response:
    if job is None:
        return page_answer(
            director_page(service, who, language, "job", job=None, title="", wrong=GONE.to(language)), 404
        )
    over, state = job.over, job.state  # before its files and notes, which it may be making
    files = [(f"{job.page}/{at}", name, path.stat().st_size) for at, (name, path) in enumerate(job.files)]
    answer = page_answer(
        director_page(
            service, who, language, "job", job=job, title=job.title.to(language), state=state, over=over, files=files if over else [],
            notes=[note.to(language) for note in job.notes],
        )
    )  # fmt: skip
    if not over:
        answer.headers["refresh"] = LOOK_AGAIN_S
    return answer
