"""Follows the log and keeps the current snapshot: new facts are taken in as they come, at most one version a look."""

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from threading import Event, Lock, Thread
from typing import overload

from results.board.beside import Beside, FreshBeside, beside
from results.board.edition_rows import EditionRows
from results.board.head import CHANGES_KEPT, News
from results.board.qrpr.promotion import Promoted, promotion_of
from results.board.revision import Revisions
from results.board.snapshot import Snapshot
from results.board.withdrawn import withdrawn
from results.display import Drawing, View, in_no_edition, undrawn
from results.editions import state_of
from results.ranking.difference import Difference, preview
from results.ranking.live import LiveStandings
from results.ranking.rankings import Ranking, rankings
from results.ranking.rows import Row
from results.ranking.standings import Standings, standings
from timing.events import DeskFact, EditionPublished
from timing.firms import FirmCard
from timing.folder import OpenRace
from timing.instants import Rounding
from timing.log.bell import bell_for
from timing.race import Race
from timing.store.directory import Names
from timing.store.gathering import Gathering

BETWEEN_VERSIONS_S = 0.3
LOOK_ANYWAY_S = 2.0  # should the bell be out of order
VERSIONS_KEPT = 10


def view_of(opened: OpenRace, race: Race, takes_messages: bool = True, draw: Drawing = undrawn) -> View:
    """What the pages show, computed at once from the folded race, the rules and the names."""
    ranked, around = standings(race), beside(opened)
    names = around.names.following(race.book.merged)
    view = _view(opened, race, ranked, rankings(ranked, names), names, around.cards, EditionRows(opened))
    promotion = promotion_of(opened)
    revision = Revisions(opened).of(around, promotion)
    return replace(view, takes_messages=takes_messages, draw=draw, promotion=promotion, revision=revision)


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
        merged={company: race.book.company_now(company) for company in race.book.merged},
    )


