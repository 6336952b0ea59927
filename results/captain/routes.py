"""The addresses behind a captain's private link: the page in both languages, its files, its two forms."""

from collections.abc import Callable, Mapping
from typing import Annotated, Final
from urllib.parse import parse_qs

from fastapi import APIRouter, Path, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, RedirectResponse

from results.board.answers import (
    ASKED,
    FIELDS,
    FORM,
    GUARDS,
    PAGE,
    WORDS,
    data_answer,
    page_answer,
    sender_of,
    told_answer,
)
from results.captain.captain_service import CaptainService, TooMany
from results.captain.captain_view import people_csv, people_of
from results.captain.pages import captain_page, move_page
from results.web.asset import TYPES
from results.web.templating import PREFIX
from timing.errors import WrongUse
from timing.language import NOTHING, Language, _, bilingual
from timing.web.bodies import body_within
from timing.web.contract import Media, described

BODY_MOST: Final = 8_000
NOBODY: Final = bilingual(_("there is no such link; ask the organiser for a new one"))
UNKNOWN: Final = bilingual(_("there is no such form"))
TOO_LONG: Final = bilingual(_("too long"))
LET_IN: Final = {**ASKED, 404: ("There is no such link", WORDS), 429: ("Too many wrong links; later", WORDS)}
Token = Annotated[
    str, Path(description="The secret of a captain's private link: `marathon firm captain` shows it once")
]
DONE: Final = {"card": _("Kept."), "team": _("Moved; the list follows in a moment.")}
Fields = dict[str, str]
Work = Callable[[str, str, Fields], Response]
"""Handles a form: from the token, the firm and the fields to a response."""


def captain_pages(desk: CaptainService) -> APIRouter:
    """The routes of all captains' links."""
    router = APIRouter(tags=["captain"])
    _files(router, desk)
    for language, prefix in PREFIX.items():
        _page(router, desk, language, f"/{prefix}captain")
        _forms(router, desk, language, f"/{prefix}captain")
    return router


def _page(router: APIRouter, desk: CaptainService, language: Language, at: str) -> None:
    @router.get(
        f"{at}/{{token}}",
        summary=f"The captain's page ({language})",
        **described(f"get_captain_page_{language}", {200: ("The page", PAGE), **LET_IN}),
    )
    def page(token: Token, request: Request, done: str = "") -> Response:
        return _let_in(
            desk,
            token,
            request,
            lambda firm: page_answer(captain_page(desk, token, firm, language, DONE.get(done, NOTHING))),
        )


def _files(router: APIRouter, desk: CaptainService) -> None:
    @router.get(
        "/captain/{token}/runners.csv",
        summary="The firm's people with full names",
        **described("get_people", {200: ("The people", Media("text/csv")), **LET_IN}),
    )
    def runners(token: Token, request: Request) -> Response:
        def told(firm: str) -> Response:
            return data_answer(people_csv(people_of(desk.site, firm, "ko")), TYPES[".csv"], f"{firm}.csv")

        return _let_in(desk, token, request, told)

    @router.get(
        "/captain/{token}/packet/{name}",
        summary="A PDF of the firm's packet",
        **described("get_packet", {200: ("The file", Media("application/pdf")), **LET_IN}),
    )
    def packet(token: Token, name: str, request: Request) -> Response:
        def file(firm: str) -> Response:
            path = desk.packets(firm).get(name)
            if path is None:
                return told_answer(NOBODY, 404)
            return FileResponse(path, headers=GUARDS, media_type="application/pdf", filename=name)

        return _let_in(desk, token, request, file)


def _forms(router: APIRouter, desk: CaptainService, language: Language, at: str) -> None:
    """Both forms are sent to the page's own address, so that a response to them stands there too."""

    def card(token: str, firm: str, sent: Fields) -> Response:
        try:
            desk.change_card(firm, sent.get("link", ""), sent.get("blurb", ""))
        except WrongUse as wrong:
            return page_answer(captain_page(desk, token, firm, language, wrong=_said(wrong, language), sent=sent), 422)
        return _back(at, token, "card")

    def team(token: str, firm: str, sent: Fields) -> Response:
        try:
            planned = desk.plan(firm, sent.get("entrant", ""), sent.get("team", ""), sent.get("why", ""))
        except WrongUse as wrong:
            return page_answer(captain_page(desk, token, firm, language, wrong=_said(wrong, language)), 422)
        seen = sent.get("seen", "")
        if seen.isascii() and seen.isdigit() and desk.record(planned, int(seen[:15])):
            return _back(at, token, "team")
        return page_answer(move_page(desk, token, firm, language, planned, again=bool(seen)))

    @router.post(
        f"{at}/{{token}}",
        summary="`form=card`: another `link` or `blurb`; `form=team`: `entrant` to `team` for a reason `why`, recorded with `seen`",
        **described(
            f"send_captain_form_{language}",
            {
                **FORM,
                **LET_IN,
                200: ("What would change, to be confirmed", PAGE),
                303: ("Done; go on there", None),
                413: ("Too long", WORDS),
                422: ("It cannot be, and why", (PAGE, WORDS)),
            },
            body=FIELDS,
        ),
    )
    async def form(token: Token, request: Request) -> Response:
        return await _taken(desk, token, request, {"card": card, "team": team})


async def _taken(desk: CaptainService, token: str, request: Request, works: Mapping[str, Work]) -> Response:
    """Read a form and handle it on another thread."""
    body = await body_within(request.stream(), BODY_MOST)
    if body is None:
        return told_answer(TOO_LONG, 413)
    sent = _fields(body)
    work = works.get(sent.get("form", ""))
    if work is None:
        return told_answer(UNKNOWN, 422)
    return await run_in_threadpool(_let_in, desk, token, request, lambda firm: work(token, firm, sent))


def _let_in(desk: CaptainService, token: str, request: Request, work: Callable[[str], Response]) -> Response:
    try:
        firm = desk.firm_of(token, sender_of(request))
        return work(firm) if firm is not None else told_answer(NOBODY, 404)
    except TooMany as many:
        return told_answer(str(many), 429)


def _fields(body: bytes) -> Fields:
    if body.count(b"&") > 10:
        return {}
    return {key: told[0] for key, told in parse_qs(body.decode("utf-8", "replace")).items()}


def _said(wrong: WrongUse, language: Language) -> str:
    return wrong.text.to(language)


def _back(at: str, token: str, done: str) -> Response:
    return RedirectResponse(f"{at}/{token}?done={done}", 303, GUARDS)
