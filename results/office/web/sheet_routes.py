"""Times by hand: a paper sheet is typed, looked at row by row, recorded as one batch, and taken back as one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Response
from sqlalchemy import Connection

from results.board.answers import FIELDS, page_answer
from results.office.rulings.hand_times import batch_of, checked, left_over, typed_sheet, undo_batch
from results.office.rulings.paper_rows import WrittenRow
from results.office.rulings.ruling_preview import Decision, Ruling
from results.office.rulings.rulings import Office
from results.office.service.office_service import OfficeService
from results.office.service.permissions import may
from results.office.web.office_session import ANSWERS, FIELDS_MOST, SENT, Allowed, Fields, FieldsWithin, Spoken, go_to
from results.office.web.previewing import Noting, once, previewed
from results.office.web.sheet_pages import kept_lines, sheet_name, sheet_page, sheet_words
from timing.errors import WrongUse
from timing.language import Language, _
from timing.log.sql import Beside
from timing.people.inbox import PaperLine
from timing.people.office_seats import Official
from timing.store.low_priority_writer import low_priority_writing
from timing.web.contract import described

AT: Final = "/office/sheet"
SHEET_MOST: Final = 100_000
"""Bytes of a sheet as it is sent: more than its most rows, so that one that is too long is told so."""
SentSheet = Annotated[Fields, Depends(FieldsWithin(SHEET_MOST, FIELDS_MOST))]


def sheet_pages(router: APIRouter, service: OfficeService) -> None:
    entry = Depends(Allowed(service, "sheet"))

    @router.get("/sheet", summary="Times by hand", **described("get_sheet", ANSWERS))
    def sheet(who: Annotated[Official, entry], language: Spoken, done: str = "") -> Response:
        return page_answer(sheet_page(service, who, language, {}, done=bool(done)))

    @router.post(
        "/sheet",
        summary="`form=check`: each row of `rows` beside what is known; `form=record`: the new ones recorded with `seen`, what nobody "
        "can tell stays; `form=undo`: the batch that begins at `first` taken back; `form=settle`: report `number` was looked at",
        **described("send_sheet", SENT, body=FIELDS),
    )
    def send(who: Annotated[Official, entry], language: Spoken, sent: SentSheet) -> Response:
        form = SheetForm(service, who, language, sent)
        match sent.get("form"):
            case "record":
                return form.recorded()
            case "undo":
                return form.taken_back()
            case "settle":
                return form.settled()
            case _:
                return page_answer(sheet_page(service, who, language, sent))


@dataclass(frozen=True, slots=True)
class SheetForm:
    """A sheet as somebody sent it."""

    service: OfficeService
    who: Official
    language: Language
    sent: Fields

    def recorded(self) -> Response:
        """The new rows shown and then recorded, and what a person has to look at kept; a sheet that says nothing new needs no record."""
        try:
            sheet = typed_sheet(self.sent)
            with self.service.office() as office:
                rows = checked(office, sheet)
        except WrongUse as wrong:
            return self._refused(wrong.text.to(self.language))
        kept = [*kept_lines(sheet, sheet_name(self.sent), left_over(rows))]
        if any(row.state == "new" for row in rows):
            return self._previewed(self._batch, lambda connection: self._keep(connection, kept))

        def work(noting: Noting) -> Response:
            done = f"{AT}?done=1"
            with low_priority_writing(self.service.opened.engine) as connection:
                noting(done)(connection)
                self._keep(connection, kept)
            return go_to(done)

        return once(self.service, self.language, self.sent, self._refused, work)

    def taken_back(self) -> Response:
        """A batch shown and then taken back."""
        return self._previewed(self._undo)

    def settled(self) -> Response:
        """A report, or a row that stayed, was looked at."""
        number = self.sent.get("number", "")
        if number.isascii() and number.isdigit():
            self.service.inbox.settle(int(number[:9]))
        return go_to(AT)

    def _batch(self, office: Office) -> Decision:
        why = sheet_words(sheet_name(self.sent)).to(self.language)
        return batch_of(office, typed_sheet(self.sent), self.who.name, why, self.who.role)

    def _undo(self, office: Office) -> Decision:
        first, why = self.sent.get("first", ""), _("taken back in the office").to(self.language)
        pos = int(first[:15]) if first.isascii() and first.isdigit() else 0
        return undo_batch(office, pos, self.who, why, every=may(self.who.role, "rule"))

    def _previewed(self, ruling: Ruling, also: Beside | None = None) -> Response:
        return previewed(self.service, self.who, self.language, AT, self.sent, self._refused, ruling, also=also)

    def _refused(self, wrong: str) -> Response:
        return page_answer(sheet_page(self.service, self.who, self.language, self.sent, wrong=wrong), 422)

    def _keep(self, connection: Connection, lines: Sequence[tuple[WrittenRow, str, PaperLine]]) -> None:
        inbox, now = self.service.inbox, self.service.opened.clock.now()
        for row, text, line in lines:
            if not inbox.keep_line(connection, row.bib, str(row.bib or "?"), text, now, line):
                raise WrongUse(_("too many reports wait already; settle some of them, then send the sheet again"))
