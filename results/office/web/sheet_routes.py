"""Times by hand: a paper sheet is typed, looked at row by row, recorded as one batch, and taken back as one."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Response

from results.board.answers import FIELDS, page_answer
from results.office.rulings.hand_times import batch_of, checked, left_over, typed_sheet, undo_batch
from results.office.rulings.ruling_preview import Decision, Ruling
from results.office.rulings.rulings import Office
from results.office.service.office_service import OfficeService
from results.office.service.permissions import may
from results.office.web.office_session import ANSWERS, SENT, Allowed, Fields, Sent, Spoken, go_to
from results.office.web.previewing import previewed
from results.office.web.sheet_pages import left_words, sheet_page, sheet_words
from timing.errors import WrongUse
from timing.language import Language, _
from timing.people.office_seats import Official
from timing.web.contract import described

AT: Final = "/office/sheet"


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
    def send(who: Annotated[Official, entry], language: Spoken, sent: Sent) -> Response:
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
        """The new rows shown and then recorded; a sheet that says nothing new needs no record."""
        try:
            sheet = typed_sheet(self.sent)
            with self.service.office() as office:
                new = any(row.state == "new" for row in checked(office, sheet))
        except WrongUse as wrong:
            return self._refused(wrong.text.to(self.language))
        answer = self._previewed(self._batch) if new else go_to(f"{AT}?done=1")
        if answer.status_code == 303:
            self._keep_left_over()
        return answer

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
        why = sheet_words(self.sent).to(self.language)
        return batch_of(office, typed_sheet(self.sent), self.who.name, why, self.who.role)

    def _undo(self, office: Office) -> Decision:
        first, why = self.sent.get("first", ""), _("taken back in the office").to(self.language)
        pos = int(first[:15]) if first.isascii() and first.isdigit() else 0
        return undo_batch(office, pos, self.who, why, every=may(self.who.role, "rule"))

    def _previewed(self, ruling: Ruling) -> Response:
        return previewed(self.service, self.who, self.language, AT, self.sent, self._refused, ruling)

    def _refused(self, wrong: str) -> Response:
        return page_answer(sheet_page(self.service, self.who, self.language, self.sent, wrong=wrong), 422)

    def _keep_left_over(self) -> None:
        """What nobody can tell from the sheet alone stays to be looked at, once."""
        sheet, name, opened = typed_sheet(self.sent), sheet_words(self.sent), self.service.opened
        with self.service.office() as office:
            rows = left_over(checked(office, sheet))
            told = [(row.row.bib, *left_words(office, sheet, row, name, self.language)) for row in rows]
        inbox = self.service.inbox
        known = {(one.written, one.text) for one in inbox.messages(done=None)} if told else set()
        for bib, written, text in told:
            if (written, text) not in known:
                inbox.put(bib, written, text, opened.clock.now())
