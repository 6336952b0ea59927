"""Follows the race's feed and keeps the current snapshot: new facts are shown as they come, at most one version a look."""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from threading import Event, Lock, Thread
from typing import overload

from results.board.beside import Beside, FreshBeside, beside
from results.board.edition_rows import EditionRows
from results.board.head import CHANGES_KEPT, News
from results.board.note_page import LastNote
from results.board.plug import Plug
from results.board.revision import Revisions, same
from results.board.site import Section
from results.board.snapshot import Snapshot
from results.board.withdrawn import withdrawn
from results.display import Drawing, View, in_no_edition, undrawn
from results.editions import state_of
from results.ranking.difference import Difference, preview
from results.ranking.live import LiveStandings
from results.ranking.rankings import Ranking, rankings
from results.ranking.rows import Row
from results.ranking.standings import Standings, standings
from timing.complaints import Complaints
from timing.errors import Unreachable
from timing.events import DeskFact, EditionPublished
from timing.feed import RaceFeed
from timing.firms import FirmCard
from timing.folder import OpenRace
from timing.instants import Rounding
from timing.race import Race
from timing.store.directory import Names

BETWEEN_VERSIONS_S = 0.3
LOOK_ANYWAY_S = 2.0  # should the bell be out of order
VERSIONS_KEPT = 10
STANDS_STILL = "전광판을 새로 고치지 못해 다시 해 봅니다 / the board stands still, trying again"


class NoBoardYet(Unreachable):
    """No version of the board could be made so far."""

    def __init__(self) -> None:
        super().__init__("전광판이 아직 준비되지 않았습니다", "the board is not ready yet")


def view_of(
    opened: OpenRace, race: Race, takes_messages: bool = True, draw: Drawing = undrawn, sections: Sequence[Section] = ()
) -> View:
    """What the pages show, computed at once from the folded race, the rules and the names."""
    ranked, around = standings(race), beside(opened)
    names = around.names.following(race.book.merged)
    view = _view(opened, race, ranked, rankings(ranked, names), names, around.cards, EditionRows(opened))
    revision = Revisions(opened).of(around, sections)
    return replace(view, takes_messages=takes_messages, draw=draw, revision=revision)


def _view(
    opened: OpenRace,
    race: Race,
    ranked: Standings,
    groups: Sequence[Ranking],
    names: Names,
    cards: Mapping[str, FirmCard],
    made: EditionRows,
) -> View:
    called, edition = opened.settings, race.editions[-1] if race.editions else None
    return View(
        race.facts,
        {"ko": called.name, "en": called.name_en},
        race.course_m,
        ranked,
        groups,
        names,
        opened.zone,
        state_of(race, ranked, groups),
        edition,
        guns=tuple(sorted(race.guns.values())),
        hidden=race.book.hidden,
        cards=cards,
        host=called.host,
        certificate=called.certificate,
        in_edition=partial(made.row, edition) if edition else in_no_edition,
        note=LastNote(opened.root, opened.clock),
        merged={company: race.book.company_now(company) for company in race.book.merged},
    )


