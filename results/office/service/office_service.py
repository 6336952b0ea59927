"""The race office's view of a race that goes on: the race as it is now, previews of rulings, their record, their undo."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import Event
from typing import Final

from sqlalchemy import Connection

from results.board.board_directory import DirectoryCache
from results.office.jobs.background_jobs import BackgroundJobs
from results.office.jobs.uploads import Uploads
from results.office.people.people_search import KnownPeople, PeopleIndex
from results.office.rulings.fact_index import FactIndex, named
from results.office.rulings.ruling_preview import (
    Decision,
    Preview,
    Ruling,
    decision_of,
    preview_decided,
    preview_of,
    record,
    said_since,
)
from results.office.rulings.rulings import Office
from results.office.service.arrival_curve import ArrivalCurve
from results.office.service.latest import Latest
from results.office.service.other_rooms import NO_ROOMS, OtherRooms
from results.office.service.todo import TodoList, TodoSources
from results.ranking.projection import StandingsProjection
from timing.feed import RaceFeed
from timing.folder import OpenRace
from timing.language import Language
from timing.log import Moved
from timing.log.sql import Beside
from timing.people.inbox import Inbox, PaperLine
from timing.people.office_seats import OfficeSeats
from timing.people.sent_forms import SentForms
from timing.race.events import FactUndone, PassingEntered
from timing.race.known_names import Names

EACH_PART: Final = 2_000
"""People whom the index takes at a time."""


class OfficeService:
    """A subscriber of the race's feed; any number of threads may use it. `complain` hears what no visitor is told."""

    def __init__(
        self,
        opened: OpenRace,
        feed: RaceFeed,
        rooms: OtherRooms = NO_ROOMS,
        complain: Callable[[str], object] = print,
    ) -> None:
        self.opened, self._feed, self.rooms = opened, feed, rooms
        self.uploads = Uploads(opened.root, opened.clock)
        self.jobs = BackgroundJobs(opened.root, opened.clock, complain)
        self.seats = OfficeSeats(opened.engine, opened.settings.id)
        self.inbox = Inbox(opened.engine, opened.settings.id)
        self.forms = SentForms(opened.engine, opened.settings.id)
        self.arrivals = Latest[ArrivalCurve | None]()
        self.todo: dict[Language, Latest[TodoList]] = {"ko": Latest(), "en": Latest()}
        self._directory = DirectoryCache(opened)
        self._index: tuple[int, PeopleIndex] | None = None
        self._facts = FactIndex()
        self._called: tuple[Names, dict[str, str], Names] | None = None
        with feed.lock:
            self._live = StandingsProjection(race=feed.race)
            self._began = self._last_seen = feed.race.facts
            self._last_about = dict[str, int]()
            feed.subscribe(self._concern)

    def leave(self) -> None:
        """Hear nothing more of the feed, and end what is being made."""
        self.jobs.leave()
        self._feed.unsubscribe(self._concern)

    @contextmanager
    def office(self) -> Iterator[Office]:
        """The race with everything the log holds by now; it stands still inside the `with` block.

        Raises:
            LogUnreadable: the database does not give the facts.
        """
        self._feed.refresh()
        names = self._directory.current().names
        with self._feed.lock:
            yield Office(self.opened, self._live, self._following(names), facts=self._facts)

    def _following(self, names: Names) -> Names:
        """The names with every team called after today's firm; the same object while nothing changed, for what is kept by it."""
        merged = self._feed.race.office.merged
        if self._called is None or self._called[0] is not names or self._called[1] != merged:
            self._called = names, dict(merged), names.following(merged)
        return self._called[2]

    def todo_sources(self, messages: int) -> TodoSources:
        """What the to-do list takes from beside the log; of the open reports so many."""
        waiting = [
            one for one in self.opened.directory.cards().values() if not one.approved and (one.link or one.blurb)
        ]
        return TodoSources(tuple(self.inbox.messages(most=messages)), tuple(waiting))

    def index(self, office: Office) -> PeopleIndex:
        """Everybody, to be searched; made anew where an entry or a name has changed."""
        facts, held = len(office.race.said), self._index
        if held is None or held[0] != facts or held[1].names is not office.names:
            held = self._index = facts, PeopleIndex(office.race, office.names, held and held[1])
        return held[1]

    def prepare(self, over: Event) -> None:
        """Make the index before somebody searches, a part at a time beside the pages that are asked for, until it is `over`."""
        with suppress(Exception):  # whatever fails here, the first search makes the index, or fails and says so
            with self.office() as office:
                people, known = [*office.race.entrants.values()], KnownPeople(office.names)
            for at in range(0, len(people), EACH_PART):
                if over.is_set():
                    return
                known.entries |= known.of(people[at : at + EACH_PART])
            with self.office() as office:
                if self._index is None:
                    self._index = len(office.race.said), PeopleIndex(office.race, office.names, known)

    def stamp(self) -> str:
        """Another text whenever the race or what people reported has changed; no lock is waited for."""
        return f"{self._feed.race.facts}-{self.inbox.open()}"

    def preview(self, ruling: Ruling) -> Preview:
        """What the ruling would change now; nothing is recorded.

        Raises:
            RaceError: it cannot be, and why.
        """
        seen = self._seen()
        with self.office() as office:
            return preview_of(office, ruling, seen)

    def record(self, ruling: Ruling, position: int, digest: str, beside: Beside | None = None) -> Preview | None:
        """Record what was previewed from this `position` of the log with this `digest`; None once it stands there.

        Where somebody has ruled about the same since, or what it says or changes is something else by now, nothing is recorded: the preview
        as of now comes back. What others did meanwhile to other people, or cameras saw of them, holds nothing up.

        Raises:
            RaceError: it cannot be any more, and why.
            AnsweredBefore, FormReused: by `beside`, of a form that was sent again.
        """
        while True:
            seen = self._seen()
            with self.office() as office:
                decision, others = decision_of(office, ruling), said_since(office, position)
                if others or not digest.startswith(decision.digest) or self._concerned_since(decision, position):
                    now = preview_decided(office, decision, seen)
                    if now.digest != digest or any(named(one, office.race) & now.about for one in others):
                        return now
                gone = [office.race.said.get(one.pos) for one in decision.facts if isinstance(one, FactUndone)]
            lines = [PaperLine(one.point, one.at) for one in gone if isinstance(one, PassingEntered)]

            def written(connection: Connection, lines: Sequence[PaperLine] = lines) -> None:
                for line in lines:
                    self.inbox.reopen_lines(connection, line)
                if beside:
                    beside(connection)

            with suppress(Moved):
                record(self.opened, decision, seen, written)
                return None

    def record_now(self, ruling: Ruling, beside: Beside | None = None) -> None:
        """Record what changes nobody's result; made again from the race as it stands where somebody was quicker.

        Raises:
            RaceError: it cannot be, or cannot be any more, and why.
            AnsweredBefore, FormReused: by `beside`, of a form that was sent again.
        """
        while True:
            seen = self._seen()
            with self.office() as office:
                decision = decision_of(office, ruling)
            with suppress(Moved):
                record(self.opened, decision, seen, beside)
                return

    def _seen(self) -> int:
        """How many facts the office has said by now."""
        return self.opened.log.lineage_head(self.opened.log.desk).seq

    def _concerned_since(self, decision: Decision, position: int) -> bool:
        """Whether facts after this position of the log concern whom the decision is about: a camera may have seen them.

        What names nobody, as a gun, the finish or a station, is about everybody.
        """
        if position < self._began:
            return True
        for fact in decision.facts:
            people = named(fact, self._feed.race) & self._feed.race.entrants.keys()
            if max((self._last_about.get(one, 0) for one in people), default=self._last_seen) > position:
                return True
        return False

    def _concern(self, entrants: Iterable[str]) -> None:
        concerned = dict.fromkeys(entrants, self._feed.race.facts)
        self._live.concern(concerned)
        self._last_about |= concerned
        if concerned:
            self._last_seen = self._feed.race.facts
