"""Who asks: the session that a one-time link opened, what its role may do, the language, and what a form sent."""

from typing import Annotated, Final
from urllib.parse import parse_qs

from fastapi import Depends, Request, Response
from starlette.responses import RedirectResponse

from results.board.answers import GUARDS, PAGE, page_answer
from results.office.service.office_service import OfficeService
from results.office.service.permissions import Task, may
from results.office.web.office_frame import closed_page, locked_out
from timing.errors import WrongUse
from timing.language import Language, _
from timing.people.office_seats import Official
from timing.web.bodies import body_within

COOKIE: Final = "office"
LANGUAGE_COOKIE: Final = "office_language"
BODY_MOST: Final = 8_000
FIELDS_MOST: Final = 21
NAME_MOST: Final = 80
"""Letters of a name, and of what is searched."""
ANSWERS: Final = {
    200: ("The page", PAGE),
    401: ("No session", PAGE),
    403: ("Not in this role", PAGE),
    404: ("Nobody", PAGE),
}
SENT: Final = {
    **ANSWERS,
    303: ("Done; go on there", None),
    409: ("Somebody else ruled meanwhile", PAGE),
    422: ("It cannot be", PAGE),
}
Fields = dict[str, str]


def whole_number(sent: Fields, field: str, most: int) -> int:
    """The number in a field of a form.

    Raises:
        WrongUse: there is none, or one above `most`.
    """
    text = sent.get(field, "")
    if not (text.isascii() and text.isdigit()) or int(text[:16]) > most:
        raise WrongUse(_("{text!r} is no number from 0 to {most}", text=text, most=most))
    return int(text)


class Turned(Exception):
    """A visitor is turned away with this answer."""

    def __init__(self, answer: Response) -> None:
        super().__init__()
        self.answer = answer


async def turned_away(_request: Request, turned: Exception) -> Response:
    """The answer that a visitor was turned away with."""
    assert isinstance(turned, Turned)
    return turned.answer


async def broke(request: Request, _error: Exception) -> Response:
    """The answer where a page could not be made; the server's own log tells why."""
    told = _("This page could not be made. What was recorded stays; go back and look before you send anything again.")
    return page_answer(closed_page(language_of(request), told, ("/office/", _("Race office"))), 500)


def language_of(request: Request) -> Language:
    """The language that the visitor chose; Korean until then."""
    return "en" if request.cookies.get(LANGUAGE_COOKIE) == "en" else "ko"


class FieldsWithin:
    """A dependency: what a form sent of at most so many bytes and fields; empty for what is no form, or too long for one."""

    def __init__(self, most_bytes: int, most_fields: int) -> None:
        self._bytes, self._fields = most_bytes, most_fields

    async def __call__(self, request: Request) -> Fields:
        body = await body_within(request.stream(), self._bytes)
        if body is None or body.count(b"&") >= self._fields:
            return {}
        return {key: told[0].strip() for key, told in parse_qs(body.decode("utf-8", "replace")).items()}


Spoken = Annotated[Language, Depends(language_of)]
Sent = Annotated[Fields, Depends(FieldsWithin(BODY_MOST, FIELDS_MOST))]


class Allowed:
    """A dependency: the official who asks, where the role may do this task."""

    def __init__(self, service: OfficeService, task: Task) -> None:
        self.task, self._service = task, service

    def __call__(self, request: Request) -> Official:
        """The official.

        Raises:
            Turned: there is no session, or another role.
        """
        found = official_of(self._service, request)
        if not may(found.role, self.task):
            raise Turned(page_answer(closed_page(language_of(request), _("Your role does not do this.")), 403))
        return found


def official_of(service: OfficeService, request: Request) -> Official:
    """Whose session it is.

    Raises:
        Turned: there is none.
    """
    session = request.cookies.get(COOKIE, "")
    found = service.seats.official_of(session, service.opened.clock.now()) if session else None
    if found is None:
        raise Turned(page_answer(locked_out(language_of(request)), 401))
    return found


def go_to(where: str) -> Response:
    """On to another page, which a reload does not send again."""
    return RedirectResponse(where, 303, GUARDS)
