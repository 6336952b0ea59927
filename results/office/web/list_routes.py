"""Lists taken in: files uploaded, looked at row by row, their headings told by hand, then taken in or left."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Response

from results.board.answers import FIELDS, page_answer
from results.office.jobs.list_importing import NONE, ListAnswers, ListHeading, ListImporter, ListPreview
from results.office.jobs.uploads import Upload
from results.office.service.office_service import OfficeService
from results.office.web.director_frame import director_page
from results.office.web.office_session import ANSWERS, SENT, Allowed, Fields, FieldsWithin, Spoken, go_to
from results.office.web.previewing import Noting, once
from results.office.web.uploaded_form import PARTS_MOST, UPLOAD_MOST, UploadedForm, uploaded_form
from timing.errors import RaceError, WrongUse
from timing.language import Language, _, speaking
from timing.log.sql import Beside
from timing.people.office_seats import Official
from timing.web.contract import Media, described

HERE: Final = "/office/rosters"
ENCODINGS: Final = ("utf-8", "cp949", "gbk", "big5", "shift_jis", "cp1252")
HEADING, PERSON = "heading ", "person "
"""Before a heading, or a person's id, in the name of the field that answers about it."""
ROWS_MOST: Final = 1_000
"""Rows of one kind that a page shows."""
Answering = Annotated[Fields, Depends(FieldsWithin(500_000, 5_000))]
Uploaded = Annotated[UploadedForm, Depends(uploaded_form)]


def list_pages(router: APIRouter, service: OfficeService) -> None:
    director = Depends(Allowed(service, "direct"))

    @router.get("/rosters", summary="Lists to be taken in", **described("get_rosters", ANSWERS))
    def rosters(who: Annotated[Official, director], language: Spoken, new: int = -1, changed: int = 0) -> Response:
        taken = _("Taken in: {new} new, {changed} changed.", new=new, changed=changed).to(language) if new >= 0 else ""
        return page_answer(_page(service, who, language, taken=taken))

    @router.post(
        "/rosters",
        summary="Files to be looked at",
        **described("upload_rosters", SENT, body=Media("multipart/form-data")),
    )
    def upload(who: Annotated[Official, director], language: Spoken, sent: Uploaded) -> Response:
        try:
            return go_to(f"{HERE}/{_kept(service, sent).number}")
        except RaceError as wrong:
            return page_answer(_page(service, who, language, wrong=wrong.text.to(language)), 422)

    @router.get("/rosters/{number}", summary="What files would change", **described("look_at_roster", ANSWERS))
    def look(who: Annotated[Official, director], language: Spoken, number: str) -> Response:
        return _looked_at(service, who, language, number)

    @router.post(
        "/rosters/{number}",
        summary="`form=look`: what is said of the files; `form=take`: take in what was previewed as `seen`; `form=leave`: remove them",
        **described("take_in_roster", SENT, body=FIELDS),
    )
    def answer(who: Annotated[Official, director], language: Spoken, number: str, sent: Answering) -> Response:
        def work(noting: Noting) -> Response:
            found = service.uploads.find(number)
            if found is not None and sent.get("form") == "take":
                return _taken_in(service, who, language, found, sent.get("seen", ""), noting)
            return _answered(service, who, language, found, sent)

        def refused(wrong: str) -> Response:
            return _looked_at(service, who, language, number, wrong, 422)

        return once(service, language, sent, refused, work)


