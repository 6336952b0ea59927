"""The page for times by hand: a paper sheet's rows, what each says beside what is known, and what was recorded before."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Final, NamedTuple

from results.board.missing import known_of
from results.office.rulings.hand_times import (
    LEFT,
    STATES,
    CheckedRow,
    HandBatch,
    PaperSheet,
    checked,
    hand_batches,
    sums,
    typed_sheet,
)
from results.office.rulings.paper_rows import WrittenRow
from results.office.rulings.rulings import Office
from results.office.service.office_service import OfficeService
from results.office.service.permissions import may
from results.office.web.office_frame import office_page
from timing.errors import WrongUse
from timing.language import LANGUAGES, Language, Text, _, ngettext, speaking
from timing.log.narration import said_by
from timing.people.inbox import Message, PaperLine
from timing.people.office_seats import Official
from timing.race.events import PassingEntered
from timing.race.instants import wall

BATCHES_SHOWN: Final = 20
MESSAGES_SHOWN: Final = 50
LINE_MOST: Final = 250
"""Letters that are kept of a line."""
ROOM: Final = 30
"""Lines that stand ready on an empty sheet."""


class ShownRow(NamedTuple):
    """A line of the sheet as the page shows it beside what was typed."""

    line: int
    state: str
    label: str
    at: str
    who: str
    remark: str


def sheet_page(
    service: OfficeService,
    official: Official,
    language: Language,
    sent: dict[str, str],
    done: bool = False,
    wrong: str = "",
) -> str:
    """The sheet as it was sent, with the state of each row."""
    rows, batches = list[CheckedRow](), list[HandBatch]()
    with service.office() as office, speaking(language):
        try:
            rows = checked(office, typed_sheet(sent))
        except WrongUse as refused:
            wrong = wrong or refused.text.to(language)
        shown = {one.row.line: _shown(office, one, language) for one in rows}
        batches = hand_batches(office)[:BATCHES_SHOWN]
        name = sent.get("name") or str(next_sheet(office, service.inbox.messages(done=None)))
        messages = service.inbox.messages(most=MESSAGES_SHOWN + 1)
        by_id = office.live.standings().by_id
        known = {
            one.number: known_of(one.bib, office.race, by_id, office.names)
            for one in messages
            if one.bib or (one.written and not one.line)
        }
    lines = max(ROOM, len(sent.get("rows", "").splitlines()) + 3)
    with speaking(language):
        by_whom = [said_by(one.role, one.by) for one in batches]
    return office_page(
        service, official, language, "sheet.html", "/office/sheet",
        sent={"rows": "", "point": "finish", "clock": "day", "hour": "", **sent}, done=done, wrong=wrong, lines=lines,
        shown=[shown.get(line) for line in range(1, max(shown, default=0) + 1)],
        look_at=[shown[one.row.line] for one in rows if one.state in LEFT],
        sums=[(state, STATES[state].to(language), count) for state, count in sums(rows)],
        new=sum(one.state == "new" for one in rows),
        name=name,
        messages=[(one.number, one.written, one.text, one.line is not None, known.get(one.number, "")) for one in messages[:MESSAGES_SHOWN]],
        more=len(messages) > MESSAGES_SHOWN,
        batches=[
            (one.first, _told(one).to(language), by, may(official.role, "rule") or one.of(official))
            for one, by in zip(batches, by_whom, strict=True)
        ],
    )  # fmt: skip


def sheet_words(name: str) -> Text:
    """What a batch is called in the log: its reason."""
    return _("paper sheet {name}", name=name)


def kept_lines(sheet: PaperSheet, name: str, rows: Sequence[CheckedRow]) -> Iterator[tuple[WrittenRow, str, PaperLine]]:
    """What is kept of each of these rows: its text with the sheet's name, and the same text again numbered; no two are one."""
    times = Counter[str]()
    for one in rows:
        times[one.row.text] += 1
        again = f" ({times[one.row.text]})" if times[one.row.text] > 1 else ""
        yield one.row, f"#{name}: {one.row.text[:LINE_MOST]}{again}", PaperLine(sheet.point, one.at)


def sheet_name(sent: Mapping[str, str]) -> str:
    """What its typist calls a sheet, such as its number."""
    return sent.get("name", "")[:20] or "1"


def next_sheet(office: Office, messages: Sequence[Message]) -> int:
    """The first number that no sheet had, whether it was taken back or not."""
    used = {fact.why for fact in office.race.said.values() if isinstance(fact, PassingEntered)}
    used |= {one.text.partition(":")[0] for one in messages if one.line}
    names = ({f"#{number}", *(sheet_words(str(number)).to(one) for one in LANGUAGES)} for number in count(1))
    return next(number for number, words in enumerate(names, start=1) if not words & used)


def _shown(office: Office, row: CheckedRow, language: Language) -> ShownRow:
    at = "" if row.at is None else wall(row.at, office.opened.zone)[:-2]
    name = office.names.people.get(row.entrant.id, "") if row.entrant else ""
    who = " ".join(filter(None, (str(row.row.bib or ""), name)))
    return ShownRow(
        row.row.line, row.state, STATES[row.state].to(language), at, who or row.row.text, row.remark.to(language)
    )


def _told(batch: HandBatch) -> Text:
    return ngettext("{why}: {n} time", "{why}: {n} times", len(batch.positions), why=batch.why)
