"""The to-do list's forms, each shown first or recorded at once, and the pictures of what stations saw."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Response
from sqlalchemy import Connection

from results.board.answers import FIELDS, GUARDS, page_answer, told_answer
from results.office.rulings.acts import acting
from results.office.rulings.hand_times import take_line
from results.office.rulings.ruling_preview import Decision
from results.office.rulings.rulings import Office
from results.office.service.office_service import OfficeService
from results.office.service.permissions import may
from results.office.service.todo import AT, FIRM_AT, RULE_AT
from results.office.service.todo_decisions import ruled, settled
from results.office.web.office_frame import office_page
from results.office.web.office_session import ANSWERS, SENT, Allowed, Fields, Sent, Spoken, go_to, whole_number
from results.office.web.overview_page import overview_page
from results.office.web.previewing import Noting, once, previewed
from timing.errors import WrongUse
from timing.language import Language, _
from timing.people.office_acts import Act
from timing.people.office_seats import Official
from timing.race.firms import FirmCard
from timing.web.contract import Media, described

PICTURE_MOST: Final = 2_000_000
"""Bytes; a crop has a hundredth of it."""
JPEG: Final = "image/jpeg"
BACK: Final = "/office/"
KEY_MOST: Final = 80
JUDGING: Final[tuple[Act, ...]] = ("approve", "refuse", "hide")
Decides = Callable[[Office, Fields, Official], Decision]


def todo_pages(router: APIRouter, service: OfficeService) -> None:
    official = Depends(Allowed(service, "todo"))

    @router.post(
        AT.removeprefix("/office"),
        summary="`form=name`: a `scan` was this `bib`; `dismiss`: it was no runner; `spare`: a `bib` wears this `spare`; "
        "`line`: the time of the paper line `number` is this `bib`'s; `message`: report `number` is dealt with, or `reopen`; `undo`: the ruling at `pos` taken back; recorded with `seen`",
        **described("settle_item", SENT, body=FIELDS),
    )
    def settle(who: Annotated[Official, official], language: Spoken, sent: Sent) -> Response:
        form = TodoForm(service, who, language, sent)
        match sent.get("form"):
            case "dismiss":
                return form.at_once(settled)
            case "message" | "reopen":
                return form.reported(done=sent["form"] == "message")
            case "line":
                return form.line_taken()
            case _:
                return form.previewed(AT, settled)

    @router.post(
        RULE_AT.removeprefix("/office"),
        summary="`form=jump`: `whose` clock jumped; `give-up`: a `station` is not waited for; `aside`: the item at `pos` was looked at; `confirm`: the `time` of an `entrant` stands; `stands`: a captain's move at `pos` does; `passing`: one at a `point` by hand; or another ruling about an `entrant`; "
        "recorded with `seen`",
        **described("rule_item", SENT, body=FIELDS),
    )
    def rule(who: Annotated[Official, Depends(Allowed(service, "rule"))], language: Spoken, sent: Sent) -> Response:
        form = TodoForm(service, who, language, sent)
        return form.at_once(ruled) if sent.get("form") in ("confirm", "stands") else form.previewed(RULE_AT, ruled)

    @router.post(
        FIRM_AT.removeprefix("/office"),
        summary="`form=approve`, `refuse`, `hide`: the `link` and `blurb` of a `company`, as they were seen",
        **described("judge_card", SENT, body=FIELDS),
    )
    def card(who: Annotated[Official, Depends(Allowed(service, "publish"))], language: Spoken, sent: Sent) -> Response:
        return TodoForm(service, who, language, sent).card_judged()

    _large(router, service, official)

    @router.get(
        "/pictures/{lineage}/{seq}",
        summary="The picture of what a station saw",
        **described("get_picture", {**ANSWERS, 200: ("It", Media(JPEG))}),
    )
    def picture(lineage: str, seq: int, who: Annotated[Official, official], language: Spoken) -> Response:
        with service.office() as office:
            known = office.race.crossing(lineage, seq) is not None
        found = service.rooms.picture(service.opened, lineage, seq) if known and service.rooms.picture else "none"
        if not isinstance(found, Path) or found.stat().st_size > PICTURE_MOST:
            return told_answer(_("There is no picture of it.").to(language), 404)
        return Response(found.read_bytes(), 200, GUARDS, JPEG)


def _large(router: APIRouter, service: OfficeService, official: Any) -> None:
    @router.get(
        "/pictures/{lineage}/{seq}/large",
        summary="The picture on a page that leads back to the list, to the item `back`",
        **described("get_large_picture", ANSWERS),
    )
    def large(lineage: str, seq: int, who: Annotated[Official, official], language: Spoken, back: str = "") -> Response:
        picture = f"/office/pictures/{quote(lineage, safe='')}/{seq}"
        return page_answer(
            office_page(service, who, language, "picture.html", BACK, picture=picture, back=back[:KEY_MOST])
        )


class TodoForm:
    """A form of the list as somebody sent it."""

    def __init__(self, service: OfficeService, who: Official, language: Language, sent: Fields) -> None:
        self.service, self.who, self.language, self.sent = service, who, language, sent

    def previewed(self, at: str, decide: Decides) -> Response:
        """Shown first, then recorded."""
        return previewed(
            self.service, self.who, self.language, BACK, self.sent, self._refused,
            lambda office: decide(office, self.sent, self.who), at,
        )  # fmt: skip

    def at_once(self, decide: Decides) -> Response:
        """Recorded by one tap: it changes nobody's result."""

        def work(noting: Noting) -> Response:
            done = f"{BACK}?done=1"
            self.service.record_now(lambda office: decide(office, self.sent, self.who), noting(done))
            return go_to(done)

        return once(self.service, self.language, self.sent, self._refused, work)

    def reported(self, done: bool) -> Response:
        """A report is dealt with, or open again."""
        number = self.sent.get("number", "")

        def work(_noting: Noting) -> Response:
            told = whole_number(self.sent, "number", 10**9)
            self.service.inbox.settle(told, done, self._act("settle" if done else "reopen", str(told)))
            return go_to(f"{BACK}?{urlencode({'message': number})}" if done else BACK)

        return once(self.service, self.language, self.sent, self._refused, work)

    def line_taken(self) -> Response:
        """The time of a paper sheet's line for whom a person names; the line is dealt with in the same transaction."""
        number = self.sent.get("number", "")
        line = self.service.inbox.message(int(number[:9])) if number.isascii() and number.isdigit() else None

        def decide(office: Office) -> Decision:
            if line is None or line.done:
                raise WrongUse(_("this line was dealt with meanwhile"))
            if not self.sent.get("bib"):
                raise WrongUse(_("say who it was: a bib or a name"))
            rules = may(self.who.role, "rule")
            return take_line(office, line, self.sent["bib"], self.who, self.sent.get("why", ""), rules)

        def also(connection: Connection) -> None:
            if line:
                self.service.inbox.settle_within(connection, line.number)

        return previewed(self.service, self.who, self.language, BACK, self.sent, self._refused, decide, AT, also)

    def card_judged(self) -> Response:
        """What a firm shows of itself, judged as it was seen; what its captain changed meanwhile is looked at again."""

        def work(_noting: Noting) -> Response:
            directory, company = self.service.opened.directory, self.sent.get("company", "")
            card = directory.cards().get(company, FirmCard(company))
            if (card.link, card.blurb) != (self.sent.get("link", ""), self.sent.get("blurb", "")):
                raise WrongUse(_("the firm has changed it meanwhile; look at it again"))
            form = next((one for one in JUDGING if one == self.sent.get("form")), None)
            if form is None:
                raise WrongUse(_("there is no such form"))
            judged = card.changed("", "") if form == "refuse" else card.judged(form == "approve")
            directory.keep_card(judged, self._act(form, company))
            return go_to(f"{BACK}?{urlencode({'firm': company})}" if form == "approve" else f"{BACK}?done=1")

        return once(self.service, self.language, self.sent, self._refused, work)

    def _act(self, what: Act, of: str) -> Callable[[Connection], None]:
        """What notes beside it who did this."""
        return acting(self.service.opened, what, of, self.who)

    def _refused(self, wrong: str) -> Response:
        return page_answer(overview_page(self.service, self.who, self.language, wrong=wrong), 422)