def _kept(service: OfficeService, sent: UploadedForm) -> Upload:
    """The files, to be looked at.

    Raises:
        WrongUse: there are none, or too much.
        Unreachable: the disk does not take them.
    """
    if sent.too_much:
        raise WrongUse(
            _("at once at most {files} files and {most} MB", files=PARTS_MOST, most=UPLOAD_MOST // 1_000_000)
        )
    if not sent.files:
        raise WrongUse(_("choose a file first"))
    return service.uploads.keep(sent.files)


def _answered(
    service: OfficeService, who: Official, language: Language, upload: Upload | None, sent: Fields
) -> Response:
    """What was said of the files is noted, or they are removed."""
    if upload is None:
        return _looked_at(service, who, language, "")
    if sent.get("form") == "leave":
        service.uploads.remove(upload.number)
        return go_to(HERE)
    if sent.get("form") != "look":
        raise WrongUse(_("there is no such form"))
    upload.answer(_answers(sent))
    return go_to(f"{HERE}/{upload.number}")


def _taken_in(
    service: OfficeService, who: Official, language: Language, upload: Upload, seen: str, noting: Noting
) -> Response:
    """What was seen is taken in, and its files are removed; what would be something else by now is shown again."""
    page = HERE

    def beside(new: int, changed: int) -> Beside:
        nonlocal page
        page = f"{HERE}?new={new}&changed={changed}"
        return noting(page)

    if not _importer(service).take_in(service.opened, upload.files, upload.answers, seen, who, beside):
        late = _("something has changed meanwhile; nothing was taken in: look again").to(language)
        return _looked_at(service, who, language, upload.number, late, 409)
    service.uploads.remove(upload.number)
    return go_to(page)


def _looked_at(
    service: OfficeService, who: Official, language: Language, number: str, wrong: str = "", status: int = 200
) -> Response:
    """The page of an upload: what it would change, and what was understood of it."""
    upload = service.uploads.find(number)
    if upload is None:
        gone = _("These files are not here any more: they were taken in, or a day went by. Upload them again.")
        return page_answer(_page(service, who, language, wrong=gone.to(language)), 404)
    preview = ListPreview()
    with speaking(language):
        try:
            preview = _importer(service).look(service.opened, upload.files, upload.answers)
        except RaceError as unreadable:
            wrong = wrong or "\n".join((str(unreadable.text), *map(str, unreadable.details)))
    return page_answer(_page(service, who, language, upload, preview, wrong=wrong), status)


def _page(
    service: OfficeService,
    who: Official,
    language: Language,
    upload: Upload | None = None,
    preview: ListPreview | None = None,
    **told: str,
) -> str:
    content: dict[str, Any] = {"taken": "", "upload": upload, "preview": preview, "most": ROWS_MOST, **told}
    if upload and preview:
        with service.office() as office:
            people = [(one, office.called(one) or one) for one in (*upload.answers.same, *upload.answers.other)]
        content |= {
            "headings": _headings(
                preview, [(key, text.to(language)) for key, text in _importer(service).columns], language
            ),
            "people": people,
            "encodings": ENCODINGS,
        }
    return director_page(service, who, language, "rosters", **content)


def _answers(sent: Fields) -> ListAnswers:
    """What the form says of the files."""
    columns = {key.removeprefix(HEADING): told for key, told in sent.items() if key.startswith(HEADING)}
    people = {key.removeprefix(PERSON): told for key, told in sent.items() if key.startswith(PERSON)}
    return ListAnswers(
        columns,
        sent.get("firm", "")[:80],
        sent.get("encoding", "")[:20],
        bool(sent.get("skip_cancelled")),
        bool(sent.get("keep_dates")),
        tuple(one for one, told in people.items() if told == "same"),
        tuple(one for one, told in people.items() if told == "other"),
    )


def _importer(service: OfficeService) -> ListImporter:
    """The importer.

    Raises:
        RaceError: the server has none.
    """
    if service.rooms.lists is None:
        raise RaceError(_("lists are not taken in here"))
    return service.rooms.lists


def _headings(
    preview: ListPreview, columns: Sequence[tuple[str, str]], language: Language
) -> Iterator[tuple[ListHeading, list[tuple[str, str]]]]:
    """Each heading with its choices: first to leave it as it is."""
    unread = _("not read").to(language)
    for one in preview.headings:
        others = [choice for choice in (*columns, (NONE, unread)) if one.said or choice[0] != (one.column or NONE)]
        as_it_is = _("as it was understood").to(language) if one.said else dict(columns).get(one.column, unread)
        yield one, [("", as_it_is), *others]
