"""A form's way from its preview to its record: the same for every ruling of the office."""

from collections.abc import Callable

from fastapi import Response

from results.board.answers import page_answer
from results.office.office_service import OfficeService
from results.office.office_session import Fields, go_to
from results.office.pages import preview_page
from results.office.ruling_preview import Ruling
from timing.errors import RaceError, WrongUse
from timing.language import Language
from timing.people.office_seats import Official


def previewed(
    service: OfficeService,
    who: Official,
    language: Language,
    back: str,
    sent: Fields,
    refused: Callable[[str], Response],
    ruling: Ruling,
) -> Response:
    """A ruling shown first and, once the form brings what was `seen`, recorded; shown again where somebody said more meanwhile.

    `refused` makes the answer where it cannot be, from the reason.
    """
    seen = sent.get("seen", "")
    try:
        if not (seen.isascii() and seen.isdigit()):
            preview = service.preview(ruling)
            return page_answer(preview_page(service, who, language, back, preview, sent, again=False))
        again = service.record(ruling, int(seen[:15]))
    except (RaceError, WrongUse) as wrong:
        return refused(wrong.text.to(language))
    if again is not None:
        return page_answer(preview_page(service, who, language, back, again, sent, again=True), 409)
    return go_to(f"{back}?done=1")
