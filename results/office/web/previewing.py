"""A form's way into the log, the same for all of the office: shown first where it moves anything, recorded once however often it is sent."""

import hashlib
from collections.abc import Callable

from fastapi import Response
from sqlalchemy import Connection

from results.board.answers import page_answer
from results.office.rulings.ruling_preview import Ruling
from results.office.service.office_service import OfficeService
from results.office.web.office_frame import NUMBER
from results.office.web.office_session import Fields, go_to
from results.office.web.pages import preview_page
from timing.errors import RaceError
from timing.language import Language, speaking
from timing.log.sql import Beside
from timing.people.office_seats import Official
from timing.people.sent_forms import AnsweredBefore, SentForm

NUMBER_MOST = 64
Noting = Callable[[str], Beside]
"""Of the page that answers a form: what notes this beside the facts that the form makes."""
Refused = Callable[[str], Response]
"""Makes the answer to a form that cannot be, from the reason."""


def previewed(
    service: OfficeService,
    who: Official,
    language: Language,
    back: str,
    sent: Fields,
    refused: Refused,
    ruling: Ruling,
    at: str = "",
    also: Beside | None = None,
) -> Response:
    """A ruling shown first and, once the form brings what was `seen`, recorded; shown again where somebody ruled about the same meanwhile.

    The form goes to `at`, or to the page `back`, which comes once it is recorded; `also` is written with it.
    """
    seen = sent.get("seen", "")

    def work(noting: Noting) -> Response:
        if not (seen.isascii() and seen.isdigit()):
            return page_answer(
                preview_page(service, who, language, back, service.preview(ruling), sent, again=False, at=at)
            )
        done = f"{back}?done=1"
        noted = noting(done)

        def beside(connection: Connection) -> None:
            noted(connection)
            if also:
                also(connection)

        again = service.record(ruling, int(seen[:15]), sent.get("shown", ""), beside)
        if again is not None:
            return page_answer(preview_page(service, who, language, back, again, sent, again=True, at=at), 409)
        return go_to(done)

    return once(service, language, sent, refused, work)


def once(
    service: OfficeService, language: Language, sent: Fields, refused: Refused, work: Callable[[Noting], Response]
) -> Response:
    """What `work` answers, speaking `language`; to a form that stands recorded already, what it was answered then.

    `work` writes what the noting gives it beside its facts.
    """
    form = _numbered(sent)

    def noting(page: str) -> Beside:
        def beside(connection: Connection) -> None:
            if form:
                service.forms.keep(connection, form, page, service.opened.clock.now())

        return beside

    try:
        before = service.forms.answered(form) if form else None
        with speaking(language):
            return go_to(before) if before else work(noting)
    except AnsweredBefore as answered:
        return go_to(answered.page)
    except RaceError as wrong:
        with speaking(language):
            return refused("\n".join((str(wrong.text), *map(str, wrong.details))))


def _numbered(sent: Fields) -> SentForm | None:
    """The form as it was sent; None for one without a number of ours."""
    number = sent.get(NUMBER, "")
    if not number.isalnum() or len(number) > NUMBER_MOST:
        return None
    told = repr(sorted((key, text) for key, text in sent.items() if key != NUMBER))
    return SentForm(number, hashlib.sha256(told.encode()).digest())
