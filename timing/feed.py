"""Follows the log in one process: reads and folds each fact once, and passes it to all subscribers.

The stations' intake needs this and the log, and nothing else. The board is one subscriber; what goes wrong there stays there.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile
from threading import Event, Lock, RLock, Thread
from typing import Final

import msgspec

from timing.complaints import Complaints
from timing.folder import OpenRace
from timing.language import _
from timing.log.notifier import notifier_for
from timing.race.admission import set_aside_words
from timing.race.events import (
    BibsHandedOut,
    BibsPrinted,
    PassingEntered,
    PrizeHandedOut,
    ScanNamed,
    ScanVoided,
    StatusRuled,
    TimeAdjusted,
    TimeConfirmed,
    UnreadDismissed,
    UnreadNamed,
)
from timing.race.fold import Race, jump_words
from timing.race.records import Recorded

BETWEEN_READS_S: Final = 0.1
PAGE: Final = 1_000
CLOSING_S: Final = 12
LOOK_ANYWAY_S: Final = 2.0  # should the notifier be out of order
STANDS_STILL: Final = _("the log cannot be read on, trying again")
DEAF: Final = _("a subscriber could not be notified")

BESIDE_THE_ROSTER: Final = (
    BibsHandedOut,
    BibsPrinted,
    PassingEntered,
    PrizeHandedOut,
    ScanNamed,
    ScanVoided,
    StatusRuled,
    TimeAdjusted,
    TimeConfirmed,
    UnreadDismissed,
    UnreadNamed,
)
"""The office's frequent facts after which every bib, mark and firm is as before; the roster of a large race takes a while to make."""

Subscriber = Callable[[Iterable[str]], object]
"""Hears, while the feed's lock is held, which entrants the new facts concern; it does no work of its own then."""


@dataclass(frozen=True, slots=True)
class BibRoster:
    """The bib of each code, the code of each mark, and the firm (its id) of each code.

    The marks are in the order in which they were drawn, revoked ones included. `version` is a digest of all this.
    """

    bibs: Mapping[str, int]
    marks: Mapping[str, str]
    firms: Mapping[str, str]
    version: str


def roster_of(race: Race) -> BibRoster:
    """The roster that stations get."""
    held = race.roster(), dict(race.office.marks), race.firms()
    return BibRoster(*held, hashlib.sha256(msgspec.json.encode(held)).hexdigest()[:16])


class RaceFeed:
    """Follows the log; inside its `with` block a thread keeps the race current.

    Hold `lock` while reading `race`. `roster` is replaced as a whole and may be read at any time.
    """

    def __init__(self, opened: OpenRace, complain: Callable[[str], object]) -> None:
        self._opened, self._complain = opened, complain
        self.race, self.lock, self._reading = Race(), RLock(), Lock()
        self.roster: BibRoster | None = None
        """As of when the log was last read to its end; None until then."""
        self.whole = False
        """Whether the log could be read to its end; if not, the race is incomplete and must not be shown."""
        self._roster_at = 0
        self._subscribers: list[Subscriber] = []
        self._follows, self._deaf = Complaints(complain, STANDS_STILL), Complaints(complain, DEAF)
        self._stop = Event()
        self._thread = Thread(target=self._follow, name="race feed", daemon=True)

    def __enter__(self) -> "RaceFeed":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(CLOSING_S)  # one that hangs in the database is left to itself

    def subscribe(self, subscriber: Subscriber) -> None:
        """Pass all later facts to this subscriber."""
        self._subscribers.append(subscriber)

    def unsubscribe(self, subscriber: Subscriber) -> None:
        """Stop passing facts to this subscriber."""
        with self.lock:
            self._subscribers.remove(subscriber)

    def refresh(self) -> None:
        """Apply the log's new facts and notify the subscribers.

        Raises:
            LogUnreadable: the database does not give the facts.
        """
        with self._reading:
            while self._take(list(islice(self._opened.log.read(self.race.facts), PAGE))):
                pass

    def _take(self, facts: Sequence[Recorded]) -> bool:
        """Apply some facts of the log and return whether there may be more. They are read before the lock is taken, so that a database
        that hangs does not block readers of the race.
        """
        with self.lock:
            self.whole, before = False, self.race.facts
            concerned, aside, jumps = dict[str, None](), len(self.race.aside), self.race.jumps_seen
            try:
                for recorded in facts:
                    concerned |= dict.fromkeys(self.race.apply(recorded))
                if len(facts) < PAGE:
                    self._keep_roster()
                    self.whole = True
            finally:
                if self.race.facts > before:
                    self._tell(concerned)
            if len(self.race.aside) > aside and (waiting := self.race.set_aside()):
                self._complain(str(set_aside_words(len(waiting))))
            if self.race.jumps_seen > jumps and (unruled := self.race.open_jumps()):
                self._complain(str(jump_words(unruled)))
        return not self.whole

    def _keep_roster(self) -> None:
        """Replace the roster after office facts, which alone change it; never by a part of the log, or stations would forget the rest."""
        new = takewhile(lambda one: one[0] > self._roster_at, reversed(self.race.said.items()))
        if self.roster is None or not all(isinstance(fact, BESIDE_THE_ROSTER) for _, fact in new):
            found = roster_of(self.race)
            if self.roster is None or found.version != self.roster.version:
                self.roster = found
        self._roster_at = self.race.facts

    def _tell(self, concerned: Iterable[str]) -> None:
        for subscriber in self._subscribers:
            with self._deaf.told():
                subscriber(concerned)

    def _follow(self) -> None:
        notifier = notifier_for(self._opened.engine)
        try:
            while not self._stop.is_set():
                with self._follows.told():
                    self.refresh()
                    notifier.wait(LOOK_ANYWAY_S, self._stop)
                self._stop.wait(BETWEEN_READS_S)
        finally:
            notifier.close()
