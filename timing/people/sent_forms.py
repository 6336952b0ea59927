"""Which forms of the race office stand recorded, so that one that is sent again counts once: after a lost answer and a restart, too."""

from typing import Final, NamedTuple

from sqlalchemy import Connection, Engine, delete, insert, select

from timing.errors import WrongUse
from timing.language import _
from timing.race.instants import MINUTE, Instant, Span
from timing.store.tables import sent_form

PAGE_MOST: Final = 300
LASTS: Final = Span(24 * 60 * MINUTE)
"""So long it is known that a form stands recorded."""


class SentForm(NamedTuple):
    """A form as it was sent: the number that its page gave it, and the SHA-256 of its fields."""

    number: str
    told: bytes


class FormReused(WrongUse):
    """A form that stands recorded was sent again with other content: a browser went back to it."""

    def __init__(self) -> None:
        super().__init__(
            _("this form was recorded already, with something else in it; look at it once more and send it again")
        )


class AnsweredBefore(Exception):
    """The form stands recorded already, and was answered with this page."""

    def __init__(self, page: str) -> None:
        super().__init__(page)
        self.page = page


class SentForms:
    """The recorded forms of one race."""

    def __init__(self, engine: Engine, race: str) -> None:
        self._engine, self._race = engine, race

    def answered(self, form: SentForm) -> str | None:
        """The page that this form was answered with; None for one that is not recorded.

        Raises:
            FormReused: it is recorded with other content.
        """
        with self._engine.connect() as connection:
            return self._answered(connection, form)

    def keep(self, connection: Connection, form: SentForm, page: str, now: Instant) -> None:
        """Note the form in the transaction that records it; those of yesterday are forgotten: no browser holds a page so long.

        Raises:
            AnsweredBefore: the same form was quicker; the transaction must not stand.
            FormReused: it is recorded with other content.
        """
        if before := self._answered(connection, form):
            raise AnsweredBefore(before)
        connection.execute(delete(sent_form).where(sent_form.c.race == self._race, sent_form.c.at <= now - LASTS))
        row = {"race": self._race, "form": form.number, "told": form.told, "page": page[:PAGE_MOST], "at": now}
        connection.execute(insert(sent_form).values(row))

    def _answered(self, connection: Connection, form: SentForm) -> str | None:
        here = sent_form.c.race == self._race, sent_form.c.form == form.number
        found = connection.execute(select(sent_form.c.told, sent_form.c.page).where(*here)).first()
        if found is None:
            return None
        if bytes(found.told) != form.told:
            raise FormReused
        return str(found.page)
