"""The announcer's page behind a private link, with full names in large type, and the same as JSON, polled every two seconds."""

from collections.abc import Callable
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request, Response

from results.announcer.announcing import Announcement, announced
from results.board.answers import ASKED, PAGE, WORDS, data_answer, page_answer, sender_of, told_answer
from results.board.api_models import as_json
from results.board.snapshot import Snapshot
from results.view.view import state_words
from results.view.words import COUNTED, SEXES
from results.web.limits import Limits
from results.web.templating import policy, rendered, static_path
from timing.language import BOTH, _, bilingual, pair
from timing.people.private_links import ANNOUNCER, PrivateLinks
from timing.race.clock import Clock
from timing.web.contract import described

POLL_MS: Final = 2_000
WRONG_FROM_ONE, WRONG_FROM_ALL = 20, 1_000
"""Wrong tokens in ten minutes, from one address and from everybody, before they are told to wait; whoever has the link is let in."""
NOBODY: Final = bilingual(_("there is no such link"))
LET_IN: Final = {**ASKED, 404: ("There is no such link", WORDS), 429: ("Too many wrong links; later", WORDS)}
Token = Annotated[
    str, Path(description="The secret of the announcer's private link: `marathon board announcer` shows it once")
]
TOO_MANY: Final = bilingual(_("too many tries; try again later"))


class AnnouncerService:
    """The announcement of each version, made once; the link is checked at each request, for it can be revoked."""

    def __init__(self, current: Callable[[], Snapshot], links: PrivateLinks, clock: Clock) -> None:
        self._current, self._links = current, links
        self._wrong = Limits(clock, WRONG_FROM_ONE, WRONG_FROM_ALL)
        self._told: tuple[Snapshot, Announcement] | None = None

    def refusal(self, token: str, sender: str) -> Response | None:
        """The response to a wrong token, 404 or 429; None for the right one, which is let in however many wrong ones came."""
        if self._links.holder_of(token) == ANNOUNCER:
            return None
        return told_answer(NOBODY, 404) if self._wrong.may(sender) else told_answer(TOO_MANY, 429)

    def now(self) -> tuple[Snapshot, Announcement]:
        """The newest version and its announcement."""
        snapshot, told = self._current(), self._told
        if told is None or told[0] is not snapshot:
            told = self._told = snapshot, announced(snapshot.view)
        return told


def announcer_pages(current: Callable[[], Snapshot], links: PrivateLinks, clock: Clock) -> APIRouter:
    """The routes of the announcer's link."""
    router, desk = APIRouter(tags=["announcer"]), AnnouncerService(current, links, clock)

    @router.get(
        "/announcer/{token}",
        summary="The announcer's page",
        **described("get_announcer_page", {200: ("The page", PAGE), **LET_IN}),
    )
    def page(token: Token, request: Request) -> Response:
        return desk.refusal(token, sender_of(request)) or page_answer(announcer_page(*desk.now()))

    @router.get(
        "/announcer/{token}/now.json",
        summary="What the announcer sees: who crossed, who is coming, what is worth a word",
        **described(
            "get_announced",
            {
                200: ("What is new", Announcement),
                204: ("Nothing new since that version, and since that revision where one is named", None),
                **LET_IN,
            },
        ),
    )
    def now(token: Token, request: Request, since: int = -1, revision: int | None = None) -> Response:
        refused = desk.refusal(token, sender_of(request))
        if refused:
            return refused
        _, told = desk.now()
        known = told.version == since and revision in (None, told.revision)
        return Response(status_code=204) if known else data_answer(as_json(told))

    return router


def announcer_page(snapshot: Snapshot, told: Announcement) -> str:
    """The page; its script polls the JSON, without it the page reloads itself."""
    view = snapshot.view
    around: dict[str, Any] = {
        "race": pair(view.race_name["ko"], view.race_name["en"]),
        "state": _("Not public yet: do not read out") if view.hidden else state_words(view),
        "hidden": view.hidden,
        "official": view.state == "official",
        "counts": [(COUNTED[key], number) for key, number in told.counts.items()],
        "policy": policy(),
        "static": static_path,
        "poll_ms": POLL_MS,
        "sexes": SEXES,
    }
    return rendered("announcer.html", BOTH, told=told, **around)
