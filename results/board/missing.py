"""Reports of missing or wrong times: what a runner types reaches the director, limited in length and rate; nothing else is kept."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs

from results.ranking.rows import Row
from results.view.words import STATUSES
from results.web.limits import Limits
from timing.bounded_threads import BoundedThreads, NoAnswerInTime
from timing.language import _, bilingual
from timing.people.inbox import OPEN_MOST, Inbox
from timing.race.clock import Clock
from timing.race.fold import Race
from timing.race.instants import clock_face
from timing.race.known_names import Names
from timing.race.lookup import wore
from timing.race.spelling import clean

BODY_MOST: Final = 8_000
FROM_ONE, FROM_ALL = 5, 200
"""Reports in ten minutes, from one address and from everybody; a whole office may share an address."""
A_DAY: Final = 60
"""Reports a day from one address: dozens of addresses fill no box of thousands on a race's day."""
DAY_S: Final = 24 * 3_600
TOO_MANY: Final = bilingual(_("too many messages; try again later, or come to the results desk"))
EMPTY: Final = bilingual(_("please write your bib, or what happened"))
TOO_LONG: Final = bilingual(_("too long"))
FULL: Final = bilingual(_("the box is full; please come to the results desk"))
NO_NUMBER: Final = _("no bib number")
NO_SUCH: Final = _("no such bib here: mistyped, or another race's")
SPARE: Final = _("a spare bib, not assigned yet")
REPLACED: Final = _("wears another bib now")
MEANT: Final = re.compile(r"(?:(?:배번|bib|no\.?|#)\s*)*0*([1-9][0-9]{0,5})\s*(?:번|호)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MissingAnswer:
    """The answer to a report: the page to go on to, or the HTTP status of a refusal and its text."""

    location: str = ""
    status: int = 303
    told: str = ""

    @property
    def taken(self) -> bool:
        """Whether the report was kept."""
        return bool(self.location)


class MissingTimes:
    """Takes reports. Addresses are counted in memory, for ten minutes and for a day, and written nowhere."""

    def __init__(self, inbox: Inbox, clock: Clock) -> None:
        self._inbox, self._clock = inbox, clock
        self._limits = Limits(clock, FROM_ONE, FROM_ALL)
        self._today = Limits(clock, A_DAY, OPEN_MOST, DAY_S)
        self._aside = BoundedThreads("reports", 1)

    async def answer(self, body: bytes | None, sender: str) -> MissingAnswer:
        """As `take`, on a thread of its own; status 503 where the database takes too long."""
        try:
            return await self._aside(self.take, body, sender)
        except NoAnswerInTime as late:
            return MissingAnswer(status=503, told=str(late))

    def take(self, body: bytes | None, sender: str) -> MissingAnswer:
        """Keep a report with its bib as it was written, which may be anybody's or none; a `body` of None was too long."""
        if body is None:
            return MissingAnswer(status=413, told=TOO_LONG)
        sent = parse_qs(body.decode("utf-8", "replace"), max_num_fields=10) if body.count(b"&") < 10 else {}
        written, text = _field(sent, "bib"), _field(sent, "text")
        if not (written or text):
            return MissingAnswer(status=422, told=EMPTY)
        if not (self._limits.may(sender) and self._today.may(sender)):
            return MissingAnswer(status=429, told=TOO_MANY)
        if not self._inbox.put(bib_meant(written), written, text, self._clock.now()):
            return MissingAnswer(status=503, told=FULL)
        return MissingAnswer("/en/missing-sent.html" if _field(sent, "language") == "en" else "/missing-sent.html")


def _field(sent: Mapping[str, list[str]], key: str) -> str:
    """A field in one line, without control characters, which could steer a terminal."""
    text = " ".join(sent.get(key, [""])[0].split())
    return "".join(letter for letter in text if letter.isprintable())


def bib_meant(written: str) -> int | None:
    """The number of the bib that somebody wrote in their own way; None where it is none.

    >>> [bib_meant(one) for one in ("417", "０４１７", "417번", "No. 417", "배번 #417", "41a7", "12 13", "1234567", "")]
    [417, 417, 417, 417, 417, None, None, None, None]
    """
    found = MEANT.fullmatch(clean(written))
    return int(found[1]) if found else None


def known_of(bib: int | None, race: Race, rows: Mapping[str, Row], names: Names) -> str:
    """For the office, in the language that is spoken: who wears the bib, for which firm, with what result; or why nobody does. `rows` by the entrant's id."""
    if bib is None:
        return str(NO_NUMBER)
    now = race.by_bib(bib)
    entrant = now or wore(race, bib)
    if entrant is None:
        spare = race.office.spares.get(bib)
        return str(SPARE if spare is not None and spare not in race.holders else NO_SUCH)
    row = rows[entrant.id]
    firm = names.company(entrant.company)
    time = "" if row.time is None else clock_face(row.time, race.rules.rounding)
    told = [names.people.get(entrant.id) or entrant.id, firm, f"{STATUSES[row.status]} {time}".strip()]
    return " · ".join([*told, *([] if now else [f"{REPLACED}: {entrant.bib}"])])