class Follower:
    """The board's current state, from the whole log at first; inside its `with` block a thread keeps it current.

    Nothing of it is stored: after a restart the log says it all again.
    """

    def __init__(
        self,
        opened: OpenRace,
        complain: Callable[[str], None],
        takes_messages: bool = True,
        draw: Drawing = undrawn,
        gathering: Gathering | None = None,
    ) -> None:
        self._opened, self._complain, self._takes_messages, self._draw = opened, complain, takes_messages, draw
        self._live, self._lock = LiveStandings(), Lock()
        self._beside, self._revisions = FreshBeside(opened), Revisions(opened)
        self._promoted, self._made = Promoted(opened, gathering), EditionRows(opened)
        self._around = Beside()  # what the snapshot was made from
        self._stop = Event()
        self._bell = bell_for(opened.engine)
        self._thread = Thread(target=self._follow, name="follower", daemon=True)
        self._listeners: list[Callable[[Snapshot], None]] = []
        self._last: dict[str, Snapshot] = {}
        self._hidden = False
        self.roster: Mapping[str, int] = {}
        self.marks: Mapping[str, str] = {}
        self.firms: Mapping[str, str] = {}
        self._said = -1
        self._catch_up()
        self._news = News(self._live.race.facts)
        self._publish()
        gc.freeze()  # what a whole race is made of stays: the collector need not walk through it again and again

    def __enter__(self) -> "Follower":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._bell.close()
        gc.unfreeze()  # else nothing of it is let go, not even when the program ends

    def at(self, stamp: str) -> Snapshot | None:
        """One of the last versions by its stamp; None where it is gone."""
        return self._last.get(stamp)

    def listen(self, listener: Callable[[Snapshot], None]) -> None:
        """Have every later version told, from the follower's own thread."""
        self._listeners.append(listener)

    def firm_of(self, code: str) -> str | None:
        """The firm whose bib carries this code."""
        entrant = self._live.race.holder(code)
        return entrant.company if entrant else None

    def company_now(self, company: str) -> str:
        """The firm into which this one was merged; itself if it was not."""
        with self._lock:
            return self._live.race.book.company_now(company)

    def team_now(self, company: str, team: str) -> str:
        """The team into which a firm's team went when firms were merged; itself if none did."""
        with self._lock:
            return self._live.race.book.team_now(company, team)

    def editions(self) -> list[EditionPublished]:
        """The editions given out by now."""
        return self._live.race.editions

    @property
    def rounding(self) -> Rounding:
        """How times are shown."""
        return self._live.race.rules.rounding

    def _follow(self) -> None:
        trouble = ""
        # Never more than a version each moment, however fast the scans come.
        while not self._stop.wait(BETWEEN_VERSIONS_S):
            self._bell.wait(LOOK_ANYWAY_S, self._stop)
            try:
                self._look()
                trouble = ""
            except Exception as failure:  # noqa: BLE001  (whatever it is, the board keeps what it shows and tries again)
                told = f"{type(failure).__name__}: {failure}".splitlines()[0]
                if told != trouble:
                    trouble = told
                    self._complain(
                        f"전광판을 새로 고치지 못해 다시 해 봅니다 / the board stands still, trying again: {told}"
                    )

    def _look(self) -> None:
        self._catch_up()
        promoted = self._promoted.now() is not self.snapshot.site.view.promotion
        if self._live.race.facts > self.snapshot.version or self._beside.differs(self._around) or promoted:
            self._publish()

    def _catch_up(self) -> None:
        facts = list(self._opened.log.read(self._live.race.facts))
        with self._lock:
            for recorded in facts:
                self._live.apply(recorded)

    def _publish(self) -> None:
        around = self._beside.now()
        with self._lock:
            live, race = self._live, self._live.race
            ranked, version = live.standings(), race.facts
            self._tell(version, [one for one, was in live.changes().items() if self._differs(one, was)])
            self._hide_or_show(race)
            changed = [live.row(one) for one in sorted(self._news.concerned) if one in race.entrants]
            names = around.names.following(race.book.merged)
            groups = self._groups(ranked, names, version)
            view = _view(self._opened, race, ranked, groups, names, around.cards, self._made)
            self._keep_roster(race)
        promotion = self._promoted.now()
        revision = self._revisions.of(around, promotion)
        view = replace(
            view, takes_messages=self._takes_messages, draw=self._draw, promotion=promotion, revision=revision
        )
        self._show(Snapshot(view, self._news.since, changed).warm())
        self._around = around
        for listener in self._listeners:
            listener(self.snapshot)

    def _show(self, snapshot: Snapshot) -> None:
        """Older versions stay for slow phones, unless they tell what nobody may see any more."""
        keep = bool(self._last) and not withdrawn(self.snapshot.site, snapshot.site)
        before = {stamp: older for stamp, older in self._last.items() if keep and stamp != snapshot.view.stamp}
        self._last = dict([*before.items(), (snapshot.view.stamp, snapshot)][-VERSIONS_KEPT:])
        for older in list(self._last.values())[:-1]:
            older.retire()
        self.snapshot: Snapshot = snapshot

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
        with self._lock:
            return preview(self._live, facts, self.snapshot.view.names)

    def said(self) -> list[DeskFact]:
        """Everything the desk has said so far, undone facts included."""
        with self._lock:
            return list(self._live.race.said.values())

    def _differs(self, entrant: str, before: Row | None) -> bool:
        """Whether the index says something else of an entrant than in the version shown until now."""
        if before is None or entrant not in self._live.race.entrants:
            return True
        now = self._live.row(entrant)
        if (before.entrant, before.ruled.withheld) != (now.entrant, now.ruled.withheld):
            return True
        # While results are hidden, whose time changes is as telling as the time: nobody is named for it.
        return not self._live.race.book.hidden and before.time != now.time

    def _groups(self, ranked: Standings, names: Names, version: int) -> Sequence[Ranking]:
        """The group rankings, later if that will do; at once where the last edition is official, which may be these results."""
        editions = self._live.race.editions
        if editions and editions[-1].state == "official":
            return self._live.rankings(names)
        return Later(lambda: self._rankings(ranked, names, version))

    def _rankings(self, ranked: Standings, names: Names, version: int) -> list[Ranking]:
        """The group rankings of a version, when somebody first looks at one; from what follows the log, if it has not gone on."""
        with self._lock:
            if self._live.race.facts == version:
                return self._live.rankings(names)
        return rankings(ranked, names)

    def _keep_roster(self, race: Race) -> None:
        """Bibs and marks change hands only when the desk says something."""
        if len(race.said) != self._said:
            self._said, self.roster, self.marks = len(race.said), race.roster(), dict(race.book.marks)
            self.firms = race.firms()


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
