"""Takes "my time is missing": what a runner types reaches the director, limited in length and rate; nothing else is kept."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs

from results.board.reported import bib_meant
from results.web.limits import Limits
from timing.bounded_threads import BoundedThreads, NoAnswerInTime
from timing.language import _, bilingual
from timing.people.inbox import OPEN_MOST, Inbox
from timing.race.clock import Clock
from timing.web.bodies import body_within

BODY_MOST: Final = 8_000
FROM_ONE, FROM_ALL = 5, 200
"""Messages in ten minutes: from one address, and from everybody. A whole office may share an address."""
A_DAY: Final = 60
"""From one address: dozens of them fill no box of thousands in a race's day."""
DAY_S: Final = 24 * 3_600
TOO_MANY: Final = bilingual(_("too many messages; try again later, or come to the results desk"))
EMPTY: Final = bilingual(_("please write your bib, or what happened"))
TOO_LONG: Final = bilingual(_("too long"))
FULL: Final = bilingual(_("the box is full; please come to the results desk"))


@dataclass(frozen=True, slots=True)
class MissingAnswer:
    """What the sender is told: where to go on, or why not."""

    location: str = ""
    status: int = 303
    told: str = ""

    @property
    def taken(self) -> bool:
        return bool(self.location)


class MissingTimes:
    """The form's other end. Addresses are counted in memory for ten minutes and written nowhere."""

    def __init__(self, inbox: Inbox, clock: Clock) -> None:
        self._inbox, self._clock = inbox, clock
        self._limits = Limits(clock, FROM_ONE, FROM_ALL)
        self._today = Limits(clock, A_DAY, OPEN_MOST, DAY_S)
        self._aside = BoundedThreads("reports", 1)

    async def read(self, parts: AsyncIterator[bytes]) -> bytes | None:
        """The body, read no further than a message can reach; None for a longer one."""
        return await body_within(parts, BODY_MOST)

    async def answer(self, body: bytes | None, sender: str) -> MissingAnswer:
        """As `take`, on a thread of its own; whoever would wait too long for the database is told to come again."""
        try:
            return await self._aside(self.take, body, sender)
        except NoAnswerInTime as late:
            return MissingAnswer(status=503, told=str(late))

    def take(self, body: bytes | None, sender: str) -> MissingAnswer:
        """Keep a message with its bib as it was written, which may be anybody's or none; unless it is empty or there are too many."""
        if body is None:
            return MissingAnswer(status=413, told=TOO_LONG)
        sent = parse_qs(body.decode("utf-8", "replace"), max_num_fields=10) if body.count(b"&") < 10 else {}
        written, text = _one(sent, "bib"), _one(sent, "text")
        if not (written or text):
            return MissingAnswer(status=422, told=EMPTY)
        if not (self._limits.may(sender) and self._today.may(sender)):
            return MissingAnswer(status=429, told=TOO_MANY)
        if not self._inbox.put(bib_meant(written), written, text, self._clock.now()):
            return MissingAnswer(status=503, told=FULL)
        return MissingAnswer("/en/missing-sent.html" if _one(sent, "language") == "en" else "/missing-sent.html")


def _one(sent: dict[str, list[str]], key: str) -> str:
    """A field in one line, without signs that steer a terminal."""
    text = " ".join(sent.get(key, [""])[0].split())
    return "".join(letter for letter in text if letter.isprintable())
