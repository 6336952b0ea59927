"""The board as a projection of the race's feed: new facts are shown as they come, at most one version a second."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from threading import Event, Thread
from typing import Final

from results.board.board_directory import DirectoryCache, DirectorySnapshot, Revisions, directory_of
from results.board.edition_archive import EditionArchive
from results.board.head import CHANGES_KEPT, ChangeLog, changed_between
from results.board.note_page import LastNote
from results.board.plugs import Plug
from results.board.site import Section, withdrawn
from results.board.snapshot import Snapshot
from results.ranking.difference import Difference, preview
from results.ranking.projection import StandingsProjection
from results.ranking.rows import Row
from results.ranking.standings import Standings, standings
from results.view.editions import state_of
from results.view.view import Drawing, View, in_no_edition, undrawn
from timing.complaints import Complaints
from timing.errors import Unreachable
from timing.feed import RaceFeed
from timing.folder import OpenRace
from timing.language import _
from timing.race.clock import system_ticks
from timing.race.events import DeskFact, EditionPublished
from timing.race.firms import FirmCard
from timing.race.fold import Race
from timing.race.instants import SECOND, Rounding
from timing.race.known_names import Names

BETWEEN_VERSIONS_S: Final = 1.0
SHARE: Final = 5
"""At most one part of the time in so many is spent on making versions."""
PAUSE_MOST_S: Final = 8.0
"""The longest pause after a version, in seconds: four times what the largest field takes."""
LOOK_ANYWAY_S: Final = 2.0
"""Seconds between two looks at the directory, which sends no notice."""
VERSIONS_KEPT: Final = 10
STANDS_STILL: Final = _("the board stands still, trying again")


class NoBoardYet(Unreachable):
    """No version of the board could be made so far."""

    def __init__(self) -> None:
        super().__init__(_("the board is not ready yet"))


def view_of(
    opened: OpenRace, race: Race, takes_messages: bool = True, draw: Drawing = undrawn, sections: Sequence[Section] = ()
) -> View:
    """What the pages show, computed from a folded race, its rules and the names."""
    ranked, around = standings(race), directory_of(opened)
    names = around.names.following(race.office.merged)
    view = _view(opened, race, ranked, names, around.cards, EditionArchive(opened))
    revision = Revisions(opened).of(around, sections)
    return replace(view, takes_messages=takes_messages, draw=draw, revision=revision)


def _view(
    opened: OpenRace,
    race: Race,
    ranked: Standings,
    names: Names,
    cards: Mapping[str, FirmCard],
    archive: EditionArchive,
) -> View:
    called, edition = opened.settings, race.editions[-1] if race.editions else None
    return View(
        race.facts,
        {"ko": called.name, "en": called.name_en},
        race.course_m,
        ranked,
        names,
        opened.zone,
        state_of(race, ranked, names),
        edition,
        guns=tuple(sorted(race.guns.values())),
        hidden=race.office.hidden,
        cards=cards,
        host=called.host,
        certificate=called.certificate,
        in_edition=partial(archive.row, edition) if edition else in_no_edition,
        note=LastNote(opened.root, opened.clock),
        merged={company: race.office.company_now(company) for company in race.office.merged},
    )


class BoardProjection:
    """The board's current version, a subscriber of the race's feed; inside its `with` block a thread keeps it current.

    Nothing of it is stored: after a restart it is computed from the log. Failures are reported and tried again; the board keeps
    its last version, and the feed goes on.
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
        self._directory, self._revisions = DirectoryCache(opened), Revisions(opened)
        self.archive = EditionArchive(opened)
        self._around = DirectorySnapshot()  # what the snapshot was made from
        self._complaints = Complaints(complain, str(STANDS_STILL))
        self._stop, self._woken = Event(), Event()
        self._thread = Thread(target=self._follow, name="board projection", daemon=True)
        self._listeners: list[Callable[[Snapshot], None]] = []
        self._last: dict[str, Snapshot] = {}
        self._snapshot: Snapshot | None = None
        self._changes = ChangeLog(0)
        with feed.lock:
            self._live = StandingsProjection(race=feed.race)
            feed.subscribe(self._heard)

    def __enter__(self) -> "BoardProjection":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._woken.set()
        self._thread.join()

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
        """Unsubscribe from the feed."""
        self.feed.unsubscribe(self._heard)

    def refresh(self) -> None:
        """Make a version of what the log holds now.

        Raises:
            Exception: whatever failed; the board keeps its last version.
        """
        self.feed.refresh()
        self._update()

    def at(self, stamp: str) -> Snapshot | None:
        """One of the last versions by its stamp; None where it is gone."""
        return self._last.get(stamp)

    def listen(self, listener: Callable[[Snapshot], None]) -> None:
        """Call `listener` with every later version, on the projection's thread."""
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
            return self.feed.race.office.company_now(company)

    def team_now(self, company: str, team: str) -> str:
        """The team into which a firm's team went when firms were merged; itself if none did."""
        with self.feed.lock:
            return self.feed.race.office.team_now(company, team)

    def editions(self) -> list[EditionPublished]:
        """The editions given out by now."""
        return self.feed.race.editions

    @property
    def rounding(self) -> Rounding:
        """How shown times are rounded."""
        return self.feed.race.rules.rounding

    def _heard(self, concerned: Iterable[str]) -> None:
        """The feed has new facts."""
        self._live.concern(concerned)
        self._woken.set()

    def _follow(self) -> None:
        while not self._stop.is_set():
            begun = system_ticks()
            with self._complaints.told():
                self._update()
            self._stop.wait(pause_s((system_ticks() - begun) / SECOND))
            self._woken.wait(LOOK_ANYWAY_S)
            self._woken.clear()

    def _update(self) -> None:
        around, shown = self._directory.current(), self._snapshot
        moved = self.feed.race.facts > (shown.version if shown else 0)
        beside = shown and (around is not self._around or self._sections() != shown.site.sections)
        if moved or beside:
            self._show_now(around)

    def _show_now(self, around: DirectorySnapshot) -> None:
        with self.feed.lock:
            if not self.feed.whole:
                return
            view, changed = self._ranked(around)
        sections = self._sections()
        revision = self._revisions.of(around, sections)
        view = replace(view, takes_messages=self._takes_messages, draw=self._draw, revision=revision)
        self._show(Snapshot(view, self._changes.since, changed, sections).warm())
        self._around = around
        for listener in self._listeners:
            listener(self.snapshot)

    def _sections(self) -> tuple[Section, ...]:
        return tuple(plug.now() for plug in self.plugs)

    def _ranked(self, around: DirectorySnapshot) -> tuple[View, Sequence[Row]]:
        """The standings at this moment, and the rows that differ."""
        race, ranked = self.feed.race, self._live.standings()
        self._note_changes(ranked, race)
        changed = [ranked.by_id[one] for one in sorted(self._changes.concerned) if one in race.entrants]
        names = around.names.following(race.office.merged)
        view = _view(self._opened, race, ranked, names, around.cards, self.archive)
        return view, changed

    def _show(self, snapshot: Snapshot) -> None:
        """Replace the version; older ones stay for slow phones, unless they show what the public may not see any more."""
        keep = self._snapshot is not None and not withdrawn(self._snapshot.site, snapshot.site)
        before = {stamp: older for stamp, older in self._last.items() if keep and stamp != snapshot.view.stamp}
        self._last = dict([*before.items(), (snapshot.view.stamp, snapshot)][-VERSIONS_KEPT:])
        for older in list(self._last.values())[:-1]:
            older.drop_pages()
        self._snapshot = snapshot

    def _note_changes(self, ranked: Standings, race: Race) -> None:
        """Record whose entry in the search index this version changes.

        Where there are many, or results become hidden or public, phones fetch the whole index.
        """
        shown, hidden = self._snapshot, race.office.hidden
        if shown is None or shown.view.hidden != hidden:
            self._changes = ChangeLog(race.facts)
            return
        # While results are hidden, whose time changes is as telling as the time: nobody is named for it.
        changed = changed_between(shown.view.standings, ranked, times=not hidden)
        if len(changed) > CHANGES_KEPT:
            self._changes = ChangeLog(race.facts)
        elif race.facts > self._changes.version:
            self._changes.add(race.facts, changed)

    def supposing(self, facts: Sequence[DeskFact]) -> Difference:
        """What these facts would change, were they recorded now; nothing is recorded, and names are those of the last version."""
        with self.feed.lock:
            return preview(self._live, facts, self.snapshot.view.names)

    def said(self) -> list[DeskFact]:
        """All facts of the office so far, undone ones included."""
        with self.feed.lock:
            return list(self.feed.race.said.values())


def pause_s(took_s: float) -> float:
    """Seconds to wait after a version that took so long to make; limited, since one may have waited for the database.

    >>> pause_s(0.02), pause_s(1.5), pause_s(40.0)
    (1.0, 6.0, 8.0)
    """
    return min(max(BETWEEN_VERSIONS_S, (SHARE - 1) * took_s), PAUSE_MOST_S)


@contextmanager
def following(
    opened: OpenRace,
    complain: Callable[[str], object],
    takes_messages: bool = True,
    draw: Drawing = undrawn,
    plugs: Sequence[Plug] = (),
) -> Iterator[BoardProjection]:
    """A board with a feed of its own; its first version is made before it is handed out."""
    with RaceFeed(opened, complain) as feed:
        board = BoardProjection(opened, feed, complain, takes_messages, draw, plugs)
        board.refresh()
        with board:
            yield board