class Follower:
    """The board's current state, a subscriber of the race's feed; inside its `with` block a thread keeps it current.

    Nothing of it is stored: after a restart the log says it all again. Whatever fails here is complained about and tried again;
    the board keeps what it shows, and the feed goes on.
    """

    def __init__(
        self,
        opened: OpenRace,
        feed: RaceFeed,
        complain: Callable[[str], object],
        takes_messages: bool = True,
        draw: Drawing = undrawn,
        plugs: Sequence[Plug] = (),
    ) -> None:
        self._opened, self.feed, self.plugs = opened, feed, plugs
        self._takes_messages, self._draw = takes_messages, draw
        self._beside, self._revisions = FreshBeside(opened), Revisions(opened)
        self._made = EditionRows(opened)
        self._around = Beside()  # what the snapshot was made from
        self._complaints = Complaints(complain, STANDS_STILL)
        self._stop, self._woken = Event(), Event()
        self._thread = Thread(target=self._follow, name="follower", daemon=True)
        self._listeners: list[Callable[[Snapshot], None]] = []
        self._last: dict[str, Snapshot] = {}
        self._snapshot: Snapshot | None = None
        self._hidden = False
        self._news = News(0)
        with feed.lock:
            self._live = LiveStandings(race=feed.race)
            feed.subscribe(self._heard)

    def __enter__(self) -> "Follower":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._woken.set()
        self._thread.join()
        gc.unfreeze()  # else nothing of it is let go, not even when the program ends

    @property
    def snapshot(self) -> Snapshot:
        """The version that is shown.

        Raises:
            NoBoardYet: there is none so far.
        """
        if self._snapshot is None:
            raise NoBoardYet
        return self._snapshot

    def leave(self) -> None:
        """Hear nothing more of the feed."""
        self.feed.unsubscribe(self._heard)

    def refresh(self) -> None:
        """Show what the log holds by now.

        Raises:
            Exception: whatever stands in the way; the board keeps what it shows.
        """
        self.feed.refresh()
        self._look()

    def at(self, stamp: str) -> Snapshot | None:
        """One of the last versions by its stamp; None where it is gone."""
        return self._last.get(stamp)

    def listen(self, listener: Callable[[Snapshot], None]) -> None:
        """Have every later version told, from the follower's own thread."""
        self._listeners.append(listener)

    def firm_of(self, code: str) -> str | None:
        """The firm whose bib carries this code."""
        entrant = self.feed.race.holder(code)
        return entrant.company if entrant else None

    def bib_of(self, code: str) -> int | None:
        """The bib that carries this code."""
        return self.feed.roster.bibs.get(code) if self.feed.roster else None

    def company_now(self, company: str) -> str:
        """The firm into which this one was merged; itself if it was not."""
        with self.feed.lock:
            return self.feed.race.book.company_now(company)

    def team_now(self, company: str, team: str) -> str:
        """The team into which a firm's team went when firms were merged; itself if none did."""
        with self.feed.lock:
            return self.feed.race.book.team_now(company, team)

    def editions(self) -> list[EditionPublished]:
        """The editions given out by now."""
        return self.feed.race.editions

    @property
    def rounding(self) -> Rounding:
        """How times are shown."""
        return self.feed.race.rules.rounding

    def _heard(self, concerned: Iterable[str]) -> None:
        """The feed has new facts."""
        self._live.concern(concerned)
        self._woken.set()

    def _follow(self) -> None:
        # Never more than a version each moment, however fast the scans come.
        while not self._stop.is_set():
            with self._complaints.told():
                self._look()
            self._stop.wait(BETWEEN_VERSIONS_S)
            self._woken.wait(LOOK_ANYWAY_S)
            self._woken.clear()

    def _look(self) -> None:
        shown = self._snapshot
        if self.feed.race.facts > (shown.version if shown else 0) or (shown and self._differs_beside(shown)):
            self._publish()

    def _differs_beside(self, shown: Snapshot) -> bool:
        return not same(self._sections(), shown.site.sections) or self._beside.differs(self._around)

    def _sections(self) -> tuple[Section, ...]:
        return tuple(plug.now() for plug in self.plugs)

    def _publish(self) -> None:
        around = self._beside.now()
        with self.feed.lock:
            if not self.feed.whole:
                return
            view, changed = self._ranked(around)
        sections = self._sections()
        revision = self._revisions.of(around, sections)
        view = replace(view, takes_messages=self._takes_messages, draw=self._draw, revision=revision)
        self._show(Snapshot(view, self._news.since, changed, sections).warm())
        self._around = around
        for listener in self._listeners:
            listener(self.snapshot)

    def _ranked(self, around: Beside) -> tuple[View, Sequence[Row]]:
        """The standings at this moment, and the rows that differ; after a failure everybody is judged anew."""
        race = self.feed.race
        try:
            ranked, version = self._live.standings(), race.facts
            if self._snapshot is None:
                self._news = News(version)
            self._tell(version, [one for one, was in self._live.changes().items() if self._differs(one, was)])
            self._hide_or_show(race)
            changed = [self._live.row(one) for one in sorted(self._news.concerned) if one in race.entrants]
            names = around.names.following(race.book.merged)
            groups = self._groups(ranked, names, version)
            view = _view(self._opened, race, ranked, groups, names, around.cards, self._made)
        except Exception:
            self._live = LiveStandings(race=race)
            raise
        return view, changed

    def _show(self, snapshot: Snapshot) -> None:
        """Older versions stay for slow phones, unless they tell what nobody may see any more."""
        keep = self._snapshot is not None and not withdrawn(self._snapshot.site, snapshot.site)
        before = {stamp: older for stamp, older in self._last.items() if keep and stamp != snapshot.view.stamp}
        self._last = dict([*before.items(), (snapshot.view.stamp, snapshot)][-VERSIONS_KEPT:])
        for older in list(self._last.values())[:-1]:
            older.retire()
        if self._snapshot is None:
            gc.freeze()  # what a whole race is made of stays: the collector need not walk through it again and again
        self._snapshot = snapshot

    def _hide_or_show(self, race: Race) -> None:
        """Where results are hidden or shown from now on, everybody starts afresh."""
        if race.book.hidden != self._hidden:
            self._hidden = race.book.hidden
            self._news = News(race.facts)

    def _tell(self, version: int, changed: Sequence[str]) -> None:
        """Remember whose entry in the index this version changes; where there are many, phones fetch it anew."""
        if len(changed) > CHANGES_KEPT:
            self._news = News(version)
        elif version > self._news.version:
            self._news.tell(version, changed)

    def supposing(self, facts: Sequence[DeskFact]) -> Difference:
        """What these facts would change, were they recorded now; nothing is recorded, and no name is read again for it."""
        with self.feed.lock:
            return preview(self._live, facts, self.snapshot.view.names)

    def said(self) -> list[DeskFact]:
        """Everything the desk has said so far, undone facts included."""
        with self.feed.lock:
            return list(self.feed.race.said.values())

    def _differs(self, entrant: str, before: Row | None) -> bool:
        """Whether the index says something else of an entrant than in the version shown until now."""
        if before is None or entrant not in self.feed.race.entrants:
            return True
        now = self._live.row(entrant)
        if (before.entrant, before.ruled.withheld) != (now.entrant, now.ruled.withheld):
            return True
        # While results are hidden, whose time changes is as telling as the time: nobody is named for it.
        return not self.feed.race.book.hidden and before.time != now.time

    def _groups(self, ranked: Standings, names: Names, version: int) -> Sequence[Ranking]:
        """The group rankings, later if that will do; at once where the last edition is official, which may be these results."""
        editions = self.feed.race.editions
        if editions and editions[-1].state == "official":
            return self._live.rankings(names)
        return Later(lambda: self._rankings(ranked, names, version))

    def _rankings(self, ranked: Standings, names: Names, version: int) -> list[Ranking]:
        """The group rankings of a version, when somebody first looks at one; from what follows the log, if it has not gone on."""
        with self.feed.lock:
            if self.feed.race.facts == version:
                return self._live.rankings(names)
        return rankings(ranked, names)


@contextmanager
def following(
    opened: OpenRace,
    complain: Callable[[str], object],
    takes_messages: bool = True,
    draw: Drawing = undrawn,
    plugs: Sequence[Plug] = (),
) -> Iterator[Follower]:
    """A board with a feed of its own; its first version is made before anything else."""
    with RaceFeed(opened, complain) as feed:
        follower = Follower(opened, feed, complain, takes_messages, draw, plugs)
        follower.refresh()
        with follower:
            yield follower


class Later(Sequence[Ranking]):
    """Rankings that are worked out when first looked at: most versions are followed by the next before anybody asks."""

    def __init__(self, work: Callable[[], list[Ranking]]) -> None:
        self._work, self._found = work, list[Ranking]()
        self._done, self._lock = False, Lock()

    def _all(self) -> list[Ranking]:
        with self._lock:
            if not self._done:
                self._found, self._done = self._work(), True
        return self._found

    @overload
    def __getitem__(self, at: int) -> Ranking: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Ranking]: ...
    def __getitem__(self, at: int | slice) -> Ranking | Sequence[Ranking]:
        return self._all()[at]

    def __len__(self) -> int:
        return len(self._all())

    def __iter__(self) -> Iterator[Ranking]:
        return iter(self._all())
